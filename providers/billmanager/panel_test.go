package billmanager

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/billmanager"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

// panel is a simulated panel behind a server, and a client that is logged into
// nothing yet.
type panel struct {
	*testing.T
	*Client
	sim   *simulator.Simulator
	gate  *gate.Gate
	clock *world.Clock
}

type setup struct {
	panel   simulator.Options
	account func(*transport.Account)
	wrap    func(http.Handler) http.Handler
}

func newPanel(t *testing.T, o setup) *panel {
	t.Helper()
	clock := world.NewClock(func() time.Time { return noon })
	g := gate.New(gate.Options{Clock: clock})
	o.panel.World, o.panel.Gate = world.New(world.Options{Seed: 1, Payments: 600, Clock: clock}), g
	o.panel.SecretInURL = func(name string) { t.Errorf("the secret parameter %s stands in an address", name) }
	p := &panel{T: t, sim: simulator.New(o.panel), gate: g, clock: clock}
	var handler http.Handler = p.sim
	if o.wrap != nil {
		handler = o.wrap(handler)
	}
	p.Client = newClient(t, handler, func(a *transport.Account) {
		a.Now = clock.Now
		if o.account != nil {
			o.account(a)
		}
	})
	t.Cleanup(g.Close)
	return p
}

// newClient makes a client of a server with the handler.
func newClient(t *testing.T, handler http.Handler, change func(*transport.Account)) *Client {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	a := testAccount()
	a.URL, a.Sandbox, a.Rate, a.Workers = srv.URL+"/billmgr", true, 100_000, 8
	a.Now = func() time.Time { return noon }
	a.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if change != nil {
		change(&a)
	}
	c, err := New(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// set changes or adds a payment at the panel.
func (p *panel) set(fields map[string]string) {
	p.Helper()
	raw, err := json.Marshal(fields)
	if err == nil {
		err = p.gate.Do(func() error { return p.sim.SetWorld("payment", raw) })
	}
	if err != nil {
		p.Fatal(err)
	}
}

func (p *panel) get(kind providers.Kind, id string) providers.Record {
	p.Helper()
	rec, err := p.Get(p.Context(), p.ref(kind, id))
	if err != nil {
		p.Fatalf("get %s %s: %v", kind, id, err)
	}
	return rec
}

// all reads a list to its end.
func (p *panel) all(q providers.Query) []providers.Record {
	p.Helper()
	var out []providers.Record
	for {
		page, err := p.List(p.Context(), q)
		if err != nil {
			p.Fatalf("list: %v", err)
		}
		out = append(out, page.Records...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
	}
}

// intent is what the batch engine sends for a record just read.
func (p *panel) intent(action string, r providers.Record, v providers.Values) providers.Intent {
	p.Helper()
	a, ok := providers.FindAction(p.Client, action)
	if !ok {
		p.Fatalf("no action %s", action)
	}
	return providers.Intent{
		ID: "b/1", Action: action, Ref: r.Ref, Values: v, Amount: a.Amount(r, v), Key: "k", Before: providers.SnapshotOf(r), Sent: p.clock.Now(),
	}
}

// paid adds a credited payment of 1000.00 that can be refunded.
func (p *panel) paid(id string) providers.Record {
	p.Helper()
	p.set(map[string]string{"id": id, "number": "B-" + id, "status": "4", "subaccountamount_iso": "1000.00 RUB", "create_date": "2026-11-20", "pay_date": "2026-11-20", "sender_id": "77"})
	return p.get(providers.Payment, id)
}

// requests counts the requests of one function.
func (p *panel) requests(fn string) int {
	p.Helper()
	n := 0
	for line := range bytes.Lines(p.gate.Requests()) {
		var r struct{ Call, Path, Method string }
		if err := json.Unmarshal(line, &r); err != nil {
			p.Fatal(err)
		}
		if r.Method != http.MethodPost {
			p.Errorf("a request by %s", r.Method)
		}
		if r.Call == fn {
			n++
		}
	}
	return n
}

func (p *panel) ledger() []gate.Entry {
	p.Helper()
	var out []gate.Entry
	for line := range bytes.Lines(p.gate.Ledger()) {
		var e gate.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			p.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// answers is a server that lets anybody in and answers each further function
// with the given document.
func answers(docs map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fn := r.FormValue("func")
		body, ok := docs[fn]
		switch {
		case ok:
		case fn == fnAuth:
			body = `{"doc":{"auth":{"$id":"abc","$":"abc"}}}`
		case fn == fnWhoami:
			body = `{"doc":{"user":{"$name":"operator"}}}`
		default:
			body = `{"doc":{"$func":"` + fn + `","p_elems":{"$":"0"}}}`
		}
		_, _ = w.Write([]byte(body))
	})
}
