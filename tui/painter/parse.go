package painter

import "bytes"

// longest bounds a sequence that waits for its end; more than a clipboard
// takes is no sequence but a mistake, and is dropped.
const longest = 1 << 20

const esc = 0x1b

// read takes the input apart and returns the start of a sequence that has not
// ended yet.
func (s *Screen) read(b []byte) (rest []byte) {
	for len(b) > 0 {
		n := 0
		switch c := b[0]; {
		case c == esc:
			if n = sequence(b); n == 0 {
				if len(b) > longest {
					return nil
				}
				return b
			}
			s.control(b[:n])
		case !s.alt:
			if n = bytes.IndexByte(b, esc); n < 0 {
				n = len(b)
			}
			s.term.out = append(s.term.out, b[:n]...)
		case s.direct && !s.drawing:
			if n = bytes.IndexByte(b, esc); n < 0 {
				n = len(b) // Bubble Tea's own frame; the view was drawn already
			}
		case c < ' ' || c == 0x7f:
			n = 1
			s.motion(c)
		default:
			if n = s.text(b); n == 0 {
				return b // half a rune
			}
		}
		b = b[n:]
	}
	return nil
}

// sequence is the length of the escape sequence at the start of b, 0 when it
// is not complete.
func sequence(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				return i + 1
			}
			if b[i] < 0x20 || b[i] > 0x7e {
				return i // broken off: what follows is read for itself
			}
		}
		return 0
	case ']', 'P', 'X', '^', '_':
		for i := 2; i < len(b); i++ {
			switch {
			case b[i] == 0x07 && b[1] == ']':
				return i + 1
			case b[i] == 0x18 || b[i] == 0x1a:
				return i + 1
			case b[i] == esc:
				if i+1 == len(b) {
					return 0
				}
				if b[i+1] == '\\' {
					return i + 2
				}
				return i
			}
		}
		return 0
	}
	for i := 1; i < len(b); i++ {
		if b[i] < 0x20 || b[i] > 0x7e {
			return i
		}
		if b[i] >= 0x30 {
			return i + 1
		}
	}
	return 0
}

// control acts on one whole escape sequence.
func (s *Screen) control(q []byte) {
	switch {
	case s.drawing:
		// From a view only renditions count.
		if len(q) > 2 && q[1] == '[' && q[len(q)-1] == 'm' {
			s.csi(q[2:len(q)-1], 'm')
		}
	case len(q) > 3 && q[1] == '[' && q[2] == '?':
		s.mode(q)
	case !s.alt:
		s.term.out = append(s.term.out, q...)
	case len(q) > 2 && q[1] == '[' && s.direct:
		s.cleared = s.cleared || string(q) == "\x1b[2J"
	case len(q) > 2 && q[1] == '[':
		s.csi(q[2:len(q)-1], q[len(q)-1])
	case len(q) > 2 && q[1] == ']' && passes(q[2:]):
		s.term.out = append(s.term.out, q...)
	}
}

// passes are the operating system commands that go through: titles, the
// working folder, notifications, the clipboard. A link would need a place in
// every cell.
func passes(body []byte) bool {
	code, _, _ := bytes.Cut(body, []byte{';'})
	switch string(code) {
	case "0", "1", "2", "7", "9", "52", "777":
		return true
	}
	return false
}

// mode passes a private mode on and watches for the two that matter here. The
// alternate screen comes alone in its sequence, as Bubble Tea writes it.
func (s *Screen) mode(q []byte) {
	on := q[len(q)-1] == 'h'
	if !on && q[len(q)-1] != 'l' {
		if !s.alt {
			s.term.out = append(s.term.out, q...)
		}
		return // a question whose answer nobody waits for
	}
	switch string(q[3 : len(q)-1]) {
	case "25":
		s.shown = on
	case "2026":
		if s.alt {
			return // frames are wrapped here
		}
	case "47", "1047", "1049":
		if s.alt && !on {
			s.term.leave()
		}
		if s.alt != on {
			s.alt = on
			s.x, s.y, s.pen = 0, 0, pen{}
			for y := range s.want.rows {
				s.want.erase(y, 0, s.want.w, pen{})
			}
			s.term.known, s.drawn = false, false
			s.lines = s.lines[:0]
		}
	}
	s.term.out = append(s.term.out, q...)
}

// csi acts on a cursor move, an erasure or a rendition; others are dropped.
func (s *Screen) csi(params []byte, final byte) {
	n := numbers{rest: params}
	first, _ := n.next()
	count := max(first, 1)
	switch final {
	case 'm':
		if len(params) == 0 || params[0] != '>' {
			s.pen.sgr(params)
		}
	case 'H', 'f':
		second, _ := n.next()
		s.moveTo(max(second, 1)-1, count-1)
		s.over = true
	case 'A':
		s.moveTo(s.x, s.y-count)
	case 'B':
		s.moveTo(s.x, s.y+count)
	case 'C':
		s.moveTo(s.x+count, s.y)
	case 'D':
		s.moveTo(min(s.x, s.want.w-1)-count, s.y)
	case 'E':
		s.moveTo(0, s.y+count)
	case 'F':
		s.moveTo(0, s.y-count)
	case 'G', '`':
		s.moveTo(count-1, s.y)
	case 'd':
		s.moveTo(s.x, count-1)
	case 'J':
		s.eraseScreen(first)
	case 'K':
		s.eraseLine(first)
	case 'X':
		s.want.erase(s.y, min(s.x, s.want.w-1), s.x+count, s.pen)
	case 'L':
		s.shift(-count)
	case 'M':
		s.shift(count)
	}
}

func (s *Screen) moveTo(x, y int) {
	s.x, s.y = max(min(x, s.want.w-1), 0), max(min(y, s.want.h-1), 0)
}

// shift deletes lines at the cursor, or inserts them when n is negative.
func (s *Screen) shift(n int) {
	height := s.want.h - s.y
	s.want.scroll(s.y, s.want.h, max(min(n, height), -height))
}

func (s *Screen) eraseScreen(what int) {
	from, to := 0, s.want.h
	switch what {
	case 0:
		// Bubble Tea clears what is below its last line. When it left that line
		// as it was, the cursor stands at its start, and a terminal would take
		// the line too.
		if !s.over {
			s.eraseLine(0)
		}
		from = s.y + 1
	case 1:
		s.eraseLine(1)
		to = s.y
	case 2, 3:
		// Bubble Tea clears when the screen may hold anything. What was known
		// to be there must go at once, else it may wait for the first frame.
		s.drawn = s.drawn || s.term.known
		s.term.known = false
	default:
		return
	}
	for y := from; y < to; y++ {
		s.want.erase(y, 0, s.want.w, s.pen)
	}
}

func (s *Screen) eraseLine(what int) {
	s.drawn, s.over = true, false
	switch what {
	case 0:
		// Behind the last cell nothing is left to erase. A terminal would take
		// that cell, which Bubble Tea does not mean when it clears the lines
		// below a full one.
		s.want.erase(s.y, s.x, s.want.w, s.pen)
	case 1:
		s.want.erase(s.y, 0, s.x+1, s.pen)
	case 2:
		s.want.erase(s.y, 0, s.want.w, s.pen)
	}
}

// motion acts on a control character.
func (s *Screen) motion(c byte) {
	switch c {
	case '\r':
		s.x = 0
	case '\n':
		s.over = true
		if s.y < s.want.h-1 {
			s.y++
		} else {
			s.want.scroll(0, s.want.h, 1)
		}
	case '\b':
		s.x = max(min(s.x, s.want.w-1)-1, 0)
	case '\t':
		s.put(cell{}) // Bubble Tea counts no width for it; a blank keeps words apart
	}
}
