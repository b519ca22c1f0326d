// Command stock is the peer that bursar bench compares itself with: the same
// rows, columns and keys in the table component of Bubble Tea v1, used as its
// documentation shows. It has nothing of bursar, also not what spares bursar's
// start the question to the terminal.
//
//	stock A.csv B.csv                a table of A's rows, and one of B's as a second tab
//	stock -progress N A.csv B.csv    the same, and the key p brings N progress messages
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/charmbracelet/bubbles/table"
	tea "github.com/charmbracelet/bubbletea"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stock:", err)
		os.Exit(1)
	}
}

func run() error {
	messages := flag.Int("progress", 0, "take so many progress messages")
	flag.Parse()
	m := model{total: *messages}
	for _, path := range []string{flag.Arg(0), flag.Arg(1)} {
		rows, err := load(path)
		if err != nil {
			return err
		}
		m.tabs = append(m.tabs, tableOf(rows))
	}
	p := tea.NewProgram(&m, tea.WithAltScreen())
	m.send = p.Send
	_, err := p.Run()
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
	send  func(tea.Msg)
	total int // progress messages
	done  int
}

type progressed struct{}

func (m *model) Init() tea.Cmd { return nil }

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		for i := range m.tabs {
			m.tabs[i].SetWidth(msg.Width)
			m.tabs[i].SetHeight(msg.Height - 4)
		}
		return m, nil
	case progressed:
		m.done++
		return m, nil
	case tea.KeyMsg:
		return m, m.key(msg)
	}
	return m, nil
}

func (m *model) key(msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "q", "ctrl+c":
		return tea.Quit
	case "p":
		go func() {
			for range m.total {
				m.send(progressed{})
			}
		}()
		return nil
	}
	switch msg.String() {
	case "tab", "shift+tab":
		m.at = 1 - m.at
		return nil
	case " ":
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
