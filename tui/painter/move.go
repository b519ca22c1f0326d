package painter

import "strconv"

// place is a cell's column and row.
type place struct{ x, y int }

// move brings the cursor to a place by the shortest sequence.
func (t *terminal) move(x, y int) {
	if t.x == x && t.y == y {
		return
	}
	var a, b [32]byte
	best := absolute(a[:0], x, y)
	if relative := t.relative(b[:0], x, y); relative != nil && len(relative) < len(best) {
		best = relative
	}
	t.frame = append(t.frame, best...)
	t.x, t.y = x, y
}

func absolute(b []byte, x, y int) []byte {
	b = append(b, "\x1b["...)
	if x > 0 || y > 0 {
		b = strconv.AppendInt(b, int64(y+1), 10)
	}
	if x > 0 {
		b = strconv.AppendInt(append(b, ';'), int64(x+1), 10)
	}
	return append(b, 'H')
}

// relative is a move counted from the cursor, nil when there is none.
func (t *terminal) relative(b []byte, x, y int) []byte {
	switch down := y - t.y; {
	case t.y < 0 || down > bridge:
		return nil
	case down < 0:
		if t.x == x {
			return escape(b, -down, 'A')
		}
		return nil
	case down > 0 && t.x == x && x > 0:
		return escape(b, down, 'B')
	case down > 0:
		// Line feeds come behind a return only: some terminals are set to add
		// one by themselves.
		b = append(b, '\r')
		for range down {
			b = append(b, '\n')
		}
		if x > 0 {
			b = escape(b, x, 'C')
		}
		return b
	}
	switch {
	case x == 0:
		return append(b, '\r')
	case t.x < 0:
		return append(strconv.AppendInt(append(b, "\x1b["...), int64(x+1), 10), 'G')
	case x > t.x:
		return escape(b, x-t.x, 'C')
	case t.x-x <= 3:
		return append(b, "\b\b\b"[:t.x-x]...)
	}
	return escape(b, t.x-x, 'D')
}

func escape(b []byte, n int, final byte) []byte {
	b = append(b, "\x1b["...)
	if n > 1 {
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, final)
}

// moveLength is the length of a move over n cells, n at most bridge.
func moveLength(n int) int {
	if n == 1 {
		return len("\x1b[C")
	}
	return len("\x1b[2C")
}
