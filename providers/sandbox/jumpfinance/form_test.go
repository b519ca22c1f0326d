package jumpfinance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// refusedFields are all the fields that an answer refuses.
func refusedFields(out map[string]any) []string {
	var names []string
	rows, _ := dig(out, "error", "fields").([]any)
	for _, r := range rows {
		name, _ := dig(r, "field").(string)
		names = append(names, name)
	}
	return names
}

// changed counts the ledger's entries of a call.
func (d *desk) changed(call string) int {
	n := 0
	for line := range strings.Lines(string(d.gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			d.Fatal(err)
		}
		if e.Call == call {
			n++
		}
	}
	return n
}

const (
	aPerson  = `{"phone":"+79001234567","last_name":"Орлова","first_name":"Анна","legal_form_id":1,"agent_id":1}`
	aLink    = `{"agent_id":2,"legal_form_id":1}`
	aBranch  = `{"name":"Тула","agent_id":1,"address":"г. Тула","limit_monthly":null,"limit_daily":5000}`
	aProof   = `{"country":"rus","is_verified":true,"passport":{"last_name":"Орлова","gender":"female","number":4500123456,"issued_at":"06.02.2014"}}`
	aCheck   = `{"scenario":"acceptance_certificate_create","last_name":"Орлова","first_name":"Анна","phone_number":"+79001234567","is_self_employed":false,"birth_date":"1990-05-17","citizenship":"RU","passport":{"type":"passport_rf","registration_address":"г. Тула","serial":"4500","number":"123456","issue_date":"2014-02-06","division":"770-001","issued_by":"ОВД"}}`
	aLine    = `{"name":"Лом меди","measure_unit_id":4,"value":1.25,"tare_weight":0.25,"impurity_percent":5,"price":10,"amount":9.5}`
	aCert    = `{"agent_id":1,"number":"А-7","date":"2026-11-19","contractor_id":ID,"scrap_metal_data":{"basis_of_ownership":"Собственность","items_description":"Лом"},"amount":900.5,"certificate_items":[` + aLine + `]}`
	aPayment = `{"requisite":{"type_id":10,"account_number":"+79001234567","sbp_bank_id":100000000004},"idempotency_key":"0b7e3b1c-6a0e-4f51-9d4b-0c6f3f7e2a11"}`
)

func without(body, field string) string {
	var v map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		panic(err)
	}
	delete(v, field)
	out, _ := json.Marshal(v)
	return string(out)
}

func with(body, field, value string) string {
	var v map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		panic(err)
	}
	v[field] = json.RawMessage(value)
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// TestWritesAreStrict sends every write with something wrong: the field is
// named, and nothing is done.
func TestWritesAreStrict(t *testing.T) {
	id := world.ContractorID(4)
	who, sort := "/contractors/"+id, `{"id":"SORT","name":"Цветные металлы"}`
	cert := strings.ReplaceAll(aCert, "ID", id)
	good := `{"name":"Лом цинка","type":` + sort + `}`
	line := func(field, value string) string {
		return with(cert, "certificate_items", `[`+aLine+`,`+with(aLine, field, value)+`]`)
	}
	tests := []struct {
		name, method, path, body string
		code                     int
		field                    string
	}{
		{"a contractor", "POST", "/contractors", aPerson, 200, ""},
		{"a contractor's whole passport", "POST", "/contractors", with(aPerson, "passport_details", `{"document_type":"passport_rf","full_number":"8000 310000","issue_date":"2014-02-06","issued_by":"ОВД","division":"770-001","birth_date":"1990-05-17","registration_address":"г. Тула"}`), 200, ""},
		{"no phone", "POST", "/contractors", without(aPerson, "phone"), 422, "phone"},
		{"a phone of eight", "POST", "/contractors", with(aPerson, "phone", `"89001234567"`), 422, "phone"},
		{"no last name", "POST", "/contractors", without(aPerson, "last_name"), 422, "last_name"},
		{"a blank first name", "POST", "/contractors", with(aPerson, "first_name", `" "`), 422, "first_name"},
		{"a legal form that is none", "POST", "/contractors", with(aPerson, "legal_form_id", `4`), 422, "legal_form_id"},
		{"no legal entity", "POST", "/contractors", without(aPerson, "agent_id"), 422, "agent_id"},
		{"an unknown legal entity", "POST", "/contractors", with(aPerson, "agent_id", `9`), 422, "agent_id"},
		{"a group that is none", "POST", "/contractors", with(aPerson, "group_id", `9`), 422, "group_id"},
		{"an address that is none", "POST", "/contractors", with(aPerson, "email", `"orlova"`), 422, "email"},
		{"a short tax number", "POST", "/contractors", with(aPerson, "inn", `"7712"`), 422, "inn"},
		{"a wish that is no boolean", "POST", "/contractors", with(aPerson, "company_agrees_pay_taxes", `1`), 422, "company_agrees_pay_taxes"},
		{"a passport without a number", "POST", "/contractors", with(aPerson, "passport_details", `{"document_type":"passport_rf","issue_date":"2014-02-06","issued_by":"ОВД","division":"770-001","birth_date":"1990-05-17","registration_address":"г. Тула"}`), 422, "passport_details.full_number"},
		{"a passport that is a text", "POST", "/contractors", with(aPerson, "passport_details", `"8000"`), 422, "passport_details"},
		{"no JSON", "POST", "/contractors", `phone`, 400, ""},
		{"an update", "PUT", who, aPerson, 200, ""},
		{"an update with another's phone", "PUT", who, with(aPerson, "phone", `"PHONE"`), 422, "phone"},
		{"an update of nobody", "PUT", "/contractors/5", aPerson, 404, ""},
		{"a deletion", "DELETE", who, "", 204, ""},
		{"a deletion of nobody", "DELETE", "/contractors/5", "", 404, ""},
		{"the tax service", "POST", who + "/selfemployer/sync", "", 200, ""},
		{"the tax service about nobody", "POST", "/contractors/5/selfemployer/sync", "", 404, ""},
		{"an identification", "POST", who + "/identification-requests?view=passport", aProof, 200, ""},
		{"an identification of no country", "POST", who + "/identification-requests", without(aProof, "country"), 422, "country"},
		{"a country of two letters", "POST", who + "/identification-requests", with(aProof, "country", `"RU"`), 422, "country"},
		{"a view that is none", "POST", who + "/identification-requests?view=all", aProof, 422, "view"},
		{"a gender that is none", "POST", who + "/identification-requests", with(aProof, "passport", `{"gender":"f"}`), 422, "passport.gender"},
		{"a birth date the other way", "POST", who + "/identification-requests", with(aProof, "passport", `{"birthdate":"1990-05-17"}`), 422, "passport.birthdate"},
		{"an address that is a text", "POST", who + "/identification-requests", with(aProof, "passport", `{"address":"г. Тула"}`), 422, "passport.address"},
		{"a cooperation", "POST", who + "/cooperations", `{"agent_id":OTHER,"legal_form_id":1}`, 200, ""},
		{"a cooperation that is there", "POST", who + "/cooperations", `{"agent_id":OWN,"legal_form_id":1}`, 422, "agent_id"},
		{"a self-employed person without a word on taxes", "POST", who + "/cooperations", `{"agent_id":OTHER,"legal_form_id":2}`, 422, "is_agree_pay_taxes"},
		{"a self-employed person who pays", "POST", who + "/cooperations", `{"agent_id":OTHER,"legal_form_id":2,"is_agree_pay_taxes":false}`, 200, ""},
		{"the first cooperation stays", "DELETE", who + "/cooperations/LINK", "", 400, ""},
		{"a cooperation of another", "PUT", who + "/cooperations/1", aLink, 404, ""},
		{"a branch", "POST", "/branch-office", aBranch, 200, ""},
		{"a branch without a limit's word", "POST", "/branch-office", without(aBranch, "limit_monthly"), 422, "limit_monthly"},
		{"a limit in quotes", "POST", "/branch-office", with(aBranch, "limit_daily", `"5"`), 422, "limit_daily"},
		{"a branch without address", "POST", "/branch-office", without(aBranch, "address"), 422, "address"},
		{"a branch's update", "PATCH", "/branch-office/3", with(aBranch, "is_active", `0`), 200, ""},
		{"a part of a branch's update", "PATCH", "/branch-office/3", aBranch, 422, "is_active"},
		{"an activity of true", "PATCH", "/branch-office/3", with(aBranch, "is_active", `true`), 422, "is_active"},
		{"an update of no branch", "PATCH", "/branch-office/99", aBranch, 404, ""},
		{"goods", "POST", "/nomenclatures", good, 200, ""},
		{"goods without a name", "POST", "/nomenclatures", without(good, "name"), 422, "name"},
		{"goods with a type as a text", "POST", "/nomenclatures", with(good, "type", `"Цветные металлы"`), 422, "type"},
		{"goods of an unknown type", "POST", "/nomenclatures", with(good, "type", `{"id":"x"}`), 422, "type.id"},
		{"goods renamed", "PUT", "/nomenclatures/GOOD", good, 200, ""},
		{"deleted goods", "PUT", "/nomenclatures/GONE", good, 404, ""},
		{"deleted goods again", "DELETE", "/nomenclatures/GONE", "", 404, ""},
		{"a certificate", "POST", "/acceptance-certificates", cert, 200, ""},
		{"a certificate with all of it", "POST", "/acceptance-certificates", with(with(with(cert, "transport", `{"mark":"ГАЗ","number":"А1"}`), "contractor_requisite", `{"sbp_validation_data":{"last_name":"А","first_name":"Б"},"requisite":{"type_id":8,"account_number":"5469550053219652"}}`), "branch_office_id", `1`), 200, ""},
		{"no number", "POST", "/acceptance-certificates", without(cert, "number"), 422, "number"},
		{"a number of 101 characters", "POST", "/acceptance-certificates", with(cert, "number", `"`+strings.Repeat("я", 101)+`"`), 422, "number"},
		{"a date with dots", "POST", "/acceptance-certificates", with(cert, "date", `"19.11.2026"`), 422, "date"},
		{"nobody's certificate", "POST", "/acceptance-certificates", with(cert, "contractor_id", `5`), 422, "contractor_id"},
		{"no data on the metal", "POST", "/acceptance-certificates", without(cert, "scrap_metal_data"), 422, "scrap_metal_data"},
		{"no basis of ownership", "POST", "/acceptance-certificates", with(cert, "scrap_metal_data", `{"items_description":"Лом"}`), 422, "scrap_metal_data.basis_of_ownership"},
		{"a quoted sum", "POST", "/acceptance-certificates", with(cert, "amount", `"900"`), 422, "amount"},
		{"no lines", "POST", "/acceptance-certificates", with(cert, "certificate_items", `[]`), 422, "certificate_items"},
		{"129 lines", "POST", "/acceptance-certificates", with(cert, "certificate_items", `[`+strings.Repeat(aLine+",", 128)+aLine+`]`), 422, "certificate_items"},
		{"a line that is a number", "POST", "/acceptance-certificates", with(cert, "certificate_items", `[`+aLine+`,7]`), 422, "certificate_items.1"},
		{"a line without a name", "POST", "/acceptance-certificates", line("name", `null`), 422, "certificate_items.1.name"},
		{"more dirt than there is", "POST", "/acceptance-certificates", line("impurity_percent", `101`), 422, "certificate_items.1.impurity_percent"},
		{"more tare than weight", "POST", "/acceptance-certificates", line("tare_weight", `2`), 422, "certificate_items.1.tare_weight"},
		{"an unknown unit", "POST", "/acceptance-certificates", line("measure_unit_id", `77`), 422, "certificate_items.1.measure_unit_id"},
		{"goods that are none", "POST", "/acceptance-certificates", line("nomenclature_id", `"7"`), 422, "certificate_items.1.nomenclature_id"},
		{"goods that were deleted", "POST", "/acceptance-certificates", line("nomenclature_id", `"GONE"`), 422, "certificate_items.1.nomenclature_id"},
		{"a bad card to pay", "POST", "/acceptance-certificates", with(cert, "contractor_requisite", `{"requisite":{"type_id":8,"account_number":"1"}}`), 422, "contractor_requisite.requisite.account_number"},
		{"a paid certificate", "PUT", "/acceptance-certificates/PAID", cert, 400, ""},
		{"an open certificate", "PUT", "/acceptance-certificates/OPEN", cert, 200, ""},
		{"a certificate that is none", "PUT", "/acceptance-certificates/1", cert, 404, ""},
		{"the payment", "POST", "/acceptance-certificates/OPEN/payment", aPayment, 200, ""},
		{"the payment to a new card", "POST", "/acceptance-certificates/OPEN/payment", with(aPayment, "requisite", `{"type_id":8,"account_number":"5469550053219652"}`), 200, ""},
		{"the payment to nowhere", "POST", "/acceptance-certificates/OPEN/payment", without(aPayment, "requisite"), 422, "requisite"},
		{"the payment to two places", "POST", "/acceptance-certificates/OPEN/payment", with(aPayment, "requisite_id", `1`), 422, "requisite"},
		{"a key that is no UUID", "POST", "/acceptance-certificates/OPEN/payment", with(aPayment, "idempotency_key", `"once"`), 422, "idempotency_key"},
		{"a third person without a name", "POST", "/acceptance-certificates/OPEN/payment", with(aPayment, "sbp_validation_data", `{"last_name":"А"}`), 422, "sbp_validation_data.first_name"},
		{"the payment of a paid one", "POST", "/acceptance-certificates/PAID/payment", aPayment, 400, ""},
		{"the payment of none", "POST", "/acceptance-certificates/1/payment", aPayment, 404, ""},
		{"a passport check", "POST", "/passport-check-requests", aCheck, 200, ""},
		{"a passport check by the query", "POST", "/passport-check-requests?scenario=acceptance_certificate_create", without(aCheck, "scenario"), 200, ""},
		{"a passport check for nothing", "POST", "/passport-check-requests", without(aCheck, "scenario"), 422, "scenario"},
		{"another scenario", "POST", "/passport-check-requests", with(aCheck, "scenario", `"x"`), 422, "scenario"},
		{"another citizenship", "POST", "/passport-check-requests", with(aCheck, "citizenship", `"KZ"`), 422, "citizenship"},
		{"no passport", "POST", "/passport-check-requests", without(aCheck, "passport"), 422, "passport"},
		{"a serial of three", "POST", "/passport-check-requests", strings.Replace(aCheck, `"4500"`, `"450"`, 1), 422, "passport.serial"},
		{"a confirmation that is switched off", "POST", "/payments/confirm", `{"payment_id":"1"}`, 404, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d := newDesk(t, Options{UnpaidCertificates: true})
			own, _ := d.sim.contractorByID(d.sim.contractors.At(4).ID)
			fill := strings.NewReplacer("PHONE", d.sim.contractors.At(5).Phone, "SORT", d.sim.sortID(1), "GOOD", d.sim.goodID(0), "GONE", d.sim.goodID(3),
				"PAID", idText(firstCertID), "OPEN", idText(firstCertID+3), "OTHER", idText(3-own.Agent), "OWN", idText(own.Agent), "LINK", idText(firstOwnLinkID+own.ID))
			code, out := d.maybe(tc.method, fill.Replace(tc.path), fill.Replace(tc.body))
			fields := refusedFields(out)
			if code != tc.code || tc.field != "" && !slices.Contains(fields, tc.field) || tc.field == "" && len(fields) > 0 || len(fields) > 1 {
				t.Errorf("%d, fields %v; want %d %q: %v", code, fields, tc.code, tc.field, out)
			}
			entries := strings.Count(string(d.gate.Ledger()), "\n")
			if want := map[bool]int{true: 1}[tc.code < 300]; entries != want {
				t.Errorf("ledger: %s", d.gate.Ledger())
			}
			for _, private := range []string{"5469550053219652", "310000", "4500", "123456\"", "ОВД"} {
				if strings.Contains(string(d.gate.Ledger()), private) {
					t.Errorf("the ledger holds %s: %s", private, d.gate.Ledger())
				}
			}
		})
	}
}

// maybe is ask for answers that may be empty.
func (d *desk) maybe(method, path, body string) (int, map[string]any) {
	d.Helper()
	w := httptest.NewRecorder()
	d.sim.ServeHTTP(w, request4(method, path, body, "sandbox"))
	if w.Body.Len() == 0 {
		return w.Code, nil
	}
	var out map[string]any
	dec := json.NewDecoder(bytes.NewReader(w.Body.Bytes()))
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		d.Fatalf("%s %s: %d, not JSON: %v", method, path, w.Code, err)
	}
	return w.Code, out
}

// FuzzWrites sends any body to every write: the answer is a document, and the
// ledger has an entry only for a change that was made.
func FuzzWrites(f *testing.F) {
	for _, seed := range []string{aPerson, aLink, aBranch, aProof, aCheck, aPayment, strings.ReplaceAll(aCert, "ID", world.ContractorID(4)), `{"certificate_items":[null,[],{}]}`, `null`, `{"passport":{"address":{"detailed":[]}}}`} {
		f.Add(seed)
	}
	clock := world.NewClock(noon)
	g := gate.New(gate.Options{Clock: clock})
	sim := New(Options{World: world.New(world.Options{Seed: 3, Payments: 130, Clock: clock}), Gate: g, UnpaidCertificates: true})
	who := "/contractors/" + world.ContractorID(4)
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{
			"POST /contractors", "PUT " + who, "POST " + who + "/cooperations", "POST " + who + "/identification-requests", "POST /branch-office",
			"PATCH /branch-office/2", "POST /nomenclatures", "POST /acceptance-certificates", fmt.Sprintf("POST /acceptance-certificates/%d/payment", firstCertID+3),
			"POST /passport-check-requests", "POST /payments/confirm",
		} {
			method, path, _ := strings.Cut(path, " ")
			before := bytes.Count(g.Ledger(), []byte("\n"))
			w := httptest.NewRecorder()
			sim.ServeHTTP(w, request4(method, path, body, "sandbox"))
			if made := bytes.Count(g.Ledger(), []byte("\n")) - before; made == 1 && w.Code != 200 || made > 1 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s %s: %d changes, answer %d %s", method, path, made, w.Code, w.Body)
			}
		}
	})
}
