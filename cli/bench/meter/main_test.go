//go:build !windows

package meter

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/term"
)

// fakeName makes the test binary play a full-screen program.
const fakeName = "BURSAR_METER_FAKE"

func TestMain(m *testing.M) {
	if os.Getenv(fakeName) != "" {
		if err := fake(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// fake asks for the background colour, draws a line, and answers keys: j writes
// four bytes, c changes cells in several writes, x nothing, b draws by itself
// from then on, q leaves.
func fake() error {
	state, err := term.MakeRaw(int(os.Stdin.Fd()))
	if err != nil {
		return err
	}
	defer func() { _ = term.Restore(int(os.Stdin.Fd()), state) }()
	fmt.Print("\x1b[?1049h\x1b[2J\x1b]11;?\x1b\\\x1b[1;1Hready")
	in := bufio.NewReader(os.Stdin)
	steps := 0
	for {
		r, _, err := in.ReadRune()
		if err != nil {
			return err
		}
		switch r {
		case 'j':
			steps++
			fmt.Printf("\x1b[2;1H%d", steps%10)
		case 'c':
			fmt.Print("\x1b[3;1Hпри")
			time.Sleep(5 * time.Millisecond)
			fmt.Print("вет")
		case 'b':
			go busy()
		case '\x1b': // the answer to the question
			text, err := in.ReadString('\\')
			if err != nil {
				return err
			}
			fmt.Printf("\x1b[5;1Hcolour %s", strings.Trim(text, "]\x1b\\"))
		case 'q':
			fmt.Print("\x1b[?1049l")
			return nil
		}
	}
}

// busy draws without being asked, as a screen does while something runs.
func busy() {
	for i := 0; ; i++ {
		fmt.Printf("\x1b[4;1Hbusy %d", i)
		time.Sleep(time.Millisecond)
	}
}

func start(t *testing.T, reply time.Duration) *Terminal {
	t.Helper()
	tm, err := Start(Options{Cols: 40, Rows: 6, Command: []string{os.Args[0]}, Env: append(os.Environ(), fakeName+"=1"), Reply: reply})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tm.Close("q") })
	return tm
}
