// Package batchtest stands in for the disk and the payment systems in tests of
// batches: a journal in memory that can fail and be killed, and a provider with
// a ledger and scripted faults.
package batchtest

import (
	"errors"
	"slices"
	"sync"

	"bursar/batch"
)

// ErrKilled is what a killed journal answers: its process is gone.
var ErrKilled = errors.New("the process was killed")

// Journal keeps events in memory. It is a batch.Journal.
type Journal struct {
	mu      sync.Mutex
	durable []batch.Event
	pending []batch.Event
	calls   int
	killAt  int
	keep    bool
	dead    bool
	err     error
	onKill  func()
}

// NewJournal makes a journal that holds these events.
func NewJournal(events ...batch.Event) *Journal {
	j := &Journal{}
	j.store(events)
	return j
}

func (j *Journal) store(events []batch.Event) {
	for _, ev := range events {
		ev.Seq = uint64(len(j.durable) + 1)
		j.durable = append(j.durable, ev)
	}
}

// Kill ends the process at the n-th call that appends, counted from 1. With
// keep the call's events are on disk before that, without they are not.
func (j *Journal) Kill(n int, keep bool, onKill func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.killAt, j.keep, j.onKill = n, keep, onKill
}

// Fail makes every durable append fail from now on; nil ends that.
func (j *Journal) Fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.err = err
}

// Killed reports whether the process is gone.
func (j *Journal) Killed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.dead
}

// Calls is how many calls appended.
func (j *Journal) Calls() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.calls
}

// Disk is what a kill leaves behind: the events that were written.
func (j *Journal) Disk() []batch.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.durable)
}

// Append writes the events and all that was pending.
func (j *Journal) Append(events ...batch.Event) error { return j.add(events, true) }

// AppendLater keeps the events until the next Append.
func (j *Journal) AppendLater(events ...batch.Event) error { return j.add(events, false) }

func (j *Journal) add(events []batch.Event, durable bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.dead {
		return ErrKilled
	}
	j.calls++
	dies := j.calls == j.killAt
	if dies && !j.keep {
		return j.die()
	}
	switch {
	case durable && j.err != nil:
		return j.err
	case durable || dies:
		j.store(j.pending)
		j.store(events)
		j.pending = nil
	default:
		j.pending = append(j.pending, events...)
	}
	if dies {
		return j.die()
	}
	return nil
}

func (j *Journal) die() error {
	j.dead = true
	if j.onKill != nil {
		j.onKill()
	}
	return ErrKilled
}

// Batches gives the last event of each batch.
func (j *Journal) Batches() ([]batch.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	last := map[string]batch.Event{}
	for _, ev := range slices.Concat(j.durable, j.pending) {
		last[ev.Batch] = ev
	}
	var out []batch.Event
	for _, ev := range last {
		out = append(out, ev)
	}
	return out, nil
}

// Events gives the events of one batch.
func (j *Journal) Events(id string, fn func(batch.Event) error) error {
	j.mu.Lock()
	all := slices.Concat(j.durable, j.pending)
	j.mu.Unlock()
	for _, ev := range all {
		if ev.Batch != id {
			continue
		}
		if err := fn(ev); err != nil {
			return err
		}
	}
	return nil
}
