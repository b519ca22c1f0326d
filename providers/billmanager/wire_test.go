package billmanager

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bursar/providers"
	"bursar/providers/transport"
)

func rowsOf(t *testing.T, body string) []row {
	t.Helper()
	doc, bad := parseDocument([]byte(body))
	if bad != nil {
		t.Fatal(bad)
	}
	return doc.rows()
}

func TestListDecodesEveryForm(t *testing.T) {
	tests := []struct {
		name, body string
		ids        []string
	}{
		{"several rows", `{"doc":{"elem":[{"id":{"$":"17"}},{"id":{"$":"18"}}]}}`, []string{"17", "18"}},
		{"one row as an object", `{"doc":{"elem":{"id":{"$":"17"}}}}`, []string{"17"}},
		{"bare texts", `{"doc":{"elem":[{"id":"17"}]}}`, []string{"17"}},
		{"a field that occurs twice", `{"doc":{"elem":[{"id":[{"$":"17"},{"$":"99"}]}]}}`, []string{"17"}},
		{"blanks around", `{"doc":{"elem":[{"id":{"$":" 17 "}}]}}`, []string{"17"}},
		{"a number", `{"doc":{"elem":[{"id":17}]}}`, []string{"17"}},
		{"an empty field", `{"doc":{"elem":[{"id":{}}]}}`, []string{""}},
		{"no row", `{"doc":{"p_elems":{"$":"0"}}}`, nil},
		{"rows that are none", `{"doc":{"elem":[null,7,"x",[]]}}`, nil},
		{"a byte order mark", "\xef\xbb\xbf" + `{"doc":{"elem":[{"id":"17"}]}}`, []string{"17"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ids []string
			for _, r := range rowsOf(t, tt.body) {
				ids = append(ids, r.text("id"))
			}
			if !slices.Equal(ids, tt.ids) {
				t.Errorf("ids %q, want %q", ids, tt.ids)
			}
		})
	}
}

func TestErrorsBecomeFaultsByTypeAlone(t *testing.T) {
	text := func(kind, object, value string) string {
		doc := map[string]any{"$type": kind, "$lang": "ru", "msg": map[string]string{"$": "Словами"}}
		if object != "" {
			doc["$object"] = object
		}
		if value != "" {
			doc["param"] = map[string]string{"$name": "value", "$": value}
		}
		b, err := json.Marshal(map[string]any{"doc": map[string]any{"error": doc}})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	tests := []struct {
		name    string
		status  int
		body    string
		fault   providers.Fault
		outcome providers.Outcome
		field   string
	}{
		{"wrong password", 200, text("auth", "badpassword", ""), providers.FaultAuth, providers.Refused, ""},
		{"no session", 200, text("auth", "", ""), providers.FaultAuth, providers.Refused, ""},
		{"two-factor, older", 200, text("extraconfirm", "", ""), providers.FaultAuth, providers.Refused, ""},
		{"two-factor", 200, `{"doc":{"ok":{"$":"func=totp.confirm"}}}`, providers.FaultAuth, providers.Refused, ""},
		{"no right to the function", 200, text("access", "payment.setpaid", ""), providers.FaultForbidden, providers.Refused, ""},
		{"not for this payment", 200, text("access", "payment.setpaid", "17"), providers.FaultState, providers.Refused, ""},
		{"no such payment", 200, text("missed", "payment", "17"), providers.FaultNotFound, providers.Refused, ""},
		{"a parameter that is missing", 200, text("missed", "elid", ""), providers.FaultInput, providers.Refused, ""},
		{"too large an amount", 200, text("value", "amount", "9999"), providers.FaultInput, providers.Refused, "amount"},
		{"an internal failure", 200, text("db", "", ""), providers.FaultServer, providers.Unknown, ""},
		{"being processed", 200, text("in_process", "", ""), providers.FaultOther, providers.Unknown, ""},
		{"an error of no type", 200, `{"doc":{"error":{}}}`, providers.FaultOther, providers.Unknown, ""},
		{"an error that is a text", 200, `{"doc":{"error":"boom"}}`, providers.FaultOther, providers.Unknown, ""},
		{"a web page", 200, "<!DOCTYPE html><html></html>", providers.FaultProtocol, providers.Unknown, ""},
		{"XML", 200, `<?xml version="1.0"?><doc><ok/></doc>`, providers.FaultProtocol, providers.Unknown, ""},
		{"half a document", 200, `{"doc":{"ok":{`, providers.FaultProtocol, providers.Unknown, ""},
		{"nothing", 200, "", providers.FaultProtocol, providers.Unknown, ""},
		{"no document", 200, `{"ok":true}`, providers.FaultProtocol, providers.Unknown, ""},
		{"an address that is wrong", 404, "<html></html>", providers.FaultProtocol, providers.Unknown, ""},
		{"an address that is blocked", 403, "", providers.FaultForbidden, providers.Refused, ""},
		{"blocked, a private status", 460, "", providers.FaultForbidden, providers.Refused, ""},
		{"a redirect", 302, "", providers.FaultProtocol, providers.Unknown, ""},
		{"a bad gateway", 502, "<html></html>", providers.FaultServer, providers.Unknown, ""},
		{"too many requests", 429, "", providers.FaultLimited, providers.Refused, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := decode(transport.Request{Op: fnSetpaid, Changes: true}, transport.Response{Status: tt.status, Header: http.Header{}, Body: []byte(tt.body)})
			if e == nil {
				t.Fatal("no error")
			}
			if e.Fault != tt.fault || providers.OutcomeOf(e) != tt.outcome || e.Field != tt.field || e.Message == "" {
				t.Errorf("%+v", e)
			}
		})
	}
	if e := decode(transport.Request{}, transport.Response{Status: 200, Body: []byte(`{"doc":{"ok":{}}}`)}); e != nil {
		t.Errorf("ok is an error: %v", e)
	}
}

const sampleRow = `{"id":{"$":"4711"},"number":{"$":"B-17"},"create_date":{"$":"2026-11-03"},"create_date_l":{"$":"3 ноября 2026"},
	"pay_date":{"$":"2026-11-04"},"sender_name":{"$":" ООО «Ромашка» "},"sender_id":{"$":"51"},"recipient_name":{"$":"ООО «Хостинг»"},
	"account_name":{"$":"romashka@example.ru"},"paymethod_name":{"$":"YooKassa"},"subaccountamount_iso":{"$":"1 500,50 ₽"},
	"paymethodamount_iso":{"$":"€16.00"},"tax":{"$":"250.08 RUB"},"status":{"$orig":"4","$":"Зачислен"},"allowrefund":{"$":"on"},
	"restrictrefund":{"$":"on"},"billorder":{"$":"812"},"externalid":{"$":"2d1f-uuid"},"note":{"$":"card 4111 1111 1111 1111"},
	"column_of_theirs":[{"$":"x"},{"$":"y"}]}`

func TestToRecord(t *testing.T) {
	c := newClient(t, answers(nil), func(a *transport.Account) { a.Links = map[string]string{"externalid": "shop/payment"} })
	r := rowsOf(t, `{"doc":{"elem":`+sampleRow+`}}`)[0]
	part := refund{id: "4800", amount: providers.MustMoney("500.50", "RUB")}
	rec := c.toRecord(r, []refund{part}, true)

	want := map[string]string{
		"ref": "hosting/payment/4711", "number": "B-17", "status": "4 credited", "amount": "1500.50 RUB", "remaining": "1000.00 RUB",
		"created": "2026-11-03", "updated": "2026-11-04", "party": "51 ООО «Ромашка»", "method": "YooKassa", "flags": "refundable, refund locked",
		"links": "refund hosting/refund/4800, payment shop/payment/2d1f-uuid", "note": "card •• 1111",
	}
	var links []string
	for _, l := range rec.Links {
		links = append(links, l.Rel+" "+l.Ref.String())
	}
	got := map[string]string{
		"ref": rec.Ref.String(), "number": rec.Number, "status": rec.Status.Code + " " + rec.Status.Label,
		"amount": rec.Amount.Text() + " " + rec.Amount.Currency, "remaining": rec.Remaining.Text() + " " + rec.Remaining.Currency,
		"created": rec.Created.Format("2006-01-02"), "updated": rec.Updated.Format("2006-01-02"), "party": rec.Party.ID + " " + rec.Party.Name,
		"method": rec.Method, "flags": strings.Join(rec.Flags, ", "), "links": strings.Join(links, ", "), "note": rec.Note,
	}
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s is %q, want %q", name, got[name], w)
		}
	}
	if providers.HasCard(string(rec.Raw)) || !json.Valid(rec.Raw) || !strings.Contains(string(rec.Raw), "column_of_theirs") {
		t.Errorf("raw: %s", rec.Raw)
	}
	var lines []string
	for _, g := range c.details(r, []refund{part}) {
		for _, line := range g.Rows {
			lines = append(lines, g.Title+": "+line.Label+" = "+line.Value)
		}
	}
	for _, w := range []string{"Document: Order = 812", "Money: Tax = 250.08 RUB", "Other columns: column of theirs = x", "Parties: Client = romashka@example.ru"} {
		if !slices.Contains(lines, w) {
			t.Errorf("details lack %q: %q", w, lines)
		}
	}
}

func TestRemainingIsToldOnlyWhenCertain(t *testing.T) {
	c := newClient(t, answers(nil), nil)
	rowWith := func(status, amount string) row {
		return row{cells: map[string]cell{"id": {Text: "17"}, "status": {Orig: status}, "subaccountamount_iso": {Text: amount}}, raw: json.RawMessage(`{}`)}
	}
	tests := []struct {
		name string
		row  row
		told bool
		none bool
	}{
		{"credited", rowWith("4", "100.00 RUB"), true, false},
		{"credited, refunds not told", rowWith("4", "100.00 RUB"), false, true},
		{"credited, no currency", rowWith("4", "100.00"), true, true},
		{"new", rowWith("1", "100.00 RUB"), true, true},
		{"refunded", rowWith("6", "100.00 RUB"), true, true},
		{"a status of no code", rowWith("", "100.00 RUB"), true, true},
	}
	for _, tt := range tests {
		if got := c.toRecord(tt.row, nil, tt.told).Remaining; got.IsNone() != tt.none {
			t.Errorf("%s: %v remain", tt.name, got)
		}
	}
}

func TestOddAmountIsFlagged(t *testing.T) {
	c := newClient(t, answers(nil), nil)
	rec := c.toRecord(row{cells: map[string]cell{"id": {Text: "17"}, "status": {Orig: "1"}, "subaccountamount_iso": {Text: "1,000 EUR"}}}, nil, true)
	if !rec.Amount.IsNone() || !rec.HasFlag(flagAmountOdd) || canCredit(rec).Answer != providers.CannotDo {
		t.Errorf("amount %v, flags %v, %+v", rec.Amount, rec.Flags, canCredit(rec))
	}
}

func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		`{"doc":{"elem":[` + sampleRow + `],"p_elems":{"$":"1"}}}`, `{"doc":{"error":{"$type":"access","param":[{"$name":"value","$":"17"}]}}}`,
		`{"doc":{"ok":{"$":"func=totp.confirm"}}}`, `{"doc":{"elem":[[[]]]}}`, `{"doc":null}`, `{"doc":{"error":[]}}`, "\xef\xbb\xbf{}",
	} {
		f.Add([]byte(seed))
	}
	c, err := New(transport.Account{Name: "hosting", System: "billmanager", URL: "https://billing.example.com"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if e := decode(transport.Request{}, transport.Response{Status: 200, Body: body}); e != nil && e.Message == "" {
			t.Errorf("an error without a word: %+v", e)
		}
		doc, bad := parseDocument(body)
		if bad != nil {
			return
		}
		for _, r := range doc.rows() {
			rec := c.toRecord(r, nil, true)
			text, err := json.Marshal(rec)
			if err != nil {
				t.Fatalf("%v", err)
			}
			if rec.Status.Code == "" || rec.Status.Label == "" || rec.Remaining.IsPositive() && rec.Status.Code != statusCredited || len(text) == 0 {
				t.Errorf("%+v", rec)
			}
			_ = c.details(r, nil)
			_ = c.event(r)
		}
	})
}
