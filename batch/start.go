package batch

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Start carries out a plan. The plan is on disk when it returns. A plan that
// the journal knows is refused: it is resumed or reported, never started twice.
//
// The end of ctx sends nothing more and leaves the rest planned; requests on
// their way are waited for.
func (e *Engine) Start(ctx context.Context, plan Plan, opts StartOptions) (*Run, error) {
	if err := plan.validate(); err != nil {
		return nil, err
	}
	b := newBook(plan.ID)
	events := e.startEvents(plan, opts)
	for _, ev := range events {
		if err := b.apply(ev); err != nil {
			return nil, err
		}
	}
	if opts.DryRun {
		r := newRun(ctx, e, b, opts.By, true, false)
		return r, e.launch(r, false)
	}
	if err := e.take(plan.ID); err != nil {
		return nil, err
	}
	defer e.give(plan.ID)
	if err := e.refuseKnown(plan.ID); err != nil {
		return nil, err
	}
	if err := e.opts.Journal.Append(events...); err != nil {
		return nil, fmt.Errorf("the batch was not started, nothing was sent: %w", err)
	}
	r := newRun(ctx, e, b, opts.By, false, false)
	return r, e.launch(r, true)
}

// startEvents are the items, then the batch: a batch whose creation is not on
// disk does not exist.
func (e *Engine) startEvents(plan Plan, opts StartOptions) []Event {
	now := e.opts.Now()
	events := make([]Event, 0, len(plan.Items)+1)
	for i := range plan.Items {
		item := plan.Items[i]
		events = append(events, Event{Batch: plan.ID, Item: item.Intent.ID, Type: EventPlanned, Time: now, State: StatePlanned, Planned: &item})
	}
	by := opts.By
	if by == "" {
		by = plan.By
	}
	return append(events, Event{Batch: plan.ID, Type: EventCreated, Time: now, By: by, Created: &Created{
		Action: plan.Action, Items: len(plan.Items), PlanHash: plan.Hash(), PlanBy: plan.By, PlanTime: plan.Created,
		AcceptAsk: opts.AcceptAsk, Host: opts.Host,
	}})
}

// Startable tells, without starting it, why a plan cannot be carried out: the
// journal knows it already.
func (e *Engine) Startable(planID string) error { return e.refuseKnown(planID) }

func (e *Engine) refuseKnown(id string) error {
	b, err := load(e.opts.Journal, id)
	if err != nil {
		return err
	}
	switch {
	case !b.created:
		return nil
	case b.open() == 0:
		return fmt.Errorf("this plan was carried out on %s and is finished: see the report of batch %s", b.started.Local().Format("2006-01-02 15:04"), id)
	default:
		return fmt.Errorf("this plan was started on %s and is not finished: resume or report batch %s", b.started.Local().Format("2006-01-02 15:04"), id)
	}
}

// Resume takes up an unfinished batch. What was on its way when its program
// ended is read back before anything is sent. A batch that runs in this process
// is continued.
func (e *Engine) Resume(ctx context.Context, batchID string) (*Run, error) {
	if r, running := e.Running(batchID); running {
		r.Continue()
		return r, nil
	}
	if err := e.take(batchID); err != nil {
		return nil, err
	}
	defer e.give(batchID)
	b, err := e.book(batchID)
	if err != nil {
		return nil, err
	}
	if b.open() == 0 {
		return nil, fmt.Errorf("batch %s is finished: there is nothing to resume", batchID)
	}
	r := newRun(ctx, e, b, b.by, false, true)
	if err := r.append(Event{Type: EventResumed, By: b.by}); err != nil {
		r.end()
		return nil, fmt.Errorf("the batch was not resumed, nothing was sent: %w", err)
	}
	return r, e.launch(r, true)
}

// book is a batch as the journal has it, with what was on its way unknown.
func (e *Engine) book(batchID string) (*book, error) {
	b, err := load(e.opts.Journal, batchID)
	if err != nil {
		return nil, err
	}
	if !b.created {
		return nil, fmt.Errorf("there is no batch %s", batchID)
	}
	b.recover()
	return b, nil
}

func (e *Engine) launch(r *Run, listed bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		r.end()
		return errors.New("the batch engine is closed")
	}
	if listed {
		e.runs[r.book.id] = r
	}
	e.wg.Add(1)
	r.launch(e.wg.Done)
	return nil
}

// take makes sure that one thing at a time works on a batch.
func (e *Engine) take(batchID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errors.New("the batch engine is closed")
	}
	if e.busy[batchID] || e.runs[batchID] != nil {
		return fmt.Errorf("batch %s is being worked on: wait for it", batchID)
	}
	e.busy[batchID] = true
	return nil
}

func (e *Engine) give(batchID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.busy, batchID)
}

// Running is the run of a batch in this process.
func (e *Engine) Running(batchID string) (*Run, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.runs[batchID]
	return r, ok
}

// closeBatch writes the end of a batch whose items are all final.
func (e *Engine) closeBatch(b *book, mu sync.Locker) {
	mu.Lock()
	ev := Event{Batch: b.id, Type: EventClosed, Time: e.opts.Now(), By: b.by}
	s := b.summary()
	s.Finished, s.Stopped = ev.Time, ""
	ev.Summary = &s
	mu.Unlock()
	// Should it fail, the batch is folded from its events as before.
	if err := e.opts.Journal.Append(ev); err != nil {
		return
	}
	mu.Lock()
	defer mu.Unlock()
	_ = b.apply(ev)
}
