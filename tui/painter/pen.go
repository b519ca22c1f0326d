package painter

import "strconv"

// color is a colour as SGR gives it: 0 is the terminal's own, else a kind in
// the top byte and the number or the red, green and blue below.
type color uint32

const (
	palette color = 1 << 24
	direct  color = 2 << 24
)

// attr is a set of text attributes.
type attr uint8

const (
	bold attr = 1 << iota
	faint
	italic
	underline
	blink
	reverse
	hidden
	strike
)

// seen are the attributes that show on a blank, and with them everything else
// of the pen does.
const seen = underline | blink | reverse | strike

// codes are the SGR numbers that set each attribute and end it.
var codes = [...]struct {
	attr    attr
	on, off int
}{
	{bold, 1, 22}, {faint, 2, 22}, {italic, 3, 23}, {underline, 4, 24}, {blink, 5, 25}, {reverse, 7, 27}, {hidden, 8, 28}, {strike, 9, 29},
}

// pen is a rendition.
type pen struct {
	fg, bg color
	attrs  attr
}

// blank is the pen as far as it shows on a blank, so that blanks which look
// the same compare the same.
func (p pen) blank() pen {
	if p.attrs&seen == 0 {
		return pen{bg: p.bg}
	}
	return p
}

// serves reports whether a blank written with p looks as if written with want.
func (p pen) serves(want pen) bool { return p.blank() == want }

// sgr applies the parameters of a rendition sequence. Colons part parameters
// like semicolons.
func (p *pen) sgr(params []byte) {
	n := numbers{rest: params}
	for {
		v, ok := n.next()
		if !ok {
			return
		}
		switch {
		case v == 0:
			*p = pen{}
		case v >= 30 && v <= 37:
			p.fg = palette | color(v-30)
		case v >= 40 && v <= 47:
			p.bg = palette | color(v-40)
		case v >= 90 && v <= 97:
			p.fg = palette | color(v-90+8)
		case v >= 100 && v <= 107:
			p.bg = palette | color(v-100+8)
		case v == 38:
			p.fg = n.color(p.fg)
		case v == 48:
			p.bg = n.color(p.bg)
		case v == 58: // the underline's own colour is not kept
			n.color(0)
		case v == 39:
			p.fg = 0
		case v == 49:
			p.bg = 0
		default:
			p.attribute(v)
		}
	}
}

func (p *pen) attribute(v int) {
	if v == 21 { // double underline
		v = 4
	}
	for _, c := range codes {
		if v == c.on {
			p.attrs |= c.attr
		}
		if v == c.off {
			p.attrs &^= c.attr
		}
	}
}

// numbers reads the parameters of a sequence one by one; a missing one is 0.
type numbers struct {
	rest []byte
	done bool
}

func (n *numbers) next() (int, bool) {
	if n.done {
		return 0, false
	}
	v := 0
	for i, c := range n.rest {
		if c == ';' || c == ':' {
			n.rest = n.rest[i+1:]
			return v, true
		}
		if c >= '0' && c <= '9' {
			v = min(v*10+int(c-'0'), 1<<20)
		}
	}
	n.done = true
	return v, true
}

// color reads what follows 38, 48 or 58.
func (n *numbers) color(old color) color {
	kind, _ := n.next()
	switch kind {
	case 5:
		v, _ := n.next()
		return palette | color(v&0xff)
	case 2:
		r, _ := n.next()
		g, _ := n.next()
		b, _ := n.next()
		return direct | color(r&0xff)<<16 | color(g&0xff)<<8 | color(b&0xff)
	}
	return old
}

// change appends the shortest sequence that turns one pen into another.
func (p pen) change(b []byte, from pen) []byte {
	if p == from {
		return b
	}
	if p == (pen{}) {
		return append(b, "\x1b[m"...)
	}
	start := len(b)
	b = p.step(append(b, "\x1b["...), from)
	step := len(b) - start
	b = p.step(append(b, "\x1b[0;"...), pen{})
	full := len(b) - start - step
	if full < step {
		copy(b[start:], b[start+step:])
		return b[:start+full]
	}
	return b[:start+step]
}

// step appends the parameters that lead from one pen to the other, and ends
// the sequence.
func (p pen) step(b []byte, from pen) []byte {
	lost, gained := from.attrs&^p.attrs, p.attrs&^from.attrs
	if lost&(bold|faint) != 0 {
		gained |= p.attrs & (bold | faint) // one number ends both
	}
	ended := 0
	for _, c := range codes {
		if lost&c.attr != 0 && c.off != ended {
			b = number(b, c.off)
			ended = c.off
		}
	}
	for _, c := range codes {
		if gained&c.attr != 0 {
			b = number(b, c.on)
		}
	}
	if p.fg != from.fg {
		b = p.fg.append(b, 30, 90)
	}
	if p.bg != from.bg {
		b = p.bg.append(b, 40, 100)
	}
	b[len(b)-1] = 'm'
	return b
}

func (c color) append(b []byte, base, bright int) []byte {
	v := int(c & 0xffffff)
	switch {
	case c == 0:
		return number(b, base+9)
	case c&direct != 0:
		b = number(number(b, base+8), 2)
		return number(number(number(b, v>>16), v>>8&0xff), v&0xff)
	case v < 8:
		return number(b, base+v)
	case v < 16:
		return number(b, bright+v-8)
	}
	return number(number(number(b, base+8), 5), v)
}

func number(b []byte, n int) []byte { return append(strconv.AppendInt(b, int64(n), 10), ';') }
