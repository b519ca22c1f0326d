//go:build !windows

package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// patience bounds how long a test waits for something to appear; it is no
// measure of speed.
const patience = 60 * time.Second

// terminal is the real program in a pseudo terminal that answers no query.
type terminal struct {
	t    *testing.T
	file *os.File
	cmd  *exec.Cmd

	mu    sync.Mutex
	vt    vt10x.Terminal
	bytes []byte
	more  chan struct{}
}

func newTerminal(t *testing.T, cols, rows uint16, dir string, args ...string) *terminal {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = []string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8", "BURSAR_TEST_LOGIN=sandbox",
		"XDG_CONFIG_HOME=" + dir + "/config", "XDG_STATE_HOME=" + dir + "/state", "XDG_CACHE_HOME=" + dir + "/cache", "XDG_DATA_HOME=" + dir + "/data",
	}
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: cols, Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, file: file, cmd: cmd, vt: vt10x.New(vt10x.WithSize(int(cols), int(rows)), vt10x.WithWriter(io.Discard)), more: make(chan struct{}, 1)}
	go term.read()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = file.Close()
	})
	return term
}

func (tm *terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := tm.file.Read(buf)
		tm.mu.Lock()
		tm.bytes = append(tm.bytes, buf[:n]...)
		_, _ = tm.vt.Write(buf[:n])
		tm.mu.Unlock()
		select {
		case tm.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (tm *terminal) screen() string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	return tm.vt.String()
}

func (tm *terminal) written() []byte {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	return bytes.Clone(tm.bytes)
}

// until waits for a screen that satisfies the condition.
func (tm *terminal) until(what string, holds func(screen string) bool) {
	tm.t.Helper()
	late := time.After(patience)
	for !holds(tm.screen()) {
		select {
		case <-tm.more:
		case <-late:
			tm.t.Fatalf("no %s on the screen:\n%s", what, tm.screen())
		}
	}
}

func (tm *terminal) shows(text string) {
	tm.t.Helper()
	tm.until(text, func(s string) bool { return strings.Contains(s, text) })
}

func (tm *terminal) press(keys string) {
	tm.t.Helper()
	if _, err := tm.file.WriteString(keys); err != nil {
		tm.t.Fatal(err)
	}
}

// TestANewcomerSeesRealRowsInAllTabs starts the program with an empty home in a
// terminal that answers nothing.
func TestANewcomerSeesRealRowsInAllTabs(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	tm := newTerminal(t, 140, 40, t.TempDir())
	tm.shows("SANDBOX")
	for key, sign := range map[string]string{"1": "RUB", "2": "RUB", "3": "contractor", "4": "receipt"} {
		tm.press(key)
		tm.until("rows in tab "+key, func(s string) bool {
			rows := 0
			for line := range strings.Lines(s) {
				if strings.Contains(line, "hosting") || strings.Contains(line, "shop") || strings.Contains(line, "field") || strings.Contains(line, "cloud") {
					rows++
				}
			}
			return rows > 10
		})
		_ = sign
	}
	for _, query := range []string{"\x1b]11;?", "\x1b[6n", "\x1b]10;?", "\x1b[c"} {
		if bytes.Contains(tm.written(), []byte(query)) {
			t.Errorf("the terminal was asked %q", query)
		}
	}
	tm.press("q")
	state, err := tm.cmd.Process.Wait()
	if err != nil || state.ExitCode() != 0 {
		t.Errorf("q left with %v, %v", state, err)
	}
}
