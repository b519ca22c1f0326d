package jumpfinance

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bursar/providers/sandbox/world"
)

func TestACertificateIsPaidOnce(t *testing.T) {
	d := newDesk(t, Options{})
	who := world.ContractorID(4)
	_, made := d.ask("POST", "/acceptance-certificates", with(strings.ReplaceAll(aCert, "ID", who), "branch_office_id", "2"))
	id := text(made, "item", "id")
	if dig(made, "item", "payment") != nil || text(made, "item", "abilities", "can_create_payment") != "true" || text(made, "item", "certificate_items", 0, "clear_value") != "0.95" {
		t.Fatalf("made: %v", made)
	}
	path := "/acceptance-certificates/" + id
	code, first := d.ask("POST", path+"/payment", with(aPayment, "bank_account_id", "2"))
	if code != 200 || text(first, "item", "amount") != "900.5" || dig(first, "item", "customer_payment_id") != nil || text(first, "item", "branch_office_id") != "2" {
		t.Fatalf("paid: %d %v", code, first)
	}
	_, again := d.ask("POST", path+"/payment", aPayment)
	if text(again, "item", "id") != text(first, "item", "id") {
		t.Errorf("the same key: %v", again)
	}
	if code, _ := d.ask("POST", path+"/payment", with(aPayment, "idempotency_key", `"1b7e3b1c-6a0e-4f51-9d4b-0c6f3f7e2a11"`)); code != 400 {
		t.Errorf("another key: %d", code)
	}
	_, other := d.ask("POST", "/acceptance-certificates", strings.ReplaceAll(aCert, "ID", who))
	if code, out := d.ask("POST", "/acceptance-certificates/"+text(other, "item", "id")+"/payment", aPayment); code != 422 || refusedField(out) != "idempotency_key" {
		t.Errorf("the key for another certificate: %d %v", code, out)
	}
	_, read := d.ask("GET", path, "")
	if text(read, "item", "payment", "id") != text(first, "item", "id") || text(read, "item", "abilities", "can_edit") != "false" {
		t.Errorf("after it: %v", read)
	}
	_, list := d.ask("GET", "/payments?has_acceptance_certificate=true&contractor_ids="+who, "")
	if text(list, "items", 0, "id") != text(first, "item", "id") {
		t.Errorf("the payout has no certificate: %v", list)
	}
	ledger := string(d.gate.Ledger())
	if d.changed(payCertCall) != 1 || !strings.Contains(ledger, `"id":"`+id+`","amount":"900.50","currency":"RUB","key":"0b7e3b1c`) {
		t.Errorf("ledger: %s", ledger)
	}
	if row, ok := d.sim.payoutRow(firstNewID); !ok || d.sim.payoutAt(row).Account != 0 {
		t.Errorf("the account was not ignored without the feature")
	}
}

func TestCertificateLists(t *testing.T) {
	d := newDesk(t, Options{UnpaidCertificates: true})
	_, all := d.ask("GET", "/acceptance-certificates?per_page=200", "")
	open := 0
	rows, _ := dig(all, "items").([]any)
	for _, r := range rows {
		if dig(r, "payment") == nil {
			open++
		}
	}
	if open < 60 {
		t.Errorf("%d of %d are to be paid", open, len(rows))
	}
	_, sorted := d.ask("GET", "/acceptance-certificates?order=id&per_page=2", "")
	if text(sorted, "items", 0, "id") != idText(firstCertID) || text(sorted, "items", 1, "id") != idText(firstCertID+1) {
		t.Errorf("by id: %v", sorted)
	}
	_, named := d.ask("GET", "/acceptance-certificates?ids=60002,60009,60002,1", "")
	if text(named, "meta", "total") != "2" || text(named, "items", 0, "id") != "60009" {
		t.Errorf("by number: %v", named)
	}
	if code, _ := d.ask("GET", "/acceptance-certificates?order=price", ""); code != 422 {
		t.Errorf("an order that is none: %d", code)
	}
	for _, form := range []string{"pdf", "docx"} {
		w := httptest.NewRecorder()
		d.sim.ServeHTTP(w, request4("GET", fmt.Sprintf("/acceptance-certificates/%d/%s/download", firstCertID, form), "", "sandbox"))
		body := w.Body.Bytes()
		if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), "."+form) {
			t.Fatalf("%s: %d %v", form, w.Code, w.Header())
		}
		if form == "pdf" && !bytes.HasPrefix(body, []byte("%PDF-")) {
			t.Errorf("no PDF: %.20q", body)
		}
		if form != "docx" {
			continue
		}
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		if words, _ := io.ReadAll(f); !strings.Contains(string(words), "ПСА-60001") {
			t.Errorf("the document says %s", words)
		}
	}
}

func TestBranchesAreMadeAndLimited(t *testing.T) {
	d := newDesk(t, Options{})
	_, made := d.ask("POST", "/branch-office", aBranch)
	pay := fmt.Sprintf(`{"contractor_id":%s,"amount":4000,"branch_office_id":%s}`, world.ContractorID(2), text(made, "item", "id"))
	if code, _ := d.ask("POST", "/payments", pay); code != 200 {
		t.Errorf("within the limit: %d", code)
	}
	if code, out := d.ask("POST", "/payments", pay); code != 422 || refusedField(out) != "amount" {
		t.Errorf("above the limit: %d %v", code, out)
	}
	path := "/branch-office/" + text(made, "item", "id")
	d.ask("PATCH", path, with(with(aBranch, "limit_daily", "8000"), "is_active", "1"))
	if code, _ := d.ask("POST", "/payments", pay); code != 200 {
		t.Errorf("within the raised limit: %d", code)
	}
	d.ask("PATCH", path, with(aBranch, "is_active", "0"))
	if code, out := d.ask("POST", "/payments", pay); code != 422 || refusedField(out) != "branch_office_id" {
		t.Errorf("switched off: %d %v", code, out)
	}
	_, byName := d.ask("GET", "/branch-office?order=-name&per_page=1", "")
	if text(byName, "items", 0, "name") != "Тула" {
		t.Errorf("by name: %v", byName)
	}
	if code, _ := d.ask("GET", "/branch-office?order=size", ""); code != 422 {
		t.Errorf("an order that is none: %d", code)
	}
}

func TestDeletedGoodsAreTrash(t *testing.T) {
	d := newDesk(t, Options{})
	total := func(query string) string {
		_, out := d.ask("GET", "/nomenclatures?per_page=7"+query, "") // any size up to 200
		return text(out, "meta", "total")
	}
	path := "/nomenclatures/" + d.sim.goodID(4)
	if total("") != "11" || total("&with_trashed=1") != "12" {
		t.Errorf("%s, with the trash %s", total(""), total("&with_trashed=1"))
	}
	if code, _ := d.maybe("DELETE", path, ""); code != 204 {
		t.Errorf("delete: %d", code)
	}
	if code, _ := d.ask("GET", path, ""); code != 404 {
		t.Errorf("deleted: %d", code)
	}
	_, trash := d.ask("GET", path+"?with_trashed=1", "")
	if at := text(trash, "item", "deleted_at"); !strings.HasSuffix(at, "Z") {
		t.Errorf("deleted_at: %s", at)
	}
	if total("") != "10" || total("&search="+url.QueryEscape("ЛОМ АЛ")) != "1" {
		t.Errorf("after it: %s", total(""))
	}
	for _, query := range []string{"per_page=201", "with_trashed=true", "include=type"} {
		if code, _ := d.ask("GET", "/nomenclatures?"+query, ""); code != 422 {
			t.Errorf("%s: %d", query, code)
		}
	}
}
