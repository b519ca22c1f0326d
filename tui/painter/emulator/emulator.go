// Package emulator is a terminal for tests, and the renderer of Bubble Tea as
// far as it writes to one. What a painter made of a terminal's screen is
// compared with what the stock renderer makes of an empty one.
package emulator

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"
)

// Names gives clusters their private runes. Terminals that are compared share
// one.
type Names map[string]rune

// Terminal is a terminal's screen. vt10x gives every rune one cell, so clusters
// reach it as one private rune each, wide ones with a filler behind.
type Terminal struct {
	vt    vt10x.Terminal
	names Names
	w, h  int
}

const filler = 0xF8FF

// New is an empty screen.
func New(w, h int, names Names) *Terminal {
	return &Terminal{vt: vt10x.New(vt10x.WithSize(w, h)), names: names, w: w, h: h}
}

// Resize changes the size, as an operator does with the mouse.
func (e *Terminal) Resize(w, h int) {
	e.w, e.h = w, h
	e.vt.Resize(w, h)
}

// Size is the size in cells.
func (e *Terminal) Size() (w, h int) { return e.w, e.h }

// Cursor is where the cursor is and whether it can be seen.
func (e *Terminal) Cursor() (x, y int, visible bool) {
	c := e.vt.Cursor()
	return c.X, c.Y, e.vt.CursorVisible()
}

// Write takes whole characters and sequences.
func (e *Terminal) Write(b []byte) (int, error) {
	var out bytes.Buffer
	for rest := b; len(rest) > 0; {
		if n := sequence(rest); n > 0 {
			out.Write(rest[:n])
			rest = rest[n:]
			continue
		}
		head, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		rest = rest[len(head):]
		switch {
		case width == 0 && head[0] < ' ':
			out.Write(head)
		case width == 0: // invisible by itself
		default:
			out.WriteRune(e.name(string(head)))
			if width > 1 {
				out.WriteRune(filler)
			}
		}
	}
	_, err := e.vt.Write(out.Bytes())
	return len(b), err
}

// sequence is the length of the escape sequence, or else of the ASCII character
// that nothing combines with, at the start of b: no part of a cluster.
func sequence(b []byte) int {
	if b[0] == 0x1b {
		n := 2
		if len(b) > 2 && b[1] == '[' {
			for n = 3; n < len(b) && (b[n-1] < 0x40 || b[n-1] > 0x7e); n++ {
			}
		}
		return min(n, len(b))
	}
	if b[0] < utf8.RuneSelf && (len(b) == 1 || b[1] < utf8.RuneSelf) {
		return 1
	}
	return 0
}

func (e *Terminal) name(cluster string) rune {
	if r, size := utf8.DecodeRuneInString(cluster); size == len(cluster) {
		return r
	}
	r, ok := e.names[cluster]
	if !ok {
		r = rune(0xE000 + len(e.names))
		e.names[cluster] = r
	}
	return r
}

// at is what a person sees at a place: a blank looks the same whatever the
// colour of the letter that is not on it.
func (e *Terminal) at(x, y int) vt10x.Glyph {
	const reverse, underline, blink, wrapped = 1, 2, 32, 64
	c := e.vt.Cell(x, y)
	if c.Char == 0 || c.Char == 0xA0 {
		c.Char = ' ' // the no-break blank looks the same
	}
	if c.Char == ' ' && c.Mode&(reverse|underline|blink) == 0 {
		c.FG, c.Mode = vt10x.DefaultFG, 0
	}
	c.Mode &^= wrapped
	return c
}

// Difference is the first place where two screens differ, "" when they show
// the same.
func (e *Terminal) Difference(want *Terminal) string {
	for y := range e.h {
		for x := range e.w {
			if e.at(x, y) != want.at(x, y) {
				return fmt.Sprintf("at %d,%d is %v in place of %v in\n%s\n%s", x, y, e.at(x, y), want.at(x, y), e.Line(y), want.Line(y))
			}
		}
	}
	return ""
}

// Line is a row as text, blanks included.
func (e *Terminal) Line(y int) string {
	var b strings.Builder
	for x := range e.w {
		b.WriteRune(e.at(x, y).Char)
	}
	return b.String()
}
