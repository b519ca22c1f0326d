// Package tuitest lets the real screen run in a test: payment systems in
// memory behind the real cache, sync and batch engine, a driver that presses
// keys and waits for what they bring, and golden frames.
package tuitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"bursar/providers"
)

// Provider is one payment system in memory.
type Provider struct {
	info    providers.Info
	kinds   []providers.Kind
	actions []providers.Action
	now     func() time.Time

	mu    sync.Mutex
	recs  map[providers.Ref]providers.Record
	acts  []providers.Intent
	hook  func(providers.Intent) error // answers instead of the system
	fail  error                        // answers every reading
	gate  chan struct{}                // holds every act until it is closed
	made  int
	found map[string]providers.Finding // by intent id: what a read-back finds
	// order are the records of a kind, newest first, as they were when a list was
	// last begun.
	order map[providers.Kind][]providers.Ref
}

// NewProvider is a system without records.
func NewProvider(info providers.Info, now func() time.Time, kinds []providers.Kind, actions ...providers.Action) *Provider {
	return &Provider{info: info, kinds: kinds, actions: actions, now: now, recs: map[providers.Ref]providers.Record{}, found: map[string]providers.Finding{}, order: map[providers.Kind][]providers.Ref{}}
}

// Put adds records, or replaces those that are there.
func (p *Provider) Put(recs ...providers.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range recs {
		p.recs[r.Ref] = r
	}
}

// Drop forgets records.
func (p *Provider) Drop(refs ...providers.Ref) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, ref := range refs {
		delete(p.recs, ref)
	}
}

// Acts are the intents that were sent, in order.
func (p *Provider) Acts() []providers.Intent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.acts)
}

// Forget clears what Acts lists.
func (p *Provider) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acts = nil
}

// Hook answers every act from now on; a nil error lets the system do it.
func (p *Provider) Hook(fn func(providers.Intent) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hook = fn
}

// Fail makes every reading fail; nil ends that.
func (p *Provider) Fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

// Hold stops every act until the returned function is called.
func (p *Provider) Hold() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gate := make(chan struct{})
	p.gate = gate
	return sync.OnceFunc(func() {
		p.mu.Lock()
		p.gate = nil
		p.mu.Unlock()
		close(gate)
	})
}

// Info says whose door this is.
func (p *Provider) Info() providers.Info { return p.info }

// Kinds lists what can be read.
func (p *Provider) Kinds() []providers.Kind { return p.kinds }

// Actions lists what can be done to a kind.
func (p *Provider) Actions(kind providers.Kind) []providers.Action {
	var out []providers.Action
	for _, a := range p.actions {
		if a.Kind == kind {
			out = append(out, a)
		}
	}
	return out
}

// List gives the kind page by page, newest first, without details.
func (p *Provider) List(_ context.Context, q providers.Query) (providers.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return providers.Page{}, p.fail
	}
	from := 0
	if q.Cursor != "" {
		from, _ = strconv.Atoi(q.Cursor)
	} else {
		p.order[q.Kind] = p.sorted(q.Kind)
	}
	all := p.order[q.Kind]
	page := providers.Page{Total: len(all)}
	for i := from; i < len(all); i++ {
		if q.Limit > 0 && i == from+q.Limit {
			page.Next = strconv.Itoa(i)
			break
		}
		if r, ok := p.recs[all[i]]; ok {
			r.Details, r.Raw = nil, nil
			page.Records = append(page.Records, r)
		}
	}
	return page, nil
}

func (p *Provider) sorted(kind providers.Kind) []providers.Ref {
	var out []providers.Ref
	for ref := range p.recs {
		if ref.Kind == kind {
			out = append(out, ref)
		}
	}
	slices.SortFunc(out, func(a, b providers.Ref) int {
		return cmp.Or(p.recs[b].Created.Compare(p.recs[a].Created), strings.Compare(a.ID, b.ID))
	})
	return out
}

// Get gives one record with its details.
func (p *Provider) Get(_ context.Context, ref providers.Ref) (providers.Record, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return providers.Record{}, p.fail
	}
	r, ok := p.recs[ref]
	if !ok {
		return providers.Record{}, &providers.Error{Account: p.info.Account, Op: "get", Fault: providers.FaultNotFound, Message: "no such record"}
	}
	return r, nil
}

// Related gives the linked records of this account.
func (p *Provider) Related(ctx context.Context, ref providers.Ref) ([]providers.Record, error) {
	r, err := p.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []providers.Record
	for _, l := range r.Links {
		if linked, err := p.Get(ctx, l.Ref); err == nil {
			out = append(out, linked)
		}
	}
	return out, nil
}

// Act does what the intent says, unless the hook answers.
func (p *Provider) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	p.mu.Lock()
	gate, hook := p.gate, p.hook
	p.acts = append(p.acts, in)
	p.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return providers.Result{}, &providers.Error{Account: p.info.Account, Op: in.Action, Fault: providers.FaultTimeout, Message: "no answer"}
		}
	}
	if hook != nil {
		if err := hook(in); err != nil {
			return providers.Result{}, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.apply(in), nil
}

func (p *Provider) apply(in providers.Intent) providers.Result {
	out := providers.Result{Outcome: providers.Applied, Ref: in.Ref}
	if in.Ref.ID == "" {
		p.made++
		out.Ref.ID = fmt.Sprintf("made-%d", p.made)
		r := providers.Record{Ref: out.Ref, Number: out.Ref.ID, Amount: in.Amount, Created: p.now(), Updated: p.now(), Status: Waiting}
		p.recs[r.Ref] = r
		out.After = &r
		return out
	}
	r := p.recs[in.Ref]
	r.Updated = p.now()
	switch in.Action {
	case "payment.credit", "payment.capture":
		r.Status, r.Remaining = Done, r.Amount
	case "payment.refund":
		r.Remaining = r.Remaining.Minus(in.Amount)
		if r.Remaining.IsZero() {
			r.Status = Returned
		}
	case "payment.cancel":
		r.Status = Cancelled
	case "payment.delete":
		delete(p.recs, in.Ref)
		return out
	case "payout.repeat":
		r.Status = Waiting
	}
	p.recs[in.Ref] = r
	out.After = &r
	return out
}

// Finds sets what the read-back of an intent finds; Unknown unless told.
func (p *Provider) Finds(intent string, f providers.Finding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found[intent] = f
}

// ReadBack gives what was set, or else cannot tell.
func (p *Provider) ReadBack(_ context.Context, in providers.Intent) (providers.Finding, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f, ok := p.found[in.ID]; ok {
		return f, nil
	}
	return providers.Finding{Outcome: providers.Unknown, Note: "the history does not tell"}, nil
}
