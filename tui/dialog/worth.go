package dialog

import (
	"bursar/batch"
	"bursar/providers"
	"bursar/tui/view"
)

// worth is what a record of the preview amounts to: what would be moved, or,
// for an action that moves nothing, what the record itself says. A payment is
// not deleted without its amount in sight.
func worth(c batch.Checked) providers.Money {
	if m := c.Item.Intent.Amount; !m.IsNone() {
		return m
	}
	return c.Item.Intent.Before.Amount
}

// worthOf sums up some of the preview's records.
func (a *Action) worthOf(items []int) providers.Sums {
	var out providers.Sums
	for _, i := range items {
		if m := worth(a.preview.Items[i]); !m.IsNone() {
			out.Add(m)
		}
	}
	return out
}

// worthToSend sums up what would be sent.
func (a *Action) worthToSend() providers.Sums {
	var items []int
	for _, g := range a.preview.Groups {
		if a.takes(g.Verdict) {
			items = append(items, g.Items...)
		}
	}
	return a.worthOf(items)
}

// groups counts the records by verdict and reason. A reason that does not fit
// goes on below: it is what the operator must know.
func (a *Action) groups(w int) []string {
	look := a.env.Look
	var out []string
	for _, g := range a.preview.Groups {
		pen, word := a.verdictPen(g.Verdict)
		sums := a.worthOf(g.Items).String()
		line := pen.Render(view.FitRight(view.Count(len(g.Items)), 6)+" "+view.Fit(word, 8)) + look.Money.Render(view.Cut(sums, w-reasonIndent))
		reason := view.Clean(g.Reason)
		if room := w - view.Width(line) - 2; reason != "" && view.Width(reason) <= room {
			line, reason = line+look.Muted.Render("  "+reason), ""
		}
		out = append(out, line)
		if reason == "" {
			continue
		}
		for _, l := range view.Wrap(reason, w-reasonIndent) {
			out = append(out, view.Spaces(reasonIndent)+look.Muted.Render(l))
		}
	}
	return out
}

// reasonIndent is where the sums and the wrapped reasons of the groups begin.
const reasonIndent = 15
