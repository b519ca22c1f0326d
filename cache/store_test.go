package cache

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/disk"
	"bursar/cache/filter"
	"bursar/providers"
)

var (
	msk  = time.FixedZone("", 3*60*60)
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

// payment makes a record with something in every field.
func payment(account, id string, created time.Time) providers.Record {
	return providers.Record{
		Ref:       providers.Ref{Account: account, Kind: providers.Payment, ID: id},
		Number:    "A-" + id,
		Status:    providers.Status{Code: "new", Label: "Новый", Phase: providers.PhaseNew},
		Amount:    providers.MustMoney("100.50", "RUB"),
		Remaining: providers.MustMoney("50.25", "RUB"),
		Created:   created,
		Updated:   created.Add(time.Minute),
		Deadline:  created.Add(time.Hour),
		Party:     providers.Party{ID: "7", Name: "ООО Ромашка", Phone: "+79991234567", Email: "a@b.example", Card: "•• 4444"},
		Method:    "sbp",
		Note:      "за хостинг",
		Flags:     []string{"test", "refundable"},
		Links:     []providers.Link{{Rel: "refund", Ref: providers.Ref{Account: account, Kind: providers.Refund, ID: "r" + id}}},
		Details:   []providers.Group{{Title: "Payer", Rows: []providers.Row{{Label: "Name", Value: "Иван", Time: created}}}},
		Raw:       []byte(`{"id":"` + id + `"}`),
	}
}

func bare(account, id string, created time.Time) providers.Record {
	r := payment(account, id, created)
	r.Details, r.Raw = nil, nil
	return r
}

func open(t testing.TB, o Options) *Store {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func put(t testing.TB, s *Store, at time.Time, recs ...providers.Record) int {
	t.Helper()
	n, err := s.Put(at, recs...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func list(t testing.TB, s *Store, q ListQuery) *Snapshot {
	t.Helper()
	if q.Kind == "" {
		q.Kind = providers.Payment
	}
	snap, err := s.List(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func at(t testing.TB, s *Snapshot, i int) Entry {
	t.Helper()
	entries, err := s.Read(i, i+1)
	if err != nil || len(entries) != 1 {
		t.Fatalf("row %d: %d entries, %v", i, len(entries), err)
	}
	return entries[0]
}

func find(t testing.TB, s *Snapshot, ref providers.Ref) (int, bool) {
	t.Helper()
	i, ok, err := s.Find(ref)
	if err != nil {
		t.Error(err)
	}
	return i, ok
}

func ids(s *Snapshot) string {
	out := ""
	for e, err := range s.All() {
		if err != nil {
			return err.Error()
		}
		if out != "" {
			out += " "
		}
		out += e.Ref.ID
	}
	return out
}

func parse(t testing.TB, text string) *filter.Filter {
	t.Helper()
	f, err := filter.Parse(text, noon)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// equal compares records by meaning: 1.0 equals 1.00, a time its instant.
func equal(t *testing.T, got, want providers.Record) {
	t.Helper()
	if !got.Amount.Equal(want.Amount) || !got.Remaining.Equal(want.Remaining) {
		t.Errorf("amounts %v %v, want %v %v", got.Amount, got.Remaining, want.Amount, want.Remaining)
	}
	for _, p := range [][2]time.Time{{got.Created, want.Created}, {got.Updated, want.Updated}, {got.Deadline, want.Deadline}} {
		if !p[0].Equal(p[1]) || p[0].Format(time.RFC3339) != p[1].Format(time.RFC3339) {
			t.Errorf("time %v, want %v", p[0], p[1])
		}
	}
	for _, r := range []*providers.Record{&got, &want} {
		r.Amount, r.Remaining = providers.Money{}, providers.Money{}
		r.Created, r.Updated, r.Deadline = time.Time{}, time.Time{}, time.Time{}
	}
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func TestWhatWasPutComesBackWhole(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := open(t, Options{Dir: dir})
		want := payment("shop", "1", noon.In(msk))
		if n := put(t, s, noon, want); n != 1 {
			t.Fatalf("changed %d", n)
		}
		got, fetched, err := s.Get(want.Ref)
		if err != nil || !fetched.Equal(noon) {
			t.Fatal(fetched, err)
		}
		equal(t, got, want)
		snap := list(t, s, ListQuery{})
		if snap.Len() != 1 || snap.Total() != 1 {
			t.Fatal(snap.Len(), snap.Total())
		}
		e := at(t, snap, 0)
		equal(t, e.Record, bare("shop", "1", noon.In(msk)))
		if !e.Fetched.Equal(noon) {
			t.Error(e.Fetched)
		}
	}
}

func TestAMissIsErrMiss(t *testing.T) {
	s := open(t, Options{})
	if _, _, err := s.Get(providers.Ref{Account: "a", Kind: providers.Payment, ID: "1"}); !errors.Is(err, ErrMiss) {
		t.Fatal(err)
	}
}

func TestPutCountsRealChangesOnly(t *testing.T) {
	s := open(t, Options{})
	r := payment("shop", "1", noon)
	put(t, s, noon, r)
	if n := put(t, s, noon.Add(time.Minute), r); n != 0 {
		t.Errorf("the same record counts as %d changes", n)
	}
	if _, at, _ := s.Get(r.Ref); !at.Equal(noon.Add(time.Minute)) {
		t.Error("its age did not move on:", at)
	}
	if e := at(t, list(t, s, ListQuery{}), 0); !e.Fetched.Equal(noon.Add(time.Minute)) {
		t.Error("the list's age did not move on:", e.Fetched)
	}
	for name, change := range map[string]func(*providers.Record){
		"status": func(r *providers.Record) { r.Status.Code = "paid" },
		"detail": func(r *providers.Record) { r.Details[0].Rows[0].Value = "Пётр" },
		"raw":    func(r *providers.Record) { r.Raw = []byte(`{"id":"2"}`) },
		"link":   func(r *providers.Record) { r.Links = nil },
		"date":   func(r *providers.Record) { r.Created = noon.Add(-time.Hour) },
	} {
		s := open(t, Options{})
		put(t, s, noon, payment("shop", "1", noon))
		r := payment("shop", "1", noon)
		change(&r)
		if n := put(t, s, noon.Add(time.Minute), r, r); n != 1 {
			t.Errorf("%s: %d changes", name, n)
		}
		if l := list(t, s, ListQuery{}).Len(); l != 1 {
			t.Errorf("%s: %d rows", name, l)
		}
		if c := s.State("shop", providers.Payment).Count; c != 1 {
			t.Errorf("%s: count %d", name, c)
		}
	}
}

func TestAnOlderReadingNeverReplacesANewerOne(t *testing.T) {
	s := open(t, Options{})
	fresh, stale := payment("shop", "1", noon), payment("shop", "1", noon)
	fresh.Status.Code = "paid"
	put(t, s, noon.Add(time.Second), fresh)
	if n := put(t, s, noon, stale); n != 0 {
		t.Error("a stale page changed", n)
	}
	if r, _, _ := s.Get(fresh.Ref); r.Status.Code != "paid" {
		t.Error("status is", r.Status.Code)
	}
}

func TestDetailsOutliveALeanList(t *testing.T) {
	rich := payment("shop", "1", noon)
	for _, tc := range []struct {
		name    string
		lean    func(*providers.Record)
		changed int
		keep    bool
	}{
		{"the same row", func(*providers.Record) {}, 0, true},
		{"another status, updated at the same time", func(r *providers.Record) { r.Status.Code = "paid" }, 1, true},
		{"updated since", func(r *providers.Record) { r.Updated = r.Updated.Add(1) }, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := open(t, Options{})
			put(t, s, noon, rich)
			lean := bare("shop", "1", noon)
			tc.lean(&lean)
			if n := put(t, s, noon.Add(time.Minute), lean); n != tc.changed {
				t.Errorf("changed %d, want %d", n, tc.changed)
			}
			got, _, _ := s.Get(rich.Ref)
			if kept := len(got.Details) > 0; kept != tc.keep {
				t.Errorf("details kept: %v", kept)
			}
		})
	}
	t.Run("a system that tells no times, another status", func(t *testing.T) {
		s := open(t, Options{})
		r := rich
		r.Updated = time.Time{}
		put(t, s, noon, r)
		r.Details, r.Raw, r.Status.Code = nil, nil, "paid"
		put(t, s, noon, r)
		if got, _, _ := s.Get(r.Ref); got.Details != nil {
			t.Error("details of the old status were kept")
		}
	})
}

func TestLinks(t *testing.T) {
	s := open(t, Options{})
	pay := bare("shop", "1/с косой%", noon)
	receipt := bare("hosting", "r/1", noon)
	receipt.Ref.Kind = providers.Receipt
	receipt.Links = []providers.Link{{Rel: "payment", Ref: pay.Ref}}
	pay.Links = nil
	put(t, s, noon, pay, receipt)
	from := func() string {
		refs, err := s.LinkedFrom(pay.Ref)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(refs)
	}
	if got := from(); got != "["+receipt.Ref.String()+"]" {
		t.Error("linked from", got)
	}
	for text, want := range map[string]int{"has:receipt": 1, "-has:receipt": 0, "has:refund": 0, "has:receipt,refund": 1} {
		if got := list(t, s, ListQuery{Filter: parse(t, text)}).Len(); got != want {
			t.Errorf("%s: %d rows, want %d", text, got, want)
		}
	}
	receipt.Links = nil
	put(t, s, noon.Add(1), receipt)
	if got := from(); got != "[]" {
		t.Error("a link that went is still there:", got)
	}
	receipt.Links = []providers.Link{{Rel: "payment", Ref: pay.Ref}}
	put(t, s, noon.Add(2), receipt)
	if err := s.Remove(receipt.Ref); err != nil {
		t.Fatal(err)
	}
	if got := from(); got != "[]" {
		t.Error("a removed record still links:", got)
	}
}

func TestRemove(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	put(t, s, noon, payment("shop", "1", noon), payment("shop", "2", noon.Add(1)), payment("shop", "3", noon.Add(2)))
	before := list(t, s, ListQuery{})
	gone := payment("shop", "2", noon).Ref
	if err := s.Remove(gone, providers.Ref{Account: "shop", Kind: providers.Payment, ID: "none"}); err != nil {
		t.Fatal(err)
	}
	if got := ids(list(t, s, ListQuery{})); got != "3 1" {
		t.Error(got)
	}
	// A snapshot made earlier shows what is left, at the same number of places.
	if ids(before) != "3 1" || before.Len() != 3 {
		t.Error("an earlier snapshot:", ids(before))
	}
	if _, _, err := s.Get(gone); !errors.Is(err, ErrMiss) {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Dir: dir})
	if n := s.State("shop", providers.Payment).Count; n != 2 {
		t.Error("count after reopening", n)
	}
	if got := ids(list(t, s, ListQuery{})); got != "3 1" {
		t.Error("after reopening:", got)
	}
}

// TestTheOrderIsTheSameInMemoryAndOnDisk puts, changes and removes at random
// and compares with a store that reads everything anew.
func TestTheOrderIsTheSameInMemoryAndOnDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	seed := uint64(42)
	next := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed>>33) % n
	}
	for round := range 30 {
		var recs []providers.Record
		for range 1 + next(40) {
			created := noon.Add(time.Duration(next(50)) * time.Minute)
			if next(10) == 0 {
				created = time.Time{}
			}
			r := bare("shop", fmt.Sprint(next(300)), created)
			r.Note = fmt.Sprint(next(5))
			recs = append(recs, r)
		}
		put(t, s, noon.Add(time.Duration(round)), recs...)
		if next(3) == 0 {
			if err := s.Remove(recs[0].Ref); err != nil {
				t.Fatal(err)
			}
		}
		if next(2) == 0 {
			list(t, s, ListQuery{})
		}
	}
	want := ids(list(t, s, ListQuery{}))
	count := s.State("shop", providers.Payment).Count
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Dir: dir})
	snap := list(t, s, ListQuery{})
	if got := ids(snap); got != want {
		t.Errorf("on disk:\n%s\nin memory:\n%s", got, want)
	}
	if snap.Len() != count {
		t.Errorf("count %d, rows %d", count, snap.Len())
	}
	for i := range snap.Len() {
		if j, ok := find(t, snap, at(t, snap, i).Ref); !ok || i != j {
			t.Fatalf("row %d is found at %d %v", i, j, ok)
		}
	}
	if _, ok := find(t, snap, providers.Ref{Account: "other", Kind: providers.Payment, ID: "1"}); ok {
		t.Error("a record of another account is found")
	}
}

func TestOrders(t *testing.T) {
	s := open(t, Options{})
	mk := func(account, id string, created int, amount, currency, party string) providers.Record {
		r := providers.Record{Ref: providers.Ref{Account: account, Kind: providers.Payment, ID: id}, Party: providers.Party{Name: party}}
		if created > 0 {
			r.Created = noon.Add(time.Duration(created) * time.Hour)
		}
		if amount != "" {
			r.Amount = providers.MustMoney(amount, currency)
		}
		return r
	}
	put(
		t, s, noon,
		mk("a", "1", 5, "10", "RUB", "Ёлка"), mk("a", "2", 3, "9.5", "RUB", "жук"), mk("a", "10", 0, "", "", ""),
		mk("b", "3", 4, "700", "EUR", "Ель"), mk("b", "4", 3, "8", "", "АО"), mk("b", "5", 0, "100", "RUB", "Яма"),
	)
	for _, tc := range []struct {
		q    ListQuery
		want string
	}{
		{ListQuery{}, "1 3 2 4 10 5"},
		{ListQuery{Ascending: true}, "4 2 3 1 10 5"},
		{ListQuery{Accounts: []string{"b"}}, "3 4 5"},
		{ListQuery{Accounts: []string{}}, ""},
		{ListQuery{Sort: Amount}, "3 5 1 2 4 10"},
		{ListQuery{Sort: Amount, Ascending: true}, "3 2 1 5 4 10"},
		{ListQuery{Sort: Party, Ascending: true}, "4 1 3 2 5 10"},
		{ListQuery{Sort: ID, Ascending: true}, "1 2 3 4 5 10"},
		{ListQuery{Sort: Account}, "3 4 5 1 2 10"},
		{ListQuery{Filter: parse(t, "amount>9"), Sort: Amount}, "3 5 1 2"},
	} {
		if got := ids(list(t, s, tc.q)); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.q, got, tc.want)
		}
	}
}

func TestTheRecordsOfOneMomentHaveTheHighestNumberFirst(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	for _, id := range []string{"9", "b", "10", "a", "100", "011"} {
		put(t, s, noon, providers.Record{Ref: providers.Ref{Account: "a", Kind: providers.Payment, ID: id}, Created: noon})
	}
	const want = "100 10 9 011 a b"
	if got := ids(list(t, s, ListQuery{})); got != want {
		t.Errorf("in memory %s, want %s", got, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ids(list(t, open(t, Options{Dir: dir}), ListQuery{})); got != want {
		t.Errorf("from disk %s, want %s", got, want)
	}
}

func TestSubscribe(t *testing.T) {
	s := open(t, Options{})
	var got []Change
	stop := s.Subscribe(func(c Change) { got = append(got, c) })
	put(t, s, noon, payment("a", "1", noon), payment("a", "2", noon), payment("b", "1", noon))
	if len(got) != 2 {
		t.Error("one page told", got)
	}
	got = nil
	if err := s.SetState(SyncState{Account: "a", Kind: providers.Payment, Running: true}); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
	stop()
	got = nil
	put(t, s, noon, payment("a", "3", noon))
	if got != nil {
		t.Error("told after stop")
	}
}

func TestStatesAreKeptButNotThatASyncRuns(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	put(t, s, noon, payment("a", "1", noon))
	want := SyncState{Account: "a", Kind: providers.Payment, Cursor: "c2", Started: noon, Mark: noon, Running: true, Err: "no answer", ErrAt: noon, Count: 1}
	if err := s.SetState(want); err != nil {
		t.Fatal(err)
	}
	if got := s.State("a", providers.Payment); got != want {
		t.Errorf("%+v", got)
	}
	_ = s.Close()
	s = open(t, Options{Dir: dir})
	want.Running = false
	got := s.States()
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	s := open(t, Options{})
	put(t, s, noon, payment("a", "1", noon))
	snap := list(t, s, ListQuery{})
	_ = s.Close()
	if err := s.Close(); err != nil {
		t.Error("a second close:", err)
	}
	if _, err := s.Put(noon, payment("a", "1", noon)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if _, err := snap.Read(0, 1); !errors.Is(err, ErrClosed) || snap.Len() != 1 {
		t.Error(err)
	}
}

func TestAStoreOfAnEarlierVersionIsFilledAnew(t *testing.T) {
	dir := t.TempDir()
	db, release, err := disk.Open(disk.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(txn *badger.Txn) error {
		return errors.Join(txn.Set([]byte("v2/"), []byte(`[{"Account":"shop","Kind":"payment"}]`)), txn.Set([]byte("v2/payment/shop/n"), []byte{1}))
	})
	if err := errors.Join(err, release()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := open(t, Options{Dir: dir})
		if s.Notice() != "" || len(s.States()) > 1 {
			t.Error(s.Notice(), s.States())
		}
		put(t, s, noon, payment("shop", "1", noon))
		if got := ids(list(t, s, ListQuery{})); got != "1" {
			t.Error(got)
		}
		_ = s.Close()
	}
}
