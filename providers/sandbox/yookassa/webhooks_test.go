package yookassa

import (
	"strings"
	"testing"
)

var (
	bearer = map[string]string{"Authorization": "Bearer sandbox"}
	payer  = map[string]string{"Authorization": "Basic NTAwNTAwOnNhbmRib3g="} // 500500:sandbox
)

// as adds headers to others.
func as(who map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for k, v := range who {
		out[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func hook(event, url string) string { return `{"event":"` + event + `","url":"` + url + `"}` }

func TestWebhooks(t *testing.T) {
	s := newShop(t, 13, Options{})
	if a := s.send("GET", "/v3/webhooks", "", bearer); a.text != `{"type":"list","items":[]}` {
		t.Fatalf("in the beginning: %s", a.text)
	}
	good := hook("payment.succeeded", "https://shop.example.ru/hook")
	first := s.send("POST", "/v3/webhooks", good, as(bearer, "Idempotence-Key", "k1"))
	id, _ := first.body["id"].(string)
	if first.status != 200 || len(id) != 39 || !strings.HasPrefix(id, "wh-") || first.body["event"] != "payment.succeeded" || first.body["url"] != "https://shop.example.ru/hook" {
		t.Fatalf("%d %s", first.status, first.text)
	}
	if a := s.send("POST", "/v3/webhooks", good, as(bearer, "Idempotence-Key", "k1")); a.text != first.text {
		t.Errorf("the same key: %s", a.text)
	}
	tests := []struct {
		name, method, path, body string
		header                   map[string]string
		status                   int
		parameter                string
	}{
		{"the shop's key", "GET", "/v3/webhooks", "", nil, 403, ""},
		{"the shop's key to make one", "POST", "/v3/webhooks", good, nil, 403, ""},
		{"the shop's key to delete one", "DELETE", "/v3/webhooks/" + id, "", nil, 403, ""},
		{"the payout gateway", "GET", "/v3/webhooks", "", payer, 403, ""},
		{"one of them", "GET", "/v3/webhooks/" + id, "", bearer, 405, ""},
		{"all of them", "DELETE", "/v3/webhooks", "", bearer, 405, ""},
		{"no key", "POST", "/v3/webhooks", good, as(bearer, "Idempotence-Key", ""), 400, "Idempotence-Key"},
		{"no event", "POST", "/v3/webhooks", `{"url":"https://a.ru"}`, bearer, 400, "event"},
		{"an event of payouts", "POST", "/v3/webhooks", hook("payout.succeeded", "https://a.ru"), bearer, 400, "event"},
		{"no address", "POST", "/v3/webhooks", `{"event":"payment.canceled"}`, bearer, 400, "url"},
		{"an address in the clear", "POST", "/v3/webhooks", hook("payment.canceled", "http://a.ru"), bearer, 400, "url"},
		{"an address without a host", "POST", "/v3/webhooks", hook("payment.canceled", "https:///x"), bearer, 400, "url"},
		{"a second one", "POST", "/v3/webhooks", hook("payment.succeeded", "https://b.ru"), bearer, 400, "event"},
		{"an unknown one", "DELETE", "/v3/webhooks/wh-none", "", bearer, 404, ""},
	}
	for _, tt := range tests {
		a := s.send(tt.method, tt.path, tt.body, tt.header)
		if parameter, _ := a.body["parameter"].(string); a.status != tt.status || parameter != tt.parameter {
			t.Errorf("%s: %d %s", tt.name, a.status, a.text)
		}
	}
	s.send("POST", "/v3/webhooks", hook("refund.succeeded", "https://shop.example.ru/refunds"), bearer)
	list := s.send("GET", "/v3/webhooks", "", bearer)
	if n := len(list.body["items"].([]any)); n != 2 || list.body["next_cursor"] != nil {
		t.Errorf("list %s", list.text)
	}
	if a := s.send("DELETE", "/v3/webhooks/"+id, "", bearer); a.status != 200 || a.text != "{}" {
		t.Errorf("delete: %d %s", a.status, a.text)
	}
	if a := s.send("DELETE", "/v3/webhooks/"+id, "", bearer); a.status != 404 {
		t.Errorf("delete again: %d %s", a.status, a.text)
	}
	s.wantLedger(3)
	ledger := string(s.opt.Gate.Ledger())
	if !strings.Contains(ledger, `"call":"POST /webhooks","id":"`+id+`"`) || !strings.Contains(ledger, `"call":"DELETE /webhooks/{webhook_id}","id":"`+id+`"`) {
		t.Errorf("ledger %s", ledger)
	}
	later := s.replayed(Options{})
	was, is := s.send("GET", "/v3/webhooks", "", bearer), later.send("GET", "/v3/webhooks", "", bearer)
	if was.text != is.text || !strings.Contains(was.text, "refund.succeeded") || strings.Contains(was.text, "payment.succeeded") {
		t.Errorf("%s, replayed %s", was.text, is.text)
	}
	for _, sh := range []*shop{s, later} {
		sh.keys = 100
	}
	was, is = s.send("POST", "/v3/webhooks", good, bearer), later.send("POST", "/v3/webhooks", good, bearer)
	if was.text != is.text || was.status != 200 || was.body["id"] == id {
		t.Errorf("a new one: %s, after a replay %s", was.text, is.text)
	}
}

func TestSetWorldWebhook(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.set("webhook", `{"id":"wh-1","event":"payment.canceled","url":"https://a.ru"}`)
	s.set("webhook", `{"id":"wh-1","url":"https://b.ru"}`)
	if a := s.send("GET", "/v3/webhooks", "", bearer); a.text != `{"type":"list","items":[{"id":"wh-1","event":"payment.canceled","url":"https://b.ru"}]}` {
		t.Error(a.text)
	}
	for _, bad := range []string{`{"event":"payment.canceled","url":"https://a.ru"}`, `{"event":"x","url":"https://a.ru"}`, `{"event":"payment.succeeded","url":"a.ru"}`, `{"colour":"red"}`} {
		if err := s.SetWorld("webhook", []byte(bad)); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

// Each login opens its own page of an account.
func TestMe(t *testing.T) {
	tests := []struct {
		name, query string
		o           Options
		header      map[string]string
		status      int
		account     string
	}{
		{"a token", "", Options{}, bearer, 200, "100500"},
		{"the payout gateway", "", Options{}, payer, 200, "500500"},
		{"the shop's key", "", Options{}, nil, 403, ""},
		{"the shop's key for a shop", "?on_behalf_of=100500", Options{}, nil, 403, ""},
		{"a platform for itself", "", Options{Platform: true}, nil, 403, ""},
		{"a platform for a shop", "?on_behalf_of=100500", Options{Platform: true}, nil, 200, "100500"},
		{"a platform for another's shop", "?on_behalf_of=7", Options{Platform: true}, nil, 404, ""},
	}
	for _, tt := range tests {
		s := newShop(t, 13, tt.o)
		a := s.send("GET", "/v3/me"+tt.query, "", tt.header)
		if a.status != tt.status || tt.account != "" && (a.body["account_id"] != tt.account || a.body["status"] != "enabled" || a.body["test"] != false) {
			t.Errorf("%s: %d %s", tt.name, a.status, a.text)
		}
		_, methods := a.body["payment_methods"]
		_, balance := a.body["payout_balance"]
		if methods != (tt.account == "100500") || balance != (tt.account == "500500") {
			t.Errorf("%s: %s", tt.name, a.text)
		}
	}
}
