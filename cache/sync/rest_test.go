package sync

import (
	"context"
	"errors"
	"testing"
	"time"

	"bursar/providers"
)

// TestASyncInTheBackgroundRests has a clock on which keeping a page takes a
// while, and counts the rests.
func TestASyncInTheBackgroundRests(t *testing.T) {
	f := newFake("shop", providers.Payment)
	f.fill(35, time.Now()) // four pages
	now, rests := time.Now(), []time.Duration{}
	m := New(Options{
		Store: store(t), Providers: []providers.Provider{f},
		Now: func() time.Time { now = now.Add(7 * time.Millisecond); return now },
		Tick: func(d time.Duration) <-chan time.Time {
			rests = append(rests, d)
			c := make(chan time.Time, 1)
			c <- now
			return c
		},
	})
	defer m.Close()
	once(t, m)
	if len(rests) > 0 {
		t.Error("somebody waits for this sync, and it rested for", rests)
	}
	w := m.workers[0]
	w.m.opt.Sweep = time.Nanosecond
	if err := w.once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(rests) != 3 || rests[0] != 14*time.Millisecond {
		t.Error("between four pages it rested for", rests)
	}
	rests = rests[:0]
	if err := w.rest(t.Context(), time.Hour); err != nil || len(rests) != 1 || rests[0] != maxRest {
		t.Error("behind a page that took an hour it rested for", rests, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.m.opt.Tick = func(time.Duration) <-chan time.Time { return nil }
	if err := w.rest(ctx, time.Second); !errors.Is(err, context.Canceled) {
		t.Error("it rests on although it should end:", err)
	}
}
