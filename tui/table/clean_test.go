package table

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":                      {"Order 42 paid", "Order 42 paid"},
		"Cyrillic":                   {"ООО «Ромашка» № 5 — 10 ₽", "ООО «Ромашка» № 5 — 10 ₽"},
		"an escape sequence":         {"a\x1b[31mb", "a·[31mb"},
		"a title change":             {"\x1b]2;x\x07", "·]2;x·"},
		"a control character of C1":  {"a\u009b31mb", "a·31mb"},
		"lines and tabs":             {"a\r\nb\tc", "a··b·c"},
		"broken UTF-8":               {"a\xffb", "a·b"},
		"a direction override":       {"abc\u202e321", "abc·321"},
		"direction isolates":         {"\u2066x\u2069", "·x·"},
		"letters from right to left": {"שלום 12", "···· 12"},
		"an invisible blank":         {"iv\u200ban", "iv·an"},
		"a joiner":                   {"a\u200db", "a·b"},
		"a soft hyphen":              {"a\u00adb", "a·b"},
		"a byte order mark":          {"\ufeffa", "·a"},
		"a no-break blank":           {"1\u00a0000", "1\u00a0000"},
		"a thin blank":               {"1\u2009000", "1 000"},
		"a composed letter":          {"и\u0306", "й"},
		"an accent that stays":       {"а\u0301б", "а\u0301б"},
		"a heap of accents":          {"а\u0301\u0301\u0301\u0301б", "а\u0301\u0301б"},
		"an accent without a letter": {"\u0301а", "а"},
		"wide letters":               {"世界", "世界"},
		"a picture's colour":         {"☎\ufe0f", "☎"},
		"a flag":                     {"🇷🇺", "··"},
		"a line separator":           {"a\u2028b", "a·b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("%q became %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestCutAndFit(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"Ромашка", 7, "Ромашка"},
		{"Ромашка", 6, "Ромаш…"},
		{"Ромашка", 1, "…"},
		{"Ромашка", 0, ""},
		{"Ромашка", 9, "Ромашка  "},
		{"世界の", 6, "世界の"},
		{"世界の", 5, "世界…"},
		{"世界の", 4, "世… "},
		{"", 3, "   "},
		{"\x1b[2J", 4, "·[2J"},
	} {
		if got := Fit(c.in, c.width); got != c.want {
			t.Errorf("%q in %d cells is %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Ромашка", "\x1b[31m", "\u202eabc", "👩‍👩‍👧", "e\u0301\u0301\u0301", "\xff\x9b", "🇷🇺", "각", "\u115f\u1160", "नि", "☎️", "\u2028"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		clean := Clean(s)
		if !utf8.ValidString(clean) || ansi.Strip(clean) != clean {
			t.Fatalf("%q became %q, which a terminal acts on", s, clean)
		}
		for _, r := range clean {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || rightToLeft(r) {
				t.Fatalf("%q kept %U", s, r)
			}
		}
		if again := Clean(clean); again != clean {
			t.Fatalf("%q cleans to %q and that to %q", s, clean, again)
		}
		if ansi.StringWidth(clean) != Width(clean) {
			t.Fatalf("%q is measured %d and %d", clean, Width(clean), ansi.StringWidth(clean))
		}
		width = max(0, min(width, 300))
		if fit := Fit(s, width); ansi.StringWidth(fit) != width || strings.ContainsRune(fit, '\n') {
			t.Fatalf("%q fitted to %d is %q", s, width, fit)
		}
	})
}
