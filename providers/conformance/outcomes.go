package conformance

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/providers"
	"bursar/providers/sandbox/gate"
)

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
		b.Errorf("the third: %v", err)
	}
	b.wantFinding(third, c, notApplied)
}
