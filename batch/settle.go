package batch

import (
	"context"
	"time"

	"bursar/providers"
)

// next is what follows a finding.
type next uint8

const (
	stop      next = iota // nothing more in this run
	lookAgain             // read back once more after a wait
	sendSame              // the same request with the same key, as it is
	sendFresh             // from the start: read the record, compare, send
)

// The bounds of a run. A request without an answer costs the provider's whole
// timeout, so few are allowed.
const (
	maxDoubts   = 3 // requests of one intent without an answer to trust
	maxLooks    = 2 // read-backs that cannot tell
	maxFailures = 4 // read-backs or readings in a row that fail
	maxPasses   = 6 // requests in a row that a limit or the network stopped
)

// sameKeyFor is how long a system may be trusted to know a key: YooKassa
// forgets after 24 hours. Later a request with the same key might act again.
const sameKeyFor = 23 * time.Hour

// settleDelay is the wait before a read-back: a system may still be working
// on the request whose answer was lost.
const settleDelay = 2 * time.Second

// doubt is what is known about an item of unknown outcome when a finding comes.
type doubt struct {
	resend    providers.Resend
	requests  int           // of this run, without an answer to trust
	looks     int           // read-backs that could not tell, this one included
	age       time.Duration // since the first request
	cancelled bool
	quiet     bool // nothing may be sent: Reconcile
}

// rule tells where a finding leaves an item and what follows. Whatever a
// read-back shows as done is never sent again; what it cannot tell is sent
// again only under a key that the system still knows.
func rule(d doubt, f providers.Finding) (State, next, string) {
	switch f.Outcome {
	case providers.Applied:
		return StateApplied, stop, ""
	case providers.Refused:
		return d.notDone()
	}
	switch {
	case len(f.Candidates) > 1:
		return StateUnknown, stop, "one of these records may be it: look and answer"
	case d.resend == providers.SameKey && d.maySend() && d.age < sameKeyFor:
		return StateUnknown, sendSame, ""
	case len(f.Candidates) == 1:
		return StateUnknown, stop, "this record may be it: look and answer"
	case d.looks < maxLooks:
		return StateUnknown, lookAgain, ""
	default:
		return StateUnknown, stop, "the record does not tell whether it was done: look and answer"
	}
}

func (d doubt) notDone() (State, next, string) {
	switch {
	case d.resend == providers.NeverUnasked:
		return StateUnknown, stop, "it does not show as done, and this action is never sent again unasked: look and answer"
	case d.cancelled:
		return StateCancelled, stop, "certainly not done"
	case d.requests >= maxDoubts:
		// A system that answers nothing may still do it after we looked.
		return StateUnknown, stop, "it does not show as done, and no answer came to any of the requests: resume the batch to send it again, or answer"
	default:
		return StatePlanned, sendFresh, "certainly not done"
	}
}

func (d doubt) maySend() bool { return !d.quiet && !d.cancelled && d.requests < maxDoubts }

// settle reads back an item of unknown outcome until it is known, may be sent
// again, or only the operator can tell. It reports whether the item goes back
// into the queue.
func (r *Run) settle(l *lane, e *entry) bool {
	for looks, failures := 1, 0; ; {
		if !r.wait(r.settleWait(e, looks+failures)) {
			return true
		}
		in := r.intentOf(e)
		f, err := l.p.ReadBack(r.ctx, in)
		if r.ctx.Err() != nil {
			return true
		}
		if err != nil {
			failures++
			if again, done := r.lookFailed(l, e, err, failures); done {
				return again
			}
			continue
		}
		state, follow, why := rule(r.doubtOf(l, e, looks), f)
		if follow == sendSame && !r.maySend(l) {
			return true // paused, cancelled or limited meanwhile: looked at again later
		}
		r.found(e, f, state, why)
		switch follow {
		case stop:
			if state == StateApplied {
				r.refresh(l, in, providers.Result{Ref: f.Ref})
			}
			return false
		case sendFresh:
			return true
		case sendSame:
			return r.dispatch(l, e, in)
		}
		looks++
	}
}

// settleWait is the wait before a look. The first one counts from the end of
// the last request, which may have been long ago when the batch was resumed.
func (r *Run) settleWait(e *entry, look int) time.Duration {
	if look > 1 {
		return settleDelay << (look - 1)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return settleDelay - r.now().Sub(e.lastSent)
}

func (r *Run) doubtOf(l *lane, e *entry, looks int) doubt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return doubt{
		resend: resendOf(l.action, e.item.Intent.Values), requests: e.doubts, looks: looks,
		age: r.now().Sub(e.sent), cancelled: r.book.cancelled,
	}
}

func resendOf(a providers.Action, v providers.Values) providers.Resend {
	if a.Resend == nil {
		return providers.NeverUnasked
	}
	return a.Resend(v)
}

// found journals a finding.
func (r *Run) found(e *entry, f providers.Finding, state State, why string) {
	r.later(findingEvent(e, f, state, why))
}

func findingEvent(e *entry, f providers.Finding, state State, why string) Event {
	reason := clean(f.Note)
	if why != "" {
		if reason != "" {
			reason += ": "
		}
		reason += why
	}
	outcome := f.Outcome
	ev := Event{Type: EventFinding, Item: e.item.Intent.ID, State: state, Outcome: &outcome, Reason: reason, Candidates: f.Candidates}
	if f.Ref.ID != "" {
		ref := f.Ref
		ev.Ref = &ref
	}
	return ev
}

// lookFailed deals with a read-back that failed. The item stays unknown.
func (r *Run) lookFailed(l *lane, e *entry, err error, failures int) (again, done bool) {
	text := clean(err.Error())
	switch fault := providers.FaultOf(err); {
	case fault == providers.FaultAuth:
		r.stopLane(l, text)
		return true, true
	case failures < maxFailures && fault == providers.FaultLimited:
		r.backoff(l, text, limitDelay(err, failures))
		return true, false
	case failures < maxFailures:
		return true, false
	case fault == providers.FaultOffline, fault == providers.FaultTimeout, fault == providers.FaultLimited:
		r.stopLane(l, text)
		return true, true
	}
	r.later(findingEvent(e, providers.Finding{Note: "it cannot be read back: " + text}, StateUnknown, "reconcile it later"))
	return false, true
}

// quietFinding is one read-back for Reconcile, which sends nothing.
func quietFinding(ctx context.Context, p providers.Provider, a providers.Action, e *entry, cancelled bool) Event {
	f, err := p.ReadBack(ctx, e.intent())
	if err != nil {
		return findingEvent(e, providers.Finding{Note: "it cannot be read back: " + err.Error()}, StateUnknown, "")
	}
	d := doubt{resend: resendOf(a, e.item.Intent.Values), looks: maxLooks, cancelled: cancelled, quiet: true}
	state, _, why := rule(d, f)
	return findingEvent(e, f, state, why)
}
