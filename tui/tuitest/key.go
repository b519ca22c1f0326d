package tuitest

import tea "github.com/charmbracelet/bubbletea"

var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp,
	"home": tea.KeyHome, "end": tea.KeyEnd, "space": tea.KeySpace,
	"ctrl+a": tea.KeyCtrlA, "ctrl+c": tea.KeyCtrlC, "ctrl+d": tea.KeyCtrlD, "ctrl+l": tea.KeyCtrlL, "ctrl+s": tea.KeyCtrlS, "ctrl+u": tea.KeyCtrlU, "ctrl+w": tea.KeyCtrlW, "ctrl+z": tea.KeyCtrlZ,
}

// Key is a key press as the terminal library gives it: a name such as "enter",
// or letters.
func Key(name string) tea.KeyMsg {
	typ, ok := named[name]
	switch {
	case !ok:
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
	case typ == tea.KeySpace:
		return tea.KeyMsg{Type: typ, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: typ}
}

// Pasted is a text as a terminal gives it that brackets what is pasted.
func Pasted(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}
