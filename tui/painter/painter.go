// Package painter stands between Bubble Tea's renderer and the terminal. The
// renderer writes whole lines; the painter reads them into a grid of cells and
// sends on only the cells that differ from what the terminal shows.
package painter

import "os"

// Painter is the terminal to Bubble Tea: give it to tea.WithOutput.
type Painter struct {
	*os.File
}

// New makes a painter for a terminal.
func New(out *os.File) *Painter { return &Painter{File: out} }
