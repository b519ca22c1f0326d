package activeplatform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	sim "bursar/providers/sandbox/activeplatform"
	"bursar/providers/transport"
)

// panel is a client and the simulator that it talks to.
type panel struct {
	*Client
	conformance.Simulator
	queries []url.Values // of every request, the token left out
	bodies  []string     // of every changing request
	log     bytes.Buffer
}

func newPanel(t *testing.T, o sim.Options, change func(*transport.Account)) *panel {
	t.Helper()
	p := &panel{Simulator: simulator(o)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("api_token")
		p.queries = append(p.queries, q)
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			p.bodies = append(p.bodies, string(body))
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		p.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(p.Gate.Close)
	a := transport.Account{
		Name: "cloud", System: "activeplatform", URL: srv.URL + "/api/vendor/v1", Secret: "sandbox", Currency: "BYN", Rate: 10_000, Timeout: time.Minute,
		Now: p.Clock.Now, Log: slog.New(slog.NewJSONHandler(&p.log, nil)),
		Wait: func(_ context.Context, d time.Duration) error { p.Clock.Advance(d); return nil },
	}
	if change != nil {
		change(&a)
	}
	c, err := New(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	p.Client = c
	return p
}

// all lists the payments that match.
func (p *panel) all(t *testing.T, q providers.Query) []providers.Record {
	t.Helper()
	q.Kind = providers.Payment
	var out []providers.Record
	for {
		page, err := p.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Records...)
		if q.Cursor = page.Next; page.Next == "" {
			return out
		}
	}
}

func (p *panel) set(t *testing.T, fields string) {
	t.Helper()
	if err := p.Handler.(*sim.Simulator).SetWorld("payment", json.RawMessage(fields)); err != nil {
		t.Fatal(err)
	}
}

func (p *panel) first(t *testing.T, status string) providers.Record {
	t.Helper()
	for _, r := range p.all(t, providers.Query{}) {
		if r.Status.Code == status {
			return r
		}
	}
	t.Fatalf("no payment is %s", status)
	return providers.Record{}
}

func TestAP3ListEndsWhateverTheServerDoes(t *testing.T) {
	whole := len(newPanel(t, sim.Options{}, nil).all(t, providers.Query{}))
	tests := []struct {
		name  string
		sim   sim.Options
		limit int
		want  int
	}{
		{"as asked", sim.Options{}, 50, whole},
		{"a lower ceiling than was asked for", sim.Options{MaxPerPage: 7}, 100, whole},
		{"a page number that is ignored", sim.Options{IgnorePage: true}, 30, 30},
		{"records wrapped", sim.Options{Form: sim.Wrapped}, 0, whole},
		{"one by one, each a bare object", sim.Options{Form: sim.Object}, 1, whole},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, tt.sim, nil)
			if got := len(p.all(t, providers.Query{Limit: tt.limit})); got != tt.want {
				t.Errorf("%d records, want %d", got, tt.want)
			}
			if q := p.queries[0]; q.Get("sorting[field]") != "id" || q.Get("sorting[reversed]") != "true" || q.Get("page") != "1" {
				t.Errorf("asked %v", q)
			}
		})
	}
}

// A payment that is made while the list is read shifts the pages.
func TestAP3ANewPaymentDoublesNoRecord(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	seen := map[string]bool{}
	q := providers.Query{Kind: providers.Payment, Limit: 10}
	for i := 0; ; i++ {
		page, err := p.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			if seen[r.Ref.ID] {
				t.Fatalf("%s comes twice", r.Ref)
			}
			seen[r.Ref.ID] = true
		}
		if page.Next == "" {
			break
		}
		q.Cursor = page.Next
		if i < 3 {
			p.set(t, `{"total":"1.0"}`)
		}
	}
	if want := len(p.all(t, providers.Query{})) - 3; len(seen) != want {
		t.Errorf("%d records, want %d", len(seen), want)
	}
}

func TestAP5ToAP9Filters(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	every := p.all(t, providers.Query{})
	some := every[len(every)/2]
	done := p.first(t, "completed")
	method := rowIn(done, "Money", "Method id")
	day := some.Created.In(time.FixedZone("", 3*3600))
	tests := []struct {
		name  string
		q     providers.Query
		param string
		fits  func(providers.Record) bool
	}{
		{"AP-5 created on a day", providers.Query{Match: map[string]string{"created_at": day.Format(time.DateOnly)}}, "filters[created_at]", func(r providers.Record) bool {
			return r.Created.In(day.Location()).Format(time.DateOnly) == day.Format(time.DateOnly)
		}},
		{"AP-6 updated at an instant", providers.Query{Match: map[string]string{"updated_at": done.Updated.Format(time.RFC3339Nano)}}, "filters[updated_at]", func(r providers.Record) bool { return r.Updated.Equal(done.Updated) }},
		{"AP-7 account", providers.Query{Match: map[string]string{"account_id": some.Party.ID}}, "filters[account_id]", func(r providers.Record) bool { return r.Party.ID == some.Party.ID }},
		{"AP-8 method", providers.Query{Match: map[string]string{"payment_method_id": method}}, "filters[payment_method_id]", func(r providers.Record) bool { return rowIn(r, "Money", "Method id") == method }},
		{"AP-9 status", providers.Query{Status: "receipt_sent"}, "filters[status]", func(r providers.Record) bool { return r.Status.Code == "receipt_sent" }},
		{"payments of an account", providers.Query{Of: providers.Ref{Account: "cloud", Kind: providers.Contractor, ID: some.Party.ID}}, "filters[account_id]", func(r providers.Record) bool { return r.Party.ID == some.Party.ID }},
		{"created since", providers.Query{CreatedFrom: some.Created}, "", func(r providers.Record) bool { return !r.Created.Before(some.Created) }},
		{"created until", providers.Query{CreatedTo: some.Created}, "", func(r providers.Record) bool { return !r.Created.After(some.Created) }},
		{"updated since", providers.Query{UpdatedFrom: some.Created}, "", func(r providers.Record) bool { return !r.Updated.Before(some.Created) }},
		{"by ids", providers.Query{IDs: []string{some.Ref.ID, "999999999", done.Ref.ID}}, "", func(r providers.Record) bool { return r.Ref == some.Ref || r.Ref == done.Ref }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p.queries = nil
			tt.q.Limit = 20
			var want []string
			for _, r := range every {
				if tt.fits(r) {
					want = append(want, r.Ref.ID)
				}
			}
			var got []string
			for _, r := range p.all(t, tt.q) {
				got = append(got, r.Ref.ID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) || len(want) == 0 {
				t.Errorf("%d records, want %d", len(got), len(want))
			}
			if tt.param != "" && p.queries[0].Get(tt.param) == "" {
				t.Errorf("the system was not asked to filter: %v", p.queries[0])
			}
		})
	}
	// An incremental list ends at the first older record instead of reading all.
	p.queries = nil
	p.all(t, providers.Query{UpdatedFrom: noon.Add(-6 * time.Hour), Limit: 10})
	if n := len(p.queries); n > 3 {
		t.Errorf("an incremental list took %d requests", n)
	}
	for _, q := range []providers.Query{
		{Kind: providers.Payment, Match: map[string]string{"colour": "red"}},
		{Kind: providers.Payment, Cursor: "nonsense"},
		{Kind: providers.Payment, Of: providers.Ref{Account: "cloud", Kind: providers.Refund, ID: "1"}},
		{Kind: providers.Refund},
	} {
		if _, err := p.List(t.Context(), q); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// A server that ignores a filter does not slip other records in.
func TestAP9RowsAreCheckedAgainstTheFilter(t *testing.T) {
	body := `[{"id":3,"status":"completed","account_id":1},{"id":2,"status":"expired","account_id":2},{"id":1,"status":"completed","account_id":2}]`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
	defer srv.Close()
	c, err := New(transport.Account{Name: "cloud", URL: srv.URL, Secret: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := c.List(t.Context(), providers.Query{Kind: providers.Payment, Status: "completed", Match: map[string]string{"account_id": "2"}})
	if err != nil || len(page.Records) != 1 || page.Records[0].Ref.ID != "1" || page.Total != -1 {
		t.Errorf("%v %+v", err, page)
	}
}

func TestAP17TokenStaysOutOfLogsAndErrors(t *testing.T) {
	token := "t0p+s3cret/token"
	for _, where := range []string{"query", "header"} {
		p := newPanel(t, sim.Options{Token: token}, func(a *transport.Account) {
			a.Secret, a.Options = token, map[string]string{"token_in": where}
		})
		p.all(t, providers.Query{Limit: 100})
		_, err := p.Get(t.Context(), providers.Ref{Account: "cloud", Kind: providers.Payment, ID: "1"})
		var e *providers.Error
		if !errors.As(err, &e) || e.Fault != providers.FaultNotFound {
			t.Fatalf("%v", err)
		}
		text := fmt.Sprintf("%v %+v", err, *e) + p.log.String() + string(p.Gate.Requests())
		if strings.Contains(text, token) || strings.Contains(text, url.QueryEscape(token)) {
			t.Errorf("%s: the token leaks: %s", where, text)
		}
	}
}

func TestOptionsAreStrict(t *testing.T) {
	good := transport.Account{Name: "cloud", URL: "https://panel.example.net/api/vendor/v1", Secret: "sandbox"}
	tests := []struct {
		name   string
		change func(*transport.Account)
		says   string
	}{
		{"all is well", func(*transport.Account) {}, ""},
		{"an unknown option", func(a *transport.Account) { a.Options = map[string]string{"token": "x"} }, "no option"},
		{"an odd place for the token", func(a *transport.Account) { a.Options = map[string]string{"token_in": "cookie"} }, "token_in"},
		{"no token", func(a *transport.Account) { a.Secret = "" }, "secret is missing"},
		{"plain http", func(a *transport.Account) { a.URL = "http://panel.example.net/api/vendor/v1" }, "plain http"},
	}
	for _, tt := range tests {
		a := good
		tt.change(&a)
		_, err := New(a)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// An answer about another payment than the one asked for proves nothing.
func TestAnotherPaymentsAnswerIsRefused(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":8,"status":"completed"}`))
	}))
	defer srv.Close()
	c, err := New(transport.Account{Name: "cloud", URL: srv.URL, Secret: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	ref := providers.Ref{Account: "cloud", Kind: providers.Payment, ID: "7"}
	in := providers.Intent{Action: actionCredit, Ref: ref, Values: providers.Values{"payment_method_id": "3"}, Key: "k"}
	_, getErr := c.Get(t.Context(), ref)
	_, actErr := c.Act(t.Context(), in)
	_, findErr := c.ReadBack(t.Context(), in)
	for _, err := range []error{getErr, actErr, findErr} {
		if providers.FaultOf(err) != providers.FaultProtocol || providers.OutcomeOf(err) != providers.Unknown {
			t.Errorf("%v", err)
		}
	}
}
