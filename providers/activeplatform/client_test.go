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
	"bursar/providers/sandbox/gate"
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

func (p *panel) intent(action string, rec providers.Record, v providers.Values) providers.Intent {
	a, _ := providers.FindAction(p, action)
	in := providers.Intent{ID: "batch/1", Action: action, Ref: rec.Ref, Values: v, Amount: a.Amount(rec, v), Key: "6f0a", Before: providers.SnapshotOf(rec), Sent: p.Clock.Now()}
	if a.Creates {
		in.Ref = providers.Ref{Account: "cloud", Kind: providers.Payment}
	}
	return in
}

func (p *panel) fault(kind gate.FaultKind) {
	p.Gate.AddFault(gate.Fault{System: "activeplatform", Call: "*", ID: "*", Kind: kind, Times: 1})
}

var topUp = providers.Values{"account_id": "5003", "total": "100.10", "comment": " Пополнение "}

func TestAP1CreateSendsExactDecimals(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	in := p.intent(actionCreate, providers.Record{}, topUp)
	if !in.Amount.Equal(providers.MustMoney("100.10", "BYN")) {
		t.Errorf("the preview says %v", in.Amount)
	}
	res, err := p.Act(t.Context(), in)
	if err != nil || res.Outcome != providers.Applied || res.After == nil || res.After.Ref != res.Ref {
		t.Fatalf("%+v %v", res, err)
	}
	if want := `{"account_id":5003,"total":100.1,"comment":"Пополнение ` + marker("6f0a") + `"}`; p.bodies[0] != want {
		t.Errorf("sent %s, want %s", p.bodies[0], want)
	}
	got, err := p.Get(t.Context(), res.Ref)
	if err != nil || got.Status.Code != waitingForPayment || !got.Amount.Equal(in.Amount) || got.Party.ID != "5003" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAP1CreateRefusesBadForms(t *testing.T) {
	tests := []struct {
		name  string
		set   providers.Values
		field string
	}{
		{"no account", providers.Values{"account_id": ""}, "account_id"},
		{"an account that is no number", providers.Values{"account_id": "five"}, "account_id"},
		{"an account below one", providers.Values{"account_id": "-5"}, "account_id"},
		{"no total", providers.Values{"total": ""}, "total"},
		{"a total of nothing", providers.Values{"total": "0"}, "total"},
		{"a total with three decimals", providers.Values{"total": "1.005"}, "total"},
		{"a total with an exponent", providers.Values{"total": "1e3"}, "total"},
		{"no comment", providers.Values{"comment": ""}, "comment"},
		{"a comment of blanks", providers.Values{"comment": "  "}, "comment"},
		{"a comment with a card number", providers.Values{"comment": "4111 1111 1111 1111"}, "comment"},
		{"a comment that is too long", providers.Values{"comment": strings.Repeat("я", maxComment+1)}, "comment"},
		{"a manager below one", providers.Values{"manager_id": "0"}, "manager_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			v := providers.Values{"account_id": "5003", "total": "1.00", "comment": "x"}
			for name, value := range tt.set {
				v[name] = value
			}
			a, _ := providers.FindAction(p, actionCreate)
			if errs := a.Check(v); len(errs) != 1 || errs[tt.field] == nil {
				t.Errorf("the form says %v", errs)
			}
			_, err := p.Act(t.Context(), p.intent(actionCreate, providers.Record{}, v))
			var e *providers.Error
			if !errors.As(err, &e) || e.Fault != providers.FaultInput || e.Field != tt.field || len(p.queries) != 0 {
				t.Errorf("%v, %d requests", err, len(p.queries))
			}
		})
	}
}

func TestAP1LostCreationIsLookedForTwice(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	in := p.intent(actionCreate, providers.Record{}, topUp)
	p.fault(gate.Fail)
	if _, err := p.Act(t.Context(), in); providers.OutcomeOf(err) != providers.Unknown {
		t.Fatalf("a lost answer: %v", err)
	}
	p.queries = nil
	before := p.Clock.Now()
	f, err := p.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || !strings.Contains(f.Note, "not found") || !strings.Contains(f.Note, marker(in.Key)) {
		t.Errorf("%+v %v", f, err)
	}
	if len(p.queries) < 2 || p.Clock.Now().Sub(before) < time.Second {
		t.Errorf("%d requests within %v", len(p.queries), p.Clock.Now().Sub(before))
	}
}

func TestAP1FoundAgainByItsMark(t *testing.T) {
	mark := marker("6f0a")
	tests := []struct {
		name    string
		rows    []string
		outcome providers.Outcome
		ref     string
		others  int
	}{
		{"one", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + mark + `"}`}, providers.Applied, "7000009", 0},
		{"another one of the same sum", []string{`{"id":7000009,"account_id":5003,"comment":"Пополнение","total":"100.1"}`}, providers.Unknown, "", 0},
		{"another mark", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + marker("6f0b") + `"}`}, providers.Unknown, "", 0},
		{"the mark at another account", []string{`{"id":7000009,"account_id":5004,"comment":"x ` + mark + `"}`}, providers.Unknown, "", 0},
		{"two, for an operator had it sent again", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + mark + `"}`, `{"id":7000010,"account_id":5003,"comment":"x ` + mark + `"}`}, providers.Unknown, "", 2},
		{"a panel whose clock is behind", []string{`{"id":7000009,"account_id":5003,"created_at":"2026-11-22T11:45:00.000+03:00","comment":"x ` + mark + `"}`}, providers.Applied, "7000009", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			for _, row := range tt.rows {
				p.set(t, row)
			}
			f, err := p.ReadBack(t.Context(), p.intent(actionCreate, providers.Record{}, topUp))
			if err != nil || f.Outcome != tt.outcome || f.Ref.ID != tt.ref || len(f.Candidates) != tt.others || f.Note == "" {
				t.Errorf("%+v %v", f, err)
			}
			if got := p.Gate.Ledger(); len(got) != 0 {
				t.Errorf("a read-back changed something: %s", got)
			}
		})
	}
}

func TestMarkersAreShortAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range 5000 {
		m := marker(fmt.Sprint(i))
		if len(m) != 10 || seen[m] || strings.Trim(m[1:9], alphabet) != "" {
			t.Fatalf("marker %q of %d", m, i)
		}
		seen[m] = true
	}
	// A payment made by an earlier run of the program must be found by a later.
	if got := marker("6f0a"); got != "[4shr464g]" {
		t.Errorf("the marker of a key has become %s", got)
	}
}

func TestCreditCompletesOnlyWhatWaits(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	a, _ := providers.FindAction(p, actionCredit)
	for _, r := range p.all(t, providers.Query{}) {
		v := a.Eligible(r, nil)
		if (v.Answer == providers.CanDo) != (r.Status.Code == waitingForPayment) {
			t.Fatalf("%s: %v (%s)", r.Status.Code, v.Answer, v.Reason)
		}
	}
	rec := p.first(t, waitingForPayment)
	v := providers.Values{"payment_method_id": "3"}
	res, err := p.Act(t.Context(), p.intent(actionCredit, rec, v))
	if err != nil || res.Outcome != providers.Applied || res.After.Status.Code != completed || res.After.Method != "Банковская карта" {
		t.Fatalf("%+v %v", res, err)
	}
	_, err = p.Act(t.Context(), p.intent(actionCredit, rec, v))
	if providers.FaultOf(err) != providers.FaultState {
		t.Errorf("credited twice: %v", err)
	}
	_, err = p.Act(t.Context(), p.intent(actionCredit, p.first(t, waitingForPayment), providers.Values{"payment_method_id": "99"}))
	var e *providers.Error
	if !errors.As(err, &e) || e.Fault != providers.FaultInput || e.Field != "payment_method_id" {
		t.Errorf("an unknown method: %v", err)
	}
	if n := bytes.Count(p.Gate.Ledger(), []byte("\n")); n != 1 {
		t.Errorf("%d changes: %s", n, p.Gate.Ledger())
	}
}

func TestCreditIsReadBackFromTheState(t *testing.T) {
	tests := []struct {
		name    string
		set     string // what the payment became
		before  string // the status before, when not waiting
		outcome providers.Outcome
	}{
		{"still waiting", `"comment":"x"`, "", providers.Refused},
		{"completed by this", `"status":"completed","payment_method_id":3`, "", providers.Applied},
		{"completed by another method", `"status":"completed","payment_method_id":4,"payment_method_name":"ЕРИП"`, "", providers.Refused},
		{"completed, the method not told", `"status":"completed"`, "", providers.Applied},
		{"completed before", `"status":"completed","payment_method_id":3`, completed, providers.Refused},
		{"cancelled meanwhile", `"status":"cancelled"`, "", providers.Refused},
		{"a gateway is at it", `"status":"processing"`, "", providers.Unknown},
		{"a status that nobody knows", `"status":"on_the_moon"`, "", providers.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			rec := p.first(t, waitingForPayment)
			in := p.intent(actionCredit, rec, providers.Values{"payment_method_id": "3"})
			if tt.before != "" {
				in.Before.Status = tt.before
			}
			p.set(t, `{"id":`+rec.Ref.ID+`,`+tt.set+`}`)
			f, err := p.ReadBack(t.Context(), in)
			if err != nil || f.Outcome != tt.outcome || f.Note == "" {
				t.Errorf("%+v %v, want %v", f, err, tt.outcome)
			}
		})
	}
}

func TestAP19MissingActionsSayWhy(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	rec := p.first(t, waitingForPayment)
	for _, id := range []string{"payment.refund", "payment.delete", "payment.cancel", "payment.capture"} {
		a, ok := providers.FindAction(p, id)
		if v := a.Eligible(rec, nil); !ok || v.Answer != providers.CannotDo || !strings.Contains(v.Reason, "ActivePlatform") {
			t.Errorf("%s: %v %+v", id, ok, v)
		}
		if _, err := p.Act(t.Context(), providers.Intent{Action: id, Ref: rec.Ref, Key: "k"}); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("%s: %v", id, err)
		}
	}
	if got := p.Actions(providers.Refund); got != nil {
		t.Errorf("actions on refunds: %v", got)
	}
	if a, _ := providers.FindAction(p, actionCreate); a.Resend(nil) != providers.NeverUnasked {
		t.Error("a creation may be sent again unasked")
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
