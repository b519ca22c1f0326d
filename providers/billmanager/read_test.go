package billmanager

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/billmanager"
	"bursar/providers/transport"
)

func ids(list []providers.Record) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.Ref.ID)
	}
	return out
}

func TestBM1ListIsWholeAndPartsPaymentsFromRefunds(t *testing.T) {
	p := newPanel(t, setup{})
	payments, refunds := p.all(providers.Query{Kind: providers.Payment, Limit: 50}), p.all(providers.Query{Kind: providers.Refund, Limit: 3})
	if len(payments) < 200 || len(refunds) < 3 {
		t.Fatalf("%d payments, %d refunds", len(payments), len(refunds))
	}
	first, err := p.List(t.Context(), providers.Query{Kind: providers.Payment, Limit: 5})
	if err != nil || first.Total != len(payments) {
		t.Errorf("total %d of %d, %v", first.Total, len(payments), err)
	}
	linked := map[string]bool{}
	for _, r := range payments {
		if strings.HasPrefix(r.Number, "return") || r.Amount.IsNegative() {
			t.Errorf("%s is a refund among payments", r.Ref)
		}
		for _, l := range r.Links {
			linked[l.Ref.ID] = true
		}
		if want := r.Status.Code == statusCredited; r.Remaining.IsNone() == want {
			t.Errorf("%s, %s: %v remain", r.Ref, r.Status.Label, r.Remaining)
		}
		if len(r.Links) > 0 && r.Status.Code == statusCredited && !r.Remaining.LessThan(r.Amount.Decimal) {
			t.Errorf("%s: %v remain of %v in spite of a refund", r.Ref, r.Remaining, r.Amount)
		}
	}
	for _, r := range refunds {
		if !strings.HasPrefix(r.Number, "return") || !r.Amount.IsNegative() || !linked[r.Ref.ID] {
			t.Errorf("%s %s of %v: linked %v", r.Ref, r.Number, r.Amount, linked[r.Ref.ID])
		}
	}
}

func TestBM1ListFiltersInTheSameCall(t *testing.T) {
	p := newPanel(t, setup{})
	p.set(map[string]string{"id": "90001", "number": "Z-1", "status": "7", "subaccountamount_iso": "77.70 EUR", "create_date": "2026-11-10", "sender_name": "Zorro"})
	day := time.Date(2026, 11, 21, 15, 0, 0, 0, noon.Location())
	tests := []struct {
		name string
		q    providers.Query
		keep func(providers.Record) bool
	}{
		{"status", providers.Query{Status: "1"}, func(r providers.Record) bool { return r.Status.Code == "1" }},
		{"one day", providers.Query{CreatedFrom: day, CreatedTo: day}, func(r providers.Record) bool { return r.Created.Format(time.DateOnly) == "2026-11-21" }},
		{"since", providers.Query{CreatedFrom: day}, func(r providers.Record) bool { return r.Created.Format(time.DateOnly) >= "2026-11-21" }},
		{"status and until", providers.Query{Status: "4", CreatedTo: day.AddDate(0, 0, -9)}, func(r providers.Record) bool {
			return r.Status.Code == "4" && r.Created.Format(time.DateOnly) <= "2026-11-12"
		}},
		{"number", providers.Query{Match: map[string]string{"number": "z-*"}}, func(r providers.Record) bool { return r.Number == "Z-1" }},
		{"payer", providers.Query{Match: map[string]string{"sender": "zor~nobody"}}, func(r providers.Record) bool { return r.Party.Name == "Zorro" }},
		{"method", providers.Query{Match: map[string]string{"paymethod": "3,7"}}, func(r providers.Record) bool { return r.Method == "YooKassa" || r.Method == "PayPal" }},
		{"amount", providers.Query{Match: map[string]string{"saamount_from": "77.70", "saamount_to": "77.70"}}, func(r providers.Record) bool { return r.Amount.Text() == "77.70" }},
		{"refund lock", providers.Query{Match: map[string]string{"restrictrefund": "on"}}, func(r providers.Record) bool { return r.HasFlag(flagRefundLocked) }},
		{"ids", providers.Query{IDs: []string{"1001", "90001", "424242"}}, func(r providers.Record) bool { return r.Ref.ID == "1001" || r.Ref.ID == "90001" }},
	}
	all := p.all(providers.Query{Kind: providers.Payment})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, r := range all {
				if tt.keep(r) {
					want = append(want, r.Ref.ID)
				}
			}
			tt.q.Kind, tt.q.Limit = providers.Payment, 20
			got := ids(p.all(tt.q))
			slices.Sort(want)
			slices.Sort(got)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%d records %v, want %d %v", len(got), got, len(want), want)
			}
		})
	}
	for name, q := range map[string]providers.Query{
		"a filter that the panel does not have": {Kind: providers.Payment, Match: map[string]string{"colour": "red"}},
		"the scheduled report":                  {Kind: providers.Payment, Match: map[string]string{"sendreport": "on"}},
		"the switch itself":                     {Kind: providers.Payment, Match: map[string]string{"filter": "off"}},
		"a value that the panel refuses":        {Kind: providers.Payment, Match: map[string]string{"status": "55"}},
		"a foreign cursor":                      {Kind: providers.Payment, Cursor: "1.2"},
		"a cursor with more behind":             {Kind: providers.Payment, Cursor: "1.2.3x"},
	} {
		if _, err := p.List(t.Context(), q); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Somebody else, in the browser, has saved a filter for the same login.
func TestBM42SavedFilterHidesNothing(t *testing.T) {
	p := newPanel(t, setup{})
	before := len(p.all(providers.Query{Kind: providers.Payment}))
	if _, err := p.call(t.Context(), "payment.filter", url.Values{"status": {"9"}, "number": {"A-1*"}, "createdate": {"lastday"}, "sok": {"ok"}}, true); err != nil {
		t.Fatal(err)
	}
	doc, err := p.call(t.Context(), fnList, nil, false)
	if err != nil || doc.text("p_elems") == fmt.Sprint(before) {
		t.Fatalf("the saved filter does nothing: %s, %v", doc.text("p_elems"), err)
	}
	if after := len(p.all(providers.Query{Kind: providers.Payment})); after != before {
		t.Errorf("%d records instead of %d", after, before)
	}
}

// Records that are deleted while a list is read move others up over the edge
// of a page.
func TestListMissesNothingWhenRowsVanish(t *testing.T) {
	p := newPanel(t, setup{})
	all := p.all(providers.Query{Kind: providers.Payment})
	q := providers.Query{Kind: providers.Payment, Limit: 20}
	seen, gone := map[string]bool{}, map[string]bool{}
	for {
		page, err := p.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			seen[r.Ref.ID] = true
		}
		for _, r := range page.Records {
			if canDelete(r).Answer == providers.CanDo && len(gone) < 30 && len(gone)%7 != 6 {
				if _, err := p.Act(t.Context(), p.intent(actDelete, r, nil)); err != nil {
					t.Fatal(err)
				}
			}
			gone[r.Ref.ID] = gone[r.Ref.ID] || canDelete(r).Answer == providers.CanDo
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, r := range all {
		if !seen[r.Ref.ID] {
			t.Errorf("%s was missed", r.Ref)
		}
	}
}

func TestRefundsThatThePanelDoesNotTell(t *testing.T) {
	p := newPanel(t, setup{panel: simulator.Options{IgnoreNumberFilter: true}})
	rec := p.paid("90001")
	if !rec.Remaining.IsNone() {
		t.Errorf("%v are said to remain", rec.Remaining)
	}
	if v := canRefund(rec, nil); v.Answer != providers.MustAsk {
		t.Errorf("whole refund: %+v", v)
	}
	if v := canRefund(rec, providers.Values{amountField: "1000.01"}); v.Answer != providers.CannotDo {
		t.Errorf("more than the payment: %+v", v)
	}
}

func TestBM12GetShowsTheHistory(t *testing.T) {
	p := newPanel(t, setup{})
	rec := p.paid("90001")
	p.clock.Advance(time.Minute)
	if _, err := p.Act(t.Context(), p.intent(actRefund, rec, providers.Values{amountField: "250.00"})); err != nil {
		t.Fatal(err)
	}
	rec = p.get(providers.Payment, "90001")
	var history providers.Group
	for _, g := range rec.Details {
		if g.Title == "History" {
			history = g
		}
	}
	if n := len(history.Rows); n != 2 {
		t.Fatalf("%d lines of history", n)
	}
	last := history.Rows[1]
	if !last.Time.Equal(noon.Add(time.Minute)) || last.Label != "operator" || !strings.Contains(last.Value, "Partial refund of 250.00 RUB") {
		t.Errorf("the last line is %+v", last)
	}
	if rec.Remaining.Text() != "750.00" {
		t.Errorf("%v remain", rec.Remaining)
	}
	related, err := p.Related(t.Context(), rec.Ref)
	if err != nil || len(related) != 1 || related[0].Amount.Text() != "-250.00" || related[0].Number != "return/B-90001" {
		t.Fatalf("related: %+v, %v", related, err)
	}
	back, err := p.Related(t.Context(), related[0].Ref)
	if err != nil || len(back) != 1 || back[0].Ref != rec.Ref || back[0].Remaining.Text() != "750.00" {
		t.Errorf("the refund's payment: %+v, %v", back, err)
	}
	of, err := p.List(t.Context(), providers.Query{Kind: providers.Refund, Of: rec.Ref})
	if err != nil || len(of.Records) != 1 || of.Records[0].Ref != related[0].Ref {
		t.Errorf("refunds of the payment: %+v, %v", of, err)
	}
	refund := p.get(providers.Refund, related[0].Ref.ID)
	if len(refund.Links) != 1 || refund.Links[0].Ref != rec.Ref {
		t.Errorf("the refund's links: %+v", refund.Links)
	}
}

func TestAGlanceCostsOneRequest(t *testing.T) {
	p := newPanel(t, setup{})
	var rec providers.Record
	for _, r := range p.all(providers.Query{Kind: providers.Payment}) {
		if r.Status.Code == statusNew {
			rec = r
			break
		}
	}
	lists, histories := p.requests(fnList), p.requests(fnHistory)
	got, err := p.Glance(t.Context(), rec.Ref)
	if err != nil || !providers.SnapshotOf(got).Same(providers.SnapshotOf(rec)) {
		t.Errorf("%+v, %v", got, err)
	}
	if n := p.requests(fnList) - lists; n != 1 || p.requests(fnHistory) != histories {
		t.Errorf("%d list calls, %d history calls more", n, p.requests(fnHistory)-histories)
	}
}

func TestGetOfAPanelThatAnswersWithOthers(t *testing.T) {
	tests := []struct {
		name, list string
		fault      providers.Fault
	}{
		{"another row", `{"doc":{"elem":{"id":{"$":"9"}},"p_elems":{"$":"1"}}}`, providers.FaultProtocol},
		{"no list at all", `{"doc":{}}`, providers.FaultProtocol},
		{"rows that are not sent", `{"doc":{"p_elems":{"$":"3"}}}`, providers.FaultProtocol},
		{"an empty list", `{"doc":{"p_elems":{"$":"0"}}}`, providers.FaultNotFound},
	}
	for _, tt := range tests {
		c := newClient(t, answers(map[string]string{fnList: tt.list}), nil)
		if _, err := c.Get(t.Context(), c.ref(providers.Payment, "17")); providers.FaultOf(err) != tt.fault {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestPaymentWithoutAReadableHistory(t *testing.T) {
	c := newClient(t, answers(map[string]string{
		fnList:    `{"doc":{"elem":{"id":{"$":"17"},"status":{"$orig":"1"}},"p_elems":{"$":"1"}}}`,
		fnHistory: `{"doc":{"error":{"$type":"access","$object":"payment.history","msg":{"$":"no"}}}}`,
	}), nil)
	rec, err := c.Get(t.Context(), c.ref(providers.Payment, "17"))
	if err != nil || len(rec.Details) == 0 {
		t.Errorf("%+v, %v", rec, err)
	}
}

func TestEverythingTravelsInTheBody(t *testing.T) {
	var seen []url.Values
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.URL.Path != "/billmgr" || r.Header.Get("Referer") != "" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		seen = append(seen, r.PostForm)
		answers(nil).ServeHTTP(w, r)
	}), nil)
	if _, err := c.List(t.Context(), providers.Query{Kind: providers.Payment, Status: "1"}); err != nil {
		t.Fatal(err)
	}
	last := seen[len(seen)-1]
	for name, want := range map[string]string{"func": "payment", "out": "json", "lang": "en", "auth": "abc", "filter": "on", "status": "1", "p_num": "1", "p_cnt": "200", "createdate": "nodate", "restrictrefund": "null"} {
		if last.Get(name) != want || len(last[name]) != 1 {
			t.Errorf("%s is %q", name, last[name])
		}
	}
	whole := strings.Fields(`id account account_id number sender sender_id recipient createdate createdatestart createdateend payfromdate paytodate
		profiletype maildocs project paymethod module status docflow_pdf_status saamount_from saamount_to pmamount_from pmamount_to restrictrefund`)
	for _, name := range append(whole, "sendreport") {
		if last.Has(name) == (name == "sendreport") {
			t.Errorf("%s: %v", name, last[name])
		}
	}
}

func TestZoneOfThePanel(t *testing.T) {
	c := newClient(t, answers(nil), func(a *transport.Account) { a.Options = map[string]string{"timezone": "Asia/Yekaterinburg"} })
	if got := c.date("2026-11-03 10:00:00").UTC().Format(time.DateTime); got != "2026-11-03 05:00:00" {
		t.Errorf("read as %s", got)
	}
}

func BenchmarkPage(b *testing.B) {
	body := `{"doc":{"elem":[` + strings.TrimSuffix(strings.Repeat(sampleRow+",", 200), ",") + `]}}`
	c, err := New(transport.Account{Name: "hosting", System: "billmanager", URL: "https://billing.example.com"})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		doc, _ := parseDocument([]byte(body))
		for _, r := range doc.rows() {
			_ = c.toRecord(r, nil, true)
		}
	}
}
