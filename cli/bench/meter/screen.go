package meter

import (
	"strings"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
)

// Screen is what the terminal shows.
type Screen struct {
	Cols, Rows int
	vt         vt10x.Terminal
	half       []byte // of a character that a read cut in two
}

// NewScreen is an empty one.
func NewScreen(cols, rows int) *Screen {
	return &Screen{Cols: cols, Rows: rows, vt: vt10x.New(vt10x.WithSize(cols, rows))}
}

// Write shows what a program wrote.
func (s *Screen) Write(b []byte) {
	b = append(s.half, b...)
	whole := wholeRunes(b)
	_, _ = s.vt.Write(b[:whole])
	s.half = append([]byte(nil), b[whole:]...)
}

// wholeRunes is how much of b ends with a whole character: the emulator takes
// no halves.
func wholeRunes(b []byte) int {
	for n := len(b) - 1; n >= 0 && n >= len(b)-utf8.UTFMax; n-- {
		if utf8.RuneStart(b[n]) {
			if utf8.FullRune(b[n:]) {
				return len(b)
			}
			return n
		}
	}
	return len(b)
}

// Line is the text of a line, from 0.
func (s *Screen) Line(y int) string {
	var b strings.Builder
	for x := range s.Cols {
		b.WriteRune(max(s.vt.Cell(x, y).Char, ' '))
	}
	return strings.TrimRight(b.String(), " ")
}

// Text is the whole screen.
func (s *Screen) Text() string {
	lines := make([]string, s.Rows)
	for y := range lines {
		lines[y] = s.Line(y)
	}
	return strings.Join(lines, "\n")
}

// excerpt is the beginning and the end of what the screen shows, for an error.
func (s *Screen) excerpt() string {
	var full []string
	for y := range s.Rows {
		if line := strings.TrimSpace(s.Line(y)); line != "" {
			full = append(full, line)
		}
	}
	if len(full) > 7 {
		full = append(append(full[:3:3], "…"), full[len(full)-3:]...)
	}
	return strings.Join(full, " / ")
}

// Shows reports whether a text stands on the screen. Spaces that do not break
// count as spaces.
func (s *Screen) Shows(text string) bool {
	return strings.Contains(strings.ReplaceAll(s.Text(), "\u00a0", " "), text)
}

// Cells is a copy of what the screen shows.
type Cells struct {
	cols  int
	cells []vt10x.Glyph
}

// Cells copies.
func (s *Screen) Cells() Cells {
	c := Cells{cols: s.Cols, cells: make([]vt10x.Glyph, 0, s.Cols*s.Rows)}
	for y := range s.Rows {
		for x := range s.Cols {
			c.cells = append(c.cells, visible(s.vt.Cell(x, y)))
		}
	}
	return c
}

// The emulator's renditions that show on a blank, and its mark of a wrapped
// line, which does not show at all.
const (
	shownOnBlank = 1 | 2 | 32 // reverse, underline, blink
	wrapped      = 64
)

// visible is what a person sees of a cell: a blank looks the same whatever the
// colour of the letter that is not on it.
func visible(c vt10x.Glyph) vt10x.Glyph {
	c.Char = max(c.Char, ' ')
	c.Mode &^= wrapped
	if c.Char == ' ' && c.Mode&shownOnBlank == 0 {
		c.FG, c.Mode = vt10x.DefaultFG, 0
	}
	return c
}

// What a change costs at least beside its text: a move to each run of changed
// cells, and each change of rendition.
const (
	moveCost      = 5
	renditionCost = 4
)

// Floor compares two pictures of a screen: how many cells differ, the bytes of
// their characters alone, and what it costs at least to send those, without
// scrolling: a move for each run of them and a change of rendition where it
// differs from the cell sent before.
func Floor(before, after Cells) (cells, text, bytes int) {
	type pen struct {
		mode   int16
		fg, bg vt10x.Color
	}
	plain := pen{fg: vt10x.DefaultFG, bg: vt10x.DefaultBG}
	last, in := plain, false
	for i, c := range after.cells {
		if i%after.cols == 0 {
			in = false
		}
		if c == before.cells[i] {
			in = false
			continue
		}
		cells++
		if !in {
			bytes += moveCost
		}
		p := pen{c.Mode, c.FG, c.BG}
		if p != last {
			bytes += renditionCost
		}
		in, last = true, p
		text += utf8.RuneLen(c.Char)
	}
	return cells, text, bytes + text
}
