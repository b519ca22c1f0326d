package main

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// View draws the whole screen each time, as every model of Bubble Tea does.
func (m *model) View() string {
	titles := []string{"Payments", "Payouts"}
	titles[m.at] = "[" + titles[m.at] + "]"
	return fmt.Sprintf(" stock   %s\n%s\n %s\n q quit  tab next tab  space mark", strings.Join(titles, "  "), m.tabs[m.at].View(), m.status())
}

// status is the line below the table: marks, or how far a batch is.
func (m *model) status() string {
	if m.total == 0 {
		return fmt.Sprintf("marks: %d   row %d of %d", m.marks, m.tabs[m.at].Cursor()+1, len(m.tabs[m.at].Rows()))
	}
	const width = 60
	full := width * m.done / m.total
	bar := lipgloss.NewStyle().Foreground(lipgloss.Color("212")).Render(strings.Repeat("█", full))
	rest := lipgloss.NewStyle().Foreground(lipgloss.Color("240")).Render(strings.Repeat("░", width-full))
	return fmt.Sprintf("%s%s done %d of %d", bar, rest, m.done, m.total)
}
