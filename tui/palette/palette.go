// Package palette finds every view and every action by name.
package palette

import (
	"sort"
	"strings"

	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/sahilm/fuzzy"
)

// Item is one thing that the palette finds.
type Item struct {
	Name   string // what is searched
	Group  string // "view", "action", "saved view" …
	Key    string // the key that does the same
	Reason string // why it cannot be done now; it stays visible
	Msg    tea.Msg
}

// Model is the palette, a dialog with a text field.
type Model struct {
	env   *view.Env
	items []Item
	in    view.Input
	found []hit
	at    int
	top   int
	rows  int
}

type hit struct {
	item  int
	match []int // indexes of the matched characters
}

// New is a palette over the items, in their order until something is typed.
func New(env *view.Env, items []Item) *Model {
	for i, it := range items { // names of views and reasons come from outside
		items[i].Name, items[i].Reason = view.Clean(it.Name), view.Clean(it.Reason)
	}
	m := &Model{env: env, items: items, rows: 10}
	m.search()
	return m
}

type names []Item

func (n names) String(i int) string { return n[i].Name }
func (n names) Len() int            { return len(n) }

func (m *Model) search() {
	m.found, m.at, m.top = m.found[:0], 0, 0
	text := m.in.Value()
	if text == "" {
		for i := range m.items {
			m.found = append(m.found, hit{item: i})
		}
		return
	}
	for _, f := range fuzzy.FindFrom(text, names(m.items)) {
		m.found = append(m.found, hit{item: f.Index, match: f.MatchedIndexes})
	}
	sort.SliceStable(m.found, func(i, j int) bool {
		a, b := m.nearness(m.found[i], text), m.nearness(m.found[j], text)
		return a < b || a == b && a < scattered && m.found[i].item < m.found[j].item
	})
}

// scattered is the nearness of names that have the letters, but not together.
const scattered = 6

// nearness orders what was found: a name that begins as typed comes before one
// with a word that does, then one that has the text inside, then the scattered; enter after "cap" must not cancel. What cannot be done now comes
// after what can.
func (m *Model) nearness(h hit, text string) int {
	it := m.items[h.item]
	name, text := strings.ToLower(it.Name), strings.ToLower(text)
	rank := scattered
	switch {
	case strings.HasPrefix(name, text):
		rank = 0
	case strings.Contains(name, " "+text):
		rank = 2
	case strings.Contains(name, text):
		rank = 4
	}
	if it.Reason != "" {
		rank++
	}
	return rank
}

// Key edits the search, moves, runs or closes.
func (m *Model) Key(k view.Key) (tea.Cmd, bool) {
	switch m.env.Act(keymap.ScopePalette, k) {
	case keymap.Back, keymap.Interrupt:
		return nil, true
	case keymap.PaletteAccept:
		return m.run()
	case keymap.PaletteDown:
		m.at = min(m.at+1, max(0, len(m.found)-1))
		return nil, false
	case keymap.PaletteUp:
		m.at = max(0, m.at-1)
		return nil, false
	}
	before := m.in.Value()
	if m.in.Key(k); m.in.Value() != before {
		m.search()
	}
	return nil, false
}

func (m *Model) run() (tea.Cmd, bool) {
	if m.at >= len(m.found) {
		return nil, false
	}
	it := m.items[m.found[m.at].item]
	if it.Reason != "" {
		return m.env.Post(view.Said{Text: it.Name + ": " + it.Reason}), false
	}
	return m.env.Post(it.Msg), true
}

// Update ignores every message.
func (m *Model) Update(tea.Msg) (tea.Cmd, bool) { return nil, false }

// TextFocus is true: letters are text.
func (m *Model) TextFocus() bool { return true }

// Init asks for nothing.
func (m *Model) Init() tea.Cmd { return nil }

// Hints are the palette's keys.
func (m *Model) Hints() []view.Hint {
	return m.env.Hints(keymap.PaletteAccept, keymap.PaletteDown, keymap.PaletteUp, keymap.Back)
}

// View draws the palette; its size does not depend on what was found.
func (m *Model) View(size view.Size) []string {
	look := m.env.Look
	w, h := min(size.W, 72), min(size.H, 20)
	inner := w - 4
	m.rows = max(1, h-4)
	m.top = view.Window(len(m.found), m.rows, m.at, m.top)
	body := []string{look.Accent.Render(": ") + m.in.Draw(inner-2, true, look, -1, 0), view.Rule(look, "", inner)}
	for i := m.top; i < len(m.found) && len(body) < m.rows+2; i++ {
		body = append(body, m.line(i, inner))
	}
	if len(m.found) == 0 {
		body = append(body, look.Muted.Render(view.Cut("nothing is called that: shorten the word", inner)))
	}
	return view.Box(look, "Go to or do", view.ScrollNote(look, m.top, m.rows, len(m.found)), body, w, h)
}

func (m *Model) line(i, w int) string {
	look, f := m.env.Look, m.found[i]
	it := m.items[f.item]
	gutter := "  "
	if i == m.at {
		gutter = look.Accent.Render(look.Styles.Signs.Cursor + " ")
	}
	right := look.Muted.Render(it.Group) + " " + look.Key.Render(view.FitRight(it.Key, 6))
	if it.Reason != "" {
		right = look.Muted.Render(view.Cut("— "+it.Reason, w/2))
	}
	room := w - 3 - view.Width(right)
	return gutter + view.Ends(m.name(it, f.match, i == m.at, room), " "+right, w-2)
}

func (m *Model) name(it Item, match []int, on bool, w int) string {
	look := m.env.Look
	pen := look.Text
	switch {
	case it.Reason != "":
		pen = look.Muted
	case on:
		pen = look.Strong
	}
	hit := map[int]bool{}
	for _, i := range match {
		hit[i] = true
	}
	out, plain := "", ""
	at, cut := 0, view.Width(it.Name) > w
	for i, r := range it.Name {
		if at += view.Width(string(r)); cut && at >= w {
			plain += view.Ellipsis
			break
		}
		if hit[i] {
			out += pen.Render(plain) + look.Match.Render(string(r))
			plain = ""
			continue
		}
		plain += string(r)
	}
	return out + pen.Render(plain)
}
