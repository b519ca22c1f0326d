package batch

import (
	"fmt"
	"sort"
	"strings"
)

// Batches lists every batch, newest first.
func (e *Engine) Batches() ([]Summary, error) {
	last, err := e.opts.Journal.Batches()
	if err != nil {
		return nil, err
	}
	var out []Summary
	for _, ev := range last {
		s, ok, err := e.summary(ev)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, s)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Started.After(out[j].Started) })
	return out, nil
}

// summary is a batch in short; a closed one has it in its last event.
func (e *Engine) summary(last Event) (Summary, bool, error) {
	if r, running := e.Running(last.Batch); running {
		r.mu.Lock()
		defer r.mu.Unlock()
		s := r.book.summary()
		s.Running = true
		return s, true, nil
	}
	if last.Type == EventClosed && last.Summary != nil {
		return *last.Summary, true, nil
	}
	if k, ok := e.recall(last); ok {
		return k.summary, k.created, nil
	}
	b, err := load(e.opts.Journal, last.Batch)
	if err != nil {
		return Summary{}, false, err
	}
	b.recover()
	k := e.remember(last, b)
	return k.summary, k.created, nil
}

// known is a batch as it stood at its last event: folding thousands of events
// for each look at the list of batches would cost seconds.
type known struct {
	seq     uint64
	created bool
	summary Summary
}

// recall is what is known of a batch with this last event.
func (e *Engine) recall(last Event) (known, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	k, ok := e.known[last.Batch]
	return k, ok && k.seq == last.Seq && last.Seq > 0
}

// remember keeps what a batch with this last event is.
func (e *Engine) remember(last Event, b *book) known {
	k := known{seq: last.Seq, created: b.created, summary: b.summary()}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.known[last.Batch] = k
	return k
}

// Unfinished lists the batches with something open, newest first.
func (e *Engine) Unfinished() ([]Summary, error) {
	all, err := e.Batches()
	if err != nil {
		return nil, err
	}
	var open []Summary
	for _, s := range all {
		if s.Open() {
			open = append(open, s)
		}
	}
	return open, nil
}

// Find is the one batch whose id begins so.
func (e *Engine) Find(prefix string) (string, error) {
	last, err := e.opts.Journal.Batches()
	if err != nil {
		return "", err
	}
	var found []string
	for _, ev := range last {
		if ev.Batch == prefix {
			return ev.Batch, nil
		}
		if prefix != "" && ev.Type != EventPlanned && strings.HasPrefix(ev.Batch, prefix) {
			found = append(found, ev.Batch)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no batch %q", prefix)
	case 1:
		return found[0], nil
	default:
		return "", fmt.Errorf("%d batches begin with %q: write more of the id", len(found), prefix)
	}
}

// Report accounts for a batch.
func (e *Engine) Report(batchID string) (Report, error) {
	if r, running := e.Running(batchID); running {
		return r.Report(), nil
	}
	b, err := e.book(batchID)
	if err != nil {
		return Report{}, err
	}
	return b.report(), nil
}

// History is the journal of one item, oldest first; with an empty item it is
// the whole batch's.
func (e *Engine) History(batchID, itemID string) ([]Event, error) {
	var out []Event
	err := e.opts.Journal.Events(batchID, func(ev Event) error {
		if itemID == "" || ev.Item == itemID {
			out = append(out, ev)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the journal has nothing of batch %s %s", batchID, itemID)
	}
	return out, nil
}
