package emulator

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Renderer writes frames as Bubble Tea's standard renderer does on the
// alternate screen: home, only the lines that changed, line feeds over the
// rest, erasing to the right where a line is short.
type Renderer struct {
	out   io.Writer
	w, h  int
	last  []string
	drawn int
}

// NewRenderer writes to a terminal of a size.
func NewRenderer(out io.Writer, w, h int) *Renderer { return &Renderer{out: out, w: w, h: h} }

// Enter turns the alternate screen on.
func (r *Renderer) Enter() {
	for _, q := range []string{"\x1b[?25l", "\x1b[?1049h", "\x1b[2J", "\x1b[H", "\x1b[?25l", "\x1b[?2004h"} {
		_, _ = r.out.Write([]byte(q))
	}
	r.last, r.drawn = nil, 0
}

// Leave turns it off, as at the end or before a shell.
func (r *Renderer) Leave() {
	for _, q := range []string{"\x1b[2K", "\r", "\x1b[?2004l", "\x1b[?25h", "\x1b[?1049l", "\x1b[?25h"} {
		_, _ = r.out.Write([]byte(q))
	}
}

// Clear empties the screen; the next frame is written whole.
func (r *Renderer) Clear() {
	_, _ = r.out.Write([]byte("\x1b[2J"))
	_, _ = r.out.Write([]byte("\x1b[H"))
	r.last = nil
}

// Resize makes the next frame a whole one of another size.
func (r *Renderer) Resize(w, h int) { r.w, r.h, r.last = w, h, nil }

// Frame writes what differs from the frame before.
func (r *Renderer) Frame(view string) {
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

// Forget makes the next frame a whole one.
func (r *Renderer) Forget() { r.last = nil }
