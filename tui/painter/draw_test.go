package painter

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// onAlt is a screen on the alternate screen, and what it wrote since.
func onAlt(w, h int) (*Screen, *bytes.Buffer) {
	var out bytes.Buffer
	s := NewScreen(&out, w, h)
	_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H\x1b[?25l"))
	out.Reset()
	return s, &out
}

func TestDrawIgnoresTheRenderersFrames(t *testing.T) {
	s, out := onAlt(20, 5)
	s.Draw("one\ntwo")
	if !strings.Contains(out.String(), "one") {
		t.Fatalf("the view was not painted at once: %q", out.String())
	}
	out.Reset()
	_, _ = s.Write([]byte("\x1b[H \x1b[K\r\nnonsense\x1b[5;1H"))
	s.Draw("one\ntwo")
	if out.Len() > 0 {
		t.Errorf("nothing changed, and %q was written", out.String())
	}
	_, _ = s.Write([]byte("\x1b]52;c;QQ==\x07"))
	if out.String() != "\x1b]52;c;QQ==\x07" {
		t.Errorf("the clipboard got %q", out.String())
	}
}

func TestAClearedScreenIsDrawnAgainAtOnce(t *testing.T) {
	s, out := onAlt(20, 5)
	s.Draw("one\ntwo")
	out.Reset()
	_, _ = s.Write([]byte("\x1b[2J"))
	if !strings.Contains(out.String(), "one") || !strings.Contains(out.String(), "two") {
		t.Errorf("after a clear: %q", out.String())
	}
}

func TestAViewCannotSteerTheTerminal(t *testing.T) {
	s, out := onAlt(40, 5)
	s.Draw("a\x1b]52;c;QQ==\x07b\x1b[6n\x1b[?1049l\x1b[2J\x1b[31mred")
	for _, bad := range []string{"52;", "6n", "1049", "\x1b]"} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("%q reached the terminal in %q", bad, out.String())
		}
	}
	if !strings.Contains(out.String(), "ab") || !strings.Contains(out.String(), "red") {
		t.Errorf("the text is gone: %q", out.String())
	}
}

// counted counts writes.
type counted struct {
	bytes.Buffer
	writes int
}

func (c *counted) Write(b []byte) (int, error) {
	c.writes++
	return c.Buffer.Write(b)
}

// TestAFloodOfViewsIsSlowedDown draws a thousand views in a second: no more
// than sixty a second are painted, and the last one is.
func TestAFloodOfViewsIsSlowedDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &counted{}
		s := NewScreen(out, 40, 5)
		_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H"))
		out.writes = 0
		for i := range 1000 {
			s.Draw(fmt.Sprintf("%d of 1000", i+1))
			time.Sleep(time.Millisecond) // of the bubble's clock
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if most := framesPerSecond + burst + 2; out.writes > most {
			t.Errorf("%d frames in a second, want at most %d", out.writes, most)
		}
		if s.lines[0] != "1000 of 1000" {
			t.Errorf("the last frame says %q", s.lines[0])
		}
		out.writes = 0
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if out.writes > 0 {
			t.Errorf("%d writes while nothing happens", out.writes)
		}
	})
}

// pressed counts keys and what else came.
type pressed struct{ keys, other int }

func (p pressed) Init() tea.Cmd { return nil }
func (p pressed) View() string  { return fmt.Sprintf("%d keys, %d others", p.keys, p.other) }

func (p pressed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, key := msg.(tea.KeyMsg); key || msg == tea.Msg(answered{true}) {
		p.keys++
	} else {
		p.other++
	}
	return p, nil
}

type answered struct{ urgent bool }

func (a answered) Urgent() bool { return a.urgent }

// TestFastKeysHardlyWait has keys come faster than frames, among a thousand
// messages a second: each is on the screen a moment later.
func TestFastKeysHardlyWait(t *testing.T) {
	for _, apart := range []int{1, 2, 5, 10} { // milliseconds
		synctest.Test(t, func(t *testing.T) {
			out := &counted{}
			s := NewScreen(out, 40, 5)
			_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H"))
			m := s.Immediate(pressed{})
			frames := out.writes
			for ms := range 1000 {
				if ms%apart == 0 {
					m, _ = m.Update(tea.KeyMsg{})
					_ = m.View()
				}
				var shown int
				_, _ = fmt.Sscanf(s.lines[0], "%d keys", &shown)
				if due := 1 + (ms-int(keyFrame/time.Millisecond))/apart; shown < due {
					t.Fatalf("keys %d ms apart: at %d ms %d of %d are on the screen", apart, ms, shown, due)
				}
				m, _ = m.Update(answered{false})
				_ = m.View()
				time.Sleep(time.Millisecond)
				synctest.Wait()
			}
			if n, most := out.writes-frames, int(time.Second/keyFrame)+burst; n > most {
				t.Errorf("keys %d ms apart: %d frames in a second, want at most %d", apart, n, most)
			}
		})
	}
}

// TestAKeyIsAnsweredInAFlood has a key come every 30 ms, among a thousand
// messages a second.
func TestAKeyIsAnsweredInAFlood(t *testing.T) {
	for _, key := range []tea.Msg{tea.KeyMsg{}, answered{true}} {
		synctest.Test(t, func(t *testing.T) {
			out := &counted{}
			s := NewScreen(out, 40, 5)
			_, _ = s.Write([]byte("\x1b[?1049h\x1b[2J\x1b[H"))
			m := s.Immediate(pressed{})
			frames := out.writes
			for i := range 3000 {
				if i%30 == 0 {
					before := out.writes
					m, _ = m.Update(key)
					_ = m.View()
					if out.writes != before+1 || !strings.HasPrefix(s.lines[0], fmt.Sprintf("%d keys", 1+i/30)) {
						t.Fatalf("after %d ms a key had to wait", i)
					}
				}
				m, _ = m.Update(answered{false})
				_ = m.View()
				time.Sleep(time.Millisecond)
				synctest.Wait()
			}
			if n, most := out.writes-frames, 3*framesPerSecond+burst+2; n > most {
				t.Errorf("%d frames in three seconds, want at most %d", n, most)
			}
		})
	}
}
