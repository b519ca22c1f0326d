package painter

import (
	"slices"
	"strconv"
)

// shift is the memory of the search for moved rows.
type shift struct{ want, have []uint64 }

// fewest is the number of rows that must have moved together to be worth a
// scroll.
const fewest = 3

// scroll looks for rows that only moved up or down, and moves them on the
// terminal when that is shorter than painting them.
func (t *terminal) scroll(want *grid) {
	moved := 0
	for y, dirty := range want.dirty {
		if dirty && !slices.Equal(want.rows[y], t.have.rows[y]) {
			moved++
		}
	}
	if moved < fewest {
		return
	}
	by := t.findShift(want)
	if by == 0 {
		return
	}
	top, bottom := t.region(want, by)
	without, with := 0, len("\x1b[10;10r\x1b[1S\x1b[r")
	for y := top; y < bottom; y++ {
		without += changed(want.rows[y], t.have.rows[y])
		if from := y + by; from >= top && from < bottom {
			with += changed(want.rows[y], t.have.rows[from])
		} else {
			with += visible(want.rows[y])
		}
	}
	if with < without {
		t.scrollRegion(top, bottom, by)
		for y := top; y < bottom; y++ {
			want.dirty[y] = true
		}
	}
}

// findShift is the distance by which most of the changed rows moved up, 0 when
// too few did.
func (t *terminal) findShift(want *grid) int {
	s := &t.shift
	s.want, s.have = s.want[:0], s.have[:0]
	for y := range want.rows {
		h := hash(t.have.rows[y])
		s.have = append(s.have, h)
		if want.dirty[y] {
			h = hash(want.rows[y])
		}
		s.want = append(s.want, h)
	}
	best, most := 0, fewest-1
	for by := 1 - want.h; by < want.h; by++ {
		n := 0
		for y := max(0, -by); y < min(want.h, want.h-by); y++ {
			if s.want[y] != s.have[y] && s.want[y] != 0 && s.want[y] == s.have[y+by] {
				n++
			}
		}
		if n > most {
			best, most = by, n
		}
	}
	return best
}

// region is the part of the screen that moved: the rows found again, and those
// at its ends that are nearer to where they came from than to what is there,
// such as the row that the cursor left.
func (t *terminal) region(want *grid, by int) (top, bottom int) {
	s := &t.shift
	first, last := -1, -1
	for y := max(0, -by); y < min(want.h, want.h-by); y++ {
		if s.want[y] != s.have[y] && s.want[y] != 0 && s.want[y] == s.have[y+by] {
			if first < 0 {
				first = y
			}
			last = y
		}
	}
	nearer := func(y int) bool {
		return y >= 0 && y < want.h && y+by >= 0 && y+by < want.h &&
			changed(want.rows[y], t.have.rows[y+by]) < changed(want.rows[y], t.have.rows[y])
	}
	for nearer(first - 1) {
		first--
	}
	for nearer(last + 1) {
		last++
	}
	return min(first, first+by), max(last, last+by) + 1
}

// scrollRegion moves the rows from top to before bottom up by n, on the
// terminal and in what is known of it.
func (t *terminal) scrollRegion(top, bottom, n int) {
	t.ground(pen{})
	b, whole := t.frame, top == 0 && bottom == t.have.h
	if !whole {
		b = strconv.AppendInt(append(b, "\x1b["...), int64(top+1), 10)
		b = append(strconv.AppendInt(append(b, ';'), int64(bottom), 10), 'r')
	}
	if n > 0 {
		b = escape(b, n, 'S')
	} else {
		b = escape(b, -n, 'T')
	}
	if !whole {
		b = append(b, "\x1b[r"...)
		t.x, t.y = -1, -1 // setting margins moves the cursor
	}
	t.frame = b
	t.have.scroll(top, bottom, n)
}

// visible is the number of cells that are not blank.
func visible(row []cell) int {
	n := 0
	for i := range row {
		if row[i] != (cell{}) {
			n++
		}
	}
	return n
}

// hash is a number for the content of a row, 0 for a blank one.
func hash(row []cell) uint64 {
	const prime = 0x100000001b3
	h, blank := uint64(0xcbf29ce484222325), true
	for i := range row {
		c := &row[i]
		blank = blank && c.r == 0
		h = (h ^ uint64(c.r)) * prime
		h = (h ^ uint64(c.pen.fg)<<32 ^ uint64(c.pen.bg) ^ uint64(c.pen.attrs)<<60) * prime
		for j := range len(c.more) {
			h = (h ^ uint64(c.more[j])) * prime
		}
	}
	if blank {
		return 0
	}
	return h
}
