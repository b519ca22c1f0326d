package tui_test

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// wire lies between the painter and the terminal. It carries everything and
// remembers the first thing that a painter of frames has no business to write.
type wire struct {
	to     io.Writer
	w, h   int
	frames bool // else Bubble Tea enters or leaves the screen
	bad    string
}

// Write carries b.
func (c *wire) Write(b []byte) (int, error) {
	if c.frames && c.bad == "" {
		if what := forbidden(b, c.w, c.h); what != "" {
			c.bad = what + " went to the terminal in " + strconv.Quote(string(b))
		}
	}
	return c.to.Write(b)
}

// allowed are the painter's sequences: cursor moves, erasing, scrolling inside
// of margins, renditions, synchronized output; and the clipboard, which the
// screen writes beside the frames.
var allowed = regexp.MustCompile("^(?:" +
	`\x1b\[(?:(?P<at>[0-9]*(?:;[0-9]+)?)H|(?P<rows>[0-9]*)[ABST]|(?P<cols>[0-9]*)[CDGX]|K|2J|(?P<margins>(?:[0-9]+;[0-9]+)?)r|(?P<sgr>[0-9;]*)m|\?2026[hl])` +
	`|\x1b\]52;c;[A-Za-z0-9+/=]*\x07)`)

// forbidden is the first thing in b that must not be written to a terminal of
// that size; "" when all is well.
func forbidden(b []byte, w, h int) string {
	text := string(b)
	if n, m := strings.Count(text, "\x1b[?2026h"), strings.Count(text, "\x1b[?2026l"); n != m {
		return "half a synchronized frame"
	}
	margins := false
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == 0x1b:
			m := allowed.FindStringSubmatch(text[i:])
			if m == nil {
				return fmt.Sprintf("the sequence at %d", i)
			}
			part := func(name string) string { return m[allowed.SubexpIndex(name)] }
			if !inside(part("at"), h, w) || !inside(part("rows"), h) || !inside(part("cols"), w) || !inside(part("margins"), h, h) || !seen(part("sgr")) {
				return fmt.Sprintf("%q", m[0])
			}
			if strings.HasSuffix(m[0], "r") {
				margins = part("margins") != ""
			}
			i += len(m[0])
		case c == '\r' || c == '\n' || c == '\b':
			i++
		default:
			cluster, width := ansi.FirstGraphemeCluster(text[i:], ansi.GraphemeWidth)
			if width == 0 {
				return fmt.Sprintf("the mark %q without a letter at %d", cluster, i)
			}
			if harmful(cluster) {
				return fmt.Sprintf("%q at %d", cluster, i)
			}
			i += len(cluster)
		}
	}
	if margins {
		return "a scroll region that is left set"
	}
	return ""
}

// harmful reports what is no text to look at: controls, direction marks, broken
// UTF-8, letters of nobody's alphabet.
func harmful(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
	})
}

// inside reports whether the numbers of a sequence are within their limits.
func inside(params string, limits ...int) bool {
	if params == "" {
		return true
	}
	for i, p := range strings.Split(params, ";") {
		if n, _ := strconv.Atoi(p); n > limits[i] {
			return false
		}
	}
	return true
}

// seen reports whether the emulator shows all of a rendition, so that what it
// does not know cannot be drawn wrongly without anybody noticing.
func seen(params string) bool {
	list := strings.Split(params, ";")
	for i := 0; i < len(list); i++ {
		switch n, _ := strconv.Atoi(list[i]); {
		case n == 0, n == 1, n == 3, n == 4, n == 7, n >= 22 && n <= 24, n == 27, n == 39, n == 49, n >= 30 && n <= 37, n >= 40 && n <= 47, n >= 90 && n <= 97, n >= 100 && n <= 107:
		case (n == 38 || n == 48) && i+2 < len(list) && list[i+1] == "5":
			i += 2
		default:
			return false
		}
	}
	return true
}
