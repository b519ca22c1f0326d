package view

import (
	"strconv"
	"strings"
	"unicode"
)

func itoa(n int) string { return strconv.Itoa(n) }

// maxInput bounds what a text field takes: a pasted book must not cost memory.
const maxInput = 4096

// Input is a one-line text field. It has no timer: the cursor does not blink.
type Input struct {
	runes []rune
	at    int
}

// NewInput is a field that holds s, the cursor behind it.
func NewInput(s string) Input {
	r := []rune(s)
	return Input{runes: r, at: len(r)}
}

// Value is the text.
func (in Input) Value() string { return string(in.runes) }

// Cursor is the cursor's place in runes.
func (in Input) Cursor() int { return in.at }

// Empty reports whether nothing was written.
func (in Input) Empty() bool { return len(in.runes) == 0 }

// Key edits the text and reports whether the key was an editing key.
func (in *Input) Key(k Key) bool {
	if k.Text != "" {
		in.insert(k.Text)
		return true
	}
	switch k.Name {
	case "backspace", "ctrl+h":
		in.cut(in.at-1, in.at)
	case "delete", "ctrl+d":
		in.cut(in.at, in.at+1)
	case "left", "ctrl+b":
		in.at = max(0, in.at-1)
	case "right", "ctrl+f":
		in.at = min(len(in.runes), in.at+1)
	case "home", "ctrl+a":
		in.at = 0
	case "end", "ctrl+e":
		in.at = len(in.runes)
	case "ctrl+u":
		in.cut(0, in.at)
	case "ctrl+k":
		in.cut(in.at, len(in.runes))
	case "ctrl+w", "alt+backspace":
		in.cut(in.wordStart(), in.at)
	case "alt+left", "ctrl+left", "alt+b":
		in.at = in.wordStart()
	default:
		return false
	}
	return true
}

func (in *Input) insert(s string) {
	var add []rune
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			add = append(add, ' ')
		case unicode.IsPrint(r):
			add = append(add, r)
		}
	}
	if room := maxInput - len(in.runes); len(add) > room {
		add = add[:max(0, room)]
	}
	out := make([]rune, 0, len(in.runes)+len(add))
	out = append(append(append(out, in.runes[:in.at]...), add...), in.runes[in.at:]...)
	in.runes, in.at = out, in.at+len(add)
}

func (in *Input) cut(from, to int) {
	from, to = max(0, from), min(len(in.runes), to)
	if from >= to {
		return
	}
	out := make([]rune, 0, len(in.runes)-(to-from))
	in.runes = append(append(out, in.runes[:from]...), in.runes[to:]...)
	if in.at > from {
		in.at = max(from, in.at-(to-from))
	}
}

func (in Input) wordStart() int {
	i := in.at
	for i > 0 && in.runes[i-1] == ' ' {
		i--
	}
	for i > 0 && in.runes[i-1] != ' ' {
		i--
	}
	return i
}

// Draw shows the text in w cells with its cursor when focused. The part from
// rune bad on, badLen runes long, is drawn in the bad style; -1 is none.
func (in Input) Draw(w int, focused bool, look Look, badAt, badLen int) string {
	if w < 1 {
		return ""
	}
	from := in.scroll(w)
	var b strings.Builder
	used := 0
	for i := from; i <= len(in.runes) && used < w; i++ {
		cell := " "
		if i < len(in.runes) {
			cell = string(in.runes[i])
		} else if !(focused && i == in.at) {
			break
		}
		cw := Width(cell)
		if used+cw > w {
			break
		}
		used += cw
		switch {
		case focused && i == in.at:
			b.WriteString(look.Cursor.Render(cell))
		case badAt >= 0 && i >= badAt && i < badAt+max(1, badLen):
			b.WriteString(look.Bad.Render(cell))
		default:
			b.WriteString(look.Text.Render(cell))
		}
	}
	return b.String() + Spaces(w-used)
}

// scroll is the first rune to draw so that the cursor is inside w cells.
func (in Input) scroll(w int) int {
	from, used := in.at, 1
	for from > 0 {
		cw := Width(string(in.runes[from-1]))
		if used+cw > w {
			break
		}
		used += cw
		from--
	}
	return from
}

// At moves the cursor before the i-th rune.
func (in *Input) At(i int) { in.at = max(0, min(i, len(in.runes))) }
