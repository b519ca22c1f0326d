package dialog

import (
	"bursar/tui/view"
)

// formView draws the form. The account stays in sight on every screen; what
// does not fit of the fields is scrolled, and the note says so.
func (a *Action) formView(size view.Size) []string {
	look := a.env.Look
	w := min(size.W, 84)
	inner := w - 4
	head := a.formHead(inner)
	foot := view.Wrap(view.Clean(a.said), inner)
	if len(foot) > 2 {
		foot = foot[:2]
	}
	for i, l := range foot {
		foot[i] = look.Bad.Render(l)
	}
	if a.stage == checking {
		foot = []string{look.Muted.Render("checking " + a.things(max(1, a.job.Count)))}
	}
	if len(foot) == 0 {
		foot = []string{""}
	}
	room := size.H - 2 - len(foot)
	lines, focus := a.form.lines(look, inner, false)
	if len(head)+1+len(lines) > room {
		lines, focus = a.form.lines(look, inner, true)
	} else {
		head = append(head, "")
	}
	if len(head) > 1 && len(head)+len(lines) > room {
		head = head[:1] // on a low screen the fields count more, but for the account
	}
	h := min(size.H, len(head)+len(lines)+len(foot)+2)
	rows := max(1, h-2-len(head)-len(foot))
	a.form.top = view.Window(len(lines), rows, focus+1, a.form.top)
	body := append(head, view.Frame(lines[a.form.top:], inner, rows)...)
	note := look.BadgeOf(a.job.Infos)
	if len(lines) > rows {
		note = look.Muted.Render("field "+view.Count(a.form.at+1)+" of "+view.Count(len(a.form.rows))) + " " + note
	}
	return view.Box(look, a.job.Heading(a.job.Count), note, append(body, foot...), w, h)
}

// formHead says whose money it is, and which records are meant.
func (a *Action) formHead(w int) []string {
	look := a.env.Look
	head := a.accounts(w)
	switch {
	case a.job.Creates:
	case a.job.Of != "":
		head = append(head, look.Muted.Render("for      ")+look.Text.Render(view.Cut(view.Clean(a.job.Of), w-9)))
	default:
		head = append(head, look.Muted.Render(view.Cut("for      "+a.things(a.job.Count)+"  "+a.job.Sums.String(), w)))
		if a.job.Count > 1 {
			head = append(head, look.Muted.Render(view.Cut("what is filled in is meant for each of them", w)))
		}
	}
	return head
}
