package painter

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	"bursar/tui/painter/emulator"
)

// shown is a model that shows what it is told.
type shown struct{ view string }

func (shown) Init() tea.Cmd { return nil }
func (m shown) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if view, ok := msg.(string); ok {
		m.view = view
	}
	return m, nil
}
func (m shown) View() string { return m.view }

// watched is an emulator at the other end of a pseudo terminal.
type watched struct {
	mu      sync.Mutex
	e       *emulator.Terminal
	arrived chan struct{}
}

func (w *watched) read(from *os.File) {
	buf := make([]byte, 1<<16)
	var rest []byte
	for {
		n, err := from.Read(buf)
		// A rune torn between two reads waits for its other half.
		rest = append(rest, buf[:n]...)
		whole := len(rest)
		for i := max(0, whole-utf8.UTFMax); i < whole; i++ {
			if utf8.RuneStart(rest[i]) && !utf8.FullRune(rest[i:]) {
				whole = i
			}
		}
		w.mu.Lock()
		_, _ = w.e.Write(rest[:whole])
		w.mu.Unlock()
		rest = append(rest[:0], rest[whole:]...)
		select {
		case w.arrived <- struct{}{}:
		default:
		}
		if err != nil {
			close(w.arrived)
			return
		}
	}
}

// until waits until the terminal shows the view.
func (w *watched) until(t *testing.T, view string) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		w.mu.Lock()
		cols, rows := w.e.Size()
		fresh := emulator.New(cols, rows, emulator.Names{})
		r := emulator.NewRenderer(fresh, cols, rows)
		r.Enter()
		r.Frame(view)
		diff := w.e.Difference(fresh)
		w.mu.Unlock()
		if diff == "" {
			return
		}
		select {
		case <-w.arrived:
		case <-late:
			t.Fatalf("the terminal never showed the frame: %s", diff)
		}
	}
}

// TestUnderBubbleTea drives the real renderer in a pseudo terminal: frames,
// a change of size, a shell in between, the end.
func TestUnderBubbleTea(t *testing.T) {
	t.Run("through its renderer", func(t *testing.T) {
		underBubbleTea(t, func(_ *Painter, m tea.Model) tea.Model { return m }, 120)
	})
	t.Run("at once", func(t *testing.T) {
		underBubbleTea(t, (*Painter).Immediate, 1)
	})
}

func underBubbleTea(t *testing.T, wrap func(*Painter, tea.Model) tea.Model, fps int) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	size := func(w, h int) {
		if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
			t.Fatal(err)
		}
	}
	size(80, 24)
	w := &watched{e: emulator.New(80, 24, emulator.Names{}), arrived: make(chan struct{}, 1)}
	go w.read(master)

	out := New(slave)
	p := tea.NewProgram(wrap(out, shown{}), tea.WithInput(slave), tea.WithOutput(out), tea.WithAltScreen(), tea.WithoutSignalHandler(), tea.WithFPS(fps))
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run()
		ended <- err
	}()
	show := func(view string) {
		p.Send(view)
		w.until(t, view)
	}
	page := func(from, n int) string {
		var b strings.Builder
		b.WriteString("\x1b[1mПлатежи\x1b[m\n")
		for i := range n {
			fmt.Fprintf(&b, "  %d \x1b[32mООО «Ромашка»\x1b[m %d.00 RUB\n", from+i, (from+i)*37)
		}
		return b.String() + "статус"
	}
	show(page(1, 20))
	show(page(2, 20)) // scrolled by one
	show(page(500, 20))

	w.mu.Lock()
	size(100, 30)
	w.e.Resize(100, 30)
	w.mu.Unlock()
	p.Send(tea.WindowSizeMsg{Width: 100, Height: 30})
	show(page(500, 26))

	if err := p.ReleaseTerminal(); err != nil {
		t.Fatal(err)
	}
	if err := p.RestoreTerminal(); err != nil {
		t.Fatal(err)
	}
	show(page(7, 26))
	show(page(6, 26))

	p.Quit()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	slave.Close()
	for range w.arrived {
	}
	if _, _, visible := w.e.Cursor(); !visible {
		t.Error("the cursor is left hidden")
	}
}
