package tui

import (
	"context"

	"bursar/batch"

	tea "github.com/charmbracelet/bubbletea"
)

// Opened is what a screen gets a moment after its first rows.
type Opened struct {
	Engine   *batch.Engine // nil: Core.NoEngine says why
	ReadOnly bool          // nothing may be sent after all
	Notices  []string
}

// opening is the batch engine, which comes a moment after the first rows: the
// journal is checked whole when it is opened, and nobody looks at rows with it.
// Commands that need it wait.
type opening struct {
	begun  bool
	done   chan struct{}
	engine *batch.Engine // behind done
}

func newOpening(core Core) *opening {
	o := &opening{done: make(chan struct{})}
	if core.Open == nil {
		o.engine, o.begun = core.Engine, true
		close(o.done)
	}
	return o
}

// under reports whether the engine may still come.
func (o *opening) under() bool {
	select {
	case <-o.done:
		return false
	default:
		return true
	}
}

// wait returns the engine once it is known; nil is for good.
func (o *opening) wait(ctx context.Context) (*batch.Engine, error) {
	select {
	case <-o.done:
		return o.engine, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// opened brings what was opened behind the first rows.
type opened struct{ Opened }

// openRest opens the rest, behind the first answer with rows, once.
func (m *Model) openRest() tea.Cmd {
	if m.opening.begun {
		return nil
	}
	m.opening.begun = true
	open, o := m.core.Open, m.opening
	return func() tea.Msg {
		got, err := open()
		if err != nil {
			return crashed{err}
		}
		o.engine = got.Engine
		close(o.done)
		return opened{got}
	}
}

// opened lets batches begin, and offers those that were interrupted.
func (m *Model) opened(msg opened) tea.Cmd {
	m.core.Engine = msg.Engine
	m.core.ReadOnly = m.core.ReadOnly || msg.ReadOnly
	for _, n := range msg.Notices {
		m.fail(n)
	}
	return m.readUnfinished()
}
