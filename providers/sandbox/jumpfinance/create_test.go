package jumpfinance

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// selfEmployed is the id of a self-employed contractor.
func (d *desk) selfEmployed() string {
	d.Helper()
	for row := range d.sim.contractors.Len() {
		if c := d.sim.contractors.At(row); c.Form == selfEmployed {
			return strconv.Itoa(c.ID)
		}
	}
	d.Fatal("nobody is self-employed")
	return ""
}

func TestCreateIsStrict(t *testing.T) {
	id := world.ContractorID(4)
	card := "5469550053219652"
	tests := []struct {
		name, body string
		code       int
		field      string
	}{
		{"the least", `{"contractor_id":ID,"amount":100}`, 200, ""},
		{"all of it", `{"contractor_id":SELF,"amount":100.5,"agent_id":2,"branch_office_id":2,"bank_account_id":1,"service_name":"x","payment_purpose":"y"}`, 200, ""},
		{"a service of somebody who is not self-employed", `{"contractor_id":ID,"amount":1,"service_name":"x"}`, 422, "service_name"},
		{"no contractor", `{"amount":100}`, 422, "contractor_id"},
		{"an unknown contractor", `{"contractor_id":5,"amount":100}`, 422, "contractor_id"},
		{"a quoted amount", `{"contractor_id":ID,"amount":"100"}`, 422, "amount"},
		{"no amount", `{"contractor_id":ID}`, 422, "amount"},
		{"an amount of zero", `{"contractor_id":ID,"amount":0}`, 422, "amount"},
		{"three decimals", `{"contractor_id":ID,"amount":1.005}`, 422, "amount"},
		{"a card in the purpose", `{"contractor_id":ID,"amount":1,"payment_purpose":"на карту ` + card + `"}`, 422, "payment_purpose"},
		{"a card in groups in the purpose", `{"contractor_id":ID,"amount":1,"payment_purpose":"на карту 5469 5500 5321 9652"}`, 422, "payment_purpose"},
		{"a card in the service", `{"contractor_id":ID,"amount":1,"service_name":"` + card + `"}`, 422, "service_name"},
		{"a card as own id", `{"contractor_id":ID,"amount":1,"customer_payment_id":"` + card + `"}`, 422, "customer_payment_id"},
		{"an own id of 37 characters", `{"contractor_id":ID,"amount":1,"customer_payment_id":"` + strings.Repeat("a", 37) + `"}`, 422, "customer_payment_id"},
		{"an own id in Russian", `{"contractor_id":ID,"amount":1,"customer_payment_id":"счёт"}`, 422, "customer_payment_id"},
		{"an own id with every mark", "{\"contractor_id\":ID,\"amount\":1,\"customer_payment_id\":\"aZ9 -_.!:*()[]@$~`^,;=<>|{}‘\"}", 200, ""},
		{"a new card", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":8,"account_number":"` + card + `"}}`, 200, ""},
		{"a card that is none", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":8,"account_number":"5469550053219653"}}`, 422, "requisite.account_number"},
		{"a phone", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":10,"account_number":"+79990000001","sbp_bank_id":100000000004}}`, 200, ""},
		{"a phone without bank", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":10,"account_number":"+79990000001"}}`, 422, "requisite.sbp_bank_id"},
		{"a bad phone", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":10,"account_number":"8999","sbp_bank_id":1}}`, 422, "requisite.account_number"},
		{"an unknown type", `{"contractor_id":ID,"amount":1,"requisite":{"type_id":9,"account_number":"1"}}`, 422, "requisite.type_id"},
		{"two sources", `{"contractor_id":ID,"amount":1,"requisite_id":1,"requisite":{"type_id":8,"account_number":"` + card + `"}}`, 422, "requisite"},
		{"another's requisite", `{"contractor_id":ID,"amount":1,"requisite_id":1}`, 422, "requisite_id"},
		{"an unknown legal entity", `{"contractor_id":ID,"amount":1,"agent_id":9}`, 422, "agent_id"},
		{"a branch switched off", `{"contractor_id":ID,"amount":1,"branch_office_id":4}`, 422, "branch_office_id"},
		{"above the branch's limit", `{"contractor_id":ID,"amount":10000.01,"branch_office_id":3}`, 422, "amount"},
		{"within the branch's limit", `{"contractor_id":ID,"amount":10000,"branch_office_id":3}`, 200, ""},
		{"withholding above the amount", `{"contractor_id":ID,"amount":1,"fix_commission":2}`, 422, "fix_commission"},
		{"half a buyer", `{"contractor_id":ID,"amount":1,"buyer":{"name":"x"}}`, 422, "buyer"},
		{"an act", `{"contractor_id":ID,"amount":1,"act":{"document_number":"1","document_date":"2026-11-01","period_from":"2026-11-01T00:00:00+03:00","template_id":null,"job_types":[{"name":"x","price":1.5,"count":2,"measure_id":3}]}}`, 200, ""},
		{"an act that is a number", `{"contractor_id":ID,"amount":1,"act":1}`, 422, "act"},
		{"an act of no day", `{"contractor_id":ID,"amount":1,"act":{"document_date":"soon"}}`, 422, "act.document_date"},
		{"an act of an unknown template", `{"contractor_id":ID,"amount":1,"act":{"template_id":9}}`, 422, "act.template_id"},
		{"an act's unknown measure", `{"contractor_id":ID,"amount":1,"act":{"job_types":[{"measure_id":1},{"measure_id":4}]}}`, 422, "act.job_types.1.measure_id"},
		{"a receiver without a name", `{"contractor_id":ID,"amount":1,"sbp_validation_data":{"first_name":"x"}}`, 422, "sbp_validation_data.last_name"},
		{"no JSON", `amount=1`, 400, ""},
		{"two documents", `{}{}`, 400, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t, Options{})
			before := d.sim.payouts.Len()
			body := strings.NewReplacer("SELF", d.selfEmployed(), "ID", id).Replace(tc.body)
			code, out := d.ask("POST", "/payments", body)
			if code != tc.code || refusedField(out) != tc.field {
				t.Errorf("%d, field %q; want %d %q: %v", code, refusedField(out), tc.code, tc.field, out)
			}
			made := d.sim.payouts.Len() - before
			if want := map[bool]int{true: 1}[tc.code == 200]; made != want || strings.Count(string(d.gate.Ledger()), "\n") != want {
				t.Errorf("%d payouts made, ledger %s", made, d.gate.Ledger())
			}
			if strings.Contains(string(d.gate.Ledger()), card) {
				t.Error("the ledger holds a whole card number")
			}
		})
	}
}

func TestOwnIDIsTakenForEver(t *testing.T) {
	d := newDesk(t, Options{})
	body := fmt.Sprintf(`{"contractor_id":%s,"amount":5,"customer_payment_id":"pay 1;a"}`, world.ContractorID(1))
	_, first := d.ask("POST", "/payments", body)
	if code, out := d.ask("POST", "/payments", body); code != 422 || refusedField(out) != "customer_payment_id" {
		t.Errorf("the second time: %d %v", code, out)
	}
	code, out := d.ask("GET", "/payments/customer-payment/"+url.PathEscape("pay 1;a"), "")
	if code != 200 || dig(out, "item", "id") != dig(first, "item", "id") {
		t.Errorf("by own id: %d %v", code, out)
	}
	if code, _ := d.ask("GET", "/payments/customer-payment/nobody", ""); code != 404 {
		t.Errorf("an unused own id: %d", code)
	}
	old := d.newest(paid)
	for row := d.sim.payouts.Len() - 1; old.Own == ""; row-- {
		old = d.sim.payoutAt(row)
	}
	if code, _ := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%s,"amount":5,"customer_payment_id":%q}`, world.ContractorID(1), old.Own)); code != 422 {
		t.Errorf("an own id of the world: %d", code)
	}
}

func TestPayoutIsPaidWithTime(t *testing.T) {
	d := newDesk(t, Options{})
	status := func(id any) any {
		_, out := d.ask("GET", fmt.Sprintf("/payments/%v?include=history,abilities", id), "")
		return fmt.Sprint(dig(out, "item", "status", "id"), " ", dig(out, "item", "is_final"), " ", dig(out, "item", "history", 0, "message"), " ", dig(out, "item", "abilities", "can_repeat"))
	}
	make := func(amount string) any {
		_, out := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%s,"amount":%s}`, world.ContractorID(2), amount))
		return dig(out, "item", "id")
	}
	good, bad := make("100"), make("100.13")
	if got := status(good); got != "3 false Поставлен в очередь false" {
		t.Errorf("at once: %s", got)
	}
	d.clock.Advance(2 * time.Minute)
	if got := status(good); got != "1 true Оплачен false" {
		t.Errorf("after two minutes: %s", got)
	}
	if got := status(bad); got != "5 false Ошибка выплаты true" {
		t.Errorf("13 kopecks: %s", got)
	}
	for i, mode := range []Options{{Confirming: true}, {Confirming: true, OldTitles: true}} {
		d := newDesk(t, mode)
		_, out := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%s,"amount":1}`, world.ContractorID(2)))
		want := []string{"7 Ожидает подтверждения", "4 ожидает подтверждения"}[i]
		if got := fmt.Sprint(dig(out, "item", "status", "id"), " ", dig(out, "item", "status", "title")); got != want {
			t.Errorf("confirming: %s, want %s", got, want)
		}
	}
}

func TestRepeat(t *testing.T) {
	d := newDesk(t, Options{})
	p := d.newest(failed)
	path := fmt.Sprintf("/payments/%d/repeat", p.ID)
	code, out := d.ask("POST", path, "")
	if code != 200 || fmt.Sprint(dig(out, "item", "id")) != strconv.Itoa(p.ID) || fmt.Sprint(dig(out, "item", "status", "id")) != "3" {
		t.Fatalf("repeat: %d %v", code, out)
	}
	rows, _ := dig(out, "item", "history").([]any)
	if len(rows) != len(p.History)+1 || dig(rows, 0, "updated_at") != stamp(noon()) {
		t.Errorf("history: %v", rows)
	}
	if code, _ := d.ask("POST", path, ""); code != 400 {
		t.Errorf("repeat of one that is processed: %d", code)
	}
	if code, _ := d.ask("POST", fmt.Sprintf("/payments/%d/repeat", d.newest(paid).ID), ""); code != 400 {
		t.Errorf("repeat of a paid one: %d", code)
	}
	if code, _ := d.ask("POST", "/payments/1/repeat", ""); code != 404 {
		t.Errorf("repeat of none: %d", code)
	}
	if n := strings.Count(string(d.gate.Ledger()), `"call":"POST /payments/{payment_id}/repeat"`); n != 1 {
		t.Errorf("ledger: %s", d.gate.Ledger())
	}
	if !strings.Contains(string(d.gate.Requests()), fmt.Sprintf(`"call":"POST /payments/{payment_id}/repeat","ids":["%d"]`, p.ID)) {
		t.Errorf("requests: %s", d.gate.Requests())
	}
}

// FuzzCreate sends any body: the answer is always a document, and a payout is
// made only with status 200.
func FuzzCreate(f *testing.F) {
	for _, seed := range []string{`{}`, `{"contractor_id":10001,"amount":1}`, `{"contractor_id":10001,"amount":1e9,"requisite":{}}`, `[]`, `{"contractor_id":"1","amount":-1,"buyer":{},"act":1}`} {
		f.Add(seed)
	}
	clock := world.NewClock(noon)
	g := gate.New(gate.Options{Clock: clock})
	sim := New(Options{World: world.New(world.Options{Seed: 3, Payments: 26, Clock: clock}), Gate: g})
	f.Fuzz(func(t *testing.T, body string) {
		before := sim.payouts.Len()
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, request4("POST", "/payments", body, "sandbox"))
		if made := sim.payouts.Len() - before; (w.Code == 200) != (made == 1) || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%d payouts made, answer %d %s", made, w.Code, w.Body)
		}
	})
}
