package dialog

import (
	"slices"
	"strings"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"
)

// fieldRow is one field of a form while it is filled in.
type fieldRow struct {
	field  providers.Field
	in     view.Input
	choice int // index into choices
	err    error
}

// choices are the values that a field can be switched through, nil for a text.
func (r fieldRow) choices() []providers.Choice {
	switch r.field.Type {
	case providers.ChoiceField:
		if r.field.Required {
			return r.field.Choices
		}
		return append([]providers.Choice{{Value: "", Title: "(none)"}}, r.field.Choices...)
	case providers.FlagField:
		return []providers.Choice{{Value: "", Title: "(not set)"}, {Value: "on", Title: "on"}, {Value: "off", Title: "off"}}
	}
	return nil
}

func (r fieldRow) value() string {
	if c := r.choices(); c != nil {
		if r.choice < len(c) {
			return c[r.choice].Value
		}
		return ""
	}
	return strings.TrimSpace(r.in.Value())
}

// form is the fields of an action, one line each with a line for its error or
// its help.
type form struct {
	rows []fieldRow
	at   int
	top  int
}

func newForm(fields []providers.Field) form {
	f := form{}
	for _, field := range fields {
		f.rows = append(f.rows, fieldRow{field: field})
	}
	return f
}

// values are what was filled in; empty fields are left out.
func (f form) values() providers.Values {
	v := providers.Values{}
	for _, r := range f.rows {
		if s := r.value(); s != "" {
			v[r.field.Name] = s
		}
	}
	return v
}

// check validates one field at its place.
func (f *form) check(i int) bool {
	f.rows[i].err = f.rows[i].field.Validate(f.rows[i].value())
	return f.rows[i].err == nil
}

// checkAll validates every field and goes to the first that is wrong.
func (f *form) checkAll() bool {
	bad := -1
	for i := range f.rows {
		if !f.check(i) && bad < 0 {
			bad = i
		}
	}
	if bad >= 0 {
		f.at = bad
	}
	return bad < 0
}

// key edits the field or goes to another; submit reports that the form is done
// and valid.
func (f *form) key(env *view.Env, k view.Key) (submit bool) {
	switch env.Act(keymap.ScopeForm, k) {
	case keymap.FormNext:
		f.check(f.at)
		f.at = min(f.at+1, len(f.rows)-1)
		return false
	case keymap.FormPrevious:
		f.check(f.at)
		f.at = max(f.at-1, 0)
		return false
	case keymap.FormAccept:
		if !f.check(f.at) {
			return false
		}
		if f.at < len(f.rows)-1 {
			f.at++
			return false
		}
		return f.checkAll()
	case keymap.FormSubmit:
		return f.checkAll()
	}
	f.edit(k)
	return false
}

func (f *form) edit(k view.Key) {
	r := &f.rows[f.at]
	if c := r.choices(); c != nil {
		switch {
		case k.Name == "left":
			r.choice = (r.choice + len(c) - 1) % max(1, len(c))
		case k.Name == "right" || k.Name == " ":
			r.choice = (r.choice + 1) % max(1, len(c))
		case k.Text != "" && !k.Paste:
			next := slices.IndexFunc(c, func(x providers.Choice) bool {
				return strings.HasPrefix(strings.ToLower(x.Title), strings.ToLower(k.Text))
			})
			if next >= 0 {
				r.choice = next
			}
		}
		r.err = nil
		return
	}
	if r.in.Key(k) {
		r.err = nil
	}
}

// lines draws the form in w cells; focus is the line that must stay in sight. A
// tight form has lines below its fields only where they say something.
func (f form) lines(look view.Look, w int, tight bool) (out []string, focus int) {
	label := 0
	for _, r := range f.rows {
		label = max(label, view.Width(r.field.Title)+2)
	}
	label = min(label, w/2)
	for i := range f.rows {
		if i == f.at {
			focus = len(out)
		}
		out = append(out, f.line(look, i, label, w))
		if note := f.note(look, i, label, w); note != "" || !tight {
			out = append(out, note)
		}
	}
	return out, focus
}

func (f form) line(look view.Look, i, label, w int) string {
	r := f.rows[i]
	gutter, pen := "  ", look.Text
	if i == f.at {
		gutter, pen = look.Accent.Render(look.Styles.Signs.Cursor+" "), look.Strong
	}
	title := r.field.Title
	if r.field.Required {
		title += " *"
	}
	line := gutter + pen.Render(view.Fit(title, label)) + " "
	room := w - label - 3
	if c := r.choices(); c != nil {
		text := ""
		if r.choice < len(c) {
			text = c[r.choice].Title
		}
		if i == f.at {
			text = "‹ " + text + " ›"
		}
		return line + pen.Render(view.Cut(text, room))
	}
	if i != f.at && r.in.Empty() {
		return line + look.Rule.Render(strings.Repeat("·", min(room, 16)))
	}
	return line + r.in.Draw(room, i == f.at, look, -1, 0)
}

func (f form) note(look view.Look, i, label, w int) string {
	r, room := f.rows[i], w-label-3
	switch {
	case r.err != nil:
		line := look.Bad.Render(view.Clean(r.err.Error()))
		if i == f.at && r.field.Help != "" {
			line += look.Muted.Render(": " + r.field.Help)
		}
		return view.Spaces(label+3) + view.Cut(line, room)
	case i == f.at && r.field.Help != "":
		return view.Spaces(label+3) + look.Muted.Render(view.Cut(r.field.Help, room))
	}
	return ""
}
