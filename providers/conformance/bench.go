package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/sandbox/gate"
)

// bench is one simulator behind a server, with the client that talks to it.
type bench struct {
	testing.TB
	providers.Provider
	sim    Simulator
	secret []string
	// hanging gets a value when a request begins to hang.
	hanging chan struct{}
}

// setup changes what a bench is made of.
type setup struct {
	secret string                          // another login's secret
	wrap   func(http.Handler) http.Handler // stands before the simulator
	down   bool                            // the host is gone
}

const wrongSecret = "wr0ng-S3cret-9271"

func (s Subject) bench(t testing.TB, o setup) *bench {
	t.Helper()
	b := &bench{TB: t, sim: s.Simulator(t), hanging: make(chan struct{}, 16)}
	handler := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.sim.Handler.ServeHTTP(w, r.WithContext(watched{r.Context(), b.hanging}))
	}))
	if o.wrap != nil {
		handler = o.wrap(handler)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	t.Cleanup(b.sim.Gate.Close)
	a := s.Account
	a.URL = srv.URL + s.Path
	a.Sandbox = true
	a.Rate, a.Workers, a.Timeout = 100_000, 8, time.Minute
	a.Now = b.sim.Clock.Now
	a.Wait = func(ctx context.Context, d time.Duration) error {
		b.sim.Clock.Advance(d)
		return ctx.Err()
	}
	if o.secret != "" {
		a.Secret = o.secret
		if a.PayoutsSecret != "" {
			a.PayoutsSecret = o.secret
		}
	}
	if o.down {
		srv.Close()
	}
	b.secret = []string{a.Secret, a.PayoutsSecret}
	p, err := s.Client(a)
	if err != nil {
		t.Fatalf("the client cannot be made: %v", err)
	}
	b.Provider = p
	if c, ok := p.(interface{ Close() }); ok {
		t.Cleanup(c.Close)
	}
	return b
}

// watched tells when somebody waits for a request to end, which the gate does
// when a fault lets the request hang.
type watched struct {
	context.Context
	waits chan<- struct{}
}

func (w watched) Done() <-chan struct{} {
	select {
	case w.waits <- struct{}{}:
	default:
	}
	return w.Context.Done()
}

// arm makes the next changing request go wrong.
func (b *bench) arm(call string, kind gate.FaultKind) {
	f := gate.Fault{System: "*", Call: call, ID: "*", Kind: kind, Times: 1}
	if call == "" {
		f.Call = "*"
	}
	if kind == gate.Limit {
		f.Seconds = 3
	}
	b.sim.Gate.AddFault(f)
}

// act sends the intent. When a fault lets the request hang, it is given up
// once it does, as a timeout would.
func (b *bench) act(in providers.Intent, fault gate.FaultKind) (providers.Result, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	if fault == gate.Hang || fault == gate.ApplyHang {
		go func() {
			select {
			case <-b.hanging:
				cancel()
			case <-done:
			}
		}()
	}
	res, err := b.Act(ctx, in)
	b.check(err)
	return res, err
}

// check refuses an error that is no *providers.Error or holds a secret.
func (b *bench) check(err error) {
	b.Helper()
	if err == nil {
		return
	}
	if !isError(err) {
		b.Errorf("an error is no *providers.Error: %v", err)
	}
	text := spell(err)
	if providers.HasCard(text) {
		b.Errorf("an error holds a card number: %s", text)
	}
	for _, secret := range b.secret {
		if len(secret) >= 4 && strings.Contains(text, secret) {
			b.Errorf("an error holds the secret: %s", text)
		}
	}
}

// page lists up to n records of a kind by pages of the limit.
func (b *bench) page(kind providers.Kind, limit, n int) []providers.Record {
	b.Helper()
	var out []providers.Record
	q := providers.Query{Kind: kind, Limit: limit}
	for pages := 0; ; pages++ {
		p, err := b.List(b.Context(), q)
		b.check(err)
		if err != nil {
			b.Fatalf("list of %s: %v", kind.Plural(), err)
		}
		out = append(out, p.Records...)
		if p.Next == "" || n > 0 && len(out) >= n {
			return out
		}
		if p.Next == q.Cursor || pages > 20_000 {
			b.Fatalf("list of %s does not end: cursor %q again after %d records", kind.Plural(), p.Next, len(out))
		}
		q.Cursor = p.Next
	}
}
