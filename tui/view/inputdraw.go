package view

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// glyph is a character of a text field as it is drawn: a letter with all that
// belongs to it, such as its accents.
type glyph struct {
	text      string
	width     int
	from, end int // in runes
}

// glyphs takes a text apart. A rendition may begin before each of them and the
// cursor may stand on each of them, so what would cling to its neighbours, an
// accent without a letter, is shown as a dot.
func glyphs(s string) []glyph {
	var out []glyph
	at := 0
	for s != "" {
		text, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(text):]
		g := glyph{text: text, width: width, from: at, end: at + utf8.RuneCountInString(text)}
		if width == 0 || clings(text) {
			g.text, g.width = "·", 1
		}
		at = g.end
		out = append(out, g)
	}
	return out
}

// clings reports whether a character would be one with a letter before it or a
// blank behind it.
func clings(text string) bool {
	before, _ := ansi.FirstGraphemeCluster("x"+text, ansi.GraphemeWidth)
	behind, _ := ansi.FirstGraphemeCluster(text+" ", ansi.GraphemeWidth)
	return len(before) > 1 || len(behind) > len(text)
}

// Draw shows the text in w cells with its cursor when focused. The part from
// rune bad on, badLen runes long, is drawn in the bad style; -1 is none.
func (in Input) Draw(w int, focused bool, look Look, badAt, badLen int) string {
	if w < 1 {
		return ""
	}
	all := glyphs(in.Value())
	at := len(all) // of the cursor
	for at > 0 && all[at-1].end > in.Cursor() {
		at--
	}
	from := scroll(all, at, w)
	var b strings.Builder
	used := 0
	if from > 0 && from != at {
		b.WriteString(look.Muted.Render(Ellipsis)) // there is more on the left
		from, used = from+1, 1
	}
	for i := from; i <= len(all) && used < w; i++ {
		g := glyph{text: " ", width: 1}
		if i < len(all) {
			g = all[i]
		} else if !focused || i != at {
			break
		}
		if used+g.width > w {
			break
		}
		used += g.width
		switch {
		case focused && i == at:
			b.WriteString(look.Cursor.Render(g.text))
		case badAt >= 0 && g.end > badAt && g.from < badAt+max(1, badLen):
			b.WriteString(look.Bad.Render(g.text))
		default:
			b.WriteString(look.Text.Render(g.text))
		}
	}
	return b.String() + Spaces(w-used)
}

// scroll is the first character to draw so that the cursor is inside w cells.
func scroll(all []glyph, at, w int) int {
	from, used := at, 1
	if at < len(all) {
		used = all[at].width
	}
	for from > 0 && used+all[from-1].width <= w {
		from--
		used += all[from].width
	}
	return from
}
