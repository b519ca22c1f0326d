// Package help draws the help page from the key map: the keys of the screen
// the operator came from first, then every other.
package help

import (
	"strings"

	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Model is the help page, a dialog over the whole screen.
type Model struct {
	env    *view.Env
	scopes []keymap.Scope
	top    int
	rows   int
	total  int
}

// New is the help for a screen with those scopes; the rest follows behind.
func New(env *view.Env, here ...keymap.Scope) *Model {
	m := &Model{env: env, scopes: here, rows: 10}
	for _, s := range keymap.Scopes() {
		if !contains(here, s) {
			m.scopes = append(m.scopes, s)
		}
	}
	return m
}

func contains(list []keymap.Scope, s keymap.Scope) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Key scrolls or closes.
func (m *Model) Key(k view.Key) (tea.Cmd, bool) {
	act := m.env.Act(keymap.ScopeHelp, k)
	if top, ok := view.Scroll(act, m.top, m.total, m.rows); ok {
		m.top = top
		return nil, false
	}
	return nil, act == keymap.Back || act == keymap.HelpClose
}

// Update ignores every message.
func (m *Model) Update(tea.Msg) (tea.Cmd, bool) { return nil, false }

// TextFocus is false: letters are keys.
func (m *Model) TextFocus() bool { return false }

// Init asks for nothing.
func (m *Model) Init() tea.Cmd { return nil }

// Hints are the page's keys.
func (m *Model) Hints() []view.Hint {
	return m.env.Hints(keymap.HelpClose, keymap.MoveDown, keymap.MoveUp, keymap.PageDown)
}

// View draws the page.
func (m *Model) View(size view.Size) []string {
	lines := m.lines(size.W - 4)
	m.total, m.rows = len(lines), max(1, size.H-2)
	m.top = max(0, min(m.top, m.total-m.rows))
	return view.Box(m.env.Look, "Help", view.ScrollNote(m.env.Look, m.top, m.rows, m.total), lines[m.top:], size.W, size.H)
}

const keyColumn = 18

func (m *Model) lines(w int) []string {
	look := m.env.Look
	out := m.tour(w)
	for _, scope := range m.scopes {
		entries := m.env.Keys.Entries(scope)
		if len(entries) == 0 {
			continue
		}
		out = append(out, "", view.Rule(look, scope.Title(), w))
		for _, e := range entries {
			names := make([]string, len(e.Keys))
			for i, k := range e.Keys {
				names[i] = keymap.Name(k)
			}
			key := view.Fit(strings.Join(names, " "), keyColumn)
			for i, text := range view.Wrap(e.Long, w-keyColumn-1) {
				if i > 0 {
					key = view.Spaces(keyColumn)
				}
				out = append(out, look.Key.Render(key)+" "+look.Text.Render(text))
			}
		}
	}
	return out
}

// tour is the way of work in a few lines, with the keys that are set now.
func (m *Model) tour(w int) []string {
	k := func(id keymap.ID) string { return m.env.Keys.Key(id) }
	look := m.env.Look
	text := []string{
		k(keymap.Tab1) + "…" + k(keymap.Tab4) + " choose a list, " + k(keymap.Palette) + " finds every other list and every action by name.",
		k(keymap.Filter) + " filters: words match anywhere; status:new amount>1000 currency:rub created:yesterday created:2026-11-01..2026-11-15 account:NAME method:sbp card:4444 party:\"ООО Ромашка\" has:receipt -has:refund.",
		k(keymap.MarkToggle) + " marks a row, " + k(keymap.MarkRange) + " a range, " + k(keymap.MarkAll) + " everything that matches.",
		k(keymap.ActionMenu) + " shows what can be done with the marks: form, preview, then the count typed by hand. Nothing is sent before that.",
		k(keymap.Journal) + " shows every batch, what became of each record, and exports the report with " + k(keymap.JournalExport) + ".",
	}
	out := []string{view.Rule(look, "In short", w)}
	for _, t := range text {
		for _, line := range words(t, w) {
			out = append(out, look.Text.Render(line))
		}
	}
	return out
}

// words breaks a text at its blanks alone: an example that is broken at a hyphen
// would be typed wrongly.
func words(text string, w int) []string {
	var out []string
	for _, word := range strings.Fields(text) {
		if last := len(out) - 1; last >= 0 && view.Width(out[last])+1+view.Width(word) <= w {
			out[last] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}
