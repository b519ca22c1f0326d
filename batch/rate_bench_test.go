package batch_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/batch/journal"
	"bursar/providers"
	"bursar/providers/transport"
)

// paced is an account whose readings and changes go through the real HTTP
// client, with its limits, to a server that takes its time.
type paced struct {
	providers.Provider
	client   *transport.Client
	requests atomic.Int64
}

func newPaced(b *testing.B, p providers.Provider, rate float64, workers int, request time.Duration) *paced {
	b.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(request) }))
	b.Cleanup(srv.Close)
	client, err := transport.New(transport.Options{System: "fake", Account: "shop", BaseURL: srv.URL, Rate: rate, Workers: workers})
	if err != nil {
		b.Fatal(err)
	}
	return &paced{Provider: p, client: client}
}

func (p *paced) send(ctx context.Context, changes bool) error {
	p.requests.Add(1)
	_, err := p.client.Do(ctx, transport.Request{Op: "bench", Method: http.MethodPost, Changes: changes})
	return err
}

func (p *paced) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	if err := p.send(ctx, false); err != nil {
		return providers.Record{}, err
	}
	return p.Provider.Get(ctx, ref)
}

func (p *paced) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	if err := p.send(ctx, true); err != nil {
		return providers.Result{}, err
	}
	return p.Provider.Act(ctx, in)
}

// one is the only account.
type one struct{ p providers.Provider }

func (o one) Provider(string) (providers.Provider, bool) { return o.p, true }
func (o one) All() []providers.Provider                  { return []providers.Provider{o.p} }

// BenchmarkRateLimit is how much of an account's allowed rate a durable batch
// makes use of: each action is a reading, the request and another reading. The
// limiter lets a second's worth through at once, which counts as allowed.
func BenchmarkRateLimit(b *testing.B) {
	for _, rate := range []int{50, 200, 500} {
		b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
			actions := rate * 5 / 3 * 2 // some nine seconds
			var allowed, sent float64
			for b.Loop() {
				s := batchtest.NewSystem(actions, "shop")
				plain, _ := batchtest.NewProcess(s, 64, "shop").Provider("shop")
				p := newPaced(b, plain, float64(rate), 64, 20*time.Millisecond)
				took := benchPaced(b, s, p, actions)
				allowed += float64(rate) * (1 + took.Seconds())
				sent += float64(p.requests.Load())
			}
			b.ReportMetric(sent/allowed, "of-allowed")
			b.ReportMetric(sent/float64(b.N*actions), "requests/action")
		})
	}
}

func benchPaced(b *testing.B, s *batchtest.System, p *paced, actions int) time.Duration {
	b.Helper()
	j, err := journal.Open(journal.Options{Dir: b.TempDir(), Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	engine, err := batch.NewEngine(batch.EngineOptions{Accounts: one{p}, Journal: j})
	if err != nil {
		b.Fatal(err)
	}
	var req batch.Request
	req.Action = "payment.credit"
	for _, rec := range s.Records() {
		req.Targets = append(req.Targets, batch.Target{Record: &rec})
	}
	plan, err := batch.NewPlan(req, one{p}, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	run, err := engine.Start(context.Background(), plan, batch.StartOptions{})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if rep := run.Wait(); rep.Applied != actions {
		b.Fatalf("got %+v", rep)
	}
	return time.Since(began)
}
