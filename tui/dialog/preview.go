package dialog

import (
	"sort"
	"strings"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/view"
)

// View draws the stage.
func (a *Action) View(size view.Size) []string {
	if a.stage == filling || a.stage == checking {
		return a.formView(size)
	}
	look := a.env.Look
	w := min(size.W, 116)
	inner := w - 4
	foot := a.foot(inner)
	doc := a.document(inner)
	a.rows = max(1, size.H-2-len(foot))
	a.total = len(doc)
	a.top = max(0, min(a.top, a.total-a.rows))
	h := min(size.H, len(doc)+len(foot)+2)
	body := append(view.Frame(doc[a.top:], inner, max(0, h-2-len(foot))), foot...)
	return view.Box(look, a.title(), strings.TrimPrefix(view.ScrollNote(look, a.top, a.rows, a.total)+" ", " ")+look.BadgeOf(a.infos()), body, w, h)
}

func (a *Action) title() string {
	n, _ := a.toSend()
	if n == 0 && a.preview.Ask == 0 {
		n = a.job.Count // nothing of it can be done, but it was asked for
	}
	return a.job.Heading(n)
}

func (a *Action) things(n int) string {
	return view.Plural(n, strings.ReplaceAll(string(a.job.Kind), "-", " "), strings.ReplaceAll(a.job.Kind.Plural(), "-", " "))
}

func (a *Action) infos() []providers.Info {
	if len(a.preview.Accounts) > 0 {
		return a.preview.Accounts
	}
	return a.job.Infos
}

// accounts names every account that would be touched, live or not, and its host.
// On a narrow screen the host is cut, never whether the money is real.
func (a *Action) accounts(w int) []string {
	look := a.env.Look
	var out []string
	nw := 0
	for _, i := range a.infos() {
		nw = max(nw, min(view.Width(view.Clean(i.Account)), w/3))
	}
	for _, i := range a.infos() {
		line := look.Muted.Render("account  ") + look.Strong.Render(view.Fit(view.Clean(i.Account), nw)) + "  " + look.Badge(i.Sandbox) +
			look.Text.Render("  "+view.Clean(i.Title)+" @ "+view.Clean(i.Host))
		if i.ReadOnly {
			line += look.Warn.Render("  read-only")
		}
		out = append(out, view.Cut(line, w))
	}
	return out
}

// document is the part of the preview that scrolls.
func (a *Action) document(w int) []string {
	look := a.env.Look
	out := a.accounts(w)
	if p := a.preview; !p.AsOf.IsZero() {
		out = append(out, look.Muted.Render("as of    ")+look.Stale.Render(view.Stamp(p.AsOf, a.env.Now)+", "+view.Age(p.AsOf, a.env.Now))+
			look.Muted.Render("; each record is read again before it is sent"))
	}
	if a.job.Hidden > 0 {
		out = append(out, look.Warn.Render(view.Plural(a.job.Hidden, "record is", "records are")+" hidden by the filter of the list and included here"))
	}
	for _, s := range a.job.LeftOut {
		out = append(out, look.Warn.Render(view.Cut(s, w)))
	}
	out = append(out, a.values(w)...)
	out = append(out, "")
	out = append(out, a.groups(w)...)
	out = append(out, "", view.Rule(look, "record by record", w))
	return append(out, a.items(w)...)
}

func (a *Action) values(w int) []string {
	look := a.env.Look
	var out []string
	for _, r := range a.form.rows {
		if v := r.value(); v != "" {
			out = append(out, view.Cut(look.Muted.Render(view.Fit(r.field.Title, 22)+" ")+look.Strong.Render(view.Clean(v)), w))
		}
	}
	return out
}

// verdictPen is the colour, sign and word of a verdict.
func (a *Action) verdictPen(v providers.VerdictAnswer) (view.Pen, string) {
	look := a.env.Look
	switch {
	case v == providers.CanDo:
		return look.Good, "can"
	case v == providers.MustAsk && a.accept:
		return look.Warn, "ASK, in"
	case v == providers.MustAsk:
		return look.Warn, "ask"
	}
	return look.Muted, "cannot"
}

// items lists every record with its verdict: first what will be touched.
func (a *Action) items(w int) []string {
	order := append([]batch.Checked(nil), a.preview.Items...)
	rank := map[providers.VerdictAnswer]int{providers.CanDo: 0, providers.MustAsk: 1, providers.CannotDo: 2}
	sort.SliceStable(order, func(i, j int) bool { return rank[order[i].Verdict.Answer] < rank[order[j].Verdict.Answer] })
	out := make([]string, len(order))
	for i, c := range order {
		out[i] = a.item(c, w)
	}
	return out
}

func (a *Action) item(c batch.Checked, w int) string {
	look := a.env.Look
	pen, word := a.verdictPen(c.Verdict.Answer)
	name := c.Item.Number
	if name == "" {
		name = c.Item.Intent.Ref.ID
	}
	if name == "" {
		name = "(new)"
	}
	nw := min(24, max(10, w/5))
	line := pen.Render(view.Fit(word, 8)) + look.Text.Render(view.Fit(view.Clean(name), nw)) + " " +
		look.Money.Render(view.FitRight(worth(c).String(), 17)) + "  " + look.Muted.Render(view.Fit(view.Clean(c.Item.Intent.Ref.Account), 9)) + " "
	rest := view.Clean(c.Item.Party)
	if c.Verdict.Reason != "" {
		return view.Cut(line+look.Text.Render(view.Cut(rest, 18))+look.Muted.Render("  "+view.Clean(c.Verdict.Reason)), w)
	}
	return view.Cut(line+look.Text.Render(rest), w)
}

// foot is what never scrolls: what will happen, and the way on.
func (a *Action) foot(w int) []string {
	look := a.env.Look
	n, _ := a.toSend()
	what := strings.ToLower(a.job.Heading(n))
	if n == 0 {
		what = "nothing of this can be done"
		if a.preview.Ask > 0 {
			what = "nothing of this can be done without being asked about"
		}
	} else if s := a.worthToSend().String(); s != "" {
		what += ", " + s
	}
	out := []string{a.rule(n, w), look.Strong.Render(view.Cut(what, w))}
	switch a.stage {
	case confirming:
		return append(out, a.confirm.lines(look, strings.ToLower(a.job.Title), w)...)
	case starting:
		return append(out, look.Muted.Render("writing the batch into the journal"), "")
	}
	return append(out, a.way(n, w), look.Bad.Render(view.Cut(view.Clean(a.said), w)))
}

// rule parts what scrolls from what does not, and says what nobody can undo.
func (a *Action) rule(n, w int) string {
	look := a.env.Look
	if !a.job.Final || n == 0 && a.preview.Ask == 0 {
		return view.Rule(look, "", w)
	}
	const text = "this cannot be undone"
	return view.Cut(look.Rule.Render("── ")+look.Warn.Render(text)+look.Rule.Render(" "+strings.Repeat("─", max(0, w-len(text)-4))), w)
}

// way says what the keys do from here, or why nothing can be sent.
func (a *Action) way(n, w int) string {
	look := a.env.Look
	if why := a.srv.Refusal(a.touched()); why != "" {
		return look.Styles.Paint(themes.Warning, view.Cut("cannot be sent now: "+why, w))
	}
	if n == 0 && a.preview.Ask == 0 {
		return look.Muted.Render(view.Cut(a.env.Keys.Key(keymap.Back)+" goes back", w))
	}
	k := a.env.Keys
	s := k.Key(keymap.PreviewAccept) + " goes on to the typed confirmation, " + k.Key(keymap.Back) + " goes back"
	if n == 0 {
		s = k.Key(keymap.Back) + " goes back"
	}
	if a.preview.Ask > 0 {
		verb := " includes the "
		if a.accept {
			verb = " leaves out the "
		}
		s = k.Key(keymap.PreviewAsk) + verb + view.Count(a.preview.Ask) + " to be asked about, " + s
	}
	return look.Muted.Render(view.Cut(s, w))
}
