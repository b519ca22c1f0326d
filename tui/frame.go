package tui

import (
	"strconv"
	"strings"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/list"
	"bursar/tui/statusbar"
	"bursar/tui/view"
)

// The smallest screen that can be worked on.
const (
	minWidth  = 60
	minHeight = 15
)

// splitWidth is from where on the detail pane stands beside the list;
// splitHeight from where on it stands below.
const (
	splitWidth  = 110
	splitHeight = 36
)

// View draws the frame: always exactly as many lines and cells as the screen
// has.
func (m *Model) View() string {
	if m.size.W == 0 || m.size.H == 0 {
		return ""
	}
	look := m.env.Look
	if m.size.W < minWidth || m.size.H < minHeight {
		return strings.Join(statusbar.Small(look, m.size), "\n")
	}
	w := m.size.W
	body := view.Size{W: w, H: m.size.H - 3}
	lines := make([]string, 0, m.size.H)
	lines = append(lines, m.header().Line(look, w), statusbar.Tabs(look, m.tabs(), m.tabNote(), m.screen != onJournal && len(m.unfinished) > 0, w))
	lines = append(lines, m.body(body)...)
	status := m.status().Lines(look, w)
	lines = append(lines, "")
	for i, l := range status {
		lines[m.size.H-len(status)+i] = l
	}
	room := view.Size{W: w, H: m.size.H - 2}
	for _, d := range m.dialogs {
		box := d.View(room)
		bw := 0
		if len(box) > 0 {
			bw = view.Width(box[0])
		}
		x, y := view.Center(room, view.Size{W: bw, H: len(box)})
		lines = view.Over(lines, box, x, y+1, w)
	}
	return strings.Join(lines, "\n")
}

// body draws the screen that is on.
func (m *Model) body(size view.Size) []string {
	switch m.screen {
	case onJournal:
		return m.journal.Draw(size)
	case onRun:
		if r := m.run(m.runID); r != nil {
			return r.Draw(size)
		}
	}
	l := m.current()
	l.SetFacts(m.facts())
	keys := m.top() == nil
	if !m.detail.Open() {
		return l.Draw(size, keys)
	}
	switch {
	case size.W >= splitWidth:
		return m.beside(l, size, keys)
	case size.H >= splitHeight-3:
		upper := size.H / 2
		out := l.Draw(view.Size{W: size.W, H: upper}, keys && !m.inDetail)
		return append(out, m.detail.Draw(view.Size{W: size.W, H: size.H - upper}, keys && m.inDetail)...)
	default:
		return m.detail.Draw(size, keys)
	}
}

// sideBySide reports whether list and pane are both on screen.
func (m *Model) sideBySide() bool { return m.size.W >= splitWidth || m.size.H >= splitHeight }

func (m *Model) beside(l *list.Model, size view.Size, keys bool) []string {
	dw := max(44, min(80, size.W*2/5))
	left := l.Draw(view.Size{W: size.W - dw - 2, H: size.H}, keys && !m.inDetail)
	right := m.detail.Draw(view.Size{W: dw, H: size.H}, keys && m.inDetail)
	side := " " + m.env.Look.Rule.Render(m.env.Look.Styles.Signs.Vertical)
	out := make([]string, size.H)
	for i := range out {
		out[i] = left[i] + side + right[i]
	}
	return out
}

func (m *Model) tabs() []statusbar.Tab {
	kinds := providers.Tabs()
	if m.extra != "" {
		kinds = append(kinds, m.extra)
	}
	ids := []keymap.ID{keymap.Tab1, keymap.Tab2, keymap.Tab3, keymap.Tab4}
	out := make([]statusbar.Tab, len(kinds))
	for i, k := range kinds {
		out[i] = statusbar.Tab{Title: title(k), Count: m.count(k), On: m.screen == onList && k == m.kind}
		if i < len(ids) {
			out[i].Key = m.env.Keys.Key(ids[i])
		} else {
			out[i].Key = m.env.Keys.Key(keymap.Palette)
		}
	}
	return out
}

// title is a kind's plural as a heading.
func title(k providers.Kind) string {
	s := strings.ReplaceAll(k.Plural(), "-", " ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// tabNote stands at the right end of the tabs: batches that wait for somebody.
func (m *Model) tabNote() string {
	look := m.env.Look
	if m.screen == onJournal {
		return look.Accent.Render(m.env.Keys.Key(keymap.Journal)+" ") + look.Strong.Render("Journal") + " "
	}
	if n := len(m.unfinished); n > 0 {
		word := " unfinished batches"
		if n == 1 {
			word = " unfinished batch"
		}
		return look.Warn.Render(strconv.Itoa(n)+word) + look.Muted.Render(": ") + look.Key.Render(m.env.Keys.Key(keymap.Journal)) + " "
	}
	return look.Muted.Render(m.env.Keys.Key(keymap.Journal) + " Journal ")
}

func (m *Model) status() statusbar.Status {
	return statusbar.Status{Said: m.said, Errors: m.errors, Hints: m.hints(), Dismiss: m.env.Keys.Key(keymap.Back)}
}

// hints are the keys that help most where the operator is.
func (m *Model) hints() []view.Hint {
	if d := m.top(); d != nil {
		return d.Hints()
	}
	switch m.screen {
	case onJournal:
		return m.journal.Hints()
	case onRun:
		if r := m.run(m.runID); r != nil {
			return r.Hints()
		}
	}
	l := m.current()
	switch {
	case l.TextFocus():
		return m.env.Hints(keymap.FilterAccept, keymap.Back, keymap.FilterComplete, keymap.FilterOlder)
	case m.inDetail:
		return m.env.Hints(keymap.Help, keymap.Links, keymap.Back, keymap.ActionMenu, keymap.DetailRaw, keymap.PaneLeft, keymap.Copy)
	case l.Marked() > 0:
		return m.env.Hints(m.markHints(l)...)
	}
	return m.env.Hints(keymap.Help, keymap.Open, keymap.MarkToggle, keymap.MarkAll, keymap.Filter, keymap.ActionMenu, keymap.Palette, keymap.Views, keymap.Sort, keymap.Journal, keymap.Export, keymap.Quit)
}

// markHints are the keys that do something for the marks.
func (m *Model) markHints(l *list.Model) []keymap.ID {
	ids := []keymap.ID{keymap.Help, keymap.ActionMenu}
	for _, a := range []struct {
		id    keymap.ID
		verbs []string
	}{
		{keymap.ActionCredit, []string{"credit", "capture"}},
		{keymap.ActionRefund, []string{"refund"}},
		{keymap.ActionCancel, []string{"cancel"}},
		{keymap.ActionDelete, []string{"delete"}},
	} {
		if l.Allows(a.verbs...) {
			ids = append(ids, a.id)
		}
	}
	return append(ids, keymap.MarkAll, keymap.MarkClear, keymap.Filter)
}

// helpScopes are the parts of the key map that count where the operator is.
func (m *Model) helpScopes() []keymap.Scope {
	switch s := m.scope(); s {
	case keymap.ScopeList, keymap.ScopeDetail:
		return []keymap.Scope{s, keymap.ScopeRecord, keymap.ScopeGlobal}
	default:
		return []keymap.Scope{s, keymap.ScopeGlobal}
	}
}
