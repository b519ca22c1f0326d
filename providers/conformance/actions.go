package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/providers"
	"bursar/providers/sandbox/gate"
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

// intent prepares the action as the batch engine does: the record is read
// again just before.
func (s Subject) intent(b *bench, a providers.Action, c Case) providers.Intent {
	b.Helper()
	rec := providers.Record{}
	if !a.Creates {
		var ok bool
		if rec, ok = c.choose(a, b.page(a.Kind, 100, 0)); !ok {
			b.Fatal("no record allows it")
		}
		rec = s.fresh(b, rec)
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

// ledger is the changes made so far.
func (b *bench) ledger() []gate.Entry {
	b.Helper()
	var out []gate.Entry
	for line := range bytes.Lines(b.sim.Gate.Ledger()) {
		var e gate.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			b.Fatalf("ledger line %q: %v", line, err)
		}
		out = append(out, e)
	}
	return out
}

func (b *bench) wantLedger(c Case, n int) {
	b.Helper()
	got := b.ledger()
	if c.NoLedger {
		n = 0
	}
	if len(got) != n {
		b.Errorf("the ledger has %d changes, want %d: %s", len(got), n, b.sim.Gate.Ledger())
	}
	for _, e := range got {
		if c.Call != "" && e.Call != c.Call {
			b.Errorf("the ledger says %q, want %q", e.Call, c.Call)
		}
	}
}

func (s Subject) appliesOnce(t *testing.T, a providers.Action, c Case) {
	b := s.bench(t, setup{})
	in := s.intent(b, a, c)
	res, err := b.act(in, "")
	if err != nil || res.Outcome != providers.Applied {
		t.Fatalf("outcome %v, %v", res.Outcome, err)
	}
	if !res.Ref.IsZero() && res.Ref.Account != s.Account.Name {
		t.Errorf("the result's ref is %s", res.Ref)
	}
	b.wantLedger(c, 1)
	b.wantFinding(in, c, applied)
	if a.Resend(in.Values) != providers.SameKey {
		return
	}
	if again, err := b.act(in, ""); err != nil || again.Outcome != providers.Applied || again.Ref != res.Ref {
		t.Errorf("sent again with the same key: %v %s, %v; first %s", again.Outcome, again.Ref, err, res.Ref)
	}
	b.wantLedger(c, 1)
}

// truth is what really happened, which a read-back must not contradict.
type truth bool

const (
	applied    truth = true
	notApplied truth = false
)

func (b *bench) wantFinding(in providers.Intent, c Case, was truth) {
	b.Helper()
	f, err := b.ReadBack(b.Context(), in)
	b.check(err)
	if err != nil {
		b.Errorf("read-back: %v", err)
		return
	}
	switch {
	case was == applied && f.Outcome == providers.Refused, was == notApplied && f.Outcome == providers.Applied:
		b.Errorf("read-back says %v (%s), but applied is %v", f.Outcome, f.Note, was)
	case was == applied && f.Outcome != providers.Applied && !c.CannotProve:
		b.Errorf("read-back says %v (%s), though it was applied", f.Outcome, f.Note)
	case f.Outcome == providers.Unknown && f.Note == "":
		b.Errorf("read-back knows nothing and does not say what it saw")
	}
	if slices.Contains(f.Candidates, in.Ref) && in.Ref.ID != "" && len(f.Candidates) > 1 {
		b.Errorf("read-back counts the record acted on among the candidates: %v", f.Candidates)
	}
}

func (s Subject) systemRefuses(t *testing.T, a providers.Action, c Case, listed []providers.Record) {
	b := s.bench(t, setup{})
	if a.Creates {
		listed = []providers.Record{{}}
	}
	for _, rec := range listed {
		v, ok := c.Refused(rec)
		if !ok {
			continue
		}
		if !a.Creates {
			rec = s.fresh(b, rec)
		}
		if got := a.Eligible(rec, v); !a.Creates && got.Answer != providers.CannotDo && len(a.Check(v)) == 0 {
			t.Errorf("%s: eligible says %s (%s), the system refuses", rec.Ref, got.Answer, got.Reason)
		}
		in := providers.Intent{
			ID: uuid.NewString(), Action: a.ID, Ref: rec.Ref, Values: v, Amount: a.Amount(rec, v), Key: uuid.NewString(),
			Before: providers.SnapshotOf(rec), Sent: b.sim.Clock.Now(),
		}
		if a.Creates {
			in.Ref = providers.Ref{Account: s.Account.Name, Kind: a.Kind}
		}
		res, err := b.act(in, "")
		outcome := res.Outcome
		if err != nil {
			outcome = providers.OutcomeOf(err)
		}
		if outcome != providers.Refused {
			t.Errorf("%s: outcome %v, %v; want refused", rec.Ref, outcome, err)
		}
		b.wantLedger(c, 0)
		return
	}
	t.Errorf("no record of %d is one that the system must refuse", len(listed))
}

// under is a fault and what it must come to.
type under struct {
	name    string
	kind    gate.FaultKind
	outcome providers.Outcome
	fault   providers.Fault // FaultOther: not looked at
	was     truth
}

var faults = []under{
	{"apply-hang", gate.ApplyHang, providers.Unknown, providers.FaultTimeout, applied},
	{"hang", gate.Hang, providers.Unknown, providers.FaultTimeout, notApplied},
	{"apply-500", gate.ApplyFail, providers.Unknown, providers.FaultOther, applied},
	{"500", gate.Fail, providers.Unknown, providers.FaultOther, notApplied},
	{"cut", gate.Cut, providers.Unknown, providers.FaultProtocol, applied},
	{"html", gate.HTML, providers.Unknown, providers.FaultServer, notApplied},
	{"429", gate.Limit, providers.Refused, providers.FaultLimited, notApplied},
	{"expired", gate.Expired, providers.Refused, providers.FaultAuth, notApplied},
	{"slow", gate.Slow, providers.Applied, providers.FaultOther, applied},
}

func (s Subject) underFault(t *testing.T, a providers.Action, c Case, f under) {
	b := s.bench(t, setup{})
	in := s.intent(b, a, c)
	call := c.Fault
	if call == "" {
		call = c.Call
	}
	b.arm(call, f.kind)
	res, err := b.act(in, f.kind)
	outcome := res.Outcome
	if err != nil {
		outcome = providers.OutcomeOf(err)
	}
	if f.kind == gate.Expired && err == nil && outcome == providers.Applied {
		f.outcome, f.was, f.fault = providers.Applied, applied, providers.FaultOther // the client logged in again
	}
	if outcome != f.outcome {
		t.Errorf("outcome %v (%v), want %v", outcome, err, f.outcome)
	}
	if f.fault != providers.FaultOther && providers.FaultOf(err) != f.fault {
		t.Errorf("fault %v (%v), want %v", providers.FaultOf(err), err, f.fault)
	}
	if f.kind == gate.Limit && providers.RetryAfterOf(err) <= 0 {
		t.Errorf("the wait that the system asked for is lost: %v", err)
	}
	n := 0
	if f.was == applied {
		n = 1
	}
	b.wantLedger(c, n)
	b.wantFinding(in, c, f.was)
	b.wantLedger(c, n) // a read-back changes nothing
	if f.was == notApplied {
		s.notFooled(b, a, c, in, f)
	}
}

// notFooled applies another intent like the one that was lost, before a third
// one that is lost: its read-back must not take the second for itself.
func (s Subject) notFooled(b *bench, a providers.Action, c Case, lost providers.Intent, f under) {
	b.Helper()
	if f.kind != gate.Fail {
		return
	}
	rec := providers.Record{Ref: lost.Ref}
	if !a.Creates {
		rec = s.fresh(b, rec)
	}
	second := s.intentOn(b, a, rec, lost.Values)
	if res, err := b.act(second, ""); err != nil || res.Outcome != providers.Applied {
		b.Errorf("the same once more: %v, %v", res.Outcome, err)
		return
	}
	b.sim.Clock.Advance(90 * time.Second)
	if !a.Creates {
		if _, err := b.Get(b.Context(), rec.Ref); providers.FaultOf(err) == providers.FaultNotFound {
			return // a record that was deleted cannot be deleted once more
		}
		rec = s.fresh(b, rec)
		if v := a.Eligible(rec, lost.Values); v.Answer == providers.CannotDo {
			return
		}
	}
	third := s.intentOn(b, a, rec, lost.Values)
	call := c.Fault
	if call == "" {
		call = c.Call
	}
	b.arm(call, gate.Fail)
	if _, err := b.act(third, gate.Fail); providers.OutcomeOf(err) != providers.Unknown {
		b.Errorf("the third: %v", fmt.Sprint(err))
	}
	b.wantFinding(third, c, notApplied)
}
