package jumpfinance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/jumpfinance"
	"bursar/providers/sandbox/gate"
	simulator "bursar/providers/sandbox/jumpfinance"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

// rig is the real client over HTTP against a fresh simulator, on the sandbox's
// clock: what the client waits for passes at once.
type rig struct {
	*testing.T
	*jumpfinance.Client
	sim    *simulator.Simulator
	gate   *gate.Gate
	clock  *world.Clock
	world  *world.World
	seen   func(*http.Request) // looks at each request, if set
	mangle func(http.ResponseWriter, *http.Request) bool
}

// setup changes what a rig is made of.
type setup struct {
	sim     simulator.Options
	timeout time.Duration
	account func(*transport.Account)
}

func newRig(t *testing.T, o setup) *rig {
	t.Helper()
	clock := world.NewClock(noon)
	g := gate.New(gate.Options{Clock: clock})
	w := world.New(world.Options{Seed: 5, Payments: 650, Clock: clock})
	o.sim.World, o.sim.Gate = w, g
	r := &rig{T: t, sim: simulator.New(o.sim), gate: g, clock: clock, world: w}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if r.seen != nil {
			r.seen(req)
		}
		if r.mangle != nil && r.mangle(w, req) {
			return
		}
		r.sim.ServeHTTP(w, req)
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(g.Close)
	a := transport.Account{
		Name: "field", System: "jumpfinance", URL: srv.URL + "/services/openapi", Secret: "sandbox", Sandbox: true,
		Rate: 100_000, Workers: 8, Timeout: o.timeout, Now: clock.Now,
		Wait: func(ctx context.Context, d time.Duration) error { clock.Advance(d); return ctx.Err() },
	}
	if o.account != nil {
		o.account(&a)
	}
	c, err := jumpfinance.New(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	r.Client = c
	return r
}

// all lists a kind to its end.
func (r *rig) all(q providers.Query) []providers.Record {
	r.Helper()
	var out []providers.Record
	for range 500 {
		page, err := r.List(r.Context(), q)
		if err != nil {
			r.Fatalf("list: %v", err)
		}
		out = append(out, page.Records...)
		if page.Next == "" {
			return out
		}
		q.Cursor = page.Next
	}
	r.Fatal("the list does not end")
	return nil
}

// payoutWith finds the newest payout that fits.
func (r *rig) payoutWith(fits func(providers.Record) bool) providers.Record {
	r.Helper()
	for _, rec := range r.all(providers.Query{Kind: providers.Payout}) {
		if fits(rec) {
			return rec
		}
	}
	r.Fatal("no such payout")
	return providers.Record{}
}

func repeatableOne(rec providers.Record) bool {
	return rec.Status.Code == "5" && rec.HasFlag("can repeat")
}

// set changes the simulator's world.
func (r *rig) set(kind string, v any) {
	r.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		r.Fatal(err)
	}
	if err := r.gate.Do(func() error { return r.sim.SetWorld(kind, raw) }); err != nil {
		r.Fatal(err)
	}
}

// calls are the names of the requests so far, in order.
func (r *rig) calls() []string {
	var out []string
	for line := range bytes.Lines(r.gate.Requests()) {
		var e struct{ Call string }
		if err := json.Unmarshal(line, &e); err != nil {
			r.Fatal(err)
		}
		out = append(out, e.Call)
	}
	return out
}

// count is how often a call was made.
func (r *rig) count(call string) int {
	n := 0
	for _, c := range r.calls() {
		if c == call {
			n++
		}
	}
	return n
}

func (r *rig) ledger() int { return strings.Count(string(r.gate.Ledger()), "\n") }

// fault makes the next request of the call go wrong.
func (r *rig) fault(spec string) {
	r.Helper()
	f, err := gate.ParseFault(spec)
	if err != nil {
		r.Fatal(err)
	}
	r.gate.AddFault(f)
}

const (
	createCall = "POST /payments"
	repeatCall = "POST /payments/{payment_id}/repeat"
)

func (r *rig) create(key string, v providers.Values) providers.Intent {
	a, _ := providers.FindAction(r.Client, "payout.create")
	return providers.Intent{
		ID: "i-" + key, Action: a.ID, Ref: providers.Ref{Account: "field", Kind: providers.Payout}, Values: v,
		Amount: a.Amount(providers.Record{}, v), Key: key, Sent: r.clock.Now(),
	}
}

func (r *rig) repeat(rec providers.Record) providers.Intent {
	return providers.Intent{
		ID: "r-" + rec.Ref.ID, Action: "payout.repeat", Ref: rec.Ref, Amount: rec.Amount, Key: "unused", Before: providers.SnapshotOf(rec), Sent: r.clock.Now(),
	}
}

func contractorID(row int) string { return world.ContractorID(row) }

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
