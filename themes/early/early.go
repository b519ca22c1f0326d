// Package early tells lipgloss, before Bubble Tea is initialised, that the
// background colour is known. Bubble Tea v1 asks the terminal for it in a
// package init and waits up to five seconds when nobody answers, which over SSH
// is a start that hangs.
//
// It works because Go initialises packages in the order of their import paths
// as far as their dependencies allow: this package depends on lipgloss alone,
// and bursar/themes/early sorts before github.com/charmbracelet/bubbletea.
// Import it for its effect in main and in tui, and keep it free of other
// imports.
package early

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
