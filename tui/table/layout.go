package table

// gap is the room between two columns.
const gap = 2

// gutter is the room for the cursor sign, the mark sign and a blank.
const gutter = 3

// layout shares the width out: luxuries are dropped until the good widths fit,
// other columns until the smallest do. The room left goes to the flexible ones,
// up to their good width first.
func (t *Table[K]) layout() {
	t.widths = make([]int, len(t.columns))
	for i, c := range t.columns {
		t.widths[i] = c.good()
	}
	for t.used() > t.width && t.drop(Luxury) {
	}
	for i, c := range t.columns {
		if t.widths[i] > 0 {
			t.widths[i] = max(c.Min, 1)
		}
	}
	for t.used() > t.width && t.drop(1) {
	}
	t.squeeze()
	for t.grow(Column.good) {
	}
	for t.grow(Column.most) {
	}
}

// good is the width that shows nearly all of a column.
func (c Column) good() int { return max(c.Good, c.Min, 1) }

// most is how wide a column may become.
func (c Column) most() int {
	if c.Max == 0 && c.Flex > 0 {
		return 1 << 20
	}
	return max(c.Max, c.Min)
}

// used is the width that the columns take, gutter and gaps included.
func (t *Table[K]) used() int {
	sum := gutter
	for _, w := range t.widths {
		if w > 0 {
			sum += w + gap
		}
	}
	return sum - gap
}

// drop takes the least important column out, if its priority is least or more.
func (t *Table[K]) drop(least int) bool {
	worst := -1
	for i, c := range t.columns {
		if t.widths[i] > 0 && c.Priority >= least && (worst < 0 || c.Priority >= t.columns[worst].Priority) {
			worst = i
		}
	}
	if worst < 0 {
		return false
	}
	t.widths[worst] = 0
	return true
}

// squeeze narrows the columns that must stay when even they do not fit, the
// last ones first.
func (t *Table[K]) squeeze() {
	for i := len(t.widths) - 1; i >= 0; i-- {
		over := t.used() - t.width
		if over <= 0 {
			return
		}
		if t.widths[i] > 0 {
			t.widths[i] = max(t.widths[i]-over, 0)
		}
	}
}

// grow gives the room that is left to the flexible columns by their shares, up to
// a limit; it reports whether another round is needed because some reached it.
func (t *Table[K]) grow(limit func(Column) int) bool {
	left, shares := t.width-t.used(), 0
	for i := range t.columns {
		if t.roomFor(i, limit) > 0 {
			shares += t.columns[i].Flex
		}
	}
	if left <= 0 || shares == 0 {
		return false
	}
	given := 0
	for i, c := range t.columns {
		room := t.roomFor(i, limit)
		if room == 0 {
			continue
		}
		more := min(room, left*c.Flex/shares, left-given)
		if more == 0 && given < left && left < shares {
			more = 1 // the last few cells go one by one, from the left
		}
		t.widths[i] += more
		given += more
	}
	return given > 0
}

// roomFor is how much a column may still grow.
func (t *Table[K]) roomFor(i int, limit func(Column) int) int {
	if c := t.columns[i]; t.widths[i] > 0 && c.Flex > 0 {
		return max(limit(c)-t.widths[i], 0)
	}
	return 0
}
