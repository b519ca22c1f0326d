package activeplatform

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bursar/providers"
)

const sample = `{"id":2000042,"document_id":"P000042","status":"waiting_for_payment","account_id":5003,
 "created_at":"2026-11-22T10:00:00.123+03:00","updated_at":"2026-11-22T11:30:00.5+03:00","total":"24.0","comment":"Продление",
 "requester_ip":"192.0.2.7","manager_id":12,"payment_method_id":null,"payment_method_name":null,
 "orders":[{"id":91,"document_id":"000091","status":"provisioning","account_id":5003,"type":"RenewalOrder",
  "created_at":"2026-11-22T10:00:00.200+03:00","updated_at":"2026-11-22T10:00:00.200+03:00","expiration_date":"2026-12-06",
  "total":24,"promo_code":"","payment_id":2000042,
  "items":[{"id":5,"target_id":300,"target_type":"Subscription","type":"Item::Renewal","status":"done","description":"VPS"}],
  "charges":[{"id":1,"subscription_id":300,"quantity":1,"operate_from":"2026-11-22","operate_to":"2027-02-22","duration":3,
    "description":"translation missing: ru.x","unit_price":"5.0","amount":"15.0","status":"closed","type":"Charge::Renewal",
    "close_date":"2026-11-22","order_id":91,"created_at":"2026-11-22T10:00:00.774220+0300","updated_at":"2026-11-22T10:00:00.774220+0300"},
   {"id":2,"unit_price":"9.0","amount":"9.0","status":"closed","type":"Charge::Recurring"}]}]}`

func recordOf(t *testing.T, doc, currency string) providers.Record {
	t.Helper()
	p, err := decodePayment([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return toRecord(p, []byte(doc), "cloud", currency)
}

func rowIn(r providers.Record, group, label string) string {
	for _, g := range r.Details {
		for _, row := range g.Rows {
			if strings.HasPrefix(g.Title, group) && row.Label == label {
				return row.Value
			}
		}
	}
	return ""
}

// AP-10 to AP-14 and AP-16: fields, orders, items and charges.
func TestAP11RecordHoldsEveryField(t *testing.T) {
	r := recordOf(t, sample, "BYN")
	created := time.Date(2026, 11, 22, 7, 0, 0, 123_000_000, time.UTC)
	if r.Ref != (providers.Ref{Account: "cloud", Kind: providers.Payment, ID: "2000042"}) || r.Number != "P000042" || r.Note != "Продление" {
		t.Errorf("identity: %+v", r)
	}
	if r.Status != (providers.Status{Code: "waiting_for_payment", Label: "Waiting for payment", Phase: providers.PhaseWaiting}) {
		t.Errorf("status: %+v", r.Status)
	}
	if !r.Amount.Equal(providers.MustMoney("24", "BYN")) || !r.Remaining.IsNone() {
		t.Errorf("amount %v, remaining %v", r.Amount, r.Remaining)
	}
	if !r.Created.Equal(created) || r.Party.ID != "5003" || !r.HasFlag(flagOrders) || r.HasFlag(flagMismatch) {
		t.Errorf("created %v, party %+v, flags %v", r.Created, r.Party, r.Flags)
	}
	for _, want := range []struct{ group, label, value string }{
		{"Payment", "Manager", "12"},
		{"Payment", "Requester IP", "192.0.2.7"},
		{"Money", "Total", "24.00 BYN"},
		{"Dates", "Created", "2026-11-22 10:00:00 +03:00"},
		{"Order 000091", "Total", "24.00 BYN"},
		{"Order 000091", "Expires", "2026-12-06"},
		{"Order 000091", "Item 1", "VPS · Item::Renewal · Subscription 300 · done"},
		{"Order 000091", "Charge 1", "translation missing: ru.x · 2026-11-22 – 2027-02-22 · 5.00 BYN × 3 · 15.00 BYN · closed · Charge::Renewal · closed 2026-11-22"},
		{"Order 000091", "Sum check", "the charges add up to 24.00 BYN"},
		{"Timeline", "order 000091", "provisioning"},
	} {
		if got := strings.ReplaceAll(rowIn(r, want.group, want.label), "\u00a0", " "); got != want.value {
			t.Errorf("%s / %s: %q, want %q", want.group, want.label, got, want.value)
		}
	}
}

func TestAP14ChargesThatDoNotAddUpAreFlagged(t *testing.T) {
	for change, wantFlag := range map[string]bool{
		`"amount":"9.0"`:   false,
		`"amount":"9.01"`:  true,
		`"amount":"much"`:  true,
		`"amount":9.00`:    false,
		`"amount":"0.9e1"`: false,
	} {
		r := recordOf(t, strings.Replace(sample, `"amount":"9.0"`, change, 1), "BYN")
		if got := r.HasFlag(flagMismatch); got != wantFlag {
			t.Errorf("%s: flagged %v (%s)", change, got, rowIn(r, "Order", "Sum check"))
		}
	}
}

func TestAP10StatusesAreShown(t *testing.T) {
	tests := map[string]providers.Status{
		"completed":         {Code: "completed", Label: "Completed", Phase: providers.PhaseDone},
		"receipt_creating":  {Code: "receipt_creating", Label: "Receipt creating", Phase: providers.PhaseWaiting},
		"receipt_sent":      {Code: "receipt_sent", Label: "Receipt sent", Phase: providers.PhaseWaiting},
		"cancelled":         {Code: "cancelled", Label: "Cancelled", Phase: providers.PhaseCancelled},
		"paid_from_balance": {Code: "paid_from_balance", Label: "Paid from balance", Phase: providers.PhaseDone},
		"on_the_moon":       {Code: "on_the_moon", Label: "on_the_moon", Phase: providers.PhaseUnknown},
		"":                  {},
	}
	for code, want := range tests {
		if got := recordOf(t, `{"id":1,"status":"`+code+`"}`, "").Status; got != want {
			t.Errorf("%q: %+v, want %+v", code, got, want)
		}
	}
}

// AP-11 and AP-15: decimals only, and no currency where none is configured.
func TestAP15TotalsInAllTheirShapes(t *testing.T) {
	tests := []struct{ total, want string }{
		{`"24.0"`, "24.00"},
		{`230`, "230.00"},
		{`199.99`, "199.99"},
		{`"0.1e3"`, "100.00"},
		{`1E2`, "100.00"},
		{`"100.005"`, "100.005"},
		{`null`, ""},
		{`"a lot"`, ""},
		{`"1e99999999"`, ""},
		{`{}`, ""},
	}
	for _, tt := range tests {
		r := recordOf(t, `{"id":1,"total":`+tt.total+`,"denominated":true}`, "BYN")
		got := ""
		if !r.HasFlag(flagNoTotal) {
			got = r.Amount.Text()
		}
		if got != tt.want {
			t.Errorf("total %s: %q, want %q", tt.total, got, tt.want)
		}
	}
	r := recordOf(t, `{"id":1,"total":"5.0","denominated":true}`, "")
	var sums providers.Sums
	sums.Add(r.Amount)
	if r.Amount.Known() || len(sums.All()) != 0 || sums.Unknown != 1 || rowIn(r, "Money", "Total") != "5.00 ?" {
		t.Errorf("without a currency: %v, %v, %q", r.Amount, sums, rowIn(r, "Money", "Total"))
	}
}

func TestTimesInAllTheirSpellings(t *testing.T) {
	want := time.Date(2026, 11, 22, 7, 0, 0, 774_220_000, time.UTC)
	for _, s := range []string{"2026-11-22T10:00:00.774220+0300", "2026-11-22T10:00:00.774220+03:00", "2026-11-22T07:00:00.774220Z"} {
		if got := text(s).time(); !got.Equal(want) {
			t.Errorf("%s: %v", s, got)
		}
	}
	if got := text("2026-11-22").time(); got.Format(time.DateOnly) != "2026-11-22" {
		t.Errorf("a date: %v", got)
	}
	if got := text("yesterday").time(); !got.IsZero() {
		t.Errorf("no time: %v", got)
	}
}

func TestAP2ListShapes(t *testing.T) {
	tests := []struct {
		body string
		want int // -1: refused
	}{
		{`[]`, 0},
		{`[{"id":1},{"id":2}]`, 2},
		{`{"id":1,"total":"1.0"}`, 1},
		{`{"payments":[{"id":1},{"id":2},{"id":3}]}`, 3},
		{`{"payments":[]}`, 0},
		{`{"payment":{"id":1}}`, 1},
		{`null`, -1},
		{`{}`, -1},
		{`{"payments":null}`, -1},
		{`{"error":"gone"}`, -1},
		{`"text"`, -1},
		{``, -1},
		{`[{"id":1}`, -1},
	}
	for _, tt := range tests {
		raws, err := recordsIn([]byte(tt.body))
		if got := len(raws); err != nil && tt.want != -1 || err == nil && got != tt.want {
			t.Errorf("%s: %d records, %v; want %d", tt.body, got, err, tt.want)
		}
	}
}

func TestNothingSecretIsKept(t *testing.T) {
	card := "4111 1111 1111 1111"
	doc := `{"id":1,"comment":"card ` + card + ` \u001b[31mred","api_token":"t0ps3cret","orders":[{"items":[{"description":"` + card + `"}]}]}`
	text, err := json.Marshal(recordOf(t, doc, "BYN"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"4111 1111", "t0ps3cret"} {
		if strings.Contains(string(text), bad) {
			t.Errorf("%q is kept: %s", bad, text)
		}
	}
	if note := recordOf(t, doc, "").Note; strings.Contains(note, "\x1b") || !strings.Contains(note, "•• 1111") {
		t.Errorf("note %q", note)
	}
}

func FuzzRecord(f *testing.F) {
	for _, seed := range []string{sample, `[{"id":1}]`, `{"payments":[{"id":"7","orders":{"charges":[null,{"amount":1e9}]}}]}`, `{"id":1,"total":"1e21"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := recordsIn(body)
		if err != nil {
			return
		}
		for _, raw := range raws {
			p, err := decodePayment(raw)
			if err != nil {
				continue
			}
			r := toRecord(p, raw, "cloud", "BYN")
			if !json.Valid(r.Raw) || !isID(r.Ref.ID) {
				t.Errorf("%s: %+v", raw, r)
			}
			if out, err := json.Marshal(r.Details); err != nil || providers.HasCard(r.Note) {
				t.Errorf("%s: %s %v", raw, out, err)
			}
		}
	})
}
