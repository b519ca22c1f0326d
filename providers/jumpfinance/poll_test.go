package jumpfinance_test

import (
	"sync"
	"testing"
	"time"

	"bursar/providers"
)

const (
	getCall  = "GET /payments/{payment_id}"
	listCall = "GET /payments"
)

// TestJF4StatusIsReadOnceAMinute keeps the vendor's polling rule, whoever asks.
func TestJF4StatusIsReadOnceAMinute(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(func(p providers.Record) bool { return p.Status.Code == "3" })
	start := r.clock.Now()
	for r.clock.Now().Sub(start) < 6*time.Minute {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := r.Get(t.Context(), rec.Ref); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r.clock.Advance(5 * time.Second)
	}
	if n := r.count(getCall); n != 6 {
		t.Errorf("%d single reads in six minutes, want 6", n)
	}
	if n := r.sim.Hurried(); n != 0 {
		t.Errorf("the simulator saw %d reads too soon", n)
	}
}

func TestFinalPayoutIsNotPolledAgain(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(func(p providers.Record) bool { return p.HasFlag("final") })
	for range 3 {
		if _, err := r.Get(t.Context(), rec.Ref); err != nil {
			t.Fatal(err)
		}
		r.clock.Advance(5 * time.Minute)
	}
	if n := r.count(getCall); n != 1 {
		t.Errorf("%d single reads of a final payout, want 1", n)
	}
}

// TestAGlanceSeesWhatChangedWithinTheMinute: what a batch decides by is never
// the remembered answer, and costs no single read.
func TestAGlanceSeesWhatChangedWithinTheMinute(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(repeatableOne)
	if _, err := r.Get(t.Context(), rec.Ref); err != nil {
		t.Fatal(err)
	}
	if err := r.sim.SetWorld("payout", []byte(`{"id":`+rec.Ref.ID+`,"status":1}`)); err != nil {
		t.Fatal(err)
	}
	seen, err := r.Glance(t.Context(), rec.Ref)
	if err != nil || seen.Status.Code != "1" {
		t.Errorf("a glance says %v, %v", seen.Status, err)
	}
	if n := r.count(getCall); n != 1 || r.sim.Hurried() != 0 {
		t.Errorf("%d single reads, %d too soon", n, r.sim.Hurried())
	}
}

// TestGetAfterAChangeIsNotTheOldAnswer checks that the memory of the polling
// rule does not hide what the operator has just done.
func TestGetAfterAChangeIsNotTheOldAnswer(t *testing.T) {
	for name, fault := range map[string]string{"answered": "", "not answered": "jumpfinance:" + repeatCall + ":*:apply-500"} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, setup{})
			rec := r.payoutWith(repeatableOne)
			before, err := r.Get(t.Context(), rec.Ref)
			if err != nil || before.Status.Code != "5" {
				t.Fatalf("%v %v", before.Status, err)
			}
			if fault != "" {
				r.fault(fault)
			}
			if _, err := r.Act(t.Context(), r.repeat(before)); (err != nil) != (fault != "") {
				t.Fatal(err)
			}
			after, err := r.Get(t.Context(), rec.Ref)
			if err != nil || after.Status.Code != "3" {
				t.Errorf("after the repeat: %v %v", after.Status, err)
			}
			if n := r.sim.Hurried(); n != 0 {
				t.Errorf("the simulator saw %d reads too soon", n)
			}
		})
	}
}

func TestListBringsTheMemoryUpToDate(t *testing.T) {
	r := newRig(t, setup{})
	rec := r.payoutWith(repeatableOne)
	if _, err := r.Get(t.Context(), rec.Ref); err != nil {
		t.Fatal(err)
	}
	r.set("payments", map[string]any{"id": number(rec.Ref.ID), "status": 1})
	if got, _ := r.Get(t.Context(), rec.Ref); got.Status.Code != "5" {
		t.Errorf("within the minute Get gives the last answer, got %v", got.Status)
	}
	r.all(providers.Query{Kind: providers.Payout})
	if got, _ := r.Get(t.Context(), rec.Ref); got.Status.Code != "1" {
		t.Errorf("a list said more, but Get gives %v", got.Status)
	}
}
