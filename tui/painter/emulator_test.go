package painter

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"
)

// emulator is a terminal for tests. vt10x gives every rune one cell, so
// clusters reach it as one private rune each, wide ones with a filler behind.
type emulator struct {
	vt    vt10x.Terminal
	names map[string]rune
	bytes int
	w, h  int
}

const filler = 0xF8FF

func newEmulator(w, h int, names map[string]rune) *emulator {
	return &emulator{vt: vt10x.New(vt10x.WithSize(w, h)), names: names, w: w, h: h}
}

func (e *emulator) resize(w, h int) {
	e.w, e.h = w, h
	e.vt.Resize(w, h)
}

func (e *emulator) Write(b []byte) (int, error) {
	e.bytes += len(b)
	var out bytes.Buffer
	for rest := b; len(rest) > 0; {
		if rest[0] < utf8.RuneSelf && (len(rest) == 1 || rest[1] < utf8.RuneSelf) {
			out.WriteByte(rest[0])
			rest = rest[1:]
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

func (e *emulator) name(cluster string) rune {
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
func (e *emulator) at(x, y int) vt10x.Glyph {
	const reverse, underline, blink, wrapped = 1, 2, 32, 64
	c := e.vt.Cell(x, y)
	if c.Char == 0 {
		c.Char = ' '
	}
	if c.Char == ' ' && c.Mode&(reverse|underline|blink) == 0 {
		c.FG, c.Mode = vt10x.DefaultFG, 0
	}
	c.Mode &^= wrapped
	return c
}

// difference is the first place where two screens differ, "" when they show
// the same.
func (e *emulator) difference(want *emulator) string {
	for y := range e.h {
		for x := range e.w {
			if e.at(x, y) != want.at(x, y) {
				return fmt.Sprintf("at %d,%d is %v in place of %v in\n%s\n%s", x, y, e.at(x, y), want.at(x, y), e.line(y), want.line(y))
			}
		}
	}
	return ""
}

func (e *emulator) line(y int) string {
	var b strings.Builder
	for x := range e.w {
		b.WriteRune(e.at(x, y).Char)
	}
	return b.String()
}

// renderer writes frames as Bubble Tea's standard renderer does on the
// alternate screen: home, only the lines that changed, line feeds over the
// rest, erasing to the right where a line is short.
type renderer struct {
	out   interface{ Write([]byte) (int, error) }
	w, h  int
	last  []string
	drawn int
}

func (r *renderer) enter() {
	for _, q := range []string{"\x1b[?25l", "\x1b[?1049h", "\x1b[2J", "\x1b[H", "\x1b[?25l", "\x1b[?2004h"} {
		_, _ = r.out.Write([]byte(q))
	}
	r.last, r.drawn = nil, 0
}

func (r *renderer) leave() {
	for _, q := range []string{"\x1b[2K", "\r", "\x1b[?2004l", "\x1b[?25h", "\x1b[?1049l", "\x1b[?25h"} {
		_, _ = r.out.Write([]byte(q))
	}
}

func (r *renderer) clear() {
	_, _ = r.out.Write([]byte("\x1b[2J"))
	_, _ = r.out.Write([]byte("\x1b[H"))
	r.last = nil
}

func (r *renderer) resize(w, h int) { r.w, r.h, r.last = w, h, nil }

func (r *renderer) frame(view string) {
	lines := strings.Split(view, "\n")
	if len(lines) > r.h {
		lines = lines[len(lines)-r.h:]
	}
	var b bytes.Buffer
	b.WriteString("\x1b[H")
	for i, line := range lines {
		if i < len(r.last) && r.last[i] == line {
			if i < len(lines)-1 {
				b.WriteByte('\n')
			}
			continue
		}
		line = ansi.Truncate(line, r.w, "")
		if ansi.StringWidth(line) < r.w {
			line += "\x1b[K"
		}
		b.WriteString(line)
		if i < len(lines)-1 {
			b.WriteString("\r\n")
		}
	}
	if r.drawn > len(lines) {
		b.WriteString("\x1b[J")
	}
	fmt.Fprintf(&b, "\x1b[%d;H", len(lines))
	_, _ = r.out.Write(b.Bytes())
	r.last, r.drawn = lines, len(lines)
}
