// Package dialog holds everything that lies over a screen and takes every key
// until it closes: menus, questions, prompts, messages, and the action dialog
// that leads from a form over the preview to the typed confirmation.
package dialog

import (
	"time"

	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Dialog is one layer over the screen.
type Dialog interface {
	// Key takes a key press. Done reports that the dialog is over.
	Key(k view.Key) (cmd tea.Cmd, done bool)
	// Update takes the answers to the dialog's own requests.
	Update(msg tea.Msg) (cmd tea.Cmd, done bool)
	// View draws the box for a screen of that size; it never exceeds it.
	View(size view.Size) []string
	// TextFocus reports whether letters are text now, not keys.
	TextFocus() bool
	// Hints are the keys for the status line, most useful first.
	Hints() []view.Hint
	// Init begins the dialog when it is put on the screen.
	Init() tea.Cmd
}

// base is what the dialogs without requests of their own have in common.
type base struct{ env *view.Env }

// Update ignores every message.
func (base) Update(tea.Msg) (tea.Cmd, bool) { return nil, false }

// TextFocus is false: letters are keys.
func (base) TextFocus() bool { return false }

// Init asks for nothing.
func (base) Init() tea.Cmd { return nil }

// ArmAfter is how long a dialog that can do harm is on screen before it takes
// keys: those typed before it appeared were meant for something else.
const ArmAfter = 150 * time.Millisecond

// Armed tells a dialog that it was drawn and seen.
type Armed struct{ token *token }

// token names one appearance of one dialog. It is not empty, so that no two
// share an address.
type token struct{ _ byte }

// guard drops keys until the dialog has been on screen.
type guard struct {
	token *token
	seen  bool
}

// arm begins a new appearance: no key counts until Armed comes back.
func (g *guard) arm(env *view.Env) tea.Cmd {
	g.token, g.seen = &token{}, false
	return env.Tick(ArmAfter, Armed{g.token})
}

// take opens the guard when the message is for this appearance.
func (g *guard) take(msg tea.Msg) {
	if a, ok := msg.(Armed); ok && a.token == g.token {
		g.seen = true
	}
}

// fitBox is the size of a box for a body of w by h cells.
func fitBox(size view.Size, w, h int) view.Size {
	return view.Size{W: min(size.W, max(w+4, 24)), H: min(size.H, h+2)}
}
