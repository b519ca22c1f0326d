package list

import (
	"bursar/cache"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/table"
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
	switch act {
	case keymap.MoveBottom, keymap.MarkAll, keymap.MarkInvert, keymap.MarkNext, keymap.MarkPrevious, keymap.Export:
		if cmd, ok := m.later(act); ok {
			return cmd, true
		}
	}
	if do := move(act); do != nil {
		return m.step(do), true
	}
	switch act {
	case keymap.MarkToggle:
		return m.toggle(), true
	case keymap.MarkRange:
		return m.markRange(), true
	case keymap.MarkAll:
		return m.markAll(false), true
	case keymap.MarkInvert:
		return m.markAll(true), true
	case keymap.MarkClear:
		m.marks.clear()
	case keymap.MarkNext:
		return m.nextMark(1), true
	case keymap.MarkPrevious:
		return m.nextMark(-1), true
	case keymap.Filter:
		return m.beginEdit(), true
	case keymap.Sort:
		return m.nextSort(), true
	case keymap.SortReverse:
		return m.sortBy(order{m.wanted.by, !m.wanted.asc}), true
	case keymap.Back:
		return m.back()
	default:
		return nil, false
	}
	return nil, true
}

// move is the motion of a moving action; nil for another.
func move(act keymap.ID) motion {
	type t = *table.Table[providers.Ref]
	switch act {
	case keymap.MoveDown:
		return func(t t) { t.Move(1) }
	case keymap.MoveUp:
		return func(t t) { t.Move(-1) }
	case keymap.MoveTop:
		return t.Top
	case keymap.MoveBottom:
		return t.Bottom
	case keymap.PageDown:
		return func(t t) { t.Page(1) }
	case keymap.PageUp:
		return func(t t) { t.Page(-1) }
	case keymap.HalfDown:
		return func(t t) { t.Half(1) }
	case keymap.HalfUp:
		return func(t t) { t.Half(-1) }
	}
	return nil
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
		return m.load(wish{wait: true}), true
	case m.marks.count() > 0:
		n := m.marks.count()
		m.marks.clear()
		return m.env.Post(view.Said{Text: view.Plural(n, "mark", "marks") + " cleared"}), true
	}
	return nil, false
}

// toggle marks the row under the cursor, or no longer, and goes on to the next.
func (m *Model) toggle() tea.Cmd {
	e, ok := m.Cursor()
	if !ok {
		return nil
	}
	m.marks.toggle(m.marker.mark(e.Record))
	return m.step(move(keymap.MoveDown))
}

// markRange begins a range, or marks everything from its beginning to here.
func (m *Model) markRange() tea.Cmd {
	at, ref, ok := m.tab.Cursor()
	if !ok {
		return nil
	}
	m.moved, m.touched = true, true
	if m.anchor == nil {
		m.anchor = &ref
		return m.env.Post(view.Said{Text: "range begins here: move and press " + m.env.Keys.Key(keymap.MarkRange) + " again"})
	}
	from := *m.anchor
	m.anchor = nil
	return m.gather(from, at, false)
}

// markAll marks every row that the filter lets pass, or turns all marks round.
func (m *Model) markAll(invert bool) tea.Cmd {
	if m.rows == nil {
		return nil
	}
	return m.gather(providers.Ref{}, m.Count(), invert)
}

// nextSort goes to the next column that has room on screen and can be sorted.
func (m *Model) nextSort() tea.Cmd {
	var columns []cache.Column
	for _, c := range m.tab.Columns() {
		if s := m.sortOf(c.ID); s != "" {
			columns = append(columns, s)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	next := columns[0]
	for i, s := range columns {
		if s == m.wanted.by {
			next = columns[(i+1)%len(columns)]
		}
	}
	return m.sortBy(order{next, ascendsFirst(next)})
}

// sortBy asks for another order. The rows shown stay, and keys with them, until
// it is there.
func (m *Model) sortBy(o order) tea.Cmd {
	m.wanted = o
	return m.load(wish{text: m.goal(), top: true})
}

// ascendsFirst tells words from dates and amounts: words read from A.
func ascendsFirst(c cache.Column) bool {
	switch c {
	case cache.Status, cache.Party, cache.Number, cache.Account, cache.Method, cache.ID:
		return true
	}
	return false
}
