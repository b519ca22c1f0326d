package batchrun

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"bursar/batch"
	"bursar/tui/view"
)

// flood is a run whose records come to their end one after the other, at a
// steady pace on a clock of its own.
type flood struct {
	records int
	pace    time.Duration

	now     time.Duration
	ended   int
	changed chan struct{}
}

func newFlood(records int, pace time.Duration) *flood {
	return &flood{records: records, pace: pace, changed: make(chan struct{}, 1)}
}

// pass lets time go by.
func (f *flood) pass(d time.Duration) {
	f.now += d
	for f.ended < f.records && time.Duration(f.ended+1)*f.pace <= f.now {
		f.ended++
		select {
		case f.changed <- struct{}{}:
		default:
		}
		if f.ended == f.records {
			close(f.changed)
		}
	}
}

func (f *flood) ID() string               { return "0a1b2c3d-flood" }
func (f *flood) Changed() <-chan struct{} { return f.changed }
func (f *flood) Pause()                   {}
func (f *flood) Continue()                {}
func (f *flood) Cancel()                  {}

func (f *flood) Progress() batch.Progress {
	return batch.Progress{
		Batch: f.ID(), Planned: f.records, Done: f.ended == f.records,
		Counts: map[batch.State]int{batch.StateApplied: f.ended, batch.StatePlanned: f.records - f.ended},
	}
}

// tick is the screen's clock: its delay passes on the run's.
func (f *flood) tick(d time.Duration, msg tea.Msg) tea.Cmd {
	f.pass(d)
	return func() tea.Msg { return msg }
}

// follow shows the run to its end and counts the messages.
func (f *flood) follow(t *testing.T) (*Model, int) {
	t.Helper()
	m := New(&view.Env{Tick: f.tick}, f, "Credit", nil)
	messages := 0
	for cmd := m.Listen(); cmd != nil; messages++ {
		for len(f.changed) == 0 && f.ended < f.records {
			f.pass(f.pace)
		}
		cmd = m.Update(cmd())
		if shown := m.Progress().Counts[batch.StateApplied]; shown != f.ended {
			t.Fatalf("%d of %d are shown", shown, f.ended)
		}
	}
	return m, messages
}

// Each message is a frame. Ten thousand records must not cost ten thousand, and
// a slow batch must not show less than there is.
func TestManyRecordsAreFewMessages(t *testing.T) {
	for _, pace := range []time.Duration{time.Microsecond, 100 * time.Microsecond, time.Millisecond, time.Second} {
		f := newFlood(10_000, pace)
		m, messages := f.follow(t)
		most := int(f.now/interval) + 2
		if most = min(most, f.records+1); messages > most {
			t.Errorf("a record each %v: %d messages in %v, want at most %d", pace, messages, f.now, most)
		}
		if perSecond := 60 * (f.now.Seconds() + 1); float64(messages) > perSecond {
			t.Errorf("a record each %v: %d messages in %v", pace, messages, f.now)
		}
		if !m.Ended() || m.Progress().Counts[batch.StateApplied] != f.records {
			t.Errorf("a record each %v: the end is not shown: %+v", pace, m.Progress())
		}
	}
}
