package jumpfinance_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/jumpfinance"
)

// TestJF3RepeatPayout repeats where a fresh read allows it, and nowhere else.
func TestJF3RepeatPayout(t *testing.T) {
	r := newRig(t, setup{})
	a, _ := providers.FindAction(r.Client, "payout.repeat")
	rec := r.payoutWith(repeatableOne)
	if v := a.Eligible(rec, nil); v.Answer != providers.CanDo {
		t.Fatalf("%v", v)
	}
	res, err := r.Act(t.Context(), r.repeat(rec))
	if err != nil || res.Outcome != providers.Applied || res.Ref != rec.Ref || res.After.Status.Code != "3" {
		t.Fatalf("%+v %v", res, err)
	}
	if _, err := r.Act(t.Context(), r.repeat(rec)); providers.FaultOf(err) != providers.FaultState || r.ledger() != 1 {
		t.Errorf("the same once more: %v, ledger %s", err, r.gate.Ledger())
	}
	if n := r.count(repeatCall); n != 1 {
		t.Errorf("%d repeat requests left", n)
	}
	if a.Resend(nil) != providers.NeverUnasked {
		t.Error("a repeat has no key and must never be sent again unasked")
	}
}

func TestRepeatIsOfferedByTheFlagOfAFreshRead(t *testing.T) {
	r := newRig(t, setup{})
	a, _ := providers.FindAction(r.Client, "payout.repeat")
	reasons := map[string]string{}
	can := 0
	for _, p := range r.all(providers.Query{Kind: providers.Payout}) {
		v := a.Eligible(p, nil)
		if want := repeatableOne(p); want != (v.Answer == providers.CanDo) {
			t.Errorf("%s %v %v: %v", p.Ref, p.Status, p.Flags, v)
		}
		if v.Answer == providers.CanDo {
			can++
		} else {
			reasons[p.Status.Code] = v.Reason
		}
	}
	if can < 30 || len(reasons) < 6 || !strings.Contains(reasons["1"], "paid") || !strings.Contains(reasons["5"], "can_repeat") {
		t.Errorf("%d can be repeated, reasons %v", can, reasons)
	}
	blocked := r.payoutWith(repeatableOne)
	blocked.Flags = append(blocked.Flags, "stop list")
	if v := a.Eligible(blocked, nil); v.Answer != providers.CannotDo { // JF-79
		t.Errorf("a contractor in the stop list: %v", v)
	}
	strange := r.payoutWith(repeatableOne)
	strange.Status.Code = "42"
	if v := a.Eligible(strange, nil); v.Answer != providers.MustAsk {
		t.Errorf("an unknown status with the flag: %v", v)
	}
}

// TestRepeatOfAPayoutThatHasChanged reads for real just before it sends, though
// Get would still give the answer of half a minute ago.
func TestRepeatOfAPayoutThatHasChanged(t *testing.T) {
	for name, set := range map[string]map[string]any{
		"paid meanwhile": {"status": 1}, "no longer to be repeated": {"abilities": map[string]any{"can_repeat": false}}, "another amount": {"amount": 5},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, setup{})
			rec := r.payoutWith(repeatableOne)
			if _, err := r.Get(t.Context(), rec.Ref); err != nil {
				t.Fatal(err)
			}
			set["id"] = number(rec.Ref.ID)
			r.set("payments", set)
			if _, err := r.Act(t.Context(), r.repeat(rec)); providers.FaultOf(err) != providers.FaultState || r.count(repeatCall) != 0 {
				t.Errorf("%v, %d sent", err, r.count(repeatCall))
			}
		})
	}
}

func TestReadBackOfARepeat(t *testing.T) {
	tests := []struct {
		name string
		do   func(*rig, providers.Record)
		want providers.Outcome
		note string
	}{
		{"repeated: the status is another and the history is longer", func(r *rig, p providers.Record) { _, _ = r.Act(r.Context(), r.repeat(p)) }, providers.Applied, "Поставлен в очередь"},
		{"repeated and paid since", func(r *rig, p providers.Record) {
			_, _ = r.Act(r.Context(), r.repeat(p))
			r.clock.Advance(3 * time.Minute)
		}, providers.Applied, "Оплачен"},
		{"another status, but no history to prove why", func(r *rig, p providers.Record) {
			_, _ = r.Act(r.Context(), r.repeat(p))
			r.seen = dropQuery("include")
		}, providers.Unknown, "В обработке"},
		{"unchanged", func(*rig, providers.Record) {}, providers.Unknown, "unchanged"},
		{"failed again", func(r *rig, p providers.Record) {
			r.set("payments", map[string]any{"id": number(p.Ref.ID), "status": 3})
			r.set("payments", map[string]any{"id": number(p.Ref.ID), "status": 5})
		}, providers.Unknown, "failed again"},
		{"deleted", func(r *rig, p providers.Record) {
			r.set("payments", map[string]any{"id": number(p.Ref.ID), "status": 6})
		}, providers.Unknown, "Удалено"},
		{"rejected", func(r *rig, p providers.Record) {
			r.set("payments", map[string]any{"id": number(p.Ref.ID), "status": 2})
		}, providers.Unknown, "Отклонён"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, setup{})
			rec := r.payoutWith(repeatableOne)
			in := r.repeat(rec)
			r.clock.Advance(time.Second)
			tc.do(r, rec)
			f, err := r.ReadBack(t.Context(), in)
			if err != nil || f.Outcome != tc.want || !strings.Contains(f.Note, tc.note) {
				t.Errorf("%+v %v, want %v with %q", f, err, tc.want, tc.note)
			}
		})
	}
}

func TestReadBackOfARepeatNamesNewerPayouts(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(repeatableOne)
	in := r.repeat(rec)
	r.set("payments", map[string]any{"contractor_id": number(rec.Party.ID), "amount": rec.Amount.Decimal, "status": 3})
	f, err := r.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || len(f.Candidates) != 1 || slices.Contains(f.Candidates, rec.Ref) {
		t.Errorf("%+v %v", f, err)
	}
}

// TestReadBackOfARepeatIsNotFooledByAnEarlierOne repeats, lets it fail, repeats
// again without an answer and without effect.
func TestReadBackOfARepeatIsNotFooledByAnEarlierOne(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(repeatableOne)
	r.set("payments", map[string]any{"id": number(rec.Ref.ID), "amount": 100.13}) // fails whatever is done
	first := r.payoutWith(func(p providers.Record) bool { return p.Ref == rec.Ref })
	if _, err := r.Act(t.Context(), r.repeat(first)); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(3 * time.Minute)
	second := r.payoutWith(func(p providers.Record) bool { return p.Ref == rec.Ref && repeatableOne(p) })
	r.fault("jumpfinance:" + repeatCall + ":" + rec.Ref.ID + ":500")
	in := r.repeat(second)
	if _, err := r.Act(t.Context(), in); providers.OutcomeOf(err) != providers.Unknown {
		t.Fatal(err)
	}
	if f, err := r.ReadBack(t.Context(), in); err != nil || f.Outcome != providers.Unknown || !strings.Contains(f.Note, "unchanged") {
		t.Errorf("%+v %v", f, err)
	}
}

func TestAccountThatIgnoresIds(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(func(p providers.Record) bool { return repeatableOne(p) && p.Created.Before(noon().AddDate(0, 0, -5)) })
	r.seen = dropQuery("ids")
	if res, err := r.Act(t.Context(), r.repeat(rec)); err != nil || res.Ref != rec.Ref {
		t.Errorf("%v %v", res, err)
	}
}

// TestActionsOfThePersonalAccountSayWhy lists what the service has no call for.
func TestActionsOfThePersonalAccountSayWhy(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(repeatableOne)
	for _, id := range []string{"payout.cancel", "payout.refund", "payout.delete"} {
		a, ok := providers.FindAction(r.Client, id)
		if !ok {
			t.Errorf("%s is not listed", id)
			continue
		}
		if v := a.Eligible(rec, nil); v.Answer != providers.CannotDo || !strings.Contains(v.Reason, "personal account") {
			t.Errorf("%s: %v", id, v)
		}
		if _, err := r.Act(t.Context(), providers.Intent{Action: id, Ref: rec.Ref}); providers.OutcomeOf(err) != providers.Refused {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestNoiseIsRead(t *testing.T) {
	plain, noisy := newRig(t, setup{}), newRig(t, setup{sim: simulator.Options{Noise: true}})
	a, b := plain.all(providers.Query{Kind: providers.Payout}), noisy.all(providers.Query{Kind: providers.Payout})
	for i := range a {
		if a[i].Status != b[i].Status || !slices.Equal(a[i].Flags, b[i].Flags) || !a[i].Amount.Equal(b[i].Amount) {
			t.Fatalf("%v %v, under noise %v %v", a[i].Status, a[i].Flags, b[i].Status, b[i].Flags)
		}
	}
}
