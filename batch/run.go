package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"bursar/providers"
)

// Run is one batch at work in this process. Its methods are safe for
// concurrent use.
type Run struct {
	engine *Engine
	ctx    context.Context // ends the run between records; never a request
	end    context.CancelFunc
	// backoffCtx ends with Cancel too, so that nobody waits out a limit for a
	// request that will not be made.
	backoffCtx context.Context
	endBackoff context.CancelFunc
	by         string
	dry        bool
	resumed    bool

	mu      sync.Mutex
	cond    *sync.Cond
	book    *book
	lanes   []*lane
	stopped string // why nothing more is sent at any account until Continue
	done    bool
	signal  chan struct{}
	workers sync.WaitGroup
}

func newRun(ctx context.Context, e *Engine, b *book, by string, dry, resumed bool) *Run {
	r := &Run{engine: e, book: b, by: by, dry: dry, resumed: resumed, signal: make(chan struct{}, 1)}
	r.cond = sync.NewCond(&r.mu)
	r.ctx, r.end = context.WithCancel(ctx)
	r.backoffCtx, r.endBackoff = context.WithCancel(r.ctx)
	b.paused, b.stopped = false, ""
	r.addLanes()
	return r
}

// addLanes sorts the open items by account, those of unknown outcome first:
// they are read back before anything is sent.
func (r *Run) addLanes() {
	lanes := map[string]*lane{}
	for _, state := range []State{StateUnknown, StatePlanned} {
		for _, e := range r.book.items {
			if e.state != state {
				continue
			}
			account := e.item.Intent.Ref.Account
			l := lanes[account]
			if l == nil {
				l = r.engine.lane(account, r.book.head.Action)
				lanes[account] = l
				r.lanes = append(r.lanes, l)
			}
			l.queue.push(e)
		}
	}
	for _, l := range r.lanes {
		l.workers = min(l.workers, l.queue.len())
	}
}

// launch starts the workers; ended is called behind the last of them.
func (r *Run) launch(ended func()) {
	// Workers that wait for their turn have to see the end of the context.
	unhook := context.AfterFunc(r.ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cond.Broadcast()
	})
	for _, l := range r.lanes {
		l.alive = l.workers
		for range l.workers {
			r.workers.Go(func() { r.work(l) })
		}
	}
	go func() {
		defer ended()
		r.workers.Wait()
		unhook()
		r.finish()
	}()
}

func (r *Run) work(l *lane) {
	for {
		r.engine.opts.Pace(r.ctx)
		e := r.next(l)
		if e == nil {
			break
		}
		again := true
		if free, ok := r.engine.slot(r.ctx, l); ok {
			again = r.guarded(l, e)
			free()
		}
		r.put(l, e, again)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l.alive--
}

// guarded keeps a mistake in a client from taking the whole program down, and
// other operators with it. A request that was on its way counts as unknown.
func (r *Run) guarded(l *lane, e *entry) (again bool) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		why := clean(fmt.Sprintf("bursar failed over %s: %v", e.ref(), p))
		if r.stateOf(e) == StateSending {
			r.answered(e, StateUnknown, providers.Unknown, providers.Result{Note: why}, nil)
		}
		r.stopLane(l, why)
		again = true
	}()
	return r.process(l, e)
}

// finish closes the batch when every item is final, and ends the run.
func (r *Run) finish() {
	r.mu.Lock()
	open, suspended := r.book.open(), r.ctx.Err() != nil
	r.mu.Unlock()
	if !r.dry {
		switch {
		case open == 0:
			r.engine.closeBatch(r.book, &r.mu)
		case suspended:
			_ = r.append(Event{Type: EventStopped, By: r.by, Reason: "the run was left before its end"})
		default:
			_ = r.engine.opts.Journal.Append()
		}
	}
	r.engine.forget(r)
	r.end()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = true
	close(r.signal)
	r.cond.Broadcast()
}

// ID is the batch's id.
func (r *Run) ID() string { return r.book.id }

// Changed tells that Progress changed, coalesced; it is closed at the end.
func (r *Run) Changed() <-chan struct{} { return r.signal }

// changed wakes whoever watches. The caller holds the lock.
func (r *Run) changed() {
	r.cond.Broadcast()
	if r.done {
		return
	}
	select {
	case r.signal <- struct{}{}:
	default:
	}
}

// Progress is a copy of how the run stands.
func (r *Run) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.book
	p := Progress{
		Batch: b.id, Action: b.head.Action, DryRun: r.dry, Planned: len(b.items),
		Counts: make(map[State]int, len(b.counts)), Sums: make(map[State]providers.Sums, len(b.sums)),
		Reconciled: b.reconciled, Recent: slices.Clone(b.recent[max(0, len(b.recent)-recentEvents):]),
		Paused: b.paused, Stopped: r.stopped, Cancelled: b.cancelled, Done: r.done,
	}
	for s, n := range b.counts {
		p.Counts[s] = n
	}
	for s, sum := range b.sums {
		p.Sums[s] = sum.Plus(providers.Sums{})
	}
	for _, l := range r.lanes {
		p.Accounts = append(p.Accounts, AccountProgress{
			Account: l.account, Workers: l.workers, Waiting: l.queue.len(), InFlight: l.inFlight, Waits: l.waits, Stopped: l.stopped,
		})
	}
	return p
}

// Pause sends nothing more until Continue; what is in flight finishes.
func (r *Run) Pause() {
	r.control(Event{Type: EventPaused, By: r.by}, func() bool { return !r.book.paused })
}

// Continue goes on after Pause, or after the run stopped by itself.
func (r *Run) Continue() {
	r.control(Event{Type: EventContinued, By: r.by}, func() bool {
		stopped := r.book.paused || r.stopped != ""
		r.stopped = ""
		for _, l := range r.lanes {
			stopped = stopped || l.stopped != ""
			l.stopped, l.unread = "", 0
			l.queue.each(func(e *entry) { e.passes, e.logins, e.reads = 0, 0, 0 })
		}
		return stopped
	})
}

// Cancel sends nothing more, for good. What is in flight finishes, unknown
// outcomes are still read back, and the rest counts as not sent.
func (r *Run) Cancel() {
	r.control(Event{Type: EventCancelled, By: r.by}, func() bool { return !r.book.cancelled })
	r.endBackoff()
}

// control makes a change of the operator's, when there is one to make.
func (r *Run) control(ev Event, change func() bool) {
	r.mu.Lock()
	does := !r.done && change()
	r.changed()
	r.mu.Unlock()
	if does {
		r.later(ev)
	}
}

// Wait returns the report when the run has ended, or has stopped by itself
// with nothing in flight: Report.Stopped then says why, and the rest of the
// batch waits for Continue or a later Resume. A pause by the operator does not
// make it return.
func (r *Run) Wait() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.done && !r.idle() {
		r.cond.Wait()
	}
	return r.reportLocked()
}

// Report accounts for the batch as it stands.
func (r *Run) Report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reportLocked()
}

func (r *Run) reportLocked() Report {
	rep := r.book.report()
	rep.DryRun = r.dry
	var why []string
	if r.stopped != "" {
		why = append(why, r.stopped)
	}
	for _, l := range r.lanes {
		if l.stopped != "" {
			why = append(why, l.stopped)
		}
	}
	if len(why) > 0 {
		rep.Stopped = strings.Join(why, "; ")
	}
	return rep
}

// now is the engine's clock.
func (r *Run) now() time.Time { return r.engine.opts.Now() }

// wait waits and reports whether the run goes on.
func (r *Run) wait(d time.Duration) bool { return r.waitIn(r.ctx, d) }

func (r *Run) waitIn(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	return r.engine.opts.Wait(ctx, d) == nil
}

func (r *Run) intentOf(e *entry) providers.Intent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return e.intent()
}

func (r *Run) stateOf(e *entry) State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return e.state
}

// append writes an event to the disk, then folds it in.
func (r *Run) append(ev Event) error {
	ev.Batch, ev.Time = r.book.id, r.now()
	if !r.dry {
		if err := r.engine.opts.Journal.Append(ev); err != nil {
			return err
		}
	}
	r.fold(ev)
	return nil
}

// later hands an event to the journal without waiting for the disk, and folds
// it in. Should the program end before it is written, the request before it
// counts as unknown and is read back.
func (r *Run) later(ev Event) {
	ev.Batch, ev.Time = r.book.id, r.now()
	if !r.dry {
		if err := r.engine.opts.Journal.AppendLater(ev); err != nil {
			r.stopAll(journalFailed(err))
		}
	}
	r.fold(ev)
}

func (r *Run) fold(ev Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.book.apply(ev); err != nil {
		r.stopped = err.Error()
	}
	r.changed()
}

func journalFailed(err error) string {
	return "the journal cannot be written, so nothing more is sent: " + clean(err.Error())
}
