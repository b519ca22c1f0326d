// Package painter stands between Bubble Tea's renderer and the terminal. The
// renderer writes whole lines; the painter reads them into a grid of cells and
// sends on only the cells that differ from what the terminal shows, which is a
// fortieth of the bytes when a table scrolls.
//
// It works on the alternate screen alone. Outside it every byte passes through
// untouched. On it, text, cursor moves, erasing and renditions are understood;
// modes, titles and the clipboard pass through in their order; anything else
// is dropped, so that a sequence that slipped into a text cannot reach the
// terminal. Entering the alternate screen, clearing it and a change of size
// make the painter forget what the terminal shows and draw everything anew.
package painter

import (
	"io"
	"os"
	"sync"

	"github.com/charmbracelet/x/term"
)

// Painter is the terminal to Bubble Tea: give it to tea.WithOutput. It embeds
// the file so that Bubble Tea sees a terminal and can ask for its size.
type Painter struct {
	*os.File
	screen *Screen
}

// New makes a painter for a terminal. It follows the terminal's size by itself.
func New(out *os.File) *Painter {
	p := &Painter{File: out, screen: NewScreen(out, 80, 24)}
	if term.IsTerminal(out.Fd()) {
		p.screen.size = func() (int, int, bool) {
			w, h, err := term.GetSize(out.Fd())
			return w, h, err == nil
		}
	}
	return p
}

// Write takes what Bubble Tea writes and sends on what the terminal lacks.
func (p *Painter) Write(b []byte) (int, error) { return p.screen.Write(b) }

// WriteString is Write; without it the file's own would go past the painter.
func (p *Painter) WriteString(s string) (int, error) { return p.screen.Write([]byte(s)) }

// ReadFrom is Write of all that r gives, for the same reason.
func (p *Painter) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{p.screen}, r)
}

// Resize tells the size of an output that cannot be asked for it. A terminal
// can, and corrects it with the next frame.
func (p *Painter) Resize(width, height int) { p.screen.Resize(width, height) }

// Invalidate makes the next frame draw everything, after something else wrote
// to the terminal.
func (p *Painter) Invalidate() { p.screen.Invalidate() }

// Screen is the painter for an output that is no file, such as an SSH
// connection; its owner passes on changes of size.
type Screen struct {
	mu   sync.Mutex
	out  io.Writer
	size func() (width, height int, ok bool) // nil: only Resize changes it

	pending []byte // the start of a sequence whose rest comes with the next write
	alt     bool   // on the alternate screen: the grids are in use
	want    grid   // what Bubble Tea drew
	pen     pen    // its rendition
	x, y    int    // its cursor; x may be the width, just behind the last cell
	shown   bool   // the cursor is visible
	over    bool   // the cursor came to its line and nothing was written there yet
	drawn   bool   // something was put since the terminal was last known

	direct  bool     // views come through Draw
	drawing bool     // one is being read
	cleared bool     // Bubble Tea cleared the screen
	view    string   // the newest view
	lines   []string // its lines, as far as they are in the grid
	limit   limit
	owed    bool // the view that waits answers a key

	term terminal // what the terminal shows
}

// NewScreen makes a painter for any output of a known size.
func NewScreen(out io.Writer, width, height int) *Screen {
	s := &Screen{out: out, shown: true}
	s.resize(width, height)
	return s
}

// Resize changes the size.
func (s *Screen) Resize(width, height int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resize(width, height)
}

// Invalidate makes the next frame draw everything.
func (s *Screen) Invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
}

// Write takes what Bubble Tea writes and sends on what the terminal lacks, in
// one write or none.
func (s *Screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin()
	input := b
	if len(s.pending) > 0 {
		input = append(s.pending, b...)
	}
	rest := s.read(input)
	s.pending = append(s.pending[:0:0], rest...)
	if s.direct {
		return len(b), s.answer()
	}
	if s.alt && (s.term.known || s.drawn) {
		s.term.paint(&s.want, s.cursor())
	}
	if err := s.send(); err != nil {
		return 0, err
	}
	return len(b), nil
}

// begin asks for the size and empties the way to the terminal.
func (s *Screen) begin() {
	if s.size != nil {
		if w, h, ok := s.size(); ok {
			s.resize(w, h)
		}
	}
	s.term.out = s.term.out[:0]
}

// send writes out what has gathered for the terminal.
func (s *Screen) send() error {
	if len(s.term.out) == 0 {
		return nil
	}
	if _, err := s.out.Write(s.term.out); err != nil {
		s.forget() // nobody knows how much of it arrived
		return err
	}
	return nil
}

// cursor is where the terminal's cursor has to be after a frame: anywhere when
// it is hidden.
func (s *Screen) cursor() *place {
	if !s.shown {
		return nil
	}
	return &place{x: min(s.x, s.want.w-1), y: s.y}
}

// resize keeps what fits: Bubble Tea draws the rest when it learns the size.
func (s *Screen) resize(w, h int) {
	w, h = max(w, 1), max(h, 1)
	if w == s.want.w && h == s.want.h {
		return
	}
	s.want.resize(w, h)
	s.x, s.y = min(s.x, w), min(s.y, h-1)
	s.lines = s.lines[:0]
	s.forget()
	s.drawn = s.alt
}

// forget marks the terminal's content as unknown.
func (s *Screen) forget() {
	s.term.known = false
	s.drawn = true
}
