package painter

// cell is one place on the screen. The zero value is a blank.
type cell struct {
	r    rune   // 0: blank
	more string // what follows r in its cluster, such as combining marks
	wide bool   // takes the next cell too
	tail bool   // the second half of a wide one
	pen  pen
}

// grid is a screenful of cells and which rows were touched since the last
// frame.
type grid struct {
	w, h  int
	rows  [][]cell
	dirty []bool
}

// resize keeps the cells that fit and makes all rows dirty.
func (g *grid) resize(w, h int) {
	old := g.rows
	g.w, g.h = w, h
	g.rows, g.dirty = make([][]cell, h), make([]bool, h)
	for y := range g.rows {
		g.rows[y] = make([]cell, w)
		if y < len(old) {
			copy(g.rows[y], old[y])
			g.mend(y, w-1)
		}
		g.dirty[y] = true
	}
}

// put sets a cell and, for a wide one, its second half. Halves of wide cells
// that it overwrites become blanks, as on a terminal.
func (g *grid) put(x, y int, c cell) {
	row := g.rows[y]
	g.dirty[y] = true
	g.split(y, x)
	if c.wide {
		g.split(y, x+1)
		row[x+1] = cell{tail: true, pen: c.pen}
	}
	row[x] = c
}

// split blanks the other half of a wide cell that is about to be overwritten
// at x.
func (g *grid) split(y, x int) {
	row := g.rows[y]
	if row[x].tail && x > 0 {
		row[x-1] = cell{pen: row[x-1].pen.blank()}
	}
	if row[x].wide && x+1 < g.w {
		row[x+1] = cell{pen: row[x+1].pen.blank()}
	}
}

// mend blanks a wide cell at the right edge that lost its second half.
func (g *grid) mend(y, x int) {
	if row := g.rows[y]; row[x].wide {
		row[x] = cell{}
	}
}

// erase blanks the cells from x to before end, keeping the ground of the pen.
func (g *grid) erase(y, x, end int, p pen) {
	x, end = max(x, 0), min(end, g.w)
	if x >= end {
		return
	}
	g.split(y, x)
	g.split(y, end-1)
	row, blank := g.rows[y], cell{pen: pen{bg: p.bg}}
	for i := x; i < end; i++ {
		row[i] = blank
	}
	g.dirty[y] = true
}

// scroll moves the rows from top to before bottom up by n, or down when n is
// negative, and blanks those that come in.
func (g *grid) scroll(top, bottom, n int) {
	height := bottom - top
	rows := g.rows[top:bottom]
	moved := make([][]cell, height)
	for i := range rows {
		moved[i] = rows[((i+n)%height+height)%height]
	}
	copy(rows, moved)
	for i := range rows {
		if from := i + n; from < 0 || from >= height {
			clear(rows[i])
		}
		g.dirty[top+i] = true
	}
}
