//go:build !windows

package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"

	"bursar/cache/disk"
	"bursar/providers/sandbox"
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
	var rest []byte // of a character that a read cut in two
	for {
		n, err := tm.file.Read(buf)
		tm.mu.Lock()
		tm.bytes = append(tm.bytes, buf[:n]...)
		rest = append(rest, buf[:n]...)
		whole := wholeRunes(rest)
		_, _ = tm.vt.Write(rest[:whole])
		rest = append([]byte(nil), rest[whole:]...)
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

// wholeRunes is how much of b ends with a whole character: the emulator takes
// no halves.
func wholeRunes(b []byte) int {
	for n := len(b) - 1; n >= 0 && n >= len(b)-utf8.UTFMax; n-- {
		if utf8.RuneStart(b[n]) {
			if utf8.FullRune(b[n:]) {
				return len(b)
			}
			return n
		}
	}
	return len(b)
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

// insist presses until the screen answers: a dialog takes no key that was
// pressed before it was seen.
func (tm *terminal) insist(keys, text string) {
	tm.t.Helper()
	late := time.After(patience)
	for !strings.Contains(tm.screen(), text) {
		tm.press(keys)
		again := time.After(time.Second)
		for waiting := true; waiting && !strings.Contains(tm.screen(), text); {
			select {
			case <-tm.more:
			case <-again:
				waiting = false
			case <-late:
				tm.t.Fatalf("%q does not lead to %s:\n%s", keys, text, tm.screen())
			}
		}
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
	for _, key := range []string{"1", "2", "3", "4"} {
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

// TestTheFirstBatchByKeysAlone does what the README tells a newcomer: filter
// yesterday's new payments, mark all, credit, watch, look into the journal and
// export the report.
func TestTheFirstBatchByKeysAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	dir := t.TempDir()
	tm := newTerminal(t, 120, 40, dir)
	tm.shows("✓ Paid")
	tm.press("/status:new created:yesterday account:hosting")
	// How many rows of today stand above them depends on the hour.
	tm.until("a filtered list", func(s string) bool {
		return strings.Contains(s, "account:hosting") && strings.Contains(s, "○ New") && !strings.Contains(s, "✓ Paid")
	})
	tm.press("\r*")
	tm.shows("marked")
	count := wordBefore(tm.screen(), " marked")
	tm.press("c")
	tm.shows("enter goes on to the typed confirmation")
	tm.insist("\r", "type the count, "+count)
	tm.insist(count, "to credit: "+count)
	tm.insist("\r", count+" applied")
	tm.press("J")
	tm.shows("journal of batches")
	tm.press("\r")
	tm.shows("1 attempt")
	tm.press("e")
	tm.shows("JSON")
	tm.insist("\r", "report exported: ")
	tm.until("an export", func(string) bool {
		found := 0
		for _, pattern := range []string{dir + "/*.json", dir + "/*.csv", dir + "/*.txt"} {
			names, _ := filepath.Glob(pattern)
			found += len(names)
		}
		return found > 0
	})
	ledger, err := os.ReadFile(filepath.Join(dir, "state", "bursar", "sandbox", "world", "ledger.jsonl"))
	if err != nil || strconv.Itoa(strings.Count(string(ledger), "payment.setpaid")) != count {
		t.Errorf("the ledger has %d credits of %s: %v", strings.Count(string(ledger), "payment.setpaid"), count, err)
	}
}

func wordBefore(screen, mark string) string {
	i := strings.Index(screen, mark)
	if i < 0 {
		return ""
	}
	words := strings.Fields(screen[:i])
	return words[len(words)-1]
}

// TestWithAllSystemsGone starts the screen with nothing to talk to.
func TestWithAllSystemsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	b := newBench(t, sandbox.Options{}, "2s")
	b.must(exitDone, "sync")
	counts := map[string]int{}
	for _, kind := range []string{"payments", "payouts", "contractors", "receipts"} {
		counts[kind] = len(decode[[]row](t, b.must(exitDone, "list", kind, "--offline", "--format", "json").out))
	}
	b.unplug()
	tm := newTerminal(t, 140, 40, b.data, "--config", b.config, "--data-dir", b.data)
	for key, kind := range map[string]string{"1": "payments", "2": "payouts", "3": "contractors", "4": "receipts"} {
		tm.press(key)
		tm.until(kind, func(s string) bool {
			return strings.Contains(strings.ReplaceAll(s, "\u00a0", " "), grouped(counts[kind]))
		})
	}
	tm.press("1/status:new created:yesterday account:hosting")
	tm.until("a filtered list", func(s string) bool {
		return strings.Contains(s, "account:hosting") && !strings.Contains(s, "✓ Credited")
	})
	tm.press("\r*")
	tm.shows("marked")
	tm.press("c")
	tm.shows("record by record")
	count := wordBefore(tm.screen(), " payments ─")
	tm.insist("\r", "type the count, "+count)
	tm.insist(count, "to credit: "+count)
	tm.insist("\r", "not reachable: no connection")
	if n := len(b.ledger()); n != 0 {
		t.Errorf("%d records were changed without a network", n)
	}
}

// TestAScreenWithoutItsJournal: a damaged one ends the screen and says why; one
// that another process has leaves the lists, and sends nothing.
func TestAScreenWithoutItsJournal(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	b := newBench(t, sandbox.Options{}, "2s")
	b.must(exitDone, "sync")
	b.must(exitDone, "batch", "list")
	held, err := disk.Hold(filepath.Join(b.data, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	tm := newTerminal(t, 200, 40, b.data, "--config", b.config, "--data-dir", b.data)
	tm.shows("is in use by bursar")
	tm.shows("batches can be looked at but not sent")
	tm.press("/account:hosting\r")
	tm.shows("A-22") // fetched afresh
	tm.press("q")
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	spoil(t, filepath.Join(b.data, "journal"))
	tm = newTerminal(t, 200, 40, b.data, "--config", b.config, "--data-dir", b.data)
	state, err := tm.cmd.Process.Wait()
	if err != nil || state.ExitCode() != exitError {
		t.Errorf("left with %v, %v", state, err)
	}
	tm.until("the reason", func(string) bool {
		return bytes.Contains(tm.written(), []byte("bursar: the store "+b.data+"/journal is damaged"))
	})
}

func grouped(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		s = s[:len(s)-3] + " " + s[len(s)-3:]
	}
	return s
}
