package painter

import (
	"bytes"
	"testing"
)

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
		for y, row := range s.want.rows {
			for x, c := range row {
				if c.wide && (x+1 == len(row) || !row[x+1].tail) || c.tail && (x == 0 || !row[x-1].wide) {
					t.Fatalf("half a character at %d,%d", x, y)
				}
			}
		}
		if alt && (bytes.Contains(out.Bytes(), []byte("\x1b[6n")) || bytes.Contains(out.Bytes(), []byte("\x1b[c"))) {
			t.Fatalf("a question reached the terminal: %q", out.Bytes())
		}
	})
}
