package batch_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"bursar/batch"
	"bursar/providers"
)

func TestNewPlanRefuses(t *testing.T) {
	d := newDesk(t, 2)
	rec := d.system.Records()[0]
	foreign, receipt := rec, rec
	foreign.Ref.Account = "elsewhere"
	receipt.Ref.Kind = providers.Receipt
	own := func(id string) batch.Target {
		return batch.Target{Account: "shop", Values: providers.Values{"amount": "1.00", "customer_payment_id": id}}
	}
	tests := []struct {
		name    string
		action  string
		targets []batch.Target
		want    string
	}{
		{"no record", "payment.credit", nil, "nothing to plan: no record was chosen"},
		{"a record twice", "payment.credit", []batch.Target{{Record: &rec}, {Record: &rec}}, "shop/payment/1 is in the plan twice"},
		{"an unknown account", "payment.credit", []batch.Target{{Record: &foreign}}, `there is no account "elsewhere": choose one of shop`},
		{"an unknown action", "payment.burn", []batch.Target{{Record: &rec}}, `account shop (fake) has no action "payment.burn"`},
		{"another kind", "payment.credit", []batch.Target{{Record: &receipt}}, "payment.credit acts on payments, not on a receipt"},
		{"no record for an action on records", "payment.credit", []batch.Target{{Account: "shop"}}, "give its id"},
		{"a record for a creation", "payout.create", []batch.Target{{Record: &rec}}, "makes a new record and takes none"},
		{"another currency, with its line", "payment.credit", []batch.Target{{Record: &rec, Currency: "USD", Line: 7}}, "line 7: the currency USD is given, but the amount is in RUB"},
		{"a card number", "payout.create", []batch.Target{{Account: "shop", Values: providers.Values{"amount": "1", "note": "to 4111 1111 1111 1111"}}}, "note holds a card number"},
		{"a long own id", "payout.create", []batch.Target{own(strings.Repeat("a", 37))}, "has 37 characters, the limit is 36"},
		{"a strange own id", "payout.create", []batch.Target{own("плата")}, "may not hold 'п'"},
		{"an own id twice", "payout.create", []batch.Target{own("a"), own("a")}, `customer_payment_id "a" is in the plan twice`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := batch.NewPlan(batch.Request{Action: tt.action, Targets: tt.targets}, d.process, d.clock.Now())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestNewPlanFixesIdsKeysAndAmounts(t *testing.T) {
	d := newDesk(t, 3)
	p := d.plan("payment.refund", providers.Values{"amount": "5.50"})
	seen := map[string]bool{}
	for _, it := range p.Items {
		in := it.Intent
		if len(in.Key) != 36 || in.ID == in.Key || seen[in.Key] || seen[in.ID] || providers.HasCard(in.Key) {
			t.Errorf("id %q, key %q", in.ID, in.Key)
		}
		seen[in.Key], seen[in.ID] = true, true
		if in.Amount.String() != "5.50 RUB" || in.Before.Status != "new" || !in.Sent.IsZero() {
			t.Errorf("got %+v", in)
		}
	}
	own, err := batch.NewPlan(batch.Request{Action: "payout.create", Targets: []batch.Target{
		{Account: "shop", Values: providers.Values{"amount": "1.00", "customer_payment_id": "invoice-17"}},
	}}, d.process, d.clock.Now())
	if err != nil || own.Items[0].Intent.Key != "invoice-17" {
		t.Errorf("got %+v, %v", own, err)
	}
}

func planText(t *testing.T, p batch.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := batch.WritePlan(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPlanFile(t *testing.T) {
	d := newDesk(t, 3)
	rec := d.system.Records()[0]
	rec.Updated = time.Date(2026, 11, 1, 12, 0, 0, 123456789, time.FixedZone("MSK", 3*3600))
	rec.Party.Name = `ООО "Ромашка" <&>`
	d.system.Put(rec)
	plan := d.plan("payment.refund", providers.Values{"amount": "5.50"})
	text := planText(t, plan)
	back, err := batch.ReadPlan(strings.NewReader(text))
	if err != nil || planText(t, back) != text {
		t.Fatalf("the plan does not read back: %v", err)
	}
	if !strings.Contains(text, `"amount": "5.50"`) || !strings.Contains(text, "Ромашка") {
		t.Error("the file is not readable")
	}
	tests := []struct{ name, text, want string }{
		{"an amount changed", strings.Replace(text, `"amount": "5.50"`, `"amount": "9.50"`, 1), "was changed after it was made"},
		{"an item removed", dropItem(text), "was changed after it was made"},
		{"the hash removed", strings.Replace(text, plan.Hash(), "", 1), "was changed after it was made"},
		{"cut short", text[:len(text)/2], "cut short"},
		{"empty", "", "empty or cut short"},
		{"something else", `{"hello":1}`, "no plan that bursar wrote"},
		{"HTML", "<html>", "no plan that bursar wrote"},
		{"more behind it", text + "{}", "further text behind its end"},
		{"a later version", strings.Replace(text, `"bursar_plan": 1`, `"bursar_plan": 2`, 1), "version 2"},
		{"an unknown field", strings.Replace(text, `"action"`, `"force": true, "action"`, 1), "no plan that bursar wrote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := batch.ReadPlan(strings.NewReader(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	spaced := strings.ReplaceAll(text, "\n", "\r\n")
	if _, err := batch.ReadPlan(strings.NewReader(spaced)); err != nil {
		t.Errorf("other line ends: %v", err)
	}
}

// dropItem takes the first item out of a plan file.
func dropItem(text string) string {
	at := strings.Index(text, "\n      {\n")
	end := strings.Index(text, "\n      },") + len("\n      },")
	return text[:at] + text[end:]
}

// A plan that names a record twice, whatever its hash says, could act twice.
func TestPlanFileWithDoublesIsRefused(t *testing.T) {
	d := newDesk(t, 2)
	plan := d.plan("payment.credit", nil)
	plan.Items[1].Intent.Ref = plan.Items[0].Intent.Ref
	if _, err := batch.ReadPlan(strings.NewReader(planText(t, plan))); err == nil || !strings.Contains(err.Error(), "is there twice") {
		t.Errorf("got %v", err)
	}
	if _, err := d.engine.Start(t.Context(), plan, batch.StartOptions{}); err == nil {
		t.Error("it was started")
	}
}

func FuzzReadPlan(f *testing.F) {
	d := newDesk(f, 2)
	var b bytes.Buffer
	if err := batch.WritePlan(&b, d.plan("payment.credit", nil)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"bursar_plan":1,"sha256":"","plan":{"items":[{}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := batch.ReadPlan(bytes.NewReader(raw))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		again, err := batch.ReadPlan(strings.NewReader(planText(t, p)))
		if err != nil || again.Hash() != p.Hash() {
			t.Errorf("an accepted plan does not read back: %v", err)
		}
	})
}
