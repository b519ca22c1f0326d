package table

// gap is the room between two columns.
const gap = 2

// gutter is the room for the cursor sign, the mark sign and a blank.
const gutter = 3

// layout shares the width out: columns are dropped by priority until the
// smallest widths fit, then the room left goes to the flexible ones.
func (t *Table[K]) layout() {
	t.widths = make([]int, len(t.columns))
	for i, c := range t.columns {
		t.widths[i] = max(c.Min, 1)
	}
	for t.used() > t.width && t.drop() {
	}
	t.squeeze()
	for t.grow() {
	}
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

// drop takes the least important column out; false when only those are left
// that must stay.
func (t *Table[K]) drop() bool {
	worst := -1
	for i, c := range t.columns {
		if t.widths[i] > 0 && c.Priority > 0 && (worst < 0 || c.Priority >= t.columns[worst].Priority) {
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

// grow gives the room that is left to the flexible columns by their shares; it
// reports whether another round is needed because some reached their limit.
func (t *Table[K]) grow() bool {
	left, shares := t.width-t.used(), 0
	for i := range t.columns {
		if t.roomFor(i) > 0 {
			shares += t.columns[i].Flex
		}
	}
	if left <= 0 || shares == 0 {
		return false
	}
	given := 0
	for i, c := range t.columns {
		room := t.roomFor(i)
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
func (t *Table[K]) roomFor(i int) int {
	c := t.columns[i]
	switch {
	case t.widths[i] == 0 || c.Flex == 0:
		return 0
	case c.Max == 0:
		return 1 << 20
	}
	return max(c.Max-t.widths[i], 0)
}
