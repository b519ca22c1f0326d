package meter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/creack/pty"
)

// Never is an Options.Reply of a terminal that answers no query.
const Never = time.Duration(-1)

// Options say what runs in which terminal.
type Options struct {
	Cols, Rows int
	Command    []string
	Env        []string // the whole environment
	Dir        string
	// Stdin, when set, is the program's standard input; its keys then come
	// from /dev/tty, as with a filter at the end of a pipe.
	Stdin *os.File
	// Reply is how long the terminal takes to answer a query.
	Reply time.Duration
}

// chunk is what one read of the terminal gave.
type chunk struct {
	at   time.Time
	data []byte
}

// Terminal is a program at work in a pseudo terminal. It is for one goroutine.
type Terminal struct {
	Screen  *Screen
	Started time.Time

	file *os.File
	cmd  *exec.Cmd
	gone chan struct{} // closed when the program has closed its side
	more chan struct{} // something came

	mu      sync.Mutex
	pending []chunk // read and not yet on Screen
	bytes   int
	frames  []time.Time // one per read
	last    time.Time
	answers []*time.Timer
}

// Start runs a program. The caller closes the terminal.
func Start(o Options) (*Terminal, error) {
	cmd := exec.Command(o.Command[0], o.Command[1:]...)
	cmd.Env, cmd.Dir = o.Env, o.Dir
	if o.Stdin != nil {
		cmd.Stdin = o.Stdin
	}
	t := &Terminal{
		Screen: NewScreen(o.Cols, o.Rows), cmd: cmd,
		gone: make(chan struct{}), more: make(chan struct{}, 1), Started: time.Now(),
	}
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(o.Cols), Rows: uint16(o.Rows)})
	if err != nil {
		return nil, fmt.Errorf("%s does not start in a pseudo terminal: %w", o.Command[0], err)
	}
	t.file = file
	go t.read(o.Reply)
	return t, nil
}

// PID is the program's process.
func (t *Terminal) PID() int { return t.cmd.Process.Pid }

// read stamps what comes, answers queries, and ends with the program.
func (t *Terminal) read(reply time.Duration) {
	defer close(t.gone)
	asked := queries{}
	buf := make([]byte, 64<<10)
	for {
		n, err := t.file.Read(buf)
		now := time.Now()
		if n > 0 {
			t.take(chunk{now, append([]byte(nil), buf[:n]...)}, asked.in(buf[:n]), reply)
		}
		if err != nil {
			return
		}
	}
}

func (t *Terminal) take(c chunk, answers []string, reply time.Duration) {
	t.mu.Lock()
	t.pending = append(t.pending, c)
	t.bytes += len(c.data)
	t.frames = append(t.frames, c.at)
	t.last = c.at
	for _, text := range answers {
		if reply != Never {
			t.answers = append(t.answers, time.AfterFunc(reply, func() { _, _ = t.file.WriteString(text) }))
		}
	}
	t.mu.Unlock()
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// Bytes is how much the program has written so far.
func (t *Terminal) Bytes() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bytes
}

// drain hands over what came since the last time.
func (t *Terminal) drain() []chunk {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.pending
	t.pending = nil
	return out
}

// Show brings Screen up to what has come.
func (t *Terminal) Show() *Screen {
	for _, c := range t.drain() {
		t.Screen.Write(c.data)
	}
	return t.Screen
}

// Press types. A key is what its terminal sends: "j", "\t", "\x1b[6~".
func (t *Terminal) Press(keys string) error {
	_, err := t.file.WriteString(keys)
	return err
}

// ErrGone says that the program ended when it should have drawn.
var ErrGone = errors.New("the program ended")

// wait waits for something to come, at most for d; false when nothing did.
func (t *Terminal) wait(ctx context.Context, d time.Duration) (bool, error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.more:
		return true, nil
	case <-timer.C:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	case <-t.gone:
		select {
		case <-t.more: // its last words
			return true, nil
		default:
			return false, ErrGone
		}
	}
}

// forget takes back that something came: it is known.
func (t *Terminal) forget() {
	select {
	case <-t.more:
	default:
	}
}

// Quiet waits until nothing has come for the gap.
func (t *Terminal) Quiet(ctx context.Context, gap time.Duration) error {
	for {
		came, err := t.wait(ctx, gap)
		if err != nil || !came {
			return err
		}
	}
}

// lull is the quiet before the emulator is fed while something is waited for,
// and patience how long a program that never pauses may put that off.
const (
	lull     = 5 * time.Millisecond
	patience = 50 * time.Millisecond
)

// Until waits for a screen that satisfies the condition and tells when it was
// complete: the time of the read that made it so.
func (t *Terminal) Until(ctx context.Context, what string, holds func(*Screen) bool) (time.Time, error) {
	for {
		for rest := t.drain(); len(rest) > 0; {
			c := rest[0]
			rest = rest[1:]
			t.Screen.Write(c.data)
			if holds(t.Screen) {
				t.putBack(rest)
				return c.at, nil
			}
		}
		if err := t.pause(ctx); err != nil {
			return time.Time{}, fmt.Errorf("no %s on the screen: %w; it shows: %s", what, err, t.Screen.excerpt())
		}
	}
}

// pause waits for something to come and for the lull behind it.
func (t *Terminal) pause(ctx context.Context) error {
	if came, err := t.wait(ctx, time.Hour); !came {
		return err
	}
	for late := time.Now().Add(patience); time.Now().Before(late); {
		if came, err := t.wait(ctx, lull); err != nil || !came {
			return ignoreGone(err)
		}
	}
	return nil
}

// ignoreGone lets the last words of a program be read first.
func ignoreGone(err error) error {
	if errors.Is(err, ErrGone) {
		return nil
	}
	return err
}

func (t *Terminal) putBack(rest []chunk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending = append(rest, t.pending...)
	if len(t.pending) > 0 {
		select {
		case t.more <- struct{}{}:
		default:
		}
	}
}

// Frames are the times of all that came since a moment.
func (t *Terminal) Frames(since time.Time) []time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := len(t.frames)
	for i > 0 && !t.frames[i-1].Before(since) {
		i--
	}
	return append([]time.Time(nil), t.frames[i:]...)
}

// goodbye is how long a program may take to leave.
const goodbye = 3 * time.Second

// Close types the keys that leave the program, if any, and ends it.
func (t *Terminal) Close(leave string) {
	if leave != "" {
		_ = t.Press(leave)
		select {
		case <-t.gone:
		case <-time.After(goodbye):
		}
	}
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	t.mu.Lock()
	for _, timer := range t.answers {
		timer.Stop()
	}
	t.mu.Unlock()
	_ = t.file.Close()
	<-t.gone
}
