package yookassa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bursar/providers/sandbox/gate"
)

func TestSetWorldRefusesWhatMakesNoSense(t *testing.T) {
	s := newShop(t, 13, Options{})
	for _, tt := range [][3]string{
		{"deal", `{}`, "no \"deal\""},
		{"payment", `[]`, "object"},
		{"payment", `{"id":7}`, "id must be a text"},
		{"payment", `{"id":"a"}`, "amount must be"},
		{"payment", `{"id":"a","amount":{"value":"1.00"},"status":"paid"}`, "status"},
		{"payment", `{"id":"a","amount":{"value":"1.00"},"colour":"red"}`, "colour"},
		{"payment", `{"id":"a","amount":{"value":"1.00"},"created_at":"today"}`, "no moment"},
		{"payment", `{"id":"a","amount":{"value":"1.00"},"payment_method":{"type":"gold"}}`, "payment_method.type"},
		{"refund", `{"payment_id":"none","amount":{"value":"1.00"}}`, "names no payment"},
		{"receipt", `{"type":"payment"}`, "must name a payment"},
	} {
		err := s.SetWorld(tt[0], json.RawMessage(tt[1]))
		if err == nil || !strings.Contains(err.Error(), tt[2]) {
			t.Errorf("%s %s: %v", tt[0], tt[1], err)
		}
	}
}

func TestSetWorldBringsWhatFollows(t *testing.T) {
	s := newShop(t, 13, Options{})
	s.two()
	s.set("refund", `{"id":"r1","payment_id":"`+paid+`","amount":{"value":"100.00"}}`)
	if p := s.get("/v3/payments/" + paid); p.body["refundable"] != false || !strings.Contains(fmt.Sprint(p.body["refunded_amount"]), "100.00") {
		t.Errorf("after a whole refund: %s", p.text)
	}
	s.set("refund", `{"id":"r1","status":"canceled"}`)
	if p := s.get("/v3/payments/" + paid); p.body["refundable"] != true || p.body["refunded_amount"] != nil {
		t.Errorf("after it failed: %s", p.text)
	}
	s.set("receipt", `{"id":"rt-1","payment_id":"`+paid+`","status":"pending"}`)
	if r := s.get("/v3/receipts?payment_id=" + paid); len(r.body["items"].([]any)) != 1 || strings.Contains(r.text, "fiscal") {
		t.Errorf("a pending receipt: %s", r.text)
	}
	s.set("receipt", `{"id":"rt-1","status":"succeeded"}`)
	if r := s.get("/v3/receipts/rt-1"); r.body["fiscal_document_number"] == nil {
		t.Errorf("a registered receipt: %s", r.text)
	}
	row := s.all("/v3/payments?status=succeeded")[0]
	s.set("payment", `{"id":"`+row["id"].(string)+`","status":"waiting_for_capture"}`)
	if p := s.get("/v3/payments/" + row["id"].(string)); p.body["paid"] != true || p.body["expires_at"] == nil || p.body["captured_at"] != nil || p.body["refundable"] != false {
		t.Errorf("held again: %s", p.text)
	}
}

// A ledger that is replayed a day later brings back objects and keys.
func TestReplayBringsBackObjectsAndKeys(t *testing.T) {
	s := newShop(t, 200, Options{})
	rows := s.all("/v3/payments")
	find := func(status string) string {
		for _, o := range rows {
			if o["status"] == status && o["refundable"] == (status == "succeeded") && (status != "waiting_for_capture" || o["receipt_registration"] == "pending") {
				return o["id"].(string)
			}
		}
		t.Fatalf("no payment is %s", status)
		return ""
	}
	held, done := find("waiting_for_capture"), find("succeeded")
	s.post("/v3/payments/"+held+"/capture", `{}`, "k1")
	s.post("/v3/refunds", refundOf(done, "10.00"), "k2")
	s.set("payment", `{"id":"`+hold+`","status":"waiting_for_capture","amount":{"value":"100.00","currency":"RUB"}}`)
	s.post("/v3/payments/"+hold+"/cancel", `{}`, "k3")
	s.wantLedger(3)

	later := newShop(t, 200, Options{})
	var entries []gate.Entry
	for line := range strings.Lines(string(s.opt.Gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
		if err := later.opt.Gate.Replay(e, later.Replay); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/v3/payments/" + held, "/v3/payments/" + done, "/v3/payments/" + hold, "/v3/refunds?payment_id=" + done, "/v3/receipts?payment_id=" + held} {
		if was, is := s.get(path), later.get(path); was.text != is.text || is.status != 200 {
			t.Errorf("%s: %s, then %s", path, was.text, is.text)
		}
	}
	for key, path := range map[string]string{"k1": "/v3/payments/" + held + "/capture", "k3": "/v3/payments/" + hold + "/cancel"} {
		if a := later.post(path, `{}`, key); a.status != 200 {
			t.Errorf("%s is not known any more: %s", key, a.text)
		}
	}
	if a := later.post("/v3/refunds", refundOf(done, "11.00"), "k2"); a.status != 400 {
		t.Errorf("k2 is free again: %s", a.text)
	}
	if a, b := s.post("/v3/refunds", refundOf(done, "12.00"), "k4"), later.post("/v3/refunds", refundOf(done, "12.00"), "k4"); a.body["id"] != b.body["id"] || a.status != 200 {
		t.Errorf("ids part after a replay: %s, %s", a.text, b.text)
	}
	entries[0].ID = "other"
	if err := later.Replay(entries[0]); err == nil {
		t.Error("an entry that does not belong to its detail passes")
	}
}
