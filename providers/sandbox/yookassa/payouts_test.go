package yookassa

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	toCard   = `"payout_destination_data":{"type":"bank_card","card":{"number":"5555555555554477"}}`
	toWallet = `"payout_destination_data":{"type":"yoo_money","account_number":"41001614575714"}`
	toPhone  = `"payout_destination_data":{"type":"sbp","phone":"79990001122","bank_id":"100000000111"}`
)

func sum(value string) string { return `"amount":{"value":"` + value + `","currency":"RUB"}` }

func (s *shop) payout(body, key string) answer {
	s.Helper()
	if key == "" {
		return s.send("POST", "/v3/payouts", body, payer)
	}
	return s.send("POST", "/v3/payouts", body, as(payer, "Idempotence-Key", key))
}

func (s *shop) see(path string) answer { s.Helper(); return s.send("GET", path, "", payer) }

// allOf reads every page of a list of payouts.
func (s *shop) allOf(path string) []map[string]any {
	s.Helper()
	var out []map[string]any
	for next := ""; ; {
		a := s.see(path + next)
		if a.status != 200 {
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

func checkPayout(t *testing.T, o map[string]any) {
	t.Helper()
	for _, f := range []string{"id", "amount", "status", "payout_destination", "created_at", "test"} {
		if _, ok := o[f]; !ok {
			t.Fatalf("no %s: %v", f, o)
		}
	}
	must := map[string][]string{"bank_card": {"card"}, "yoo_money": {"account_number"}, "sbp": {"phone", "bank_id", "recipient_checked"}}
	d := o["payout_destination"].(map[string]any)
	for _, f := range must[fmt.Sprint(d["type"])] {
		if _, ok := d[f]; !ok {
			t.Fatalf("destination without %s: %v", f, o)
		}
	}
	if card, ok := d["card"].(map[string]any); ok && (card["first6"] == nil || card["last4"] == nil || card["card_type"] == nil) {
		t.Fatalf("card %v", card)
	}
	_, done := o["succeeded_at"]
	_, failed := o["cancellation_details"]
	if done != (o["status"] == "succeeded") || failed != (o["status"] == "canceled") || len(d) < 2 || len(o["id"].(string)) != 39 {
		t.Fatalf("payout %v", o)
	}
}

func TestPayoutsThatAreRefused(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	long := strings.Repeat("ж", 129)
	with := func(field string) string { return `{` + sum("100.00") + `,` + field + `}` }
	data := func(fields string) string { return with(`"payout_destination_data":{` + fields + `}`) }
	const dest = "payout_destination_data"
	tests := []struct {
		name, body string
		header     map[string]string
		status     int
		parameter  string
	}{
		{"the shop's key", with(toCard), as(nil), 403, ""},
		{"a token", with(toCard), bearer, 403, ""},
		{"no key", with(toCard), as(payer, "Idempotence-Key", ""), 400, "Idempotence-Key"},
		{"a form", with(toCard), as(payer, "Content-Type", "text/plain"), 415, ""},
		{"no amount", `{` + toCard + `}`, payer, 400, "amount"},
		{"another currency", `{"amount":{"value":"1.00","currency":"EUR"},` + toCard + `}`, payer, 400, "amount.currency"},
		{"no destination", `{` + sum("100.00") + `}`, payer, 400, dest},
		{"two destinations", with(toCard + `,"payout_token":"t"`), payer, 400, dest},
		{"token and saved method", with(`"payout_token":"t","payment_method_id":"m"`), payer, 400, dest},
		{"no type", data(``), payer, 400, dest + ".type"},
		{"a made-up type", data(`"type":"cash"`), payer, 400, dest + ".type"},
		{"no card", data(`"type":"bank_card"`), payer, 400, dest + ".card"},
		{"no number", data(`"type":"bank_card","card":{}`), payer, 400, dest + ".card.number"},
		{"15 digits", data(`"type":"bank_card","card":{"number":"555555555555444"}`), payer, 400, dest + ".card.number"},
		{"20 digits", data(`"type":"bank_card","card":{"number":"55555555555554444444"}`), payer, 400, dest + ".card.number"},
		{"no wallet", data(`"type":"yoo_money"`), payer, 400, dest + ".account_number"},
		{"10 digits", data(`"type":"yoo_money","account_number":"4100161457"`), payer, 400, dest + ".account_number"},
		{"no phone", data(`"type":"sbp","bank_id":"100000000111"`), payer, 400, dest + ".phone"},
		{"a phone with a plus", data(`"type":"sbp","phone":"+79990001122","bank_id":"100000000111"`), payer, 400, dest + ".phone"},
		{"no bank", data(`"type":"sbp","phone":"79990001122"`), payer, 400, dest + ".bank_id"},
		{"an unknown bank", data(`"type":"sbp","phone":"79990001122","bank_id":"100000009999"`), payer, 400, dest + ".bank_id"},
		{"a long description", with(toCard + `,"description":"` + long + `"`), payer, 400, "description"},
		{"metadata of numbers", with(toCard + `,"metadata":{"a":1}`), payer, 400, "metadata"},
		{"three people", with(toCard + `,"personal_data":[{"id":"a"},{"id":"b"},{"id":"c"}]`), payer, 400, "personal_data"},
		{"a person without an id", with(toCard + `,"personal_data":[{}]`), payer, 400, "personal_data[0].id"},
		{"unknown personal data", with(toCard + `,"personal_data":[{"id":"pd-1"}]`), payer, 404, ""},
		{"a deal without an id", with(toCard + `,"deal":{}`), payer, 400, "deal.id"},
		{"a deal", with(toCard + `,"deal":{"id":"dl-1"}`), payer, 403, "deal"},
		{"an unknown saved method", with(`"payment_method_id":"none"`), payer, 404, ""},
		{"a method that was not saved", with(`"payment_method_id":"` + paid + `"`), payer, 400, "payment_method_id"},
	}
	for _, tt := range tests {
		a := s.send("POST", "/v3/payouts", tt.body, tt.header)
		if parameter, _ := a.body["parameter"].(string); a.status != tt.status || parameter != tt.parameter {
			t.Errorf("%s: %d %s", tt.name, a.status, a.text)
		}
	}
	s.wantLedger(0)
	for path, status := range map[string]int{"/v3/payouts/po-none": 404, "/v3/payouts/x/y": 404, "/v3/payouts/": 404} {
		if a := s.see(path); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.text)
		}
	}
	for _, path := range []string{"/v3/payouts", "/v3/payouts/search?metadata%5Ba%5D=b", "/v3/payouts/po-1", "/v3/sbp_banks"} {
		if a := s.get(path); a.status != 403 {
			t.Errorf("the shop's key at %s: %d", path, a.status)
		}
	}
}

func TestPayoutsAreMadeMaskedAndSettled(t *testing.T) {
	tests := []struct {
		name, to   string
		o          Options
		now, later string
		shows      string
	}{
		{"a card", toCard, Options{}, "succeeded", "succeeded", `"card":{"first6":"555555","last4":"4477","card_type":"MasterCard"`},
		{"a wallet", toWallet, Options{}, "succeeded", "succeeded", `"account_number":"41001614575714"`},
		{"a phone", toPhone, Options{}, "pending", "succeeded", `"phone":"79990001122","bank_id":"100000000111","recipient_checked":false`},
		{"a slow card", toCard, Options{PayoutAfter: 50 * time.Second}, "pending", "succeeded", `"4477"`},
		{"a card that fails", toCard, Options{PayoutReason: "fraud_suspected"}, "canceled", "canceled", `{"party":"yoo_money","reason":"fraud_suspected"}`},
		{"a phone that fails", toPhone, Options{PayoutReason: "recipient_not_found"}, "pending", "canceled", `{"party":"payout_network","reason":"recipient_not_found"}`},
		{"a token", `"payout_token":"t1"`, Options{}, "succeeded", "succeeded", `"type":"bank_card"`},
		{"a saved card", `"payment_method_id":"` + saved + `"`, Options{}, "succeeded", "succeeded", `"last4":"4444"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t, 13, tt.o)
			s.saveCard()
			body := `{` + sum("1000.50") + `,` + tt.to + `,"description":"Выплата","metadata":{"order_id":"7"}}`
			a := s.payout(body, "k1")
			id, _ := a.body["id"].(string)
			if a.status != 200 || a.body["status"] != tt.now || !strings.HasPrefix(id, "po-") || strings.Contains(a.text, "5555555555") {
				t.Fatalf("%d %s", a.status, a.text)
			}
			checkPayout(t, a.body)
			if b := s.see("/v3/payouts/" + id); b.text != a.text {
				t.Errorf("get says %s, not %s", b.text, a.text)
			}
			s.clock.Advance(time.Minute)
			b := s.payout(body, "k1")
			if b.body["id"] != id || b.body["status"] != tt.later || !strings.Contains(b.text+a.text, tt.shows) {
				t.Errorf("a minute later: %s", b.text)
			}
			checkPayout(t, b.body)
			s.wantLedger(1)
			ledger := string(s.opt.Gate.Ledger())
			if !strings.Contains(ledger, `"call":"POST /payouts","id":"`+id+`","amount":"1000.50","currency":"RUB","key":"k1"`) || strings.Contains(ledger, "5555555555") {
				t.Errorf("ledger %s", ledger)
			}
			later := s.replayed(Options{})
			for _, path := range []string{"/v3/payouts/" + id, "/v3/me", "/v3/payouts?limit=5"} {
				if was, is := s.see(path), later.see(path); was.text != is.text {
					t.Errorf("%s: %s, replayed %s", path, was.text, is.text)
				}
			}
			if c := later.payout(strings.Replace(body, "1000.50", "1000.51", 1), "k1"); c.body["parameter"] != "Idempotence-Key" {
				t.Errorf("the key is free after a replay: %s", c.text)
			}
			if c := s.payout(body, ""); (c.status == 200) != (tt.name != "a token") || c.body["id"] == id {
				t.Errorf("another key: %s", c.text)
			}
		})
	}
}

// Keys belong to an account: the shop's are nothing to the payout gateway. A
// right that is missing binds none.
func TestKeysBelongToAnAccount(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	back := s.post("/v3/refunds", refundOf(paid, "1.00"), "k1")
	out := s.payout(`{`+sum("100.00")+`,`+toCard+`}`, "k1")
	if back.status != 200 || out.status != 200 {
		t.Fatalf("%s, %s", back.text, out.text)
	}
	token := s.send("POST", "/v3/refunds", refundOf(paid, "1.00"), as(bearer, "Idempotence-Key", "k1"))
	if token.body["id"] != back.body["id"] {
		t.Errorf("the shop by its token: %s", token.text)
	}
	s.payout(`{`+sum("100.00")+`,`+toCard+`,"deal":{"id":"dl-1"}}`, "k2")
	if a := s.payout(`{`+sum("100.00")+`,`+toCard+`}`, "k2"); a.status != 200 {
		t.Errorf("a missing right bound the key: %s", a.text)
	}
	later := s.replayed(Options{})
	for _, sh := range []*shop{s, later} {
		if a := sh.payout(`{`+sum("100.00")+`,`+toCard+`}`, "k1"); a.body["id"] != out.body["id"] {
			t.Errorf("the same again: %s", a.text)
		}
	}
	s.wantLedger(3)
	was, is := s.payout(`{`+sum("100.00")+`,`+toCard+`}`, "k3"), later.payout(`{`+sum("100.00")+`,`+toCard+`}`, "k3")
	if was.text != is.text || was.status != 200 {
		t.Errorf("the next one: %s, after a replay %s", was.text, is.text)
	}
}

// Limits cancel a payout; they are no errors.
func TestPayoutLimits(t *testing.T) {
	type step struct {
		sum    string
		times  int
		reason string // of the last
	}
	tests := []struct {
		name, to string
		steps    []step
	}{
		{"a card's least", toCard, []step{{"99.99", 1, "one_time_limit_exceeded"}, {"100.00", 1, ""}}},
		{"a card's most", toCard, []step{{"500000.01", 1, "one_time_limit_exceeded"}, {"500000.00", 1, ""}}},
		{"a card's month", toCard, []step{{"500000.01", 3, "one_time_limit_exceeded"}, {"500000.00", 3, ""}, {"100.00", 1, "periodic_limit_exceeded"}}},
		{"a card's day", toCard, []step{{"100.00", 20, ""}, {"100.00", 1, "periodic_limit_exceeded"}}},
		{"a wallet's least", toWallet, []step{{"0.99", 1, "one_time_limit_exceeded"}, {"1.00", 1, ""}}},
		{"a wallet's month", toWallet, []step{{"600000.00", 1, ""}, {"1.00", 1, "periodic_limit_exceeded"}}},
		{"the balance", toPhone, []step{{"10000000.00", 1, ""}, {"1.00", 1, "insufficient_funds"}}},
	}
	for _, tt := range tests {
		s := newShop(t, 13, Options{})
		for _, st := range tt.steps {
			for i := range st.times {
				a := s.payout(`{`+sum(st.sum)+`,`+tt.to+`}`, "")
				failed, _ := a.body["cancellation_details"].(map[string]any)
				reason, _ := failed["reason"].(string)
				if a.status != 200 || reason != st.reason {
					t.Errorf("%s, %s, %d: %d %s", tt.name, st.sum, i, a.status, a.text)
				}
				checkPayout(t, a.body)
			}
		}
		s.clock.Set(noon.AddDate(0, 0, 9)) // the first of the next month
		if a := s.payout(`{`+sum("100.00")+`,`+tt.to+`}`, ""); (a.body["status"] == "canceled") != (tt.name == "the balance") {
			t.Errorf("%s, next month: %s", tt.name, a.text)
		}
	}
}

// Money on its way is off the balance, and comes back when the payout fails.
func TestTheBalanceFollowsPayouts(t *testing.T) {
	s := newShop(t, 13, Options{PayoutReason: "recipient_not_found"})
	left := func() string { return fmt.Sprint(s.see("/v3/me").body["payout_balance"].(map[string]any)["value"]) }
	s.payout(`{`+sum("1000.00")+`,`+toPhone+`}`, "")
	if got := left(); got != "9999000.00" {
		t.Errorf("on its way: %s", got)
	}
	s.clock.Advance(time.Minute)
	if got := left(); got != "10000000.00" {
		t.Errorf("failed: %s", got)
	}
}

func TestPayoutsAreListedBySomeFilters(t *testing.T) {
	s := newShop(t, 1300, Options{})
	all := s.allOf("/v3/payouts?limit=30")
	if len(all) < 100 || !slices.IsSortedFunc(all, func(a, b map[string]any) int {
		return strings.Compare(b["created_at"].(string), a["created_at"].(string))
	}) {
		t.Fatalf("%d payouts, or out of order", len(all))
	}
	kinds, states := map[any]int{}, map[any]int{}
	count := func(fits func(map[string]any) bool) int {
		n := 0
		for _, o := range all {
			if fits(o) {
				n++
			}
		}
		return n
	}
	for _, o := range all {
		checkPayout(t, o)
		kinds[o["payout_destination"].(map[string]any)["type"]]++
		states[o["status"]]++
	}
	for _, kind := range destinationTypes {
		if got := len(s.allOf("/v3/payouts?payout_destination.type=" + kind)); got != kinds[kind] || got == 0 {
			t.Errorf("%s: %d of %d", kind, got, kinds[kind])
		}
	}
	for _, status := range shortStatuses {
		if got := len(s.allOf("/v3/payouts?status=" + status)); got != states[status] {
			t.Errorf("%s: %d of %d", status, got, states[status])
		}
	}
	middle := all[len(all)/2]["created_at"].(string)
	for field, want := range map[string]int{
		"created_at.gte=" + middle:   count(func(o map[string]any) bool { return o["created_at"].(string) >= middle }),
		"created_at.lt=" + middle:    count(func(o map[string]any) bool { return o["created_at"].(string) < middle }),
		"succeeded_at.gt=" + middle:  count(func(o map[string]any) bool { at, ok := o["succeeded_at"].(string); return ok && at > middle }),
		"succeeded_at.lte=" + middle: count(func(o map[string]any) bool { at, ok := o["succeeded_at"].(string); return ok && at <= middle }),
	} {
		if got := len(s.allOf("/v3/payouts?" + field)); got != want || got == 0 {
			t.Errorf("%s: %d of %d", field, got, want)
		}
	}
	first := s.see("/v3/payouts?status=succeeded")
	cursor := "&cursor=" + url.QueryEscape(first.body["next_cursor"].(string))
	for path, parameter := range map[string]string{
		"/v3/payouts?limit=101":                           "limit",
		"/v3/payouts?status=waiting_for_capture":          "status",
		"/v3/payouts?payout_destination.type=cash":        "payout_destination.type",
		"/v3/payouts?payout_destination.type=":            "payout_destination.type",
		"/v3/payouts?succeeded_at.gte=today":              "succeeded_at.gte",
		"/v3/payouts?status=canceled" + cursor:            "cursor",
		"/v3/payouts/search":                              "metadata",
		"/v3/payouts/search?metadata%5B%5D=b":             "metadata",
		"/v3/payouts/search?metadata=b":                   "metadata",
		"/v3/payouts/search?metadata[a]=b&metadata[c]=d":  "metadata",
		"/v3/payouts/search?metadata[a]=b&metadata[a]=c":  "metadata",
		"/v3/payouts/search?metadata[a]=b&limit=0":        "limit",
		"/v3/payouts/search?metadata[a]=b&created_at.lt=": "created_at.lt",
	} {
		if a := s.see(path); a.status != 400 || a.body["parameter"] != parameter {
			t.Errorf("%s: %d %s", path, a.status, a.text)
		}
	}
}

func TestPayoutsAreSearchedByMetadata(t *testing.T) {
	s := newShop(t, 13, Options{})
	make := func(meta string) any {
		return s.payout(`{`+sum("100.00")+`,`+toWallet+`,"metadata":{`+meta+`}}`, "").body["id"]
	}
	a, b := make(`"номер заказа":"7","who":"x"`), make(`"номер заказа":"7"`)
	make(`"номер заказа":"77"`)
	found := "/v3/payouts/search?limit=1&metadata%5B" + url.QueryEscape("номер заказа") + "%5D=7"
	got := s.allOf(found)
	if len(got) != 2 || got[0]["id"] != b || got[1]["id"] != a {
		t.Errorf("found %v", got)
	}
	if got := s.allOf(found + "&created_at.lt=2026-11-01T00:00:00.000Z"); len(got) != 0 {
		t.Errorf("before November: %v", got)
	}
	s.clock.Set(noon.AddDate(0, 3, 1))
	if got := s.allOf(found); len(got) != 0 {
		t.Errorf("after three months: %v", got)
	}
	if got := s.allOf("/v3/payouts?created_at.gte=2026-11-22T09:00:00.000Z"); len(got) != 3 {
		t.Errorf("the list reaches back three years: %v", got)
	}
}

func TestServersWithoutAListOfPayouts(t *testing.T) {
	s := newShop(t, 13, Options{NoPayoutList: true})
	a := s.payout(`{`+sum("100.00")+`,`+toCard+`,"metadata":{"a":"b"}}`, "")
	if got := s.see("/v3/payouts/" + fmt.Sprint(a.body["id"])); a.status != 200 || got.text != a.text {
		t.Errorf("get: %s", got.text)
	}
	if got := s.see("/v3/payouts"); got.status != 405 || got.header.Get("Allow") != "POST" {
		t.Errorf("list: %d %v", got.status, got.header)
	}
	if got := s.see("/v3/payouts/search?metadata[a]=b"); got.status != 404 || got.body["code"] != "not_found" {
		t.Errorf("search: %d %s", got.status, got.text)
	}
}

func TestSetWorldPayout(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.set("payout", `{"id":"po-1","amount":{"value":"5"},"status":"pending"}`)
	s.clock.Advance(100 * time.Hour)
	if p := s.see("/v3/payouts/po-1"); p.body["status"] != "pending" || !strings.Contains(p.text, `"value":"5.00","currency":"RUB"`) {
		t.Errorf("pending: %s", p.text)
	}
	before := s.see("/v3/me").body["payout_balance"]
	for _, status := range shortStatuses {
		s.set("payout", `{"id":"po-1","status":"`+status+`"}`)
		p := s.see("/v3/payouts/po-1")
		if p.body["status"] != status {
			t.Errorf("%s: %s", status, p.text)
		}
	}
	if after := s.see("/v3/me").body["payout_balance"]; fmt.Sprint(before) == fmt.Sprint(after) || !strings.Contains(fmt.Sprint(after), "10000000.00") {
		t.Errorf("balance %v, then %v", before, after)
	}
	row := s.allOf("/v3/payouts?status=succeeded")
	s.set("payout", `{"id":"`+row[0]["id"].(string)+`","status":"canceled"}`)
	p := s.see("/v3/payouts/" + row[0]["id"].(string))
	checkPayout(t, p.body)
	for _, bad := range []string{`{"amount":{"value":"0"}}`, `{"amount":{"value":"1.00"},"status":"paid"}`, `{"amount":{"value":"1.00"},"payout_destination":{"type":"sbp"}}`, `{"colour":"red"}`} {
		if err := s.SetWorld("payout", []byte(bad)); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func TestBanks(t *testing.T) {
	s := newShop(t, 13, Options{})
	a := s.see("/v3/sbp_banks")
	items, _ := a.body["items"].([]any)
	if a.status != 200 || a.body["type"] != "list" || len(items) == 0 || a.body["next_cursor"] != nil {
		t.Fatalf("%d %s", a.status, a.text)
	}
	for _, it := range items {
		b := it.(map[string]any)
		if len(fmt.Sprint(b["bank_id"])) != 12 || b["name"] == "" || len(fmt.Sprint(b["bic"])) != 9 {
			t.Errorf("bank %v", b)
		}
	}
}

func FuzzPayoutBody(f *testing.F) {
	f.Add([]byte(`{` + sum("1.00") + `,` + toPhone + `,"personal_data":[{}]}`))
	f.Add([]byte(`{` + sum("100.00") + `,` + toCard + `}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newShop(t, 13, Options{})
		if a := s.payout(string(body), ""); a.status != 200 && a.status != 400 && a.status != 403 && a.status != 404 {
			t.Errorf("%q: %d %s", body, a.status, a.text)
		}
		s.clock.Advance(time.Hour)
		s.see("/v3/payouts")
	})
}
