package yookassa

import (
	"strings"
	"testing"
)

// What a split payment's capture and refund carry is read as strictly as the
// payment itself.
func TestSplitPayments(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	share := func(value string) string {
		return `"transfers":[{"account_id":"1","amount":{"value":"` + value + `","currency":"RUB"}}]`
	}
	source := func(fields string) string {
		return strings.TrimSuffix(refundOf(paid, "10.00"), "}") + `,"sources":[` + fields + `]}`
	}
	capture := "/v3/payments/" + hold + "/capture"
	part := `"amount":{"value":"40.00","currency":"RUB"}`
	tests := []struct{ path, body, parameter string }{
		{capture, `{` + share("100.00") + `}`, "transfers"},
		{capture, `{` + part + `,` + share("40.01") + `}`, "transfers"},
		{capture, `{` + part + `,"transfers":[{"amount":{"value":"1.00","currency":"RUB"}}]}`, "transfers[0].account_id"},
		{capture, `{` + part + `,"airline":{}}`, "airline.ticket_number"},
		{capture, `{"deal":"dl-1"}`, "deal"},
		{capture, `{"receipt":"yes"}`, "receipt"},
		{"/v3/refunds", source(`{"account_id":"1"}`), "sources[0].amount"},
		{"/v3/refunds", source(`{"amount":{"value":"1.00","currency":"RUB"}}`), "sources[0].account_id"},
		{"/v3/refunds", source(`{"account_id":"1","amount":{"value":"10.01","currency":"RUB"}}`), "sources[0].amount.value"},
		{"/v3/refunds", source(`{},{}`), "sources"},
	}
	for _, tt := range tests {
		if a := s.post(tt.path, tt.body, ""); a.status != 400 || a.body["parameter"] != tt.parameter {
			t.Errorf("%s %s: %d %s", tt.path, tt.body, a.status, a.text)
		}
	}
	s.wantLedger(0)
	if a := s.post(capture, `{`+part+`,`+share("40.00")+`}`, ""); a.status != 200 || !strings.Contains(a.text, `"transfers":[{"account_id":"1","amount":{"value":"40.00","currency":"RUB"},"status":"succeeded"}]`) {
		t.Errorf("capture: %d %s", a.status, a.text)
	}
	if a := s.post("/v3/refunds", source(`{"account_id":"1","amount":{"value":"10.00","currency":"RUB"}}`), ""); a.status != 200 || !strings.Contains(a.text, `"sources":[{"account_id":"1"`) {
		t.Errorf("refund: %d %s", a.status, a.text)
	}
}
