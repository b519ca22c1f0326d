package table

import (
	"strings"

	"bursar/themes"
)

// draw is the memory that one View leaves to the next.
type draw struct {
	buf   []byte
	cells []Cell
	lines []line // the visible rows, each at its number modulo their number
}

// line is a row as it was drawn, without its gutter. A step of the cursor
// changes gutters alone, so the rest of a row is drawn once.
type line struct {
	row  int
	text []byte // empty: not drawn
}

// forget makes the next View draw every row anew.
func (d *draw) forget() {
	for i := range d.lines {
		d.lines[i].text = d.lines[i].text[:0]
	}
}

// at is where row i is kept while page rows are visible, and whether it is
// there.
func (d *draw) at(i, page int) (kept *line, there bool) {
	if len(d.lines) != page {
		d.lines = make([]line, page)
	}
	kept = &d.lines[i%page]
	return kept, kept.row == i && len(kept.text) > 0
}

// View draws the titles and the visible rows: exactly height lines of exactly
// width cells.
func (t *Table[K]) View() string {
	if t.height == 0 {
		return ""
	}
	b := t.header(t.draw.buf[:0])
	from, to := t.Visible()
	if cap(t.draw.cells) < len(t.columns) {
		t.draw.cells = make([]Cell, len(t.columns))
	}
	for i := from; i < to; i++ {
		b = t.gutter(append(b, '\n'), i)
		kept, there := t.draw.at(i, t.page())
		if !there {
			kept.row, kept.text = i, t.line(kept.text[:0], i)
		}
		b = append(b, kept.text...)
	}
	for i := to - from; i < t.page(); i++ {
		b = append(b, '\n')
		if i == 0 && t.empty != "" {
			b = t.message(b)
			continue
		}
		b = blanks(b, t.width)
	}
	t.draw.buf = b
	return string(b)
}

// header draws the titles; the one the rows are sorted by carries a sign.
func (t *Table[K]) header(b []byte) []byte {
	b = blanks(b, min(gutter, t.width))
	first := true
	for i, c := range t.columns {
		width := t.widths[i]
		if width == 0 {
			continue
		}
		if !first {
			b = blanks(b, gap)
		}
		first = false
		sign := ""
		if c.ID == t.sort && t.sort != "" && width > 2 {
			sign = " " + t.styles.Signs.Descending
			if t.ascending {
				sign = " " + t.styles.Signs.Ascending
			}
		}
		title := Cut(c.Title, width-Width(sign)) + sign
		room := width - Width(title)
		if c.Align != Left {
			b = blanks(b, room)
		}
		b = t.paint(b, themes.Column, title)
		if c.Align == Left {
			b = blanks(b, room)
		}
	}
	return blanks(b, t.width-t.taken())
}

// taken is the width of the columns that are drawn, with the gutter.
func (t *Table[K]) taken() int { return max(t.used(), min(gutter, t.width)) }

// line draws row i without its gutter.
func (t *Table[K]) line(b []byte, i int) []byte {
	cells := t.draw.cells[:len(t.columns)]
	clear(cells)
	t.rows.Row(i, cells)
	first := true
	for c := range cells {
		if t.widths[c] == 0 {
			continue
		}
		if !first {
			b = blanks(b, gap)
		}
		first = false
		b = t.cell(b, cells[c], t.columns[c], t.widths[c])
	}
	return blanks(b, t.width-t.taken())
}

// gutter draws the cursor sign and the mark sign. They are signs and not
// reverse video, so that a step changes two cells and not two lines.
func (t *Table[K]) gutter(b []byte, i int) []byte {
	if t.width < gutter {
		return blanks(b, t.width)
	}
	switch {
	case i != t.cursor:
		b = append(b, ' ')
	case t.blurred:
		b = t.paint(b, themes.Muted, t.styles.Signs.Cursor)
	default:
		b = t.paint(b, themes.Cursor, t.styles.Signs.Cursor)
	}
	if t.marked != nil && t.marked(t.rows.Key(i)) {
		b = t.paint(b, themes.Marked, t.styles.Signs.Mark)
	} else {
		b = append(b, ' ')
	}
	return append(b, ' ')
}

// cell draws one cell into exactly width cells.
func (t *Table[K]) cell(b []byte, c Cell, col Column, width int) []byte {
	if c.Text == "" {
		return blanks(b, width)
	}
	if col.Align == Amount {
		return t.amount(b, c.Tone, Clean(c.Text), width)
	}
	text, taken := cut(c.Text, width)
	if col.Words && taken == width {
		text, taken = cutWords(c.Text, text, taken)
	}
	room := width - taken
	if col.Align == Right {
		b = blanks(b, room)
	}
	b = t.paint(b, c.Tone, text)
	if col.Align == Left {
		b = blanks(b, room)
	}
	return b
}

// cutWords goes on cutting to the end of a word, unless that would leave less
// than half.
func cutWords(whole, text string, width int) (string, int) {
	if len(text) >= len(whole) || !strings.HasSuffix(text, "…") {
		return text, width
	}
	at := strings.LastIndexByte(text, ' ')
	if at <= 0 {
		return text, width
	}
	kept := strings.TrimRight(text[:at], " ,;:.(–—")
	if n := Width(kept) + 1; 2*n >= width {
		return kept + "…", n
	}
	return text, width
}

// message draws the line for a table without rows.
func (t *Table[K]) message(b []byte) []byte {
	left := min(gutter, t.width)
	text := Cut(t.empty, t.width-left)
	b = t.paint(blanks(b, left), themes.Muted, text)
	return blanks(b, t.width-left-Width(text))
}

func (t *Table[K]) paint(b []byte, tone themes.Tone, text string) []byte {
	open := t.styles.Open(tone)
	if open == "" || text == "" {
		return append(b, text...)
	}
	b = append(append(b, open...), text...)
	return append(b, themes.Reset...)
}

const spaces = "                                                                "

func blanks(b []byte, n int) []byte {
	for n > len(spaces) {
		b = append(b, spaces...)
		n -= len(spaces)
	}
	if n <= 0 {
		return b
	}
	return append(b, spaces[:n]...)
}
