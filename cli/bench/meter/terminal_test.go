//go:build !windows

package meter

import (
	"context"
	"errors"
	"testing"
	"time"
)

func until(t *testing.T, tm *Terminal, text string) time.Time {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	at, err := tm.Until(ctx, text, func(s *Screen) bool { return s.Shows(text) })
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestATerminalAnswersQueriesWhenItIsTold(t *testing.T) {
	for _, tc := range []struct {
		name    string
		reply   time.Duration
		answers bool
	}{
		{"at once", 0, true},
		{"late", 50 * time.Millisecond, true},
		{"never", Never, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tm := start(t, tc.reply)
			until(t, tm, "ready")
			if !tc.answers {
				if err := tm.Quiet(t.Context(), 100*time.Millisecond); err != nil {
					t.Fatal(err)
				}
				if tm.Show().Shows("colour") {
					t.Error("it was answered")
				}
				return
			}
			at := until(t, tm, "colour 11;rgb:1a1a/1a1a/1a1a")
			if at.Sub(tm.Started) < tc.reply {
				t.Errorf("answered after %v, asked for %v", at.Sub(tm.Started), tc.reply)
			}
		})
	}
}

func TestKeysAreMeasuredOneByOne(t *testing.T) {
	tm := start(t, Never)
	until(t, tm, "ready")
	// A busy machine may take its time: what draws is waited for.
	const long = 30 * time.Second
	measure := func(k Keys) Series {
		t.Helper()
		s, err := tm.Measure(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := measure(Keys{Name: "step", Press: []string{"j"}, N: 3, Gap: 20 * time.Millisecond, Blank: long})
	for i, p := range s.Presses {
		if want := len("\x1b[2;1H1"); p.Bytes != want || p.Cells != 1 || p.Floor != moveCost+1 || p.Latency <= 0 {
			t.Errorf("step %d: %+v, want %d bytes, one cell, a floor of %d", i, p, want, moveCost+1)
		}
	}
	if s = measure(Keys{Name: "nothing", Press: []string{"x"}, N: 2, Blank: 20 * time.Millisecond}); s.Blank != 2 || len(s.Presses) != 0 {
		t.Errorf("keys that draw nothing: %+v", s)
	}
	s = measure(Keys{Name: "parts", Press: []string{"c"}, N: 1, Gap: 500 * time.Millisecond, Blank: long})
	if want := len("\x1b[3;1Hпривет"); len(s.Presses) != 1 || s.Presses[0].Bytes != want || s.Presses[0].Latency < 5*time.Millisecond {
		t.Errorf("a frame in two parts: %+v, want %d bytes and the second part's time", s.Presses, want)
	}
	s = measure(Keys{Name: "there and back", Press: []string{"j"}, Then: "j", N: 2, Gap: 20 * time.Millisecond, Blank: long})
	if len(s.Presses) != 2 {
		t.Errorf("%d presses with a way back, want 2", len(s.Presses))
	}
}

func TestAnAnswerIsFoundAmongOtherFrames(t *testing.T) {
	tm := start(t, Never)
	until(t, tm, "ready")
	if err := tm.Press("b"); err != nil {
		t.Fatal(err)
	}
	until(t, tm, "busy")
	step := func(s *Screen) string { return s.Line(1) }
	s, err := tm.Measure(t.Context(), Keys{Name: "step", Press: []string{"j"}, N: 5, Blank: 10 * time.Second, Answer: step})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Presses) != 5 || s.Blank != 0 {
		t.Errorf("%d answers and %d blanks, want 5 and none", len(s.Presses), s.Blank)
	}
	if got := tm.Show().Line(1); got != "5" {
		t.Errorf("the screen shows step %q, want 5", got)
	}
	s, err = tm.Measure(t.Context(), Keys{Name: "nothing", Press: []string{"x"}, N: 1, Blank: 50 * time.Millisecond, Answer: step})
	if err != nil || s.Blank != 1 {
		t.Errorf("a key that nothing answers: %+v, %v", s, err)
	}
}

func TestAProgramThatEndsIsNoticed(t *testing.T) {
	tm := start(t, Never)
	until(t, tm, "ready")
	if err := tm.Press("q"); err != nil {
		t.Fatal(err)
	}
	_, err := tm.Until(t.Context(), "sequel", func(s *Screen) bool { return s.Shows("sequel") })
	if !errors.Is(err, ErrGone) {
		t.Errorf("got %v, want that the program ended", err)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	tm := start(t, Never)
	until(t, tm, "ready")
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if _, err := tm.Until(ctx, "sequel", func(s *Screen) bool { return s.Shows("sequel") }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

func TestTheProcessIsMeasured(t *testing.T) {
	tm := start(t, Never)
	until(t, tm, "ready")
	m, err := MemoryOf(tm.PID())
	if err != nil {
		t.Skip(err) // no /proc
	}
	if m.RSS <= 0 || m.Peak < m.RSS || m.Anon > m.RSS {
		t.Errorf("memory %+v", m)
	}
	cpu, err := CPU(tm.PID())
	if err != nil || cpu <= 0 {
		t.Errorf("processor time %v, %v", cpu, err)
	}
}
