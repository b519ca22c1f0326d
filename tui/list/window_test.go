package list_test

import (
	"slices"
	"testing"

	"bursar/keymap"
	"bursar/tui/view"
)

// Moving on and on never waits, as long as the next window comes in time, and
// reads a few rows at once.
func TestWindowsComeAheadOfTheCursor(t *testing.T) {
	h := take(t, 1200)
	for i := range 1199 {
		h.do(keymap.MoveDown)
		h.waits(false)
		h.settle()
		h.isAt(1198 - i)
	}
	for i := range 50 {
		h.do(keymap.PageUp)
		h.waits(false)
		h.settle()
		h.isAt(min(23*(i+1), 1199))
	}
	if most := slices.Max(h.src.read); most > 250 {
		t.Errorf("%d rows were read at once", most)
	}
	if n := len(h.src.read); n > 60 {
		t.Errorf("%d windows were read", n)
	}
}

// A step over the edge of what was read waits, and the frame stays.
func TestAMoveWaitsForItsRows(t *testing.T) {
	h := take(t, 3000)
	for !h.m.Waiting() {
		h.do(keymap.PageDown)
	}
	at := h.cursor()
	h.isAt(at)
	h.settle()
	h.waits(false)
	h.isAt(at - 23)
}

func TestAFarMoveKeepsTheFrame(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MoveDown)
	before := h.frame()
	h.do(keymap.MoveBottom)
	h.waits(true)
	if h.frame() != before {
		t.Fatalf("the frame changed before its rows were there:\n%s", h.frame())
	}
	h.settle()
	h.waits(false)
	h.isAt(0)
	h.shows("P-00022")
	h.do(keymap.MoveTop)
	h.isAt(0)
	h.settle()
	h.isAt(2999)
	for _, n := range h.src.read {
		if n > 200 {
			t.Errorf("%d rows were read at once", n)
		}
	}
}

// A window that was asked for before the operator went elsewhere must not come
// in its place, whichever arrives first.
func TestOvertakenWindowsAreDropped(t *testing.T) {
	for _, order := range [][2]int{{0, 0}, {1, 0}} {
		h := take(t, 3000)
		for len(h.cmds) == 0 {
			h.do(keymap.PageDown)
		}
		h.waits(false) // it reads ahead
		h.do(keymap.MoveBottom)
		if len(h.cmds) != 2 {
			t.Fatalf("%d questions", len(h.cmds))
		}
		h.answer(order[0])
		h.answer(order[1])
		h.settle()
		h.isAt(0)
	}
}

// A larger screen shows rows that were not read; until they are, no key acts.
func TestMoreRowsComeIntoSight(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MoveBottom)
	h.settle()
	h.do(keymap.PageUp, keymap.PageUp, keymap.PageUp, keymap.PageUp, keymap.PageUp)
	h.cmds = nil // a slow disk
	h.later(h.m.SetSize(view.Size{W: 120, H: 303}))
	h.waits(true)
	h.settle()
	h.waits(false)
	at := h.cursor()
	h.isAt(at)
	h.shows("P-00000")
	h.shows("P-00299")
}

// What the store changed meanwhile comes after the move that was asked for.
func TestARefreshWaitsForAMove(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MoveBottom)
	h.put(payment(3000), payment(3001))
	h.changed()
	h.answer(1) // the list anew
	h.waits(true)
	h.isAt(2999)
	h.settle()
	h.isAt(0)
	h.shows("3\u00a0002")
}

// The cursor's record keeps its line when rows come above it, also when the
// operator goes on while they are being read.
func TestARefreshKeepsThePlace(t *testing.T) {
	h := take(t, 3000)
	for range 60 {
		h.do(keymap.MoveDown)
		h.settle()
	}
	h.put(payment(3000), payment(3001))
	h.changed()
	before := h.frame()
	h.do(keymap.MoveDown)
	h.isAt(2938)
	moved := h.frame()
	if moved == before {
		t.Fatal("the key waited for the refresh")
	}
	h.answer(0)
	h.isAt(2938)
	if line(h.frame(), 5) != line(moved, 5) {
		t.Errorf("the rows moved from\n%s\nto\n%s", moved, h.frame())
	}

	h.changed()
	h.do(keymap.MoveBottom)
	h.answer(1) // the far rows
	h.isAt(0)
	h.settle() // the refresh, read around a place that was left
	h.isAt(0)
}

// As long as nobody moved, the newest row is under the cursor.
func TestTheNewestRowComesUnderTheCursor(t *testing.T) {
	h := take(t, 100)
	h.put(payment(100))
	h.changed()
	h.settle()
	h.isAt(100)
}

// A list under a steady sync is read again when it was read, and never twice at
// once; off the screen not at all.
func TestReloadsAreNotStartedTwice(t *testing.T) {
	h := take(t, 100)
	begun := len(h.src.begun)
	for range 20 {
		h.changed()
	}
	if len(h.cmds) != 1 {
		t.Fatalf("%d loads at once", len(h.cmds))
	}
	h.settle()
	if n := len(h.src.begun) - begun; n != 2 {
		t.Errorf("%d loads for changes before and during one", n)
	}
	h.later(h.m.Changed(false))
	if len(h.cmds) != 0 {
		t.Error("a list that nobody sees is read")
	}
	h.later(h.m.Show())
	h.settle()
	if n := len(h.src.begun) - begun; n != 3 {
		t.Errorf("%d loads once it is seen", n)
	}
}

func line(frame string, n int) string {
	for i := range frame {
		if n == 0 {
			end := i
			for end < len(frame) && frame[end] != '\n' {
				end++
			}
			return frame[i:end]
		}
		if frame[i] == '\n' {
			n--
		}
	}
	return ""
}

// A window of the list before must not come into the one after it.
func TestWindowsOfAnotherListAreDropped(t *testing.T) {
	h := take(t, 3000)
	for len(h.cmds) == 0 {
		h.do(keymap.PageDown)
	}
	h.waits(false)
	late := h.run(0)
	at := h.cursor()
	h.put(payment(3000), payment(3001))
	h.changed()
	for h.m.Count() != 3002 {
		h.answer(0)
	}
	h.later(h.m.Update(late))
	h.isAt(at)
	h.do(keymap.MoveDown)
	h.isAt(at - 1)
}

// A screen that becomes larger while a far move waits asks for more rows, and
// the row under the cursor is still known.
func TestAFarMoveOnAGrowingScreen(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MoveBottom)
	late := h.run(0)
	h.later(h.m.SetSize(view.Size{W: 120, H: 303}))
	h.later(h.m.Update(late))
	h.waits(true)
	h.isAt(2999)
	h.settle()
	h.isAt(0)
	h.shows("P-00299")
}
