package tui

import (
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// keys takes what the terminal sent. Over a slow line several letters arrive
// as one message: they are several keys, unless a text field takes them.
func (m *Model) keys(msg tea.KeyMsg) tea.Cmd {
	if msg.Type != tea.KeyRunes || len(msg.Runes) < 2 || msg.Paste {
		return m.settle(m.key(keyOf(msg)))
	}
	var cmds []tea.Cmd
	for i, r := range msg.Runes {
		if m.textFocus() {
			rest := tea.Key{Type: tea.KeyRunes, Runes: msg.Runes[i:], Alt: msg.Alt}
			cmds = append(cmds, m.settle(m.key(keyOf(tea.KeyMsg(rest)))))
			break
		}
		one := tea.Key{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}
		cmds = append(cmds, m.settle(m.key(keyOf(tea.KeyMsg(one)))))
	}
	return tea.Batch(cmds...)
}

// keyOf frees a key from the terminal library.
func keyOf(msg tea.KeyMsg) view.Key {
	k := view.Key{Name: msg.String(), Paste: msg.Paste}
	if msg.Alt {
		return k
	}
	switch msg.Type {
	case tea.KeyRunes:
		k.Text = string(msg.Runes)
	case tea.KeySpace:
		k.Text = " "
	}
	return k
}

// textFocus reports whether letters are text now.
func (m *Model) textFocus() bool {
	if d := m.top(); d != nil {
		return d.TextFocus()
	}
	return m.screen == onList && !m.inDetail && m.current().TextFocus()
}

// key gives a key to whatever has the focus: a dialog, then the part on screen,
// then the frame.
func (m *Model) key(k view.Key) tea.Cmd {
	if m.size.W < minWidth || m.size.H < minHeight {
		return m.tinyKey(k)
	}
	if m.waiting() && k.Name != "ctrl+c" {
		if cmd, ok := m.halt(k); ok {
			return cmd
		}
		if len(m.ahead) < maxAhead {
			m.ahead = append(m.ahead, k)
		}
		return nil
	}
	if k.Paste && !m.textFocus() {
		m.said = "a paste does nothing here: it goes into text fields only"
		return nil
	}
	m.said = ""
	switch act := m.env.Act(keymap.ScopeGlobal, k); {
	case act == keymap.Interrupt && k.Name == "ctrl+c":
		return m.quit()
	case act == keymap.Redraw:
		return tea.ClearScreen
	case act == keymap.Suspend:
		return tea.Suspend
	case act == keymap.Back && len(m.errors) > 0 && m.errorsUnread():
		m.errors = m.errors[1:]
		return nil
	}
	if d := m.top(); d != nil {
		return m.keyToDialog(k)
	}
	return m.keyToScreen(k)
}

// maxAhead bounds what is typed ahead of a list.
const maxAhead = 64

// waiting reports whether keys must wait: the operator asked for other rows and
// goes on typing before they are there. A mark or an action must not hit the
// rows of before.
func (m *Model) waiting() bool {
	switch {
	case m.top() != nil:
		return false
	case m.screen == onJournal:
		return m.journal.Waiting()
	}
	return m.screen == onList && !m.inDetail && !m.textFocus() && m.current().Waiting()
}

// halt gives up what keys wait for, when the first of them asks for that.
func (m *Model) halt(k view.Key) (tea.Cmd, bool) {
	if len(m.ahead) > 0 || m.screen != onList || m.env.Act(keymap.ScopeList, k) != keymap.Back {
		return nil, false
	}
	return m.current().Halt()
}

// typedAhead gives the keys that waited to the rows that came.
func (m *Model) typedAhead() tea.Cmd {
	var cmds []tea.Cmd
	for len(m.ahead) > 0 && !m.waiting() {
		k := m.ahead[0]
		m.ahead = m.ahead[1:]
		cmds = append(cmds, m.settle(m.key(k)))
	}
	return tea.Batch(cmds...)
}

// errorsUnread reports whether an error lies over the status line. In a text
// field esc belongs to the field first.
func (m *Model) errorsUnread() bool {
	return m.top() == nil && !m.textFocus() || m.top() != nil && !m.top().TextFocus()
}

// tinyKey works on a screen that is too small to show what a key would do:
// only leaving is possible.
func (m *Model) tinyKey(k view.Key) tea.Cmd {
	switch m.env.Act(keymap.ScopeGlobal, k) {
	case keymap.Interrupt:
		return m.quit()
	case keymap.Quit:
		if m.top() == nil && !m.textFocus() {
			return m.quit()
		}
	}
	return nil
}

func (m *Model) keyToDialog(k view.Key) tea.Cmd {
	d := m.top()
	cmd, done := d.Key(k)
	if done {
		for i := range m.dialogs {
			if m.dialogs[i] == d {
				m.dialogs = append(m.dialogs[:i:i], m.dialogs[i+1:]...)
				break
			}
		}
	}
	return cmd
}

func (m *Model) keyToScreen(k view.Key) tea.Cmd {
	switch m.screen {
	case onJournal:
		if cmd, ok := m.journal.Key(k); ok {
			return cmd
		}
	case onRun:
		if r := m.run(m.runID); r != nil {
			if cmd, ok := r.Key(k); ok {
				return cmd
			}
		}
	default:
		return m.keyToList(k)
	}
	return m.do(m.env.Act(m.scope(), k))
}

// keyToList gives a key to the list or to the detail pane.
func (m *Model) keyToList(k view.Key) tea.Cmd {
	l := m.current()
	if m.inDetail {
		if cmd, ok := m.detail.Key(k); ok {
			return cmd
		}
		return m.do(m.env.Act(keymap.ScopeDetail, k))
	}
	act := m.env.Act(keymap.ScopeList, k)
	if act == keymap.Back && !l.TextFocus() {
		return m.do(act)
	}
	if cmd, ok := l.Key(k); ok {
		return tea.Batch(cmd, m.followCursor())
	}
	if act == "" && k.Name == "backspace" && m.detail.Open() {
		cmd, _ := m.detail.Back()
		return cmd
	}
	return m.do(act)
}

// scope is the part of the key map that counts now.
func (m *Model) scope() keymap.Scope {
	switch {
	case m.screen == onJournal:
		return m.journal.Scope()
	case m.screen == onRun:
		return keymap.ScopeRun
	case m.inDetail:
		return keymap.ScopeDetail
	}
	return keymap.ScopeList
}

// followCursor shows the record under the list's cursor in the open pane, while
// the keys go to the list.
func (m *Model) followCursor() tea.Cmd {
	if m.screen != onList || !m.detail.Open() || m.inDetail || m.detail.Walked() {
		return nil
	}
	e, ok := m.current().Cursor()
	if !ok {
		return nil
	}
	return m.detail.Show(e.Ref, false)
}
