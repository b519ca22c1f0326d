package tui

import (
	"context"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/table"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"bursar/batch"
	"bursar/cache"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/batchrun"
	"bursar/tui/painter"
)

// events is how many records a batch of these benchmarks has.
const events = 10_000

// pacedRun is a batch that ends a record after each pace, on a clock of its own.
type pacedRun struct {
	pace, now time.Duration
	ended     int
	changed   chan struct{}
}

func (r *pacedRun) pass(d time.Duration) {
	for r.now += d; r.ended < events && time.Duration(r.ended+1)*r.pace <= r.now; {
		r.ended++
		select {
		case r.changed <- struct{}{}:
		default:
		}
		if r.ended == events {
			close(r.changed)
		}
	}
}

func (r *pacedRun) ID() string               { return "0a1b2c3d-paced" }
func (r *pacedRun) Changed() <-chan struct{} { return r.changed }
func (r *pacedRun) Pause()                   {}
func (r *pacedRun) Continue()                {}
func (r *pacedRun) Cancel()                  {}

func (r *pacedRun) Progress() batch.Progress {
	recent := make([]string, 50)
	for i := range recent {
		recent[i] = "10:32:01 hosting P-" + strconv.Itoa(r.ended-i) + " answer: applied"
	}
	return batch.Progress{
		Batch: r.ID(), Planned: events, Recent: recent, Done: r.ended == events,
		Counts:   map[batch.State]int{batch.StateApplied: r.ended, batch.StatePlanned: events - r.ended},
		Accounts: []batch.AccountProgress{{Account: "hosting", Workers: 64, InFlight: 64, Waiting: events - r.ended}},
	}
}

// noAccounts has none.
type noAccounts struct{}

func (noAccounts) Provider(string) (providers.Provider, bool) { return nil, false }
func (noAccounts) All() []providers.Provider                  { return nil }

// BenchmarkTenThousandEvents is what the screen pays for a batch of 10,000
// records at 200x50: from the run's changes to the bytes on the line. Stock is a
// Bubble Tea program with a table that gets a message for each.
func BenchmarkTenThousandEvents(b *testing.B) {
	for name, pace := range map[string]time.Duration{"a thousand a second": time.Millisecond, "ten thousand a second": 100 * time.Microsecond} {
		b.Run(name, func(b *testing.B) {
			m, screen, frames := screenOf(b), painter.NewScreen(io.Discard, 200, 50), 0
			_, _ = screen.Write([]byte("\x1b[?1049h"))
			b.ReportAllocs()
			for b.Loop() {
				frames += showBatch(m, screen, pace)
			}
			b.ReportMetric(float64(frames)/float64(b.N), "frames")
		})
	}
	b.Run("stock", func(b *testing.B) {
		for b.Loop() {
			stockBatch(b)
		}
		b.ReportMetric(events, "frames")
	})
}

// screenOf is a screen of 200x50 over an empty store.
func screenOf(b *testing.B) *Model {
	b.Helper()
	store, err := cache.Open(cache.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	ctx, stop := context.WithCancel(context.Background())
	b.Cleanup(stop)
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI256)
	m := New(ctx, Core{Store: store, Accounts: noAccounts{}, Keys: keymap.Default(), Now: time.Now}, Terminal{Renderer: r, Out: io.Discard})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	return m
}

func showBatch(m *Model, screen *painter.Screen, pace time.Duration) (frames int) {
	run := &pacedRun{pace: pace, changed: make(chan struct{}, 1)}
	m.env.Tick = func(d time.Duration, _ tea.Msg) tea.Cmd { run.pass(d); return nil }
	m.runs = nil
	m.Update(runStarted{run: run, title: "Credit 10 000 payments"})
	view := m.run(run.ID())
	for more := true; more; frames++ {
		for len(run.changed) == 0 && run.ended < events {
			run.pass(pace)
		}
		msg := view.Listen()().(batchrun.Changed)
		m.Update(msg)
		screen.Draw(m.View())
		more = !msg.Ended
	}
	return frames
}

// stock is a program as the tutorial has it.
type stock struct {
	table table.Model
	done  int
}

// ended tells that a record came to its end.
type ended struct{}

func (s *stock) Init() tea.Cmd { return nil }
func (s *stock) View() string  { return s.table.View() + "\n" + strconv.Itoa(s.done) + " of 10000" }

func (s *stock) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(ended); ok {
		s.done++
		if s.done == events {
			return s, tea.Quit
		}
	}
	return s, nil
}

func stockBatch(b *testing.B) {
	b.Helper()
	var cols []table.Column
	for i, w := range []int{16, 12, 30, 20, 16, 18, 40, 20} {
		cols = append(cols, table.Column{Title: "column " + strconv.Itoa(i), Width: w})
	}
	rows := make([]table.Row, events)
	for i := range rows {
		for c := range cols {
			rows[i] = append(rows[i], "value "+strconv.Itoa(i)+" "+strconv.Itoa(c))
		}
	}
	m := &stock{table: table.New(table.WithColumns(cols), table.WithRows(rows), table.WithHeight(48), table.WithWidth(200))}
	p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithoutSignalHandler())
	go func() {
		p.Send(tea.WindowSizeMsg{Width: 200, Height: 50})
		for range events {
			p.Send(ended{})
		}
	}()
	if _, err := p.Run(); err != nil {
		b.Fatal(err)
	}
}
