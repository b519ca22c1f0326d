package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"bursar/providers"
)

// sample is how many records of a kind the slower checks look at.
const sample = 60

func isError(err error) bool {
	var e *providers.Error
	return errors.As(err, &e)
}

// spell is everything that an error says, its causes too.
func spell(err error) string {
	text := err.Error()
	for err != nil {
		text += fmt.Sprintf(" %v %+v", err, err)
		err = errors.Unwrap(err)
	}
	return text
}

func (s Subject) lists(t *testing.T) {
	b := s.bench(t, setup{})
	if len(b.Kinds()) == 0 {
		t.Fatal("the client has no kinds")
	}
	for _, kind := range b.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			b := &bench{TB: t, Provider: b.Provider, sim: b.sim, secret: b.secret}
			whole := b.page(kind, 100, 0)
			s.wholeAndInOrder(t, kind, whole)
			for _, r := range whole {
				checkRecord(t, s.Account.Name, kind, r)
			}
			small := b.page(kind, 7, sample)
			for i := range min(len(small), len(whole)) {
				if small[i].Ref != whole[i].Ref {
					t.Fatalf("page by page of 7, record %d is %s, of 100 it is %s", i, small[i].Ref, whole[i].Ref)
				}
			}
			if len(small) < min(sample, len(whole)) {
				t.Errorf("small pages bring %d records, large ones %d", len(small), len(whole))
			}
		})
	}
	for _, kind := range providers.Kinds() {
		if slices.Contains(b.Kinds(), kind) {
			continue
		}
		if _, err := b.List(t.Context(), providers.Query{Kind: kind}); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("list of %s, a kind that the system does not have: %v", kind.Plural(), err)
		}
	}
	if got := len(b.sim.Gate.Ledger()); got != 0 {
		t.Errorf("reading changed something: %s", b.sim.Gate.Ledger())
	}
	b.together()
}

// together reads all kinds at once, for the race detector.
func (b *bench) together() {
	var wg sync.WaitGroup
	for _, kind := range b.Kinds() {
		wg.Go(func() {
			_, err := b.List(b.Context(), providers.Query{Kind: kind, Limit: 5})
			if err != nil {
				b.Errorf("list of %s beside others: %v", kind.Plural(), err)
			}
		})
	}
	wg.Wait()
}

func (s Subject) wholeAndInOrder(t *testing.T, kind providers.Kind, whole []providers.Record) {
	t.Helper()
	if len(whole) == 0 {
		t.Errorf("the simulator has no %s", kind.Plural())
	}
	seen := map[providers.Ref]bool{}
	for i, r := range whole {
		if seen[r.Ref] {
			t.Errorf("%s comes twice", r.Ref)
		}
		seen[r.Ref] = true
		if i > 0 && !slices.Contains(s.Unordered, kind) && r.Created.After(whole[i-1].Created) {
			t.Errorf("%s of %v comes after %s of %v", r.Ref, r.Created, whole[i-1].Ref, whole[i-1].Created)
		}
	}
}

// checkRecord checks what holds for every record of every system.
func checkRecord(t *testing.T, account string, kind providers.Kind, r providers.Record) {
	t.Helper()
	if r.Ref.Account != account || r.Ref.Kind != kind || r.Ref.ID == "" {
		t.Errorf("%s: the ref of a %s of account %s", r.Ref, kind, account)
	}
	if (r.Status.Code == "") != (r.Status.Label == "") {
		t.Errorf("%s: status code %q without label, or label %q without code", r.Ref, r.Status.Code, r.Status.Label)
	}
	if !json.Valid(r.Raw) {
		t.Errorf("%s: Raw is no JSON: %.80q", r.Ref, r.Raw)
	}
	for _, l := range r.Links {
		if l.Rel == "" || l.Ref.Account == "" || l.Ref.Kind == "" || l.Ref.ID == "" {
			t.Errorf("%s: link %+v leads nowhere", r.Ref, l)
		}
	}
	for _, g := range r.Details {
		if g.Title == "" {
			t.Errorf("%s: a group of details has no title: %+v", r.Ref, g)
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("%s: %v", r.Ref, err)
	}
	if providers.HasCard(string(text)) {
		t.Errorf("%s holds a card number: %s", r.Ref, text)
	}
}

// records reads single records and compares them with the list.
func (s Subject) records(t *testing.T) {
	b := s.bench(t, setup{})
	for _, kind := range b.Kinds() {
		listed := b.page(kind, 50, sample)
		if slices.Contains(s.NoGet, kind) {
			continue
		}
		for i := 0; i < len(listed); i += 1 + len(listed)/12 {
			want := listed[i]
			got, err := b.Get(t.Context(), want.Ref)
			if err != nil {
				t.Errorf("get %s: %v", want.Ref, err)
				continue
			}
			checkRecord(t, s.Account.Name, kind, got)
			if got.Ref != want.Ref || got.Status != want.Status || !got.Amount.Equal(want.Amount) || !got.Created.Equal(want.Created) {
				t.Errorf("%s: the list says %+v %v %v, get says %+v %v %v", want.Ref, want.Status, want.Amount, want.Created, got.Status, got.Amount, got.Created)
			}
			seen, err := providers.Glance(t.Context(), b.Provider, want.Ref)
			if err != nil || !providers.SnapshotOf(seen).Same(providers.SnapshotOf(got)) || seen.Ref != got.Ref {
				t.Errorf("%s: get says %+v, a glance %+v, %v", want.Ref, providers.SnapshotOf(got), providers.SnapshotOf(seen), err)
			}
			related, err := b.Related(t.Context(), want.Ref)
			if err != nil {
				t.Errorf("related of %s: %v", want.Ref, err)
			}
			for _, r := range related {
				checkRecord(t, s.Account.Name, r.Ref.Kind, r)
			}
		}
		s.unknownRecord(b, kind)
	}
	if _, err := b.Get(t.Context(), providers.Ref{Account: s.Account.Name, Kind: "nonsense", ID: "1"}); providers.FaultOf(err) != providers.FaultInput {
		t.Errorf("get of a kind that does not exist: %v", err)
	}
}

func (s Subject) unknownRecord(b *bench, kind providers.Kind) {
	id := "999999999"
	if s.UnknownID != nil {
		id = s.UnknownID(kind)
	}
	ref := providers.Ref{Account: s.Account.Name, Kind: kind, ID: id}
	_, err := b.Get(b.Context(), ref)
	if _, glanced := providers.Glance(b.Context(), b.Provider, ref); providers.FaultOf(glanced) != providers.FaultOf(err) {
		b.Errorf("a glance at %s: %v, get says %v", ref, glanced, err)
	}
	b.check(err)
	if providers.FaultOf(err) != providers.FaultNotFound {
		b.Errorf("get %s, which does not exist: %v", ref, err)
	}
}
