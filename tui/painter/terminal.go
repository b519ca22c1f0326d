package painter

import (
	"strconv"
	"unicode/utf8"
)

// wrapFrom is the size of a frame from which it is wrapped in synchronized
// output. Less arrives in one piece anyway, and a step of the cursor is shorter
// than the wrapping.
const wrapFrom = 256

const (
	beginSync = "\x1b[?2026h"
	endSync   = "\x1b[?2026l"
)

// bridge is the longest run of unchanged cells that may be written again
// because that is shorter than a move over it.
const bridge = 5

// eraseFrom is the length of a run of blanks from which erasing it and moving
// on is shorter than writing it.
const eraseFrom = 12

// terminal is what is known of the real screen, and what is on its way there.
type terminal struct {
	out   []byte
	frame []byte // the frame being painted
	known bool   // have is what the terminal shows
	have  grid
	pen   pen
	x, y  int // the real cursor; -1: unknown

	shift shift
}

// paint appends what turns the terminal's screen into want.
func (t *terminal) paint(want *grid, cursor *place) {
	t.frame = t.frame[:0]
	if t.known {
		t.scroll(want)
	} else {
		t.start(want)
	}
	for y, dirty := range want.dirty {
		if dirty {
			t.row(y, want.rows[y], t.have.rows[y])
			want.dirty[y] = false
		}
	}
	if cursor != nil {
		t.move(cursor.x, cursor.y)
	}
	switch {
	case len(t.frame) >= wrapFrom:
		t.out = append(append(append(t.out, beginSync...), t.frame...), endSync...)
	default:
		t.out = append(t.out, t.frame...)
	}
}

// start clears a screen of which nothing is known.
func (t *terminal) start(want *grid) {
	t.frame = append(t.frame, "\x1b[m\x1b[r\x1b[H\x1b[2J"...)
	t.have = grid{}
	t.have.resize(want.w, want.h)
	t.pen, t.x, t.y, t.known = pen{}, 0, 0, true
	for y := range want.dirty {
		want.dirty[y] = true
	}
}

// leave puts the rendition back before the alternate screen ends.
func (t *terminal) leave() {
	if t.known && t.pen != (pen{}) {
		t.out = append(t.out, "\x1b[m"...)
	}
	t.known, t.pen = false, pen{}
}

// row paints the cells of one row that differ.
func (t *terminal) row(y int, want, have []cell) {
	text := len(want)
	for text > 0 && want[text-1] == (cell{}) {
		text--
	}
	for x := 0; x < text; {
		if want[x] == have[x] {
			x++
			continue
		}
		if want[x].tail && x > 0 {
			x--
		}
		if n := blankRun(want[x:text]); n >= eraseFrom && changed(want[x:x+n], have[x:x+n]) >= eraseFrom {
			t.erase(x, y, n, want[x].pen)
			x += n
			continue
		}
		t.reach(x, y, want)
		t.cell(want[x])
		x++
		if x < text && want[x-1].wide {
			x++
		}
	}
	if x := text + firstChange(want[text:], have[text:]); x < len(want) {
		t.clearRest(x, y, want, have)
	}
	copy(have, want)
}

// clearRest blanks the row from x on.
func (t *terminal) clearRest(x, y int, want, have []cell) {
	last := len(want) - 1
	for last > x && want[last] == have[last] {
		last--
	}
	t.reach(x, y, want)
	t.ground(pen{})
	if last-x+1 <= len("\x1b[K") {
		for ; x <= last; x++ {
			t.cell(cell{})
		}
		return
	}
	t.frame = append(t.frame, "\x1b[K"...)
}

// erase blanks n cells without moving over them.
func (t *terminal) erase(x, y, n int, p pen) {
	t.move(x, y)
	t.ground(p)
	t.frame = append(strconv.AppendInt(append(t.frame, "\x1b["...), int64(n), 10), 'X')
}

// reach gets to x in row y, over a short run of unchanged cells by writing
// them again.
func (t *terminal) reach(x, y int, want []cell) {
	if t.y == y && t.x >= 0 && t.x < x && x-t.x <= bridge {
		bytes := 0
		for _, c := range want[t.x:x] {
			if c.wide || c.tail || uncertain(c) || !t.written(c) {
				bytes = 1 << 20
				break
			}
			bytes += max(utf8.RuneLen(c.r), 1)
		}
		if bytes <= moveLength(x-t.x) {
			for _, c := range want[t.x:x] {
				t.cell(c)
			}
			return
		}
	}
	t.move(x, y)
}

// written reports whether the cell can be written with the pen as it is.
func (t *terminal) written(c cell) bool {
	if c.r == 0 {
		return t.pen.serves(c.pen)
	}
	return t.pen == c.pen
}

// ground makes the pen fit for erasing.
func (t *terminal) ground(p pen) {
	if !t.pen.serves(p) {
		t.frame = p.change(t.frame, t.pen)
		t.pen = p
	}
}

// cell writes one cell at the cursor.
func (t *terminal) cell(c cell) {
	if !t.written(c) {
		t.frame = c.pen.change(t.frame, t.pen)
		t.pen = c.pen
	}
	if c.r == 0 {
		t.frame = append(t.frame, ' ')
	} else {
		t.frame = append(utf8.AppendRune(t.frame, c.r), c.more...)
	}
	t.x++
	if c.wide {
		t.x++
	}
	// Behind the last cell a terminal waits with the wrap, and where terminals
	// measure a character differently nobody knows the column: the next move
	// must not count from here.
	if t.x >= t.have.w || uncertain(c) {
		t.x = -1
	}
}

// uncertain are the characters that terminals give different widths.
func uncertain(c cell) bool {
	return c.more != "" || c.r >= 0x1F000 || c.r >= 0x2600 && c.r <= 0x27BF || c.r >= 0x0900 && c.r < 0x1100
}

// blankRun is the length of the run of like blanks at the start of cells.
func blankRun(cells []cell) int {
	if len(cells) == 0 || cells[0].r != 0 || cells[0].tail || cells[0].pen.attrs != 0 {
		return 0
	}
	n := 1
	for n < len(cells) && cells[n] == cells[0] {
		n++
	}
	return n
}

func changed(want, have []cell) int {
	n := 0
	for i := range want {
		if want[i] != have[i] {
			n++
		}
	}
	return n
}

func firstChange(want, have []cell) int {
	i := 0
	for i < len(want) && want[i] == have[i] {
		i++
	}
	return i
}
