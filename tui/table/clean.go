package table

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

// dot stands for what must not reach a terminal.
const dot = '·'

// marksPerLetter bounds the combining marks on one letter: accents need two,
// heaps of them paint over the rows above and below.
const marksPerLetter = 2

// Clean makes text from outside safe to print in one line: control characters
// and with them escape sequences, direction marks, right-to-left letters and
// invisible characters are shown as dots. Right-to-left letters go because a
// terminal that turns them round takes the digits beside them along, and an
// amount must never be read backwards. Harmless text comes back as it is.
func Clean(s string) string {
	if _, ok := simple(s); ok {
		return s
	}
	return rebuild(s)
}

// Width is the number of cells that clean text takes.
func Width(s string) int {
	if n, ok := simple(s); ok {
		return n
	}
	return ansi.StringWidth(s)
}

// Cut cleans text and cuts it to the width, with an ellipsis where something is
// missing.
func Cut(s string, width int) string {
	s, _ = cut(s, width)
	return s
}

// Fit is Cut, padded to exactly the width.
func Fit(s string, width int) string {
	s, n := cut(s, width)
	return s + strings.Repeat(" ", max(width-n, 0))
}

// cut is Cut with the width of what is left.
func cut(s string, width int) (string, int) {
	if width <= 0 {
		return "", 0
	}
	n, plain := simple(s)
	if !plain {
		s = ansi.Truncate(Clean(s), width, "…")
		return s, Width(s)
	}
	if n <= width {
		return s, n
	}
	left := width
	for i := range s { // one rune, one cell
		if left--; left == 0 {
			return s[:i] + "…", width
		}
	}
	return s, n
}

// simple reports whether every rune of the text is known to be harmless and
// one cell wide, and how many there are. It is the hot path: nearly all text
// is ASCII or Cyrillic.
func simple(s string) (width int, ok bool) {
	for i := 0; i < len(s); {
		if b := s[i]; b < utf8.RuneSelf {
			if b < ' ' || b == 0x7f {
				return 0, false
			}
			i++
			width++
			continue
		} else if (b == 0xD0 || b == 0xD1) && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
			i += 2 // U+0400 to U+047F
			width++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		if !plain(c) {
			return 0, false
		}
		i += size
		width++
	}
	return width, true
}

// Simple reports whether every rune of the text is known to be harmless and one
// cell wide, and how many there are.
func Simple(s string) (width int, ok bool) { return simple(s) }

// plain are the runes above ASCII that need no second look: letters of Latin-1
// and Cyrillic without its combining marks, the usual signs, and those that the
// screens draw themselves.
func plain(c rune) bool {
	switch {
	case c >= 0x400 && c <= 0x482, c >= 0x48A && c <= 0x52F:
		return true
	case c >= 0xA0 && c <= 0x17F: // the no-break blank of amounts too
		return c != 0xAD // the soft hyphen is invisible
	case c >= 0x2500 && c <= 0x257F: // lines of boxes
		return true
	}
	switch c {
	case '–', '—', '‘', '’', '“', '”', '„', '•', '…', '₽', '€', '№', '▌', '●', '▲', '▼', '○', '◐', '◆', '✓', '↺', '✕':
		return true
	}
	return false
}

// rebuild is the careful way through text that is not simple.
func rebuild(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := marksPerLetter // a mark at the very start has no letter to sit on
	for _, c := range norm.NFC.String(strings.ToValidUTF8(s, string(dot))) {
		if unicode.In(c, unicode.Mn, unicode.Me) && !selector(c) && !rightToLeft(c) {
			if marks++; marks <= marksPerLetter {
				b.WriteRune(c)
			}
			continue
		}
		if c = safe(c); c >= 0 {
			b.WriteRune(c)
			marks = 0
			if c == dot || c == ' ' {
				marks = marksPerLetter
			}
		}
	}
	return b.String()
}

// safe is the rune to print for c, or -1 for none.
func safe(c rune) rune {
	switch {
	case selector(c):
		return -1 // changes how wide the sign before it is, and terminals disagree
	case c == 0xA0:
		return c
	case unicode.Is(unicode.Zs, c) && c != 0x3000:
		return ' '
	case c == utf8.RuneError, c >= 0x1F1E6 && c <= 0x1F1FF: // flags are pairs that terminals measure differently
		return dot
	case unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs), invisible(c), rightToLeft(c):
		return dot
	}
	return c
}

// selector reports variation selectors and the skin tones of emoji.
func selector(c rune) bool {
	return c >= 0xFE00 && c <= 0xFE0F || c >= 0xE0100 && c <= 0xE01EF || c >= 0x180B && c <= 0x180F || c >= 0x1F3FB && c <= 0x1F3FF
}

// invisible are letters and marks by their category that show nothing.
func invisible(c rune) bool {
	switch c {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, c)
}

// rightToLeft covers the blocks that Unicode reserves for letters and digits
// written from right to left.
func rightToLeft(c rune) bool {
	return c >= 0x590 && c <= 0x8FF || c >= 0xFB1D && c <= 0xFDFF || c >= 0xFE70 && c <= 0xFEFC ||
		c >= 0x10800 && c <= 0x10FFF || c >= 0x1E800 && c <= 0x1EFFF
}
