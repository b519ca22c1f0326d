package view

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
)

func itoa(n int) string { return strconv.Itoa(n) }

// maxInput bounds what a text field takes: a pasted book must not cost memory.
const maxInput = 4096

// Input is a one-line text field over the bubbles' one, which edits. Drawing is
// its own: the cursor does not blink, and a part of the text may be shown as
// wrong. The zero value is an empty field.
type Input struct {
	field textinput.Model
	made  bool
}

// NewInput is a field that holds s, the cursor behind it.
func NewInput(s string) Input {
	in := Input{field: textinput.New(), made: true}
	in.field.CharLimit = maxInput
	in.field.Cursor.SetMode(cursor.CursorStatic)
	// A paste comes from the terminal, never from the host's clipboard.
	in.field.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	in.field.Focus()
	in.field.SetValue(string(printable(s)))
	in.field.CursorEnd()
	return in
}

// Value is the text.
func (in Input) Value() string { return in.field.Value() }

// Cursor is the cursor's place in runes.
func (in Input) Cursor() int { return in.field.Position() }

// Empty reports whether nothing was written.
func (in Input) Empty() bool { return in.field.Value() == "" }

// At moves the cursor before the i-th rune.
func (in *Input) At(i int) { in.field.SetCursor(i) }

// Key edits the text and reports whether the key was an editing key.
func (in *Input) Key(k Key) bool {
	if !in.made {
		*in = NewInput("")
	}
	msg, ok := editing(k)
	if ok && !(k.Text != "" && len(msg.Runes) == 0) {
		in.field, _ = in.field.Update(msg)
	}
	return ok
}

// editing is the key as the field takes it, false when it edits nothing.
func editing(k Key) (tea.KeyMsg, bool) {
	if k.Text != "" {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: printable(k.Text)}, true
	}
	name, alt := strings.CutPrefix(k.Name, "alt+")
	for _, t := range editKeys() {
		if msg := (tea.KeyMsg{Type: t}); msg.String() == name {
			msg.Alt = alt
			return msg, true
		}
	}
	if alt && (name == "b" || name == "f" || name == "d") {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name), Alt: true}, true
	}
	return tea.KeyMsg{}, false
}

// editKeys are the keys that edit a line, besides letters.
func editKeys() []tea.KeyType {
	return []tea.KeyType{
		tea.KeyBackspace, tea.KeyCtrlH, tea.KeyDelete, tea.KeyCtrlD, tea.KeyLeft, tea.KeyCtrlB, tea.KeyRight, tea.KeyCtrlF,
		tea.KeyHome, tea.KeyCtrlA, tea.KeyEnd, tea.KeyCtrlE, tea.KeyCtrlU, tea.KeyCtrlK, tea.KeyCtrlW, tea.KeyCtrlLeft, tea.KeyCtrlRight,
	}
}

// printable is a text without what cannot stand in one line.
func printable(s string) []rune {
	var out []rune
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			out = append(out, ' ')
		case unicode.IsPrint(r):
			out = append(out, r)
		}
	}
	return out
}
