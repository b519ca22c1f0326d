package list

import (
	"maps"
	"slices"
	"strings"

	"bursar/cache"
	"bursar/keymap"
	"bursar/tui/view"
)

// Facts are what the frame knows about the list's accounts; an empty list says
// with them why it is empty.
type Facts struct {
	Offline  bool
	Accounts []string          // that can list the kind and are shown
	States   []cache.SyncState // of the kind, of those accounts
}

// SetFacts tells the list how its accounts are.
func (m *Model) SetFacts(f Facts) { m.facts = f }

// Draw draws the list in the room it was given: the filter line, the table, the
// line about the marks. The table's lines are exact; measuring them again would
// double the cost of a key.
func (m *Model) Draw(focused bool) []string {
	size := m.size
	m.tab.SetFocused(focused && !m.edit.on)
	out := make([]string, 0, size.H)
	out = append(out, view.Fit(m.filterLine(size.W), size.W))
	if m.Count() == 0 {
		out = append(out, m.emptyBody(size.W, size.H-2)...)
	} else {
		out = append(out, strings.Split(m.tab.View(), "\n")...)
	}
	return append(out, view.Fit(m.marksLine(size.W), size.W))
}

// filterLine is a rule with the filter on its left and the count on its right;
// it is always there, so nothing moves when a filter is written.
func (m *Model) filterLine(w int) string {
	look := m.env.Look
	right := " " + look.Muted.Render(m.countText()) + " "
	if m.edit.on {
		at, n := m.edit.badSpan()
		room := max(8, w-view.Width(right)-10)
		return view.Ends(" "+look.Accent.Render("filter: ")+m.edit.in.Draw(room, true, look, at, n), right, w)
	}
	left := look.Rule.Render("─ ")
	switch {
	case m.viewName != "":
		left += look.Muted.Render("view ") + look.Strong.Render(view.Clean(m.viewName)) + look.Muted.Render("  "+view.Clean(m.text)) + " "
	case m.text != "":
		left += look.Muted.Render("filter ") + look.Strong.Render(view.Clean(m.text)) + " "
	default:
		left += look.Muted.Render("no filter") + " "
	}
	if room := w - view.Width(right) - 2; view.Width(left) > room {
		left = view.Cut(left, room)
	}
	rule := max(0, w-view.Width(left)-view.Width(right)-1)
	return left + look.Rule.Render(strings.Repeat("─", rule)) + right + look.Rule.Render("─")
}

// countText says how many rows there are, and what is still being done: a list
// that is being put together has a + behind its number.
func (m *Model) countText() string {
	if m.rows == nil {
		return "loading"
	}
	snap, text := m.rows.snap, view.Count(m.Count())
	if !snap.Done() {
		text += "+"
	}
	if snap.Len() != snap.Total() || !snap.Done() {
		text += " of " + view.Count(snap.Total())
	}
	if m.busy && m.wanted != m.shown {
		text = "sorting by " + m.columnTitle(m.wanted.by) + view.Ellipsis + "  " + text
	}
	return text
}

func (m *Model) columnTitle(by cache.Column) string {
	for _, c := range m.cols {
		if c.sort == by {
			return c.Title
		}
	}
	return string(by)
}

// marksLine says what is marked: the count, the sums, what can be done, and
// how many marks the filter hides. An error of the filter comes first.
func (m *Model) marksLine(w int) string {
	look := m.env.Look
	if m.edit.on && m.edit.bad != nil {
		return " " + look.Bad.Render(view.Cut(sentence(m.edit.bad), w-2))
	}
	if m.work.on && m.work.marks {
		return " " + look.Mark.Render("reading the rows to mark") + look.Muted.Render(": "+m.env.Keys.Key(keymap.Back)+" stops")
	}
	if m.anchor != nil {
		return " " + look.Mark.Render("range: ") + look.Muted.Render("move, then "+m.env.Keys.Key(keymap.MarkRange)+" marks up to the cursor")
	}
	if m.marks.count() == 0 {
		return " " + look.Muted.Render(view.Cut("no marks: actions are for the row under the cursor", w-2))
	}
	// The sign alone is coloured, and a sum keeps its place: a toggle then changes
	// some digits in one pen.
	line := " " + look.Mark.Render(look.Styles.Signs.Mark) + " " + view.Count(m.marks.count()) + " marked"
	if s := m.marks.sums.String(); s != "" {
		if w >= roomy {
			s = view.Spaces(sumWidth-view.Width(s)) + s
		}
		line += look.Muted.Render(" · ") + look.Money.Render(s)
	}
	if h := m.Hidden(); h > 0 {
		line += look.Muted.Render(" · ") + look.Warn.Render(view.Count(h)+" hidden by the filter")
	}
	line += m.canText()
	return view.Cut(line, w)
}

// sumWidth holds a sum of millions, on a screen that has room to spare.
const (
	sumWidth = len("9 999 999.99 RUB")
	roomy    = 140
)

// canText says to how many of the marked rows each action can be done, in an
// order that stays.
func (m *Model) canText() string {
	look := m.env.Look
	var text strings.Builder
	parted := " · can: "
	for _, v := range slices.Sorted(maps.Keys(m.marks.can)) {
		if n := m.marks.can[v]; n > 0 {
			text.WriteString(look.Muted.Render(parted+v+" ") + view.Count(n))
			parted = ", "
		}
	}
	return text.String()
}

// emptyBody says why there is nothing and what to do about it.
func (m *Model) emptyBody(w, h int) []string {
	look := m.env.Look
	what, todo := m.why()
	lines := make([]string, 0, h)
	for range max(0, h/3) {
		lines = append(lines, "")
	}
	add := func(pen view.Pen, s string) {
		for _, l := range view.Wrap(view.Clean(s), max(10, min(w-4, 72))) {
			lines = append(lines, view.Spaces((w-view.Width(l))/2)+pen.Render(l))
		}
	}
	add(look.Strong, what)
	if todo != "" {
		lines = append(lines, "")
		add(look.Muted, todo)
	}
	return view.Frame(lines, w, h)
}

func (m *Model) why() (what, todo string) {
	k := func(id keymap.ID) string { return m.env.Keys.Key(id) }
	plural := m.kind.Plural()
	if m.rows == nil {
		return "reading " + plural + " from the cache", ""
	}
	total := m.rows.snap.Total()
	if !m.rows.snap.Done() {
		return "looking for “" + m.text + "”", "what matches appears as it is found"
	}
	if total > 0 {
		for _, s := range m.facts.States {
			if s.Running && !s.Complete {
				return "nothing matches “" + m.text + "” yet", plural + " of " + s.Account + " are still being fetched; matches appear as they arrive"
			}
		}
		return "nothing matches “" + m.text + "”", k(keymap.Back) + " clears the filter (" + view.Count(total) + " " + plural + " without it), " + k(keymap.Filter) + " changes it"
	}
	if len(m.facts.Accounts) == 0 {
		return "no account that is shown can list " + plural, k(keymap.Palette) + " finds another list or another account"
	}
	return m.whyUnsynced(plural, k)
}

func (m *Model) whyUnsynced(plural string, k func(keymap.ID) string) (what, todo string) {
	running, finished := "", 0
	var failed []string
	for _, s := range m.facts.States {
		switch {
		case s.Running:
			running = s.Account
		case s.Err != "":
			failed = append(failed, s.Err)
		case !s.Finished.IsZero():
			finished++
		}
	}
	switch {
	case running != "":
		return "fetching " + plural + " of " + running, "they appear as their pages arrive"
	case m.facts.Offline && finished < len(m.facts.Accounts):
		return "offline, and no " + plural + " were fetched before", k(keymap.Offline) + " goes online"
	case len(failed) > 0:
		return plural + " could not be fetched: " + failed[0], k(keymap.Refresh) + " tries again"
	case finished == len(m.facts.Accounts):
		return strings.Join(m.facts.Accounts, ", ") + " has no " + plural, k(keymap.Refresh) + " looks again"
	default:
		return plural + " were never fetched", k(keymap.Refresh) + " fetches them"
	}
}
