package jumpfinance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

type desk struct {
	*testing.T
	sim   *Simulator
	gate  *gate.Gate
	clock *world.Clock
}

func newDesk(t *testing.T, o Options) *desk {
	t.Helper()
	clock := world.NewClock(noon)
	g := gate.New(gate.Options{Clock: clock})
	o.World, o.Gate = world.New(world.Options{Seed: 3, Clock: clock}), g
	return &desk{T: t, sim: New(o), gate: g, clock: clock}
}

// ask sends a request and reads the answer.
func (d *desk) ask(method, path, body string) (int, map[string]any) {
	d.Helper()
	return d.send(request4(method, path, body, "sandbox"))
}

func request4(method, path, body, key string) *http.Request {
	r := httptest.NewRequest(method, "/services/openapi"+path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Client-Key", key)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	return r
}

func (d *desk) send(r *http.Request) (int, map[string]any) {
	d.Helper()
	w := httptest.NewRecorder()
	d.sim.ServeHTTP(w, r)
	var out map[string]any
	dec := json.NewDecoder(w.Body)
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		d.Fatalf("%s %s: %d, not JSON: %v", r.Method, r.URL, w.Code, err)
	}
	return w.Code, out
}

// dig follows keys and indexes through an answer.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func refusedField(out map[string]any) string {
	s, _ := dig(out, "error", "fields", 0, "field").(string)
	return s
}

func (d *desk) newest(status int) payout {
	d.Helper()
	for row := d.sim.payouts.Len() - 1; row >= 0; row-- {
		if p := d.sim.payoutAt(row); p.Status == status && (status != failed || p.canRepeat()) {
			return p
		}
	}
	d.Fatalf("no payout has status %d", status)
	return payout{}
}

func TestSizesOfTheDefaultWorld(t *testing.T) {
	d := newDesk(t, Options{})
	counts, repeatable, week, receipts := map[int]int{}, 0, 0, 0
	for row := range d.sim.payouts.Len() {
		p := d.sim.payoutAt(row)
		counts[p.Status]++
		if p.Receipt != nil {
			receipts++
		}
		if p.canRepeat() {
			repeatable++
			if noon().Sub(p.Created) < 7*24*time.Hour {
				week++
			}
		}
	}
	if d.sim.payouts.Len() < 800 || d.sim.contractors.Len() < 160 || receipts < 250 || repeatable < 120 || week < 60 {
		t.Errorf("payouts %d, contractors %d, receipts %d, repeatable %d, of the week %d", d.sim.payouts.Len(), d.sim.contractors.Len(), receipts, repeatable, week)
	}
	for status := range titles {
		if counts[status] == 0 {
			t.Errorf("no payout is %q", titles[status])
		}
	}
}

func TestLogin(t *testing.T) {
	d := newDesk(t, Options{})
	for key, want := range map[string]int{"sandbox": 200, "other": 401, "": 401} {
		if code, out := d.send(request4("GET", "/payments", "", key)); code != want {
			t.Errorf("key %q: %d %v", key, code, out)
		}
	}
	if code, _ := d.send(request4("GET", "/payments?client_key=sandbox", "", "")); code != 200 {
		t.Errorf("the key in the query: %d", code)
	}
}

func TestListsAreStrictAboutWhatIsDocumented(t *testing.T) {
	d := newDesk(t, Options{})
	tests := []struct {
		query string
		code  int
	}{
		{"per_page=200", 200},
		{"per_page=7", 422},
		{"per_page=0", 422},
		{"page=0", 422},
		{"status=7", 422},
		{"status=5", 200},
		{"include=abilities,history", 200},
		{"include=abilitys", 422},
		{"ids=1,x", 422},
		{"created_at_from=2026-11-01T00:00:00%2B03:00", 200},
		{"created_at_from=2026-11-01T00:00:00+03:00", 422}, // the plus is a space
		{"status_id=5", 200}, // unknown: ignored
	}
	for _, tc := range tests {
		if code, out := d.ask("GET", "/payments?"+tc.query, ""); code != tc.code {
			t.Errorf("%s: %d, want %d: %v", tc.query, code, tc.code, out["error"])
		}
	}
	_, all := d.ask("GET", "/payments", "")
	_, same := d.ask("GET", "/payments?status_id=5", "")
	if dig(all, "meta", "total") != dig(same, "meta", "total") {
		t.Error("an unknown parameter filtered")
	}
	if dig(all, "items", 0, "abilities") != nil || dig(all, "items", 0, "history") != nil {
		t.Error("parts that were not asked for are in the answer")
	}
}

func TestEnvelopes(t *testing.T) {
	d := newDesk(t, Options{})
	tests := []struct {
		path string
		has  []string
		not  []string
	}{
		{"/payments", []string{"items", "meta", "links"}, nil},
		{"/acceptance-certificates", []string{"items", "meta"}, []string{"links"}},
		{"/branch-office", []string{"items", "meta", "links"}, nil},
		{"/agents", []string{"items"}, []string{"meta"}},
		{"/banks_accounts", []string{"items"}, []string{"meta"}},
		{"/settings", []string{"data"}, []string{"item"}},
		{"/contractors/" + world.ContractorID(3), []string{"item"}, nil},
	}
	for _, tc := range tests {
		code, out := d.ask("GET", tc.path, "")
		if code != 200 {
			t.Errorf("%s: %d", tc.path, code)
		}
		for _, key := range tc.has {
			if _, ok := out[key]; !ok {
				t.Errorf("%s has no %s", tc.path, key)
			}
		}
		for _, key := range tc.not {
			if _, ok := out[key]; ok {
				t.Errorf("%s has %s", tc.path, key)
			}
		}
	}
}

func TestSmartPayoutMakesTheContractor(t *testing.T) {
	d := newDesk(t, Options{})
	body := `{"phone":"+79001112233","last_name":"Новая","first_name":"Анна","amount":10,"requisite":{"type_id":10,"account_number":"+79001112233","sbp_bank_id":100000000004}}`
	code, out := d.ask("POST", "/payments/smart", body)
	if code != 200 {
		t.Fatalf("%d %v", code, out)
	}
	id := fmt.Sprint(dig(out, "item", "contractor", "id"))
	if code, _ := d.ask("GET", "/contractors/"+id, ""); code != 200 {
		t.Errorf("the new contractor: %d", code)
	}
	_, again := d.ask("POST", "/payments/smart", body)
	if got := fmt.Sprint(dig(again, "item", "contractor", "id")); got != id {
		t.Errorf("the same phone made contractor %s beside %s", got, id)
	}
}

func TestRequisitesHoldWholeCards(t *testing.T) {
	d := newDesk(t, Options{})
	_, out := d.ask("GET", "/contractors/"+world.ContractorID(0)+"/requisites", "")
	number, _ := dig(out, "items", 0, "requisite", "account_number").(string)
	if len(number) != 16 || !luhn(number) {
		t.Errorf("account_number %q", number)
	}
	_, balances := d.ask("GET", "/contractors/"+world.ContractorID(0)+"/balances?include=agent", "")
	if dig(balances, "items", 0, "agent", "name") == nil {
		t.Errorf("balances: %v", balances)
	}
}

func TestCertificateHasThePayoutsAmount(t *testing.T) {
	d := newDesk(t, Options{})
	_, list := d.ask("GET", "/acceptance-certificates?per_page=5", "")
	for i := range 5 {
		id := dig(list, "items", i, "id")
		_, one := d.ask("GET", fmt.Sprintf("/acceptance-certificates/%v", id), "")
		_, p := d.ask("GET", fmt.Sprintf("/payments/%v", dig(one, "item", "payment", "id")), "")
		if dig(one, "item", "amount") == nil || dig(one, "item", "amount") != dig(p, "item", "amount") || dig(one, "item", "contractor", "id") != dig(p, "item", "contractor", "id") {
			t.Errorf("certificate %v: %v, payout: %v", id, dig(one, "item", "amount"), dig(p, "item", "amount"))
		}
	}
	_, with := d.ask("GET", "/payments?has_acceptance_certificate=true", "")
	_, without := d.ask("GET", "/payments?has_acceptance_certificate=false", "")
	_, all := d.ask("GET", "/payments", "")
	n := func(v map[string]any) int { i, _ := strconv.Atoi(fmt.Sprint(dig(v, "meta", "total"))); return i }
	if n(with) == 0 || n(with)+n(without) != n(all) || n(with) != n(list) {
		t.Errorf("with %d, without %d, all %d, certificates %d", n(with), n(without), n(all), n(list))
	}
}

// TestFiltersAgreeWithTheRows compares the quick filters with a plain count.
func TestFiltersAgreeWithTheRows(t *testing.T) {
	d := newDesk(t, Options{})
	p := d.newest(failed)
	d.ask("POST", fmt.Sprintf("/payments/%d/repeat", p.ID), "")
	d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%d,"amount":5}`, p.Contractor))
	from := noon().AddDate(0, 0, -3).In(moscow)
	tests := map[string]func(payout) bool{
		"status=5": func(p payout) bool { return p.Status == failed },
		"status=3": func(p payout) bool { return p.Status == processing },
		fmt.Sprint("contractor_ids=", p.Contractor): func(q payout) bool { return q.Contractor == p.Contractor },
		"branch_office_ids=1,2":                     func(p payout) bool { return p.Branch == 1 || p.Branch == 2 },
		"agent_ids=2":                               func(p payout) bool { return p.Agent == 2 },
		fmt.Sprint("ids=", p.ID, ",1"):              func(q payout) bool { return q.ID == p.ID },
		"created_at_from=" + url.QueryEscape(from.Format(time.RFC3339)): func(p payout) bool { return !p.Created.Before(from) },
		"created_at_to=" + url.QueryEscape(from.Format(time.RFC3339)):   func(p payout) bool { return !p.Created.After(from) },
	}
	for query, fits := range tests {
		want := 0
		for row := range d.sim.payouts.Len() {
			if fits(d.sim.payoutAt(row)) {
				want++
			}
		}
		_, out := d.ask("GET", "/payments?"+query, "")
		if got := fmt.Sprint(dig(out, "meta", "total")); want == 0 || got != strconv.Itoa(want) {
			t.Errorf("%s: total %s, want %d", query, got, want)
		}
	}
}

func TestReplayMakesTheSameAgain(t *testing.T) {
	d := newDesk(t, Options{})
	d.ask("POST", "/payments", fmt.Sprintf(`{"contractor_id":%s,"amount":12.5,"customer_payment_id":"r-1","requisite":{"type_id":8,"account_number":"5469550053219652"}}`, world.ContractorID(9)))
	d.ask("POST", "/payments/smart", `{"phone":"+79001112233","last_name":"Новая","first_name":"Анна","amount":10,"requisite":{"type_id":10,"account_number":"+79001112233","sbp_bank_id":100000000004}}`)
	failedOne := d.newest(failed)
	d.ask("POST", fmt.Sprintf("/payments/%d/repeat", failedOne.ID), "")
	d.clock.Advance(time.Minute)

	again := newDesk(t, Options{})
	for line := range strings.Lines(string(d.gate.Ledger())) {
		var e gate.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if err := again.gate.Replay(e, again.sim.Replay); err != nil {
			t.Fatal(err)
		}
	}
	again.clock.Advance(time.Minute)
	for _, path := range []string{"/payments?include=history,requisite&per_page=5", fmt.Sprintf("/payments/%d?include=history", failedOne.ID), "/payments/customer-payment/r-1"} {
		_, a := d.ask("GET", path, "")
		_, b := again.ask("GET", path, "")
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Errorf("%s differs after a replay:\n%s\n%s", path, x, y)
		}
	}
	if err := again.sim.Replay(gate.Entry{Call: "DELETE /payments", ID: "1"}); err == nil {
		t.Error("a call that changes nothing was replayed")
	}
}

func TestSetWorld(t *testing.T) {
	d := newDesk(t, Options{})
	p := d.newest(paid)
	set := func(kind, v string) error {
		return d.gate.Do(func() error { return d.sim.SetWorld(kind, json.RawMessage(v)) })
	}
	good := []struct{ kind, set string }{
		{"payments", fmt.Sprintf(`{"id":%d,"status":5,"error":"Нет связи","amount":77.7}`, p.ID)},
		{"payments", fmt.Sprintf(`{"contractor_id":%d,"amount":5,"status":8,"customer_payment_id":"set-1"}`, p.Contractor)},
		{"contractors", fmt.Sprintf(`{"id":%d,"phone":"+79990001122"}`, p.Contractor)},
		{"settings", `{"is_allow_withdraw":false}`},
	}
	for _, g := range good {
		if err := set(g.kind, g.set); err != nil {
			t.Errorf("%s %s: %v", g.kind, g.set, err)
		}
	}
	_, out := d.ask("GET", fmt.Sprintf("/payments/%d?include=abilities", p.ID), "")
	if got := fmt.Sprint(dig(out, "item", "status", "id"), dig(out, "item", "error"), dig(out, "item", "amount"), dig(out, "item", "abilities", "can_repeat"), dig(out, "item", "contractor", "phone")); got != "5Нет связи77.7true+79990001122" {
		t.Errorf("after the change: %s", got)
	}
	if code, _ := d.ask("GET", "/payments/customer-payment/set-1", ""); code != 200 {
		t.Errorf("the added payout: %d", code)
	}
	if code, _ := d.ask("POST", fmt.Sprintf("/payments/%d/repeat", p.ID), ""); code != 403 {
		t.Errorf("withdrawals are off: %d", code)
	}
	for _, bad := range []struct{ kind, set string }{
		{"payments", `{"id":1,"colour":"red"}`},
		{"payments", `{"id":1}`},
		{"payments", `{"amount":1}`},
		{"birds", `{}`},
		{"payments", `[]`},
		{"payments", fmt.Sprintf(`{"contractor_id":%d,"customer_payment_id":"set-1"}`, p.Contractor)},
		{"payments", fmt.Sprintf(`{"id":%d,"status":99}`, p.ID)},
		{"payments", fmt.Sprintf(`{"id":%d,"status":{"title":"Оплачен"}}`, p.ID)},
		{"payments", fmt.Sprintf(`{"id":%d,"status":{"id":1,"colour":"red"}}`, p.ID)},
		{"payments", fmt.Sprintf(`{"id":%d,"agent_id":1,"agent":{"id":2}}`, p.ID)},
		{"payments", fmt.Sprintf(`{"id":%d,"agent_id":9}`, p.ID)},
		{"payments", fmt.Sprintf(`{"id":%d,"is_final":true}`, p.ID)},
		{"contractors", fmt.Sprintf(`{"id":%d,"legal_form":{"id":7}}`, p.Contractor)},
		{"contractors", fmt.Sprintf(`{"id":%d,"balance":{"currency":"RUB"}}`, p.Contractor)},
		{"certificates", `{"id":60001,"payment":{"id":1}}`},
		{"certificates", `{"id":1}`},
		{"branches", `{"id":99}`},
		{"nomenclatures", `{"id":"x"}`},
		{"nomenclatures", `{"type":"x"}`},
		{"settings", `{"is_allow_withdraw":"no"}`},
	} {
		if err := set(bad.kind, bad.set); err == nil {
			t.Errorf("%s %s was taken", bad.kind, bad.set)
		}
	}
}

func TestHurriedStatusReadsAreCounted(t *testing.T) {
	d := newDesk(t, Options{})
	path := fmt.Sprintf("/payments/%d", d.newest(processing).ID)
	d.ask("GET", path, "")
	d.clock.Advance(time.Minute)
	d.ask("GET", path, "")
	if n := d.sim.Hurried(); n != 0 {
		t.Errorf("a minute apart: %d", n)
	}
	d.clock.Advance(59 * time.Second)
	d.ask("GET", path, "")
	if n := d.sim.Hurried(); n != 1 {
		t.Errorf("59 seconds apart: %d", n)
	}
}

func TestPathsThatNobodyServes(t *testing.T) {
	d := newDesk(t, Options{PublishedOnly: true})
	for path, want := range map[string]int{"/acceptance-certificates": 404, "/settings": 404, "/payments": 200, "/nonsense": 404} {
		if code, _ := d.ask("GET", path, ""); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
	if code, _ := d.ask("DELETE", "/payments", ""); code != 405 {
		t.Errorf("DELETE /payments: %d", code)
	}
}

func TestOldestFirstTurnsListsRound(t *testing.T) {
	a, b := newDesk(t, Options{}), newDesk(t, Options{OldestFirst: true})
	_, x := a.ask("GET", "/payments?per_page=1", "")
	_, y := b.ask("GET", fmt.Sprintf("/payments?per_page=1&page=%v", dig(x, "meta", "last_page")), "")
	if dig(x, "items", 0, "id") == nil || dig(x, "items", 0, "id") != dig(y, "items", 0, "id") {
		t.Errorf("%v %v", dig(x, "items", 0, "id"), dig(y, "items", 0, "id"))
	}
}

func TestNoiseKeepsTheMeaning(t *testing.T) {
	d := newDesk(t, Options{Noise: true})
	_, out := d.ask("GET", "/payments?include=abilities&per_page=50", "")
	finals := []any{}
	for i := range 50 {
		if v := dig(out, "items", i, "is_final"); !slices.Contains(finals, v) {
			finals = append(finals, v)
		}
	}
	for _, v := range finals {
		if s := fmt.Sprint(v); s != "0" && s != "1" {
			t.Errorf("is_final is %v", v)
		}
	}
	_, branches := d.ask("GET", "/branch-office", "")
	if dig(branches, "items", 0, "limit_daily") != false {
		t.Errorf("limit_daily: %v", dig(branches, "items", 0, "limit_daily"))
	}
}

func BenchmarkListPage(b *testing.B) {
	clock := world.NewClock(noon)
	sim := New(Options{World: world.New(world.Options{Seed: 3, Clock: clock}), Gate: gate.New(gate.Options{Clock: clock})})
	for b.Loop() {
		sim.ServeHTTP(httptest.NewRecorder(), request4("GET", "/payments?per_page=100&include=abilities,history,branch_office", "", "sandbox"))
	}
}
