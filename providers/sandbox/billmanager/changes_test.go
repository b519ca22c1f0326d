package billmanager

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

func refused(doc map[string]any) string {
	return strings.TrimSpace(attr(doc, "error", "$type") + " " + attr(doc, "error", "$object"))
}

func TestPreconditions(t *testing.T) {
	allowed := map[string][]int{
		"payment.setpaid": {1, 2, 3, 5, 7, 8},
		"payment.delete":  {1, 2, 8, 9},
		"payment.refund":  {4},
	}
	for fn, statuses := range allowed {
		for status := range statusWords {
			d := newDesk(t, Options{}, 200)
			d.set(fmt.Sprintf(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"%d"}`, status))
			doc := d.json("func="+fn, "elid=90001", "sok=ok")
			_, ok := doc["ok"]
			if want := slices.Contains(statuses, status); ok != want || (len(d.ledger()) == 1) != want {
				t.Errorf("%s in status %d: %v, ledger %d", fn, status, doc, len(d.ledger()))
			}
			if !ok && refused(doc) != "access "+fn {
				t.Errorf("%s in status %d: refused with %s", fn, status, refused(doc))
			}
		}
	}
}

func TestRefundPreconditions(t *testing.T) {
	tests := []struct{ name, set, amount, want string }{
		{"whole", ``, "", ""},
		{"part", ``, "0.01", ""},
		{"more than remains", ``, "100.01", "value amount"},
		{"zero", ``, "0", "value amount"},
		{"negative", ``, "-5", "value amount"},
		{"no number", ``, "1e1", "value amount"},
		{"three decimals", ``, "1.005", "value amount"},
		{"locked", `,"restrictrefund":"on"`, "", "access payment.refund"},
		{"method without refunds", `,"paymethod_name":"Банковский перевод"`, "", "access payment.refund"},
		{"method without refunds, by its flag", `,"allowrefund":"off"`, "", "access payment.refund"},
	}
	for _, tt := range tests {
		d := newDesk(t, Options{}, 200)
		d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"4"` + tt.set + `}`)
		params := []string{"func=payment.refund", "elid=90001", "sok=ok"}
		if tt.amount != "" {
			params = append(params, "amount="+tt.amount)
		}
		if got := refused(d.json(params...)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRefundLeavesARowOrAStatus(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","number":"B-1","subaccountamount_iso":"100.00 RUB","status":"4"}`)
	d.json("func=payment.refund", "elid=90001", "amount=30.00", "sok=ok")
	rows := d.ids("filter=on", "number=return/B-1")
	if d.status("90001") != "4" || len(rows) != 1 {
		t.Fatalf("after a part: status %s, rows %v", d.status("90001"), rows)
	}
	doc := d.json("func=payment", "filter=on", "id="+rows[0])
	if attr(doc, "elem", "subaccountamount_iso", "$") != "-30.00 RUB" {
		t.Errorf("the row: %v", doc)
	}
	if got := refused(d.json("func=payment.setpaid", "elid="+rows[0], "sok=ok")); got != "access payment.setpaid" {
		t.Errorf("a refund row is credited: %s", got)
	}
	d.json("func=payment.refund", "elid=90001", "sok=ok")
	if d.status("90001") != "6" || len(d.ids("filter=on", "number=return/B-1")) != 1 {
		t.Errorf("after the whole: status %s", d.status("90001"))
	}
	led := d.ledger()
	if len(led) != 2 || led[0].Amount != "30.00" || led[1].Amount != "70.00" || led[0].ID != "90001" {
		t.Errorf("ledger: %+v", led)
	}
}

func TestWithoutSokNothingIsDone(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		d := newDesk(t, Options{LenientSok: lenient}, 200)
		d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"1"}`)
		doc := d.json("func=payment.setpaid", "elid=90001")
		_, ok := doc["ok"]
		if ok != lenient || doc["error"] != nil || len(d.ledger()) == 0 == lenient {
			t.Errorf("lenient %v: %v, ledger %d", lenient, doc, len(d.ledger()))
		}
	}
	d := newDesk(t, Options{LenientSok: true}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"4"}`)
	if doc := d.json("func=payment.refund", "elid=90001"); doc["ok"] != nil || len(d.ledger()) != 0 {
		t.Errorf("refund: %v", doc)
	}
}

func TestSeveralIDsInOneCall(t *testing.T) {
	for mode, want := range map[GroupMode]string{StopAtFirst: "4 9 1", Atomic: "1 9 1", Continue: "4 9 4"} {
		d := newDesk(t, Options{Group: mode}, 200)
		for id, status := range map[string]string{"90001": "1", "90003": "9", "90005": "1"} {
			d.set(`{"id":"` + id + `","subaccountamount_iso":"100.00 RUB","status":"` + status + `"}`)
		}
		doc := d.json("func=payment.setpaid", "elid=90001, 90003,90005", "sok=ok")
		if got := d.status("90001") + " " + d.status("90003") + " " + d.status("90005"); got != want || refused(doc) == "" {
			t.Errorf("mode %d: %s, want %s; %v", mode, got, want, doc)
		}
	}
	d := newDesk(t, Options{}, 200)
	if got := refused(d.json("func=payment.setpaid", "sok=ok")); got != "missed elid" {
		t.Errorf("no id: %s", got)
	}
	if got := refused(d.json("func=payment.refund", "elid=1001,1003", "sok=ok")); got != "value elid" {
		t.Errorf("a refund of two: %s", got)
	}
}

func TestDeletedRowIsGoneOrBeingDeleted(t *testing.T) {
	for slow, want := range map[bool]string{false: "", true: "100"} {
		d := newDesk(t, Options{DeleteLeaves100: slow}, 200)
		d.set(`{"id":"1001","status":"1"}`)
		n := len(d.ids())
		d.json("func=payment.delete", "elid=1001", "sok=ok")
		if got := d.status("1001"); got != want || (len(d.ids()) == n) != slow {
			t.Errorf("slow %v: status %q, %d rows of %d", slow, got, len(d.ids()), n)
		}
		if again := refused(d.json("func=payment.delete", "elid=1001", "sok=ok")); again == "" {
			t.Errorf("slow %v: deleted twice", slow)
		}
	}
}

func TestHistoryGrowsWithEveryChange(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	d.set(`{"id":"90001","subaccountamount_iso":"100.00 RUB","status":"1"}`)
	d.json("func=payment.setpaid", "elid=90001", "sok=ok", "externalid=gw-7")
	d.json("func=payment.refund", "elid=90001", "amount=1.00", "sok=ok")
	doc := d.json("func=payment.history", "elid=90001")
	rows, _ := doc["elem"].([]any)
	if len(rows) != 3 || !strings.Contains(attr(rows[1], "desc", "$"), "increased by 100.00 RUB") || attr(rows[2], "user", "$") != "operator" {
		t.Errorf("%v", rows)
	}
	if got := attr(d.json("func=payment", "filter=on", "id=90001"), "elem", "externalid", "$"); got != "gw-7" {
		t.Errorf("external id %q", got)
	}
}

func TestSavedFilters(t *testing.T) {
	d := newDesk(t, Options{}, 400)
	all := d.ids()
	d.json("func=payment.filter", "status=4", "sok=ok")
	credited := d.ids()
	if len(credited) >= len(all) {
		t.Fatal("a saved filter hides nothing")
	}
	if got := attr(d.json("func=payment.filter"), "status", "$"); got != "4" {
		t.Errorf("the form shows status %q", got)
	}
	if got := d.ids("filter=on"); !slices.Equal(got, credited) {
		t.Error("what filter=on does not name does not come from the saved filter")
	}
	if got := d.ids("filter=on", "status="); !slices.Equal(got, all) {
		t.Error("an empty condition does not take the place of the saved one")
	}
	if got := d.ids(); !slices.Equal(got, credited) {
		t.Error("filter=on was saved")
	}
	d.json("func=payment.filter", "reset=on", "sok=ok")
	if got := d.ids(); !slices.Equal(got, all) {
		t.Error("reset does not reset")
	}
	client := attr(d.json("func=payment", "filter=on", "id=1001"), "elem", "sender_id", "$")
	row, _, _ := world.HostingRow("1001")
	account := makePayment(d.opt.World, row).accountID
	d.json("func=payment.setfilter", "account="+account)
	if got := d.ids(); len(got) == 0 || len(got) >= len(all) || !slices.Equal(got, d.ids("filter=on", "sender_id="+client)) {
		t.Errorf("one client has %d of %d rows", len(got), len(all))
	}
	saving := newDesk(t, Options{FilterOnSaves: true}, 400)
	saving.ids("filter=on", "status=4")
	if got := saving.ids(); !slices.Equal(got, credited) {
		t.Error("filter=on was not saved")
	}
}

func TestFilterConditions(t *testing.T) {
	d := newDesk(t, Options{}, 400)
	d.set(`{"id":"90001","number":"Z-77","subaccountamount_iso":"12.34 EUR","paymethod_name":"SEPA transfer","status":"3","sender_name":"Zoe","account_name":"zoe@example.com","create_date":"2026-11-15"}`)
	hits := [][]string{
		{"id=90001"},
		{"number=z-*"},
		{"number=*-77"},
		{"account=zoe*"},
		{"sender=nobody~zo"},
		{"saamount_from=12.34", "saamount_to=12.34"},
		{"pmamount_from=12.34", "pmamount_to=12.34"},
		{"paymethod=8,7", "status=3", "createdate=other", "createdatestart=2026-11-15", "createdateend=2026-11-15", "number=Z*"},
		{"createdate=week", "number=Z-77"},
		{"createdate=currentmonth", "number=Z-77"},
		{"recipient=2", "project=1", "number=Z-77"},
		{"profiletype=1", "restrictrefund=off", "number=Z-77"},
		{"module=pmwire", "number=Z-77"},
	}
	for _, params := range hits {
		if got := d.ids(append(params, "filter=on")...); !slices.Equal(got, []string{"90001"}) {
			t.Errorf("%v: %v", params, got)
		}
	}
	for _, params := range [][]string{
		{"createdate=today"},
		{"createdate=lastmonth"},
		{"createdate=lastyear"},
		{"status=1,2,4"},
		{"payfromdate=2026-11-01"},
		{"restrictrefund=on"},
		{"docflow_pdf_status=100"},
		{"maildocs=3"},
		{"createdate=lastday"},
		{"saamount_from=12.35"},
	} {
		if got := d.ids(append(params, "filter=on", "number=Z-77")...); len(got) != 0 {
			t.Errorf("%v: %v", params, got)
		}
	}
	for _, bad := range []string{"status=10", "createdate=soon", "restrictrefund=maybe", "id=x", "createdatestart=15.11.2026", "saamount_from=much", "profiletype=4"} {
		name, _, _ := strings.Cut(bad, "=")
		if got := refused(d.json("func=payment", "filter=on", bad)); got != "value "+name {
			t.Errorf("%s: %q", bad, got)
		}
	}
	for _, period := range periods {
		d.ids("filter=on", "createdate="+period)
	}
}

func TestReplayMakesTheSameRows(t *testing.T) {
	first := newDesk(t, Options{}, 400)
	var eligible string
	for row := range first.rows.trace.Len() {
		if p := makePayment(first.opt.World, row); p.status == stCredited && p.method.refunds && !p.restrictRefund && p.refunded.IsZero() {
			eligible = p.id
			break
		}
	}
	for _, id := range first.ids("filter=on", "status=1")[:3] {
		first.json("func=payment.setpaid", "elid="+id, "sok=ok", "externalid=gw-"+id)
	}
	first.json("func=payment.delete", "elid="+first.ids("filter=on", "status=9")[0], "sok=ok")
	first.json("func=payment.refund", "elid="+eligible, "amount=1.00", "sok=ok")
	first.json("func=payment.refund", "elid="+eligible, "amount=1.00", "sok=ok")
	first.json("func=payment.refund", "elid="+eligible, "sok=ok")

	second := newDesk(t, Options{}, 400)
	for _, e := range first.ledger() {
		if err := second.gate().Replay(e, second.Replay); err != nil {
			t.Fatal(err)
		}
	}
	read := func(d *desk) string {
		_, body := d.send(http.MethodPost, "/billmgr", "func=payment", "out=json", "p_cnt=1000")
		return body
	}
	if len(first.ledger()) != 7 || read(first) != read(second) {
		t.Errorf("after %d changes made again the panel differs", len(first.ledger()))
	}
	later := gate.Entry{System: "billmanager", Call: "payment.setpaid", ID: world.HostingID(second.rows.trace.Len() + 5), Amount: "1.00"}
	if err := second.Replay(later); err != nil {
		t.Errorf("a change of a row that has not come yet: %v", err)
	}
	if got, want := len(second.ids()), len(first.ids()); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
	for _, bad := range []gate.Entry{
		{Call: "payment.setpaid", ID: "x"},
		{Call: "payment.sleep", ID: "1001"},
		{Call: "payment.refund", ID: "1001", Amount: "much"},
		{Call: "payment.setpaid", ID: "1001", Detail: json.RawMessage(`[`)},
	} {
		if second.Replay(bad) == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}

func TestSetWorldIsStrict(t *testing.T) {
	d := newDesk(t, Options{}, 200)
	for _, bad := range []string{
		`{"id":"1001","colour":"red"}`, `{"id":"424242"}`, `{"id":"1001","status":"55"}`, `{"id":"1001","subaccountamount_iso":"100"}`,
		`{"id":"1001","allowrefund":"maybe"}`, `{"id":"1001","create_date":"soon"}`, `{"id":"1001","paymethod_name":"Barter"}`, `{"id":["1001"]}`, `7`,
	} {
		if d.SetWorld("payment", json.RawMessage(bad)) == nil {
			t.Errorf("%s passes", bad)
		}
	}
	if d.SetWorld("invoice", json.RawMessage(`{}`)) == nil {
		t.Error("an unknown kind passes")
	}
	d.set(`{"subaccountamount_iso":"5.00 USD"}`)
	if got := d.ids("filter=on", "saamount_from=5", "saamount_to=5", "createdate=today"); len(got) != 1 || got[0] != "50000001" {
		t.Errorf("an added row without an id: %v", got)
	}
	d.set(`{"id":"1001","create_date":"2026-11-22"}`)
	if !slices.Contains(d.ids("filter=on", "createdate=today"), "1001") {
		t.Error("a row that was given today's date is not among today's")
	}
}

func FuzzLike(f *testing.F) {
	f.Add("return*", "return/A-1")
	f.Add("*a*b*", "xxaxxb")
	f.Fuzz(func(t *testing.T, pattern, have string) {
		if like(pattern, have) && !strings.Contains(pattern, "*") && len(pattern) != len(have) && !strings.EqualFold(pattern, have) {
			t.Errorf("%q matches %q", have, pattern)
		}
		if !like("*", have) || !like(have+"*", have) && !strings.Contains(have, "*") {
			t.Errorf("* does not match %q", have)
		}
	})
}
