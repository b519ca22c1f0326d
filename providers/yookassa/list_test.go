package yookassa_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	sim "bursar/providers/sandbox/yookassa"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

// all lists every page.
func (d *desk) all(q providers.Query) []providers.Record {
	d.Helper()
	var out []providers.Record
	for {
		p, err := d.List(d.Context(), q)
		if err != nil {
			d.Fatal(err)
		}
		out = append(out, p.Records...)
		if q.Cursor = p.Next; q.Cursor == "" {
			return out
		}
	}
}

// Each filter brings exactly the records of the whole list that fit it.
func TestYK16To27Filters(t *testing.T) {
	d := newDesk(t, 700, sim.Options{}, nil)
	payments, refunds := d.all(providers.Query{Kind: providers.Payment}), d.all(providers.Query{Kind: providers.Refund})
	receipts := d.all(providers.Query{Kind: providers.Receipt, Limit: 9})
	from, to := payments[len(payments)/2].Created, payments[len(payments)/4].Created
	moment := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	linked := func(rel, id string) func(providers.Record) bool {
		return func(r providers.Record) bool {
			for _, l := range r.Links {
				if l.Rel == rel && l.Ref.ID == id {
					return true
				}
			}
			return false
		}
	}
	refund := refunds[len(refunds)/2]
	owner := refund.Links[0].Ref
	tests := []struct {
		name  string
		query providers.Query
		whole []providers.Record
		fits  func(providers.Record) bool
	}{
		{"YK-16 created between", providers.Query{Kind: providers.Payment, CreatedFrom: from, CreatedTo: to}, payments, func(r providers.Record) bool { return !r.Created.Before(from) && !r.Created.After(to) }},
		{"YK-16 created after and before, exclusive", providers.Query{Kind: providers.Payment, Match: map[string]string{"created_at.gt": moment(from), "created_at.lt": moment(to)}}, payments, func(r providers.Record) bool { return r.Created.After(from) && r.Created.Before(to) }},
		{"YK-17 captured since", providers.Query{Kind: providers.Payment, Match: map[string]string{"captured_at.gte": moment(to)}}, payments, func(r providers.Record) bool { return r.Updated.After(r.Created) && !r.Updated.Before(to) }},
		{"YK-18 by wallet in the old spelling", providers.Query{Kind: providers.Payment, Match: map[string]string{"payment_method": "yandex_money"}}, payments, func(r providers.Record) bool { return r.Method == "yoo_money" }},
		{"YK-19 held", providers.Query{Kind: providers.Payment, Status: "waiting_for_capture", Limit: 5}, payments, func(r providers.Record) bool { return r.Status.Code == "waiting_for_capture" }},
		{"YK-19 succeeded, by card", providers.Query{Kind: providers.Payment, Status: "succeeded", Match: map[string]string{"payment_method": "bank_card"}}, payments, func(r providers.Record) bool { return r.Status.Code == "succeeded" && r.Method == "bank_card" }},
		{"YK-22 refunds created since", providers.Query{Kind: providers.Refund, CreatedFrom: refund.Created}, refunds, func(r providers.Record) bool { return !r.Created.Before(refund.Created) }},
		{"YK-23 refunds of a payment", providers.Query{Kind: providers.Refund, Of: owner}, refunds, linked("payment", owner.ID)},
		{"YK-24 failed refunds", providers.Query{Kind: providers.Refund, Status: "canceled"}, refunds, func(r providers.Record) bool { return r.Status.Code == "canceled" }},
		{"YK-26 registered receipts", providers.Query{Kind: providers.Receipt, Status: "succeeded"}, receipts, func(r providers.Record) bool { return r.Status.Code == "succeeded" }},
		{"YK-27 receipts of a payment", providers.Query{Kind: providers.Receipt, Of: owner}, receipts, linked("payment", owner.ID)},
		{"YK-27 receipts of a refund", providers.Query{Kind: providers.Receipt, Of: refund.Ref}, receipts, linked("refund", refund.Ref.ID)},
		{"by ids", providers.Query{Kind: providers.Payment, IDs: []string{payments[9].Ref.ID, "22e12f66-000f-5000-8000-18db351245c7", payments[3].Ref.ID}}, payments, func(r providers.Record) bool { return r.Ref == payments[3].Ref || r.Ref == payments[9].Ref }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want, got []string
			for _, r := range tt.whole {
				if tt.fits(r) {
					want = append(want, r.Ref.ID)
				}
			}
			for _, r := range d.all(tt.query) {
				got = append(got, r.Ref.ID)
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%d records, want %d", len(got), len(want))
			}
			if len(want) == 0 && !strings.Contains(tt.name, "receipts of") || len(want) == len(tt.whole) {
				t.Errorf("the filter was not tried: it fits %d of %d", len(want), len(tt.whole))
			}
		})
	}
}

func TestFiltersThatAreRefusedBeforeTheyAreSent(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	tests := []struct {
		query providers.Query
		says  string
	}{
		{providers.Query{Kind: providers.Payout}, "has no payouts"},
		{providers.Query{Kind: providers.Payment, Match: map[string]string{"amount": "1"}}, `cannot filter payments by "amount"`},
		{providers.Query{Kind: providers.Payment, Of: providers.Ref{Kind: providers.Refund, ID: "r"}}, "cannot list the payments of a refund"},
		{providers.Query{Kind: providers.Receipt, Match: map[string]string{"payment_id": "p", "refund_id": "r"}}, "not by both"},
		{providers.Query{Kind: providers.Payment, Match: map[string]string{"captured_at.gte": "yesterday"}}, "takes a moment"},
		{providers.Query{Kind: providers.Payment, Cursor: "abc"}, "start the list anew"},
		{providers.Query{Kind: providers.Payment, Status: "pending", Cursor: "cursor=abc&status=succeeded"}, "other filters"},
	}
	for _, tt := range tests {
		_, err := d.List(t.Context(), tt.query)
		if providers.FaultOf(err) != providers.FaultInput || !strings.Contains(fmt.Sprint(err), tt.says) {
			t.Errorf("%+v: %v", tt.query, err)
		}
	}
	if got := string(d.Gate.Requests()); got != "" {
		t.Errorf("requests were sent: %s", got)
	}
}

// The caller counts its bounds from the present; between two pages they move,
// and the cursor must still fit.
func TestCursorKeepsItsFilters(t *testing.T) {
	d := newDesk(t, 300, sim.Options{}, nil)
	q := providers.Query{Kind: providers.Payment, Limit: 20, CreatedFrom: noon.AddDate(0, 0, -15), CreatedTo: noon}
	var got []providers.Record
	for {
		p, err := d.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Records...)
		if q.Cursor = p.Next; q.Cursor == "" {
			break
		}
		q.CreatedTo = q.CreatedTo.Add(time.Minute)
		d.set("payment", `{"amount":{"value":"1.00","currency":"RUB"}}`) // a new one at the head
	}
	seen := map[string]bool{}
	for _, r := range got {
		if seen[r.Ref.ID] {
			t.Errorf("%s comes twice", r.Ref)
		}
		seen[r.Ref.ID] = true
	}
	fresh := newDesk(t, 300, sim.Options{}, nil)
	if want := len(fresh.all(providers.Query{Kind: providers.Payment, CreatedFrom: q.CreatedFrom, CreatedTo: noon})); len(got) != want {
		t.Errorf("%d records, want %d", len(got), want)
	}
}

// A payment, its refund and both receipts lead to one another.
func TestRelatedLeadsAround(t *testing.T) {
	d := newDesk(t, 2600, sim.Options{}, nil)
	checked := false
	for _, refund := range d.all(providers.Query{Kind: providers.Refund, Status: "succeeded"}) {
		payment := refund.Links[0].Ref
		around, err := d.Related(t.Context(), payment)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[providers.Kind]int{}
		for _, r := range around {
			kinds[r.Ref.Kind]++
		}
		if kinds[providers.Refund] != 1 {
			t.Fatalf("%s has %v", payment, kinds)
		}
		if kinds[providers.Receipt] != 2 || checked {
			continue
		}
		checked = true
		for _, r := range around {
			back, err := d.Related(t.Context(), r.Ref)
			if err != nil || !holds(back, payment) {
				t.Errorf("%s does not lead back to its payment: %v", r.Ref, err)
			}
		}
	}
	if !checked {
		t.Error("no refunded payment has two receipts")
	}
}

func holds(recs []providers.Record, ref providers.Ref) bool {
	for _, r := range recs {
		if r.Ref == ref {
			return true
		}
	}
	return false
}

func TestLogins(t *testing.T) {
	tests := []struct {
		name   string
		change func(*transport.Account)
		want   providers.Fault
	}{
		{"shop and key", func(*transport.Account) {}, providers.FaultOther},
		{"an OAuth token", func(a *transport.Account) { a.Username = "" }, providers.FaultOther},
		{"another shop", func(a *transport.Account) { a.Username = "1" }, providers.FaultAuth},
		{"the payout gateway", func(a *transport.Account) { a.Username = "500500" }, providers.FaultForbidden},
		{"an unknown token", func(a *transport.Account) { a.Username, a.Secret = "", "wrong-token" }, providers.FaultAuth},
	}
	for _, tt := range tests {
		d := newDesk(t, 13, sim.Options{}, tt.change)
		_, err := d.List(t.Context(), providers.Query{Kind: providers.Payment, Limit: 1})
		if (err == nil) != (tt.want == providers.FaultOther) || providers.FaultOf(err) != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	tests := []struct {
		name   string
		change func(*transport.Account)
		says   string
	}{
		{"no secret", func(a *transport.Account) { a.Secret = "" }, "secret is empty"},
		{"an unknown option", func(a *transport.Account) { a.Options = map[string]string{"colour": "red"} }, `no option "colour"`},
		{"a path", func(a *transport.Account) { a.Paths = map[string]string{"payments": "/x"} }, "no path"},
		{"a bad link", func(a *transport.Account) { a.Links = map[string]string{"order": "hosting"} }, "ACCOUNT/KIND"},
		{"a bad address", func(a *transport.Account) { a.URL = "ftp://x" }, "https://"},
	}
	for _, tt := range tests {
		a := login
		a.URL = "https://api.yookassa.ru/v3"
		tt.change(&a)
		if _, err := yookassa.New(a); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// A server that does not know a filter's name ignores it: what it sends too
// much is left out.
func TestServerThatIgnoresFilters(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"type":"list","items":[
			{"id":"r1","payment_id":"p","status":"succeeded","created_at":"2026-11-20T10:00:00.000Z"},
			{"id":"r2","payment_id":"q","status":"succeeded","created_at":"2026-11-20T10:00:00.000Z"},
			{"id":"r3","payment_id":"p","status":"canceled","created_at":"2026-11-20T10:00:00.000Z"},
			{"id":"r4","payment_id":"p","status":"succeeded","created_at":"2026-11-18T10:00:00.000Z"}]}`))
	}))
	defer srv.Close()
	a := login
	a.URL = srv.URL
	c, err := yookassa.New(a)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p, err := c.List(t.Context(), providers.Query{
		Kind: providers.Refund, Status: "succeeded", Of: providers.Ref{Account: "shop", Kind: providers.Payment, ID: "p"}, CreatedFrom: noon.AddDate(0, 0, -3),
	})
	if err != nil || len(p.Records) != 1 || p.Records[0].Ref.ID != "r1" || p.Next != "" {
		t.Errorf("%v, %+v", err, p)
	}
}
