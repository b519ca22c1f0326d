// Command stock2 is the same peer as stock, in Bubble Tea v2. It is a module of
// its own, so that bursar needs nothing of v2.
//
//	stock2 A.csv B.csv
package main

import (
	"errors"
	"fmt"
	"os"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stock:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return errors.New("call it with two files")
	}
	var m model
	for _, path := range os.Args[1:] {
		rows, err := load(path)
		if err != nil {
			return err
		}
		m.tabs = append(m.tabs, tableOf(rows))
	}
	_, err := tea.NewProgram(&m).Run()
	return err
}

// columns are those of bursar's list of payments at 200 cells.
func columns() []table.Column {
	return []table.Column{
		{Title: "", Width: 1},
		{Title: "created", Width: 12},
		{Title: "number", Width: 14},
		{Title: "party", Width: 32},
		{Title: "status", Width: 20},
		{Title: "method", Width: 12},
		{Title: "amount", Width: 16},
		{Title: "remaining", Width: 16},
		{Title: "account", Width: 10},
		{Title: "deadline", Width: 12},
		{Title: "note", Width: 24},
	}
}

func tableOf(rows []table.Row) table.Model {
	return table.New(table.WithColumns(columns()), table.WithRows(rows), table.WithFocused(true))
}

type model struct {
	tabs  []table.Model
	at    int
	marks int
}

func (m *model) Init() tea.Cmd { return nil }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		for i := range m.tabs {
			m.tabs[i].SetWidth(msg.Width)
			m.tabs[i].SetHeight(msg.Height - 4)
		}
		return m, nil
	case tea.KeyPressMsg:
		return m, m.key(msg)
	}
	return m, nil
}

func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "q", "ctrl+c":
		return tea.Quit
	case "tab", "shift+tab":
		m.at = 1 - m.at
		return nil
	case "space":
		m.mark()
		return nil
	}
	var cmd tea.Cmd
	m.tabs[m.at], cmd = m.tabs[m.at].Update(msg)
	return cmd
}

// mark turns the mark of the row under the cursor and moves on.
func (m *model) mark() {
	t := &m.tabs[m.at]
	row := t.SelectedRow()
	if row == nil {
		return
	}
	if row[0] == "*" {
		row[0] = " "
		m.marks--
	} else {
		row[0] = "*"
		m.marks++
	}
	t.MoveDown(1)
}
