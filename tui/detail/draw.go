package detail

import (
	"bytes"
	"encoding/json"
	"strings"

	"bursar/providers"
	"bursar/tui/view"
)

// line is one drawn line; a link can be followed from it.
type line struct {
	text string
	link *link
}

// label names what a link leads to.
func (l link) label() string {
	s := strings.ReplaceAll(string(l.ref.Kind), "-", " ")
	if l.rel != "" && l.rel != string(l.ref.Kind) {
		s = view.Clean(l.rel)
	}
	return s + " " + view.Clean(name(l.ref, l.rec))
}

// about says what the cache knows about a link's target.
func (l link) about() string {
	parts := []string{view.Clean(l.ref.Account)}
	if l.rec == nil {
		return parts[0] + " · not in the cache"
	}
	word := l.rec.Status.Label
	if word == "" {
		word = l.rec.Status.Code
	}
	for _, s := range []string{view.Clean(word), l.rec.Amount.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

func name(ref providers.Ref, rec *providers.Record) string {
	if rec != nil && rec.Number != "" {
		return rec.Number
	}
	if rec != nil && rec.Party.Name != "" && ref.Kind == providers.Contractor {
		return rec.Party.Name
	}
	return ref.ID
}

// Draw draws the pane.
func (m *Model) Draw(size view.Size, focused bool) []string {
	look := m.env.Look
	if m.lines == nil || m.width != size.W {
		m.width = size.W
		m.lay(size.W - 2)
	}
	head := m.head(size.W)
	m.rows = max(1, size.H-len(head))
	m.at = max(0, min(m.at, len(m.lines)-1))
	m.top = view.Window(len(m.lines), m.rows, m.at, m.top)
	out := head
	for i := m.top; i < len(m.lines) && i < m.top+m.rows; i++ {
		gutter := "  "
		if i == m.at && focused {
			gutter = look.Accent.Render(look.Styles.Signs.Cursor) + " "
		}
		out = append(out, gutter+m.lines[i].text)
	}
	return view.Frame(out, size.W, size.H)
}

// head is the pane's title, which does not scroll: kind and number, and the age
// of what is shown or what is being done about it.
func (m *Model) head(w int) []string {
	look := m.env.Look
	title := strings.ReplaceAll(string(m.ref.Kind), "-", " ") + " " + view.Clean(name(m.ref, m.rec))
	if n := len(m.back); n > 0 {
		title = "← " + title
	}
	note := ""
	switch {
	case m.busy:
		note = look.Muted.Render("fetching")
	case m.rec != nil:
		age := look.Muted
		if m.env.Now.Sub(m.fetched) > view.OldAfter {
			age = look.Stale
		}
		note = age.Render("as of " + view.Stamp(m.fetched, m.env.Now))
	}
	room := max(4, w-view.Width(note)-8)
	left := look.Rule.Render("── ") + look.Strong.Render(view.Cut(title, room)) + " "
	rule := max(0, w-view.Width(left)-view.Width(note)-2)
	return []string{left + look.Rule.Render(strings.Repeat("─", rule)) + " " + note + " "}
}

// lay lays the record out in w cells.
func (m *Model) lay(w int) {
	m.lines = []line{}
	look := m.env.Look
	if m.err != "" {
		m.wrap(look.Bad, m.err, 0, w)
		m.add("")
	}
	switch {
	case m.rec == nil && m.busy:
		m.add(look.Muted.Render("fetching it from " + view.Clean(m.ref.Account)))
	case m.rec == nil && m.err == "" && m.missing:
		m.add(look.Muted.Render("not in the cache"))
	case m.rec == nil:
	case m.raw:
		m.layRaw(w)
		return
	default:
		m.laySummary(w)
		for _, g := range m.rec.Details {
			m.layGroup(g, w)
		}
	}
	m.layLinks(w)
}

func (m *Model) add(s string) { m.lines = append(m.lines, line{text: s}) }

// wrap adds a text from outside, wrapped and indented.
func (m *Model) wrap(pen view.Pen, s string, indent, w int) {
	for para := range strings.SplitSeq(s, "\n") {
		for _, l := range view.Wrap(view.Clean(strings.TrimRight(para, "\r")), max(8, w-indent)) {
			m.add(view.Spaces(indent) + pen.Render(l))
		}
	}
}

// labelWidth is the room for labels, the same in all groups so that values
// stand in one column.
func labelWidth(w int) int { return max(10, min(16, w/3)) }

func (m *Model) row(label, value string, pen view.Pen, w int) {
	if value == "" {
		return
	}
	lw := labelWidth(w)
	look := m.env.Look
	text := []string{}
	for para := range strings.SplitSeq(value, "\n") {
		text = append(text, view.Wrap(view.Clean(para), max(8, w-lw-1))...)
	}
	for i, l := range text {
		head := view.Spaces(lw)
		if i == 0 {
			head = look.Muted.Render(view.Fit(view.Clean(label), lw))
		}
		m.add(head + " " + pen.Render(l))
	}
}

func (m *Model) laySummary(w int) {
	look, r := m.env.Look, m.rec
	m.add(look.Status(r.Status))
	if !r.Amount.IsNone() {
		s := look.Money.Render(r.Amount.String())
		if !r.Remaining.IsNone() && !r.Remaining.Equal(r.Amount) {
			s += look.Muted.Render("  remaining ") + look.Money.Render(r.Remaining.String())
		}
		m.add(s)
	}
	m.add("")
	m.row("party", r.Party.Name, look.Text, w)
	m.row("phone", r.Party.Phone, look.Text, w)
	m.row("e-mail", r.Party.Email, look.Text, w)
	m.row("card", r.Party.Card, look.Text, w)
	m.row("method", r.Method, look.Text, w)
	m.row("created", stampFull(m, r.Created), look.Text, w)
	if !r.Updated.Equal(r.Created) {
		m.row("updated", stampFull(m, r.Updated), look.Text, w)
	}
	m.row("deadline", stampFull(m, r.Deadline), look.Warn, w)
	m.row("note", r.Note, look.Text, w)
	m.row("flags", strings.Join(r.Flags, ", "), look.Text, w)
	m.row("account", r.Ref.Account, look.Text, w)
	m.row("id", r.Ref.ID, look.Text, w)
}

func (m *Model) layGroup(g providers.Group, w int) {
	look := m.env.Look
	m.add("")
	m.add(look.Strong.Render(view.Cut(view.Clean(g.Title), w)))
	for _, r := range g.Rows {
		if r.Time.IsZero() {
			m.row(r.Label, r.Value, look.Text, w)
			continue
		}
		text := view.Clean(r.Label)
		if r.Value != "" {
			text += "  " + view.Clean(r.Value)
		}
		lw := labelWidth(w)
		for i, l := range view.Wrap(text, max(8, w-lw-1)) {
			head := view.Spaces(lw)
			if i == 0 {
				head = look.Muted.Render(view.Fit(r.Time.In(m.env.Now.Location()).Format("02 Jan 15:04:05"), lw))
			}
			m.add(head + " " + look.Text.Render(l))
		}
	}
}

func (m *Model) layLinks(w int) {
	if len(m.links) == 0 {
		return
	}
	look := m.env.Look
	m.add("")
	m.add(look.Strong.Render("Links"))
	for i := range m.links {
		l := &m.links[i]
		text := view.Cut(l.label(), w*3/5)
		rest := view.Cut("  "+l.about(), w-view.Width(text))
		m.lines = append(m.lines, line{text: look.Accent.Render(text) + look.Muted.Render(rest), link: l})
	}
}

// layRaw shows the payment system's own JSON, masked before it got here.
func (m *Model) layRaw(w int) {
	var b bytes.Buffer
	if len(m.rec.Raw) == 0 {
		m.add(m.env.Look.Muted.Render("the payment system's own data is not in the cache"))
		return
	}
	if err := json.Indent(&b, m.rec.Raw, "", "  "); err != nil {
		m.wrap(m.env.Look.Bad, "the cached data cannot be read: "+err.Error(), 0, w)
		return
	}
	for l := range strings.SplitSeq(b.String(), "\n") {
		text := strings.TrimLeft(l, " ")
		m.wrap(m.env.Look.Text, text, min(len(l)-len(text), w/2), w)
	}
}
