package jumpfinance

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/world"
)

// text is what is found at a path, as text.
func text(v any, path ...any) string { return fmt.Sprint(dig(v, path...)) }

func TestAKnownPhoneOverwrites(t *testing.T) {
	d := newDesk(t, Options{})
	old := d.sim.contractors.At(7)
	n := d.sim.contractors.Len()
	code, out := d.ask("POST", "/contractors", with(aPerson, "phone", `"`+old.Phone+`"`))
	if code != 200 || text(out, "item", "id") != idText(old.ID) || text(out, "item", "last_name") != "Орлова" || dig(out, "item", "email") != nil || d.sim.contractors.Len() != n {
		t.Errorf("a known phone: %d %v", code, out)
	}
	_, made := d.ask("POST", "/contractors", aPerson)
	if id := text(made, "item", "id"); id != idText(firstNewContractorID) || d.sim.contractors.Len() != n+1 {
		t.Errorf("a new phone: %v", made)
	}
	if d.changed(upsertCall) != 2 {
		t.Errorf("ledger: %s", d.gate.Ledger())
	}
	bare := newDesk(t, Options{BareUpdates: true})
	if _, out := bare.ask("PUT", "/contractors/"+idText(old.ID), aPerson); text(out, "last_name") != "Орлова" {
		t.Errorf("without item: %v", out)
	}
}

// TestWhatAContractorWasStaysWithTheirPayouts changes the legal form: old
// payouts keep their tax and their receipts.
func TestWhatAContractorWasStaysWithTheirPayouts(t *testing.T) {
	d := newDesk(t, Options{})
	var p payout
	for row := 0; p.Receipt == nil; row++ {
		p = d.sim.payoutAt(row)
	}
	path := fmt.Sprintf("/payments/%d?include=agent", p.ID)
	_, before := d.ask("GET", path, "")
	d.ask("PUT", "/contractors/"+idText(p.Contractor), with(aPerson, "agent_id", idText(3-p.Agent)))
	_, after := d.ask("GET", path, "")
	for _, part := range []string{"tax_amount", "receipt", "agent", "amount_paid"} {
		if a, b := text(before, "item", part), text(after, "item", part); a != b || a == "<nil>" {
			t.Errorf("%s was %s and is %s", part, a, b)
		}
	}
}

func TestADeletedContractorIsGone(t *testing.T) {
	d := newDesk(t, Options{})
	p := d.newest(failed)
	path := "/contractors/" + idText(p.Contractor)
	_, before := d.ask("GET", "/contractors", "")
	if code, _ := d.maybe("DELETE", path, ""); code != 204 {
		t.Fatalf("delete: %d", code)
	}
	for _, call := range []string{"GET " + path, "DELETE " + path, "PUT " + path, "GET " + path + "/balances", "GET " + path + "/requisites", "POST " + path + "/selfemployer/sync"} {
		method, at, _ := strings.Cut(call, " ")
		if code, _ := d.maybe(method, at, aPerson); code != 404 {
			t.Errorf("%s: %d", call, code)
		}
	}
	_, after := d.ask("GET", "/contractors", "")
	if a, b := text(before, "meta", "total"), text(after, "meta", "total"); a == b {
		t.Errorf("total %s, then %s", a, b)
	}
	if code, out := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%d,"amount":1}`, p.Contractor)); code != 422 || refusedField(out) != "contractor_id" {
		t.Errorf("a payout to somebody deleted: %d %v", code, out)
	}
	_, pay := d.ask("GET", fmt.Sprintf("/v2/payments/%d", p.ID), "")
	if text(pay, "item", "contractor", "is_deleted") != "true" || text(pay, "item", "contractor", "id") != idText(p.Contractor) {
		t.Errorf("the payout: %v", dig(pay, "item", "contractor"))
	}
	strict := newDesk(t, Options{RefuseInUse: true})
	if code, _ := strict.maybe("DELETE", path, ""); code != 499 || strict.changed(deleteContractorCall) != 0 {
		t.Errorf("somebody whose payout failed: %d", code)
	}
}

func TestBalances(t *testing.T) {
	d := newDesk(t, Options{})
	var c contractor
	for row := 0; c.Fleet.IsZero(); row++ {
		c = d.sim.contractors.At(row)
	}
	path := "/contractors/" + idText(c.ID)
	d.ask("POST", path+"/cooperations", fmt.Sprintf(`{"agent_id":%d,"legal_form_id":1}`, 3-c.Agent))
	_, list := d.ask("GET", path+"/balances?include=agent", "")
	if text(list, "meta", "total") != "3" || dig(list, "items", 1, "customer_balance") != nil || dig(list, "items", 0, "integration") != nil ||
		text(list, "items", 2, "agent", "id") != idText(3-c.Agent) {
		t.Errorf("%v", list)
	}
	for i := range 3 {
		id := text(list, "items", i, "id")
		if _, one := d.ask("GET", path+"/balances/"+id, ""); text(one, "item", "id") != id || dig(one, "item", "agent") != nil {
			t.Errorf("balance %s: %v", id, one)
		}
	}
	_, pay := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%d,"amount":1,"balance_id":%s}`, c.ID, text(list, "items", 2, "id")))
	if text(pay, "item", "agent", "id") != idText(3-c.Agent) {
		t.Errorf("the balance's legal entity does not pay: %v", pay)
	}
	if code, _ := d.ask("GET", path+"/balances/1", ""); code != 404 {
		t.Errorf("a balance that is none: %d", code)
	}
}

func TestTheTaxServiceIsAskedOnceInHalfAMinute(t *testing.T) {
	for _, bare := range []bool{false, true} {
		d := newDesk(t, Options{BareLimit: bare})
		path := "/contractors/" + world.ContractorID(3) + "/selfemployer"
		running := func() string { _, out := d.ask("GET", path, ""); return text(out, "item", "sync", "in_process") }
		if running() != "false" {
			t.Error("it runs before it was asked")
		}
		code, out := d.ask("POST", path+"/sync", "")
		if code != 200 || text(out, "item", "sync", "in_process") != "true" || running() != "true" {
			t.Errorf("asked: %d %v", code, out)
		}
		d.clock.Advance(29 * time.Second)
		code, out = d.maybe("POST", path+"/sync", "")
		if code != 429 || bare != (out == nil) {
			t.Errorf("again after 29 s: %d %v", code, out)
		}
		if running() != "false" {
			t.Error("it runs for ever")
		}
		d.clock.Advance(time.Second)
		if code, _ := d.ask("POST", path+"/sync", ""); code != 200 {
			t.Errorf("again after 30 s: %d", code)
		}
		if d.changed(syncTaxCall) != 2 {
			t.Errorf("ledger: %s", d.gate.Ledger())
		}
	}
}

func TestSecondVersionOfPayouts(t *testing.T) {
	d := newDesk(t, Options{})
	_, one := d.ask("GET", fmt.Sprintf("/v2/payments/%d?include=requisite,act,branch_office,approver,files", d.newest(failed).ID), "")
	if text(one, "item", "error", "title") == "<nil>" || dig(one, "item", "branch_office_id") != nil || text(one, "item", "requisite", "mask") == "<nil>" {
		t.Errorf("%v", one)
	}
	_, signed := d.ask("GET", fmt.Sprintf("/v2/payments/%d?include=act", d.newest(unsigned).ID), "")
	if _, ok := dig(signed, "item", "act", "status", "id").(json.Number); !ok {
		t.Errorf("an act's status is no number: %v", dig(signed, "item", "act"))
	}
	_, waiting := d.ask("GET", "/v2/payments?status_id=7&per_page=1", "")
	if text(waiting, "items", 0, "status", "id") != "7" {
		t.Errorf("status_id=7: %v", waiting)
	}
	for query, want := range map[string]int{"status_id=9": 422, "status=9": 200, "include=driver": 422, "include=vehicle": 200} {
		if code, _ := d.ask("GET", "/v2/payments?"+query, ""); code != want {
			t.Errorf("%s: %d, want %d", query, code, want)
		}
	}
	if code, _ := d.ask("GET", "/v2/payments/1", ""); code != 404 {
		t.Errorf("none: %d", code)
	}
	_, list := d.ask("GET", "/v2/payments?has_acceptance_certificate=true&per_page=5", "")
	for i := range 5 {
		_, cert := d.ask("GET", "/acceptance-certificates/"+text(list, "items", i, "acceptance_certificate", "id"), "")
		if text(cert, "item", "payment", "id") != text(list, "items", i, "id") {
			t.Errorf("payout %s, its certificate's payout %s", text(list, "items", i, "id"), text(cert, "item", "payment", "id"))
		}
	}
	mixed := newDesk(t, Options{V2Types: true})
	if _, out := mixed.ask("GET", fmt.Sprintf("/payments/%d", mixed.newest(failed).ID), ""); text(out, "item", "error", "title") == "<nil>" {
		t.Errorf("v2 types in v1: %v", out)
	}
}

func TestCooperations(t *testing.T) {
	d := newDesk(t, Options{})
	c := d.sim.contractors.At(4)
	path := "/contractors/" + idText(c.ID) + "/cooperations"
	_, made := d.ask("POST", path, fmt.Sprintf(`{"agent_id":%d,"legal_form_id":3}`, 3-c.Agent))
	one := path + "/" + text(made, "item", "id")
	if _, out := d.ask("PUT", one, fmt.Sprintf(`{"agent_id":%d,"legal_form_id":1}`, 3-c.Agent)); text(out, "item", "legal_form", "name") != formTitles[individual] {
		t.Errorf("updated: %v", out)
	}
	if _, out := d.ask("GET", path, ""); text(out, "meta", "total") != "2" {
		t.Errorf("list: %v", out)
	}
	if code, _ := d.maybe("DELETE", one, ""); code != 204 {
		t.Errorf("delete: %d", code)
	}
	if code, _ := d.ask("GET", one, ""); code != 404 {
		t.Errorf("deleted: %d", code)
	}
}

func TestIdentification(t *testing.T) {
	d := newDesk(t, Options{})
	_, made := d.ask("POST", "/contractors", aPerson)
	path := "/contractors/" + text(made, "item", "id") + "/identification-requests"
	if code, _ := d.ask("GET", path+"/last-approved", ""); code != 404 {
		t.Errorf("nobody was identified: %d", code)
	}
	_, asked := d.ask("POST", path, with(aProof, "is_verified", "false"))
	d.clock.Advance(time.Minute)
	if code, _ := d.ask("GET", path+"/last-approved", ""); code != 404 || text(asked, "item", "status") != "pending" {
		t.Errorf("it is being checked: %d %v", code, asked)
	}
	_, sure := d.ask("POST", path, aProof)
	_, last := d.ask("GET", path+"/last-approved?view=passport", "")
	if text(last, "item", "id") != text(sure, "item", "id") || text(last, "item", "status") != "approved" || text(last, "item", "passport", "last_name") != "Орлова" {
		t.Errorf("last: %v", last)
	}
	if _, simple := d.ask("GET", path+"/last-approved?view=simple", ""); dig(simple, "item", "passport") != nil {
		t.Errorf("simple: %v", simple)
	}
}

func TestNominalRowsHaveNoIDs(t *testing.T) {
	d := newDesk(t, Options{})
	want := 0
	for row := range d.sim.payouts.Len() {
		if p := d.sim.payoutAt(row); p.Account == nominalAccount && p.Status == paid {
			want++
		}
	}
	_, out := d.ask("GET", "/nominal-account/payments?per_page=5", "")
	if text(out, "meta", "total") != fmt.Sprint(want) || want == 0 || dig(out, "items", 0, "id") != nil || text(out, "items", 0, "organization_inn") == "<nil>" {
		t.Errorf("want %d: %v", want, out)
	}
	_, in := d.ask("GET", "/nominal-account/receipts?per_page=200", "")
	rows, _ := dig(in, "items").([]any)
	seen, twins := map[string]bool{}, 0
	for _, r := range rows {
		raw, _ := json.Marshal(r)
		if seen[string(raw)] {
			twins++
		}
		seen[string(raw)] = true
	}
	if twins == 0 || len(rows) < 20 {
		t.Errorf("%d receipts, %d alike", len(rows), twins)
	}
	for _, list := range []string{"payments", "receipts"} {
		_, none := d.ask("GET", "/nominal-account/"+list+"?date_from=2030-01-01", "")
		if text(none, "meta", "total") != "0" || dig(none, "meta", "from") != nil {
			t.Errorf("%s of the future: %v", list, none)
		}
	}
}

func TestBankBalancesAreRefreshed(t *testing.T) {
	d := newDesk(t, Options{})
	code, out := d.ask("POST", "/banks_accounts/sync_balances", "")
	path := "/banks_accounts/sync_balances_status/" + text(out, "item", "id")
	if code != 202 {
		t.Fatalf("%d %v", code, out)
	}
	if code, _ := d.ask("GET", path, ""); code != 202 {
		t.Errorf("running: %d", code)
	}
	if code, _ := d.ask("POST", "/banks_accounts/sync_balances", ""); code != 429 {
		t.Errorf("at once again: %d", code)
	}
	d.clock.Advance(defaultTakes)
	if code, _ := d.ask("GET", path, ""); code != 302 {
		t.Errorf("done: %d", code)
	}
	if _, out := d.ask("GET", "/banks_accounts", ""); text(out, "items", 0, "synced_at") != fmt.Sprint(stamp(d.clock.Now())) {
		t.Errorf("synced: %v", out)
	}
	if code, _ := d.ask("GET", "/banks_accounts/sync_balances_status/2", ""); code != 404 {
		t.Errorf("none: %d", code)
	}
}

func TestListsForOutsideClients(t *testing.T) {
	d := newDesk(t, Options{})
	for _, path := range []string{"/groups", "/acts/templates", "/integrations", "/balances", "/branch-office/banks_accounts"} {
		if code, out := d.ask("GET", path+"?per_page=1", ""); code != 200 || dig(out, "items", 0) == nil {
			t.Errorf("%s: %d %v", path, code, out)
		}
		if code, _ := d.ask("GET", path+"?per_page=7", ""); code != 422 {
			t.Errorf("%s of seven: %d", path, code)
		}
	}
	if _, out := d.ask("GET", "/dictionaries", ""); text(out, "item", "sbp_banks", "options", 0, "value") != "100000000004" {
		t.Errorf("dictionaries: %v", out)
	}
	w := httptest.NewRecorder()
	d.sim.ServeHTTP(w, request4("GET", "/releases", "", "sandbox"))
	var releases []map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &releases); err != nil || len(releases) == 0 || releases[0]["ReleaseJF"] == nil {
		t.Errorf("releases: %v %s", err, w.Body)
	}
}

func TestConfirm(t *testing.T) {
	d := newDesk(t, Options{Confirmable: true, Confirming: true})
	make := func() string {
		_, out := d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%s,"amount":5}`, world.ContractorID(1)))
		return text(out, "item", "id")
	}
	a, b := make(), make()
	if code, out := d.ask("POST", "/payments/confirm", fmt.Sprintf(`{"payment_id":"%s,%d"}`, a, d.newest(paid).ID)); code != 422 || d.changed(confirmCall) != 0 {
		t.Errorf("with a paid one: %d %v", code, out)
	}
	if code, out := d.ask("POST", "/payments/confirm", fmt.Sprintf(`{"payment_id":"%s,%s,%s"}`, a, b, b)); code != 200 || text(out, "items", 1, "status", "id") != "3" || d.changed(confirmCall) != 2 {
		t.Errorf("two: %d %v", code, out)
	}
}

func TestARowArrivesBetweenPages(t *testing.T) {
	d := newDesk(t, Options{RowsArrive: true})
	_, first := d.ask("GET", "/payments?per_page=5", "")
	_, second := d.ask("GET", "/payments?per_page=5&page=2", "")
	if text(first, "items", 4, "id") != text(second, "items", 0, "id") {
		t.Errorf("%s, then %s", text(first, "items", 4, "id"), text(second, "items", 0, "id"))
	}
}
