package tui

import (
	"fmt"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"
)

// guard keeps a mistake in the screen from printing a stack trace over the
// terminal: the screen ends, Run says so in one sentence, and the trace goes to
// the log.
type guard struct {
	tea.Model
	failed *error
	log    func(text string)
}

// crashed ends the screen with an error: a command panicked, or what cannot be
// done without does not open.
type crashed struct{ err error }

// Init begins the model.
func (g guard) Init() (cmd tea.Cmd) {
	defer g.catch(&cmd)
	return g.each(g.Model.Init())
}

// Update carries a message to the model.
func (g guard) Update(msg tea.Msg) (after tea.Model, cmd tea.Cmd) {
	after = g
	if c, ok := msg.(crashed); ok {
		*g.failed = c.err
		return g, tea.Quit
	}
	defer g.catch(&cmd)
	m, next := g.Model.Update(msg)
	g.Model = m
	return g, g.each(next)
}

// View draws the model; an empty frame when it cannot be drawn, and the next
// message ends the screen.
func (g guard) View() (frame string) {
	defer func() {
		if r := recover(); r != nil {
			*g.failed = g.note(r)
			frame = ""
		}
	}()
	if *g.failed != nil {
		return ""
	}
	return g.Model.View()
}

func (g guard) catch(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		*g.failed = g.note(r)
	}
	if *g.failed != nil {
		*cmd = tea.Quit
	}
}

func (g guard) note(r any) error {
	if g.log != nil {
		g.log(fmt.Sprintf("%v\n%s", r, debug.Stack()))
	}
	return fmt.Errorf("a mistake in the program (%v); what was sent is in the journal and nothing is lost; start again and tell the makers", r)
}

// each guards a command and those that it gathers.
func (g guard) each(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = crashed{g.note(r)}
			}
		}()
		msg = cmd()
		if all, ok := msg.(tea.BatchMsg); ok {
			guarded := make(tea.BatchMsg, len(all))
			for i, c := range all {
				guarded[i] = g.each(c)
			}
			return guarded
		}
		return msg
	}
}
