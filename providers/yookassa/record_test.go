package yookassa

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newClient(t testing.TB, url string, change func(*transport.Account)) *Client {
	t.Helper()
	a := transport.Account{
		Name: "shop", System: "yookassa", URL: url, Username: "100500", Secret: "sandbox", Rate: 1e6,
		Links: map[string]string{"billing_payment": "hosting/payment", "payout_id": "field/payout"},
		Now:   func() time.Time { return now },
	}
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

const heldPayment = `{"id":"2c5d-1","status":"waiting_for_capture","paid":true,"amount":{"value":"1250.50","currency":"RUB"},
	"created_at":"2026-11-21T10:00:00.000Z","expires_at":"2026-11-28T10:00:00.000Z","description":"Заказ 7, карта 5555555555554444",
	"metadata":{"billing_payment":"3001","order_id":"7","customer_name":"Иванова А.П."},"merchant_customer_id":"a@example.ru",
	"payment_method":{"type":"bank_card","id":"2c5d-1","saved":true,"card":{"first6":"555555","last4":"4444","expiry_month":"07","expiry_year":"2030","card_type":"MasterCard"},"title":"Bank card *4444"},
	"recipient":{"account_id":"100500","gateway_id":"17"},"refundable":false,"test":true}`

func TestPaymentRecords(t *testing.T) {
	tests := []struct {
		name      string
		wire      string
		phase     providers.Phase
		remaining string // "" is none
		deadline  bool
		flags     string
		method    string
		card      string
	}{
		{"held", heldPayment, providers.PhaseHeld, "1250.50 RUB", true, "test paid saved no receipt", "bank_card", "•• 4444"},
		{
			"refunded in part", `{"id":"p","status":"succeeded","paid":true,"refundable":true,"amount":{"value":"100.00","currency":"RUB"},"refunded_amount":{"value":"30","currency":"RUB"},"receipt_registration":"canceled","payment_method":{"type":"sbp"}}`,
			providers.PhaseDone, "70.00 RUB", false, "paid refundable refunded in part receipt failed", "sbp", "",
		},
		{
			"refunded whole", `{"id":"p","status":"succeeded","paid":true,"refundable":false,"amount":{"value":"100.00","currency":"RUB"},"refunded_amount":{"value":"100.00","currency":"RUB"},"receipt_registration":"succeeded"}`,
			providers.PhaseDone, "0.00 RUB", false, "paid refunded", "", "",
		},
		{
			"the zero refund of old samples", `{"id":"p","status":"succeeded","paid":"true","refundable":"true","amount":{"value":5,"currency":"EUR"},"refunded_amount":{"value":"0.00","currency":"EUR"},"receipt_registration":"succeeded","payment_method":{"type":"yandex_money","account_number":"410011758831136","title":"YooMoney wallet 410011758831136"}}`,
			providers.PhaseDone, "5.00 EUR", false, "paid refundable", "yoo_money", "•• 1136",
		},
		{
			"cancelled in the old spelling, metadata as a list", `{"id":"p","status":"canceled","amount":{"value":"1.00","currency":"RUB"},"metadata":[],"expires_at":"2026-11-28T10:00:00.000Z","cancellation_details":{"party":"yandex_checkout","reason":"fraud_suspected"}}`,
			providers.PhaseCancelled, "", false, "", "", "",
		},
		{"a status nobody knows", `{"id":"p","status":"on_fire","amount":{"value":"1.00","currency":"RUB"}}`, providers.PhaseUnknown, "", false, "", "", ""},
		{"hardly anything", `{"id":"p","amount":null,"payment_method":"x","test":null}`, providers.PhaseUnknown, "", false, "", "", ""},
	}
	c := newClient(t, "http://127.0.0.1:1/v3", nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := c.record("GET", providers.Payment, []byte(tt.wire))
			if err != nil {
				t.Fatal(err)
			}
			left := strings.ReplaceAll(r.Remaining.String(), "\u00a0", "")
			if r.Status.Phase != tt.phase || left != tt.remaining || r.Deadline.IsZero() == tt.deadline || r.Method != tt.method || r.Party.Card != tt.card {
				t.Errorf("phase %v, remaining %q, deadline %v, method %q, card %q", r.Status.Phase, left, r.Deadline, r.Method, r.Party.Card)
			}
			if got := strings.Join(r.Flags, " "); got != tt.flags {
				t.Errorf("flags %q, want %q", got, tt.flags)
			}
			whole, err := json.Marshal(r)
			if err != nil || strings.Contains(string(whole), "410011758831136") || strings.Contains(string(whole), "5555555555554444") {
				t.Errorf("a wallet or card is whole: %s, %v", whole, err)
			}
		})
	}
}

func TestPaymentRecordTellsAllItKnows(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1/v3", nil)
	r, err := c.record("GET", providers.Payment, []byte(heldPayment))
	if err != nil {
		t.Fatal(err)
	}
	want := providers.Link{Rel: "payment", Ref: providers.Ref{Account: "hosting", Kind: providers.Payment, ID: "3001"}}
	if len(r.Links) != 1 || r.Links[0] != want {
		t.Errorf("links %+v", r.Links)
	}
	if r.Number != "7" || r.Party.Name != "Иванова А.П." || r.Party.ID != "a@example.ru" || r.Note != "Заказ 7, карта •• 4444" {
		t.Errorf("number %q, party %+v, note %q", r.Number, r.Party, r.Note)
	}
	titles := []string{}
	for _, g := range r.Details {
		titles = append(titles, g.Title)
	}
	if got := strings.Join(titles, ","); got != "Payment,Money,Method,Timeline,Metadata" {
		t.Errorf("groups %s", got)
	}
}

func TestRefundRecords(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1/v3", nil)
	tests := []struct {
		wire  string
		phase providers.Phase
		flags string
	}{
		{`{"id":"r","payment_id":"p","status":"succeeded","amount":{"value":"1","currency":"RUB"},"created_at":"2026-11-21T10:00:00.000Z","metadata":{"bursar_key":"k"}}`, providers.PhaseDone, "by bursar"},
		{`{"id":"r","payment_id":"p","status":"pending","amount":{"value":"1.00","currency":"RUB"},"receipt_registration":"pending"}`, providers.PhaseWaiting, "receipt pending"},
		{`{"id":"r","payment_id":"p","status":"canceled","amount":{"value":"1.00","currency":"RUB"},"cancellation_details":{"party":"yoo_money","reason":"insufficient_funds"}}`, providers.PhaseFailed, ""},
	}
	for _, tt := range tests {
		r, err := c.record("GET", providers.Refund, []byte(tt.wire))
		if err != nil {
			t.Fatal(err)
		}
		if r.Status.Phase != tt.phase || strings.Join(r.Flags, " ") != tt.flags || r.Amount.Text() != "1.00" ||
			len(r.Links) != 1 || r.Links[0].Rel != "payment" || r.Links[0].Ref != c.ref(providers.Payment, "p") {
			t.Errorf("%s: %+v", tt.wire, r)
		}
	}
}

func TestReceiptRecords(t *testing.T) {
	c := newClient(t, "http://127.0.0.1:1/v3", nil)
	tests := []struct {
		name, wire, amount, links string
		created                   time.Time
	}{
		{
			"registered, with texts where numbers should be",
			`{"id":"rt_1","type":"payment","payment_id":"p","status":"succeeded","fiscal_document_number":3986,"registered_at":"2026-11-21T13:00:00.000+03:00","items":[{"description":"A","quantity":"2","amount":{"value":"10.00","currency":"RUB"},"vat_code":"2"}],"settlements":[{"type":"cashless","amount":{"value":"20.00","currency":"RUB"}}]}`,
			"20.00", "payment", time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC),
		},
		{
			"pending, without settlements",
			`{"id":"rt-2","type":"refund","refund_id":"r","status":"pending","items":[{"description":"A","quantity":1.5,"amount":{"value":"10.00","currency":"RUB"},"vat_code":1},{"description":"B","quantity":1,"amount":{"value":"0.55","currency":"RUB"},"vat_code":1}]}`,
			"15.55", "refund",
			time.Time{},
		},
		{
			"two currencies have no sum",
			`{"id":"rt-3","type":"payment","payment_id":"p","status":"pending","items":[],"settlements":[{"type":"cashless","amount":{"value":"1.00","currency":"RUB"}},{"type":"cashless","amount":{"value":"1.00","currency":"EUR"}}]}`,
			"0.00", "payment",
			time.Time{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := c.record("GET", providers.Receipt, []byte(tt.wire))
			if err != nil {
				t.Fatal(err)
			}
			if r.Amount.Text() != tt.amount || len(r.Links) != 1 || r.Links[0].Rel != tt.links || !r.Created.Equal(tt.created) {
				t.Errorf("amount %s, links %v, created %v", r.Amount.Text(), r.Links, r.Created)
			}
		})
	}
}

func FuzzRecord(f *testing.F) {
	f.Add(0, []byte(heldPayment))
	f.Add(1, []byte(`{"id":"r","payment_id":"p","amount":{"value":"1","currency":"RUB"},"sources":[{"account_id":"1"},7]}`))
	f.Add(2, []byte(`{"id":"rt-1","items":[{"quantity":"1e9","amount":{"value":"1"}}],"settlements":{}}`))
	c := newClient(f, "http://127.0.0.1:1/v3", nil)
	f.Fuzz(func(t *testing.T, kind int, raw []byte) {
		kinds := c.Kinds()
		r, err := c.record("GET", kinds[(kind%3+3)%3], raw)
		if err != nil {
			return
		}
		if r.Ref.ID == "" || !json.Valid(r.Raw) {
			t.Errorf("%q gives %+v", raw, r)
		}
		for _, a := range c.Actions(r.Ref.Kind) {
			if a.Eligible(r, nil).Answer == providers.CanDo && !a.Amount(r, nil).IsPositive() {
				t.Errorf("%s of nothing: %q", a.ID, raw)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(400, []byte(`{"type":"error","id":"x","code":"invalid_request","description":"bad","parameter":"amount.value","retry_after":5}`))
	f.Add(202, []byte(`{"type":"processing","retry_after":"1800"}`))
	f.Add(502, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		e := decode(transport.Request{Changes: true}, transport.Response{Status: status, Body: body})
		if e == nil && (status < 200 || status > 299) {
			t.Errorf("%d %q is taken for good", status, body)
		}
		if e != nil && (e.RetryAfter < 0 || e.RetryAfter > time.Hour) {
			t.Errorf("%d %q waits %v", status, body, e.RetryAfter)
		}
		if e != nil && status >= 200 && status < 300 && providers.OutcomeOf(e) != providers.Unknown {
			t.Errorf("%d %q proves that nothing was done", status, body)
		}
	})
}

func BenchmarkPaymentRecord(b *testing.B) {
	c := newClient(b, "http://127.0.0.1:1/v3", nil)
	b.SetBytes(int64(len(heldPayment)))
	for b.Loop() {
		if _, err := c.record("GET", providers.Payment, []byte(heldPayment)); err != nil {
			b.Fatal(err)
		}
	}
}
