package painter

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// framesPerSecond and burst bound how often views are painted. Of a burst the
// last few are kept for keys: a flood of messages is slowed down, a key in the
// middle of it is answered at once. Keys that come faster than anybody presses
// them, as a terminal pastes them, wait keyFrame from one frame to the next.
const (
	framesPerSecond = 60
	burst           = 12
	forKeys         = 6
	keyFrame        = 4 * time.Millisecond
)

// Urgent is what a message may be that an operator waits for, as for a key.
type Urgent interface{ Urgent() bool }

func urgent(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.KeyMsg, tea.WindowSizeMsg:
		return true
	case Urgent:
		return msg.Urgent()
	}
	return false
}

// Immediate wraps a model so that its view is painted as soon as it is made,
// and not with the renderer's next tick, which costs up to 17 ms for each key.
// The renderer is left with a blank and has nothing to do; run it with
// tea.WithFPS(1). It keeps what it is good for: raw mode, the alternate screen,
// suspending, and putting the terminal back after a panic.
func (p *Painter) Immediate(m tea.Model) tea.Model { return p.screen.Immediate(m) }

// Draw paints a view at once, or a moment later when views come too fast. From
// the first one on the frames of Bubble Tea's renderer are ignored.
func (p *Painter) Draw(view string) { p.screen.Draw(view) }

// Immediate is Painter.Immediate.
func (s *Screen) Immediate(m tea.Model) tea.Model { return immediate{Model: m, screen: s} }

type immediate struct {
	tea.Model
	screen *Screen
	urgent bool // the view to come
}

// Update passes the message on.
func (m immediate) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	inner, cmd := m.Model.Update(msg)
	return immediate{inner, m.screen, urgent(msg)}, cmd
}

// View draws, and gives the renderer a blank.
func (m immediate) View() string {
	m.screen.draw(m.Model.View(), m.urgent)
	return " "
}

// Draw is Painter.Draw.
func (s *Screen) Draw(view string) { s.draw(view, false) }

func (s *Screen) draw(view string, urgent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.direct && view == s.view && s.term.known {
		return
	}
	s.direct, s.view, s.owed = true, view, s.owed || urgent
	if !s.alt {
		return // painted when the alternate screen is there
	}
	if wait := s.limit.take(time.Now(), s.owed); wait > 0 {
		s.limit.later(wait, s.late)
		return
	}
	_ = s.repaint()
}

// late paints the newest view when its time has come.
func (s *Screen) late() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit.waiting = false
	if !s.alt {
		return
	}
	if wait := s.limit.take(time.Now(), s.owed); wait > 0 {
		s.limit.later(wait, s.late) // keys came meanwhile
		return
	}
	_ = s.repaint()
}

// answer follows what Bubble Tea wrote while views come through Draw: a screen
// that it cleared is painted again.
func (s *Screen) answer() error {
	if s.cleared {
		s.cleared = false
		s.forget()
	}
	if s.alt && s.drawn && !s.term.known && s.view != "" {
		s.place()
		s.term.paint(&s.want, nil)
	}
	return s.send()
}

// repaint brings the newest view to the terminal. An error is met again with
// the next one; Bubble Tea looks at none either.
func (s *Screen) repaint() error {
	s.owed = false
	s.begin()
	s.place()
	s.term.paint(&s.want, nil)
	return s.send()
}

// place puts the lines of the view that changed into the grid. Each stands for
// itself: no rendition runs on into the next.
func (s *Screen) place() {
	s.drawing = true
	defer func() { s.drawing = false }()
	lines := strings.Split(s.view, "\n")
	if len(lines) > s.want.h {
		lines = lines[len(lines)-s.want.h:] // what Bubble Tea does
	}
	for y := range s.want.h {
		line := ""
		if y < len(lines) {
			line = lines[y]
		}
		if y < len(s.lines) && s.lines[y] == line {
			continue
		}
		s.x, s.y, s.pen = 0, y, pen{}
		s.read([]byte(line))
		s.want.erase(y, s.x, s.want.w, pen{})
	}
	for len(lines) < s.want.h {
		lines = append(lines, "")
	}
	s.lines = lines
}

// limit lets frames through at a rate, a few of them at once.
type limit struct {
	tokens  float64
	last    time.Time // when it was asked last
	painted time.Time // the last frame
	waiting bool      // for timer, until due
	timer   *time.Timer
	due     time.Time
}

// take says how long the frame has to wait.
func (l *limit) take(now time.Time, urgent bool) time.Duration {
	if l.last.IsZero() {
		l.tokens = burst
	} else {
		l.tokens = min(burst, l.tokens+now.Sub(l.last).Seconds()*framesPerSecond)
	}
	l.last = now
	since := now.Sub(l.painted)
	switch {
	case urgent && (l.tokens >= 1 || since >= keyFrame), !l.waiting && l.tokens >= 1+forKeys:
		l.tokens, l.painted = max(0, l.tokens-1), now
		return 0
	case urgent:
		return keyFrame - since
	}
	return time.Second / framesPerSecond
}

// later paints when the frame has waited, together with one that waits already.
func (l *limit) later(wait time.Duration, paint func()) {
	due := l.last.Add(wait)
	switch {
	case !l.waiting:
		l.timer = time.AfterFunc(wait, paint)
	case due.Before(l.due): // a key among messages
		l.timer.Reset(wait)
	default:
		return
	}
	l.waiting, l.due = true, due
}
