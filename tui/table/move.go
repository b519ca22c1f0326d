package table

// margin is how many rows are kept in sight beyond the cursor while it moves
// by single rows.
const margin = 2

// searchSpan is how far around its last place a row is looked for when the
// rows cannot find it by key.
const searchSpan = 4096

// Spot is the rows of a table with the place of its cursor and window.
type Spot[K comparable] struct {
	rows        Rows[K]
	cursor, top int
	key         K
	keyed       bool
}

// Spot is where the table stands.
func (t *Table[K]) Spot() Spot[K] { return Spot[K]{t.rows, t.cursor, t.top, t.key, t.keyed} }

// Restore goes back to where the table stood, as if nothing had been tried
// meanwhile.
func (t *Table[K]) Restore(s Spot[K]) {
	t.draw.forget()
	t.rows, t.cursor, t.top, t.key, t.keyed = s.rows, s.cursor, s.top, s.key, s.keyed
}

// page is the number of rows that fit.
func (t *Table[K]) page() int { return max(t.height-1, 0) }

// Move moves the cursor by n rows, scrolling no more than needed.
func (t *Table[K]) Move(n int) { t.GoTo(t.cursor + n) }

// GoTo puts the cursor on row i, or the nearest there is, scrolling no more
// than needed.
func (t *Table[K]) GoTo(i int) {
	t.cursor = i
	t.settle()
}

// GoToKey puts the cursor on the row with the key; false when it is not there.
func (t *Table[K]) GoToKey(key K) bool {
	i, ok := t.find(key)
	if ok {
		t.GoTo(i)
	}
	return ok
}

// Page moves by n pages, cursor and window together.
func (t *Table[K]) Page(n int) { t.shift(n * max(t.page(), 1)) }

// Half moves by n half pages, cursor and window together.
func (t *Table[K]) Half(n int) { t.shift(n * max(t.page()/2, 1)) }

// Top moves to the first row.
func (t *Table[K]) Top() { t.GoTo(0) }

// Bottom moves to the last row.
func (t *Table[K]) Bottom() { t.GoTo(t.Len() - 1) }

// shift moves window and cursor by the same number of rows, so that the cursor
// stays at its place on the screen until an end is reached.
func (t *Table[K]) shift(n int) {
	t.top += n
	t.cursor += n
	t.settle()
}

// settle brings cursor and window into the rows and remembers the key.
func (t *Table[K]) settle() {
	t.follow()
	if n := t.Len(); n > 0 {
		t.key, t.keyed = t.rows.Key(t.cursor), true
	}
}

// follow bounds the cursor and moves the window after it.
func (t *Table[K]) follow() {
	n, page := t.Len(), t.page()
	t.cursor = max(min(t.cursor, n-1), 0)
	near := min(margin, max(page-1, 0)/2)
	t.top = min(t.top, t.cursor-near)
	t.top = max(t.top, t.cursor+near+1-page)
	t.top = max(min(t.top, n-page), 0)
}

// find looks a key up, by the rows' index when they have one.
func (t *Table[K]) find(key K) (int, bool) {
	if ix, ok := t.rows.(Indexer[K]); ok {
		return ix.Index(key)
	}
	n := t.Len()
	for d := range min(searchSpan, n) {
		for _, i := range [2]int{t.cursor + d, t.cursor - d} {
			if i >= 0 && i < n && t.rows.Key(i) == key {
				return i, true
			}
		}
	}
	return 0, false
}
