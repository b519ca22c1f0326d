package dialog

import (
	"strings"

	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Item is one row of a menu.
type Item struct {
	Label  string
	Detail string // shown muted behind the label
	Key    string // a letter that chooses it at once, if any
	// Reason says why the item cannot be chosen; it stays visible.
	Reason string
	Msg    tea.Msg // sent when it is chosen
	// Delete is sent when the delete key is pressed on the item; nil: no such thing.
	Delete tea.Msg
}

// Menu lets the operator choose one of several items.
type Menu struct {
	base
	title string
	note  string
	items []Item
	at    int
	top   int
	rows  int
	scope keymap.Scope
	save  tea.Msg
	none  string // what an empty menu says
}

// NewMenu is a menu with the cursor on the first item that can be chosen.
func NewMenu(env *view.Env, title, note string, items []Item) *Menu {
	for i, it := range items { // names of views and ids come from outside
		items[i].Label, items[i].Detail, items[i].Reason = view.Clean(it.Label), view.Clean(it.Detail), view.Clean(it.Reason)
	}
	m := &Menu{base: base{env}, title: title, note: note, items: items, rows: 10, scope: keymap.ScopeMenu, none: "nothing to choose from"}
	for i, it := range items {
		if it.Reason == "" {
			m.at = i
			break
		}
	}
	return m
}

// NewViews is the menu of saved views; save is sent when the operator wants to
// save what is on screen.
func NewViews(env *view.Env, title, note string, items []Item, save tea.Msg) *Menu {
	m := NewMenu(env, title, note, items)
	m.scope, m.save = keymap.ScopeViews, save
	m.none = "no view is saved yet: " + env.Keys.Key(keymap.ViewsSave) + " keeps list, filter and sort under a name"
	return m
}

// Key moves, chooses or closes.
func (m *Menu) Key(k view.Key) (tea.Cmd, bool) {
	if k.Paste {
		return nil, false
	}
	act := m.env.Act(m.scope, k)
	if at, ok := view.Move(act, m.at, len(m.items), m.rows); ok {
		m.at = at
		return nil, false
	}
	switch act {
	case keymap.Back:
		return nil, true
	case keymap.MenuAccept:
		return m.choose(m.at)
	case keymap.ViewsSave:
		return m.env.Post(m.save), true
	case keymap.ViewsDelete:
		if m.at < len(m.items) && m.items[m.at].Delete != nil {
			return m.env.Post(m.items[m.at].Delete), true
		}
		return nil, false
	}
	return m.letter(k)
}

func (m *Menu) letter(k view.Key) (tea.Cmd, bool) {
	for i, it := range m.items {
		if it.Key != "" && it.Key == keymap.Fold(k.Name) {
			m.at = i
			return m.choose(i)
		}
	}
	return nil, false
}

func (m *Menu) choose(i int) (tea.Cmd, bool) {
	if i >= len(m.items) {
		return nil, true
	}
	it := m.items[i]
	if it.Reason != "" {
		return m.env.Post(view.Said{Text: it.Label + ": " + it.Reason}), false
	}
	return m.env.Post(it.Msg), true
}

// reasonLines is the room for what the cursor's item says, where the lines of
// the menu are too narrow for it.
const reasonLines = 2

// View draws the menu. When something is cut in its lines, the whole text of the
// item under the cursor stands below them.
func (m *Menu) View(size view.Size) []string {
	look := m.env.Look
	if len(m.items) == 0 {
		box := fitBox(size, max(view.Width(m.title)+view.Width(m.note)+6, view.Width(m.none)), 1)
		return view.Box(look, m.title, look.Muted.Render(m.note), []string{look.Muted.Render(view.Cut(m.none, box.W-4))}, box.W, box.H)
	}
	w := view.Width(m.title) + view.Width(m.note) + 6
	for _, it := range m.items {
		w = max(w, m.labelWidth()+view.Width(it.Detail+it.Reason)+8)
	}
	box := fitBox(size, w, len(m.items))
	below := 0
	if w+4 > size.W && box.H+reasonLines+1 <= size.H {
		below = reasonLines + 1
		box.H += below
	}
	m.rows = max(1, box.H-2-below)
	m.top = view.Window(len(m.items), m.rows, m.at, m.top)
	var body []string
	for i := m.top; i < len(m.items) && len(body) < m.rows; i++ {
		body = append(body, m.line(i, box.W-4))
	}
	if below > 0 {
		body = append(body, view.Rule(look, "", box.W-4))
		for _, l := range view.Wrap(m.about(), box.W-4) {
			body = append(body, look.Text.Render(l))
		}
	}
	return view.Box(look, m.title, look.Muted.Render(m.note), body, box.W, box.H)
}

// about is all that the item under the cursor says.
func (m *Menu) about() string {
	it := m.items[min(m.at, len(m.items)-1)]
	if rest := strings.TrimSpace(it.Detail + it.Reason); rest != "" {
		return it.Label + ": " + rest
	}
	return ""
}

func (m *Menu) labelWidth() int {
	w := 0
	for _, it := range m.items {
		w = max(w, view.Width(it.Label))
	}
	return min(w, 34)
}

func (m *Menu) line(i, w int) string {
	it, look := m.items[i], m.env.Look
	gutter := "  "
	if i == m.at {
		gutter = look.Accent.Render(look.Styles.Signs.Cursor + " ")
	}
	key := "  "
	if it.Key != "" {
		key = look.Key.Render(it.Key) + " "
	}
	lw := m.labelWidth()
	label := view.Fit(it.Label, lw)
	rest := strings.TrimSpace(it.Detail)
	switch {
	case it.Reason != "":
		label, rest = look.Muted.Render(label), look.Muted.Render(view.Cut("— "+it.Reason, w-lw-6))
	case i == m.at:
		label, rest = look.Strong.Render(label), look.Muted.Render(view.Cut(rest, w-lw-6))
	default:
		rest = look.Muted.Render(view.Cut(rest, w-lw-6))
	}
	return gutter + key + label + "  " + rest
}

// Hints are the menu's keys.
func (m *Menu) Hints() []view.Hint {
	if m.scope == keymap.ScopeViews {
		return m.env.Hints(keymap.MenuAccept, keymap.ViewsSave, keymap.ViewsDelete, keymap.Back)
	}
	return m.env.Hints(keymap.MenuAccept, keymap.MoveDown, keymap.MoveUp, keymap.Back)
}
