package painter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bursar/tui/painter/emulator"
)

var words = []string{
	"payment", "ООО «Ромашка»", "Ёлкин", "100.00 RUB", " ", "   ", "              ", "世界", "日本", "e\u0301", "и\u0306", "👍", "│", "───", "●", "▌", "x",
}

var renditions = []string{
	"\x1b[m", "\x1b[1m", "\x1b[7m", "\x1b[31m", "\x1b[38;5;110m", "\x1b[38;2;1;2;3m", "\x1b[44m", "\x1b[48;5;233m", "\x1b[4m", "\x1b[0;1;92m", "\x1b[22m", "\x1b[39;49m",
}

func drawLine(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 14).Draw(t, "parts") {
		if rapid.IntRange(0, 3).Draw(t, "what") == 0 {
			b.WriteString(rapid.SampledFrom(renditions).Draw(t, "rendition"))
		} else {
			b.WriteString(rapid.SampledFrom(words).Draw(t, "word"))
		}
	}
	return b.String() + "\x1b[m"
}

// nextFrame changes some lines, moves them up or down, or draws all anew.
func nextFrame(t *rapid.T, lines []string, h int) []string {
	switch rapid.IntRange(0, 4).Draw(t, "change") {
	case 0: // a step of the cursor
		if len(lines) > 0 {
			lines = append([]string(nil), lines...)
			lines[rapid.IntRange(0, len(lines)-1).Draw(t, "line")] = drawLine(t)
		}
	case 1, 2: // a scroll inside of fixed lines
		if len(lines) > 6 {
			n := rapid.IntRange(1, 3).Draw(t, "by")
			top, bottom := rapid.IntRange(0, 2).Draw(t, "top"), len(lines)-rapid.IntRange(0, 2).Draw(t, "bottom")
			body := append([]string(nil), lines[top:bottom]...)
			fresh := make([]string, n)
			for i := range fresh {
				fresh[i] = drawLine(t)
			}
			if rapid.Bool().Draw(t, "up") {
				body = append(body[n:], fresh...)
			} else {
				body = append(fresh, body[:len(body)-n]...)
			}
			lines = append(append(append([]string(nil), lines[:top]...), body...), lines[bottom:]...)
		}
	default:
		lines = make([]string, rapid.IntRange(max(1, h-4), h+2).Draw(t, "height"))
		for i := range lines {
			lines[i] = drawLine(t)
		}
	}
	return lines
}

// TestScreenEqualsAFullRedraw is the painter's promise: whatever frames, sizes
// and clears come, the terminal shows what a full redraw of the last frame
// would show.
func TestScreenEqualsAFullRedraw(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 15}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { checkFrames(t, size[0], size[1]) })
		})
	}
}

func checkFrames(t *rapid.T, w, h int) {
	names := emulator.Names{}
	real := emulator.New(w, h, names)
	screen := NewScreen(real, w, h)
	r := emulator.NewRenderer(screen, w, h)
	r.Enter()
	direct := rapid.Bool().Draw(t, "direct")
	lines := []string{"first"}
	for range rapid.IntRange(1, 6).Draw(t, "frames") {
		switch rapid.IntRange(0, 9).Draw(t, "event") {
		case 0:
			w = max(10, w+rapid.IntRange(-7, 7).Draw(t, "w"))
			h = max(5, h+rapid.IntRange(-4, 4).Draw(t, "h"))
			real.Resize(w, h)
			screen.Resize(w, h)
			r.Resize(w, h)
		case 1:
			r.Clear()
		case 2: // suspended and back
			r.Leave()
			_, _ = screen.Write([]byte("shell\r\n"))
			r.Enter()
		}
		lines = nextFrame(t, lines, h)
		if direct {
			screen.limit = limit{} // the rate has a test of its own
			screen.Draw(strings.Join(lines, "\n"))
			r.Frame(" ")
		} else {
			r.Frame(strings.Join(lines, "\n"))
		}

		fresh := emulator.New(w, h, names)
		full := emulator.NewRenderer(fresh, w, h)
		full.Enter()
		full.Frame(strings.Join(lines, "\n"))
		if diff := real.Difference(fresh); diff != "" {
			t.Fatalf("after %q: %s", lines, diff)
		}
	}
}

func TestQuietWhenNothingChanges(t *testing.T) {
	var out bytes.Buffer
	s := NewScreen(&out, 40, 10)
	r := emulator.NewRenderer(s, 40, 10)
	r.Enter()
	r.Frame("one\ntwo")
	out.Reset()
	r.Forget() // the whole frame is written again
	r.Frame("one\ntwo")
	if out.Len() > 0 {
		t.Errorf("the same frame cost %q", out.String())
	}
}

func TestPassesThrough(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"text outside the alternate screen": {"hello\r\n", "hello\r\n"},
		"an unknown sequence outside":       {"\x1b[6n\x1bP1$r\x1b\\", "\x1b[6n\x1bP1$r\x1b\\"},
		"the clipboard":                     {"\x1b[?1049h\x1b]52;c;QQ==\x07", "\x1b[?1049h\x1b]52;c;QQ==\x07"},
		"the title":                         {"\x1b[?1049h\x1b]2;bursar\x07", "\x1b[?1049h\x1b]2;bursar\x07"},
		"mouse and paste":                   {"\x1b[?1049h\x1b[?1002h\x1b[?2004h", "\x1b[?1049h\x1b[?1002h\x1b[?2004h"},
		"the end of the alternate screen":   {"\x1b[?1049h\x1b[?1049lback", "\x1b[?1049h\x1b[?1049lback"},
		"no question from inside a text":    {"\x1b[?1049h\x1b[6n\x1b[c\x1b]11;?\x07\x1bPq\x1b\\", "\x1b[?1049h"},
	} {
		t.Run(name, func(t *testing.T) {
			var whole, torn bytes.Buffer
			if _, err := NewScreen(&whole, 20, 5).Write([]byte(c.in)); err != nil {
				t.Fatal(err)
			}
			s := NewScreen(&torn, 20, 5)
			for i := range len(c.in) {
				_, _ = s.Write([]byte{c.in[i]})
			}
			if whole.String() != c.want || torn.String() != c.want {
				t.Errorf("got %q, torn apart %q, want %q", whole.String(), torn.String(), c.want)
			}
		})
	}
}

func TestLargeFramesAreSynchronized(t *testing.T) {
	var out bytes.Buffer
	s := NewScreen(&out, 80, 24)
	r := emulator.NewRenderer(s, 80, 24)
	r.Enter()
	out.Reset()
	r.Frame(strings.Repeat(strings.Repeat("x", 70)+"\n", 20))
	if !bytes.HasPrefix(out.Bytes(), []byte(beginSync)) || !bytes.HasSuffix(out.Bytes(), []byte(endSync)) {
		t.Errorf("a whole screen is not wrapped: %.40q … %q", out.Bytes(), out.Bytes()[out.Len()-20:])
	}
}

func TestCursorIsPutWhereItIsShown(t *testing.T) {
	e := emulator.New(20, 5, nil)
	s := NewScreen(e, 20, 5)
	_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[Hname: abc\x1b[?25h\x1b[1;7H"))
	if x, y, visible := e.Cursor(); x != 6 || y != 0 || !visible {
		t.Errorf("cursor at %d,%d", x, y)
	}
}

// failing refuses its first writes.
type failing struct {
	bytes.Buffer
	left int
}

func (f *failing) Write(b []byte) (int, error) {
	if f.left > 0 {
		f.left--
		return 0, fmt.Errorf("line is down")
	}
	return f.Buffer.Write(b)
}

func TestDrawsAllAfterAFailedWrite(t *testing.T) {
	out := &failing{}
	s := NewScreen(out, 20, 5)
	r := emulator.NewRenderer(s, 20, 5)
	r.Enter()
	r.Frame("one\ntwo")
	out.left = 1
	r.Frame("one\nTWO")
	out.Reset()
	r.Frame("one\nTHREE")
	if !strings.Contains(out.String(), "one") || !strings.Contains(out.String(), "THREE") {
		t.Errorf("the frame after an error was %q, not a whole one", out.String())
	}
}
