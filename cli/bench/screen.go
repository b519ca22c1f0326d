package bench

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"strings"
	"time"

	"bursar/cli/bench/meter"
)

// settled is the quiet time after which a screen is taken to be complete, idle
// how long an idle one is watched.
const (
	settled = 300 * time.Millisecond
	idle    = 10 * time.Second
)

// screenFigures is what one sitting at the workstation over all rows gave.
type screenFigures struct {
	keys      map[string]meter.Series
	browsing  meter.Memory // after all those keys, before any filter
	idleBytes float64
	idleCPU   float64 // percent of one processor
}

// sit opens the workstation over all rows and works through the keys.
func (b *bench) sit(ctx context.Context) (f screenFigures, err error) {
	b.say("the workstation over %s rows: keys", grouped(b.made.Payments))
	t, err := b.full().screen(0, "--offline")
	if err != nil {
		return f, err
	}
	defer t.Close("q")
	if err := b.awaitRows(ctx, t); err != nil {
		return f, err
	}
	if f.keys, err = measure(ctx, t, append(common(), further()...)); err != nil {
		return f, err
	}
	if f.browsing, err = meter.MemoryOf(t.PID()); err != nil {
		return f, err
	}
	b.say("the workstation: idle")
	f.idleBytes, f.idleCPU, err = watchIdle(ctx, t)
	return f, err
}

// filterFigures is what a second sitting gave, with filters.
type filterFigures struct {
	hits   []float64    // ms from a key to its first hit on the screen
	memory meter.Memory // after filters over all rows
}

// sift opens the workstation over all rows and types filters.
func (b *bench) sift(ctx context.Context) (f filterFigures, err error) {
	found, err := b.searched() // first: one process at a time has the store
	if err != nil {
		return f, err
	}
	b.say("the workstation: filters")
	t, err := b.full().screen(0, "--offline")
	if err != nil {
		return f, err
	}
	defer t.Close("q")
	if err := b.awaitRows(ctx, t); err != nil {
		return f, err
	}
	if f.hits, err = typeFilters(ctx, t, found.firstSigns); err != nil {
		return f, err
	}
	f.memory, err = meter.MemoryOf(t.PID())
	return f, err
}

// awaitRows waits until the newest payment is on the screen and all is quiet.
func (b *bench) awaitRows(ctx context.Context, t *meter.Terminal) error {
	first, err := b.newest()
	if err != nil {
		return err
	}
	if _, err := t.Until(ctx, "row", func(s *meter.Screen) bool { return s.Shows(first) }); err != nil {
		return err
	}
	return t.Quiet(ctx, settled)
}

// newest is a text that only the newest payment's row has.
func (d *data) newest() (string, error) {
	f, err := os.Open(d.csv())
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return "", err
	}
	line, err := r.Read()
	if err != nil {
		return "", err
	}
	return sign(head, line)
}

// sign is what names a row on the screen: its number, or as much of the id as
// a narrow column shows.
func sign(head, line []string) (string, error) {
	id := ""
	for i, name := range head {
		switch {
		case name == "number" && line[i] != "":
			return line[i], nil
		case name == "id":
			id = line[i]
		}
	}
	if id == "" {
		return "", errors.New("the newest row has neither number nor id")
	}
	return id[:min(12, len(id))], nil
}

// watchIdle tells what a screen that nobody touches writes and computes.
func watchIdle(ctx context.Context, t *meter.Terminal) (bytes, percent float64, err error) {
	if err := t.Quiet(ctx, 2*time.Second); err != nil { // what the keys left to do is done
		return 0, 0, err
	}
	from, began := t.Bytes(), time.Now()
	cpu, err := meter.CPU(t.PID())
	if err != nil {
		return 0, 0, err
	}
	if err := sleep(ctx, idle); err != nil {
		return 0, 0, err
	}
	after, err := meter.CPU(t.PID())
	if err != nil {
		return 0, 0, err
	}
	return float64(t.Bytes() - from), 100 * (after - cpu).Seconds() / time.Since(began).Seconds(), nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// typeFilters types words into the filter and tells, for each character that
// changes the first row, when its hit was on the screen.
func typeFilters(ctx context.Context, t *meter.Terminal, firstSigns map[string]string) (hits []float64, err error) {
	for _, word := range words() {
		if err := press(ctx, t, "/"); err != nil {
			return nil, err
		}
		before := ""
		for _, typed := range beginnings(word) {
			first := firstSigns[typed]
			ms, err := firstHit(ctx, t, typed, first)
			if err != nil {
				return nil, err
			}
			if first != before {
				hits = append(hits, ms)
			}
			before = first
		}
		if err := press(ctx, t, keyEnter); err != nil {
			return nil, err
		}
		if err := press(ctx, t, keyEsc); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// press types and waits until all is quiet.
func press(ctx context.Context, t *meter.Terminal, keys string) error {
	if err := t.Press(keys); err != nil {
		return err
	}
	return t.Quiet(ctx, settled)
}

// firstHit types the last character of a text and waits for a screen with the
// text in its filter and the first hit in its first row.
func firstHit(ctx context.Context, t *meter.Terminal, typed, first string) (float64, error) {
	t.Show()
	last := []rune(typed)[len([]rune(typed))-1]
	pressed := time.Now()
	if err := t.Press(string(last)); err != nil {
		return 0, err
	}
	at, err := t.Until(ctx, "hit of "+typed, func(s *meter.Screen) bool {
		return strings.Contains(s.Line(filterLine), typed) && strings.Contains(s.Line(firstLine), first)
	})
	if err != nil {
		return 0, err
	}
	return at.Sub(pressed).Seconds() * 1000, t.Quiet(ctx, settled)
}

// Where the workstation shows its filter and its first row.
const (
	filterLine = 2
	firstLine  = 4
)
