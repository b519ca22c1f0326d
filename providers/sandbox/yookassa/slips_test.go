package yookassa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
)

const line = `{"description":"Услуга","quantity":"2","amount":{"value":"50.00","currency":"RUB"},"vat_code":"4"}`

func slip(kind, of, items string) string {
	return `{"type":"` + kind + `",` + of + `,"customer":{"email":"a@example.ru"},"items":[` + items + `],"tax_system_code":1,"send":true,
		"settlements":[{"type":"cashless","amount":{"value":"100.00","currency":"RUB"}}]}`
}

func TestReceiptsAreMadeAndRegisteredLater(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	of := `"payment_id":"` + paid + `"`
	a := s.post("/v3/receipts", slip("payment", of, line), "k1")
	if a.status != 200 || a.body["status"] != "pending" || a.body["payment_id"] != paid || strings.Contains(a.text, "fiscal") {
		t.Fatalf("a new receipt: %d %s", a.status, a.text)
	}
	if !strings.Contains(a.text, `"quantity":2,`) || !strings.Contains(a.text, `"vat_code":4`) {
		t.Errorf("texts are not written as numbers: %s", a.text)
	}
	id := a.body["id"].(string)
	if len(id) != 39 {
		t.Errorf("id %s", id)
	}
	s.clock.Advance(time.Minute)
	if b := s.post("/v3/receipts", slip("payment", of, line), "k1"); b.body["id"] != id || b.body["status"] != "succeeded" || b.body["fiscal_document_number"] == nil {
		t.Errorf("a minute later: %s", b.text)
	}
	if got := s.all("/v3/receipts?payment_id=" + paid); len(got) != 1 || got[0]["id"] != id {
		t.Errorf("the payment's receipts: %v", got)
	}
	s.wantLedger(1)
	if !strings.Contains(string(s.opt.Gate.Ledger()), `"call":"POST /receipts","id":"`+id+`","amount":"100.00"`) {
		t.Errorf("ledger %s", s.opt.Gate.Ledger())
	}
}

func TestReceiptsThatAreRefused(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	s.set("payment", `{"id":"gone","status":"canceled","amount":{"value":"100.00","currency":"RUB"}}`)
	s.set("refund", `{"id":"waits","payment_id":"`+paid+`","status":"pending","amount":{"value":"100.00"}}`)
	of := `"payment_id":"` + paid + `"`
	good := slip("payment", of, line)
	tests := []struct{ name, body, parameter string }{
		{"no type", strings.Replace(good, `"payment",`, `"sale",`, 1), "type"},
		{"not sent", strings.Replace(good, `"send":true`, `"send":false`, 1), "send"},
		{"nobody to send it to", strings.Replace(good, `"email":"a@example.ru"`, ``, 1), "customer"},
		{"no settlements", strings.Replace(good, `"settlements"`, `"settled"`, 1), "settlements"},
		{"settled by magic", strings.Replace(good, `"cashless"`, `"magic"`, 1), "settlements[0].type"},
		{"settled by nothing", strings.Replace(good, `"type":"cashless","amount"`, `"type":"cashless","sum"`, 1), "settlements[0].amount"},
		{"sent by a text", strings.Replace(good, `"send":true`, `"send":"true"`, 1), "send"},
		{"no type at all", strings.Replace(good, `"type":"payment",`, ``, 1), "type"},
		{"a customer of 2019", strings.Replace(good, `"customer":{"email":"a@example.ru"}`, `"email":"a@example.ru"`, 1), "customer"},
		{"an INN of 11 digits", strings.Replace(good, `"customer":{`, `"customer":{"inn":"77012345678",`, 1), "customer.inn"},
		{"a long name", strings.Replace(good, `"customer":{`, `"customer":{"full_name":"`+strings.Repeat("ж", 257)+`",`, 1), "customer.full_name"},
		{"a customer's phone with a plus", strings.Replace(good, `"customer":{`, `"customer":{"phone":"+79990001122",`, 1), "customer.phone"},
		{"a seventh tax system", strings.Replace(good, `"tax_system_code":1`, `"tax_system_code":7`, 1), "tax_system_code"},
		{"a tax system of nothing", strings.Replace(good, `"tax_system_code":1`, `"tax_system_code":0`, 1), "tax_system_code"},
		{"a twelfth time zone", strings.Replace(good, `"send"`, `"timezone":12,"send"`, 1), "timezone"},
		{"a user property without a value", strings.Replace(good, `"send"`, `"additional_user_props":{"name":"a"},"send"`, 1), "additional_user_props.value"},
		{"a payment's receipt of a refund", slip("payment", `"refund_id":"x"`, line), "payment_id"},
		{"neither", strings.Replace(good, of+",", "", 1), "payment_id"},
		{"payment and refund", slip("payment", of+`,"refund_id":"x"`, line), "payment_id"},
		{"no items", slip("payment", of, ""), "items"},
		{"101 items", slip("payment", of, line+strings.Repeat(","+line, 100)), "items"},
		{"a sum that differs", slip("payment", of, line+","+line), "items"},
		{"a quantity beyond measure", slip("payment", of, strings.Replace(line, `"2"`, `1e999999999`, 1)), "items[0].quantity"},
		{"a VAT code of 13", slip("payment", of, strings.Replace(line, `"4"`, `13`, 1)), "items[0].vat_code"},
		{"a cancelled payment", slip("payment", `"payment_id":"gone"`, line), "payment_id"},
		{"a refund that waits", slip("refund", `"refund_id":"waits"`, line), "refund_id"},
		{"a held payment's refund", slip("refund", `"payment_id":"`+hold+`"`, line), "payment_id"},
	}
	for _, tt := range tests {
		if a := s.post("/v3/receipts", tt.body, ""); a.status != 400 || a.body["parameter"] != tt.parameter {
			t.Errorf("%s: %d %s", tt.name, a.status, a.text)
		}
	}
	s.set("refund", `{"id":"back","payment_id":"`+paid+`","amount":{"value":"10.00"}}`)
	if a := s.post("/v3/receipts", slip("refund", `"refund_id":"back"`, line), ""); a.status != 400 || a.body["parameter"] != "items" {
		t.Errorf("a sum that is not the refund's: %d %s", a.status, a.text)
	}
	if a := s.post("/v3/receipts", slip("refund", `"refund_id":"none"`, line), ""); a.status != 404 {
		t.Errorf("an unknown refund: %s", a.text)
	}
	s.wantLedger(0)
	if a := s.post("/v3/receipts", slip("refund", `"payment_id":"gone"`, line), ""); a.status != 200 {
		t.Errorf("a cancelled payment's refund receipt: %s", a.text)
	}
}

func TestItemsThatAreRefused(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	add := func(field string) string { return strings.Replace(line, `"vat_code"`, field+`,"vat_code"`, 1) }
	swap := func(old, with string) string { return strings.Replace(line, old, with, 1) }
	tests := []struct{ item, parameter string }{
		{swap(`"Услуга"`, `""`), "description"},
		{swap(`"Услуга"`, `"`+strings.Repeat("ж", 129)+`"`), "description"},
		{swap(`"2"`, `0`), "quantity"},
		{swap(`"2"`, `true`), "quantity"},
		{swap(`"50.00"`, `50`), "amount.value"},
		{swap(`"RUB"`, `"EUR"`), "amount.currency"},
		{swap(`,"vat_code":"4"`, ``), "vat_code"},
		{swap(`"4"`, `0`), "vat_code"},
		{add(`"payment_subject":"air"`), "payment_subject"},
		{add(`"payment_mode":"later"`), "payment_mode"},
		{add(`"product_code":"0x44"`), "product_code"},
		{add(`"product_code":"00` + strings.Repeat(" FF", 32) + `"`), "product_code"},
		{add(`"country_of_origin_code":"ru"`), "country_of_origin_code"},
		{add(`"customs_declaration_number":"` + strings.Repeat("1", 33) + `"`), "customs_declaration_number"},
		{add(`"excise":"1"`), "excise"},
		{add(`"mark_mode":"1"`), "mark_mode"},
		{add(`"mark_quantity":{"numerator":1}`), "mark_quantity.denominator"},
		{add(`"planned_status":7`), "planned_status"},
		{add(`"additional_payment_subject_props":"` + strings.Repeat("ж", 65) + `"`), "additional_payment_subject_props"},
		{add(`"agent_type":"spy"`), "agent_type"},
		{add(`"supplier":{"inn":"1"}`), "supplier.inn"},
	}
	for _, tt := range tests {
		if a := s.post("/v3/receipts", slip("payment", `"payment_id":"`+paid+`"`, tt.item), ""); a.status != 400 || a.body["parameter"] != "items[0]."+tt.parameter {
			t.Errorf("%s: %d %s", tt.item, a.status, a.text)
		}
	}
	whole := add(`"payment_subject":"service","payment_mode":"full_payment","product_code":"44 4D","country_of_origin_code":"RU","customs_declaration_number":"1","excise":"1.00",
		"mark_mode":"0","mark_quantity":{"numerator":1,"denominator":2},"planned_status":1,"agent_type":"agent","supplier":{"name":"ООО","phone":"79990001122","inn":"7701234567"}`)
	if a := s.post("/v3/payments/"+hold+"/capture", `{"receipt":{"customer":{"email":"a@example.ru"},"items":[`+whole+`]}}`, ""); a.body["parameter"] != "receipt.items[0].agent_type" {
		t.Errorf("an agent in a capture: %d %s", a.status, a.text)
	}
	s.wantLedger(0)
	a := s.post("/v3/receipts", slip("payment", `"payment_id":"`+paid+`"`, whole), "")
	if a.status != 200 || !strings.Contains(a.text, `"supplier":{"name":"ООО"`) || !strings.Contains(a.text, `"payment_mode":"full_payment"`) {
		t.Errorf("all fields: %d %s", a.status, a.text)
	}
	for range 49 {
		a = s.post("/v3/receipts", slip("payment", `"payment_id":"`+paid+`"`, line), "")
	}
	if b := s.post("/v3/receipts", slip("payment", `"payment_id":"`+paid+`"`, line), ""); a.status != 200 || b.status != 400 || b.body["parameter"] != "payment_id" {
		t.Errorf("the 51st: %d %s", b.status, b.text)
	}
}

// Receipt data that comes with a capture or refund makes a receipt of it.
func TestReceiptDataOfChanges(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	data := `"receipt":{"customer":{"phone":"79990001122"},"items":[` + line + `]}`
	body := func(value, receipt string) string {
		return `{"payment_id":"` + paid + `","amount":{"value":"` + value + `","currency":"RUB"},` + receipt + `}`
	}
	if a := s.post("/v3/refunds", body("10.00", data), ""); a.status != 400 || a.body["parameter"] != "receipt.items" {
		t.Errorf("a sum that differs: %d %s", a.status, a.text)
	}
	if a := s.post("/v3/refunds", body("100.00", `"receipt":{"items":[]}`), ""); a.status != 400 || a.body["parameter"] != "receipt.customer" {
		t.Errorf("nobody to send it to: %d %s", a.status, a.text)
	}
	s.wantLedger(0)
	refund := s.post("/v3/refunds", body("100.00", data), "")
	capture := s.post("/v3/payments/"+hold+"/capture", `{`+data+`}`, "")
	if refund.body["receipt_registration"] != "pending" || capture.body["receipt_registration"] != "pending" {
		t.Fatalf("refund %s, capture %s", refund.text, capture.text)
	}
	later := newShop(t, 13, Options{})
	later.two()
	for entry := range strings.Lines(string(s.opt.Gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(entry), &e); err != nil {
			t.Fatal(err)
		}
		if err := later.opt.Gate.Replay(e, later.Replay); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []*shop{s, later} {
		s.clock.Advance(time.Minute)
		for _, of := range []string{"refund_id=" + fmt.Sprint(refund.body["id"]), "payment_id=" + hold} {
			if got := s.all("/v3/receipts?" + of); len(got) != 1 || got[0]["status"] != "succeeded" {
				t.Errorf("%s: %v", of, got)
			}
		}
		if p := s.get("/v3/payments/" + hold); p.body["receipt_registration"] != "succeeded" {
			t.Errorf("the payment: %s", p.text)
		}
		if r := s.get("/v3/refunds/" + fmt.Sprint(refund.body["id"])); r.body["receipt_registration"] != "succeeded" {
			t.Errorf("the refund: %s", r.text)
		}
	}
}

func FuzzReceiptBody(f *testing.F) {
	f.Add([]byte(slip("payment", `"payment_id":"`+paid+`"`, line)))
	f.Add([]byte(slip("refund", `"refund_id":"r"`, `{"quantity":1}`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newShop(t, 13, Options{})
		s.two()
		if a := s.post("/v3/receipts", string(body), ""); a.status != 200 && a.status != 400 && a.status != 404 {
			t.Errorf("%q: %d %s", body, a.status, a.text)
		}
	})
}
