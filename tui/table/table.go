// Package table is the virtual table behind every list: it knows how many rows
// there are and asks only for those it draws, so a million rows cost as much as
// fifty. It is state and a View; it imports no Bubble Tea, reads no clock and
// does no input or output.
package table

import (
	"bursar/themes"
)

// Align says where a column's text stands.
type Align uint8

// The alignments.
const (
	Left   Align = iota
	Right        // numbers without a fraction, ages
	Amount       // number and currency: decimal points and currencies stand in line
)

// Column is one column's place in the table. Widths depend on the columns and
// the terminal alone, never on the rows, so nothing jumps when data arrives.
type Column struct {
	ID    string // names the column, for the sort sign
	Title string
	Min   int // cells; a column that cannot have them is dropped
	Good  int // cells that show nearly all of it; no less than Min
	Max   int // cells; 0: no wider than Min, unless Flex says that it grows without end
	Flex  int // share of the room that is left when all have their Min
	Align Align
	// Priority orders the columns on narrow screens: the one with the highest
	// number is dropped first, 0 is never dropped. From Luxury on a column is
	// only there when all that come before it have their good width.
	Priority int
	// Words: what does not fit is cut between words, where that keeps enough.
	Words bool
}

// Luxury is the first priority of columns that are nice to have: they must not
// take cells from the others.
const Luxury = 4

// Cell is one cell's plain text and how it looks. Text comes as the payment
// system sent it; the table makes it harmless.
type Cell struct {
	Text string
	Tone themes.Tone
}

// Rows is what the table shows. K identifies a row whatever its place.
type Rows[K comparable] interface {
	Len() int
	// Row fills the cells of row i, one per column of the table in their
	// order. Cells arrive empty.
	Row(i int, into []Cell)
	Key(i int) K
}

// Indexer is implemented by Rows that find a row by its key; without it the
// table looks around the row's last place.
type Indexer[K comparable] interface {
	Index(key K) (int, bool)
}

// Table is the state of one table. It is not for concurrent use.
type Table[K comparable] struct {
	columns []Column
	widths  []int // by column; 0: dropped
	styles  themes.Styles
	rows    Rows[K]
	marked  func(K) bool

	width, height int
	cursor, top   int
	key           K    // of the row under the cursor, kept over refreshes
	keyed         bool // key is set
	sort          string
	ascending     bool
	blurred       bool
	empty         string

	draw draw
}

// New makes an empty table.
func New[K comparable](styles themes.Styles, columns ...Column) *Table[K] {
	t := &Table[K]{styles: styles, columns: columns}
	t.layout()
	return t
}

// SetStyles changes the theme.
func (t *Table[K]) SetStyles(styles themes.Styles) {
	t.styles = styles
	t.draw.forget()
}

// SetColumns changes the columns. Rows must fill as many cells from now on.
func (t *Table[K]) SetColumns(columns ...Column) {
	t.columns = columns
	t.layout()
	t.draw.forget()
}

// SetSize gives the table its room: width and height in cells, the line of
// titles included.
func (t *Table[K]) SetSize(width, height int) {
	if width == t.width && height == t.height {
		return
	}
	t.width, t.height = max(width, 0), max(height, 0)
	t.layout()
	t.follow()
	t.draw.forget()
}

// SetRows shows other rows, or the same ones with other contents: what a row
// says is asked for once, when it comes into sight. The cursor stays on the row
// it was on, by key, and that row stays at its place on the screen; a row that
// is gone leaves the cursor at its old number.
func (t *Table[K]) SetRows(rows Rows[K]) {
	t.rows = rows
	t.draw.forget()
	if t.keyed {
		if i, ok := t.find(t.key); ok {
			t.top += i - t.cursor
			t.cursor = i
		}
	}
	t.settle()
}

// SetMarked gives the table the question whether a row is marked.
func (t *Table[K]) SetMarked(marked func(K) bool) { t.marked = marked }

// SetSort shows the sort sign at a column's title; "" shows none.
func (t *Table[K]) SetSort(column string, ascending bool) { t.sort, t.ascending = column, ascending }

// SetFocused says whether the keys go to this table; without them its cursor
// sign is muted.
func (t *Table[K]) SetFocused(focused bool) { t.blurred = !focused }

// SetEmpty is the one line shown while there are no rows.
func (t *Table[K]) SetEmpty(text string) { t.empty = text }

// Len is the number of rows.
func (t *Table[K]) Len() int {
	if t.rows == nil {
		return 0
	}
	return t.rows.Len()
}

// Cursor is the row under the cursor; false when there is none.
func (t *Table[K]) Cursor() (int, K, bool) {
	if t.cursor >= t.Len() {
		var zero K
		return 0, zero, false
	}
	return t.cursor, t.rows.Key(t.cursor), true
}

// Visible is the range of rows on screen, from included, to not.
func (t *Table[K]) Visible() (from, to int) {
	return t.top, min(t.top+t.page(), t.Len())
}

// Columns are those that have room, in order.
func (t *Table[K]) Columns() []Column {
	var out []Column
	for i, c := range t.columns {
		if t.widths[i] > 0 {
			out = append(out, c)
		}
	}
	return out
}
