package dialog

import (
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Message shows lines of text until the operator has read them.
type Message struct {
	base
	title string
	lines []string
	// Styled lines are cut, never wrapped.
	styled bool
	top    int
	rows   int
	total  int
}

// NewMessage is a message of plain text, wrapped to the screen.
func NewMessage(env *view.Env, title string, lines ...string) *Message {
	return &Message{base: base{env}, title: title, lines: lines, rows: 10}
}

// NewSheet is a message of lines that are laid out and styled already.
func NewSheet(env *view.Env, title string, lines []string) *Message {
	return &Message{base: base{env}, title: title, lines: lines, styled: true, rows: 10}
}

// Key scrolls or closes.
func (m *Message) Key(k view.Key) (tea.Cmd, bool) {
	act := m.env.Act(keymap.ScopeHelp, k)
	if top, ok := view.Scroll(act, m.top, m.total, m.rows); ok {
		m.top = top
		return nil, false
	}
	return nil, act == keymap.Back || act == keymap.HelpClose
}

// View draws the message.
func (m *Message) View(size view.Size) []string {
	w := min(size.W, max(64, view.Width(m.title)+10))
	var body []string
	if m.styled {
		body = m.lines
		for _, l := range body {
			w = min(size.W, max(w, view.Width(l)+4))
		}
	} else {
		for _, l := range m.lines {
			body = append(body, view.Wrap(l, w-4)...)
		}
	}
	h := min(size.H, len(body)+2)
	m.total, m.rows = len(body), max(1, h-2)
	m.top = max(0, min(m.top, m.total-m.rows))
	return view.Box(m.env.Look, m.title, view.ScrollNote(m.env.Look, m.top, m.rows, m.total), body[m.top:], w, h)
}

// Hints are the message's keys.
func (m *Message) Hints() []view.Hint {
	if m.total > m.rows {
		return m.env.Hints(keymap.Back, keymap.MoveDown, keymap.MoveUp, keymap.PageDown)
	}
	return m.env.Hints(keymap.Back)
}
