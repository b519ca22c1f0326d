package yookassa_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	"bursar/providers/sandbox/gate"
	sim "bursar/providers/sandbox/yookassa"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

// desk is a client in front of a simulator.
type desk struct {
	testing.TB
	*yookassa.Client
	conformance.Simulator
}

func newDesk(t testing.TB, payments int, o sim.Options, change func(*transport.Account)) *desk {
	t.Helper()
	s := newSimulator(payments, o)
	srv := httptest.NewServer(s.Handler)
	t.Cleanup(srv.Close)
	t.Cleanup(s.Gate.Close)
	a := login
	a.URL, a.Rate, a.Workers, a.Now = srv.URL+"/v3", 1e6, 8, s.Clock.Now
	a.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(&a)
	}
	c, err := yookassa.New(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &desk{t, c, s}
}

// set lays wire fields over the world.
func (d *desk) set(kind, fields string) {
	d.Helper()
	handler := d.Handler.(*sim.Simulator)
	if err := d.Gate.Do(func() error { return handler.SetWorld(kind, json.RawMessage(fields)) }); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) get(id string) providers.Record {
	d.Helper()
	r, err := d.Get(d.Context(), providers.Ref{Account: "shop", Kind: providers.Payment, ID: id})
	if err != nil {
		d.Fatal(err)
	}
	return r
}

// intent is the action on the payment as it is now.
func (d *desk) intent(action, id, key string, v providers.Values) providers.Intent {
	d.Helper()
	a, ok := providers.FindAction(d, action)
	if !ok {
		d.Fatalf("no action %s", action)
	}
	r := d.get(id)
	return providers.Intent{
		ID: "i-" + key, Action: action, Ref: r.Ref, Values: v, Amount: a.Amount(r, v), Key: key, Before: providers.SnapshotOf(r), Sent: d.Clock.Now(),
	}
}

func (d *desk) eligible(action, id string, v providers.Values) providers.Verdict {
	d.Helper()
	a, _ := providers.FindAction(d, action)
	return a.Eligible(d.get(id), v)
}

// mustAct sends the intent and wants the outcome.
func (d *desk) mustAct(in providers.Intent, want providers.Outcome) (providers.Result, error) {
	d.Helper()
	res, err := d.Act(d.Context(), in)
	got := res.Outcome
	if err != nil {
		got = providers.OutcomeOf(err)
	}
	if got != want {
		d.Fatalf("%s of %s is %v, want %v: %v %v", in.Action, in.Ref, got, want, res.Note, err)
	}
	return res, err
}

// wantFinding looks back and wants the outcome.
func (d *desk) wantFinding(in providers.Intent, want providers.Outcome) providers.Finding {
	d.Helper()
	f, err := d.ReadBack(d.Context(), in)
	if err != nil || f.Outcome != want || f.Note == "" {
		d.Fatalf("read-back of %s: %v %q, %v; want %v", in.Action, f.Outcome, f.Note, err, want)
	}
	return f
}

func (d *desk) ledger() []gate.Entry {
	d.Helper()
	var out []gate.Entry
	for line := range bytes.Lines(d.Gate.Ledger()) {
		var e gate.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			d.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func (d *desk) wantLedger(n int, last string) {
	d.Helper()
	got := d.ledger()
	if len(got) != n || n > 0 && got[n-1].Call+" "+got[n-1].Amount != last {
		d.Fatalf("the ledger is %s, want %d entries, the last %q", d.Gate.Ledger(), n, last)
	}
}

const (
	cardHold = "22e12f66-000f-5000-8000-00000000000a"
	bankHold = "22e12f66-000f-5000-8000-00000000000b"
	paid     = "22e12f66-000f-5000-8000-00000000000c"
)

// three adds a held card payment, a held one by another method and a paid one.
func three(d *desk) {
	d.Helper()
	d.set("payment", `{"id":"`+cardHold+`","status":"waiting_for_capture","amount":{"value":"100.00","currency":"RUB"},"receipt_registration":"pending"}`)
	d.set("payment", `{"id":"`+bankHold+`","status":"waiting_for_capture","amount":{"value":"100.00","currency":"RUB"},"payment_method":{"type":"sberbank"}}`)
	d.set("payment", `{"id":"`+paid+`","status":"succeeded","amount":{"value":"100.00","currency":"RUB"}}`)
}
