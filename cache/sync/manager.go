package sync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	gosync "sync"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// ErrOffline says that nothing is sent because the operator went offline.
var ErrOffline = errors.New("offline: nothing is fetched until you go online again")

// Options tells New what to copy and how often. Zero durations take the
// defaults.
type Options struct {
	Store     *cache.Store
	Providers []providers.Provider
	Now       func() time.Time
	// Overlap is the stretch of a list that must be known and unchanged, beyond
	// a page, before a sync stops.
	Overlap time.Duration
	// Sweep is how often the whole list is read again.
	Sweep time.Duration
	// Interval is how often the top of each list is read.
	Interval time.Duration
	// PageSize is how many rows to ask for at once.
	PageSize int
	// Tick is time.After, or a test's.
	Tick func(time.Duration) <-chan time.Time
}

// The defaults.
const (
	DefaultOverlap  = 15 * time.Minute
	DefaultSweep    = 6 * time.Hour
	DefaultInterval = time.Minute
	DefaultPageSize = 100
)

// Manager owns the workers. It is safe for concurrent use.
type Manager struct {
	opt     Options
	workers []*worker
	running gosync.WaitGroup // the workers

	mu      gosync.Mutex
	cancel  context.CancelFunc // nil before Start
	closed  bool
	offline bool
	net     context.Context // ends when the operator goes offline
	netEnd  context.CancelFunc
	refused map[string]bool // accounts whose login was refused
	changed chan struct{}   // closed and replaced when offline or refused change
}

// New makes a manager. Nothing is sent before Start, RunOnce or Fetch.
func New(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tick == nil {
		o.Tick = time.After
	}
	o.Overlap = cmpOr(o.Overlap, DefaultOverlap)
	o.Sweep = cmpOr(o.Sweep, DefaultSweep)
	o.Interval = cmpOr(o.Interval, DefaultInterval)
	if o.PageSize <= 0 {
		o.PageSize = DefaultPageSize
	}
	m := &Manager{opt: o, refused: map[string]bool{}, changed: make(chan struct{})}
	m.net, m.netEnd = context.WithCancel(context.Background())
	for _, p := range o.Providers {
		for _, kind := range p.Kinds() {
			m.workers = append(m.workers, newWorker(m, p, kind))
		}
	}
	return m
}

func cmpOr(d, def time.Duration) time.Duration {
	if d <= 0 {
		return def
	}
	return d
}

// Start sets the workers going until ctx ends or Close is called. A second call
// does nothing.
func (m *Manager) Start(ctx context.Context) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cancel != nil || m.closed {
		return
	}
	ctx, m.cancel = context.WithCancel(ctx)
	for _, w := range m.workers {
		m.running.Go(func() { w.run(ctx) })
	}
}

// Close ends the workers, and everything else under way, and waits for them.
func (m *Manager) Close() {
	m.mu.Lock()
	m.closed = true
	if m.cancel != nil {
		m.cancel()
	}
	m.netEnd()
	m.mu.Unlock()
	m.running.Wait()
}

// Refresh syncs an account's kind now; empty means all. An account that was
// stopped because its login was refused is tried again.
func (m *Manager) Refresh(account string, kind providers.Kind) {
	m.admit(account)
	for _, w := range m.workers {
		if (account == "" || w.account == account) && (kind == "" || w.kind == kind) {
			w.wake()
		}
	}
}

// relogger is a system's client that remembers a refused login, so that it does
// not try wrong credentials over and over until the account is locked.
type relogger interface{ Relogin() }

// admit lets an account, or all, be asked again after its login was refused.
func (m *Manager) admit(account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.opt.Providers {
		a := p.Info().Account
		if !m.refused[a] || account != "" && a != account {
			continue
		}
		delete(m.refused, a)
		if r, ok := p.(relogger); ok {
			r.Relogin()
		}
	}
	m.broadcast()
}

// SetOffline stops all traffic at once, or lets it resume.
func (m *Manager) SetOffline(offline bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if offline == m.offline || m.closed {
		return
	}
	m.offline = offline
	if offline {
		m.netEnd()
	} else {
		m.net, m.netEnd = context.WithCancel(context.Background())
	}
	m.broadcast()
}

// Offline reports whether the operator went offline.
func (m *Manager) Offline() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.offline
}

// broadcast wakes those that wait for a change. The lock is held.
func (m *Manager) broadcast() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// RunOnce syncs an account's kind in the foreground: the rest of a first sync,
// a sweep when one is due, else what is new. It returns the first failure, which
// the state holds too.
func (m *Manager) RunOnce(ctx context.Context, account string, kind providers.Kind) error {
	i := slices.IndexFunc(m.workers, func(w *worker) bool { return w.account == account && w.kind == kind })
	if i < 0 {
		if _, err := m.provider(account); err != nil {
			return err
		}
		return fmt.Errorf("%s has no %s", account, kind.Plural())
	}
	ctx, end, err := m.online(ctx)
	if err != nil {
		return err
	}
	defer end()
	m.admit(account)
	return told(ctx, m.workers[i].sync(ctx, false))
}

// told turns a cancelled request into what cancelled it.
func told(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (m *Manager) provider(account string) (providers.Provider, error) {
	for _, p := range m.opt.Providers {
		if p.Info().Account == account {
			return p, nil
		}
	}
	return nil, fmt.Errorf("no account %q is configured", account)
}

// Fetch reads one record and those that belong to it, and keeps them all. A
// record that its system no longer knows is forgotten.
//
// When only the related records fail, the record comes back beside the error.
func (m *Manager) Fetch(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	p, err := m.provider(ref.Account)
	if err != nil {
		return providers.Record{}, err
	}
	ctx, end, err := m.online(ctx)
	if err != nil {
		return providers.Record{}, err
	}
	defer end()
	asked := m.opt.Now()
	rec, err := p.Get(ctx, ref)
	if providers.FaultOf(err) == providers.FaultNotFound {
		return providers.Record{}, errors.Join(err, m.opt.Store.Remove(ref))
	}
	if err != nil {
		return providers.Record{}, told(ctx, err)
	}
	if _, err := m.opt.Store.Put(asked, rec); err != nil {
		return rec, err
	}
	asked = m.opt.Now()
	related, err := p.Related(ctx, ref)
	if err != nil {
		return rec, told(ctx, err)
	}
	_, err = m.opt.Store.Put(asked, related...)
	return rec, err
}

// online binds a context to the network: it ends, with ErrOffline, when the
// operator goes offline. end must be called.
func (m *Manager) online(ctx context.Context) (_ context.Context, end func(), err error) {
	m.mu.Lock()
	net, offline, closed := m.net, m.offline, m.closed
	m.mu.Unlock()
	if closed {
		return nil, nil, errors.New("the sync has ended")
	}
	if offline {
		return nil, nil, ErrOffline
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(net, func() { cancel(ErrOffline) })
	return ctx, func() { stop(); cancel(nil) }, nil
}

// open reports whether an account may be asked, and otherwise what to wait for.
func (m *Manager) open(account string) (wait <-chan struct{}, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.offline || m.refused[account] {
		return m.changed, false
	}
	return nil, true
}

// isRefused reports whether an account's login was refused.
func (m *Manager) isRefused(account string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused[account]
}

// refuse stops an account whose login was refused.
func (m *Manager) refuse(account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[account] = true
}
