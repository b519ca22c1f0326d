package providers

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Inert is a text that no terminal obeys: control characters are dots, but for
// line feeds and tabs, and broken UTF-8 is shown as such.
func Inert(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, steers) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case steers(r):
			return '·'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func steers(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// InertJSON passes JSON on and escapes what Go's encoder leaves as it is: DEL
// and the control characters of the second set, which some terminals obey. Each
// write must be whole values, as an encoder's are.
func InertJSON(w io.Writer) io.Writer { return inertJSON{w} }

type inertJSON struct{ w io.Writer }

// Write passes b on.
func (j inertJSON) Write(b []byte) (int, error) {
	const hex = "0123456789abcdef"
	var out []byte
	from := 0
	for i, c := range b {
		width := 0
		switch {
		case c == 0x7f:
			width = 1
		case c == 0xC2 && i+1 < len(b) && b[i+1] < 0xA0: // U+0080 to U+009F
			c, width = b[i+1], 2
		default:
			continue
		}
		out = append(append(out, b[from:i]...), `\u00`...)
		out = append(out, hex[c>>4], hex[c&0xf])
		from = i + width
	}
	if out == nil {
		return j.w.Write(b)
	}
	if _, err := j.w.Write(append(out, b[from:]...)); err != nil {
		return 0, err
	}
	return len(b), nil
}
