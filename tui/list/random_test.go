package list_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/tuitest"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// chaos is an operator, a sync and a slow disk at once: actions while the list
// does not wait, changes of the store, answers in any order.
type chaos struct {
	*hand
	r    *rand.Rand
	next int
	msgs []tea.Msg // answers under way
	// stale: the store is no longer what the list shows. Rows are read as they
	// are then, and those of before may be blank or elsewhere until it follows.
	stale bool
}

// work lets a command run, or an answer arrive, in any order.
func (c *chaos) work() {
	if n := len(c.msgs); n > 0 && c.r.IntN(2) == 0 {
		i := c.r.IntN(n)
		msg := c.msgs[i]
		c.msgs = append(c.msgs[:i:i], c.msgs[i+1:]...)
		c.later(c.m.Update(msg))
	} else if n := len(c.cmds); n > 0 {
		c.msgs = append(c.msgs, c.run(c.r.IntN(n)))
	}
}

// calm lets everything come that is on its way.
func (c *chaos) calm() {
	for len(c.cmds)+len(c.msgs) > 0 {
		c.work()
	}
	c.stale = false
}

func (c *chaos) act() {
	acts := []keymap.ID{
		keymap.MoveDown, keymap.MoveUp, keymap.MoveTop, keymap.MoveBottom, keymap.PageDown, keymap.PageUp, keymap.HalfDown, keymap.HalfUp,
		keymap.MarkToggle, keymap.MarkToggle, keymap.MarkRange, keymap.MarkAll, keymap.MarkAll, keymap.MarkInvert, keymap.MarkClear, keymap.MarkNext,
		keymap.MarkPrevious, keymap.Sort, keymap.SortReverse, keymap.Back,
	}
	switch n := c.r.IntN(len(acts) + 2); {
	case n < len(acts):
		c.do(acts[n])
	case n == len(acts):
		c.do(keymap.Filter)
		c.write([]string{"status:4", "0007", "amount>300", "amount>lots", "-status:4"}[c.r.IntN(5)])
		c.press([]string{"enter", "esc"}[c.r.IntN(2)])
		c.press("esc")
	default:
		c.later(c.m.SetSize(view.Size{W: 120, H: 10 + c.r.IntN(60)}))
	}
}

func (c *chaos) change() {
	switch c.r.IntN(4) {
	case 0:
		c.put(payment(c.next))
		c.next++
	case 1:
		if err := c.store.Remove(ref(c.r.IntN(c.next))); err != nil {
			c.t.Fatal(err)
		}
	default:
		r := payment(c.r.IntN(c.next))
		r.Amount = providers.MustMoney(fmt.Sprintf("%d.00", c.r.IntN(1000)), "RUB")
		if c.r.IntN(2) == 0 {
			r.Status = tuitest.Done
		}
		c.put(r)
	}
	c.stale = true
	c.changed()
}

// look checks what must hold at any time: the rows in sight are those of the
// snapshot, and the sign stands at the cursor's.
func (c *chaos) look() {
	c.t.Helper()
	frame := c.frame()
	if c.m.Waiting() || c.m.Count() == 0 || c.stale {
		return // a larger screen may have blank rows until they are read
	}
	lines := strings.Split(frame, "\n")
	lines = lines[2 : len(lines)-1]
	y := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "▌") })
	e, ok := c.m.Cursor()
	if y < 0 || !ok {
		c.t.Fatalf("no row under the cursor:\n%s", frame)
	}
	at, ok, err := c.m.Snapshot().Find(e.Ref)
	if err != nil || !ok {
		c.t.Fatalf("the cursor is on %s, which is not in the list: %v", e.Number, err)
	}
	want, err := c.m.Snapshot().Read(at-y, at-y+len(lines))
	if err != nil {
		c.t.Fatal(err)
	}
	for i, w := range want {
		if !strings.Contains(lines[i], w.Number) || strings.TrimSpace(lines[i]) == "" {
			c.t.Fatalf("row %d is %q, not %s:\n%s", at-y+i, lines[i], w.Number, frame)
		}
	}
}

// rest checks what must hold once nothing is on its way.
func (c *chaos) rest() {
	c.t.Helper()
	c.waits(false)
	var sums providers.Sums
	for _, rec := range c.m.Targets() {
		if c.m.Marked() == 0 {
			break
		}
		held, _, err := c.store.Get(rec.Ref)
		if err != nil {
			c.t.Fatalf("the mark of %s: %v", rec.Ref, err)
		}
		sums.Add(held.Amount)
	}
	if c.m.Marked() > 0 && !strings.Contains(c.frame(), "range: move") {
		c.shows(view.Count(c.m.Marked()) + " marked · " + sums.String())
	}
	hidden := 0
	for _, rec := range c.m.Targets() {
		if _, shown, err := c.m.Snapshot().Find(rec.Ref); err == nil && !shown {
			hidden++
		}
	}
	if c.m.Marked() > 0 && hidden != c.m.Hidden() {
		c.t.Fatalf("%d marks are hidden, %d are counted:\n%s", hidden, c.m.Hidden(), c.frame())
	}
}

func TestAnythingInAnyOrder(t *testing.T) {
	for seed := range uint64(3) {
		c := &chaos{hand: take(t, 500), r: rand.New(rand.NewPCG(seed, 7)), next: 500}
		for range 800 {
			switch n := c.r.IntN(10); {
			case n < 4 && !c.m.Waiting():
				c.act()
			case n == 4:
				c.change()
			case n == 5 && c.m.Waiting() && c.r.IntN(5) == 0:
				cmd, _ := c.m.Halt()
				c.later(cmd)
			default:
				c.work()
			}
			c.src.part = c.r.IntN(3) * 40
			c.look()
			if c.r.IntN(60) == 0 {
				c.calm()
				c.look()
				c.rest()
			}
		}
	}
}
