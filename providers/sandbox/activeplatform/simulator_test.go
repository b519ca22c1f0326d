package activeplatform

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newSimulator(o Options) *Simulator {
	clock := world.NewClock(func() time.Time { return noon })
	o.Gate = gate.New(gate.Options{Clock: clock})
	o.World = world.New(world.Options{Seed: 3, Payments: 2000, Clock: clock})
	return New(o)
}

type reply struct {
	*httptest.ResponseRecorder
}

func (r reply) rows(t *testing.T) []payment {
	t.Helper()
	var out []payment
	if err := json.Unmarshal(r.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d %s: %v", r.Code, r.Body, err)
	}
	return out
}

func (s *Simulator) ask(method, path, body string, header ...string) reply {
	r := httptest.NewRequest(method, "/api/vendor/v1"+path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return reply{w}
}

const token = "?api_token=sandbox"

func TestLogins(t *testing.T) {
	tests := []struct {
		name, query, header string
		o                   Options
		status              int
	}{
		{name: "in the query", query: token, status: 200},
		{name: "in the header", header: "sandbox", status: 200},
		{name: "in both, alike", query: token, header: "sandbox", status: 200},
		{name: "in both, unlike", query: token, header: "other", status: 401},
		{name: "none", status: 401},
		{name: "a wrong one", query: "?api_token=other", status: 401},
		{name: "an empty one", query: "?api_token=", status: 401},
		{name: "a header that this panel does not read", header: "sandbox", o: Options{NoHeaderToken: true}, status: 401},
		{name: "another token", query: "?api_token=other", o: Options{Token: "other"}, status: 200},
		{name: "sign-in page", o: Options{SignInPage: true}, status: 200},
		{name: "sign-in redirect", o: Options{SignInRedirect: true}, status: 302},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var header []string
			if tt.header != "" {
				header = []string{"X-Api-Token", tt.header}
			}
			got := newSimulator(tt.o).ask("GET", "/payments.json"+tt.query, "", header...)
			if got.Code != tt.status {
				t.Errorf("%d %s", got.Code, got.Body)
			}
			isPage := strings.HasPrefix(got.Header().Get("Content-Type"), "text/html")
			if isPage != (tt.o.SignInPage || tt.o.SignInRedirect) {
				t.Errorf("%s", got.Body)
			}
		})
	}
}

func TestWorldIsWellMade(t *testing.T) {
	s := newSimulator(Options{})
	count := map[string]int{}
	for row := range s.rows.Len() {
		p := s.rows.At(row)
		count[p.Status]++
		if p.ID != 2_000_001+row || p.Document != fmt.Sprintf("P%06d", row+1) {
			t.Fatalf("row %d: id %d, document %s", row, p.ID, p.Document)
		}
		if p.Updated.Before(p.Created.Time) || p.Updated.After(noon) {
			t.Errorf("payment %d: created %v, updated %v", p.ID, p.Created, p.Updated)
		}
		if (p.Method != nil) != (p.Status == completed) || (p.MethodName != "") != (p.Status == completed) {
			t.Errorf("payment %d is %s with method %v %q", p.ID, p.Status, p.Method, p.MethodName)
		}
		total := decimal.Zero
		for _, o := range p.Orders {
			total = total.Add(o.Total.Decimal)
			sum := decimal.Zero
			for _, c := range o.Charges {
				sum = sum.Add(c.Amount.Decimal)
				if c.Duration != nil && !c.Amount.Equal(c.UnitPrice.Mul(decimal.NewFromInt(int64(*c.Duration)))) {
					t.Errorf("charge %d: %v for %d of %v", c.ID, c.Amount, *c.Duration, c.UnitPrice)
				}
			}
			if !sum.Equal(o.Total.Decimal) || o.Payment != p.ID {
				t.Errorf("order %d of %d: charges %v, total %v", o.ID, p.ID, sum, o.Total)
			}
		}
		if len(p.Orders) > 0 && !total.Equal(p.Total.Decimal) {
			t.Errorf("payment %d: orders %v, total %v", p.ID, total, p.Total)
		}
	}
	for _, status := range statuses[:7] {
		if count[status] == 0 {
			t.Errorf("no payment is %s: %v", status, count)
		}
	}
}

func TestSpellings(t *testing.T) {
	p := newSimulator(Options{}).made(0)
	p.Total = amount{decimal.RequireFromString("24.00")}
	for p.Orders = nil; p.Orders == nil; {
		p.Orders = newSimulator(Options{}).made(1).Orders
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"total":"24\.0"`,
		`"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00","updated_at"`,
		`"order_id":\d+,"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0300"`,
		`"payment_method_id":(null|\d+)`,
	} {
		if !regexp.MustCompile(want).Match(text) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for value, want := range map[string]string{"100": "100.0", "199.99": "199.99", "24.50": "24.5", "0.1": "0.1"} {
		if got := (amount{decimal.RequireFromString(value)}).text(); got != want {
			t.Errorf("%s is spelled %s, want %s", value, got, want)
		}
	}
}

func TestListsArePagedAndSorted(t *testing.T) {
	s := newSimulator(Options{})
	tests := []struct {
		name, query string
		n           int
		sorted      func(a, b payment) bool // a may stand before b
	}{
		{"the default page", "", 20, func(a, b payment) bool { return a.ID < b.ID }},
		{"the ceiling", "&per_page=1000", 100, func(a, b payment) bool { return a.ID < b.ID }},
		{"a page further on", "&page=2&per_page=7", 7, func(a, b payment) bool { return a.ID < b.ID && a.ID > 2_000_007 }},
		{"behind the end", "&page=999", 0, nil},
		{"newest first", "&sorting[field]=id&sorting[reversed]=true", 20, func(a, b payment) bool { return a.ID > b.ID }},
		{"by total", "&sorting[field]=total", 20, func(a, b payment) bool { return !a.Total.GreaterThan(b.Total.Decimal) }},
		{"by change, last first", "&sorting[field]=updated_at&sorting[reversed]=true", 20, func(a, b payment) bool { return !a.Updated.Before(b.Updated.Time) }},
		{"by status, then id", "&sorting[field]=status&per_page=100", 100, func(a, b payment) bool { return a.Status < b.Status || a.Status == b.Status && a.ID < b.ID }},
		{"filtered and paged", "&filters[status]=completed&page=2&per_page=5", 5, func(a, b payment) bool { return a.Status == completed && a.ID < b.ID }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows := s.ask("GET", "/payments.json"+token+tt.query, "").rows(t)
			if len(rows) != tt.n {
				t.Fatalf("%d rows, want %d", len(rows), tt.n)
			}
			for i := 1; i < len(rows); i++ {
				if !tt.sorted(rows[i-1], rows[i]) {
					t.Errorf("%d stands before %d", rows[i-1].ID, rows[i].ID)
				}
			}
		})
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	const good = `{"account_id":5003,"total":12.5,"comment":"top-up"}`
	tests := []struct {
		name, method, path, body string
		status                   int
		says                     string
		header                   []string
	}{
		{"a page that is none", "GET", "/payments.json" + token + "&page=0", "", 422, "page number", nil},
		{"a size that is none", "GET", "/payments.json" + token + "&per_page=x", "", 422, "page size", nil},
		{"a field that is none", "GET", "/payments.json" + token + "&sorting[field]=colour", "", 422, "not a field", nil},
		{"an order that is none", "GET", "/payments.json" + token + "&sorting[reversed]=yes", "", 422, "true or false", nil},
		{"a filter that is none", "GET", "/payments.json" + token + "&filters[colour]=red", "", 422, "not permitted", nil},
		{"a date that is none", "GET", "/payments.json" + token + "&filters[created_at]=soon", "", 422, "invalid", nil},
		{"a number that is none", "GET", "/payments.json" + token + "&filters[account_id]=x", "", 422, "invalid", nil},
		{"an unknown payment", "GET", "/payments/1.json" + token, "", 404, `{"error":`, nil},
		{"an unknown path", "GET", "/boats.json" + token, "", 404, `{"error":`, nil},
		{"a method that is none", "DELETE", "/payments/2000001.json" + token, "", 404, `{"error":`, nil},
		{"broken JSON", "POST", "/payments.json" + token, `{"account`, 400, "", nil},
		{"no JSON type", "POST", "/payments.json" + token, good, 400, "", []string{"Content-Type", "text/plain"}},
		{"no fields", "POST", "/payments.json" + token, `{}`, 422, `"account_id":["can't be blank"]`, nil},
		{"an account that does not exist", "POST", "/payments.json" + token, strings.Replace(good, "5003", "77", 1), 422, `"account_id":["must exist"]`, nil},
		{"a total of nothing", "POST", "/payments.json" + token, strings.Replace(good, "12.5", "0", 1), 422, `"total":[`, nil},
		{"a total with three decimals", "POST", "/payments.json" + token, strings.Replace(good, "12.5", "12.555", 1), 422, `"total":[`, nil},
		{"a total with an exponent", "POST", "/payments.json" + token, strings.Replace(good, "12.5", "1e9", 1), 422, `"total":[`, nil},
		{"a blank comment", "POST", "/payments.json" + token, strings.Replace(good, "top-up", " ", 1), 422, `"comment":[`, nil},
		{"a field of its own", "POST", "/payments.json" + token, strings.Replace(good, "{", `{"key":"1",`, 1), 422, `"key":["is not permitted"]`, nil},
		{"completing what is unknown", "POST", "/payments/1/complete.json" + token, `{"payment_method_id":2}`, 404, `{"error":`, nil},
		{"completing without a method", "POST", "/payments/7000001/complete.json" + token, `{}`, 422, `"payment_method_id":[`, nil},
		{"completing by an unknown method", "POST", "/payments/7000001/complete.json" + token, `{"payment_method_id":99}`, 422, `"payment_method_id":[`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSimulator(Options{})
			s.put(payment{paymentCore: paymentCore{ID: 7_000_001, Status: waiting, Created: stamp{noon}, Updated: stamp{noon}}})
			got := s.ask(tt.method, tt.path, tt.body, tt.header...)
			if got.Code != tt.status || !strings.Contains(got.Body.String(), tt.says) {
				t.Errorf("%d %s; want %d with %s", got.Code, got.Body, tt.status, tt.says)
			}
			if ledger := s.opt.Gate.Ledger(); len(ledger) != 0 {
				t.Errorf("it changed something: %s", ledger)
			}
		})
	}
}

func TestCreateAndComplete(t *testing.T) {
	s := newSimulator(Options{})
	made := s.ask("POST", "/payments.json"+token, `{"account_id":5003,"total":12.5,"comment":"top-up","manager_id":null}`)
	for _, want := range []string{`"id":7000001`, `"status":"waiting_for_payment"`, `"total":"12.5"`, `"denominated":false`, `"expiration_date":null`} {
		if made.Code != 201 || !strings.Contains(made.Body.String(), want) {
			t.Errorf("%d %s: no %s", made.Code, made.Body, want)
		}
	}
	for _, absent := range []string{"payment_method_name", "orders"} {
		if strings.Contains(made.Body.String(), absent) {
			t.Errorf("a creation tells %s: %s", absent, made.Body)
		}
	}
	if rows := s.ask("GET", "/payments.json"+token+"&sorting[field]=id&sorting[reversed]=true&per_page=1", "").rows(t); rows[0].ID != 7_000_001 {
		t.Errorf("the newest is %d", rows[0].ID)
	}
	done := s.ask("POST", "/payments/7000001/complete.json"+token, `{"payment_method_id":1}`)
	if done.Code != 200 || !strings.Contains(done.Body.String(), `"payment_method_name":"Check"`) {
		t.Errorf("%d %s", done.Code, done.Body)
	}
	again := s.ask("POST", "/payments/7000001/complete.json"+token, `{"payment_method_id":1}`)
	if again.Code != 422 || !strings.Contains(again.Body.String(), `"status":[`) {
		t.Errorf("completed twice: %d %s", again.Code, again.Body)
	}
	for row := range s.rows.Len() {
		p := s.rows.At(row)
		if p.Status == waiting {
			continue
		}
		if got := s.ask("POST", fmt.Sprintf("/payments/%d/complete.json%s", p.ID, token), `{"payment_method_id":1}`); got.Code != 422 {
			t.Fatalf("%s was completed: %d", p.Status, got.Code)
		}
	}
	want := []string{`"call":"POST /payments.json","id":"7000001","amount":"12.50","currency":"BYN"`, `"call":"POST /payments/{id}/complete.json","id":"7000001"`}
	ledger := string(s.opt.Gate.Ledger())
	for _, w := range want {
		if !strings.Contains(ledger, w) {
			t.Errorf("no %s in the ledger: %s", w, ledger)
		}
	}
}

func TestRolesAndPages(t *testing.T) {
	s := newSimulator(Options{Forbid: []string{callCreate}, NotFoundPage: true, Form: Wrapped, IgnorePage: true})
	if got := s.ask("POST", "/payments.json"+token, `{"account_id":5003,"total":1,"comment":"x"}`); got.Code != 403 {
		t.Errorf("a forbidden call: %d", got.Code)
	}
	if got := s.ask("GET", "/payments/1.json"+token, ""); got.Code != 404 || !strings.Contains(got.Body.String(), "<html>") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	first, second := s.ask("GET", "/payments.json"+token, ""), s.ask("GET", "/payments.json"+token+"&page=2", "")
	if first.Body.String() != second.Body.String() || !strings.HasPrefix(first.Body.String(), `{"payments":[`) {
		t.Errorf("%s", first.Body)
	}
}

func TestAccounts(t *testing.T) {
	s := newSimulator(Options{})
	var accounts []account
	if err := json.Unmarshal(s.ask("GET", "/accounts.json"+token+"&per_page=3&page=2", "").Body.Bytes(), &accounts); err != nil || len(accounts) != 3 || accounts[0].ID != 5004 {
		t.Fatalf("%+v %v", accounts, err)
	}
	var users []user
	if err := json.Unmarshal(s.ask("GET", "/accounts/5004/users.json"+token, "").Body.Bytes(), &users); err != nil || len(users) != 1 {
		t.Fatalf("%+v %v", users, err)
	}
	if err := json.Unmarshal(s.ask("GET", "/accounts.json"+token+"&filters[email]="+users[0].Email, "").Body.Bytes(), &accounts); err != nil || len(accounts) != 1 || accounts[0].ID != 5004 {
		t.Errorf("%+v %v", accounts, err)
	}
	if got := s.ask("GET", "/accounts/77/users.json"+token, ""); got.Code != 404 {
		t.Errorf("users of nobody: %d", got.Code)
	}
}

func TestReplayBringsTheSamePaymentBack(t *testing.T) {
	first, second := newSimulator(Options{}), newSimulator(Options{})
	first.ask("POST", "/payments.json"+token, `{"account_id":5003,"total":12.5,"comment":"top-up"}`)
	first.ask("POST", "/payments/7000001/complete.json"+token, `{"payment_method_id":1}`)
	// A payment of today that the world has not made yet when it is replayed.
	late := first.made(0)
	late.ID = 2_099_999
	first.put(late)
	for line := range strings.Lines(string(first.opt.Gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if err := second.opt.Gate.Replay(e, second.Replay); err != nil {
			t.Fatal(err)
		}
	}
	detail, err := json.Marshal(late)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Replay(gate.Entry{Call: callComplete, ID: "2099999", Detail: detail}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/payments/7000001.json", "/payments/2099999.json", "/payments.json"} {
		query := token
		if path == "/payments.json" {
			query += "&sorting[field]=id&sorting[reversed]=true"
		}
		if a, b := first.ask("GET", path+query, "").Body.String(), second.ask("GET", path+query, "").Body.String(); a != b {
			t.Errorf("%s:\n%s\n%s", path, a, b)
		}
	}
	for _, e := range []gate.Entry{{Call: "POST /boats.json"}, {Call: callCreate}, {Call: callCreate, ID: "2", Detail: []byte(`{"id":1}`)}, {Call: callCreate, ID: "1", Detail: []byte(`{"id":1,"colour":2}`)}} {
		if err := second.Replay(e); err == nil {
			t.Errorf("%+v was replayed", e)
		}
	}
}

func TestSetWorld(t *testing.T) {
	s := newSimulator(Options{})
	for _, set := range []string{`{"id":2000003,"status":"expired"}`, `{"id":42,"total":7.25,"created_at":"2026-11-01T10:00:00+0300"}`, `{"comment":"without an id"}`} {
		if err := s.SetWorld("payment", json.RawMessage(set)); err != nil {
			t.Errorf("%s: %v", set, err)
		}
	}
	for path, want := range map[string]string{"2000003": `"status":"expired"`, "42": `"total":"7.25"`, "7000001": `"comment":"without an id"`} {
		if got := s.ask("GET", "/payments/"+path+".json"+token, ""); !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s: %s", path, got.Body)
		}
	}
	if rows := s.ask("GET", "/payments.json"+token+"&per_page=1", "").rows(t); rows[0].ID != 42 {
		t.Errorf("the lowest id is %d, want 42: sorting by id must hold", rows[0].ID)
	}
	for _, bad := range []struct{ kind, set string }{{"boat", `{}`}, {"payment", `{"colour":1}`}, {"payment", `{"id":-1}`}, {"payment", `[]`}, {"payment", `{"total":"x"}`}, {"payment", `{"created_at":"soon"}`}, {"payment", `{} {}`}} {
		if err := s.SetWorld(bad.kind, json.RawMessage(bad.set)); err == nil {
			t.Errorf("%s %s is taken", bad.kind, bad.set)
		}
	}
}

func FuzzCreate(f *testing.F) {
	f.Add(`{"account_id":5003,"total":12.5,"comment":"top-up"}`)
	f.Add(`{"account_id":"5003","total":"1e99999999","comment":null}`)
	s := newSimulator(Options{})
	f.Fuzz(func(t *testing.T, body string) {
		if got := s.ask("POST", "/payments.json"+token, body).Code; got != 201 && got != 400 && got != 422 {
			t.Errorf("%s: %d", body, got)
		}
	})
}
