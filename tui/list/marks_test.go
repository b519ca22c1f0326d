package list_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/tuitest"

	tea "github.com/charmbracelet/bubbletea"
)

// all is more rows than are read at once.
const all = 5000

// Everything is marked in stretches, as a whole.
func TestMarkAllReadsInStretches(t *testing.T) {
	h := take(t, all)
	h.src.read = nil
	h.do(keymap.MarkAll)
	h.waits(true)
	h.shows("reading the rows to mark: esc stops")
	h.settle()
	h.waits(false)
	h.shows("5\u00a0000 marked · 12\u00a0497\u00a0500.00 RUB · can: credit 4\u00a0500, delete 4\u00a0500, refund 500")
	if len(h.src.read) != 3 || slices.Max(h.src.read) > 2048 {
		t.Errorf("read %v rows at once", h.src.read)
	}
	h.do(keymap.MoveDown, keymap.MarkToggle, keymap.MarkInvert)
	h.settle()
	h.shows("1 marked · 4\u00a0998.00 RUB")
	if recs := h.m.Targets(); len(recs) != 1 || recs[0].Ref != ref(4998) {
		t.Errorf("targets %v", recs)
	}
}

func TestTargetsAreNewestFirst(t *testing.T) {
	h := take(t, 30)
	h.do(keymap.MarkAll)
	h.settle()
	for i, r := range h.m.Targets() {
		if r.Ref != ref(29-i) {
			t.Fatalf("target %d is %s", i, r.Ref)
		}
	}
}

// What was given up marks nothing.
func TestMarkingCanBeStopped(t *testing.T) {
	h := take(t, all)
	h.do(keymap.MarkAll)
	late := h.run(0) // the rows are read, but nobody knows yet
	cmd, ok := h.m.Halt()
	if !ok {
		t.Fatal("there is nothing to stop")
	}
	h.later(cmd)
	h.waits(false)
	h.later(h.m.Update(late))
	h.settle()
	h.shows("no marks")
	if _, ok := h.m.Halt(); ok {
		t.Error("there is something to stop")
	}
}

func TestMarksHaveALimit(t *testing.T) {
	h := take(t, 100)
	h.do(keymap.MarkToggle)
	for _, c := range []struct {
		act  keymap.ID
		rows int
		want string
	}{
		{keymap.MarkAll, 100_000, "100\u00a0000 records match, marks stop at 100\u00a0000: narrow the filter"},
		{keymap.MarkInvert, 100_001, "100\u00a0001 records match, marks stop at 100\u00a0000: narrow the filter"},
	} {
		h.src.rows, h.said = c.rows, nil
		h.changed()
		h.settle()
		h.do(c.act)
		h.settle()
		if !slices.Equal(h.said, []string{c.want}) || h.m.Marked() != 1 {
			t.Errorf("%s said %q and marked %d", c.act, h.said, h.m.Marked())
		}
	}
}

// A range may begin where no window is any more, and end after a refresh.
func TestARangeOverManyWindows(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MoveDown, keymap.MarkRange, keymap.MoveBottom)
	h.settle()
	h.put(payment(3000))
	h.changed()
	h.settle()
	h.do(keymap.MarkRange)
	h.waits(true)
	h.settle()
	if h.m.Marked() != 2999 {
		t.Errorf("%d marks between 2998 and 0", h.m.Marked())
	}
	h.do(keymap.MarkClear, keymap.MarkRange)
	if err := h.store.Remove(ref(0)); err != nil {
		t.Fatal(err)
	}
	h.changed()
	h.settle()
	h.do(keymap.MarkRange)
	h.settle()
	h.shows("no marks")
	if last := h.said[len(h.said)-1]; last != "the row where the range began is no longer shown: nothing was marked" {
		t.Errorf("said %q", last)
	}
}

func TestTheNextMark(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MarkToggle, keymap.MoveDown, keymap.MoveDown, keymap.MarkToggle, keymap.MoveBottom)
	h.settle()
	h.do(keymap.MarkPrevious)
	h.waits(true)
	h.settle()
	h.isAt(2996)
	h.do(keymap.MarkPrevious) // in the window
	h.isAt(2999)
	h.do(keymap.MarkPrevious)
	h.settle()
	h.isAt(2999)
	if last := h.said[len(h.said)-1]; last != "no further mark this way" {
		t.Errorf("said %q", last)
	}
	h.do(keymap.MarkNext)
	h.isAt(2996)
}

// Only marks that changed are read again, hidden ones too, and their sums with
// them.
func TestChangedMarksAreReadAgain(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MarkAll)
	h.settle()
	h.do(keymap.Filter)
	h.write("status:4")
	h.settle()
	h.press("enter")
	h.shows("2\u00a0700 hidden by the filter")
	h.shows("3\u00a0000 marked · 4\u00a0498\u00a0500.00 RUB")

	h.src.got, h.src.asked = nil, 0
	changed := payment(11)
	changed.Amount = providers.MustMoney("1011.00", "RUB")
	done := payment(13)
	done.Status = tuitest.Done
	h.put(changed, done)
	if err := h.store.Remove(ref(10)); err != nil {
		t.Fatal(err)
	}
	h.changed()
	h.settle()
	h.shows("2\u00a0999 marked · 4\u00a0499\u00a0490.00 RUB · 2\u00a0699 hidden by the filter · can: credit 2\u00a0699, delete 2\u00a0699, refund 300")
	slices.SortFunc(h.src.got, func(a, b providers.Ref) int { return int(a.ID[4]) - int(b.ID[4]) })
	if !slices.Equal(h.src.got, []providers.Ref{ref(10), ref(11), ref(13)}) {
		t.Errorf("read %v again", h.src.got)
	}
	if h.src.asked != 2 {
		t.Errorf("%d marks were judged again", h.src.asked)
	}
	if !slices.Contains(h.said, "1 marked record is gone and no longer marked") {
		t.Errorf("said %q", h.said)
	}
}

// Keys wait until it is known which marks another filter hides: an action that
// is asked for says how many it is for.
func TestHiddenMarksAreKnownBeforeTheNextKey(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MarkAll)
	h.settle()
	h.do(keymap.Filter)
	h.write("00017")
	h.press("enter")
	for h.m.Count() != 1 {
		h.answer(0)
	}
	h.waits(true)
	h.settle()
	h.waits(false)
	if h.m.Hidden() != 2999 {
		t.Errorf("%d hidden", h.m.Hidden())
	}
	h.do(keymap.Back)
	h.settle()
	if h.m.Hidden() != 0 {
		t.Errorf("%d hidden without a filter", h.m.Hidden())
	}
}

// When more changed than the store remembers, all marks are read again.
func TestAnythingMayHaveChanged(t *testing.T) {
	h := take(t, 3000)
	h.do(keymap.MarkAll)
	h.settle()
	recs := make([]providers.Record, 0, 5000)
	for i := range 5000 {
		r := payment(i)
		if i < 3000 {
			r.Amount = providers.MustMoney(fmt.Sprintf("%d.00", 2*i), "RUB")
		}
		recs = append(recs, r)
	}
	h.put(recs...)
	var rests []time.Duration
	h.env.Tick = func(d time.Duration, _ tea.Msg) tea.Cmd {
		rests = append(rests, d)
		return nil
	}
	h.changed()
	h.settle()
	h.shows("3\u00a0000 marked · 8\u00a0997\u00a0000.00 RUB")
	if len(rests) != 1 {
		t.Errorf("it rested %v before it read them all", rests)
	}
}

// A mark that was cleared and made again while it was being read is the newer.
func TestMarksChangeWhileTheyAreRead(t *testing.T) {
	h := take(t, 100)
	h.do(keymap.MarkToggle, keymap.MarkToggle)
	r := payment(99)
	r.Amount = providers.MustMoney("5.00", "RUB")
	h.put(r)
	h.changed()
	h.answer(0) // the list; the mark is in doubt
	h.do(keymap.MoveTop, keymap.MarkToggle)
	h.settle()
	h.shows("1 marked · 98.00 RUB")
	h.changed()
	h.settle()
	h.shows("1 marked · 98.00 RUB")
	h.m.Unmark([]providers.Ref{ref(98)})
	h.shows("no marks")
}

// What was found out for one filter says nothing about the next.
func TestMarksAreJudgedByTheLastFilter(t *testing.T) {
	h := take(t, 100)
	h.do(keymap.MarkAll)
	h.settle()
	h.do(keymap.Filter)
	h.write("status:1")
	h.settle()
	h.press("ctrl+u")
	h.write("status:4")
	var late tea.Msg
	for late == nil {
		if h.m.Count() == 10 {
			late = h.run(0) // which of them have status 4; it is not heard of yet
		} else {
			h.answer(0)
		}
	}
	h.press("ctrl+u")
	h.settle()
	h.later(h.m.Update(late))
	h.settle()
	if h.m.Hidden() != 0 {
		t.Errorf("%d marks are hidden by no filter", h.m.Hidden())
	}
}

// A mark that was to be read again is, also when a filter comes in between.
func TestDoubtOutlivesAFilter(t *testing.T) {
	h := take(t, 100)
	h.do(keymap.MarkToggle)
	r := payment(99)
	r.Amount = providers.MustMoney("5.00", "RUB")
	h.put(r)
	h.changed()
	h.answer(0) // the list; the mark is in doubt
	if len(h.cmds) != 1 {
		t.Fatalf("%d questions about the mark", len(h.cmds))
	}
	h.do(keymap.Filter)
	h.write("P")
	h.answer(2) // the filtered list, before the mark
	h.settle()
	h.shows("1 marked · 5.00 RUB")
}
