package jumpfinance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// scan is a form with files; a page is an image only in its first bytes.
func scan(t *testing.T, pages map[string]string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, file := range pages {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, name, file)}}
		p, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write([]byte("\x89PNG\r\n\x1a\nPRIVATE PICTURE"))
	}
	_ = w.Close()
	return b.String(), w.FormDataContentType()
}

func TestRecognitionKeepsNothing(t *testing.T) {
	d := newDesk(t, Options{})
	send := func(pages map[string]string, kind string) (int, map[string]any) {
		body, form := scan(t, pages)
		r := request4("POST", "/recognition-requests", body, "sandbox")
		r.Header.Set("Content-Type", form)
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		return d.send(r)
	}
	both := map[string]string{mainPage: "a.png", registrationPage: "b.PNG"}
	code, out := send(both, "")
	id := text(out, "id")
	if code != 200 || len(out) != 1 || len(id) != 36 {
		t.Fatalf("%d %v", code, out)
	}
	_, soon := d.ask("GET", "/recognition-requests/"+id, "")
	d.clock.Advance(defaultTakes)
	_, done := d.ask("GET", "/recognition-requests/"+id, "")
	if text(soon, "item", "status", "state") != "processing" || dig(soon, "item", "files", 0, "result") != nil || text(done, "item", "status", "state") != "completed" ||
		text(done, "item", "files", 0, "result", "second_name") == "<nil>" || text(done, "item", "files", 1, "result", "registration_address") == "<nil>" {
		t.Errorf("%v, then %v", soon, done)
	}
	for name, pages := range map[string]map[string]string{mainPage: {}, registrationPage: {mainPage: "a.png", registrationPage: "b.gif"}} {
		if code, out := send(pages, ""); code != 422 || refusedField(out) != name {
			t.Errorf("%v: %d %v", pages, code, out)
		}
	}
	if code, _ := send(both, "application/json"); code != 400 {
		t.Errorf("a form that says it is JSON: %d", code)
	}
	if d.changed(recogniseCall) != 1 || strings.Contains(string(d.gate.Ledger()), "PRIVATE") || strings.Contains(fmt.Sprintf("%+v", d.sim.recognitions), "PRIVATE") {
		t.Errorf("ledger: %s, kept: %+v", d.gate.Ledger(), d.sim.recognitions)
	}
	_, check := d.ask("POST", "/passport-check-requests", aCheck)
	path := "/passport-check-requests/" + text(check, "item", "id")
	if text(check, "item", "status", "state") != "processing" {
		t.Errorf("check: %v", check)
	}
	d.clock.Advance(defaultTakes)
	if _, out := d.ask("GET", path, ""); text(out, "item", "status", "state") != "completed" {
		t.Errorf("check: %v", out)
	}
	for _, path := range []string{"/recognition-requests/x", path[:len(path)-1] + "z"} {
		if code, _ := d.ask("GET", path, ""); code != 404 {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// TestEverythingIsMadeAgain replays a ledger of every change and compares what
// can be read.
func TestEverythingIsMadeAgain(t *testing.T) {
	o := Options{UnpaidCertificates: true, Confirmable: true, Confirming: true}
	d := newDesk(t, o)
	c := d.sim.contractors.At(4)
	who := "/contractors/" + idText(c.ID)
	link := fmt.Sprintf(`{"agent_id":%d,"legal_form_id":1}`, 3-c.Agent)
	good := fmt.Sprintf(`{"name":"Лом цинка","type":{"id":%q}}`, d.sim.sortID(1))
	cert := strings.ReplaceAll(aCert, "ID", idText(c.ID))
	gone := "/contractors/" + world.ContractorID(8)
	steps := []struct{ method, path, body string }{
		{"POST", "/contractors", aPerson},
		{"PUT", "/contractors/" + world.ContractorID(6), with(aPerson, "phone", `"+79005554433"`)},
		{"DELETE", gone, ""},
		{"POST", who + "/selfemployer/sync", ""},
		{"POST", who + "/identification-requests", without(aProof, "passport")},
		{"POST", who + "/cooperations", link},
		{"PUT", who + "/cooperations/50000001", link},
		{"DELETE", who + "/cooperations/50000001", ""},
		{"POST", who + "/cooperations", link},
		{"POST", "/branch-office", aBranch},
		{"PATCH", "/branch-office/2", with(aBranch, "is_active", "1")},
		{"POST", "/nomenclatures", good},
		{"PUT", "/nomenclatures/" + d.sim.goodID(2), good},
		{"DELETE", "/nomenclatures/" + d.sim.goodID(1), ""},
		{"POST", "/acceptance-certificates", cert},
		{"PUT", fmt.Sprintf("/acceptance-certificates/%d", firstCertID+4), cert},
		{"POST", fmt.Sprintf("/acceptance-certificates/%d/payment", firstCertID+3), aPayment},
		{"POST", "/payments/confirm", fmt.Sprintf(`{"payment_id":"%d"}`, firstNewID)},
		{"POST", "/passport-check-requests", aCheck},
		{"POST", "/banks_accounts/sync_balances", ""},
	}
	for _, s := range steps {
		if code, out := d.maybe(s.method, s.path, s.body); code >= 300 {
			t.Fatalf("%s %s: %d %v", s.method, s.path, code, out)
		}
		d.clock.Advance(time.Second)
	}
	body, kind := scan(t, map[string]string{mainPage: "a.jpeg"})
	r := request4("POST", "/recognition-requests", strings.Replace(body, "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", 1), "sandbox")
	r.Header.Set("Content-Type", kind)
	_, scanned := d.send(r)

	again := newDesk(t, o)
	for line := range strings.Lines(string(d.gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if err := again.gate.Replay(e, again.sim.Replay); err != nil {
			t.Fatal(err)
		}
	}
	again.clock.Set(d.clock.Now())
	for _, path := range []string{
		"/contractors?per_page=50", who, who + "/selfemployer", who + "/cooperations", who + "/balances", who + "/requisites",
		who + "/identification-requests/last-approved", "/branch-office?include=limits", "/nomenclatures?with_trashed=1", "/acceptance-certificates?per_page=10",
		fmt.Sprintf("/acceptance-certificates/%d", firstCertID+3), fmt.Sprintf("/acceptance-certificates/%d", firstCertID+4), "/acceptance-certificates/7000001",
		"/payments?per_page=5&include=history,requisite", "/v2/payments?per_page=5", "/banks_accounts", "/banks_accounts/sync_balances_status/1",
		"/recognition-requests/" + text(scanned, "id"), "/nominal-account/payments", gone,
	} {
		x, a := d.maybe("GET", path, "")
		y, b := again.maybe("GET", path, "")
		if p, _ := json.Marshal(a); x != y {
			t.Errorf("%s: %d, then %d: %s", path, x, y, p)
		}
		p, _ := json.Marshal(a)
		q, _ := json.Marshal(b)
		if string(p) != string(q) {
			t.Errorf("%s differs after a replay:\n%s\n%s", path, p, q)
		}
	}
	calls := map[string]bool{}
	for line := range strings.Lines(string(d.gate.Ledger())) {
		var e gate.Entry
		_ = json.Unmarshal([]byte(line), &e)
		calls[e.Call] = true
	}
	for call := range d.sim.redos() {
		if !calls[call] && call != repeatCall && call != "POST /payments" && call != smartCall {
			t.Errorf("%s was not tried", call)
		}
	}
}

// TestSetWorldTakesTheWireForm gives fields as the system shows them.
func TestSetWorldTakesTheWireForm(t *testing.T) {
	d := newDesk(t, Options{UnpaidCertificates: true})
	p := d.newest(paid)
	for _, step := range []struct{ kind, set, path, want string }{
		{"payments", `{"id":PAY,"status":{"id":5,"title":"Ошибка выплаты","theme":"danger"},"error":{"type":"bank","title":"Нет связи","code":105}}`, "/payments/PAY", `"error":"Нет связи"`},
		{"payments", `{"id":PAY,"contractor":{"id":10003,"full_name":"x"},"agent":{"id":2,"full_name":"y"},"branch_office":null,"bank_account":{"id":1,"name":"z"}}`, "/payments/PAY?include=agent", `"agent":{"full_name":"ИП Орлов А.А.","id":2}`},
		{"payments", `{"id":PAY,"requisite":{"id":5,"title":"Карта","description":"Visa · 1234"},"nominal_info":{"is_holded":1}}`, "/payments/PAY?include=requisite", `"description":"Visa · 1234"`},
		{"payments", `{"id":PAY,"receipt":{"key":"20abc","status":"active","cancel_reason":null}}`, "/payments/PAY", `"key":"20abc"`},
		{"contractors", `{"id":10003,"legal_form":{"id":3,"title":"ИП"},"agent_id":2,"balance":{"value":12.5,"currency":{"code":"RUB"}},"in_stop_list":true}`, "/contractors/10003", `"value":12.5`},
		{"contractors", `{"id":10003,"legal_form_id":2}`, "/contractors/10003", `"legal_form_id":2`},
		{"certificates", `{"id":60004,"number":"Б-1","payment":null,"branch_office":{"id":3,"name":"Казань"}}`, "/acceptance-certificates/60004", `"number":"Б-1"`},
		{"certificates", `{"contractor_id":10003,"amount":5,"payment":{"id":PAY}}`, "/acceptance-certificates/7000001", `"payment":{"amount":`},
		{"branches", `{"id":2,"limit_daily":null,"is_active":0,"agent":{"id":2}}`, "/branch-office?is_active=0", `"total":2`},
		{"nomenclatures", `{"id":"GOOD","name":"Лом бронзы","type":{"id":"SORT","name":"x"}}`, "/nomenclatures?search=%D0%B1%D1%80%D0%BE%D0%BD%D0%B7", `"name":"Прочее вторсырьё"`},
		{"nomenclatures", `{"id":"GOOD","deleted_at":"2026-11-01T00:00:00.000Z"}`, "/nomenclatures?search=%D0%B1%D1%80%D0%BE%D0%BD%D0%B7", `"total":0`},
		{"settings", `{"features":{"branch_office_in_bank_account":true}}`, "/settings", `"branch_office_in_bank_account":true`},
	} {
		fill := strings.NewReplacer("PAY", idText(p.ID), "GOOD", d.sim.goodID(0), "SORT", d.sim.sortID(2)).Replace
		if err := d.gate.Do(func() error { return d.sim.SetWorld(step.kind, json.RawMessage(fill(step.set))) }); err != nil {
			t.Errorf("%s: %v", step.set, err)
		}
		_, out := d.ask("GET", fill(step.path), "")
		raw, _ := json.Marshal(out)
		if !strings.Contains(string(raw), step.want) {
			t.Errorf("%s: %s does not hold %s", step.set, raw, step.want)
		}
	}
}
