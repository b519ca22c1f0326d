package list_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/cache/views"
	"bursar/keymap"

	tea "github.com/charmbracelet/bubbletea"
)

// The first rows that a filter finds are there to be worked on; the rest comes
// behind them and moves nothing.
func TestTheBeginningOfAListIsShown(t *testing.T) {
	h := take(t, 1000)
	h.src.part = 7
	h.do(keymap.Filter)
	h.write("status:4")
	h.waits(true)
	for h.m.Count() != 7 {
		h.answer(0)
	}
	h.press("enter")
	h.waits(false)
	h.shows("7+ of 1\u00a0000")
	h.isAt(990)
	h.do(keymap.MoveDown, keymap.MarkToggle)
	h.isAt(970)
	h.shows("1 marked")
	h.settle()
	h.isAt(970)
	h.shows("100 of 1\u00a0000")
	h.shows("1 marked · 980.00 RUB")
}

// What is for the whole list waits for it.
func TestActionsForTheWholeListWait(t *testing.T) {
	for act, check := range map[keymap.ID]func(h *hand){
		keymap.MoveBottom: func(h *hand) { h.isAt(0) },
		keymap.MarkAll:    func(h *hand) { h.shows("100 marked · 49\u00a0500.00 RUB") },
		keymap.MarkInvert: func(h *hand) { h.shows("100 marked") },
		keymap.Export: func(h *hand) {
			if !slices.Equal(h.does, []string{string(keymap.Export)}) {
				h.t.Errorf("the frame is told to do %v", h.does)
			}
		},
	} {
		h := take(t, 1000)
		h.src.part = 7
		h.do(keymap.Filter)
		h.write("status:4")
		h.press("enter")
		for h.m.Count() != 7 {
			h.answer(0)
		}
		h.do(act)
		h.waits(true)
		h.settle()
		h.waits(false)
		check(h)
	}
}

// A letter ends the work on the filter before it, and Esc that on the last.
func TestAnOvertakenFilterIsCancelled(t *testing.T) {
	h := take(t, 1000)
	h.src.part = 3
	h.do(keymap.Filter)
	h.write("P")
	for len(h.src.begun) < 2 {
		h.answer(0)
	}
	first := h.src.begun[1]
	if first.Err() != nil {
		t.Fatal("it is cancelled while it is wanted")
	}
	h.write("a")
	if first.Err() == nil {
		t.Fatal("the search for P goes on")
	}
	h.answer(0) // what it still finds
	h.settle()
	h.shows("1\u00a0000")
	h.write("zz")
	h.settle()
	h.shows("0 of 1\u00a0000")
	h.press("esc")
	h.settle()
	h.waits(false)
	h.shows("no filter")
	h.isAt(999)
	for i, ctx := range h.src.begun {
		if ctx.Err() == nil {
			t.Errorf("listing %d is still wanted", i)
		}
	}
}

// Who opens the filter line will type: the index is made ready, and given up
// with the line.
func TestAFilterIsPreparedFor(t *testing.T) {
	h := take(t, 10)
	h.do(keymap.Filter)
	h.settle()
	if len(h.src.warm) != 1 || h.src.warm[0].Err() != nil {
		t.Fatalf("nothing was prepared: %v", h.src.warm)
	}
	h.press("esc")
	if h.src.warm[0].Err() == nil {
		t.Error("nobody wants it any more, and it goes on")
	}
}

// An order is made in the background: the rows shown stay, keys act on them, and
// the sign goes to the other column when the rows do.
func TestAnOrderDoesNotStopKeys(t *testing.T) {
	h := take(t, 500)
	for range 10 {
		h.do(keymap.PageDown)
		h.settle()
	}
	h.isAt(269)
	before := line(h.frame(), 1)
	sortBy(h, cache.Amount)
	h.waits(false)
	h.shows("sorting by amount…")
	if line(h.frame(), 1) != before {
		t.Error("the sign moved before the rows")
	}
	h.do(keymap.SortReverse) // smallest first; overtakes
	for range 8 {
		h.do(keymap.MoveDown)
	}
	h.do(keymap.MarkToggle)
	h.shows("1 marked · 261.00 RUB")
	h.isAt(260)
	lines := strings.Split(h.frame(), "\n")
	h.settle()
	h.isAt(260)
	h.shows("amount ▲")
	for i, l := range strings.Split(h.frame(), "\n") {
		if strings.HasPrefix(l, "▌") != strings.HasPrefix(lines[i], "▌") {
			t.Errorf("the cursor's record left its line:\n%s", h.frame())
		}
	}
	h.do(keymap.MoveTop)
	h.settle()
	h.isAt(0)
}

// The record that the operator went to is kept, though another one stands at its
// number now.
func TestAnOrderKeepsWhatTheOperatorWentTo(t *testing.T) {
	h := take(t, 500)
	h.do(keymap.SortReverse, keymap.MoveDown, keymap.MoveDown)
	h.settle()
	h.isAt(497)
}

func TestAnOrderBeginsAtItsTop(t *testing.T) {
	h := take(t, 500)
	h.do(keymap.MoveDown, keymap.MoveDown)
	h.do(keymap.SortReverse)
	h.isAt(497)
	h.settle()
	h.isAt(0)
	h.shows("created ▲")
}

// A filter typed while an order is being made has both.
func TestAFilterAndAnOrderAtOnce(t *testing.T) {
	h := take(t, 500)
	h.do(keymap.SortReverse, keymap.Filter)
	h.write("status:4")
	h.press("enter")
	h.waits(true)
	h.settle()
	h.isAt(0)
	h.shows("50 of 500")
	h.do(keymap.MoveDown)
	h.isAt(10)

	h.do(keymap.Filter)
	h.press("ctrl+u")
	h.waits(true)
	h.do(keymap.SortReverse) // from the palette, before the filter is gone
	h.waits(true)
	h.press("esc")
	h.settle()
	h.isAt(490)
	h.shows("50 of 500")
}

// A filter that makes no sense does not lose the order that was on its way.
func TestABadFilterKeepsTheOrder(t *testing.T) {
	h := take(t, 500)
	h.do(keymap.SortReverse, keymap.Filter)
	h.write("amount>lots")
	h.settle()
	h.shows("is not an amount")
	h.isAt(499)
	h.press("esc")
	h.settle()
	h.isAt(0)
}

func TestASavedView(t *testing.T) {
	h := take(t, 500)
	h.later(h.m.SetView(views.View{Name: "done", Filter: "status:4", Sort: cache.Amount, Ascending: true}))
	h.waits(true)
	h.settle()
	h.isAt(0)
	h.shows("view done")
	h.later(h.m.SetView(views.View{Name: "wrong", Filter: "amount>lots", Sort: cache.Amount}))
	h.settle()
	h.isAt(0)
	h.shows("created") // what is there stays, and the header tells its order
	if v := h.m.View("x"); v.Sort != cache.Amount || !v.Ascending {
		t.Errorf("the shown order is said to be %+v", v)
	}
}

// Keys wait for the rows of other accounts: those shown are not meant.
func TestOtherAccountsAreWaitedFor(t *testing.T) {
	h := take(t, 100)
	h.m.SetAccounts([]string{"nobody"})
	h.later(h.m.Show())
	h.waits(true)
	h.settle()
	h.waits(false)
	if _, ok := h.m.Cursor(); ok {
		t.Error("a row of another account is under the cursor")
	}
}

// An error keeps what is shown, ends what waits, and the list can be asked for
// again.
func TestAFailedListStays(t *testing.T) {
	h := take(t, 100)
	h.src.fail = errors.New("the disk is gone")
	h.do(keymap.SortReverse)
	h.settle()
	h.isAt(99)
	if !slices.Contains(h.said, "the list of payments could not be read: the disk is gone") {
		t.Errorf("said %q", h.said)
	}
	if v := h.m.View(""); v.Ascending {
		t.Error("the order that could not be read is said to be shown")
	}
	h.src.fail = nil
	h.changed()
	h.settle()
	h.do(keymap.SortReverse)
	h.settle()
	h.isAt(0)
}

// A list that takes long to read is not read all the time while a sync goes on,
// but at once when somebody comes back to it.
func TestASlowListRests(t *testing.T) {
	h := take(t, 100)
	var rests []time.Duration
	h.env.Tick = func(d time.Duration, _ tea.Msg) tea.Cmd {
		rests = append(rests, d)
		return nil
	}
	h.src.slow = 200 * time.Millisecond
	h.changed()
	h.settle()
	h.src.slow = time.Minute
	h.changed()
	h.settle()
	h.changed()
	h.settle()
	if want := []time.Duration{600 * time.Millisecond, 2 * time.Second}; !slices.Equal(rests, want) {
		t.Errorf("it rested %v, not %v", rests, want)
	}
	h.changed()
	h.later(h.m.Changed(false))
	h.later(h.m.Show())
	h.settle()
	h.do(keymap.SortReverse)
	h.settle()
	if len(rests) != 2 {
		t.Errorf("it rested %v though it was asked for", rests[2:])
	}
}

// sortBy presses the key of orders until a column's is asked for.
func sortBy(h *hand, by cache.Column) {
	h.t.Helper()
	for range 20 {
		h.do(keymap.Sort)
		if h.m.View("").Sort == by {
			return
		}
	}
	h.t.Fatalf("there is no order by %s", by)
}
