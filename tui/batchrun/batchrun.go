// Package batchrun shows a batch while it is carried out: progress, counts and
// sums per state, accounts that wait and why, the last events. It can be left
// and come back to; the batch goes on.
package batchrun

import (
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Run is a batch at work.
type Run interface {
	ID() string
	Progress() batch.Progress
	Changed() <-chan struct{}
	Pause()
	Continue()
	Cancel()
}

// interval is the least time between two looks at a run: progress of thousands
// of records must not cost thousands of frames.
const interval = 100 * time.Millisecond

// Changed brings the progress of a run.
type Changed struct {
	ID       string
	Progress batch.Progress
	Ended    bool // the run is over; nothing more will come
}

// To is the run's address.
func (c Changed) To() view.ID { return Addr(c.ID) }

// Addr is the address of a batch's run view.
func Addr(id string) view.ID { return view.ID("run/" + id) }

// AskCancel asks the root to ask the operator whether to cancel the run.
type AskCancel struct{ ID string }

// Cancel tells the run view that the operator wants to.
type Cancel struct{ ID string }

// To is the run's address.
func (c Cancel) To() view.ID { return Addr(c.ID) }

// over stands for a run that has ended.
type over string

// ID is the batch's id.
func (o over) ID() string { return string(o) }

// Progress is no longer asked for: the view has the last.
func (over) Progress() batch.Progress { return batch.Progress{} }

// Changed never changes again.
func (over) Changed() <-chan struct{} { return nil }

// Pause does nothing.
func (over) Pause() {}

// Continue does nothing.
func (over) Continue() {}

// Cancel does nothing.
func (over) Cancel() {}

// Model is the view of one run.
type Model struct {
	env   *view.Env
	run   Run
	title string
	infos []providers.Info
	p     batch.Progress
	ended bool
	asked bool // cancel was asked for
}

// New is the view of a run; Listen starts following it.
func New(env *view.Env, run Run, title string, infos []providers.Info) *Model {
	return &Model{env: env, run: run, title: title, infos: infos, p: run.Progress()}
}

// ID is the batch's id.
func (m *Model) ID() string { return m.run.ID() }

// Title says what the batch does.
func (m *Model) Title() string { return m.title }

// Ended reports whether the run is over.
func (m *Model) Ended() bool { return m.ended }

// Progress is the last progress seen.
func (m *Model) Progress() batch.Progress { return m.p }

// Listen waits for the run to change and tells so, at most ten times a second.
func (m *Model) Listen() tea.Cmd { return listen(m.run, m.env.Tick) }

func listen(run Run, tick view.Tick) tea.Cmd {
	return func() tea.Msg {
		_, more := <-run.Changed()
		if more {
			if cmd := tick(interval, nil); cmd != nil {
				cmd()
			}
			select { // what changed meanwhile is in Progress already
			case _, more = <-run.Changed():
			default:
			}
		}
		return Changed{ID: run.ID(), Progress: run.Progress(), Ended: !more}
	}
}

// Update takes progress in.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Changed:
		m.p = msg.Progress
		if msg.Ended {
			m.ended = true
			m.run = over(m.run.ID()) // what it knows of each record is in the journal
			return nil
		}
		return m.Listen()
	case Cancel:
		m.asked = true
		run := m.run
		return func() tea.Msg { run.Cancel(); return nil }
	}
	return nil
}

// Stopped reports whether the run waits for the operator.
func (m *Model) Stopped() bool {
	if m.p.Paused || m.p.Stopped != "" {
		return true
	}
	for _, a := range m.p.Accounts {
		if a.Stopped != "" {
			return true
		}
	}
	return false
}

// Key takes a key of the view.
func (m *Model) Key(k view.Key) (cmd tea.Cmd, handled bool) {
	return m.Do(m.env.Act(keymap.ScopeRun, k))
}

// Do carries out one of the view's own actions.
func (m *Model) Do(act keymap.ID) (cmd tea.Cmd, handled bool) {
	switch act {
	case keymap.RunPause:
		return m.pause(), true
	case keymap.RunCancel:
		if m.ended || m.p.Cancelled {
			return m.env.Post(view.Said{Text: "the batch sends nothing more already"}), true
		}
		return m.env.Post(AskCancel{ID: m.ID()}), true
	case keymap.RunOpen:
		return m.env.Post(view.OpenBatch{ID: m.ID()}), true
	}
	return nil, false
}

func (m *Model) pause() tea.Cmd {
	run := m.run
	switch {
	case m.ended:
		return m.env.Post(view.Said{Text: "the batch has ended"})
	case m.Stopped():
		return func() tea.Msg { run.Continue(); return view.Said{Text: "batch goes on"} }
	default:
		return func() tea.Msg { run.Pause(); return view.Said{Text: "batch pauses; what is on its way is waited for"} }
	}
}

// Hints are the keys of the view.
func (m *Model) Hints() []view.Hint {
	if m.ended {
		return m.env.Hints(keymap.RunOpen, keymap.Back, keymap.Journal, keymap.Help)
	}
	h := m.env.Hints(keymap.RunPause, keymap.RunCancel, keymap.RunOpen)
	if m.Stopped() {
		h[0].Text = "continue"
	}
	return append(append(h, view.Hint{Key: m.env.Keys.Key(keymap.Back), Text: "leave it running"}), m.env.Hints(keymap.Help)...)
}
