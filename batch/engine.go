package batch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"bursar/providers"
)

// EngineOptions is what an engine works with.
type EngineOptions struct {
	Accounts Accounts
	Journal  Journal
	Claims   Claims // nil: NewClaims
	Now      func() time.Time
	Changed  func(providers.Record) // a record was read afresh: to the cache
	Removed  func(providers.Ref)    // a record is gone: to the cache
	// Wait waits, or returns the context's error. Nil: real time.
	Wait func(ctx context.Context, d time.Duration) error
	// Pace, when set, is asked by each worker before it takes an item, and may
	// make it wait, for as long as ctx lasts: a screen wants a core as well.
	Pace func(ctx context.Context)
}

// StartOptions says who starts a batch and how.
type StartOptions struct {
	By        string
	Host      string // the machine, for the journal
	AcceptAsk bool   // the operator accepted what must be asked
	DryRun    bool   // everything but the request itself; nothing is journalled
}

// Engine runs batches. Its methods are safe for concurrent use.
type Engine struct {
	opts EngineOptions

	mu     sync.Mutex
	runs   map[string]*Run
	busy   map[string]bool          // batches that something other than a run works on
	slots  map[string]chan struct{} // requests at once, per account, over all runs
	known  map[string]known         // unfinished batches that nothing works on
	closed bool
	wg     sync.WaitGroup
}

// NewEngine makes an engine. Every item of the journal whose outcome is unknown
// claims its record, so that nothing else moves money on it.
func NewEngine(opts EngineOptions) (*Engine, error) {
	if opts.Accounts == nil || opts.Journal == nil {
		return nil, errors.New("a batch engine needs accounts and a journal")
	}
	if opts.Claims == nil {
		opts.Claims = NewClaims()
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Wait == nil {
		opts.Wait = providers.Wait
	}
	if opts.Pace == nil {
		opts.Pace = func(context.Context) {}
	}
	e := &Engine{opts: opts, runs: map[string]*Run{}, busy: map[string]bool{}, slots: map[string]chan struct{}{}, known: map[string]known{}}
	return e, e.rebuildClaims()
}

func (e *Engine) rebuildClaims() error {
	last, err := e.opts.Journal.Batches()
	if err != nil {
		return err
	}
	for _, ev := range last {
		if ev.Type == EventClosed {
			continue
		}
		b, err := load(e.opts.Journal, ev.Batch)
		if err != nil {
			return err
		}
		b.recover()
		e.remember(ev, b)
		for _, it := range b.items {
			if it.state == StateUnknown && it.item.Intent.Ref.ID != "" {
				// Whoever has the record already blocks it as well.
				_ = e.opts.Claims.Claim(it.item.Intent.Ref, ownerOf(b.id, it))
			}
		}
	}
	return nil
}

// ownerOf names an item among the claims.
func ownerOf(batch string, e *entry) string { return batch + "/" + e.item.Intent.ID }

// batchOf is the batch of an owner.
func batchOf(owner string) string {
	batch, _, _ := strings.Cut(owner, "/")
	return batch
}

func (e *Engine) release(batch string, it *entry) {
	if it.item.Intent.Ref.ID != "" {
		e.opts.Claims.Release(it.item.Intent.Ref, ownerOf(batch, it))
	}
}

// Blocked tells why a record may not be acted on now.
func (e *Engine) Blocked(ref providers.Ref) (reason string, blocked bool) {
	owner, taken := e.opts.Claims.Owner(ref)
	if !taken || ref.ID == "" {
		return "", false
	}
	batch, item, _ := strings.Cut(owner, "/")
	if r, running := e.Running(batch); running && r.working(item) {
		return fmt.Sprintf("batch %s is acting on it now", batch), true
	}
	return fmt.Sprintf("a request of batch %s has an unknown outcome on it: reconcile or answer that first", batch), true
}

// working reports whether an item is in a worker's hands or will be.
func (r *Run) working(item string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	it := r.book.byID[item]
	return it != nil && (it.busy || it.state != StateUnknown)
}

// Claims is what the engine claims records with; it also says why a record is
// blocked.
func (e *Engine) Claims() Claims { return engineClaims{Claims: e.opts.Claims, engine: e} }

type engineClaims struct {
	Claims
	engine *Engine
}

func (c engineClaims) Blocked(ref providers.Ref) (string, bool) { return c.engine.Blocked(ref) }

// Check previews a plan with the engine's accounts and claims.
func (e *Engine) Check(plan Plan, lookup Lookup) Preview {
	return Check(plan, e.opts.Accounts, lookup, e.Claims())
}

// fresh hands a record to the cache.
func (e *Engine) fresh(rec providers.Record) {
	if e.opts.Changed != nil {
		e.opts.Changed(rec)
	}
}

// gone tells the cache that a record is no more.
func (e *Engine) gone(ref providers.Ref) {
	if e.opts.Removed != nil {
		e.opts.Removed(ref)
	}
}

// lane is the work at one account. An account or action that is not there any
// more stops the lane with a reason instead of losing its items.
func (e *Engine) lane(account, action string) *lane {
	l := &lane{account: account, workers: 1}
	l.queue = newQueue(l.turn)
	p, ok := e.opts.Accounts.Provider(account)
	if !ok {
		l.missing = fmt.Sprintf("account %s is not configured", account)
		return l
	}
	a, ok := providers.FindAction(p, action)
	if !ok {
		l.missing = fmt.Sprintf("account %s has no action %s", account, action)
		return l
	}
	l.p, l.action, l.info = p, a, p.Info()
	l.workers = max(1, l.info.Workers)
	return l
}

// slot takes one of the account's places, which all runs of this process share.
func (e *Engine) slot(ctx context.Context, l *lane) (free func(), ok bool) {
	e.mu.Lock()
	places := e.slots[l.account]
	if places == nil {
		places = make(chan struct{}, max(1, l.info.Workers))
		e.slots[l.account] = places
	}
	e.mu.Unlock()
	select {
	case places <- struct{}{}:
		return func() { <-places }, true
	case <-ctx.Done():
		return nil, false
	}
}

func (e *Engine) forget(r *Run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runs[r.book.id] == r {
		delete(e.runs, r.book.id)
	}
}

// Close suspends every run: what is in flight finishes, the rest stays planned
// and can be resumed. The journal is closed after it.
func (e *Engine) Close() {
	e.mu.Lock()
	e.closed = true
	for _, r := range e.runs {
		r.end()
	}
	e.mu.Unlock()
	e.wg.Wait()
}
