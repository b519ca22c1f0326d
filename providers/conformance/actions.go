package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/providers"
)

// actions tests each action that the client lists.
func (s Subject) actions(t *testing.T) {
	b := s.bench(t, setup{})
	seen := map[string]bool{}
	for _, kind := range providers.Kinds() {
		listed := []providers.Record{}
		if slices.Contains(b.Kinds(), kind) {
			listed = b.page(kind, 100, 0)
		}
		for _, a := range b.Actions(kind) {
			if seen[a.ID] {
				t.Errorf("%s is listed twice", a.ID)
			}
			seen[a.ID] = true
			t.Run(a.ID, func(t *testing.T) {
				checkShape(t, a, kind)
				if !t.Failed() {
					s.action(t, a, listed)
				}
			})
		}
	}
	for id := range s.Actions {
		if !seen[id] {
			t.Errorf("%s has a case, but the client has no such action", id)
		}
	}
}

func checkShape(t *testing.T, a providers.Action, kind providers.Kind) {
	t.Helper()
	if a.Kind != kind || !strings.HasPrefix(a.ID, string(kind)+".") || a.Verb() == "" {
		t.Errorf("action %q of kind %q stands among the actions of %s", a.ID, a.Kind, kind)
	}
	if a.Title == "" {
		t.Error("it has no title")
	}
	if a.Eligible == nil || a.Amount == nil || a.Resend == nil {
		t.Fatal("Eligible, Amount or Resend is missing")
	}
	names := map[string]bool{}
	for _, f := range a.Fields {
		if f.Name == "" || f.Title == "" || names[f.Name] {
			t.Errorf("field %q (%q) has no name, no title or comes twice", f.Name, f.Title)
		}
		names[f.Name] = true
		if f.Type == providers.ChoiceField && len(f.Choices) == 0 {
			t.Errorf("field %q is a choice of nothing", f.Name)
		}
	}
	if v := a.Eligible(providers.Record{}, nil); !a.Creates && v.Answer == providers.CanDo {
		t.Error("it can act on a record that does not exist")
	}
	_ = a.Amount(providers.Record{}, nil)
	_ = a.Resend(nil)
}

func (s Subject) action(t *testing.T, a providers.Action, listed []providers.Record) {
	c, known := s.Actions[a.ID]
	checkVerdicts(t, a, c, listed)
	if _, ok := c.choose(a, listed); !ok {
		if known {
			t.Errorf("no record of %d allows it, though it has a case", len(listed))
		}
		return
	}
	if !known {
		t.Errorf("it has no case: add it to Subject.Actions")
		return
	}
	t.Run("applies once", func(t *testing.T) { s.appliesOnce(t, a, c) })
	for _, f := range faults {
		t.Run("under "+f.name, func(t *testing.T) { s.underFault(t, a, c, f) })
	}
	if c.Refused != nil {
		t.Run("the system refuses", func(t *testing.T) { s.systemRefuses(t, a, c, listed) })
	}
}

// checkVerdicts asks for every record: a refusal has a reason, and a status
// that nobody knows offers no money.
func checkVerdicts(t *testing.T, a providers.Action, c Case, listed []providers.Record) {
	t.Helper()
	for _, r := range listed {
		v := a.Eligible(r, c.values(r))
		if v.Answer != providers.CanDo && v.Reason == "" {
			t.Errorf("%s: %s without a reason", r.Ref, v.Answer)
		}
		if a.Creates || !a.Moves || c.AnyStatus {
			continue
		}
		r.Status = providers.Status{Code: "brand_new", Label: "brand_new"}
		if v := a.Eligible(r, c.values(r)); v.Answer == providers.CanDo {
			t.Fatalf("%s can move money in a status that nobody knows", r.Ref)
		}
	}
}

func (c Case) values(r providers.Record) providers.Values {
	if c.Values == nil {
		return nil
	}
	return c.Values(r)
}

// choose finds the record to act on; the zero record for a creation.
func (c Case) choose(a providers.Action, listed []providers.Record) (providers.Record, bool) {
	if a.Creates {
		return providers.Record{}, a.Eligible(providers.Record{}, c.values(providers.Record{})).Answer != providers.CannotDo
	}
	for _, want := range []providers.VerdictAnswer{providers.CanDo, providers.MustAsk} {
		for _, r := range listed {
			if (c.Pick == nil || c.Pick(r)) && a.Eligible(r, c.values(r)).Answer == want {
				return r, true
			}
		}
	}
	return providers.Record{}, false
}

// choose finds the record to act on, reading no more of the list than it must.
func (b *bench) choose(a providers.Action, c Case) providers.Record {
	b.Helper()
	var listed []providers.Record
	q := providers.Query{Kind: a.Kind, Limit: 100}
	for {
		p, err := b.List(b.Context(), q)
		if err != nil {
			b.Fatalf("list of %s: %v", a.Kind.Plural(), err)
		}
		listed = append(listed, p.Records...)
		rec, ok := c.choose(a, listed)
		if ok && (p.Next == "" || a.Eligible(rec, c.values(rec)).Answer == providers.CanDo) {
			return rec
		}
		if p.Next == "" {
			b.Fatal("no record allows it")
		}
		q.Cursor = p.Next
	}
}

// intent prepares the action as the batch engine does: the record is read
// again just before.
func (s Subject) intent(b *bench, a providers.Action, c Case) providers.Intent {
	b.Helper()
	rec := providers.Record{}
	if !a.Creates {
		rec = s.fresh(b, b.choose(a, c))
	}
	return s.intentOn(b, a, rec, c.values(rec))
}

func (s Subject) fresh(b *bench, rec providers.Record) providers.Record {
	b.Helper()
	if slices.Contains(s.NoGet, rec.Ref.Kind) {
		return rec
	}
	got, err := b.Get(b.Context(), rec.Ref)
	if err != nil {
		b.Fatalf("get %s: %v", rec.Ref, err)
	}
	return got
}

func (s Subject) intentOn(b *bench, a providers.Action, rec providers.Record, v providers.Values) providers.Intent {
	b.Helper()
	if errs := a.Check(v); len(errs) > 0 {
		b.Fatalf("the form refuses the case's values: %v", errs)
	}
	in := providers.Intent{
		ID: uuid.NewString(), Action: a.ID, Ref: providers.Ref{Account: s.Account.Name, Kind: a.Kind}, Values: v,
		Amount: a.Amount(rec, v), Key: uuid.NewString(), Sent: b.sim.Clock.Now(),
	}
	if !a.Creates {
		in.Ref, in.Before = rec.Ref, providers.SnapshotOf(rec)
	}
	return in
}
