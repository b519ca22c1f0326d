package view

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Over lays a box of lines over a frame, its corner at column x and row y.
// Both hold styled lines; the frame's cells beside the box stay.
func Over(frame, box []string, x, y, w int) []string {
	out := append([]string(nil), frame...)
	for i, line := range box {
		row := y + i
		if row < 0 || row >= len(out) {
			continue
		}
		reset := ""
		if strings.Contains(out[row], "\x1b") {
			reset = "\x1b[m"
		}
		left, _ := part(out[row], x)
		_, right := part(out[row], x+Width(line))
		out[row] = Fit(left+reset+line+reset+right, w)
	}
	return out
}

// part parts a styled line after exactly x cells. Each half has the sequences
// that it needs and no others: with all of the line's in both, a line under
// twenty boxes would be a million times as long. A wide character on the edge is
// a blank on either side.
func part(s string, x int) (left, right string) {
	pen, used := "", 0
	for i := 0; i < len(s); {
		if n := sequence(s[i:]); n > 0 {
			pen = after(pen, s[i:i+n])
			i += n
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(s[i:], ansi.GraphemeWidth)
		switch {
		case used+width <= x:
			used += width
			i += len(cluster)
		case used < x: // half of it on each side
			return s[:i] + Spaces(x-used), pen + Spaces(used+width-x) + s[i+len(cluster):]
		default:
			return s[:i], pen + s[i:]
		}
	}
	return s + Spaces(x-used), ""
}

// after is the rendition in force behind a sequence, as the sequences that make
// it.
func after(pen, sequence string) string {
	switch sequence {
	case "\x1b[m", "\x1b[0m":
		return ""
	}
	return pen + sequence
}

// sequence is the length of the rendition that a text begins with, 0 when it
// begins with none. Frames hold no other sequences.
func sequence(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		if s[i] >= 0x40 && s[i] <= 0x7e {
			return i + 1
		}
	}
	return len(s)
}
