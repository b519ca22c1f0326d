package billmanager

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// desk is a panel and a login at it.
type desk struct {
	testing.TB
	*Simulator
	clock *world.Clock
	auth  string
}

func newDesk(t testing.TB, o Options, payments int) *desk {
	t.Helper()
	clock := world.NewClock(func() time.Time { return noon })
	o.Gate = gate.New(gate.Options{Clock: clock})
	o.World = world.New(world.Options{Seed: 1, Payments: payments, Clock: clock})
	d := &desk{TB: t, Simulator: New(o), clock: clock}
	t.Cleanup(o.Gate.Close)
	if o.TwoFactorCode == "" && !o.Captcha && o.Blocked == NotBlocked {
		d.auth = attr(d.json("func=auth", "username=operator", "password=sandbox"), "auth", "$id")
	}
	return d
}

// send posts the parameters and returns status and body.
func (d *desk) send(method, path string, params ...string) (int, string) {
	d.Helper()
	form := url.Values{}
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		form.Add(name, value)
	}
	if d.auth != "" && !form.Has("auth") && !form.Has("authinfo") {
		form.Set("auth", d.auth)
	}
	var r *http.Request
	if method == http.MethodGet {
		r = httptest.NewRequest(method, path+"?"+form.Encode(), nil)
	} else {
		r = httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		d.Fatal(err)
	}
	return w.Code, string(body)
}

// json is the document that the parameters bring.
func (d *desk) json(params ...string) map[string]any {
	d.Helper()
	status, body := d.send(http.MethodPost, "/billmgr", append(params, "out=json", "lang=en")...)
	var v struct{ Doc map[string]any }
	if err := json.Unmarshal([]byte(body), &v); err != nil || status != 200 || v.Doc == nil {
		d.Fatalf("%v: %d %s", params, status, body)
	}
	return v.Doc
}

// attr digs out a text: doc, field, "$".
func attr(v any, path ...string) string {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

func (d *desk) ids(params ...string) []string {
	d.Helper()
	doc := d.json(append([]string{"func=payment", "p_cnt=1000"}, params...)...)
	if e := attr(doc, "error", "$type"); e != "" {
		d.Fatalf("%v: %v", params, doc)
	}
	var out []string
	switch elem := doc["elem"].(type) {
	case []any:
		for _, e := range elem {
			out = append(out, attr(e, "id", "$"))
		}
	case map[string]any:
		out = append(out, attr(elem, "id", "$"))
	}
	if n := attr(doc, "p_elems", "$"); n != fmt.Sprint(len(out)) {
		d.Fatalf("%v: p_elems %s for %d rows", params, n, len(out))
	}
	return out
}

func (d *desk) set(fields string) {
	d.Helper()
	if err := d.SetWorld("payment", json.RawMessage(fields)); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) status(id string) string {
	doc := d.json("func=payment", "filter=on", "id="+id)
	return attr(doc, "elem", "status", "$orig")
}

func TestPathsAndMethods(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	for _, path := range []string{"/billmgr", "/billmgr/", "/"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if status, body := d.send(method, path, "func=whoami", "out=json"); status != 200 || !strings.Contains(body, `"user"`) {
				t.Errorf("%s %s: %d %s", method, path, status, body)
			}
		}
	}
	if status, _ := d.send(http.MethodPost, "/v3/payments", "func=whoami"); status != 404 {
		t.Errorf("a foreign path: %d", status)
	}
	if status, _ := d.send(http.MethodPut, "/billmgr", "func=whoami"); status != 405 {
		t.Errorf("PUT: %d", status)
	}
	if status, body := d.send(http.MethodPost, "/billmgr", "func=whoami"); status != 200 || !strings.HasPrefix(body, "<!DOCTYPE html>") {
		t.Errorf("without out: %d %s", status, body)
	}
}

func TestXMLIsTheSameDocument(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	_, body := d.send(http.MethodGet, "/billmgr", "func=payment", "out=xml", "lang=ru", "p_cnt=2", "filter=on", "status=4")
	var doc struct {
		Func string `xml:"func,attr"`
		Elem []struct {
			ID     string `xml:"id"`
			Status struct {
				Orig string `xml:"orig,attr"`
				Word string `xml:",chardata"`
			} `xml:"status"`
		} `xml:"elem"`
		Count string `xml:"p_elems"`
	}
	if err := xml.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Func != "payment" || len(doc.Elem) != 2 || doc.Elem[0].Status.Orig != "4" || doc.Elem[0].Status.Word != "Зачислен" || doc.Count == "" {
		t.Errorf("%+v", doc)
	}
}

func TestDefaultPageAndOrder(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	doc := d.json("func=payment")
	if n := len(doc["elem"].([]any)); n != 50 || attr(doc, "p_cnt", "$") != "50" {
		t.Errorf("%d rows, p_cnt %s", n, attr(doc, "p_cnt", "$"))
	}
	down, up := d.ids("p_col=-id"), d.ids("p_col=+id")
	slices.Reverse(up)
	if !slices.Equal(down, up) || len(down) < 90 {
		t.Errorf("%d down, %d up, not the same", len(down), len(up))
	}
	names := d.json("func=payment", "sort=sender_name", "p_cnt=1000")["elem"].([]any)
	if !slices.IsSortedFunc(names, func(a, b any) int {
		return strings.Compare(attr(a, "sender_name", "$"), attr(b, "sender_name", "$"))
	}) {
		t.Error("not sorted by payer")
	}
}

func TestFormsOfAnswers(t *testing.T) {
	one := []string{"func=payment", "filter=on", "id=1001"}
	tests := []struct {
		name string
		opt  Options
		want func(map[string]any) bool
	}{
		{"one row is an object", Options{}, func(d map[string]any) bool { _, ok := d["elem"].(map[string]any); return ok }},
		{"one row is an array", Options{OneRowAsArray: true}, func(d map[string]any) bool { _, ok := d["elem"].([]any); return ok }},
		{"code beside the word", Options{}, func(d map[string]any) bool { return attr(d, "elem", "status", "$orig") != "" }},
		{"code alone", Options{StatusForm: CodeOnly}, func(d map[string]any) bool {
			return attr(d, "elem", "status", "$orig") == "" && len(attr(d, "elem", "status", "$")) <= 3
		}},
		{"word alone", Options{StatusForm: WordOnly}, func(d map[string]any) bool { return len(attr(d, "elem", "status", "$")) > 2 }},
		{"blanks", Options{Blanks: true}, func(d map[string]any) bool { return attr(d, "elem", "id", "$") == " 1001 " }},
		{"signs for currencies", Options{Money: SymbolMoney}, func(d map[string]any) bool {
			return strings.HasSuffix(attr(d, "elem", "subaccountamount_iso", "$"), " ₽")
		}},
		{"commas", Options{Money: CommaMoney}, func(d map[string]any) bool {
			return strings.Contains(attr(d, "elem", "subaccountamount_iso", "$"), ",")
		}},
		{"an empty field", Options{}, func(d map[string]any) bool { _, ok := d["elem"].(map[string]any)["id"].(map[string]any); return ok }},
	}
	for _, tt := range tests {
		d := newDesk(t, tt.opt, 200)
		d.set(`{"id":"1001","subaccountamount_iso":"100.00 RUB"}`)
		if doc := d.json(one...); !tt.want(doc) {
			t.Errorf("%s: %v", tt.name, doc)
		}
	}
}

func TestLogins(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	errorOf := func(params ...string) string {
		doc := d.json(append(params, "auth=")...)
		return strings.TrimSpace(attr(doc, "error", "$type") + " " + attr(doc, "error", "$object"))
	}
	if got := errorOf("func=auth", "username=operator", "password=wrong"); got != "auth badpassword" {
		t.Errorf("wrong password: %s", got)
	}
	if got := errorOf("func=payment"); got != "auth" {
		t.Errorf("no login: %s", got)
	}
	if got := errorOf("func=payment", "authinfo=operator:wrong"); got != "auth badpassword" {
		t.Errorf("wrong authinfo: %s", got)
	}
	if got := errorOf("func=whoami", "authinfo=operator:sandbox"); got != "" {
		t.Errorf("authinfo: %s", got)
	}
	d.clock.Advance(59 * time.Minute)
	d.json("func=keepalive")
	d.clock.Advance(59 * time.Minute)
	if doc := d.json("func=whoami"); attr(doc, "user", "$name") != "operator" {
		t.Errorf("a call within the hour: %v", doc)
	}
	d.clock.Advance(61 * time.Minute)
	if doc := d.json("func=whoami"); attr(doc, "error", "$type") != "auth" {
		t.Errorf("after an idle hour: %v", doc)
	}
}

func TestTwoFactor(t *testing.T) {
	d := newDesk(t, Options{TwoFactorCode: "123456"}, 200)
	half := attr(d.json("func=auth", "username=operator", "password=sandbox"), "auth", "$id")
	if doc := d.json("func=payment", "auth="+half); attr(doc, "ok", "$") != "func=totp.confirm" {
		t.Errorf("half a login: %v", doc)
	}
	if doc := d.json("func=totp.confirm", "auth="+half, "qrcode=000000", "sok=ok"); attr(doc, "error", "$type") != "value" {
		t.Errorf("a wrong code: %v", doc)
	}
	whole := attr(d.json("func=totp.confirm", "auth="+half, "qrcode=123456", "sok=ok"), "auth", "$id")
	if doc := d.json("func=whoami", "auth="+whole); attr(doc, "user", "$name") != "operator" || whole == half {
		t.Errorf("the whole login: %v", doc)
	}
}

func TestSecretsInAddressesAreTold(t *testing.T) {
	var told []string
	d := newDesk(t, Options{SecretInURL: func(name string) { told = append(told, name) }}, 200)
	d.send(http.MethodPost, "/billmgr", "func=whoami", "out=json")
	if len(told) != 0 {
		t.Errorf("told of %v in a body", told)
	}
	d.send(http.MethodGet, "/billmgr", "func=whoami", "out=json")
	if !slices.Equal(told, []string{"auth"}) {
		t.Errorf("told of %v", told)
	}
}

func TestErrorsSpeakTheLanguageAskedFor(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	ask := func(lang string) string {
		_, body := d.send(http.MethodPost, "/billmgr", "func=payment.setpaid", "elid=9", "sok=ok", "out=json", "lang="+lang)
		return body
	}
	if en, ru, own := ask("en"), ask("ru"), ask(""); !strings.Contains(en, "not found") || !strings.Contains(ru, "не найден") || !strings.Contains(own, "не найден") {
		t.Errorf("%s\n%s\n%s", en, ru, own)
	}
}

func TestRefreshedWorldIsTheSame(t *testing.T) {
	var bodies []string
	for range 2 {
		_, body := newDesk(t, Options{}, 400).send(http.MethodPost, "/billmgr", "func=payment", "out=json", "p_cnt=1000")
		bodies = append(bodies, body)
	}
	if bodies[0] != bodies[1] {
		t.Error("two panels of one seed differ")
	}
}

func TestMixOfTheWorld(t *testing.T) {
	d := newDesk(t, Options{}, 0)
	count := func(params ...string) int {
		return len(d.ids(append([]string{"filter=on"}, params...)...))
	}
	last := []string{"createdate=other", "createdatestart=2026-11-18", "createdateend=2026-11-22"}
	all, fresh := count(last...), count(append(last, "status=1")...)
	if share := 100 * fresh / all; share < 35 || share > 55 {
		t.Errorf("%d of the last days' %d payments are new", fresh, all)
	}
	for code := range statusWords {
		if count(fmt.Sprintf("status=%d", code)) == 0 {
			t.Errorf("no payment has status %d", code)
		}
	}
	if yesterday := count("createdate=lastday", "status=1"); yesterday < 15 {
		t.Errorf("yesterday has %d new payments", yesterday)
	}
	if n := count("number=return*"); n < 10 {
		t.Errorf("%d refunds", n)
	}
	gaps := 0
	for row := range d.rows.trace.Len() {
		deal := d.rows.trace.Deal(row)
		p := makePayment(d.opt.World, row)
		if !world.PaidByGateway(deal) {
			continue
		}
		state := d.opt.World.GatewayState(deal)
		if p.method.module != "pmyandexcheckout" || p.currency != "RUB" || (p.externalID != "") != state.Taken() {
			t.Fatalf("row %d: %s %s, external %q, %v", row, p.method.module, p.currency, p.externalID, state)
		}
		if state == world.Succeeded && p.status == stNew {
			gaps++
		}
		if p.status == stCredited && !state.Taken() {
			t.Fatalf("row %d is credited, but %v at the gateway", row, state)
		}
	}
	if gaps == 0 {
		t.Error("every payment that the gateway took is credited: no gap to find")
	}
}

func TestMillionPaymentsCostLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a large world")
	}
	d := newDesk(t, Options{}, 1_000_000)
	doc := d.json("func=payment", "p_cnt=100", "p_num=4000", "p_col=-id")
	if n := len(doc["elem"].([]any)); n != 100 {
		t.Errorf("%d rows on a late page", n)
	}
	if len(d.rows.changed)+len(d.rows.added) > 0 {
		t.Errorf("%d changed and %d added rows are kept by reading", len(d.rows.changed), len(d.rows.added))
	}
	if n := len(d.ids("filter=on", "createdate=lastday")); n < 300 {
		t.Errorf("yesterday has %d payments", n)
	}
}

func BenchmarkPageOfAMillion(b *testing.B) {
	d := newDesk(b, Options{}, 1_000_000)
	d.rows.hasRefund(0)
	for b.Loop() {
		d.send(http.MethodPost, "/billmgr", "func=payment", "out=json", "p_cnt=200", "p_num=1000", "p_col=-id")
	}
}

func (d *desk) ledger() []gate.Entry {
	var out []gate.Entry
	for line := range bytes.Lines(d.gate().Ledger()) {
		var e gate.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			d.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}
