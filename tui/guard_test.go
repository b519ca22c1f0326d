package tui

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// clumsy panics where it is told to.
type clumsy struct{ where string }

func (c clumsy) trip(where string) {
	if c.where == where {
		panic("tripped in " + where)
	}
}

func (c clumsy) Init() tea.Cmd { c.trip("Init"); return nil }
func (c clumsy) View() string  { c.trip("View"); return "a frame" }

func (c clumsy) Update(tea.Msg) (tea.Model, tea.Cmd) {
	c.trip("Update")
	one := func() tea.Msg { c.trip("a command"); return nil }
	return c, tea.Batch(one, func() tea.Msg { c.trip("a gathered command"); return nil })
}

func TestAMistakeEndsTheScreenWithOneSentence(t *testing.T) {
	for _, where := range []string{"Init", "View", "Update", "a command", "a gathered command", "nowhere"} {
		var failed error
		var log string
		var m tea.Model = guard{Model: clumsy{where}, failed: &failed, log: func(text string) { log = text }}
		run := func(msg tea.Msg) (quits bool) {
			var cmd tea.Cmd
			m, cmd = m.Update(msg)
			return drain(t, &m, cmd)
		}
		quits := drain(t, &m, m.Init())
		_ = m.View()
		quits = run("first") || quits
		_ = m.View()
		quits = run("second") || quits
		if where == "nowhere" {
			if failed != nil || quits {
				t.Errorf("ended without a mistake: %v", failed)
			}
			continue
		}
		if !quits || failed == nil || !strings.Contains(failed.Error(), "tripped in "+where) || strings.Contains(failed.Error(), "\n") {
			t.Errorf("%s: quits %v, says %v", where, quits, failed)
		}
		if !strings.Contains(log, "guard_test.go") {
			t.Errorf("%s: the trace is not in the log: %q", where, log)
		}
	}
}

// drain runs commands until nothing is left and reports whether one quits.
func drain(t *testing.T, m *tea.Model, cmd tea.Cmd) (quits bool) {
	t.Helper()
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range msg {
			quits = drain(t, m, c) || quits
		}
	case crashed:
		var next tea.Cmd
		*m, next = (*m).Update(msg)
		quits = drain(t, m, next)
	}
	return quits
}

// What cannot be done without and does not open ends the screen with its own
// words.
func TestWhatDoesNotOpenEndsTheScreen(t *testing.T) {
	var failed error
	damage := errors.New("the journal is damaged")
	m := &Model{core: Core{Open: func() (Opened, error) { return Opened{}, damage }}}
	m.opening = newOpening(m.core)
	cmd := m.openRest()
	if m.openRest() != nil {
		t.Error("it is opened twice")
	}
	var screen tea.Model = guard{Model: clumsy{}, failed: &failed}
	screen, cmd = screen.Update(cmd())
	if !drain(t, &screen, cmd) || !errors.Is(failed, damage) {
		t.Errorf("the screen goes on: %v", failed)
	}
}
