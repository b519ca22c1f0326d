package painter

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// clusterLimit bounds the bytes of one cell.
const clusterLimit = 32

// text puts the first character of b and returns its length, 0 when it is
// incomplete.
func (s *Screen) text(b []byte) int {
	if single(b) {
		s.put(cell{r: rune(b[0])})
		return 1
	}
	if len(b) > 2 && cyrillic(b[0]) && (b[2] < utf8.RuneSelf || cyrillic(b[2])) {
		if r, n := utf8.DecodeRune(b); n == 2 {
			s.put(cell{r: r})
			return n
		}
	}
	if !utf8.FullRune(b) {
		return 0
	}
	return s.cluster(b)
}

// single reports an ASCII character that nothing combines with.
func single(b []byte) bool {
	return b[0] < utf8.RuneSelf && (len(b) == 1 || b[1] < utf8.RuneSelf)
}

// cyrillic reports the first byte of U+0400 to U+047F: letters alone.
func cyrillic(b byte) bool { return b == 0xD0 || b == 0xD1 }

// cluster puts what the width tables of the whole program take for one
// character.
func (s *Screen) cluster(b []byte) int {
	r, size := utf8.DecodeRune(b)
	switch {
	case broken(r, size):
		s.put(cell{r: utf8.RuneError})
		return 1
	case control(r):
		return size
	}
	head, width := ansi.FirstGraphemeCluster(runOfText(b), ansi.GraphemeWidth)
	if width == 0 {
		s.join(head)
		return len(head)
	}
	s.put(cell{r: r, more: bounded(head[size:]), wide: width > 1})
	return len(head)
}

// runOfText is the start of b without controls and broken UTF-8, which the
// tables would take into a cluster. It is longer than any cluster that is kept.
func runOfText(b []byte) []byte {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if broken(r, size) || control(r) || i > 2*clusterLimit {
			return b[:i]
		}
		i += size
	}
	return b
}

func broken(r rune, size int) bool { return r == utf8.RuneError && size <= 1 }

func control(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xA0 }

// bounded is what follows the first rune of a cluster, as much of it as is kept.
func bounded(rest []byte) string {
	end := min(len(rest), clusterLimit)
	for end < len(rest) && end > 0 && !utf8.RuneStart(rest[end]) {
		end--
	}
	return string(rest[:end])
}

// join hangs a mark without width of its own onto the character before the
// cursor.
func (s *Screen) join(mark []byte) {
	x := s.x - 1
	if x < 0 || x >= s.want.w {
		return
	}
	row := s.want.rows[s.y]
	if row[x].tail && x > 0 {
		x--
	}
	if c := &row[x]; c.r != 0 && len(c.more)+len(mark) <= clusterLimit {
		c.more += bounded(mark)
		s.want.dirty[s.y] = true
	}
}

// put writes one character at the cursor. Bubble Tea cuts lines to the width,
// so what does not fit is dropped and never wraps.
func (s *Screen) put(c cell) {
	s.over = false
	width := 1
	if c.wide {
		width = 2
	}
	if s.x+width > s.want.w {
		s.want.erase(s.y, s.x, s.want.w, pen{}) // where half a wide character would be
		s.x = s.want.w
		return
	}
	if (c.r == ' ' || c.r == 0xA0) && c.more == "" { // the no-break blank looks the same and is longer
		c.r = 0
	}
	if c.pen = s.pen; c.r == 0 {
		c.pen = s.pen.blank()
	}
	s.want.put(s.x, s.y, c)
	s.x += width
	s.drawn = true
}
