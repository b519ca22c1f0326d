package themes

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/lipgloss"
)

// complete is the colour for lipgloss. A colour that the 256-colour palette
// has exactly is named by its number on every terminal that knows numbers: the
// sequence is half as long.
func (c Color) complete() lipgloss.CompleteColor {
	full := c.Hex
	if xterm(c.ANSI256) == c.Hex {
		full = c.ANSI256
	}
	return lipgloss.CompleteColor{TrueColor: full, ANSI256: c.ANSI256, ANSI: c.ANSI}
}

// xterm is the colour behind a number of the 256-colour palette, or "" for the
// first sixteen, which every terminal paints as it likes.
func xterm(number string) string {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 16 || n > 255:
		return ""
	case n >= 232:
		grey := 8 + (n-232)*10
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
	n -= 16
	level := [...]int{0, 95, 135, 175, 215, 255}
	return fmt.Sprintf("#%02x%02x%02x", level[n/36], level[n/6%6], level[n%6])
}
