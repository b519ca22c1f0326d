package main

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// View draws the whole screen each time, as every model of Bubble Tea does.
func (m *model) View() tea.View {
	titles := []string{"Payments", "Payouts"}
	titles[m.at] = "[" + titles[m.at] + "]"
	t := m.tabs[m.at]
	v := tea.NewView(fmt.Sprintf(" stock   %s\n%s\n marks: %d   row %d of %d\n q quit  tab next tab  space mark",
		strings.Join(titles, "  "), t.View(), m.marks, t.Cursor()+1, len(t.Rows())))
	v.AltScreen = true
	return v
}
