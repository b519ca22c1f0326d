package batch

import (
	"context"
	"fmt"

	"bursar/providers"
)

// Answer takes the operator's word on an unknown outcome.
func (e *Engine) Answer(_ context.Context, batchID, itemID string, a Answer, by string) error {
	ev, err := answerEvent(itemID, a, by)
	if err != nil {
		return err
	}
	if r, running := e.Running(batchID); running {
		return r.answer(ev)
	}
	if err := e.take(batchID); err != nil {
		return err
	}
	defer e.give(batchID)
	b, err := e.book(batchID)
	if err != nil {
		return err
	}
	it := b.byID[itemID]
	if err := mayAnswer(it, batchID, itemID); err != nil {
		return err
	}
	if err := e.write(b, ev); err != nil {
		return err
	}
	e.release(b.id, it)
	e.closeIfDone(b)
	return nil
}

func answerEvent(itemID string, a Answer, by string) (Event, error) {
	ev := Event{Type: EventAnswer, Item: itemID, By: by}
	var outcome providers.Outcome
	switch a {
	case AnswerApplied:
		ev.State, outcome, ev.Reason = StateApplied, providers.Applied, "the operator says that it was done"
	case AnswerNotApplied:
		ev.State, outcome, ev.Reason = StateRefused, providers.Refused, "the operator says that it was not done"
	case AnswerSendAgain:
		ev.State, outcome, ev.Reason = StatePlanned, providers.Refused, "the operator says to send it again"
	default:
		return ev, fmt.Errorf("there is no answer %q: say %q, %q or %q", a, AnswerApplied, AnswerNotApplied, AnswerSendAgain)
	}
	ev.Outcome = &outcome
	return ev, nil
}

func mayAnswer(it *entry, batchID, itemID string) error {
	switch {
	case it == nil:
		return fmt.Errorf("batch %s has no item %s", batchID, itemID)
	case it.state != StateUnknown:
		return fmt.Errorf("%s is %s: only an unknown outcome takes an answer", it.ref(), it.state)
	case it.busy:
		return fmt.Errorf("%s is being read back: wait for what it finds", it.ref())
	default:
		return nil
	}
}

// answer takes the operator's word while the batch runs.
func (r *Run) answer(ev Event) error {
	r.mu.Lock()
	it := r.book.byID[ev.Item]
	err := mayAnswer(it, r.book.id, ev.Item)
	if err == nil && r.done {
		err = fmt.Errorf("batch %s has just ended: answer once more", r.book.id)
	}
	if err != nil {
		r.mu.Unlock()
		return err
	}
	// Nobody else may take it between here and the journal.
	it.busy = true
	l := r.laneOf(it)
	waiting := l.queue.remove(it)
	r.mu.Unlock()

	err = r.append(ev)

	r.mu.Lock()
	defer r.mu.Unlock()
	it.busy = false
	if err == nil {
		r.engine.release(r.book.id, it)
		waiting = it.state == StatePlanned
	}
	if waiting && l.alive > 0 {
		l.queue.push(it)
	}
	r.changed()
	if err != nil {
		return fmt.Errorf("the answer was not taken: %w", err)
	}
	return nil
}

// laneOf is the work at the item's account. A lane exists for every item that
// was open when the run began, and only such items take an answer.
func (r *Run) laneOf(it *entry) *lane {
	for _, l := range r.lanes {
		if l.account == it.item.Intent.Ref.Account {
			return l
		}
	}
	return &lane{queue: newQueue(func(*entry) string { return "" })}
}
