package batch

import (
	"time"

	"bursar/providers"
)

// lane is a run's work at one account: a queue, bounded workers, and the
// reasons to wait or stop that concern the whole account.
type lane struct {
	account  string
	p        providers.Provider
	action   providers.Action
	info     providers.Info
	workers  int
	missing  string // why there is no p
	queue    *queue
	inFlight int
	alive    int    // workers that have not left
	delays   int    // workers that wait out a limit or a lost network
	waits    string // why, while delays > 0
	stopped  string // why nothing more is sent until Continue
	unread   int    // records in a row that could not be read
}

// backoff makes the whole lane wait: a limit or a lost network concerns the
// account, not one record. It reports whether the wait ran its course.
func (r *Run) backoff(l *lane, why string, d time.Duration) bool {
	r.mu.Lock()
	l.delays++
	l.waits = why
	r.changed()
	r.mu.Unlock()

	done := r.waitIn(r.backoffCtx, d)

	r.mu.Lock()
	if l.delays--; l.delays == 0 {
		l.waits = ""
	}
	r.changed()
	r.mu.Unlock()
	return done
}

// stopLane stops one account with a reason; its items stay as they are.
func (r *Run) stopLane(l *lane, why string) {
	r.mu.Lock()
	known := l.stopped != ""
	if !known {
		l.stopped = why
	}
	r.changed()
	r.mu.Unlock()
	if !known {
		r.later(Event{Type: EventStopped, Account: l.account, Reason: why})
	}
}

// stopAll stops the run with a reason.
func (r *Run) stopAll(why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = why
	r.changed()
}

// The longest wait that a run sits out; a longer one stops the account.
const maxDelay = 15 * time.Minute

// limitDelay is how long to wait after the n-th refusal in a row for too many
// requests: what the system asks for, else growing.
func limitDelay(err error, n int) time.Duration {
	if d := providers.RetryAfterOf(err); d > 0 {
		return d
	}
	return growing(n)
}

// growing is 1, 2, 4 … seconds, a minute at most.
func growing(n int) time.Duration {
	return min(time.Second<<min(max(n-1, 0), 6), time.Minute)
}

// next hands a worker its next item; nil when there is nothing more to do. It
// waits while the run or the account waits.
func (r *Run) next(l *lane) *entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		if r.ctx.Err() != nil {
			return nil
		}
		if r.book.cancelled {
			l.dropCancelled()
		}
		held := r.stopped != "" || l.stopped != ""
		switch {
		case l.queue.len() == 0 && l.inFlight == 0:
			return nil
		case held && r.book.cancelled && l.inFlight == 0:
			return nil
		case !held && !r.book.paused && l.delays == 0:
			if e := l.pop(); e != nil {
				return e
			}
		}
		r.cond.Wait()
	}
}

// pop takes the first item whose party is not being paid already.
func (l *lane) pop() *entry {
	e := l.queue.pop()
	if e != nil {
		l.inFlight++
		e.busy = true
	}
	return e
}

// turn is the party whose payouts have to follow one another: a payment system
// checks balances and limits of a contractor, and two payouts at once may both
// pass or both fail. It is empty where nothing has to.
func (l *lane) turn(e *entry) string {
	if !l.action.Moves || l.action.Kind != providers.Payout && l.action.Kind != providers.Certificate {
		return ""
	}
	return e.item.PartyID
}

// dropCancelled leaves in the queue what has to be found out still, and what
// the operator wants sent although the batch was cancelled.
func (l *lane) dropCancelled() {
	l.queue.keep(func(e *entry) bool { return e.state != StateCancelled })
}

// put takes an item back from a worker.
func (r *Run) put(l *lane, e *entry, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.busy = false
	l.inFlight--
	open := e.state == StatePlanned || e.state == StateUnknown
	l.queue.done(e, again && open)
	if e.state != StateUnknown {
		r.engine.release(r.book.id, e)
	}
	r.changed()
}

// idle reports, under the lock, that nothing moves until somebody continues:
// every account is through or stopped, and one at least is stopped.
func (r *Run) idle() bool {
	stopped := false
	for _, l := range r.lanes {
		if l.inFlight > 0 || l.delays > 0 {
			return false
		}
		if l.queue.len() == 0 {
			continue
		}
		if r.stopped == "" && l.stopped == "" {
			return false
		}
		stopped = true
	}
	return stopped
}
