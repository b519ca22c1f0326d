package view

import (
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"bursar/keymap"
	"bursar/themes"
)

func TestInputEdits(t *testing.T) {
	tests := []struct {
		name string
		keys []Key
		want string
	}{
		{"letters", []Key{{Text: "a"}, {Text: "ё"}}, "aё"},
		{"backspace takes a rune", []Key{{Text: "aё"}, {Name: "backspace"}}, "a"},
		{"insertion before the cursor", []Key{{Text: "ac"}, {Name: "left"}, {Text: "b"}}, "abc"},
		{"a word back", []Key{{Text: "one two"}, {Name: "ctrl+w"}}, "one "},
		{"to the start", []Key{{Text: "one"}, {Name: "ctrl+u"}}, ""},
		{"home and delete", []Key{{Text: "one"}, {Name: "home"}, {Name: "delete"}}, "ne"},
		{"a paste with line breaks is one line", []Key{{Text: "a\nb\tc\x1b[31m", Paste: true}}, "a b c[31m"},
		{"nothing before the start", []Key{{Name: "backspace"}, {Name: "left"}, {Text: "x"}}, "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var in Input
			for _, k := range tt.keys {
				in.Key(k)
			}
			if in.Value() != tt.want {
				t.Errorf("%q, want %q", in.Value(), tt.want)
			}
		})
	}
}

// A rendition may begin before any character of a field, and then a mark alone
// would cling to whatever the terminal has before it.
func TestInputDrawsWholeCharacters(t *testing.T) {
	tests := []struct {
		name, text string
		left       int // keys to the left
		want       string
	}{
		{"an accent stays on its letter", "e\u0301a", 0, "e\u0301a[ ]  "},
		{"the cursor takes letter and accent", "e\u0301a", 3, "[e\u0301]a   "},
		{"and is not lost between them", "e\u0301a", 2, "[e\u0301]a   "},
		{"an accent without a letter is a dot", "\u0301a", 0, "·a[ ]  "},
		{"a skin tone alone too", "\U0001F3FDa", 0, "·a[ ]  "},
		{"wide letters are two cells", "世a", 0, "世a[ ] "},
		{"the cursor on a wide letter is in sight", "ab世界", 1, "…世[界]"},
	}
	theme, err := themes.ByName("mono")
	if err != nil {
		t.Fatal(err)
	}
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI)
	look := NewLook(themes.Build(r, theme))
	begin, end, _ := strings.Cut(look.Cursor.Render("C"), "C")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := NewInput(tt.text)
			for range tt.left {
				in.Key(Key{Name: "left"})
			}
			got := strings.NewReplacer(begin, "[", end, "]").Replace(in.Draw(5, true, look, -1, 0))
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzInput(f *testing.F) {
	f.Add("Ромашка", 3)
	f.Add("a\x00b", 40)
	f.Add("日本語テキスト", 5)
	f.Fuzz(func(t *testing.T, s string, w int) {
		in := NewInput("")
		in.Key(Key{Text: s})
		for _, name := range []string{"left", "ctrl+w", "home", "delete", "end"} {
			w := w % 300
			if line := in.Draw(w, true, Look{}, 1, 2); w > 0 && Width(line) != w {
				t.Fatalf("%q drawn in %d cells has %d", in.Value(), w, Width(line))
			}
			in.Key(Key{Name: name})
		}
		if !utf8.ValidString(in.Value()) {
			t.Fatalf("%q is no UTF-8", in.Value())
		}
	})
}

// What is counted is what would be measured.
func FuzzWidth(f *testing.F) {
	for _, s := range []string{"", "short", "Ромашка", "\x1b[31mred\x1b[m", "日本語", "\x1b[1;38;5;110m● 12\u00a0345.00\x1b[m ─│", "\x1b[31", "\x1b", "a\x1b[3Kb", "\x1b]2;x\x07", "e\u0301", "\x1b[m\u0301", "✓\ufe0f", "◐\u20e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			t.Fatalf("%q is counted %d cells wide and measured %d", s, got, want)
		}
	})
}

func TestFitIsExact(t *testing.T) {
	for _, s := range []string{"", "short", "Ромашка и партнёры", "\x1b[31mred\x1b[m", "日本語テキスト"} {
		for w := range 12 {
			if got := Width(Fit(s, w)); got != w {
				t.Errorf("Fit(%q, %d) has %d cells", s, w, got)
			}
			if got := Width(FitRight(s, w)); got != w {
				t.Errorf("FitRight(%q, %d) has %d cells", s, w, got)
			}
		}
	}
}

func TestOverKeepsTheCellsBeside(t *testing.T) {
	got := Over([]string{"abcdef", "ghijkl", "mnopqr"}, []string{"XX", "YY"}, 2, 1, 6)
	want := []string{"abcdef", "ghXXkl", "mnYYqr"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %q, want %q", i, got[i], want[i])
		}
	}
}

func TestOverPartsStylesAndWideCharacters(t *testing.T) {
	tests := []struct {
		name, line, box string
		x               int
		want            string
	}{
		{"a rendition goes on behind the box", "\x1b[31mabcdef\x1b[m", "XX", 2, "\x1b[31mab\x1b[mXX\x1b[m\x1b[31mef\x1b[m"},
		{"one that has ended does not", "\x1b[31ma\x1b[mbcdef", "XX", 2, "\x1b[31ma\x1b[mb\x1b[mXX\x1b[mef"},
		{"two make one", "\x1b[1m\x1b[4mabcdef\x1b[m", "XX", 2, "\x1b[1m\x1b[4mab\x1b[mXX\x1b[m\x1b[1m\x1b[4mef\x1b[m"},
		{"a wide one at the left edge", "a世cde", "XX", 2, "a XXde"},
		{"a wide one at the right edge", "abc世f", "XX", 2, "abXX f"},
		{"a wide one below", "ab世ef", "XX", 2, "abXXef"},
		{"a short line", "a", "XX", 2, "a XX  "},
		{"an accent at the edge", "abe\u0301def", "XX", 3, "abe\u0301XXf"},
	}
	for _, tt := range tests {
		if got := Over([]string{tt.line}, []string{tt.box}, tt.x, 0, 6)[0]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Boxes upon boxes, as when answers come late, make no long lines.
func TestOverABoxOverABox(t *testing.T) {
	line := strings.Repeat("\x1b[31mab\x1b[m\x1b[1mcd\x1b[m", 25)
	frame := []string{line}
	for range 100 {
		frame = Over(frame, []string{"\x1b[4m" + strings.Repeat("x", 30) + "\x1b[m"}, 35, 0, 100)
	}
	if len(frame[0]) > 3*len(line) || Width(frame[0]) != 100 {
		t.Errorf("%d bytes after a hundred boxes over %d", len(frame[0]), len(line))
	}
}

func TestWords(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 32, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{Count(0), "0"},
		{Count(1234567), "1\u00a0234\u00a0567"},
		{Count(1002), "1\u00a0002"},
		{Plural(1, "payment", "payments"), "1 payment"},
		{Plural(2, "payment", "payments"), "2 payments"},
		{Stamp(now.Add(-time.Hour), now), "09:32"},
		{Stamp(now.Add(-24*time.Hour), now), "21 Nov 10:32"},
		{Stamp(now.AddDate(-1, 0, 0), now), "2025-11-22"},
		{Stamp(time.Time{}, now), ""},
		{Age(now.Add(-3*time.Minute), now), "3 min ago"},
		{Age(time.Time{}, now), "never"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestMoveStaysInside(t *testing.T) {
	for _, id := range []keymap.ID{keymap.MoveUp, keymap.MoveDown, keymap.MoveTop, keymap.MoveBottom, keymap.PageUp, keymap.PageDown, keymap.HalfUp, keymap.HalfDown} {
		for n := range 4 {
			for at := range n + 1 {
				if to, ok := Move(id, at, n, 2); !ok || to < 0 || n > 0 && to >= n {
					t.Errorf("%s from %d of %d goes to %d", id, at, n, to)
				}
				if top, _ := Scroll(id, at, n, 2); top < 0 || top > max(0, n-2) {
					t.Errorf("%s scrolls from %d of %d to %d", id, at, n, top)
				}
			}
		}
	}
}
