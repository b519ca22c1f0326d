package yookassa

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// shop is a simulator with a way to ask it.
type shop struct {
	testing.TB
	*Simulator
	clock *world.Clock
	keys  int
}

func newShop(t testing.TB, payments int, o Options) *shop {
	clock := world.NewClock(func() time.Time { return noon })
	o.Gate = gate.New(gate.Options{Clock: clock})
	o.World = world.New(world.Options{Seed: 1, Payments: payments, Clock: clock})
	return &shop{TB: t, Simulator: New(o), clock: clock}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

func (s *shop) send(method, path, body string, header map[string]string) answer {
	s.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth("100500", "sandbox")
	if method == http.MethodPost {
		s.keys++
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotence-Key", fmt.Sprintf("test-%d", s.keys))
	}
	for k, v := range header {
		if v == "" {
			r.Header.Del(k)
		} else {
			r.Header.Set(k, v)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		s.Fatal(err)
	}
	a := answer{status: w.Code, header: w.Result().Header, text: string(text)}
	_ = json.Unmarshal(text, &a.body)
	return a
}

func (s *shop) get(path string) answer { s.Helper(); return s.send(http.MethodGet, path, "", nil) }

func (s *shop) post(path, body, key string) answer {
	s.Helper()
	header := map[string]string{}
	if key != "" {
		header["Idempotence-Key"] = key
	}
	return s.send(http.MethodPost, path, body, header)
}

func (s *shop) set(kind, fields string) {
	s.Helper()
	if err := s.opt.Gate.Do(func() error { return s.SetWorld(kind, json.RawMessage(fields)) }); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) wantLedger(n int) {
	s.Helper()
	if got := strings.Count(string(s.opt.Gate.Ledger()), "\n"); got != n {
		s.Fatalf("the ledger has %d entries, want %d: %s", got, n, s.opt.Gate.Ledger())
	}
}

const (
	hold = "22e12f66-000f-5000-8000-00000000000a"
	paid = "22e12f66-000f-5000-8000-00000000000c"
)

func (s *shop) two() {
	s.Helper()
	s.set("payment", `{"id":"`+hold+`","status":"waiting_for_capture","amount":{"value":"100.00","currency":"RUB"}}`)
	s.set("payment", `{"id":"`+paid+`","amount":{"value":"100.00","currency":"RUB"}}`)
}

func refundOf(id, value string) string {
	return `{"payment_id":"` + id + `","amount":{"value":"` + value + `","currency":"RUB"}}`
}

// The checks come in the documented order: each request is wrong in what its
// row names and in all that is checked later.
func TestChecksInTheirOrder(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	wrongLogin := map[string]string{"Authorization": "Basic eDp5"}
	tests := []struct {
		name, method, path, body string
		header                   map[string]string
		status                   int
		code, parameter          string
	}{
		{"no such address", "PUT", "/v3/nothing", "", wrongLogin, 404, "not_found", ""},
		{"an id too many", "GET", "/v3/payments/a/b/c", "", wrongLogin, 404, "not_found", ""},
		{"a slash too many", "GET", "/v3/payments/", "", wrongLogin, 404, "not_found", ""},
		{"the other edition's prefix", "GET", "/api/v3/payments", "", wrongLogin, 404, "not_found", ""},
		{"a wrong method", "GET", "/v3/payments/" + hold + "/cancel", "", wrongLogin, 405, "", ""},
		{"a wrong method of a collection", "DELETE", "/v3/payments", "", wrongLogin, 405, "", ""},
		{"no login", "GET", "/v3/payments?limit=0", "", map[string]string{"Authorization": ""}, 401, "invalid_credentials", "Authorization"},
		{"a wrong login", "POST", "/v3/refunds", "{", wrongLogin, 401, "invalid_credentials", "Authorization"},
		{"a wrong token", "GET", "/v3/payments", "", map[string]string{"Authorization": "Bearer x"}, 401, "invalid_credentials", "Authorization"},
		{"the gateway of payouts", "GET", "/v3/payments", "", map[string]string{"Authorization": "Basic NTAwNTAwOnNhbmRib3g="}, 403, "forbidden", ""},
		{"a form", "POST", "/v3/refunds", "a=b", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Idempotence-Key": ""}, 415, "", ""},
		{"broken JSON", "POST", "/v3/refunds", "{", map[string]string{"Idempotence-Key": ""}, 400, "invalid_request", ""},
		{"a list", "POST", "/v3/refunds", "[]", map[string]string{"Idempotence-Key": ""}, 400, "invalid_request", ""},
		{"an empty capture", "POST", "/v3/payments/" + hold + "/capture", "", map[string]string{"Idempotence-Key": ""}, 400, "invalid_request", ""},
		{"no key", "POST", "/v3/refunds", "{}", map[string]string{"Idempotence-Key": ""}, 400, "invalid_request", "Idempotence-Key"},
		{"a long key", "POST", "/v3/refunds", "{}", map[string]string{"Idempotence-Key": strings.Repeat("k", 65)}, 400, "invalid_request", "Idempotence-Key"},
		{"no payment", "POST", "/v3/refunds", `{"amount":1}`, nil, 400, "invalid_request", "payment_id"},
		{"no amount", "POST", "/v3/refunds", `{"payment_id":"x"}`, nil, 400, "invalid_request", "amount"},
		{"an amount that is a number", "POST", "/v3/refunds", `{"payment_id":"x","amount":{"value":1,"currency":"RUB"}}`, nil, 400, "invalid_request", "amount.value"},
		{"an amount of nothing", "POST", "/v3/refunds", refundOf("x", "0.00"), nil, 400, "invalid_request", "amount.value"},
		{"an amount below zero", "POST", "/v3/refunds", refundOf("x", "-1.00"), nil, 400, "invalid_request", "amount.value"},
		{"three decimals", "POST", "/v3/refunds", refundOf("x", "1.001"), nil, 400, "invalid_request", "amount.value"},
		{"a long reason", "POST", "/v3/refunds", `{"payment_id":"x","amount":{"value":"1.00","currency":"RUB"},"description":"` + strings.Repeat("ж", 251) + `"}`, nil, 400, "invalid_request", "description"},
		{"metadata of numbers", "POST", "/v3/refunds", `{"payment_id":"x","amount":{"value":"1.00","currency":"RUB"},"metadata":{"a":1}}`, nil, 400, "invalid_request", "metadata"},
		{"sources that are no list", "POST", "/v3/refunds", `{"payment_id":"x","amount":{"value":"1.00","currency":"RUB"},"sources":{}}`, nil, 400, "invalid_request", "sources"},
		{"an unknown payment", "POST", "/v3/refunds", refundOf("x", "1.00"), nil, 404, "not_found", ""},
		{"an unknown payment to capture", "POST", "/v3/payments/x/capture", "{}", nil, 404, "not_found", ""},
		{"a refund of a hold", "POST", "/v3/refunds", refundOf(hold, "1.00"), nil, 400, "invalid_request", "payment_id"},
		{"another currency", "POST", "/v3/refunds", `{"payment_id":"` + paid + `","amount":{"value":"1.00","currency":"EUR"}}`, nil, 400, "invalid_request", "amount.currency"},
		{"too much", "POST", "/v3/refunds", refundOf(paid, "100.01"), nil, 400, "invalid_request", "amount.value"},
		{"a rouble left", "POST", "/v3/refunds", refundOf(paid, "99.00"), nil, 400, "invalid_request", "amount.value"},
		{"a capture of a paid one", "POST", "/v3/payments/" + paid + "/capture", "{}", nil, 400, "invalid_request", "payment_id"},
		{"a capture of too much", "POST", "/v3/payments/" + hold + "/capture", `{"amount":{"value":"100.01","currency":"RUB"}}`, nil, 400, "invalid_request", "amount.value"},
		{"a cancel of a paid one", "POST", "/v3/payments/" + paid + "/cancel", "", nil, 400, "invalid_request", "payment_id"},
		{"the store's page with a key", "GET", "/v3/me", "", nil, 403, "forbidden", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := s.send(tt.method, tt.path, tt.body, tt.header)
			if a.status != tt.status {
				t.Fatalf("status %d, want %d: %s", a.status, tt.status, a.text)
			}
			if tt.code == "" {
				return
			}
			parameter, _ := a.body["parameter"].(string)
			if a.body["type"] != "error" || a.body["code"] != tt.code || parameter != tt.parameter || a.body["id"] == "" || a.body["description"] == "" {
				t.Errorf("document %s", a.text)
			}
		})
	}
	s.wantLedger(0)
}

func TestKeysAreRememberedForADay(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	first := s.post("/v3/refunds", `{"payment_id":"`+paid+`","amount":{"value":"10.00","currency":"RUB"}}`, "k1")
	again := s.post("/v3/refunds", `{"amount":{"currency":"RUB","value":"10.00"}, "payment_id":"`+paid+`"}`, "k1")
	if first.status != 200 || again.status != 200 || first.body["id"] != again.body["id"] {
		t.Fatalf("first %s, again %s", first.text, again.text)
	}
	for name, a := range map[string]answer{
		"another body":     s.post("/v3/refunds", refundOf(paid, "11.00"), "k1"),
		"another endpoint": s.post("/v3/payments/"+hold+"/cancel", "{}", "k1"),
	} {
		if a.status != 400 || a.body["parameter"] != "Idempotence-Key" || a.body["description"] != "Idempotence key duplicated" {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	s.wantLedger(1)
	if a := s.post("/v3/refunds", refundOf(paid, "10.00"), "k2"); a.status != 200 || a.body["id"] == first.body["id"] {
		t.Errorf("another key is another refund: %s", a.text)
	}
	s.clock.Advance(24*time.Hour - time.Second)
	if a := s.post("/v3/refunds", refundOf(paid, "10.00"), "k1"); a.body["id"] != first.body["id"] {
		t.Errorf("forgotten within a day: %s", a.text)
	}
	s.clock.Advance(2 * time.Second)
	if a := s.post("/v3/refunds", refundOf(paid, "10.00"), "k1"); a.status != 200 || a.body["id"] == first.body["id"] {
		t.Errorf("remembered after a day: %s", a.text)
	}
	s.wantLedger(3)
}

// A replay answers the object as it is now; a refusal stays a refusal under its
// key; what was refused before it was looked at leaves the key free.
func TestReplaysAnswerThePresent(t *testing.T) {
	s := newShop(t, 13, Options{PendingRefunds: 2})
	s.two()
	a := s.post("/v3/refunds", refundOf(paid, "10.00"), "k1")
	if a.body["status"] != "pending" || s.get("/v3/payments/" + paid).body["refunded_amount"] != nil {
		t.Fatalf("a new refund: %s", a.text)
	}
	if b := s.post("/v3/refunds", refundOf(paid, "90.01"), ""); b.status != 400 {
		t.Errorf("a pending refund does not count: %s", b.text)
	}
	s.get("/v3/refunds/" + a.body["id"].(string))
	if b := s.post("/v3/refunds", refundOf(paid, "10.00"), "k1"); b.body["status"] != "succeeded" {
		t.Errorf("the second read: %s", b.text)
	}
	if got := fmt.Sprint(s.get("/v3/payments/" + paid).body["refunded_amount"]); !strings.Contains(got, "10.00") {
		t.Errorf("refunded %s", got)
	}
	refused := s.post("/v3/payments/"+paid+"/cancel", "{}", "k2")
	s.set("payment", `{"id":"`+paid+`","status":"waiting_for_capture"}`)
	if b := s.post("/v3/payments/"+paid+"/cancel", "{}", "k2"); refused.status != 400 || b.status != 400 {
		t.Errorf("a refusal is forgotten: %s", b.text)
	}
	header := map[string]string{"Idempotence-Key": "k3", "Authorization": "Basic eDp5"}
	s.send("POST", "/v3/payments/"+paid+"/cancel", "{}", header)
	if b := s.post("/v3/payments/"+paid+"/cancel", "{}", "k3"); b.status != 200 {
		t.Errorf("a wrong login bound the key: %s", b.text)
	}
}

func TestHoldsRunOutByTheClock(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	s.clock.Advance(7 * 24 * time.Hour)
	p := s.get("/v3/payments/" + hold)
	if p.body["status"] != "canceled" || p.body["paid"] != false || p.body["expires_at"] != nil || !strings.Contains(p.text, "expired_on_capture") {
		t.Errorf("an old hold: %s", p.text)
	}
	if n := strings.Count(s.get("/v3/payments?status=waiting_for_capture&limit=100").text, `"id"`); n != 0 {
		t.Errorf("%d holds are left", n)
	}
}

func TestOldPaymentsAreKeptThreeYears(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	s.clock.Set(noon.AddDate(3, 0, 0))
	if a := s.post("/v3/refunds", refundOf(paid, "1.00"), ""); a.status != 400 || a.body["parameter"] != "payment_id" {
		t.Errorf("a refund after three years: %s", a.text)
	}
	s.clock.Advance(time.Hour)
	if a := s.get("/v3/payments"); a.text != `{"type":"list","items":[]}` {
		t.Errorf("a list after three years: %s", a.text)
	}
}

func TestWorldObjectsAreComplete(t *testing.T) {
	s := newShop(t, 0, Options{})
	must := map[string][]string{
		"payments": {"id", "status", "amount", "recipient", "created_at", "test", "paid", "refundable", "metadata"},
		"refunds":  {"id", "payment_id", "status", "created_at", "amount"},
		"receipts": {"id", "type", "status", "items"},
	}
	idLen := map[string]int{"payments": 36, "refunds": 36, "receipts": 39}
	counts := map[string]int{}
	for kind, fields := range must {
		states := map[string]int{}
		for _, o := range s.all("/v3/" + kind) {
			counts[kind]++
			for _, f := range fields {
				if _, ok := o[f]; !ok {
					t.Fatalf("%s without %s: %v", kind, f, o)
				}
			}
			if id := o["id"].(string); len(id) != idLen[kind] {
				t.Fatalf("%s: id %s", kind, id)
			}
			status := o["status"].(string)
			states[status]++
			switch {
			case kind == "payments":
				checkPayment(t, o, status)
			case kind == "receipts":
				checkReceipt(t, o, status)
			}
			one := s.get("/v3/" + kind + "/" + o["id"].(string))
			if fmt.Sprint(one.body) != fmt.Sprint(o) {
				t.Fatalf("the list says %v, get says %s", o, one.text)
			}
		}
		t.Log(kind, states)
		if kind == "payments" && (states["waiting_for_capture"] < 150 || states["pending"] == 0 || states["canceled"] == 0 || states["succeeded"] < 500) {
			t.Errorf("payments by status: %v", states)
		}
	}
	if counts["payments"] < 1200 || counts["receipts"] < 800 || counts["refunds"] < 50 {
		t.Errorf("counts %v", counts)
	}
}

func checkPayment(t *testing.T, o map[string]any, status string) {
	t.Helper()
	has := func(f string) bool { _, ok := o[f]; return ok }
	paid := status == "waiting_for_capture" || status == "succeeded"
	if o["paid"] != paid || has("expires_at") != (status == "waiting_for_capture") || has("cancellation_details") != (status == "canceled") ||
		has("captured_at") != (status == "succeeded") || paid && !has("payment_method") || o["refundable"] == true && status != "succeeded" {
		t.Fatalf("%s: %v", status, o)
	}
	if m, ok := o["payment_method"].(map[string]any); ok && (m["status"] == nil || m["type"] == nil || m["id"] == nil || m["saved"] == nil) {
		t.Fatalf("method %v", m)
	}
}

func checkReceipt(t *testing.T, o map[string]any, status string) {
	t.Helper()
	_, fiscal := o["fiscal_document_number"]
	_, payment := o["payment_id"]
	if fiscal != (status == "succeeded") || payment != (o["type"] == "payment") {
		t.Fatalf("%s: %v", status, o)
	}
	for _, it := range o["items"].([]any) {
		if _, number := it.(map[string]any)["quantity"].(float64); !number {
			t.Fatalf("the quantity is no number: %v", it)
		}
	}
}

// all reads every page by 100.
func (s *shop) all(path string) []map[string]any {
	s.Helper()
	var out []map[string]any
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	for next := ""; ; {
		a := s.get(path + sep + "limit=100" + next)
		if a.status != 200 || a.body["type"] != "list" {
			s.Fatalf("%s: %d %s", path, a.status, a.text)
		}
		for _, o := range a.body["items"].([]any) {
			out = append(out, o.(map[string]any))
		}
		cursor, more := a.body["next_cursor"].(string)
		if !more {
			return out
		}
		next = "&cursor=" + url.QueryEscape(cursor)
	}
}

func TestOldDialect(t *testing.T) {
	s := newShop(t, 300, Options{OldDialect: true})
	list := s.all("/api/v3/payments?payment_method=yandex_money")
	if len(list) == 0 {
		t.Fatal("no wallet")
	}
	m := list[0]["payment_method"].(map[string]any)
	if m["type"] != "yandex_money" || m["status"] != nil {
		t.Errorf("method %v", m)
	}
	all := fmt.Sprint(s.all("/v3/payments"))
	if strings.Contains(all, "party:yoo_money") || !strings.Contains(all, "party:yandex_checkout") || strings.Contains(all, "three_d_secure") {
		t.Error("today's words in the old edition")
	}
}

func FuzzRefundBody(f *testing.F) {
	f.Add([]byte(refundOf(paid, "1.00")))
	f.Add([]byte(`{"payment_id":"` + paid + `","amount":{"value":"1","currency":"RUB"},"metadata":{"a":"b"},"sources":[]}`))
	f.Add([]byte(`{"amount":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newShop(t, 13, Options{})
		s.two()
		for range 3 {
			a := s.post("/v3/refunds", string(body), "")
			if a.status != 200 && a.status != 400 && a.status != 404 {
				t.Errorf("%q: %d %s", body, a.status, a.text)
			}
		}
		if back := s.returned(paid, true); back.GreaterThan(decimal.NewFromInt(100)) {
			t.Errorf("%s of 100.00 went back", back)
		}
	})
}

// A page deep in a large world must not cost the whole of it.
func BenchmarkListPage(b *testing.B) {
	s := newShop(b, 1_000_000, Options{})
	for name, path := range map[string]string{
		"newest":   "/v3/payments?limit=100",
		"held":     "/v3/payments?limit=100&status=waiting_for_capture",
		"bounded":  "/v3/payments?limit=100&created_at.lte=2025-01-01T00:00:00.000Z",
		"receipts": "/v3/receipts?limit=100",
		"rare":     "/v3/refunds?limit=100&status=pending",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if a := s.get(path); a.status != 200 {
					b.Fatal(a.text)
				}
			}
		})
	}
}
