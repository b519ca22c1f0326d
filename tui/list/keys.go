package list

import (
	"bursar/cache"
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Key takes a key of the list. Handled is false when the key means something to
// the frame around it, or nothing.
func (m *Model) Key(k view.Key) (cmd tea.Cmd, handled bool) {
	if m.edit.on {
		return m.editKey(k), true
	}
	return m.Do(m.env.Act(keymap.ScopeList, k))
}

// Do carries out one of the list's own actions.
func (m *Model) Do(act keymap.ID) (cmd tea.Cmd, handled bool) {
	if m.move(act) {
		m.moved = true
		return nil, true
	}
	switch act {
	case keymap.MarkToggle:
		m.toggle()
	case keymap.MarkRange:
		return m.markRange(), true
	case keymap.MarkAll:
		return m.markAll(), true
	case keymap.MarkInvert:
		return m.invert(), true
	case keymap.MarkClear:
		m.marks.clear()
	case keymap.MarkNext:
		return m.nextMark(1), true
	case keymap.MarkPrevious:
		return m.nextMark(-1), true
	case keymap.Filter:
		m.beginEdit()
	case keymap.Sort:
		return m.nextSort(), true
	case keymap.SortReverse:
		m.asc = !m.asc
		m.showSort()
		return m.load(m.text, true), true
	case keymap.Back:
		return m.back()
	default:
		return nil, false
	}
	return nil, true
}

func (m *Model) move(act keymap.ID) bool {
	switch act {
	case keymap.MoveDown:
		m.tab.Move(1)
	case keymap.MoveUp:
		m.tab.Move(-1)
	case keymap.MoveTop:
		m.tab.Top()
	case keymap.MoveBottom:
		m.tab.Bottom()
	case keymap.PageDown:
		m.tab.Page(1)
	case keymap.PageUp:
		m.tab.Page(-1)
	case keymap.HalfDown:
		m.tab.Half(1)
	case keymap.HalfUp:
		m.tab.Half(-1)
	default:
		return false
	}
	return true
}

// back clears one layer: the range, the filter, the marks. Not handled: there
// was none.
func (m *Model) back() (tea.Cmd, bool) {
	switch {
	case m.anchor != nil:
		m.anchor = nil
		return m.env.Post(view.Said{Text: "no range"}), true
	case m.text != "":
		m.viewName = ""
		return m.load("", false), true
	case m.marks.count() > 0:
		n := m.marks.count()
		m.marks.clear()
		return m.env.Post(view.Said{Text: view.Plural(n, "mark", "marks") + " cleared"}), true
	}
	return nil, false
}

func (m *Model) toggle() {
	e, ok := m.Cursor()
	if !ok {
		return
	}
	m.moved = true
	if m.marks.has(e.Ref) {
		m.marks.drop(e.Ref)
	} else {
		m.marks.add(e.Record)
	}
	m.tab.Move(1)
}

// markRange begins a range, or marks everything from its beginning to here.
func (m *Model) markRange() tea.Cmd {
	at, ref, ok := m.tab.Cursor()
	if !ok {
		return nil
	}
	m.moved = true
	if m.anchor == nil {
		m.anchor = &ref
		return m.env.Post(view.Said{Text: "range begins here: move and press " + m.env.Keys.Key(keymap.MarkRange) + " again"})
	}
	from, ok := m.snap.Index(*m.anchor)
	m.anchor = nil
	if !ok {
		return m.env.Post(view.Said{Text: "the row where the range began is no longer shown: nothing was marked"})
	}
	if from > at {
		from, at = at, from
	}
	return m.markRows(from, at+1)
}

func (m *Model) markAll() tea.Cmd { return m.markRows(0, m.Count()) }

func (m *Model) markRows(from, to int) tea.Cmd {
	if m.marks.count()+to-from > maxMarks {
		return m.env.Post(view.Failed{Text: view.Count(to-from) + " records match, marks stop at " + view.Count(maxMarks) + ": narrow the filter"})
	}
	before := m.marks.count()
	for i := from; i < to; i++ {
		m.marks.add(m.snap.At(i).Record)
	}
	return m.env.Post(view.Said{Text: view.Plural(m.marks.count()-before, "more record", "more records") + " marked"})
}

func (m *Model) invert() tea.Cmd {
	if m.Count() > maxMarks {
		return m.markRows(0, m.Count())
	}
	for i := range m.Count() {
		e := m.snap.At(i)
		if m.marks.has(e.Ref) {
			m.marks.drop(e.Ref)
		} else {
			m.marks.add(e.Record)
		}
	}
	return nil
}

// nextMark moves to the nearest marked row in a direction.
func (m *Model) nextMark(step int) tea.Cmd {
	at, _, ok := m.tab.Cursor()
	if !ok {
		return nil
	}
	for i := at + step; i >= 0 && i < m.Count(); i += step {
		if m.marks.has(m.snap.At(i).Ref) {
			m.moved = true
			m.tab.GoTo(i)
			return nil
		}
	}
	return m.env.Post(view.Said{Text: "no further mark this way"})
}

// nextSort goes to the next column that has room on screen and can be sorted.
func (m *Model) nextSort() tea.Cmd {
	var order []cache.Column
	for _, c := range m.tab.Columns() {
		if s := m.sortOf(c.ID); s != "" {
			order = append(order, s)
		}
	}
	if len(order) == 0 {
		return nil
	}
	next := order[0]
	for i, s := range order {
		if s == m.sort {
			next = order[(i+1)%len(order)]
		}
	}
	m.sort, m.asc = next, ascendsFirst(next)
	m.showSort()
	return m.load(m.text, true)
}

// ascendsFirst tells words from dates and amounts: words read from A.
func ascendsFirst(c cache.Column) bool {
	switch c {
	case cache.Status, cache.Party, cache.Number, cache.Account, cache.Method, cache.ID:
		return true
	}
	return false
}
