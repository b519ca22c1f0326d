package painter

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"bursar/providers"
	"bursar/themes"
	"bursar/tui/painter/emulator"
	"bursar/tui/table"
)

// million is a million made-up payments, each made when it is asked for.
type million struct{}

func (million) Len() int      { return 1_000_000 }
func (million) Key(i int) int { return i }
func (million) Row(i int, c []table.Cell) {
	party := []string{"ООО «Ромашка»", "Иванов Пётр", "Coffee & Co", "ИП Ёлкина", "Северный ветер"}[i%5]
	phase := providers.Phase(i % 8)
	n := i*7919 + 13
	c[0] = table.Cell{Text: fmt.Sprintf("2026-11-%02d %02d:%02d", 1+n%28, n/28%24, n/7%60), Tone: themes.Muted}
	c[1] = table.Cell{Text: fmt.Sprintf("%08d", n%100000000)}
	c[2] = table.Cell{Text: phase.String(), Tone: themes.Phase(phase)}
	c[3] = table.Cell{Text: fmt.Sprintf("%d %03d.%02d RUB", n%90, n%1000, n%100)}
	c[4] = table.Cell{Text: party}
	c[5] = table.Cell{Text: "bank_card"}
	c[6] = table.Cell{Text: fmt.Sprintf("order %d for %s, paid in one part", n, party), Tone: themes.Muted}
}

func payments(w, h int) *table.Table[int] {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.TrueColor)
	theme, err := themes.ByName("dark")
	if err != nil {
		panic(err)
	}
	t := table.New[int](themes.Build(r, theme),
		table.Column{ID: "created", Title: "Created", Min: 16},
		table.Column{ID: "number", Title: "Number", Min: 10, Max: 20, Flex: 1},
		table.Column{ID: "status", Title: "Status", Min: 12, Max: 18, Flex: 1},
		table.Column{ID: "amount", Title: "Amount", Min: 16, Align: table.Amount},
		table.Column{ID: "party", Title: "Party", Min: 20, Max: 40, Flex: 3},
		table.Column{ID: "method", Title: "Method", Min: 10, Priority: 2},
		table.Column{ID: "note", Title: "Note", Min: 20, Flex: 4, Priority: 3},
	)
	t.SetSize(w, h)
	t.SetRows(million{})
	t.SetSort("created", false)
	return t
}

// counter counts bytes, as a line would carry them.
type counter struct{ n int }

func (c *counter) Write(b []byte) (int, error) {
	c.n += len(b)
	return len(b), nil
}

// BenchmarkStep reports what a key costs in bytes on a screen of 200x50, with
// the painter and as Bubble Tea's renderer writes it, and their ratio.
func BenchmarkStep(b *testing.B) {
	marks := map[int]bool{}
	keys := []struct {
		name  string
		press func(t *table.Table[int], i int)
	}{
		{"cursor", func(t *table.Table[int], i int) { t.GoTo(10 + i%30) }},
		{"mark", func(t *table.Table[int], i int) { marks[5] = !marks[5] }},
		{"scroll", func(t *table.Table[int], i int) { t.GoTo(200 + i) }},
		{"scroll back", func(t *table.Table[int], i int) { t.GoTo(900_000 - i) }},
		{"page", func(t *table.Table[int], i int) { t.Page(1) }},
	}
	for _, key := range keys {
		b.Run(key.name, func(b *testing.B) {
			t := payments(200, 50)
			t.SetMarked(func(i int) bool { return marks[i] })
			var painted, stock counter
			screen := NewScreen(&painted, 200, 50)
			screens := []*emulator.Renderer{emulator.NewRenderer(screen, 200, 50), emulator.NewRenderer(&stock, 200, 50)}
			for _, r := range screens {
				r.Enter()
			}
			show := func(i int) {
				key.press(t, i)
				view := t.View()
				for _, r := range screens {
					r.Frame(view)
				}
			}
			show(0)
			show(1)
			painted.n, stock.n = 0, 0
			i, least := 2, 0
			for b.Loop() {
				before := copied(&screen.want)
				show(i)
				least += floor(before, &screen.want)
				i++
			}
			b.ReportMetric(float64(least)/float64(i-2), "floor-B/key")
			b.ReportMetric(float64(painted.n)/float64(i-2), "B/key")
			b.ReportMetric(float64(stock.n)/float64(i-2), "stock-B/key")
			b.ReportMetric(float64(painted.n)/float64(stock.n), "of-stock")
		})
	}
}

func copied(g *grid) [][]cell {
	rows := make([][]cell, g.h)
	for y := range rows {
		rows[y] = append([]cell(nil), g.rows[y]...)
	}
	return rows
}

// floor is what the changed cells cost at least without scrolling: their text,
// five bytes for each run of them and four for each change of rendition.
func floor(before [][]cell, now *grid) (bytes int) {
	var p pen
	for y, row := range now.rows {
		in := false
		for x, c := range row {
			if c == before[y][x] {
				in = false
				continue
			}
			if !in {
				bytes += 5
			}
			if c.pen != p {
				bytes += 4
			}
			in, p = true, c.pen
			bytes += utf8.RuneLen(max(c.r, ' '))
		}
	}
	return bytes
}

// BenchmarkFrame is the processor's part of one frame that changes every row.
func BenchmarkFrame(b *testing.B) {
	t := payments(200, 50)
	var frames []string
	for range 16 {
		t.Page(1)
		frames = append(frames, "\x1b[H"+strings.ReplaceAll(t.View(), "\n", "\r\n"))
	}
	s := NewScreen(io.Discard, 200, 50)
	_, _ = s.Write([]byte("\x1b[?25l\x1b[?1049h"))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		_, _ = s.Write([]byte(frames[i%len(frames)]))
		i++
	}
}
