package tui

import (
	"context"
	"errors"
	"os"

	"bursar/themes"
	_ "bursar/themes/early" // before Bubble Tea: it would wait for the terminal's background colour
	"bursar/tui/painter"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// frameRate is how often Bubble Tea's renderer wakes up. The painter draws each
// view as soon as it is made, so that no key waits for a tick; the renderer has
// nothing to do and may sleep.
const frameRate = 1

// Run shows the workstation on a terminal until the operator leaves or ctx
// ends. The terminal is put back as it was, also after a mistake in the program.
func Run(ctx context.Context, core Core, in, out *os.File) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	paint := painter.New(out)
	r := lipgloss.NewRenderer(out, termenv.WithProfile(termenv.EnvColorProfile()))
	r.SetHasDarkBackground(true) // themes name both grounds themselves; nobody asks the terminal
	if theme, err := themes.ForTerminal(core.Theme, os.Getenv); err == nil {
		core.Theme = theme.Name
	}
	m := New(ctx, core, Terminal{Renderer: r, Out: paint})
	var failed error
	p := tea.NewProgram(paint.Immediate(guard{Model: m, failed: &failed, log: core.Log}), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(paint), tea.WithAltScreen(), tea.WithFPS(frameRate), tea.WithFilter(stamp(core)))
	_, err := p.Run()
	if failed != nil {
		return failed
	}
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic) {
		return nil // the caller asked for it
	}
	return err
}

// Urgent tells the painter that somebody waits for the answer.
func (s stamped) Urgent() bool {
	_, key := s.msg.(tea.KeyMsg)
	return key
}

// stamp puts the time on what the screen takes in, so that Update need not
// read the clock.
func stamp(core Core) func(tea.Model, tea.Msg) tea.Msg {
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		switch msg.(type) {
		case tea.KeyMsg, storeChanged, view.Result, statesRead, unfinished, runStarted:
			return stamped{msg, core.Now()}
		}
		return msg
	}
}
