package batch

import (
	"context"
	"errors"

	"bursar/providers"
)

// process takes one item as far as it goes. It reports whether the item goes
// back into the queue.
func (r *Run) process(l *lane, e *entry) bool {
	state := r.stateOf(e)
	if l.p == nil {
		if state == StatePlanned && !r.resumed {
			r.hold(e, l.missing)
			return false
		}
		r.stopLane(l, l.missing) // it may be configured again before the next resume
		return true
	}
	switch state {
	case StateUnknown:
		return r.settle(l, e)
	case StatePlanned:
		return r.send(l, e)
	default:
		return false
	}
}

// send reads the record again, compares, and sends.
func (r *Run) send(l *lane, e *entry) bool {
	in := r.intentOf(e)
	if l.action.Creates {
		return r.decide(l, e, in, providers.Record{})
	}
	if reason, taken := r.claim(e, in.Ref); taken {
		r.hold(e, reason)
		return false
	}
	rec, err := providers.Glance(r.ctx, l.p, in.Ref)
	if err != nil {
		return r.unread(l, e, in, err)
	}
	r.mu.Lock()
	e.reads, l.unread = 0, 0
	r.mu.Unlock()
	r.engine.fresh(rec)
	if diff := Diff(e.item.Intent.Before, providers.SnapshotOf(rec)); diff != "" {
		return r.holdOut(l, e, "changed since it was planned: "+diff)
	}
	in.Before = providers.SnapshotOf(rec)
	return r.decide(l, e, in, rec)
}

// claim takes the record for this item.
func (r *Run) claim(e *entry, ref providers.Ref) (reason string, taken bool) {
	if r.dry {
		return r.engine.Blocked(ref)
	}
	err := r.engine.opts.Claims.Claim(ref, ownerOf(r.book.id, e))
	if err == nil {
		return "", false
	}
	if reason, blocked := r.engine.Blocked(ref); blocked {
		return reason, true
	}
	return clean(err.Error()), true
}

// unread deals with a record that could not be read before sending. Nothing
// was sent, so the item stays planned or is held out.
func (r *Run) unread(l *lane, e *entry, in providers.Intent, err error) bool {
	if r.ctx.Err() != nil {
		return true
	}
	text := clean(err.Error())
	switch fault := providers.FaultOf(err); fault {
	case providers.FaultNotFound:
		r.engine.gone(in.Ref)
		return r.holdOut(l, e, "the record is gone: "+text)
	case providers.FaultForbidden, providers.FaultInput, providers.FaultState:
		r.hold(e, "it cannot be read again before sending: "+text)
		return false
	case providers.FaultAuth:
		return r.loginRefused(l, e, text)
	case providers.FaultLimited, providers.FaultOffline, providers.FaultTimeout:
		return r.pass(l, e, err)
	}
	// The system failed over this record. One such record is held out; several
	// in a row mean that the system is down.
	r.mu.Lock()
	e.reads++
	tries := e.reads
	r.mu.Unlock()
	if tries < maxFailures {
		r.backoff(l, text, growing(tries))
		return true
	}
	r.mu.Lock()
	l.unread++
	down := l.unread >= maxFailures
	r.mu.Unlock()
	if down {
		r.stopLane(l, text)
		return true
	}
	r.hold(e, "it cannot be read again before sending: "+text)
	return false
}

// hold puts an item out of the batch; nothing was sent.
func (r *Run) hold(e *entry, reason string) {
	r.later(Event{Type: EventHeld, Item: e.item.Intent.ID, State: StateHeld, Reason: clean(reason)})
}

// holdOut holds an item out because its record does not allow a request any
// more. When an earlier request of this intent had no answer, that request may
// be what changed the record, late: it is read back before anything is said.
func (r *Run) holdOut(l *lane, e *entry, reason string) bool {
	if !r.doubted(e) {
		r.hold(e, reason)
		return false
	}
	return r.explain(l, e, r.intentOf(e), StateHeld, reason)
}

// decide asks the rules once more, with the fresh record, and sends.
func (r *Run) decide(l *lane, e *entry, in providers.Intent, rec providers.Record) bool {
	v := examine(l.action, l.info, rec, in, true)
	switch {
	case v.Answer == providers.CannotDo && l.info.ReadOnly && r.resumed:
		r.stopLane(l, v.Reason)
		return true
	case v.Answer == providers.CannotDo:
		return r.holdOut(l, e, v.Reason)
	case v.Answer == providers.MustAsk && !r.book.head.AcceptAsk:
		r.hold(e, "must be asked, and nobody said yes: "+v.Reason)
		return false
	case r.dry:
		r.mu.Lock()
		e.reason = "would be sent"
		r.mu.Unlock()
		r.engine.release(r.book.id, e)
		return false
	case !r.maySend(l), r.stateOf(e) != StatePlanned:
		return true
	}
	return r.dispatch(l, e, in)
}

// maySend reports whether a request may leave now: between the reading and
// here, somebody may have paused or a limit may have been hit.
func (r *Run) maySend(l *lane) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ctx.Err() == nil && !r.book.paused && r.stopped == "" && l.stopped == "" && l.delays == 0
}

// dispatch puts the intent on disk, sends it once, and judges the answer.
func (r *Run) dispatch(l *lane, e *entry, in providers.Intent) bool {
	now := r.now()
	if in.Sent.IsZero() {
		in.Sent = now
	}
	r.mu.Lock()
	attempt := e.sends + 1
	r.mu.Unlock()
	err := r.append(Event{
		Type: EventSending, Item: in.ID, State: StateSending,
		Send: &Send{Attempt: attempt, Key: in.Key, Amount: in.Amount, Before: in.Before},
	})
	if err != nil {
		r.stopAll(journalFailed(err))
		return true
	}
	// From here on the money may move: leaving the screen must not leave the
	// outcome unknown. The provider's own timeout bounds the request.
	res, err := l.p.Act(context.WithoutCancel(r.ctx), in)
	return r.judge(l, e, in, res, err)
}

// judge journals what an answer means and says whether the item goes back into
// the queue.
func (r *Run) judge(l *lane, e *entry, in providers.Intent, res providers.Result, err error) bool {
	outcome := res.Outcome
	if err != nil {
		outcome = providers.OutcomeOf(err)
	}
	switch {
	case outcome == providers.Applied:
		r.answered(e, StateApplied, outcome, res, nil)
		r.mu.Lock()
		e.passes, e.logins = 0, 0
		r.mu.Unlock()
		r.refresh(l, in, res)
		return false
	case outcome == providers.Unknown:
		r.mu.Lock()
		e.doubts++
		r.mu.Unlock()
		r.answered(e, StateUnknown, outcome, res, err)
		return r.settle(l, e)
	case err != nil && providers.Passing(err):
		r.answered(e, r.backTo(e), outcome, res, err)
		if providers.FaultOf(err) == providers.FaultAuth {
			return r.loginRefused(l, e, clean(err.Error()))
		}
		return r.pass(l, e, err)
	case r.doubted(e):
		// An earlier request of this intent may be what makes the system
		// refuse this one.
		r.answered(e, StateUnknown, outcome, res, err)
		reason := res.Note
		if err != nil {
			reason = err.Error()
		}
		return r.explain(l, e, in, StateRefused, reason)
	default:
		r.answered(e, StateRefused, outcome, res, err)
		return false
	}
}

// backTo is where an item goes whose request certainly did nothing: what was
// open before is open still.
func (r *Run) backTo(e *entry) State {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.doubtful {
		return StateUnknown
	}
	return StatePlanned
}

func (r *Run) doubted(e *entry) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return e.everUnknown
}

// explain reads back why a repeated request was refused, or may not even be
// sent. What is certainly not done ends in the given state, with the reason.
func (r *Run) explain(l *lane, e *entry, in providers.Intent, notDone State, reason string) bool {
	f, err := l.p.ReadBack(r.ctx, in)
	switch {
	case r.ctx.Err() != nil:
		return true
	case err != nil:
		r.found(e, providers.Finding{Note: "it cannot be read back: " + err.Error()}, StateUnknown, "reconcile it later")
	case f.Outcome == providers.Refused:
		f.Note = reason
		r.found(e, f, notDone, "")
	case f.Outcome == providers.Applied:
		r.found(e, f, StateApplied, "")
		r.refresh(l, in, providers.Result{Ref: f.Ref})
	default:
		r.found(e, f, StateUnknown, "a second request is not possible ("+reason+") and the record does not tell about the first: look and answer")
	}
	return false
}

// answered journals what the system answered.
func (r *Run) answered(e *entry, s State, o providers.Outcome, res providers.Result, err error) {
	ev := Event{Type: EventOutcome, Item: e.item.Intent.ID, State: s, Outcome: &o, Reason: clean(res.Note)}
	if err != nil {
		ev.Reason, ev.Fault = clean(err.Error()), providers.FaultOf(err).String()
		var pe *providers.Error
		if errors.As(err, &pe) {
			ev.Code, ev.RequestID = clean(pe.Code), clean(pe.RequestID)
		}
	}
	if s == StateApplied && res.Ref.ID != "" && res.Ref != e.item.Intent.Ref {
		ref := res.Ref
		ev.Ref = &ref
	}
	r.later(ev)
}

// refresh brings the records that an applied action touched to the cache.
func (r *Run) refresh(l *lane, in providers.Intent, res providers.Result) {
	if res.After != nil {
		r.engine.fresh(*res.After)
	}
	refs := []providers.Ref{in.Ref}
	if l.action.Verb() == "delete" {
		r.engine.gone(in.Ref)
		refs = nil
	}
	if res.Ref != in.Ref {
		refs = append(refs, res.Ref)
	}
	for _, ref := range refs {
		if ref.ID == "" || res.After != nil && res.After.Ref == ref || r.ctx.Err() != nil {
			continue
		}
		rec, err := providers.Glance(r.ctx, l.p, ref)
		switch {
		case err == nil:
			r.engine.fresh(rec)
		case providers.FaultOf(err) == providers.FaultNotFound:
			r.engine.gone(ref)
		}
	}
}
