package yookassa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	price    = `"amount":{"value":"100.00","currency":"RUB"}`
	redirect = `"confirmation":{"type":"redirect","return_url":"https://shop.example.ru/done"}`
	saved    = "22e12f66-000f-5000-8000-00000000000f"
)

// replayed is a shop of the next morning over the ledger of s.
func (s *shop) replayed(o Options) *shop {
	s.Helper()
	later := newShop(s.TB, 13, o)
	for text := range strings.Lines(string(s.opt.Gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			s.Fatal(err)
		}
		if err := later.opt.Gate.Replay(e, later.Replay); err != nil {
			s.Fatal(err)
		}
	}
	later.clock.Set(s.clock.Now())
	return later
}

// saves a card with a payment that was made long ago.
func (s *shop) saveCard() {
	s.Helper()
	s.set("payment", `{"id":"`+saved+`","amount":{"value":"1.00","currency":"RUB"},"payment_method":{"type":"bank_card","id":"`+saved+`","saved":true,"status":"active",
		"card":{"first6":"555555","last4":"4444","expiry_month":"07","expiry_year":"2030","card_type":"MasterCard"}}}`)
}

func TestNewPaymentsThatAreRefused(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.saveCard()
	s.two()
	long := func(n int) string { return strings.Repeat("ж", n) }
	with := func(field string) string { return `{` + price + `,` + redirect + `,` + field + `}` }
	confirm := func(fields string) string { return `{` + price + `,"confirmation":{` + fields + `}}` }
	flight := func(fields string) string { return with(`"airline":{` + fields + `}`) }
	leg := `"departure_airport":"SVO","destination_airport":"LED","departure_date":"2026-12-01"`
	keys := make([]string, 17)
	for i := range keys {
		keys[i] = fmt.Sprintf(`"k%d":"v"`, i)
	}
	tests := []struct {
		name, body string
		status     int
		parameter  string
	}{
		{"no amount", `{` + redirect + `}`, 400, "amount"},
		{"an amount of a number", `{"amount":{"value":100,"currency":"RUB"},` + redirect + `}`, 400, "amount.value"},
		{"nothing to pay", `{"amount":{"value":"0.00","currency":"RUB"},` + redirect + `}`, 400, "amount.value"},
		{"another currency", `{"amount":{"value":"1.00","currency":"USD"},` + redirect + `}`, 400, "amount.currency"},
		{"a long description", with(`"description":"` + long(129) + `"`), 400, "description"},
		{"a gateway of another shop", with(`"recipient":{"gateway_id":"1"}`), 400, "recipient.gateway_id"},
		{"no gateway", with(`"recipient":{}`), 400, "recipient.gateway_id"},
		{"token and saved method", `{` + price + `,"payment_token":"t","payment_method_id":"` + saved + `"}`, 400, "payment_method_data"},
		{"token and data", `{` + price + `,"payment_token":"t","payment_method_data":{"type":"sbp"}}`, 400, "payment_method_data"},
		{"saved method and data", `{` + price + `,"payment_method_id":"` + saved + `","payment_method_data":{"type":"sbp"}}`, 400, "payment_method_data"},
		{"an empty token", `{` + price + `,"payment_token":""}`, 400, "payment_token"},
		{"a token that is too long", `{` + price + `,"payment_token":"` + long(10241) + `"}`, 400, "payment_token"},
		{"data that is a text", with(`"payment_method_data":"sbp"`), 400, "payment_method_data"},
		{"data without a type", with(`"payment_method_data":{}`), 400, "payment_method_data.type"},
		{"a method of old", with(`"payment_method_data":{"type":"yandex_money"}`), 400, "payment_method_data.type"},
		{"a method that is history", with(`"payment_method_data":{"type":"qiwi"}`), 400, "payment_method_data.type"},
		{"a mobile without a phone", with(`"payment_method_data":{"type":"mobile_balance"}`), 400, "payment_method_data.phone"},
		{"a phone with a plus", with(`"payment_method_data":{"type":"sberbank","phone":"+79990001122"}`), 400, "payment_method_data.phone"},
		{"a card of letters", with(`"payment_method_data":{"type":"bank_card","card":{"number":"x","expiry_month":"01","expiry_year":"2030"}}`), 400, "payment_method_data.card.number"},
		{"a card without a month", with(`"payment_method_data":{"type":"bank_card","card":{"number":"5555555555554444","expiry_year":"2030"}}`), 400, "payment_method_data.card.expiry_month"},
		{"a card number", with(`"payment_method_data":{"type":"bank_card","card":{"number":"5555555555554444","expiry_month":"01","expiry_year":"2030"}}`), 403, "payment_method_data.card"},
		{"no confirmation", `{` + price + `}`, 400, "confirmation"},
		{"a method without confirmation", `{` + price + `,"payment_method_data":{"type":"sbp"}}`, 400, "confirmation"},
		{"a saved method with confirmation", `{` + price + `,` + redirect + `,"payment_method_id":"` + saved + `"}`, 400, "confirmation"},
		{"a confirmation without a type", confirm(``), 400, "confirmation.type"},
		{"a made-up confirmation", confirm(`"type":"pigeon"`), 400, "confirmation.type"},
		{"nowhere to return to", confirm(`"type":"redirect"`), 400, "confirmation.return_url"},
		{"too far to return to", confirm(`"type":"redirect","return_url":"https://` + long(2048) + `"`), 400, "confirmation.return_url"},
		{"enforced by a text", confirm(`"type":"redirect","return_url":"https://a.ru","enforce":"yes"`), 400, "confirmation.enforce"},
		{"a locale in small letters", confirm(`"type":"embedded","locale":"ru_ru"`), 400, "confirmation.locale"},
		{"a locale of old", confirm(`"type":"embedded","locale":"de_DE"`), 400, "confirmation.locale"},
		{"capture by a text", with(`"capture":"true"`), 400, "capture"},
		{"a save by a number", with(`"save_payment_method":1`), 400, "save_payment_method"},
		{"an address that is none", with(`"client_ip":"1.2.3"`), 400, "client_ip"},
		{"17 keys of metadata", with(`"metadata":{` + strings.Join(keys, ",") + `}`), 400, "metadata"},
		{"a long key of metadata", with(`"metadata":{"` + long(33) + `":"v"}`), 400, "metadata"},
		{"a long value of metadata", with(`"metadata":{"k":"` + long(513) + `"}`), 400, "metadata"},
		{"a long customer", with(`"merchant_customer_id":"` + long(201) + `"`), 400, "merchant_customer_id"},
		{"a flight without a ticket", flight(``), 400, "airline.ticket_number"},
		{"a ticket of letters", flight(`"ticket_number":"a"`), 400, "airline.ticket_number"},
		{"a long booking", flight(`"booking_reference":"` + long(21) + `"`), 400, "airline.booking_reference"},
		{"a passenger without a name", flight(`"booking_reference":"A","passengers":[{"first_name":"A"}]`), 400, "airline.passengers[0].last_name"},
		{"five legs", flight(`"booking_reference":"A","legs":[{},{},{},{},{}]`), 400, "airline.legs"},
		{"a small airport", flight(`"booking_reference":"A","legs":[{` + strings.ToLower(leg) + `}]`), 400, "airline.legs[0].departure_airport"},
		{"a day that is none", flight(`"booking_reference":"A","legs":[{` + strings.Replace(leg, "12-01", "12-41", 1) + `}]`), 400, "airline.legs[0].departure_date"},
		{"a carrier of a letter", flight(`"booking_reference":"A","legs":[{` + leg + `,"carrier_code":"S"}]`), 400, "airline.legs[0].carrier_code"},
		{"a transfer to nobody", with(`"transfers":[{` + price + `}]`), 400, "transfers[0].account_id"},
		{"a transfer of nothing", with(`"transfers":[{"account_id":"1"}]`), 400, "transfers[0].amount"},
		{"a fee above its transfer", with(`"transfers":[{"account_id":"1",` + price + `,"platform_fee_amount":{"value":"100.01","currency":"RUB"}}]`), 400, "transfers[0].platform_fee_amount.value"},
		{"transfers above the payment", with(`"transfers":[{"account_id":"1",` + price + `},{"account_id":"2",` + price + `}]`), 400, "transfers"},
		{"a receipt of another sum", with(`"receipt":{"customer":{"email":"a@example.ru"},"items":[` + line + `,` + line + `]}`), 400, "receipt.items"},
		{"a deal", with(`"deal":{"id":"dl-1"}`), 403, "deal"},
		{"an unknown saved method", `{` + price + `,"payment_method_id":"none"}`, 404, ""},
		{"a method that was not saved", `{` + price + `,"payment_method_id":"` + paid + `"}`, 400, "payment_method_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := s.post("/v3/payments", tt.body, "")
			if parameter, _ := a.body["parameter"].(string); a.status != tt.status || parameter != tt.parameter || a.body["type"] != "error" {
				t.Errorf("%d %s", a.status, a.text)
			}
		})
	}
	s.wantLedger(0)
}

// Each confirmation gives the payer what it is for.
func TestNewPaymentsWaitForTheirPayer(t *testing.T) {
	tests := []struct{ confirmation, data, field string }{
		{`{"type":"redirect","return_url":"https://a.ru","enforce":true,"locale":"en_US"}`, ``, "confirmation_url"},
		{`{"type":"embedded"}`, ``, "confirmation_token"},
		{`{"type":"qr"}`, `{"type":"sbp"}`, "confirmation_data"},
		{`{"type":"mobile_application","return_url":"app://back"}`, `{"type":"sberbank","phone":"79990001122"}`, "confirmation_url"},
		{`{"type":"external"}`, `{"type":"mobile_balance","phone":"79990001122"}`, ""},
	}
	s := newShop(t, 13, Options{})
	for i, tt := range tests {
		body := `{` + price + `,"description":"Заказ","metadata":{"order_id":"7"},"client_ip":"2001:db8::1","merchant_customer_id":"c1","confirmation":` + tt.confirmation
		if tt.data != "" {
			body += `,"payment_method_data":` + tt.data
		}
		a := s.post("/v3/payments", body+`}`, "")
		how, _ := a.body["confirmation"].(map[string]any)
		if a.status != 200 || a.body["status"] != "pending" || how == nil || tt.field != "" && how[tt.field] == nil {
			t.Fatalf("%s: %d %s", tt.confirmation, a.status, a.text)
		}
		checkPayment(t, a.body, "pending")
		m, _ := a.body["payment_method"].(map[string]any)
		if (m != nil) != (tt.data != "") || m != nil && (len(m) != 4 || m["id"] != a.body["id"]) {
			t.Errorf("method %v", m)
		}
		if got := s.get("/v3/payments/" + a.body["id"].(string)); got.text != a.text {
			t.Errorf("get says %s, not %s", got.text, a.text)
		}
		if first := s.get("/v3/payments").body["items"].([]any)[0].(map[string]any); first["id"] != a.body["id"] {
			t.Errorf("the newest is %v", first["id"])
		}
		s.wantLedger(i + 1)
		s.clock.Advance(time.Second)
	}
	ledger := string(s.opt.Gate.Ledger())
	if !strings.Contains(ledger, `"call":"POST /payments","id":"`) || !strings.Contains(ledger, `"amount":"100.00","currency":"RUB","key":"test-1"`) {
		t.Errorf("ledger %s", ledger)
	}
	s.clock.Advance(7 * 24 * time.Hour)
	for _, p := range s.all("/v3/payments?status=pending") {
		t.Errorf("still pending after a week: %v", p)
	}
}

// The payer switch: who comes, when, and what the payment is by then.
func TestPayersComeByTheClock(t *testing.T) {
	tests := []struct {
		name      string
		o         Options
		body      string
		soon, end string // after 29 and 31 seconds
	}{
		{"nobody", Options{}, `"capture":true`, "pending", "pending"},
		{"somebody", Options{Payer: PayerPays}, `"capture":true`, "pending", "succeeded"},
		{"in two stages", Options{Payer: PayerPays}, `"capture":false`, "pending", "waiting_for_capture"},
		{"two stages are the default", Options{Payer: PayerPays}, `"description":"d"`, "pending", "waiting_for_capture"},
		{"a quick one", Options{Payer: PayerPays, PayerAfter: time.Second}, `"capture":true`, "succeeded", "succeeded"},
		{"a poor one", Options{Payer: PayerDeclined}, `"capture":true`, "pending", "canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(t, 13, tt.o)
			slip := `"receipt":{"customer":{"email":"a@example.ru"},"items":[` + line + `]}`
			body := `{` + price + `,` + redirect + `,` + slip + `,` + tt.body + `,"save_payment_method":true,"transfers":[{"account_id":"1",` + price + `}]}`
			a := s.post("/v3/payments", body, "k1")
			id := fmt.Sprint(a.body["id"])
			if a.body["status"] != "pending" || a.body["receipt_registration"] != "pending" {
				t.Fatalf("new: %s", a.text)
			}
			s.clock.Advance(29 * time.Second)
			if p := s.get("/v3/payments/" + id); p.body["status"] != tt.soon {
				t.Errorf("soon: %s", p.text)
			}
			s.clock.Advance(2 * time.Second)
			p := s.post("/v3/payments", body, "k1")
			if p.body["status"] != tt.end || p.body["id"] != a.body["id"] {
				t.Fatalf("in the end: %s", p.text)
			}
			checkPayment(t, p.body, tt.end)
			kept := p.body["paid"] == true
			if strings.Contains(p.text, `"saved":true`) != kept || strings.Contains(p.text, "three_d_secure") != kept || strings.Count(p.text, `"status":"`+tt.end) != 2 {
				t.Errorf("in the end: %s", p.text)
			}
			later := s.replayed(Options{})
			s.wantLedger(1)
			for _, sh := range []*shop{s, later} {
				if got := sh.get("/v3/payments/" + id); got.text != p.text {
					t.Errorf("replayed: %s, not %s", got.text, p.text)
				}
				sh.clock.Advance(time.Minute)
			}
			was, is := s.get("/v3/receipts?payment_id="+id), later.get("/v3/receipts?payment_id="+id)
			if was.text != is.text || strings.Contains(was.text, `"status":"succeeded"`) != (tt.end == "succeeded") {
				t.Errorf("receipts %s, replayed %s", was.text, is.text)
			}
		})
	}
}

func TestSavedMethodsAndTokensPayAtOnce(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.saveCard()
	bySaved, byToken := `"payment_method_id":"`+saved+`"`, func(t string) string { return `"payment_token":"` + t + `"` }
	tests := []struct{ name, body, status string }{
		{"saved, one stage", bySaved + `,"capture":true`, "succeeded"},
		{"saved, two stages", bySaved, "waiting_for_capture"},
		{"token, one stage", byToken("t1") + `,"capture":true`, "succeeded"},
		{"token, two stages", byToken("t2"), "waiting_for_capture"},
		{"token with a check", byToken("t3") + `,` + redirect, "pending"},
	}
	for _, tt := range tests {
		a := s.post("/v3/payments", `{`+price+`,`+tt.body+`}`, "")
		if a.status != 200 || a.body["status"] != tt.status || (a.body["confirmation"] != nil) != (tt.status == "pending") {
			t.Fatalf("%s: %d %s", tt.name, a.status, a.text)
		}
		checkPayment(t, a.body, tt.status)
		m := a.body["payment_method"].(map[string]any)
		if (m["id"] == saved && m["saved"] == true && strings.Contains(a.text, "4444")) != strings.HasPrefix(tt.name, "saved") {
			t.Errorf("%s: method %v", tt.name, m)
		}
		if m["saved"] != strings.HasPrefix(tt.name, "saved") {
			t.Errorf("%s: saved without being asked: %v", tt.name, m)
		}
		if got := s.get("/v3/payments/" + a.body["id"].(string)); got.text != a.text {
			t.Errorf("get says %s, not %s", got.text, a.text)
		}
	}
	if a := s.post("/v3/payments", `{`+price+`,`+byToken("t1")+`}`, ""); a.status != 400 || a.body["parameter"] != "payment_token" {
		t.Errorf("a token twice: %s", a.text)
	}
	if ledger := string(s.opt.Gate.Ledger()); strings.Contains(ledger, `"t1"`) {
		t.Errorf("a token stands in the ledger: %s", ledger)
	}
	later := s.replayed(Options{})
	if a := later.post("/v3/payments", `{`+price+`,`+byToken("t2")+`}`, "new"); a.body["parameter"] != "payment_token" {
		t.Errorf("a token again after a replay: %s", a.text)
	}
	poor := newShop(t, 13, Options{Payer: PayerDeclined})
	poor.saveCard()
	if a := poor.post("/v3/payments", `{`+price+`,`+bySaved+`}`, ""); a.body["status"] != "canceled" || !strings.Contains(a.text, "insufficient_funds") {
		t.Errorf("a bank that refuses: %s", a.text)
	}
}

// A payment that was made here goes the same ways as one of the world, and the
// receipt that it was made with comes when the money is taken.
func TestNewPaymentsAreCapturedRefundedAndReplayed(t *testing.T) {
	s := newShop(t, 13, Options{})
	slip := `"receipt":{"customer":{"email":"a@example.ru"},"items":[` + line + `]}`
	make := func(token string) string {
		return fmt.Sprint(s.post("/v3/payments", `{`+price+`,`+slip+`,"payment_token":"`+token+`"}`, "").body["id"])
	}
	whole, part, gone := make("a"), make("b"), make("c")
	if a := s.post("/v3/payments/"+whole+"/capture", `{}`, ""); a.body["status"] != "succeeded" {
		t.Fatalf("capture: %s", a.text)
	}
	if a := s.post("/v3/payments/"+part+"/capture", `{"amount":{"value":"40.00","currency":"RUB"}}`, ""); a.status != 200 {
		t.Fatalf("capture of a part: %s", a.text)
	}
	s.post("/v3/payments/"+gone+"/cancel", ``, "")
	s.clock.Advance(time.Minute)
	back := s.post("/v3/refunds", refundOf(whole, "30.00"), "")
	if back.status != 200 {
		t.Fatalf("refund: %s", back.text)
	}
	// A refund's receipt may name a payment that was captured in part, not one
	// that was captured whole.
	for id, status := range map[string]int{whole: 400, part: 200, gone: 200} {
		if a := s.post("/v3/receipts", slipOf("refund", `"payment_id":"`+id+`"`), ""); a.status != status {
			t.Errorf("refund receipt of %s: %d %s", id, a.status, a.text)
		}
	}
	later := s.replayed(Options{})
	for _, path := range []string{"/v3/payments/" + whole, "/v3/payments/" + part, "/v3/payments/" + gone, "/v3/refunds?payment_id=" + whole, "/v3/receipts?payment_id=" + whole, "/v3/receipts?payment_id=" + part} {
		if was, is := s.get(path), later.get(path); was.text != is.text || was.status != 200 {
			t.Errorf("%s: %s, replayed %s", path, was.text, is.text)
		}
	}
	if got := s.all("/v3/receipts?payment_id=" + whole); len(got) != 1 || got[0]["status"] != "succeeded" {
		t.Errorf("receipts of the payment: %v", got)
	}
	was, is := s.post("/v3/payments", `{`+price+`,"payment_token":"d"}`, "d"), later.post("/v3/payments", `{`+price+`,"payment_token":"d"}`, "d")
	if was.body["id"] != is.body["id"] {
		t.Errorf("ids part after a replay: %s, %s", was.text, is.text)
	}
	if a := later.post("/v3/receipts", slipOf("refund", `"payment_id":"`+whole+`"`), "new"); a.body["parameter"] != "payment_id" || a.status != 400 {
		t.Errorf("what was captured whole is forgotten: %s", a.text)
	}
	if a := later.post("/v3/receipts", slipOf("refund", `"payment_id":"`+part+`"`), "new2"); a.status != 200 {
		t.Errorf("what was captured in part is forgotten: %s", a.text)
	}
}

// What came due between two changes is there again after a replay.
func TestReplayLetsHappenWhatWasDue(t *testing.T) {
	s := newShop(t, 13, Options{Payer: PayerPays})
	a := s.post("/v3/payments", `{`+price+`,`+redirect+`,"capture":true,"receipt":{"customer":{"email":"a@example.ru"},"items":[`+line+`]}}`, "")
	id := fmt.Sprint(a.body["id"])
	s.clock.Advance(45 * time.Second)
	if b := s.post("/v3/refunds", refundOf(id, "10.00"), ""); b.status != 200 {
		t.Fatal(b.text)
	}
	s.clock.Advance(time.Hour)
	later := s.replayed(Options{})
	for _, path := range []string{"/v3/payments/" + id, "/v3/receipts?payment_id=" + id} {
		if was, is := s.get(path), later.get(path); was.text != is.text || !strings.Contains(was.text, `"succeeded"`) {
			t.Errorf("%s: %s, replayed %s", path, was.text, is.text)
		}
	}
}

// Cards and wallets hold money for a week, other methods for six hours.
func TestHoldsByMethod(t *testing.T) {
	for method, hours := range map[string]int{"bank_card": 168, "yoo_money": 168, "sbp": 6, "sberbank": 6} {
		s := newShop(t, 13, Options{Payer: PayerPays})
		a := s.post("/v3/payments", `{`+price+`,`+redirect+`,"payment_method_data":{"type":"`+method+`"}}`, "")
		path := "/v3/payments/" + fmt.Sprint(a.body["id"])
		s.clock.Advance(30 * time.Second)
		want := s.clock.Now().Add(time.Duration(hours) * time.Hour)
		if p := s.get(path); p.body["status"] != "waiting_for_capture" || p.body["expires_at"] != want.UTC().Format(stampLayout) {
			t.Errorf("%s: %s", method, p.text)
		}
		s.clock.Set(want)
		if p := s.get(path); p.body["status"] != "canceled" || !strings.Contains(p.text, "expired_on_capture") {
			t.Errorf("%s, over: %s", method, p.text)
		}
	}
}

func slipOf(kind, of string) string { return slip(kind, of, line) }

// A shop with a certificate sends card numbers; they are kept as masks.
func TestCardNumbersAreMasked(t *testing.T) {
	s := newShop(t, 13, Options{RawCards: true})
	body := `{` + price + `,"capture":true,"payment_method_data":{"type":"bank_card","card":{"number":"5555555555554477","expiry_month":"01","expiry_year":"2030","csc":"123"}}}`
	a := s.post("/v3/payments", body, "k1")
	if a.body["status"] != "succeeded" || !strings.Contains(a.text, `"first6":"555555","last4":"4477"`) || strings.Contains(a.text, "5555555555") {
		t.Errorf("%d %s", a.status, a.text)
	}
	if ledger := string(s.opt.Gate.Ledger()); strings.Contains(ledger, "5555555555") {
		t.Errorf("ledger %s", ledger)
	}
	if b := s.post("/v3/payments", strings.Replace(body, "5555555555554477", "5555551234564477", 1), "k1"); b.body["id"] != a.body["id"] {
		t.Errorf("more than the mask is in the key's print: %d %s", b.status, b.text)
	}
	if b := s.post("/v3/payments", strings.Replace(body, "4477", "4478", 1), "k1"); b.body["parameter"] != "Idempotence-Key" {
		t.Errorf("another card under the key: %d %s", b.status, b.text)
	}
}

func FuzzPaymentBody(f *testing.F) {
	f.Add([]byte(`{` + price + `,` + redirect + `,"airline":{"booking_reference":"A","legs":[{}]},"transfers":[{}]}`))
	f.Add([]byte(`{` + price + `,"payment_token":"t","capture":true,"receipt":{"items":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newShop(t, 13, Options{Payer: PayerPays})
		if a := s.post("/v3/payments", string(body), ""); a.status != 200 && a.status != 400 && a.status != 403 && a.status != 404 {
			t.Errorf("%q: %d %s", body, a.status, a.text)
		}
		s.clock.Advance(time.Hour)
		s.get("/v3/payments")
	})
}
