package cli

import (
	"context"
	"runtime"
	"testing"
	"time"
)

// clocked is a pacer whose time passes only while it waits or works.
type clocked struct {
	*pacer
	clock time.Time
	spent time.Duration
	waits int
}

func newClocked() *clocked {
	c := &clocked{clock: time.Unix(1_700_000_000, 0)}
	c.pacer = &pacer{
		used: func() time.Duration { return c.spent },
		now:  func() time.Time { return c.clock },
		wait: func(_ context.Context, d time.Duration) error {
			c.waits++
			c.clock = c.clock.Add(d)
			return nil
		},
	}
	return c
}

// work takes an action that needs some processor time and some time in all.
func (c *clocked) work(processor, elapsed time.Duration) {
	c.spent += processor
	c.clock = c.clock.Add(elapsed)
}

func TestAPacedBatchLeavesCoresToTheScreen(t *testing.T) {
	c := newClocked()
	began := c.clock
	const each = 500 * time.Microsecond
	for range 5000 {
		c.Pace(t.Context())
		c.work(each, each/time.Duration(2*runtime.NumCPU()))
	}
	if share := c.spent.Seconds() / c.clock.Sub(began).Seconds() / float64(runtime.NumCPU()); share > paceShare*1.05 || share < paceShare*0.6 {
		t.Errorf("it used %.2f of all cores, want close to %.2f", share, paceShare)
	}
}

func TestABatchAtTheSystemsPaceNeverWaits(t *testing.T) {
	c := newClocked()
	for range 5000 {
		c.Pace(t.Context())
		c.work(500*time.Microsecond, 5*time.Millisecond)
	}
	if c.waits > 0 {
		t.Errorf("it waited %d times", c.waits)
	}
}

func TestAPaceNeverHoldsLong(t *testing.T) {
	c := newClocked()
	c.Pace(t.Context())
	c.work(time.Hour, time.Second) // filters, say
	before := c.clock
	c.Pace(t.Context())
	if held := c.clock.Sub(before); held > paceLongest {
		t.Errorf("it held an action for %v", held)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before = c.clock
	c.work(time.Hour, 0)
	c.Pace(ctx)
	if held := c.clock.Sub(before); held > 0 {
		t.Errorf("it held an ended batch for %v", held)
	}
}

func TestTheProcessorTimeOfTheProcessGrows(t *testing.T) {
	if processorTime() == 0 {
		t.Skip("not known on this system")
	}
	before := processorTime()
	for n := 0; processorTime() == before; n++ {
		if n > 100_000_000 {
			t.Fatal("it stands still")
		}
	}
}
