package jumpfinance

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers"
	"bursar/providers/transport"
)

func testClient(t testing.TB) *Client {
	t.Helper()
	c, err := New(transport.Account{Name: "field", System: "jumpfinance", URL: "https://pay.example.com/api", Secret: "key"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const payoutV1 = `{"id":15,"amount":101,"amount_paid":74,"commission":20,"commission_bank":14.8,"tax_amount":6,"is_final":true,"branch_office_id":3,
 "receipt":{"can_cancel":true,"cancel_reason":null,"key":"20a1","status":"active","operation_at":"2026-08-25T15:48:43+03:00","links":{"fns_url":"https://tax.example/1"}},
 "status":{"id":1,"title":"Оплачен","theme":"success"},"error":null,"payment_purpose":"За перевод","customer_payment_id":"9f0b","contractor":{"id":68,"phone":"+79990000000","full_name":"Вера Ильина","short_name":"Вера И."},
 "requisite":{"id":2,"title":"Карта","description":"Mastercard · 8085"},"creator":{"id":4,"full_name":"Карат"},"agent":{"id":1,"full_name":"ООО Юг"},
 "history":[{"message":"Оплачен","detail":null,"updated_at":"2026-03-18T12:14:08+03:00"},{"message":"Создан","detail":null,"updated_at":"2026-03-18T12:12:08+03:00"}],
 "act":{"id":1,"status":{"id":"signed","title":"Подписан"}},"nominal_info":{"is_holded":true},"created_at":"2026-03-18T12:12:08+03:00",
 "branch-office":{"id":3,"name":"Казань"},"abilities":{"can_repeat":false,"can_cancel":true}}`

const payoutV2 = `{"id":"16","amount":"55.5","is_final":0,"status":{"id":5,"title":"Ошибка выплаты"},"error":{"type":"bank","title":"Банк отказал","code":17},"external_id":900,
 "contractor":{"id":69,"full_name":"Пётр Орлов","inn":771234567890,"is_selfemployer":1,"is_deleted":false,"in_stop_list":"true"},"requisite":{"id":3,"type_id":8,"mask":"546955******9652","requisite":{"account_number":5469550053219652}},
 "branch_office":{"id":4,"name":"Тверь"},"act":{"id":2,"status":{"id":4,"title":"Новый"}},"acceptance_certificate":{"id":77},"abilities":{"can_repeat":1},"nominal_info":null,"history":[],
 "created_at":"2026-03-18T12:12:08+03:00","updated_at":"2026-03-18T13:00:00+03:00","":"odd","receipt":null}`

func rowsOf(r providers.Record) map[string]string {
	out := map[string]string{}
	for _, g := range r.Details {
		for _, row := range g.Rows {
			out[g.Title+"/"+row.Label] = row.Value
		}
	}
	return out
}

func linkOf(r providers.Record, rel string) string {
	for _, l := range r.Links {
		if l.Rel == rel {
			return l.Ref.String()
		}
	}
	return ""
}

func TestPayoutOfTheFirstForm(t *testing.T) {
	r, ok := testClient(t).toPayout(json.RawMessage(payoutV1))
	if !ok {
		t.Fatal("not read")
	}
	if r.Ref.String() != "field/payout/15" || r.Number != "9f0b" || r.Status != (providers.Status{Code: "1", Label: "Оплачен", Phase: providers.PhaseDone}) ||
		r.Amount.String() != "101.00 RUB" || r.Method != "Карта" || r.Note != "За перевод" || r.Party != (providers.Party{ID: "68", Name: "Вера Ильина", Phone: "+79990000000", Card: "•• 8085"}) {
		t.Errorf("%+v", r)
	}
	if !slices.Equal(r.Flags, []string{"final", "held on nominal account", "receipt active"}) {
		t.Errorf("flags %v", r.Flags)
	}
	if linkOf(r, "contractor") != "field/contractor/68" || linkOf(r, "receipt") != "field/receipt/15" || linkOf(r, "branch") != "field/branch/3" {
		t.Errorf("links %v", r.Links)
	}
	if want := time.Date(2026, 3, 18, 9, 14, 8, 0, time.UTC); !r.Updated.Equal(want) {
		t.Errorf("updated %v, want the newest row of the history", r.Updated)
	}
	rows := rowsOf(r)
	for label, want := range map[string]string{ // JF-62, JF-63, JF-66
		"Amounts, as the service states them/Paid to the contractor": "74.00 RUB", "Amounts, as the service states them/Bank's fee": "14.80 RUB",
		"May be done now/Cancel": "yes, in the personal account", "May be done now/Repeat": "no", "Act/Status": "Подписан", "From/Branch": "Казань",
	} {
		if rows[label] != want {
			t.Errorf("%s is %q, want %q", label, rows[label], want)
		}
	}
	last := r.Details[len(r.Details)-1] // JF-64
	if last.Title != "History" || len(last.Rows) != 2 || last.Rows[0].Label != "Оплачен" || last.Rows[0].Time.IsZero() {
		t.Errorf("history %+v", last)
	}
}

func TestPayoutOfTheSecondForm(t *testing.T) {
	r, ok := testClient(t).toPayout(json.RawMessage(payoutV2))
	if !ok {
		t.Fatal("not read")
	}
	if r.Ref.ID != "16" || r.Number != "16" || r.Amount.String() != "55.50 RUB" || r.Status.Phase != providers.PhaseFailed || r.Party.Card != "•• 9652" {
		t.Errorf("%+v", r)
	}
	if !slices.Equal(r.Flags, []string{"can repeat", "self-employed", "stop list"}) { // JF-68
		t.Errorf("flags %v", r.Flags)
	}
	if linkOf(r, "certificate") != "field/certificate/77" || linkOf(r, "branch") != "field/branch/4" || rowsOf(r)["Payout/Error"] != "Банк отказал [17]" {
		t.Errorf("%v %v", r.Links, rowsOf(r)["Payout/Error"])
	}
	if providers.HasCard(string(r.Raw)) || strings.Contains(string(r.Raw), "5469550053219652") {
		t.Errorf("raw %s", r.Raw)
	}
}

func TestPayoutStatusPhases(t *testing.T) {
	want := map[string]providers.Phase{
		"1": providers.PhaseDone, "2": providers.PhaseFailed, "3": providers.PhaseWaiting, "4": providers.PhaseWaiting, "5": providers.PhaseFailed,
		"6": providers.PhaseCancelled, "7": providers.PhaseWaiting, "8": providers.PhaseWaiting, "9": providers.PhaseUnknown,
	}
	for code, phase := range want {
		r, _ := testClient(t).toPayout(json.RawMessage(`{"id":1,"status":{"id":` + code + `}}`))
		if r.Status.Code != code || r.Status.Phase != phase || r.Status.Label == "" {
			t.Errorf("%s: %+v, want %v", code, r.Status, phase)
		}
	}
	r, _ := testClient(t).toPayout(json.RawMessage(`{"id":1,"status":{"id":4,"title":"нужно подтверждение"}}`))
	if r.Status.Label != "нужно подтверждение" {
		t.Errorf("the server's own title is %q", r.Status.Label)
	}
}

func TestReceiptStates(t *testing.T) {
	tests := map[string]struct {
		receipt string
		code    string
		phase   providers.Phase
	}{
		"active":                 {`{"key":"k","status":"active"}`, "active", providers.PhaseDone},
		"cancelled by reason":    {`{"key":"k","status":"active","cancel_reason":"Ошибка"}`, "cancelled", providers.PhaseCancelled},
		"a word nobody knows":    {`{"key":"k","status":"annulled"}`, "annulled", providers.PhaseUnknown},
		"no word":                {`{"key":"k"}`, "unknown", providers.PhaseUnknown},
		"a list for an object":   {`[]`, "", providers.PhaseUnknown},
		"nothing":                {`null`, "", providers.PhaseUnknown},
		"a number for an object": {`7`, "", providers.PhaseUnknown},
	}
	for name, tc := range tests {
		r, ok := testClient(t).toReceipt(json.RawMessage(`{"id":3,"amount":5,"created_at":"2026-03-18T12:12:08+03:00","receipt":` + tc.receipt + `}`))
		if ok != (tc.code != "") || r.Status.Code != tc.code || r.Status.Phase != tc.phase {
			t.Errorf("%s: %v %+v", name, ok, r.Status)
		}
	}
}

func TestLenientTypes(t *testing.T) {
	var v struct {
		T text          `json:"t"`
		N number        `json:"n"`
		F flag          `json:"f"`
		A amount        `json:"a"`
		M moment        `json:"m"`
		O object[named] `json:"o"`
		R rows[named]   `json:"r"`
	}
	read := func(s string) {
		t.Helper()
		v.T, v.N, v.F, v.A, v.M, v.O, v.R = "", 0, flag{}, amount{}, moment{}, object[named]{}, nil
		if err := json.Unmarshal([]byte(s), &v); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	read(`{"t":7,"n":"100000000004","f":"1","a":"0.10","m":"2011-10-05T14:48:00.000Z","o":{"id":5,"name":"x"},"r":[{"id":1},null,3,{"id":2}]}`)
	if v.T != "7" || v.N != 100000000004 || !v.F.on || v.A.value.String() != "0.1" || v.M.Year() != 2011 || v.O.v.label() != "x" || len(v.R) != 2 {
		t.Errorf("%+v", v)
	}
	read(`{"t":null,"n":null,"f":null,"a":null,"m":null,"o":null,"r":null}`)
	if v.T != "" || v.N != 0 || v.F.known || v.A.known || !v.M.IsZero() || v.O.known || v.R != nil {
		t.Errorf("null: %+v", v)
	}
	read(`{"t":{},"n":[],"f":{"a":1},"a":false,"m":"soon","o":[],"r":{}}`)
	if v.T != "" || v.N != 0 || v.F.known || v.A.known || !v.M.IsZero() || v.O.known || v.R != nil {
		t.Errorf("other types: %+v", v)
	}
	for s, want := range map[string]string{"14.8": "14.8", "0.1": "0.1", "1e3": "1000", "1E-2": "0.01", "12345678901234567890.12": "12345678901234567890.12"} {
		read(`{"a":` + s + `}`)
		if !v.A.known || !v.A.value.Equal(decimal.RequireFromString(want)) {
			t.Errorf("%s read as %v", s, v.A.value)
		}
	}
	for _, s := range []string{"1e999999999", "1" + strings.Repeat("0", 60)} {
		if read(`{"a":` + s + `}`); v.A.known {
			t.Errorf("%s was taken", s)
		}
	}
}

func TestAmountsAreWrittenAsBareNumbers(t *testing.T) {
	for in, want := range map[string]string{"100": "100", "100.50": "100.5", "0.01": "0.01", "1234567890.12": "1234567890.12"} {
		b, err := json.Marshal(createBody{Amount: roubles(decimal.RequireFromString(in))})
		if err != nil || !strings.Contains(string(b), `"amount":`+want+`,`) {
			t.Errorf("%s: %s %v", in, b, err)
		}
	}
	if b, err := json.Marshal(roubles(decimal.RequireFromString("1.005"))); err == nil {
		t.Errorf("three decimals: %s", b)
	}
}

func TestContractorAndBranchAndCertificate(t *testing.T) {
	c := testClient(t)
	r, ok := c.toContractor(json.RawMessage(`{"id":1,"phone":"+79031112233","last_name":"Орлов","first_name":"Пётр","middle_name":null,"inn":771234567890,"balance":{"value":120.34,"currency":{"code":"RUB"}},
 "legal_form":{"id":2,"title":"Самозанятый","is_self_employed":true},"agent":{"id":9,"name":"ООО Юг"},"in_stop_list":1,"passport_details":{"full_number":"8000 310000"},"created_at":"2026-03-12T14:06:47+03:00"}`))
	if !ok || r.Party.Name != "Орлов Пётр" || r.Amount.String() != "120.34 RUB" || r.Method != "Самозанятый" || !slices.Equal(r.Flags, []string{"self-employed", "stop list"}) || r.Status.Code != "stop_list" {
		t.Errorf("%+v", r)
	}
	if strings.Contains(string(r.Raw), "310000") {
		t.Errorf("a passport in %s", r.Raw)
	}
	b, ok := c.toBranch(json.RawMessage(`{"id":12,"name":"Юг","is_active":0,"limits":[{"type":"limit_daily","limit":false,"spending":5,"isInfinity":false},{"type":"limit_monthly","limit":250,"spending":50,"isInfinity":0}]}`))
	if !ok || b.Status.Code != "inactive" || rowsOf(b)["Limits/A day"] != "no limit, spent 5.00 RUB" || rowsOf(b)["Limits/A month"] != "250.00 RUB, spent 50.00 RUB, left 200.00 RUB" { // JF-69, JF-82
		t.Errorf("%+v", b)
	}
	cert, ok := c.toCertificate(json.RawMessage(`{"id":5,"status":"in_processing","number":"А-1","date":"2026-01-02","amount":10,"payment":{"id":15,"status":{"id":1,"title":"Оплачен"}},"contractor":{"id":1,"name":"Орлов","inn":"77"},
 "certificate_items":[{"name":"Медь","measure_unit":{"id":4,"short_name":"т"},"value":1.5,"tare_weight":0.5,"impurity_percent":5,"clear_value":0.95,"price":10,"amount":10}],"abilities":{"can_create_payment":true}}`))
	if !ok || cert.Number != "А-1" || cert.Status.Phase != providers.PhaseDone || linkOf(cert, "payout") != "field/payout/15" || rowsOf(cert)["Lines/Медь"] == "" || !cert.HasFlag("can create payment") { // JF-70
		t.Errorf("%+v", cert)
	}
	unpaid, _ := c.toCertificate(json.RawMessage(`{"id":5,"status":"in_processing","payment":null}`))
	if unpaid.Status.Phase != providers.PhaseWaiting || linkOf(unpaid, "payout") != "" {
		t.Errorf("unpaid: %+v", unpaid)
	}
}

func TestRequisiteRowsShowTheEndOfANumberOnly(t *testing.T) {
	tests := map[string]string{
		`{"id":1,"requisite":{"account_number":"5469550053219652"}}`:                                     "•• 9652",
		`{"id":1,"requisite":{"account_number":40817810099910004312}}`:                                   "•• 4312",
		`{"id":1,"requisite":{"account_number":"+79990000001"},"is_default":1}`:                          "+79990000001, default",
		`{"id":1,"description":"Мир · 1519","type":{"title":"Карта"},"is_available":false}`:              "Мир · 1519, Карта, not available",
		`{"id":1,"description":"5469 5500 5321 9652","requisite":{"account_number":"5469550053219652"}}`: "•• 9652",
	}
	for raw, want := range tests {
		if row, ok := testClient(t).requisiteRow(json.RawMessage(raw)); !ok || row.Value != want {
			t.Errorf("%s: %q, want %q", raw, row.Value, want)
		}
	}
}

// FuzzDecode reads any document as every kind: no panic, no card, valid Raw.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{payoutV1, payoutV2, `{"items":[` + payoutV1 + `],"meta":{"last_page":"2"}}`, `{"item":{"id":"1"}}`, `[]`, `{"id":1,"history":{},"abilities":[],"receipt":{"links":[]},"limits":[[]]}`} {
		f.Add([]byte(seed))
	}
	c := testClient(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		raws, _, _ := itemsOf(b)
		if one, err := itemOf(b); err == nil {
			raws = append(raws, one)
		}
		for _, raw := range raws {
			for _, to := range []mapper{c.toPayout, c.toReceipt, c.toContractor, c.toCertificate, c.toBranch} {
				r, ok := to(raw)
				if !ok {
					continue
				}
				if !isID(r.Ref.ID) || !json.Valid(r.Raw) {
					t.Errorf("ref %v, raw %s", r.Ref, r.Raw)
				}
				if providers.HasCard(r.Party.Name+"\n"+r.Note+"\n"+r.Number+"\n"+r.Method) || providers.HasCard(r.Status.Label) {
					t.Errorf("a card number came through: %+v", r)
				}
				_, _ = json.Marshal(r)
			}
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "f.100.2", "b.20.7", "f.7.1", "....", "f.100.99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := parseCursor(s, 100)
		if err == nil && (at.page < 1 || !slices.Contains(perPages, at.perPage)) {
			t.Errorf("%q gives %+v", s, at)
		}
		if err == nil && s != "" {
			if again, err := parseCursor(at.String(), 1); err != nil || again != at {
				t.Errorf("%q: %+v, read again %+v %v", s, at, again, err)
			}
		}
	})
}

func BenchmarkToPayout(b *testing.B) {
	c, raw := testClient(b), json.RawMessage(payoutV1)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.toPayout(raw); !ok {
			b.Fatal("not read")
		}
	}
}
