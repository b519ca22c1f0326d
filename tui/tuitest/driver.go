package tuitest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"bursar/tui"
)

// patience is how long a test waits for something that must come. It is only
// spent by a test that fails.
const patience = 5 * time.Second

// Driver is an operator: it presses keys and looks at the screen.
type Driver struct {
	t     testing.TB
	model tea.Model
	msgs  chan tea.Msg
	quit  bool
	w, h  int
	Out   *Clipboard

	stalled bool // commands wait for Resume
	kept    []tea.Cmd

	mu   sync.Mutex
	held bool // delayed messages wait for Release
	late []tea.Msg
}

// Clipboard keeps what went to the terminal beside the frames.
type Clipboard struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps it.
func (c *Clipboard) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(b)
}

// String is what was written.
func (c *Clipboard) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}

// Drive starts the screen of a desk at a size.
func Drive(t testing.TB, d *Desk, w, h int) *Driver {
	t.Helper()
	dr := &Driver{t: t, msgs: make(chan tea.Msg, 1024), w: w, h: h, Out: &Clipboard{}}
	dr.model = tui.New(d.Ctx, d.Core, tui.Terminal{Renderer: Renderer(termenv.Ascii), Out: dr.Out, Tick: dr.tick})
	dr.run(dr.model.Init())
	dr.Resize(w, h)
	return dr
}

// tick makes delayed messages at once, unless they are held. They are there
// before the next key.
func (d *Driver) tick(_ time.Duration, msg tea.Msg) tea.Cmd {
	if msg == nil {
		return nil // only the delay was wanted
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held {
		d.late = append(d.late, msg)
	} else {
		d.msgs <- msg
	}
	return nil
}

// Hold keeps back every delayed message, as if no time passed.
func (d *Driver) Hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held = true
}

// Release delivers what was held back.
func (d *Driver) Release() {
	d.mu.Lock()
	late := d.late
	d.held, d.late = false, nil
	d.mu.Unlock()
	for _, msg := range late {
		d.send(msg)
	}
}

// Stall keeps back whatever the screen asks for, as a slow disk does.
func (d *Driver) Stall() { d.stalled = true }

// Resume lets it be answered.
func (d *Driver) Resume() {
	kept := d.kept
	d.stalled, d.kept = false, nil
	for _, cmd := range kept {
		d.run(cmd)
	}
}

func (d *Driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if d.stalled {
		d.kept = append(d.kept, cmd)
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			d.msgs <- msg
		}
	}()
}

func (d *Driver) send(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.run(cmd)
		}
		return
	case tea.QuitMsg:
		d.quit = true
		return
	}
	var cmd tea.Cmd
	d.model, cmd = d.model.Update(msg)
	d.run(cmd)
}

// Resize changes the size of the terminal.
func (d *Driver) Resize(w, h int) {
	d.w, d.h = w, h
	d.send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Press presses keys, one after another: names such as "enter", or letters.
func (d *Driver) Press(keys ...string) {
	for _, k := range keys {
		d.drain()
		d.send(Key(k))
	}
}

// Type presses the letters of a text one by one.
func (d *Driver) Type(text string) {
	for _, r := range text {
		if r == ' ' {
			d.Press("space")
			continue
		}
		d.Press(string(r))
	}
}

// Paste pastes a text as a terminal does that brackets it.
func (d *Driver) Paste(text string) {
	d.send(Pasted(text))
}

// Frame is what is on the screen.
func (d *Driver) Frame() string { return d.model.View() }

// Until waits until the screen shows a text.
func (d *Driver) Until(text string) {
	d.t.Helper()
	d.until("show "+text, func(frame string) bool { return strings.Contains(frame, text) })
}

// UntilGone waits until the screen no longer shows a text.
func (d *Driver) UntilGone(text string) {
	d.t.Helper()
	d.until("no longer show "+text, func(frame string) bool { return !strings.Contains(frame, text) })
}

func (d *Driver) until(what string, ok func(string) bool) {
	d.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		d.drain()
		if ok(d.Frame()) {
			return
		}
		select {
		case msg := <-d.msgs:
			d.send(msg)
		case <-timeout.C:
			d.t.Fatalf("the screen does not %s:\n%s", what, d.Frame())
		}
	}
}

// drain takes in what has arrived already.
func (d *Driver) drain() {
	for {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		default:
			return
		}
	}
}

// UntilQuit waits until the program ends.
func (d *Driver) UntilQuit() {
	d.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for !d.quit {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		case <-timeout.C:
			d.t.Fatalf("the program does not end:\n%s", d.Frame())
		}
	}
}

// Quit reports whether the program has ended.
func (d *Driver) Quit() bool {
	d.drain()
	return d.quit
}

// CheckFrame fails unless the frame has exactly the screen's size.
func (d *Driver) CheckFrame() {
	d.t.Helper()
	lines := strings.Split(d.Frame(), "\n")
	if d.w < 1 || d.h < 1 {
		return
	}
	if len(lines) != d.h {
		d.t.Fatalf("%dx%d: the frame has %d lines", d.w, d.h, len(lines))
	}
	for i, l := range lines {
		if n := width(l); n > d.w {
			d.t.Fatalf("%dx%d: line %d has %d cells: %q", d.w, d.h, i, n, l)
		}
		if !utf8.ValidString(l) {
			d.t.Fatalf("%dx%d: line %d is no UTF-8: %q", d.w, d.h, i, l)
		}
	}
}
