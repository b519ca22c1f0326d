package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/cache/filter"
	"bursar/providers"
)

// model is what a store should hold, in the plainest way.
type model map[providers.Ref]providers.Record

func (m model) list(q ListQuery) []providers.Record {
	var out []providers.Record
	for _, r := range m {
		linked := func(ref providers.Ref) (kinds []providers.Kind) {
			for _, o := range m {
				for _, l := range o.Links {
					if l.Ref == ref {
						kinds = append(kinds, o.Ref.Kind)
					}
				}
			}
			return kinds
		}
		if r.Ref.Kind == q.Kind && (q.Accounts == nil || slices.Contains(q.Accounts, r.Ref.Account)) && q.Filter.Match(&r, linked) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, newestFirst)
	if q.Sort == Created || q.Sort == "" {
		if q.Ascending {
			n := slices.IndexFunc(out, func(r providers.Record) bool { return r.Created.IsZero() })
			if n < 0 {
				n = len(out)
			}
			slices.Reverse(out[:n])
		}
		return out
	}
	slices.SortStableFunc(out, func(a, b providers.Record) int { return compareBy(q.Sort, q.Ascending, a, b) })
	return out
}

func newestFirst(a, b providers.Record) int {
	if d := b.Created.Compare(a.Created); d != 0 {
		return d
	}
	if d := strings.Compare(a.Ref.Account, b.Ref.Account); d != 0 {
		return d
	}
	return columns.Order(0, a.Ref.ID, 0, b.Ref.ID)
}

// compareBy sorts in the plain way: nothing last, currencies apart.
func compareBy(c Column, ascending bool, a, b providers.Record) int {
	none := func(r providers.Record) bool {
		switch c {
		case Updated:
			return r.Updated.IsZero()
		case Deadline:
			return r.Deadline.IsZero()
		case Amount:
			return r.Amount.IsNone()
		case Remaining:
			return r.Remaining.IsNone()
		case Party:
			return r.Party.Name == ""
		case Number:
			return r.Number == ""
		case Method:
			return r.Method == ""
		}
		return false
	}
	if x, y := none(a), none(b); x || y {
		return cmp.Compare(b2i(x), b2i(y))
	}
	money := func(x, y providers.Money) (group, d int) {
		known := func(m providers.Money) string {
			if m.Known() {
				return m.Currency
			}
			return "\xff"
		}
		return strings.Compare(known(x), known(y)), x.Cmp(y.Decimal)
	}
	number := func(x, y string) int {
		m, ok := wholeNumber([]byte(filter.Fold(x)))
		n, ok2 := wholeNumber([]byte(filter.Fold(y)))
		if ok != ok2 {
			return b2i(ok2) - b2i(ok)
		}
		if d := cmp.Compare(m, n); ok && d != 0 {
			return d
		}
		return strings.Compare(filter.Fold(x), filter.Fold(y))
	}
	group, d := 0, 0
	switch c {
	case Updated:
		d = a.Updated.Compare(b.Updated)
	case Deadline:
		d = a.Deadline.Compare(b.Deadline)
	case Amount:
		group, d = money(a.Amount, b.Amount)
	case Remaining:
		group, d = money(a.Remaining, b.Remaining)
	case Status:
		if d = cmp.Compare(a.Status.Phase, b.Status.Phase); d == 0 {
			d = strings.Compare(filter.Fold(a.Status.Code), filter.Fold(b.Status.Code))
		}
	case Party:
		d = strings.Compare(filter.Fold(a.Party.Name), filter.Fold(b.Party.Name))
	case Account:
		d = strings.Compare(a.Ref.Account, b.Ref.Account)
	case Method:
		d = strings.Compare(filter.Fold(a.Method), filter.Fold(b.Method))
	case Number:
		d = number(a.Number, b.Number)
	default:
		d = number(a.Ref.ID, b.Ref.ID)
	}
	if group != 0 {
		return group
	}
	if !ascending {
		return -d
	}
	return d
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// anyRecord makes a record with a bit of everything; few ids, so that records
// are put again, move and come back.
func anyRecord(r *rand.Rand) providers.Record {
	when := func() time.Time {
		if r.IntN(6) == 0 {
			return time.Time{}
		}
		return noon.Add(time.Duration(r.IntN(40)) * time.Hour)
	}
	money := func() providers.Money {
		return pick(
			r, providers.Money{}, providers.MustMoney("10", "RUB"), providers.MustMoney("10.001", "RUB"), providers.MustMoney("-5.5", "USD"), providers.MustMoney("7", ""),
			providers.MustMoney("1234567890123456789012345678901234567.89", "RUB"), providers.MustMoney("1234567890123456789012345678901234567.88", "RUB"), providers.MustMoney("9.99", "RUB"),
		)
	}
	kind := pick(r, providers.Payment, providers.Payment, providers.Refund)
	rec := providers.Record{
		Ref:    providers.Ref{Account: pick(r, "a", "b", "c"), Kind: kind, ID: pick(r, "", "x", "Ж/") + fmt.Sprint(r.IntN(60))},
		Number: pick(r, "", "12", "7", "A-12", "007", "А-1"), Method: pick(r, "", "sbp", "card"), Note: pick(r, "", "Ромашка", "rose\nred"),
		Status: pick(r, providers.Status{Code: "new", Phase: providers.PhaseNew}, providers.Status{Code: "paid", Phase: providers.PhaseDone}, providers.Status{}),
		Amount: money(), Remaining: money(), Created: when(), Updated: when(), Deadline: when(),
		Party: providers.Party{Name: pick(r, "", "Ёлка", "Ель", "елка", "Acme", "Acme Limited", "Acme Limited Company")},
	}
	if kind == providers.Refund && r.IntN(2) == 0 {
		rec.Links = []providers.Link{{Rel: "payment", Ref: providers.Ref{Account: "a", Kind: providers.Payment, ID: fmt.Sprint(r.IntN(60))}}}
	}
	return rec
}

// TestAListIsWhatAPlainModelSays changes a store with small leaves at random,
// with columns in memory or not, and compares every kind of list with a model:
// in steps, in pieces, and by the place of each record.
func TestAListIsWhatAPlainModelSays(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 12
	}
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 5))
		dir := t.TempDir()
		s := open(t, Options{Dir: dir})
		s.maxLeaf = 8
		m := model{}
		for round := range rounds {
			at := noon.Add(time.Duration(round) * time.Minute)
			recs := make([]providers.Record, r.IntN(40))
			for i := range recs {
				recs[i] = anyRecord(r)
				m[recs[i].Ref] = clean(recs[i])
			}
			put(t, s, at, recs...)
			for ref := range m {
				if r.IntN(12) == 0 {
					delete(m, ref)
					if err := s.Remove(ref); err != nil {
						t.Fatal(err)
					}
				}
			}
			if r.IntN(3) == 0 {
				if err := s.Keep(t.Context(), pick(r, "a", "b", "c"), providers.Payment); err != nil {
					t.Fatal(err)
				}
			}
			if r.IntN(10) == 0 { // bounds, counts and columns come from the disk again
				_ = s.Close()
				s = open(t, Options{Dir: dir})
				s.maxLeaf = 8
			}
			for range 6 {
				q := ListQuery{Kind: providers.Payment, Sort: pick(r, append(Columns(), "", "", "")...), Ascending: r.IntN(2) == 0}
				if r.IntN(3) == 0 {
					q.Accounts = []string{"b", "a"}
				}
				if text := pick(r, "", "", "ромашка", "елка amount>9", "acme -limited", "has:refund", "12", "created>2026-11-22"); text != "" {
					q.Filter = parse(t, text)
				}
				same(t, s, q, m.list(q), r)
			}
		}
		if s.Notice() != "" {
			t.Fatal(s.Notice())
		}
	}
}

func same(t *testing.T, s *Store, q ListQuery, want []providers.Record, r *rand.Rand) {
	t.Helper()
	snap := list(t, s, q)
	if snap.Len() != len(want) {
		t.Fatalf("%+v: %d rows, not %d", q, snap.Len(), len(want))
	}
	var got []Entry
	for from := 0; from < len(want); {
		to := from + 1 + r.IntN(20)
		entries, err := snap.Read(from, to)
		if err != nil {
			t.Fatal(err)
		}
		got, from = append(got, entries...), to
	}
	for i, e := range got {
		if e.Ref != want[i].Ref || e.Note != want[i].Note || !e.Amount.Decimal.Equal(want[i].Amount.Decimal) {
			t.Fatalf("%+v: row %d is %v %v, not %v %v", q, i, e.Ref, e.Amount, want[i].Ref, want[i].Amount)
		}
	}
	if len(want) == 0 {
		return
	}
	i := r.IntN(len(want))
	if at, ok := find(t, snap, want[i].Ref); !ok || at != i {
		t.Fatalf("%+v: %v is found at %d %v, not at %d", q, want[i].Ref, at, ok, i)
	}
	nearest(t, snap, want, i, r)
}

// nearest looks from row i for some of the records, both ways.
func nearest(t *testing.T, snap *Snapshot, want []providers.Record, i int, r *rand.Rand) {
	t.Helper()
	marked := map[int]bool{}
	var refs []providers.Ref
	for range r.IntN(8) {
		j := r.IntN(len(want))
		marked[j], refs = true, append(refs, want[j].Ref)
	}
	for _, step := range []int{-1, 1} {
		near := i + step
		for near >= 0 && near < len(want) && !marked[near] {
			near += step
		}
		at, ok, err := snap.Nearest(i, step, refs)
		if there := near >= 0 && near < len(want); err != nil || ok != there || ok && at != near {
			t.Fatalf("nearest of %v from %d by %d: %d %v %v, not %d", marked, i, step, at, ok, err, near)
		}
	}
}

func TestTheFirstRowsComeFirstAndKeepTheirPlaces(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	s.maxLeaf = 64
	var recs []providers.Record
	for i := range 3000 {
		r := benchRecord(i)
		r.Ref.Account = pick(rand.New(rand.NewPCG(uint64(i), 1)), "a", "b")
		recs = append(recs, r)
	}
	put(t, s, noon, recs...)
	_ = s.Close()
	s = open(t, Options{Dir: dir})
	l := s.Listing(ListQuery{Kind: providers.Payment, Filter: parse(t, "ёжик")})
	part, err := l.Next(t.Context())
	if err != nil || part.Done() || part.Len() < firstRows || part.Len() >= 600 {
		t.Fatal(part.Len(), part.Done(), err)
	}
	whole, err := l.Next(t.Context())
	if err != nil || !whole.Done() || whole.Len() != 600 {
		t.Fatal(whole.Len(), whole.Done(), err)
	}
	for i := range part.Len() {
		if a, b := at(t, part, i), at(t, whole, i); a.Ref != b.Ref {
			t.Fatalf("row %d was %v and is %v", i, a.Ref, b.Ref)
		}
	}
	// All is in memory now: no step is worth a frame of its own.
	if again, err := s.Listing(ListQuery{Kind: providers.Payment, Filter: parse(t, "ёжик")}).Next(t.Context()); err != nil || !again.Done() {
		t.Error(again, err)
	}
}

func TestAListEndsWithItsContext(t *testing.T) {
	s := open(t, Options{})
	put(t, s, noon, benchRecord(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, q := range []ListQuery{{}, {Filter: parse(t, "x")}, {Sort: Party}} {
		q.Kind = providers.Payment
		if _, err := s.List(ctx, q); !errors.Is(err, context.Canceled) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if err := s.Warm(ctx, ListQuery{Kind: providers.Payment}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestSinceNamesWhatChanged(t *testing.T) {
	s := open(t, Options{})
	_, start, all := s.Since(Moment{})
	if all {
		t.Error("nothing was written yet")
	}
	put(t, s, noon, benchRecord(1), benchRecord(2))
	put(t, s, noon.Add(1), benchRecord(1)) // as it was
	if err := s.Remove(benchRecord(2).Ref); err != nil {
		t.Fatal(err)
	}
	refs, now, all := s.Since(start)
	if all || fmt.Sprint(refs) != fmt.Sprint([]providers.Ref{benchRecord(1).Ref, benchRecord(2).Ref, benchRecord(2).Ref}) {
		t.Error(refs, all)
	}
	if refs, _, all := s.Since(now); all || refs != nil {
		t.Error(refs, all)
	}
	var many []providers.Record
	for i := range maxChanges + 10 {
		many = append(many, benchRecord(10+i))
	}
	put(t, s, noon, many...)
	if _, _, all := s.Since(now); !all {
		t.Error("more changed than is remembered")
	}
}

// TestKeptColumnsAreUsedWhileTheyAreTrue keeps columns and changes rows below
// them: only the leaf that changed is made anew.
func TestKeptColumnsAreUsedWhileTheyAreTrue(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir, Key: key})
	s.maxLeaf = 16
	var recs []providers.Record
	for i := range 300 {
		recs = append(recs, benchRecord(i))
	}
	put(t, s, noon, recs...)
	good := func() (n, all int) {
		t.Helper()
		seg, err := s.segment(segOf(recs[0].Ref))
		if err != nil {
			t.Fatal(err)
		}
		err = s.db.View(func(txn *badger.Txn) error {
			for _, l := range seg.leaves {
				version, err := leafVersion(txn, seg.id, l.from)
				if err != nil {
					return err
				}
				b, err := s.kept(txn, seg.id, l.from, version)
				if err != nil {
					return err
				}
				if b != nil {
					n++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n, len(seg.leaves)
	}
	keep := func() {
		t.Helper()
		if err := s.Keep(t.Context(), "shop", providers.Payment); err != nil {
			t.Fatal(err)
		}
	}
	if n, _ := good(); n != 0 {
		t.Error("kept before Keep:", n)
	}
	keep()
	if n, all := good(); n != all || all < 10 {
		t.Errorf("%d of %d are kept", n, all)
	}
	put(t, s, noon.Add(1), recs...) // read again, and as it was
	if n, all := good(); n != all {
		t.Errorf("%d of %d are good after a reading that changed nothing", n, all)
	}
	recs[150].Note = "changed"
	put(t, s, noon.Add(2), recs[150])
	if n, all := good(); n != all-1 {
		t.Errorf("%d of %d are good after one row changed", n, all)
	}
	if keep(); func() bool { n, all := good(); return n != all-1 }() {
		t.Error("one leaf is not worth to be kept anew")
	}
	_ = s.Close()
	s = open(t, Options{Dir: dir, Key: key})
	if got := list(t, s, ListQuery{Filter: parse(t, "changed")}).Len(); got != 1 {
		t.Error("found", got)
	}
}
