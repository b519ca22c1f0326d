package painter

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// whole checks that no character on the grid is cut in half.
func whole(t *testing.T, s *Screen) {
	t.Helper()
	for y, row := range s.want.rows {
		for x, c := range row {
			if c.wide && (x+1 == len(row) || !row[x+1].tail) || c.tail && (x == 0 || !row[x-1].wide) {
				t.Fatalf("half a character at %d,%d", x, y)
			}
		}
	}
}

// FuzzDraw draws anything as a view: nothing but text, renditions and moves of
// the painter's own may reach the terminal.
func FuzzDraw(f *testing.F) {
	for _, seed := range []string{"платёж\n\x1b[1mx\x1b[m", "\x1b]52;c;QQ==\x07", "世界世界世界世界世界世界", "\x1b[?1049l\x1b[6n", "a\r\tb\b\x00", "\x1b[38;5;", "\x1b\x8c0", "e\u0301\n\u0301", "a" + strings.Repeat("\u20dd", 11), "0\xf4\x1b[6n", "\xe4\xb80\xe7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, view string) {
		var out bytes.Buffer
		s := NewScreen(&out, 11, 4)
		_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H"))
		s.Draw("first")
		out.Reset()
		s.Draw(view)
		whole(t, s)
		if !utf8.Valid(out.Bytes()) {
			t.Fatalf("%q was written as %q", view, out.Bytes())
		}
		for rest := out.Bytes(); ; {
			at := bytes.IndexByte(rest, esc)
			if at < 0 {
				break
			}
			n := sequence(rest[at:])
			if q := rest[at : at+n]; n < 3 || q[1] != '[' || !bytes.ContainsAny(q[n-1:], "mHABCDGKXSTJrhl") || bytes.ContainsAny(q[n-1:], "hl") && !bytes.Contains(q, []byte("?2026")) {
				t.Fatalf("%q let %q through", view, q)
			}
			rest = rest[at+n:]
		}
	})
}

// FuzzWrite feeds anything: the painter must not panic, must keep its grid
// whole, must take input in pieces as it takes it in one, and must let no
// question to the terminal through.
func FuzzWrite(f *testing.F) {
	for _, seed := range []string{
		"\x1b[Hплатёж\x1b[K\r\n\x1b[1;31mred\x1b[m", "\x1b[2J\x1b[H世界\x1b[1;2Hx", "\x1b]52;c;QQ==\x07", "\x1b[38;2;1;2m\x1b[48:5:3mx", "e\u0301\u0301", "\xff\xfe\x1b",
		"\x1b[999999999999C\x1b[0;0H\n\n\n\n\n\n", "\x1b[3L\x1b[2M\x1b[5X", "\x1bP\x1b\\\x1b_x\x18", "\u200b\u202e\u0085", "\x1b[?1049l\x1b[6n\x1b[?1049h", "👍🏽🇷🇺",
	} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		var out bytes.Buffer
		s := NewScreen(&out, 20, 5)
		_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H"))
		alt := !bytes.Contains(in, []byte("\x1b[?"))
		cut = max(0, min(cut, len(in)))
		_, _ = s.Write(in[:cut])
		_, _ = s.Write(in[cut:])
		whole(t, s)
		if alt && (bytes.Contains(out.Bytes(), []byte("\x1b[6n")) || bytes.Contains(out.Bytes(), []byte("\x1b[c"))) {
			t.Fatalf("a question reached the terminal: %q", out.Bytes())
		}
	})
}
