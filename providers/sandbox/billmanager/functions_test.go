package billmanager

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ask is one call of a table: its parameters, and what comes of it.
type ask struct {
	name    string
	call    string // query-like; elid=90001 and the rest
	set     string // fields of payment 90001 beside the usual ones
	refused string // type and object; empty: done
	ledger  int
}

// run sends each ask to a panel of its own.
func run(t *testing.T, opt Options, asks []ask) {
	t.Helper()
	for _, a := range asks {
		d := newDesk(t, opt, 200)
		d.set(`{"id":"90001","number":"B-1","subaccountamount_iso":"100.00 RUB","status":"1"` + a.set + `}`)
		before := len(d.history("90001"))
		doc := d.json(strings.Split(a.call, "&")...)
		_, ok := doc["ok"]
		if got := refused(doc); got != a.refused || ok != (a.refused == "") {
			t.Errorf("%s: %q, want %q; %v", a.name, got, a.refused, doc)
		}
		entries := d.ledger()
		if len(entries) != a.ledger {
			t.Errorf("%s: %d lines in the ledger, want %d", a.name, len(entries), a.ledger)
		}
		if after := len(d.history("90001")); (after > before) != (a.ledger > 0 && entries[0].ID == "90001") {
			t.Errorf("%s: history grew from %d to %d lines with %d in the ledger", a.name, before, after, a.ledger)
		}
		if a.ledger > 0 && !strings.Contains(a.call, "func="+entries[0].Call) {
			t.Errorf("%s: the ledger says %+v", a.name, entries[0])
		}
	}
}

func (d *desk) history(id string) []event {
	p, _ := d.rows.find(id)
	return p.history
}

func TestEditIsStrict(t *testing.T) {
	const call = "func=payment.edit&elid=90001&sok=ok&"
	const bad = "value "
	run(t, Options{}, []ask{
		{"a number", call + "number=" + strings.Repeat("я", 64), ``, "", 1},
		{"too long a number", call + "number=" + strings.Repeat("я", 65), ``, bad + "number", 0},
		{"no number", call + "number=", ``, bad + "number", 0},
		{"too long a document", call + "documentnumber=" + strings.Repeat("1", 65), ``, bad + "documentnumber", 0},
		{"nothing", "func=payment.edit&elid=90001&sok=ok", ``, "", 0},
		{"the same again", call + "number=B-1&status=1&restrictrefund=off", ``, "", 0},
		{"a moment", call + "createdate=2026-11-20 10:11:12", ``, "", 1},
		{"a date for a moment", call + "createdate=2026-11-20", ``, bad + "createdate", 0},
		{"no creation", call + "createdate=", ``, bad + "createdate", 0},
		{"a moment for a date", call + "documentdate=2026-11-20 10:11:12", ``, bad + "documentdate", 0},
		{"an impossible date", call + "paydate=2026-02-30 00:00:00", ``, bad + "paydate", 0},
		{"an amount", call + "subaccountamount=12.34", ``, "", 1},
		{"no amount", call + "paymethodamount=1e3", ``, bad + "paymethodamount", 0},
		{"an amount with a currency", call + "subaccountamount=1.00 RUB", ``, bad + "subaccountamount", 0},
		{"a currency's method", call + "paymethod=6", ``, "", 1},
		{"another currency's method", call + "paymethod=7", ``, bad + "paymethod", 0},
		{"no such method", call + "paymethod=44", ``, bad + "paymethod", 0},
		{"a payer", call + "sender=40002", ``, "", 1},
		{"no such payer", call + "sender=7", ``, bad + "sender", 0},
		{"a recipient", call + "recipient=2", ``, "", 1},
		{"no such recipient", call + "recipient=3", ``, bad + "recipient", 0},
		{"a lock", call + "restrictrefund=on", ``, "", 1},
		{"half a lock", call + "restrictrefund=1", ``, bad + "restrictrefund", 0},
		{"words", call + "info=a&note=b&description=c", ``, "", 1},
		{"one wrong field of two", call + "note=b&status=8", ``, bad + "status", 0},
		{"being deleted", call + "note=b", `,"status":"100"`, "access payment.edit", 0},
		{"several", "func=payment.edit&elid=90001,1001&note=b&sok=ok", ``, bad + "elid", 0},
		{"none", "func=payment.edit&note=b&sok=ok", ``, "missed elid", 0},
		{"unknown", "func=payment.edit&elid=7&note=b&sok=ok", ``, "missed payment", 0},
	})
	for code := -1; code <= 101; code++ {
		want, lines := "value status", 0
		if code >= 1 && code <= 9 && code != 8 {
			want, lines = "", 1
		}
		if code == 1 {
			lines = 0
		}
		if code < 11 || code > 99 {
			run(t, Options{}, []ask{{fmt.Sprint("status ", code), call + "status=" + strconv.Itoa(code), ``, want, lines}})
		}
	}
	run(t, Options{Level: 16}, []ask{{"not staff", call + "note=b", ``, "access payment.edit", 0}})
}

func TestEditShowsAndKeeps(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","number":"B-1","subaccountamount_iso":"100.00 RUB","status":"2","note":"old"}`)
	form := d.json("func=payment.edit", "elid=90001", "note=new")
	if form["ok"] != nil || attr(form, "status", "$") != "2" || attr(form, "createdate", "$") != "2026-11-22 12:00:00" || attr(form, "note", "$") != "old" {
		t.Fatalf("the form: %v", form)
	}
	post := []string{"func=payment.edit", "elid=90001", "sok=ok"}
	for _, name := range editNames {
		post = append(post, name+"="+attr(form, name, "$"))
	}
	if doc := d.json(post...); doc["ok"] == nil || len(d.ledger()) != 0 {
		t.Errorf("the form sent back changes something: %v", doc)
	}
	d.json("func=payment.edit", "elid=90001", "sok=ok", "note=new", "status=4", "createdate=2026-11-01 08:00:00")
	after := d.json("func=payment.edit", "elid=90001")
	for _, name := range editNames {
		want, changed := map[string]string{"note": "new", "status": "4", "createdate": "2026-11-01 08:00:00"}[name]
		if !changed {
			want = attr(form, name, "$")
		}
		if got := attr(after, name, "$"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := d.ids("filter=on", "createdate=other", "createdatestart=2026-11-01", "createdateend=2026-11-01", "number=B-1"); !slices.Equal(got, []string{"90001"}) {
		t.Errorf("the day it was moved to has %v", got)
	}
	if !d.Balance("20001", "RUB").IsZero() {
		t.Error("a status set by hand moves the balance")
	}
}

func TestDocumentsInvoicesAndTickets(t *testing.T) {
	const invoice, mail, ticket = "func=payment.invoice_create&elid=90001", "func=payment.docflow.send&elid=90001", "func=ticket.write.payment&elid=90001"
	run(t, Options{}, []ask{
		{"mail", mail + "&sok=ok", ``, "", 1},
		{"mail by name", mail + "&method=email&sok=ok", ``, "", 1},
		{"by pigeon", mail + "&method=pigeon&sok=ok", ``, "value method", 0},
		{"two mails", mail + ",1001&sok=ok", ``, "value elid", 0},
		{"mail of a deleted one", mail + "&sok=ok", `,"status":"100"`, "access payment.docflow.send", 0},
		{"invoice", invoice + "&sok=ok", `,"allowinvoice":"on"`, "", 1},
		{"no invoice", invoice + "&sok=ok", ``, "access payment.invoice_create", 0},
		{"an invoice there is", invoice + "&sok=ok", `,"allowinvoice":"on","paymentinvoice_number":"С-1"`, "access payment.invoice_create", 0},
		{"twice in one call", invoice + ",90001&sok=ok", `,"allowinvoice":"on"`, "access payment.invoice_create", 1},
		{"ticket", ticket + "&subject=Счёт&message=Оплатите&sok=ok", ``, "", 1},
		{"bare ticket", ticket + "&sok=ok", ``, "", 1},
		{"ticket about nothing", "func=ticket.write.payment&sok=ok", ``, "missed elid", 0},
	})
	run(t, Options{LenientSok: true}, []ask{{"ticket without sok", ticket, ``, "", 1}})
	run(t, Options{Level: 16}, []ask{
		{"mail, not staff", mail + "&sok=ok", ``, "access payment.docflow.send", 0},
		{"invoice, not staff", invoice + "&sok=ok", ``, "access payment.invoice_create", 0},
		{"ticket, not staff", ticket + "&sok=ok", ``, "access ticket.write.payment", 0},
	})
	d := newDesk(t, Options{}, 200)
	for _, id := range []string{"90001", "90003"} {
		d.set(`{"id":"` + id + `","subaccountamount_iso":"1.00 RUB","status":"1"}`)
	}
	for _, fn := range []string{"payment.edit", "payment.docflow.send", "payment.invoice_create", "ticket.write.payment", "payment.add.pay"} {
		if doc := d.json("func="+fn, "elid=90001"); doc["ok"] != nil || doc["error"] != nil || len(d.ledger()) != 0 {
			t.Errorf("%s without sok is no form: %v", fn, doc)
		}
	}
	tickets := d.json("func=ticket.write.payment", "elid=90001,90003", "sok=ok")["id"].([]any)
	if len(tickets) != 2 || attr(tickets[0], "$") == attr(tickets[1], "$") {
		t.Errorf("tickets %v", tickets)
	}
}

func TestGroupsOfInvoices(t *testing.T) {
	for mode, want := range map[GroupMode]int{StopAtFirst: 1, Atomic: 0, Continue: 2} {
		d := newDesk(t, Options{Group: mode}, 200)
		for id, may := range map[string]string{"90001": "on", "90003": "off", "90005": "on"} {
			d.set(`{"id":"` + id + `","subaccountamount_iso":"1.00 RUB","allowinvoice":"` + may + `"}`)
		}
		doc := d.json("func=payment.invoice_create", "elid=90001,90003,90005", "sok=ok")
		if refused(doc) != "access payment.invoice_create" || len(d.ledger()) != want {
			t.Errorf("mode %d: %d invoices, want %d; %v", mode, len(d.ledger()), want, doc)
		}
	}
	d := newDesk(t, Options{Group: Atomic}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"1.00 RUB","allowinvoice":"on"}`)
	if doc := d.json("func=payment.invoice_create", "elid=90001,90001", "sok=ok"); refused(doc) != "value elid" || len(d.ledger()) != 0 {
		t.Errorf("the same twice, all or nothing: %v", doc)
	}
}

func TestItemsAndExpenses(t *testing.T) {
	d := newDesk(t, Options{}, 400)
	rows := func(doc map[string]any) []any {
		switch e := doc["elem"].(type) {
		case []any:
			return e
		case map[string]any:
			return []any{e}
		}
		return nil
	}
	spent := 0
	for code := range statusWords {
		want := "access payment.expense"
		if code == stPromised || code == stCredited {
			want = ""
		}
		d.set(fmt.Sprintf(`{"id":"90003","subaccountamount_iso":"1.00 RUB","status":"%d"}`, code))
		if got := refused(d.json("func=payment.expense", "elid=90003")); got != want {
			t.Errorf("expenses in status %d: %q", code, got)
		}
	}
	for _, id := range d.ids("filter=on", "status=3,4") {
		doc := d.json("func=payment.expense", "elid="+id)
		spent += len(rows(doc))
		if p, _ := d.rows.find(id); p.spent.GreaterThan(p.amount) && !p.refundFlag || attr(doc, "p_elems", "$") != strconv.Itoa(len(rows(doc))) {
			t.Errorf("payment %s spends more than it has: %v", id, doc)
		}
	}
	if spent == 0 {
		t.Error("no payment has an expense")
	}
	d.set(`{"id":"90001","subaccountamount_iso":"99.99 RUB","status":"4","billorder":"77","info":"VPS","expense":"9.99 RUB"}`)
	items := rows(d.json("func=payment.orderinfo", "elid=90001"))
	if len(items) != 2 || attr(items[0], "info", "$") != "VPS" || attr(items[0], "cost", "$") != "69.99 RUB" || attr(items[1], "cost", "$") != "30.00 RUB" {
		t.Errorf("items %v", items)
	}
	if got := refused(d.json("func=payment.orderinfo", "elid=90001,1001")); got != "value elid" {
		t.Errorf("items of two: %q", got)
	}
	if got := refused(d.json("func=payment.refund", "elid=90001", "amount=90.01", "sok=ok")); got != "value amount" {
		t.Errorf("a refund of what was spent: %q", got)
	}
	d.json("func=payment.refund", "elid=90001", "sok=ok")
	if led := d.ledger(); len(led) != 1 || led[0].Amount != "90.00" || d.status("90001") != "4" {
		t.Errorf("a refund of the rest: %+v, status %s", led, d.status("90001"))
	}
}

func TestPrinted(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","number":"B<1>(x)","subaccountamount_iso":"100.00 RUB","status":"4"}`)
	tests := []struct{ call, prefix, contains string }{
		{"func=payment.print&elid=90001,1001", "<!DOCTYPE html>", "B&lt;1&gt;(x)"},
		{"func=payment.print&elid=90001&out=json", "<!DOCTYPE html>", "16.67 RUB"},
		{"func=payment.print&elid=90001,7&out=json", `{"doc"`, `"missed"`},
		{"func=payment.print&out=json", `{"doc"`, `"elid"`},
		{"func=payment.print.pdf&elid=90001,1001&out=pdf_print", "%PDF-", "(B<1>?x?  2026-11-22  100.00 RUB)"},
		{"func=payment.print.pdf&elid=90001&out=json", `{"doc"`, `"$object":"out"`},
		{"func=payment.print.pdf&elid=7&out=pdf_print", "<?xml", `type="missed"`},
		{"func=payment.print.pdf&elid=90001&out=pdf_print&auth=x", "<?xml", `type="auth"`},
	}
	for _, tt := range tests {
		status, body := d.send(http.MethodPost, "/billmgr", append(strings.Split(tt.call, "&"), "lang=en")...)
		if status != 200 || !strings.HasPrefix(body, tt.prefix) || !strings.Contains(body, tt.contains) {
			t.Errorf("%s: %d %s", tt.call, status, body)
		}
	}
	_, file := d.send(http.MethodPost, "/billmgr", "func=payment.print.pdf", "elid=90001,1001", "out=pdf_print")
	for i, m := range regexp.MustCompile(`(\d{10}) 00000 n`).FindAllStringSubmatch(file, -1) {
		at, _ := strconv.Atoi(m[1])
		if !strings.HasPrefix(file[at:], fmt.Sprintf("%d 0 obj", i+1)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
}

func TestPaymentIsAdded(t *testing.T) {
	const whole = "func=payment.add.pay&amount=150.50&payment_currency=126&customer_account=20001&paymethod=6&sok=ok"
	change := func(name, v string) string {
		return regexp.MustCompile(name+"=[^&]*").ReplaceAllString(whole, name+"="+v)
	}
	run(t, Options{}, []ask{
		{"whole", whole, ``, "", 1},
		{"no amount", change("amount", ""), ``, "missed amount", 0},
		{"no currency", change("payment_currency", ""), ``, "missed payment_currency", 0},
		{"no client", change("customer_account", ""), ``, "missed customer_account", 0},
		{"no method", change("paymethod", ""), ``, "missed paymethod", 0},
		{"less than nothing", change("amount", "-1"), ``, "value amount", 0},
		{"a method's other currency", change("payment_currency", "50"), ``, "value payment_currency", 0},
		{"unknown currency", change("payment_currency", "1"), ``, "value payment_currency", 0},
		{"unknown method", change("paymethod", "06"), ``, "value paymethod", 0},
		{"unknown client", change("customer_account", "1"), ``, "missed account", 0},
		{"another's plid", whole + "&plid=20002", ``, "value plid", 0},
		{"another's profile", whole + "&profile=40002", ``, "missed profile", 0},
		{"a bank without a payer", change("paymethod", "4"), ``, "missed profile", 0},
		{"a bank with one", change("paymethod", "4") + "&profile=40001&plid=20001", ``, "", 1},
		{"a gateway without its field", change("paymethod", "3"), ``, "missed payment_method", 0},
		{"a gateway with it", change("paymethod", "3") + "&payment_method=bank_card", ``, "", 1},
	})
	d := newDesk(t, Options{}, 200)
	ids := d.json(strings.Split(whole, "&")...)["id"].([]any)
	id := attr(ids[0], "$")
	row := d.json("func=payment", "filter=on", "id="+id)
	if len(ids) != 2 || d.ids()[0] != id || attr(row, "elem", "subaccountamount_iso", "$") != "150.50 RUB" || d.ledger()[0].ID != id {
		t.Errorf("%v, row %v, ledger %+v", ids, row, d.ledger())
	}
}

func TestListParameters(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","number":"B-1","subaccountamount_iso":"77.01 RUB","status":"4","create_date":"2026-11-03","pay_date":"2026-11-04","payment_receipt":"R-5","paymentinvoice_number":"С-9"}`)
	for _, hit := range []string{"payment_receipt=R-5", "paymentinvoice_number=С-9", "subaccountamount_iso=77.01 RUB", "paymethodamount_iso=77.01 RUB", "number=B-*"} {
		for _, with := range []string{"createdate=2026-11-03 10:00:00", "pay_date=2026-11-04", "status=4"} {
			if got := d.ids(hit, with); !slices.Equal(got, []string{"90001"}) {
				t.Errorf("%s, %s: %v", hit, with, got)
			}
		}
		if got := d.ids(hit, "createdate=today"); len(got) != 0 {
			t.Errorf("%s today: %v", hit, got)
		}
	}
	for _, name := range []string{"createdate", "pay_date"} {
		if got := refused(d.json("func=payment", name+"=soon")); got != "value "+name {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFilterForms(t *testing.T) {
	run(t, Options{}, []ask{
		{"a report", "func=payment.filter&sok=ok&sendreport=on&sendreport_email=a@example.com&sendreport_period=daily", ``, "", 0},
		{"a report to nobody", "func=payment.filter&sok=ok&sendreport=on&sendreport_period=daily", ``, "missed sendreport_email", 0},
		{"a report never", "func=payment.filter&sok=ok&sendreport=on&sendreport_email=a@example.com", ``, "missed sendreport_period", 0},
		{"a report too often", "func=payment.filter&sok=ok&sendreport=on&sendreport_email=a@example.com&sendreport_period=hourly", ``, "value sendreport_period", 0},
		{"no amount", "func=payment.filter&sok=ok&saamount_from=much", ``, "value saamount_from", 0},
		{"no such client", "func=payment.setfilter&account=7", ``, "missed account", 0},
		{"a client's name", "func=payment.setfilter&account=ivanov", ``, "value account", 0},
	})
	d := newDesk(t, Options{}, 200)
	d.json("func=payment.setfilter", "account=20003")
	if form := d.json("func=payment.setfilter"); form["ok"] != nil || attr(form, "account", "$") != "20003" {
		t.Errorf("the client's form: %v", form)
	}
	if form := d.json("func=payment.filter"); len(form["slist"].([]any)) != 9 || attr(form, "account_id", "$") != "20003" {
		t.Errorf("the filter's form: %v", form)
	}
	d = newDesk(t, Options{FilterEchoes: true, Toolbar: true}, 200)
	if doc := d.json("func=payment.filter", "status=4", "sok=ok"); doc["ok"] != nil || len(d.saved) != 0 {
		t.Errorf("a call with a format saves: %v", doc)
	}
	d.send(http.MethodPost, "/billmgr", "func=payment.filter", "status=4", "sok=ok")
	if got := d.saved["operator"].Get("status"); got != "4" {
		t.Errorf("a browser's form saves %q", got)
	}
	if doc := d.json("func=payment"); attr(doc, "metadata", "toolbar", "toolgrp", "$name") != "payment" {
		t.Errorf("no toolbar: %v", doc["metadata"])
	}
}

func TestMultipartBodies(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, v := range map[string]string{"func": "whoami", "out": "json", "auth": d.auth} {
		if err := w.WriteField(name, v); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/billmgr?func=payment&auth=nobody", bytes.NewReader(b.Bytes()))
	r.Header.Set("Content-Type", w.FormDataContentType())
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	if !strings.Contains(rec.Body.String(), `"user"`) {
		t.Errorf("the body does not count before the address: %s", rec.Body)
	}
	r = httptest.NewRequest(http.MethodPost, "/billmgr", strings.NewReader("--x\r\nbroken"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	rec = httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	if rec.Code != http.StatusBadRequest {
		t.Errorf("a broken body: %d", rec.Code)
	}
}

func TestReplayOfEveryChange(t *testing.T) {
	first := newDesk(t, Options{}, 400)
	id := first.ids("filter=on", "status=1", "profiletype=2")[0]
	for _, call := range []string{
		"func=payment.edit&status=2&number=N-1&paydate=2026-11-20 10:00:00&createdate=2026-11-19 10:00:00&subaccountamount=5.55&paymethod=6&sender=40003&note=x",
		"func=payment.docflow.send", "func=payment.invoice_create", "func=ticket.write.payment&subject=s", "func=payment.setpaid&info=by hand",
		"func=payment.add.pay&amount=150.50&payment_currency=126&customer_account=20001&paymethod=6",
	} {
		params := append(strings.Split(call, "&"), "sok=ok")
		if !strings.Contains(call, "add.pay") {
			params = append(params, "elid="+id)
		}
		if doc := first.json(params...); doc["ok"] == nil {
			t.Fatalf("%s: %v", call, doc)
		}
		first.clock.Advance(time.Minute)
	}
	second := newDesk(t, Options{}, 400)
	for _, e := range first.ledger() {
		line, _ := json.Marshal(e)
		if err := second.gate().Replay(e, second.Replay); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	for _, call := range []string{"func=payment&p_cnt=1000", "func=payment.edit&elid=" + id, "func=payment.history&elid=" + id} {
		read := func(d *desk) string {
			_, body := d.send(http.MethodPost, "/billmgr", append(strings.Split(call, "&"), "out=json")...)
			return body
		}
		if a, b := read(first), read(second); a != b || len(first.ledger()) != 6 {
			t.Errorf("after %d changes made again %s differs:\n%s\n%s", len(first.ledger()), call, a, b)
		}
	}
}
