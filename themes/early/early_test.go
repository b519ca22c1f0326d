package early_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"
)

// questions are what a program asks a terminal and then waits for.
var questions = map[string][]byte{
	"the background colour": []byte("\x1b]11;?"),
	"the text colour":       []byte("\x1b]10;?"),
	"the cursor's place":    []byte("\x1b[6n"),
	"what it is":            []byte("\x1b[c"),
}

// TestNothingIsAskedBeforeTheFirstFrame runs the program in a terminal that
// never answers. It looks at the bytes, not at the clock: a program that waits
// for an answer has asked for it.
func TestNothingIsAskedBeforeTheFirstFrame(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	got := runSilently(t, "silent")
	frame := bytes.Index(got, []byte("ready"))
	if frame < 0 {
		t.Fatalf("no frame in %q", got)
	}
	for what, sequence := range questions {
		if at := bytes.Index(got, sequence); at >= 0 && at < frame {
			t.Errorf("asked for %s before the first frame", what)
		}
	}
}

// TestTheQuestionIsReal keeps the test above honest: without this package Bubble
// Tea does ask.
func TestTheQuestionIsReal(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	got := runSilently(t, "asking", questions["the background colour"])
	if !bytes.Contains(got, questions["the background colour"]) {
		t.Errorf("Bubble Tea asks nothing any more, so this package may go: %q", got)
	}
}

// runSilently builds a program of testdata and returns what it wrote to a
// terminal that never answers, until its first frame, the first of the other
// marks, or its end.
func runSilently(t *testing.T, program string, until ...[]byte) []byte {
	t.Helper()
	binary := filepath.Join(t.TempDir(), program)
	if out, err := exec.Command("go", "build", "-o", binary, "./testdata/"+program).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(binary)
	// An environment of its own: with CI set nobody asks a terminal anything.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TERM=xterm-256color", "COLORTERM=truecolor"}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 80, Rows: 24})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = terminal.Close()
	})
	// Only so that a broken program cannot hold the test for ever.
	stop := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	defer stop.Stop()
	marks := append([][]byte{[]byte("ready")}, until...)
	var got []byte
	buf := make([]byte, 4096)
	for {
		n, err := terminal.Read(buf)
		got = append(got, buf[:n]...)
		for _, mark := range marks {
			if bytes.Contains(got, mark) {
				return got
			}
		}
		if err != nil {
			return got
		}
	}
}
