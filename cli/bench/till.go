package bench

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/time/rate"

	"bursar/batch"
	"bursar/providers"
)

// till is a payment system in memory: payments to be credited, each request of
// which takes a while. It is all accounts at once.
type till struct {
	takes   time.Duration // of a changing request
	limit   *rate.Limiter // nil: none
	workers int

	mu       sync.Mutex
	records  map[providers.Ref]providers.Record
	requests int
	first    time.Time // request
	last     time.Time
}

const tillAccount = "till"

// newTill holds n new payments.
func newTill(n, workers int, takes time.Duration) *till {
	t := &till{takes: takes, workers: workers, records: map[providers.Ref]providers.Record{}}
	for i := range n {
		rec := payment(i)
		t.records[rec.Ref] = rec
	}
	return t
}

var firstPayment = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func payment(i int) providers.Record {
	amount := providers.Money{Decimal: decimal.NewFromInt(int64(100 + i%1000)), Currency: "RUB"}
	at := firstPayment.Add(time.Duration(i) * time.Minute)
	return providers.Record{
		Ref:    providers.Ref{Account: tillAccount, Kind: providers.Payment, ID: strconv.Itoa(i + 1)},
		Status: providers.Status{Code: "new", Label: "New", Phase: providers.PhaseNew},
		Amount: amount, Created: at, Updated: at, Party: providers.Party{Name: fmt.Sprintf("payer %d", i%97)},
	}
}

// all lists the payments in the order of their making.
func (t *till) all() []providers.Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]providers.Record, 0, len(t.records))
	for i := range len(t.records) {
		out = append(out, t.records[payment(i).Ref])
	}
	return out
}

// Provider and All make it a batch.Accounts.
func (t *till) Provider(account string) (providers.Provider, bool) { return t, account == tillAccount }

// All is the one account.
func (t *till) All() []providers.Provider { return []providers.Provider{t} }

var (
	_ batch.Accounts     = (*till)(nil)
	_ providers.Provider = (*till)(nil)
)

// Info says that nothing here is real.
func (t *till) Info() providers.Info {
	return providers.Info{Account: tillAccount, System: "till", Title: "Till", Host: "localhost", Sandbox: true, Workers: t.workers}
}

// Kinds are payments only.
func (t *till) Kinds() []providers.Kind { return []providers.Kind{providers.Payment} }

// List gives all payments as one page.
func (t *till) List(context.Context, providers.Query) (providers.Page, error) {
	all := t.all()
	return providers.Page{Records: all, Total: len(all)}, nil
}

// Get reads a payment.
func (t *till) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	if err := t.admit(ctx); err != nil {
		return providers.Record{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	rec, ok := t.records[ref]
	if !ok {
		return rec, &providers.Error{Fault: providers.FaultNotFound, Message: "no such payment"}
	}
	return rec, nil
}

// admit keeps to the rate limit and counts.
func (t *till) admit(ctx context.Context) error {
	if t.limit != nil {
		if err := t.limit.Wait(ctx); err != nil {
			return &providers.Error{Fault: providers.FaultOffline, Message: err.Error()}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	t.last = time.Now()
	if t.first.IsZero() {
		t.first = t.last
	}
	return nil
}

// pace is how many requests came a second, from the first to the last.
func (t *till) pace() float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return float64(t.requests-1) / t.last.Sub(t.first).Seconds()
}

// Related is nothing.
func (t *till) Related(context.Context, providers.Ref) ([]providers.Record, error) { return nil, nil }

const credit = "payment.credit"

// Actions is crediting a new payment.
func (t *till) Actions(kind providers.Kind) []providers.Action {
	if kind != providers.Payment {
		return nil
	}
	return []providers.Action{{
		ID: credit, Title: "Credit", Kind: providers.Payment, Moves: true, Irreversible: true,
		Eligible: func(r providers.Record, _ providers.Values) providers.Verdict {
			if r.Status.Phase != providers.PhaseNew {
				return providers.Cannot("it is credited already")
			}
			return providers.Can()
		},
		Amount: func(r providers.Record, _ providers.Values) providers.Money { return r.Amount },
		Resend: func(providers.Values) providers.Resend { return providers.SameKey },
	}}
}

// Act credits.
func (t *till) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	if err := t.admit(ctx); err != nil {
		return providers.Result{}, err
	}
	if t.takes > 0 {
		if err := sleep(ctx, t.takes); err != nil {
			return providers.Result{}, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	rec := t.records[in.Ref]
	rec.Status = providers.Status{Code: "credited", Label: "Credited", Phase: providers.PhaseDone}
	t.records[in.Ref] = rec
	return providers.Result{Outcome: providers.Applied, Ref: in.Ref, After: &rec}, nil
}

// ReadBack is never needed: every request is answered.
func (t *till) ReadBack(context.Context, providers.Intent) (providers.Finding, error) {
	return providers.Finding{}, nil
}

// book is a journal in memory: what a batch costs without a durable one.
type book struct {
	mu     sync.Mutex
	events []batch.Event
}

// Append keeps the events.
func (b *book) Append(events ...batch.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, events...)
	return nil
}

// AppendLater keeps the events.
func (b *book) AppendLater(events ...batch.Event) error { return b.Append(events...) }

// Batches gives the last event of each batch.
func (b *book) Batches() ([]batch.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := map[string]batch.Event{}
	for _, ev := range b.events {
		last[ev.Batch] = ev
	}
	out := make([]batch.Event, 0, len(last))
	for _, ev := range last {
		out = append(out, ev)
	}
	return out, nil
}

// Events gives the events of one batch.
func (b *book) Events(id string, fn func(batch.Event) error) error {
	b.mu.Lock()
	all := b.events[:len(b.events):len(b.events)]
	b.mu.Unlock()
	for _, ev := range all {
		if ev.Batch == id {
			if err := fn(ev); err != nil {
				return err
			}
		}
	}
	return nil
}
