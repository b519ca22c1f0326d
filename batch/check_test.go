package batch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/providers"
)

// cached answers as the cache does, from what the system had.
func cached(d *desk, at time.Time) batch.Lookup {
	recs := map[providers.Ref]providers.Record{}
	for _, r := range d.system.Records() {
		recs[r.Ref] = r
	}
	return func(ref providers.Ref) (providers.Record, time.Time, bool) {
		r, ok := recs[ref]
		return r, at, ok
	}
}

func TestCheckVerdicts(t *testing.T) {
	change := func(fn func(*providers.Record)) func(*desk) {
		return func(d *desk) {
			rec := d.system.Records()[0]
			fn(&rec)
			d.system.Put(rec)
		}
	}
	tests := []struct {
		name   string
		before func(*desk) // before the plan is made
		after  func(*desk) // before it is checked
		action string
		values providers.Values
		want   string
	}{
		{"can", nil, nil, "payment.credit", nil, "can"},
		{"the rules of the system", change(func(r *providers.Record) { r.Status.Code = "credited" }), nil, "payment.credit", nil, "cannot: the status is credited"},
		{"must be asked", func(d *desk) { d.process.Of("shop").Asks("sure?") }, nil, "payment.credit", nil, "ask: sure?"},
		{"a bad value", nil, nil, "payment.refund", providers.Values{"amount": "-1"}, "cannot: amount: Amount must be more than zero"},
		{"more than remains", change(func(r *providers.Record) { r.Remaining = providers.MustMoney("4.00", "RUB") }), nil, "payment.refund", providers.Values{"amount": "5.00"}, "cannot: 5.00 RUB is more than the 4.00 RUB that remain"},
		{"what remains does not bound a credit", change(func(r *providers.Record) { r.Remaining = providers.MustMoney("0.00", "RUB") }), nil, "payment.credit", nil, "can"},
		{"an unknown currency", change(func(r *providers.Record) { r.Amount.Currency = "?" }), nil, "payment.credit", nil, "cannot: the currency is unknown: no money is moved in it"},
		{"an unknown currency of what moves no money", change(func(r *providers.Record) { r.Amount.Currency = "?" }), nil, "payment.delete", nil, "can"},
		{"nothing to move", change(func(r *providers.Record) { r.Amount = providers.MustMoney("0.00", "RUB") }), nil, "payment.credit", nil, "cannot: there is nothing to move: the amount is 0.00 RUB"},
		{"changed since", nil, change(func(r *providers.Record) { r.Amount = providers.MustMoney("7.00", "RUB") }), "payment.credit", nil, "cannot: changed since it was planned: amount 100.00 RUB → 7.00 RUB"},
		{"not cached", nil, func(d *desk) { d.system.Drop(payment("1")) }, "payment.credit", nil, "cannot: the record is not in the lists kept here: fetch it first"},
		{"read-only", nil, func(d *desk) { d.process.Of("shop").ReadOnly() }, "payment.credit", nil, "cannot: account shop is read-only: the configuration says read_only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, 1)
			if tt.before != nil {
				tt.before(d)
			}
			plan := d.plan(tt.action, tt.values)
			if tt.after != nil {
				tt.after(d)
			}
			p := d.engine.Check(plan, cached(d, d.clock.Now()))
			v := p.Items[0].Verdict
			got := v.Answer.String()
			if v.Reason != "" {
				got += ": " + v.Reason
			}
			if got != tt.want || p.Can+p.Cannot+p.Ask != 1 {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			// What the preview forbids, the engine does not send either.
			if v.Answer == providers.CannotDo {
				d.start(plan).Wait()
				if len(d.system.Ledger()) != 0 {
					t.Error("it was done all the same")
				}
			}
		})
	}
}

func TestCheckGroupsAndSums(t *testing.T) {
	d := newDesk(t, 5)
	for i, rec := range d.system.Records() {
		if i >= 3 {
			rec.Status.Code = "credited"
			d.system.Put(rec)
		}
	}
	old := d.clock.Now().Add(-time.Hour)
	p := batch.Check(d.plan("payment.credit", nil), d.process, cached(d, old), batch.NewClaims())
	if p.Can != 3 || p.Cannot != 2 || p.Sums.Of("RUB").Text() != "303.00" {
		t.Errorf("got %+v", p)
	}
	if len(p.Groups) != 2 || p.Groups[0].Verdict != providers.CanDo || len(p.Groups[1].Items) != 2 || p.Groups[1].Sums.Of("RUB").Text() != "207.00" {
		t.Errorf("groups %+v", p.Groups)
	}
	if !p.AsOf.Equal(old) || len(p.Accounts) != 1 || !p.Accounts[0].Sandbox {
		t.Errorf("as of %v, accounts %+v", p.AsOf, p.Accounts)
	}
}

func TestCheckSaysWhatBlocks(t *testing.T) {
	d := newDesk(t, 1).resends("payment.repeat", providers.NeverUnasked)
	d.system.Break("1", batchtest.Hang)
	rep := d.run(d.plan("payment.repeat", nil))
	p := d.engine.Check(d.plan("payment.credit", nil), cached(d, d.clock.Now()))
	if p.Cannot != 1 || !strings.Contains(p.Items[0].Verdict.Reason, rep.Batch) {
		t.Errorf("got %+v", p.Items[0].Verdict)
	}
}

func TestPreviewJSON(t *testing.T) {
	d := newDesk(t, 1)
	p := d.engine.Check(d.plan("payment.credit", nil), cached(d, d.clock.Now()))
	var out bytes.Buffer
	if err := p.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	want := `{
  "action": "payment.credit",
  "planned": 1,
  "can": 1,
  "cannot": 0,
  "ask": 0,
  "sums": {
    "RUB": "100.00"
  },
  "items": [
    {
      "ref": "shop/payment/1",
      "verdict": "can",
      "reason": "",
      "amount": "100.00",
      "currency": "RUB"
    }
  ]
}
`
	if out.String() != want {
		t.Errorf("got %s", out.String())
	}
}

func TestReportJSON(t *testing.T) {
	d := newDesk(t, 2)
	d.system.Break("2", batchtest.Refuse)
	rep := d.run(d.plan("payment.credit", nil))
	var out bytes.Buffer
	if err := rep.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{
  "batch": %q,
  "action": "payment.credit",
  "planned": 2,
  "applied": 1,
  "refused": 1,
  "held": 0,
  "unknown": 0,
  "reconciled": 0,
  "sums": {
    "RUB": {
      "applied": "100.00",
      "held": "0.00",
      "planned": "201.00",
      "refused": "101.00",
      "unknown": "0.00"
    }
  },
  "items": [
    {
      "ref": "shop/payment/1",
      "state": "applied",
      "outcome": "applied",
      "attempts": 1,
      "key": %q,
      "reason": ""
    },
    {
      "ref": "shop/payment/2",
      "state": "refused",
      "outcome": "refused",
      "attempts": 1,
      "key": %q,
      "reason": "state does not allow it: not allowed"
    }
  ]
}
`, rep.Batch, rep.Items[0].Key, rep.Items[1].Key)
	if out.String() != want {
		t.Errorf("got %s", out.String())
	}
}

func TestUnsentCreationHasAnEmptyID(t *testing.T) {
	d := newDesk(t, 0)
	plan := d.payouts(1)
	d.system.Break(plan.Items[0].Intent.Key, batchtest.Refuse)
	rep := d.run(plan)
	if got := rep.Items[0].Ref.String(); got != "shop/payout/" {
		t.Errorf("got %q", got)
	}
}

func TestOutputsHoldNoCardNumber(t *testing.T) {
	d := newDesk(t, 1)
	rec := d.system.Records()[0]
	rec.Party.Name = "Ivan 4111111111111111"
	d.system.Put(rec)
	plan := d.plan("payment.credit", nil)
	d.system.Fail("1", errors.New("card 4111 1111 1111 1111 was refused\nby\x1b[31m the bank"))
	rep := d.run(plan)
	var out bytes.Buffer
	if err := errors.Join(rep.WriteText(&out), rep.WriteCSV(&out), rep.WriteJSON(&out), batch.WritePlan(&out, plan)); err != nil {
		t.Fatal(err)
	}
	for _, ev := range d.journal.Disk() {
		b, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	// The planted number, however it is written. Keys and hashes are random, and now
	// and then pass for a card's.
	plain := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(out.String())
	if strings.Contains(plain, "4111111111111111") || strings.Contains(out.String(), "\x1b") {
		t.Errorf("got %s", out.String())
	}
	if !strings.Contains(rep.Items[0].Reason, "•• 1111 was refused by") {
		t.Errorf("the reason reads %q", rep.Items[0].Reason)
	}
}

func TestReportCSVNeutralisesFormulas(t *testing.T) {
	rep := batch.Report{Items: []batch.ReportItem{{Ref: payment("1"), Party: "=HYPERLINK(1)", Amount: providers.MustMoney("-5.00", "RUB"), Reason: "-x"}}}
	var out bytes.Buffer
	if err := rep.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(out.String(), "\n")[1]; got != "shop/payment/1,,'=HYPERLINK(1),-5.00,RUB,,,0,,'-x" {
		t.Errorf("got %s", got)
	}
}

func TestExitCode(t *testing.T) {
	tests := []struct {
		rep  batch.Report
		want int
	}{
		{batch.Report{Applied: 3}, 0},
		{batch.Report{Applied: 3, Refused: 1}, 3},
		{batch.Report{Held: 1}, 3},
		{batch.Report{Waiting: 1}, 3},
		{batch.Report{Waiting: 1, DryRun: true}, 0},
		{batch.Report{Unknown: 1, Refused: 1}, 4},
	}
	for _, tt := range tests {
		if got := batch.ExitCode(tt.rep); got != tt.want {
			t.Errorf("%+v: got %d, want %d", tt.rep, got, tt.want)
		}
	}
}
