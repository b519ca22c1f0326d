package painter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bursar/tui/painter/emulator"
)

// TestFramesOneAfterTheOther names the places where a terminal and a count of
// columns part ways.
func TestFramesOneAfterTheOther(t *testing.T) {
	for name, frames := range map[string][]string{
		"a change in the last column, then one left of it": {"aaaaaaaaaa", "aaaaaaaaab", "aaaaaaaxab"},
		"half a wide character at the edge":                {"abcdefghij", "abcdefghi世"},
		"behind an accent":                                 {"ae\u0301aaaa", "ao\u0301xaay"},
		"a wide one becomes narrow":                        {"世界", "a界", "a界b"},
		"lines shrink below one that stays":                {"one\ntwo\nthree", "one\ntwo", "one"},
		"a full line above lines that go":                  {"1234567890\nx", "0987654321"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, direct := range []bool{false, true} {
				names := emulator.Names{}
				real := emulator.New(10, 4, names)
				s := NewScreen(real, 10, 4)
				r := emulator.NewRenderer(s, 10, 4)
				r.Enter()
				for _, view := range frames {
					if direct {
						s.Draw(view)
					} else {
						r.Frame(view)
					}
					fresh := emulator.New(10, 4, names)
					full := emulator.NewRenderer(fresh, 10, 4)
					full.Enter()
					full.Frame(view)
					if diff := real.Difference(fresh); diff != "" {
						t.Fatalf("direct %v, %q: %s", direct, view, diff)
					}
				}
			}
		})
	}
}

// TestPensChangeIntoEachOther reads back what a change of rendition writes.
func TestPensChangeIntoEachOther(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) pen {
		colors := []color{0, palette, palette | 9, palette | 110, direct | 0x102030, direct}
		return pen{
			fg: rapid.SampledFrom(colors).Draw(t, "fg"), bg: rapid.SampledFrom(colors).Draw(t, "bg"),
			attrs: attr(rapid.Byte().Draw(t, "attrs")),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		from, to := draw.Draw(t, "from"), draw.Draw(t, "to")
		got, q := from, string(to.change(nil, from))
		if q != "" {
			got.sgr([]byte(strings.TrimSuffix(strings.TrimPrefix(q, "\x1b["), "m")))
		}
		if got != to {
			t.Fatalf("%+v by %q is %+v, want %+v", from, q, got, to)
		}
	})
}
