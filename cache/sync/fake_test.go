package sync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	gosync "sync"
	"testing"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// fake is a payment system in memory. Pages are counted from the newest.
type fake struct {
	account string
	kinds   []providers.Kind
	page    int

	mu      gosync.Mutex
	recs    map[providers.Ref]providers.Record
	hidden  map[string]bool // no list shows them
	calls   []string        // "list CURSOR", "get ID"
	faults  []error         // for the next lists, nil: none
	hang    chan struct{}   // lists wait for it, or for their context
	related []providers.Record
	getErr  error // what every Get answers
	onList  func(cursor string)
	unread  []error // of every page
}

func newFake(account string, kinds ...providers.Kind) *fake {
	return &fake{account: account, kinds: kinds, page: 10, recs: map[providers.Ref]providers.Record{}, hidden: map[string]bool{}}
}

func (f *fake) Info() providers.Info    { return providers.Info{Account: f.account, System: "fake"} }
func (f *fake) Kinds() []providers.Kind { return f.kinds }

func (f *fake) add(recs ...providers.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range recs {
		f.recs[r.Ref] = r
	}
}

func (f *fake) drop(ref providers.Ref) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.recs, ref)
}

func (f *fake) fail(errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, errs...)
}

// mend takes back the faults that did not come up.
func (f *fake) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// Relogin is what a client does that remembers a refused login.
func (f *fake) Relogin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "relogin")
}

// took returns the calls since the last time it was asked.
func (f *fake) took() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := fmt.Sprint(f.calls)
	f.calls = nil
	return out
}

func (f *fake) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	f.mu.Lock()
	f.calls = append(f.calls, "list "+q.Cursor)
	hang, onList := f.hang, f.onList
	var fault error
	if len(f.faults) > 0 {
		fault, f.faults = f.faults[0], f.faults[1:]
	}
	f.mu.Unlock()
	if onList != nil {
		onList(q.Cursor)
	}
	if hang != nil {
		select {
		case <-hang:
		case <-ctx.Done():
			return providers.Page{}, &providers.Error{Account: f.account, Fault: providers.FaultOffline, Err: ctx.Err()}
		}
	}
	if fault != nil {
		return providers.Page{}, fault
	}
	from := 0
	if q.Cursor != "" {
		from, _ = strconv.Atoi(q.Cursor)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []providers.Record
	for ref, r := range f.recs {
		if ref.Kind == q.Kind && !f.hidden[ref.ID] {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b providers.Record) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return cmp.Compare(a.Ref.ID, b.Ref.ID)
	})
	to := min(from+f.page, len(all))
	page := providers.Page{Records: slices.Clone(all[min(from, to):to]), Total: len(all), Unread: f.unread}
	if to < len(all) {
		page.Next = strconv.Itoa(to)
	}
	return page, nil
}

func (f *fake) Get(_ context.Context, ref providers.Ref) (providers.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "get "+ref.ID)
	if f.getErr != nil {
		return providers.Record{}, f.getErr
	}
	r, ok := f.recs[ref]
	if !ok {
		return r, &providers.Error{Account: f.account, Op: "get", Fault: providers.FaultNotFound}
	}
	return r, nil
}

func (f *fake) Related(context.Context, providers.Ref) ([]providers.Record, error) {
	return f.related, nil
}
func (f *fake) Actions(providers.Kind) []providers.Action { return nil }
func (f *fake) Act(context.Context, providers.Intent) (providers.Result, error) {
	panic("a sync never acts")
}

func (f *fake) ReadBack(context.Context, providers.Intent) (providers.Finding, error) {
	panic("a sync never acts")
}

func rec(account string, n int, created time.Time) providers.Record {
	return providers.Record{
		Ref:     providers.Ref{Account: account, Kind: providers.Payment, ID: fmt.Sprintf("%04d", n)},
		Status:  providers.Status{Code: "new"},
		Created: created, Updated: created,
	}
}

// fill adds n payments, a minute apart, the newest now.
func (f *fake) fill(n int, now time.Time) {
	for i := range n {
		f.add(rec(f.account, i, now.Add(-time.Duration(n-1-i)*time.Minute)))
	}
}

func store(t *testing.T) *cache.Store {
	t.Helper()
	s, err := cache.Open(cache.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func rows(t *testing.T, s *cache.Store) int {
	t.Helper()
	snap, err := s.List(context.Background(), cache.ListQuery{Kind: providers.Payment})
	if err != nil {
		t.Fatal(err)
	}
	return snap.Len()
}
