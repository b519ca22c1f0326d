package tui_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"bursar/tui"
	"bursar/tui/painter"
	"bursar/tui/painter/emulator"
	"bursar/tui/tuitest"
	"bursar/tui/view"
)

// stage is the whole screen as it runs in a terminal: the root model, the
// painter and an emulator at the end of the wire. It lives in a bubble of
// testing/synctest, so that ticks and late frames come when the steps let time
// pass, and the same steps always lead to the same screen.
type stage struct {
	desk   *tuitest.Desk
	model  tea.Model
	screen *painter.Screen
	idle   *emulator.Renderer // Bubble Tea's own, which has nothing to draw
	wire   *wire
	term   *emulator.Terminal
	names  emulator.Names
	w, h   int    // of the terminal
	known  [2]int // the size that the model was told
	view   string // the newest view
	free   func() // lets held acts go on; nil: none are held
	puts   int    // readings so far

	mu      sync.Mutex
	started int // commands so far
	answers []answer
	lag     bool // answers stay on their way
}

// answer is what a command brought; they are taken in the order of the commands.
type answer struct {
	of  int
	msg tea.Msg
}

func newStage(t *testing.T, w, h int) *stage {
	t.Cleanup(func() { time.Sleep(time.Second) }) // the last of all: ticks run out
	s := &stage{desk: tuitest.NewDesk(t, tuitest.Options{Payments: 120, Empty: true}), w: w, h: h, names: emulator.Names{}}
	s.desk.Hosting.Put(rareRows()...)
	s.desk.SyncAll(t)
	s.term = emulator.New(w, h, s.names)
	s.wire = &wire{to: s.term, w: w, h: h}
	s.screen = painter.NewScreen(s.wire, w, h)
	s.idle = emulator.NewRenderer(s.screen, w, h)
	s.model = tui.New(s.desk.Ctx, s.desk.Core, tui.Terminal{Renderer: tuitest.Renderer(termenv.TrueColor), Out: s.screen})
	t.Cleanup(func() {
		if s.free != nil {
			s.free()
		}
	})
	s.enter()
	s.run(s.model.Init())
	s.resize(w, h)
	s.told()
	s.settle()
	return s
}

// enter begins the alternate screen; the frames come after.
func (s *stage) enter() {
	s.wire.frames = false
	s.idle.Enter()
	s.wire.frames = true
}

// suspend goes to the shell and comes back.
func (s *stage) suspend() {
	s.wire.frames = false
	s.idle.Leave()
	_, _ = s.screen.Write([]byte("[1]+ stopped\r\nuser@host:~$ fg\r\n"))
	s.enter()
	s.send(tea.ResumeMsg{})
}

// resize changes the terminal; the model learns it from told.
func (s *stage) resize(w, h int) {
	s.w, s.h, s.wire.w, s.wire.h = w, h, w, h
	s.term.Resize(w, h)
	s.screen.Resize(w, h)
	s.idle.Resize(w, h)
}

func (s *stage) told() {
	s.known = [2]int{s.w, s.h}
	s.send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
}

func (s *stage) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.started++
	n := s.started
	go func() {
		msg := cmd()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.answers = append(s.answers, answer{n, msg})
	}()
}

// send is one turn of Bubble Tea's loop: update, view, draw.
func (s *stage) send(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil, tea.QuitMsg: // nobody leaves
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			s.run(cmd)
		}
		return
	case tea.SuspendMsg:
		s.suspend()
		return
	}
	if msg == tea.ClearScreen() {
		s.wire.frames = false
		s.idle.Clear()
		s.wire.frames = true
	}
	var cmd tea.Cmd
	s.model, cmd = s.model.Update(msg)
	s.run(cmd)
	s.draw()
}

func (s *stage) draw() {
	s.view = s.model.View()
	s.screen.Draw(s.view)
}

// pass lets time go by.
func (s *stage) pass(d time.Duration) {
	if d > 0 {
		time.Sleep(d) // of the bubble's clock
	}
	synctest.Wait()
}

// take gives the model what its commands brought, until there is no more.
func (s *stage) take() {
	for range 1000 {
		synctest.Wait()
		s.mu.Lock()
		got := s.answers
		s.answers = nil
		s.mu.Unlock()
		if len(got) == 0 {
			return
		}
		slices.SortFunc(got, func(a, b answer) int { return a.of - b.of })
		for _, a := range got {
			s.send(a.msg)
		}
	}
	panic("the screen never comes to rest")
}

// settle waits until everything that is on its way has come.
func (s *stage) settle() {
	for range 10 {
		s.take()
		s.pass(50 * time.Millisecond)
	}
	s.take()
}

// exact says what is wrong with the size of the view; "" when nothing is.
func (s *stage) exact() string {
	lines := strings.Split(s.view, "\n")
	if len(lines) != s.known[1] {
		return fmt.Sprintf("the frame has %d lines on a screen of %dx%d", len(lines), s.known[0], s.known[1])
	}
	for y, line := range lines {
		if n := view.Width(line); n != s.known[0] {
			return fmt.Sprintf("line %d has %d cells on a screen of %dx%d: %q", y, n, s.known[0], s.known[1], line)
		}
	}
	return ""
}

// wrong compares the terminal with a redraw of the newest view: by a painter
// that has drawn nothing yet, and by Bubble Tea's own renderer.
func (s *stage) wrong() string {
	s.pass(100 * time.Millisecond) // a late frame comes by itself
	if s.wire.bad != "" {
		return s.wire.bad
	}
	if s.model.View() != s.view {
		return "the view changes while nothing happens"
	}
	if what := s.exact(); what != "" {
		return what
	}
	fresh := emulator.New(s.w, s.h, s.names)
	paint := painter.NewScreen(fresh, s.w, s.h)
	emulator.NewRenderer(paint, s.w, s.h).Enter()
	paint.Draw(s.view)
	if diff := s.term.Difference(fresh); diff != "" {
		return "the terminal and a painter's redraw differ " + diff
	}
	fresh = emulator.New(s.w, s.h, s.names)
	stock := emulator.NewRenderer(fresh, s.w, s.h)
	stock.Enter()
	stock.Frame(s.view)
	if diff := s.term.Difference(fresh); diff != "" {
		return "the terminal and the stock renderer's redraw differ " + diff
	}
	return ""
}
