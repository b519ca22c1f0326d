package tui

import (
	"strconv"
	"strings"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/list"
	"bursar/tui/statusbar"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
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
	if l.Count() == 0 { // it says why
		l.SetFacts(m.facts())
	}
	keys := m.top() == nil
	_, pane := m.rooms()
	switch {
	case pane.H == 0:
		return l.Draw(keys)
	case pane.W < size.W:
		return m.beside(l, pane, keys)
	case pane.H < size.H:
		return append(l.Draw(keys && !m.inDetail), m.detail.Draw(pane, keys && m.inDetail)...)
	default:
		return m.detail.Draw(pane, keys)
	}
}

// rooms are the parts of the body that list and detail pane have; none is zero.
func (m *Model) rooms() (list, pane view.Size) {
	body := view.Size{W: m.size.W, H: m.size.H - 3}
	switch {
	case !m.detail.Open():
		return body, view.Size{}
	case body.W >= splitWidth:
		pane := max(44, min(80, body.W*2/5))
		return view.Size{W: body.W - pane - 2, H: body.H}, view.Size{W: pane, H: body.H}
	case m.size.H >= splitHeight:
		upper := body.H / 2
		return view.Size{W: body.W, H: upper}, view.Size{W: body.W, H: body.H - upper}
	}
	return view.Size{}, body
}

// fit gives the list its room before it is drawn, because rows that come into
// sight may have to be read.
func (m *Model) fit() tea.Cmd {
	if m.screen != onList || m.size.W < minWidth || m.size.H < minHeight {
		return nil
	}
	if room, _ := m.rooms(); room.H > 0 {
		return m.current().SetSize(room)
	}
	return nil
}

// sideBySide reports whether list and pane are both on screen.
func (m *Model) sideBySide() bool { return m.size.W >= splitWidth || m.size.H >= splitHeight }

func (m *Model) beside(l *list.Model, pane view.Size, keys bool) []string {
	left := l.Draw(keys && !m.inDetail)
	right := m.detail.Draw(pane, keys && m.inDetail)
	side := " " + m.env.Look.Rule.Render(m.env.Look.Styles.Signs.Vertical)
	out := make([]string, pane.H)
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
