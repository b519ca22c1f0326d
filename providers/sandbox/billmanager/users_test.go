package billmanager

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

func (d *desk) person(row int) world.Person { return d.opt.World.Person(world.Clients, row) }

func TestKeys(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	client, key := d.person(4).Email, strings.Repeat("k", 16)
	for _, tt := range []struct{ params, want string }{
		{"username=" + client + "&key=" + key[1:], "value key"},
		{"username=" + client, "missed key"},
		{"key=" + key, "missed username"},
		{"username=nobody5@example.com&key=" + key, "missed user"},
		{"username=" + client + "&key=" + key, ""},
	} {
		if got := refused(d.json(append(strings.Split(tt.params, "&"), "func=session.newkey")...)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.params, got, tt.want)
		}
	}
	if got := refused(d.json("func=auth", "username="+client, "key="+key+"x")); got != "auth badpassword" {
		t.Errorf("a wrong key: %q", got)
	}
	if got := refused(d.json("func=auth", "username="+d.person(5).Email, "key="+key)); got != "auth badpassword" {
		t.Errorf("another's key: %q", got)
	}
	doc := d.json("func=auth", "username="+client, "key="+key)
	id := attr(doc, "auth", "$id")
	if who := d.json("func=whoami", "auth="+id); attr(who, "user", "$name") != client || attr(doc, "auth", "$level") != "16" {
		t.Errorf("the key gives %v: %v", doc, who)
	}
	if got := refused(d.json("func=auth", "username="+client, "key="+key)); got != "auth badpassword" {
		t.Errorf("the key again: %q", got)
	}
	if got := refused(d.json("func=session.newkey", "auth="+id, "username="+client, "key="+key)); got != "access session.newkey" {
		t.Errorf("a client makes keys: %q", got)
	}
	if led := d.ledger(); len(led) != 0 {
		t.Errorf("a key in the ledger: %+v", led)
	}
}

func TestClientSeesItsOwn(t *testing.T) {
	d := newDesk(t, Options{}, 2000)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"1"}`)
	own := d.ids("filter=on", "account_id=20003")
	staffID := d.auth
	doc := d.json("func=payment.su", "elid=20003")
	d.auth = attr(doc, "auth", "$id")
	if d.auth == "" || d.auth == staffID || len(own) == 0 {
		t.Fatalf("%v, %d payments", doc, len(own))
	}
	if got := d.ids("filter=on", "account_id=20001"); !slices.Equal(got, own) {
		t.Errorf("a client sees %v, not its own %v", got, own)
	}
	if row := d.json("func=payment", "filter=on", "id="+own[0]); attr(row, "elem", "account_name", "$") != "" || attr(row, "elem", "id", "$") != own[0] {
		t.Errorf("its row: %v", row)
	}
	for _, fn := range []string{"setpaid", "delete", "refund", "edit", "history", "orderinfo", "expense", "invoice_create", "docflow.send", "su", "setfilter"} {
		if got := refused(d.json("func=payment."+fn, "elid="+own[0], "sok=ok")); got != "access payment."+fn {
			t.Errorf("a client's %s: %q", fn, got)
		}
	}
	if got := refused(d.json("func=payment.print", "elid=90001")); got != "missed payment" {
		t.Errorf("another's payment printed: %q", got)
	}
	if got := refused(d.json("func=payment.add.pay", "amount=1", "payment_currency=126", "customer_account=20001", "paymethod=6", "sok=ok")); got != "missed account" {
		t.Errorf("a payment for another: %q", got)
	}
	if _, body := d.send(http.MethodPost, "/billmgr", "func=payment.print", "elid="+own[0]); !strings.HasPrefix(body, "<!DOCTYPE html>") {
		t.Errorf("its own printed: %s", body)
	}
	d.auth = staffID
	if got := d.ids("filter=on", "account_id=20001"); slices.Equal(got, own) {
		t.Error("the client's view stays with the employee")
	}
	for elid, want := range map[string]string{"": "missed elid", "20001,20002": "value elid", "1001": "missed account", "020001": "missed account"} {
		if got := refused(d.json("func=payment.su", "elid="+elid)); got != want {
			t.Errorf("su to %q: %q, want %q", elid, got, want)
		}
	}
}

func TestActAs(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	client := d.person(3).Email
	if who := d.json("func=whoami", "su="+client); attr(who, "user", "$name") != client {
		t.Errorf("as the client: %v", who)
	}
	if who := d.json("func=whoami"); attr(who, "user", "$name") != "operator" {
		t.Errorf("the call after it: %v", who)
	}
	if got := refused(d.json("func=payment.setpaid", "elid=1001", "sok=ok", "su="+client)); got != "access payment.setpaid" {
		t.Errorf("a client's rights: %q", got)
	}
	if got := refused(d.json("func=whoami", "su=nobody")); got != "missed user" {
		t.Errorf("as nobody: %q", got)
	}
	d.auth = attr(d.json("func=payment.su", "elid=20003"), "auth", "$id")
	if got := refused(d.json("func=whoami", "su=operator")); got != "access su" {
		t.Errorf("a client as the employee: %q", got)
	}
}

func TestRedirectIsForClients(t *testing.T) {
	const call = "func=payment.add.redirect&elid=90001&sok=ok"
	run(t, Options{}, []ask{{"staff", call + "&amount_currency=126", ``, "access payment.add.redirect", 0}})
	run(t, Options{Level: 16}, []ask{
		{"whole", call + "&amount_currency=126", ``, "", 0},
		{"without the amount", call, ``, "missed amount_currency", 0},
		{"an amount in words", call + "&amount_currency=100.00 RUB", ``, "value amount_currency", 0},
		{"paid already", call + "&amount_currency=126", `,"status":"4"`, "access payment.add.redirect", 0},
		{"no method chosen", call + "&amount_currency=126", `,"paymethod_name":"Select"`, "access payment.add.redirect", 0},
	})
	run(t, Options{Level: 16, RedirectByID: true}, []ask{{"by id alone", call, ``, "", 0}})
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"1"}`)
	for account, want := range map[string]string{"20001": "", "20002": "missed payment"} {
		id := attr(d.json("func=payment.su", "elid="+account), "auth", "$id")
		doc := d.json("func=payment.add.redirect", "elid=90001", "sok=ok", "amount_currency=126", "auth="+id)
		if got := refused(doc); got != want || want == "" && (!strings.HasPrefix(attr(doc, "ok", "$"), "/") || attr(doc, "payment_id", "$") != "90001") {
			t.Errorf("account %s: %v", account, doc)
		}
	}
}

func TestHalfLoginsAndBusyPanels(t *testing.T) {
	d := newDesk(t, Options{TwoFactorCode: "123456", ExtraConfirm: true}, 200)
	half := attr(d.json("func=auth", "username=operator", "password=sandbox"), "auth", "$id")
	if got := refused(d.json("func=whoami", "auth="+half)); got != "extraconfirm" {
		t.Errorf("half a login at an older panel: %q", got)
	}
	whole := attr(d.json("func=totp.confirm", "auth="+half, "qrcode=123456", "sok=ok"), "auth", "$id")
	if got := refused(d.json("func=whoami", "auth="+half)); got != "auth" {
		t.Errorf("the half id after the whole: %q", got)
	}
	if got := refused(d.json("func=totp.confirm", "auth="+whole, "qrcode=123456", "sok=ok")); got != "value qrcode" {
		t.Errorf("a second confirmation: %q", got)
	}
	if got := refused(d.json("func=keepalive", "auth="+half)); got != "auth" {
		t.Errorf("a dead id kept alive: %q", got)
	}
	const call = "func=payment.setpaid&elid=90001&sok=ok"
	run(t, Options{Busy: BusyUndone}, []ask{{"busy", call, ``, "busy", 0}})
	run(t, Options{Busy: BusyDone}, []ask{
		{"busy, but done", call, ``, "busy", 1},
		{"refused at once", call, `,"status":"9"`, "access payment.setpaid", 0},
	})
}

func TestCookies(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"1"}`)
	ask := func(params, referer string) string {
		r := httptest.NewRequest(http.MethodPost, "https://billing.example.com/billmgr", strings.NewReader(params+"&out=json"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if referer != "" {
			r.Header.Set("Referer", referer)
		}
		r.AddCookie(&http.Cookie{Name: "billmgrses5", Value: d.auth})
		r.AddCookie(&http.Cookie{Name: "billmgrlang5", Value: "dragon:en"})
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		return w.Body.String()
	}
	const pay = "func=payment.setpaid&elid=90001&sok=ok"
	for _, tt := range []struct{ params, referer, want string }{
		{"func=whoami", "", `"$name":"operator"`},
		{"func=payment.history&elid=90001", "", "Payment created"},
		{pay, "", `"access"`},
		{pay, "https://evil.example.com/billmgr", `"access"`},
		{pay, "https://billing.example.com/billmgr", `"ok"`},
	} {
		if got := ask(tt.params, tt.referer); !strings.Contains(got, tt.want) {
			t.Errorf("%s from %q: %s", tt.params, tt.referer, got)
		}
	}
}

// An expired fault ends a session beside the turns of other requests.
func TestExpiredFaultMayMeetOtherRequests(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.gate().AddFault(gate.Fault{System: "billmanager", Call: "payment.setpaid", ID: "*", Kind: gate.Expired, Times: 4})
	done := make(chan string)
	for range 8 {
		go func() {
			form := url.Values{"func": {"payment.setpaid"}, "elid": {"9"}, "sok": {"ok"}, "out": {"json"}, "auth": {d.auth}}
			r := httptest.NewRequest(http.MethodPost, "/billmgr", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			d.ServeHTTP(w, r)
			done <- w.Body.String()
		}()
	}
	for range 8 {
		if body := <-done; !strings.Contains(body, `"error"`) {
			t.Error(body)
		}
	}
}
