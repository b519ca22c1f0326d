package view

import (
	"strings"

	"bursar/tui/table"

	"github.com/charmbracelet/x/ansi"
)

// Ellipsis ends a text that was cut.
const Ellipsis = "…"

// Width is a text's width in terminal cells, control sequences apart. Nearly all
// text is simple and in the renditions of a theme: it is counted; the rest is
// measured.
func Width(s string) int {
	n := 0
	for rest := s; ; {
		text, sequence, _ := strings.Cut(rest, "\x1b")
		w, ok := table.Simple(text)
		if !ok {
			return ansi.StringWidth(s)
		}
		n += w
		if len(text) == len(rest) {
			return n
		}
		if rest, ok = afterRendition(sequence); !ok {
			return ansi.StringWidth(s)
		}
	}
}

// afterRendition is what follows a rendition's sequence, the escape character
// apart.
func afterRendition(s string) (rest string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return s, false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return s[i+1:], true
		case c != ';' && (c < '0' || c > '9'):
			return s, false
		}
	}
	return s, false
}

// Cut shortens a text to w cells, with an ellipsis when something is missing.
func Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(s, w, Ellipsis)
}

// Fit cuts or pads a text to exactly w cells.
func Fit(s string, w int) string {
	n := Width(s)
	if n > w {
		s = Cut(s, w)
		n = Width(s)
	}
	if n == w {
		return s
	}
	return s + Spaces(w-n)
}

// FitRight cuts a text and sets it against the right edge of w cells.
func FitRight(s string, w int) string {
	s = Cut(s, w)
	return Spaces(w-Width(s)) + s
}

// Spaces is n blanks, none for a negative n.
func Spaces(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat(" ", n)
}

// Ends sets one text left and one right on a line of w cells. When they do not
// fit, the left one gives way.
func Ends(left, right string, w int) string {
	rw := Width(right)
	if rw >= w {
		return Fit(right, w)
	}
	return Fit(left, w-rw) + right
}

// Frame makes exactly h lines of exactly w cells, whatever it is given.
func Frame(lines []string, w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = Fit(line, w)
	}
	return out
}

// Wrap breaks a plain text into lines of at most w cells, at blanks where it
// can.
func Wrap(s string, w int) []string {
	if w < 1 {
		return nil
	}
	var out []string
	for para := range strings.SplitSeq(s, "\n") {
		out = append(out, strings.Split(ansi.Wrap(para, w, " "), "\n")...)
	}
	return out
}

// Clean makes text from outside safe to draw in one line: no control
// characters, escape sequences or direction marks are left.
func Clean(s string) string { return table.Clean(s) }

// Plural is "1 payment", "2 payments".
func Plural(n int, one, many string) string {
	if n == 1 {
		return Count(n) + " " + one
	}
	return Count(n) + " " + many
}

// Count writes a number with its digits in groups of three.
func Count(n int) string {
	if n < 0 {
		return "-" + Count(-n)
	}
	if n < 1000 {
		return itoa(n)
	}
	rest := itoa(n % 1000)
	return Count(n/1000) + "\u00a0" + strings.Repeat("0", 3-len(rest)) + rest
}
