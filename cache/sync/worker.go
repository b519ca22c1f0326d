package sync

import (
	"context"
	"errors"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// worker copies one kind of one account.
type worker struct {
	m       *Manager
	p       providers.Provider
	account string
	kind    providers.Kind
	kick    chan struct{} // somebody wants a sync now
	turn    chan struct{} // one sync at a time, in the background or by RunOnce
	// alive remembers records that no list shows although their system knows
	// them, so that they are not asked for at every pass. Guarded by turn.
	alive map[string]time.Time
	epoch int     // of the store when the sync began; guarded by turn
	left  leftOut // of the sync; guarded by turn
	calm  bool    // the sync rests between pages; guarded by turn
}

func newWorker(m *Manager, p providers.Provider, kind providers.Kind) *worker {
	return &worker{
		m: m, p: p, account: p.Info().Account, kind: kind,
		kick: make(chan struct{}, 1), turn: make(chan struct{}, 1), alive: map[string]time.Time{},
	}
}

func (w *worker) wake() {
	select {
	case w.kick <- struct{}{}:
	default: // one is waiting already
	}
}

// The delays after failures.
const (
	firstDelay = 2 * time.Second
	lastDelay  = 5 * time.Minute
)

// run syncs until ctx ends.
func (w *worker) run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		if !w.untilOpen(ctx) {
			return
		}
		select {
		case <-w.kick: // the sync that begins now is the one that was wanted
		default:
		}
		err := w.once(ctx)
		delay := w.m.opt.Interval
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, ErrOffline), errors.Is(err, errStopped):
			continue // which is no failure of this worker: it waits
		case providers.FaultOf(err) == providers.FaultAuth:
			w.m.refuse(w.account)
			failures = 0
			continue
		default:
			failures++
			delay = delayAfter(failures, err)
		}
		select {
		case <-ctx.Done():
		case <-w.kick:
			failures = 0
		case <-w.m.opt.Tick(delay):
		}
	}
}

// delayAfter grows with every failure in a row, and is never shorter than what
// the system asked for.
func delayAfter(failures int, err error) time.Duration {
	delay := lastDelay
	if failures < 8 {
		delay = min(lastDelay, firstDelay<<(failures-1))
	}
	return max(delay, providers.RetryAfterOf(err))
}

// untilOpen waits until the account may be asked; false when ctx ended first.
func (w *worker) untilOpen(ctx context.Context) bool {
	for {
		wait, ok := w.m.open(w.account)
		if ok {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-wait:
		}
	}
}

func (w *worker) once(ctx context.Context) error {
	ctx, end, err := w.m.online(ctx)
	if err != nil {
		return err
	}
	defer end()
	return told(ctx, w.sync(ctx, true))
}

// maxRest bounds a rest: what took long was then no work of ours.
const maxRest = 50 * time.Millisecond

// rest is the pause behind a page of a sync in the background. Keeping a page is
// half of the work that it makes; as long a rest as all of it leaves one of two
// processors to whoever sits at the screen. Where the system sets the pace, as
// all but a simulator do, it costs nothing that is noticed.
func (w *worker) rest(ctx context.Context, keeping time.Duration) error {
	if !w.calm || keeping <= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.m.opt.Tick(min(2*keeping, maxRest)):
		return nil
	}
}

// sync takes its turn and brings the kind up to date, with rests when nobody
// waits for its end. What happened is in the state afterwards.
func (w *worker) sync(ctx context.Context, calm bool) error {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	w.calm = calm
	w.epoch, w.left = w.m.opt.Store.Epoch(), leftOut{}
	st := w.m.opt.Store.State(w.account, w.kind)
	// Whether the sync before this one did not end well.
	gap, swept := st.Started.After(st.Finished) || st.Err != "", st.Swept
	st.Running, st.Started = true, w.m.opt.Now()
	err := w.save(st)
	if err == nil {
		err = w.bring(ctx, &st, gap)
	}
	if err == nil {
		// Whoever filters next need not wait. That it could not be done costs them
		// that wait, and no record.
		_ = w.m.opt.Store.Keep(ctx, w.account, w.kind)
	}
	st.Running = false
	switch {
	case err == nil:
		st.Finished, st.Err, st.ErrAt = w.m.opt.Now(), "", time.Time{}
	case ctx.Err() == nil:
		st.Err, st.ErrAt = err.Error(), w.m.opt.Now()
	}
	if text := w.left.String(); text != "" || !st.Swept.Equal(swept) {
		st.LeftOut = text // only a pass over the whole list proves that there is none
	}
	if serr := w.save(st); err == nil || errors.Is(serr, errAnew) {
		err = serr
	}
	return err
}

// errAnew says that a sync was for nothing.
var errAnew = errors.New("the cache was made anew while it was being filled: the list is fetched again")

// save keeps a state, unless the store was thrown away since the sync began:
// then what the state says is no longer true.
func (w *worker) save(st cache.SyncState) error {
	if w.m.opt.Store.Epoch() == w.epoch {
		err := w.m.opt.Store.SetState(st)
		if w.m.opt.Store.Epoch() == w.epoch {
			return err
		}
	}
	if err := w.m.opt.Store.SetState(cache.SyncState{Account: w.account, Kind: w.kind}); err != nil {
		return err
	}
	return errAnew
}
