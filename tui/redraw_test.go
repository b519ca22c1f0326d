package tui_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	stepsPerSize = 10_000
	perSession   = 500 // steps, before a new desk is opened
	lookEvery    = 20  // steps
)

// TestTheScreenEqualsAFullRedraw is what an operator relies on: whatever was
// pressed, resized or brought by a sync, the terminal shows what a redraw of
// the newest view would show, and nothing but frames was written to it.
//
// BURSAR_SEED is the seed, 1 unless told; BURSAR_STEPS the steps per size.
func TestTheScreenEqualsAFullRedraw(t *testing.T) {
	seed, n := number("BURSAR_SEED", 1), number("BURSAR_STEPS", stepsPerSize)
	if testing.Short() {
		n = 200
	}
	for _, size := range [][2]int{{80, 24}, {140, 40}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			for session := 0; session*perSession < n; session++ {
				r := rand.New(rand.NewPCG(uint64(seed), uint64(session*1000+size[0])))
				run := steps(r, min(perSession, n-session*perSession), size[0], size[1])
				what := play(t, size, run)
				if what == "" {
					continue
				}
				run, what = shrink(run, what, func(run []step) string { return play(t, size, run) })
				t.Fatalf("BURSAR_SEED=%d, session %d: %s\nafter these steps, as few as were found:\n%s", seed, session, what, listing(run))
			}
		})
	}
}

func number(env string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(env)); err == nil {
		return n
	}
	return otherwise
}

// play takes the steps on a new screen and says what went wrong, "" when all
// is well.
func play(t *testing.T, size [2]int, run []step) (what string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, size[0], size[1])
		defer func() {
			if r := recover(); r != nil {
				what = fmt.Sprint("panic: ", r)
			}
		}()
		for i, st := range run {
			deeds[st.do](s, st)
			s.pass(time.Duration(st.rest) * time.Millisecond)
			if !s.lag {
				s.take()
			}
			if i%lookEvery == lookEvery-1 || i == len(run)-1 {
				if what = s.wrong(); what != "" {
					return
				}
			}
		}
	})
	return what
}

// shrinks is how many runs are tried to find a shorter one that fails.
const shrinks = 400

// shrink leaves out steps as long as what is left still fails.
func shrink(run []step, what string, play func([]step) string) ([]step, string) {
	tries := 0
	for size := len(run) / 2; size > 0; size /= 2 {
		for from := 0; from < len(run) && tries < shrinks; {
			tries++
			fewer := append(append([]step(nil), run[:from]...), run[min(len(run), from+size):]...)
			if again := play(fewer); again != "" {
				run, what = fewer, again
			} else {
				from += size
			}
		}
	}
	return run, what
}

func listing(run []step) string {
	var b strings.Builder
	for _, st := range run {
		b.WriteString("\t" + st.String() + "\n")
	}
	return b.String()
}

var styling = regexp.MustCompile("\x1b\\[[0-9;]*m")

// bare is a view without its renditions.
func bare(view string) string { return styling.ReplaceAllString(view, "") }
