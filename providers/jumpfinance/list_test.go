package jumpfinance_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/jumpfinance"
	"bursar/providers/sandbox/world"
)

func ids(recs []providers.Record) []string {
	var out []string
	for _, r := range recs {
		out = append(out, r.Ref.ID)
	}
	return out
}

// TestJF2ListsAndFilters checks each filter of the first form of the list
// against the whole list.
func TestJF2ListsAndFilters(t *testing.T) {
	r := newRig(t, setup{})
	whole := r.all(providers.Query{Kind: providers.Payout, Limit: 200})
	if len(whole) < 200 {
		t.Fatalf("%d payouts", len(whole))
	}
	some := whole[3]
	from, to := r.clock.Now().AddDate(0, 0, -6), r.clock.Now().AddDate(0, 0, -2)
	tests := []struct {
		name string
		q    providers.Query
		fits func(providers.Record) bool
	}{
		{"JF-51 status", providers.Query{Status: "5"}, func(p providers.Record) bool { return p.Status.Code == "5" }},
		{"JF-51 status 7, which the service cannot filter", providers.Query{Status: "7"}, func(p providers.Record) bool { return p.Status.Code == "7" }},
		{"JF-52 ids", providers.Query{Match: map[string]string{"ids": some.Ref.ID + "," + whole[9].Ref.ID}}, func(p providers.Record) bool { return p.Ref.ID == some.Ref.ID || p.Ref.ID == whole[9].Ref.ID }},
		{"JF-53 contractor", providers.Query{Match: map[string]string{"contractor_ids": some.Party.ID}}, func(p providers.Record) bool { return p.Party.ID == some.Party.ID }},
		{"of a contractor", providers.Query{Of: providers.Ref{Account: "field", Kind: providers.Contractor, ID: some.Party.ID}}, func(p providers.Record) bool { return p.Party.ID == some.Party.ID }},
		{"JF-55 branch", providers.Query{Match: map[string]string{"branch_office_ids": "1"}}, func(p providers.Record) bool { return links(p, providers.Branch) == "1" }},
		{"JF-57 created", providers.Query{CreatedFrom: from, CreatedTo: to}, func(p providers.Record) bool { return !p.Created.Before(from) && !p.Created.After(to) }},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			tc.q.Kind = providers.Payout
			var want []string
			for _, p := range whole {
				if tc.fits(p) {
					want = append(want, p.Ref.ID)
				}
			}
			if got := ids(r.all(tc.q)); len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("got %d, want %d: %v %v", len(got), len(want), got, want)
			}
		})
	}
	with := r.all(providers.Query{Kind: providers.Payout, Match: map[string]string{"has_acceptance_certificate": "true"}})
	certs := r.all(providers.Query{Kind: providers.Certificate})
	if len(with) == 0 || len(with) != len(certs) { // JF-56
		t.Errorf("%d payouts with a certificate, %d certificates", len(with), len(certs))
	}
}

func links(r providers.Record, kind providers.Kind) string {
	for _, l := range r.Links {
		if l.Ref.Kind == kind {
			return l.Ref.ID
		}
	}
	return ""
}

func TestJF58PageSizesAreOnesTheServiceTakes(t *testing.T) {
	r := newRig(t, setup{})
	var sizes []string
	r.seen = func(req *http.Request) { sizes = append(sizes, req.URL.Query().Get("per_page")) }
	for _, limit := range []int{0, 1, 7, 26, 101, 200, 5000} {
		if _, err := r.List(t.Context(), providers.Query{Kind: providers.Payout, Limit: limit}); err != nil {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	if want := []string{"100", "1", "10", "30", "150", "200", "200"}; !slices.Equal(sizes, want) {
		t.Errorf("per_page %v, want %v", sizes, want)
	}
}

func TestCursorKeepsItsPageSize(t *testing.T) {
	r := newRig(t, setup{})
	first, _ := r.List(t.Context(), providers.Query{Kind: providers.Payout, Limit: 10})
	second, err := r.List(t.Context(), providers.Query{Kind: providers.Payout, Limit: 50, Cursor: first.Next})
	if err != nil || len(second.Records) != 10 {
		t.Errorf("%d rows, %v", len(second.Records), err)
	}
	for _, bad := range []string{"x", "f.7.1", "f.10.0", "f.10", "b.10.-1", "f.10.1.2"} {
		if _, err := r.List(t.Context(), providers.Query{Kind: providers.Payout, Cursor: bad}); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

// TestListOfAnAccountThatAnswersOldestFirst walks from the last page back.
func TestListOfAnAccountThatAnswersOldestFirst(t *testing.T) {
	plain, turned := newRig(t, setup{}), newRig(t, setup{sim: simulator.Options{OldestFirst: true}})
	for _, kind := range []providers.Kind{providers.Payout, providers.Contractor, providers.Certificate} {
		a, b := ids(plain.all(providers.Query{Kind: kind})), ids(turned.all(providers.Query{Kind: kind, Limit: 20}))
		if !slices.Equal(a, b) {
			t.Errorf("%s: %d rows newest first, %d walked backwards, or in another order", kind, len(a), len(b))
		}
	}
}

func TestNamedRecordsComeInFewCalls(t *testing.T) {
	r := newRig(t, setup{})
	want := ids(r.all(providers.Query{Kind: providers.Payout}))[:120]
	before := r.count(listCall)
	got := ids(r.all(providers.Query{Kind: providers.Payout, IDs: append(slices.Clone(want), "999999999", "abc")}))
	if !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("got %d of %d", len(got), len(want))
	}
	if n := r.count(listCall) - before; n != 3 {
		t.Errorf("%d list calls for 121 ids, want 3", n)
	}
	contractors := ids(r.all(providers.Query{Kind: providers.Contractor, IDs: []string{contractorID(2), contractorID(5), "77777777"}}))
	if !slices.Equal(sorted(contractors), []string{contractorID(2), contractorID(5)}) {
		t.Errorf("contractors by id: %v", contractors)
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// TestFilterThatIsIgnored is the dangerous case: the service drops a filter
// without a word and answers everything.
func TestFilterThatIsIgnored(t *testing.T) {
	r := newRig(t, setup{})
	one := r.payoutWith(repeatableOne)
	r.seen = func(req *http.Request) {
		q := req.URL.Query()
		for _, name := range []string{"status", "ids", "contractor_ids", "agent_ids", "branch_office_ids"} {
			q.Del(name)
		}
		req.URL.RawQuery = q.Encode()
	}
	queries := map[string]providers.Query{
		"status":     {Status: "5"},
		"contractor": {Match: map[string]string{"contractor_ids": one.Party.ID}},
		"agent":      {Match: map[string]string{"agent_ids": "2"}},
		"branch":     {Match: map[string]string{"branch_office_ids": "2"}},
		"ids":        {Match: map[string]string{"ids": one.Ref.ID}},
	}
	whole := len(r.all(providers.Query{Kind: providers.Payout}))
	for name, q := range queries {
		q.Kind = providers.Payout
		got := r.all(q)
		if len(got) == 0 || len(got) == whole {
			t.Errorf("%s: %d of %d rows came through", name, len(got), whole)
		}
		for _, p := range got {
			if q.Status != "" && p.Status.Code != q.Status || name == "contractor" && p.Party.ID != one.Party.ID || name == "branch" && links(p, providers.Branch) != "2" {
				t.Fatalf("%s: %s came through", name, p.Ref)
			}
		}
	}
}

// TestFilterThatIsIgnoredAndFirstFitsOnALaterPage: no row of the first page is
// left over, whichever way the service sorts.
func TestFilterThatIsIgnoredAndFirstFitsOnALaterPage(t *testing.T) {
	for name, o := range map[string]simulator.Options{"newest first": {}, "oldest first": {OldestFirst: true}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, setup{sim: o})
			whole := r.all(providers.Query{Kind: providers.Payout})
			want := whole[len(whole)/2].Ref.ID
			r.seen = func(req *http.Request) {
				q := req.URL.Query()
				q.Del("ids")
				req.URL.RawQuery = q.Encode()
			}
			got := ids(r.all(providers.Query{Kind: providers.Payout, Match: map[string]string{"ids": want}, Limit: 20}))
			if !slices.Equal(got, []string{want}) {
				t.Errorf("got %v, want %s", got, want)
			}
		})
	}
}

func TestFiltersThatTheServiceWouldRefuseOrIgnore(t *testing.T) {
	r := newRig(t, setup{})
	before := len(r.calls())
	for name, q := range map[string]providers.Query{
		"a misspelt filter":          {Kind: providers.Payout, Match: map[string]string{"contractor_id": "1"}},
		"an unknown status":          {Kind: providers.Payout, Status: "99"},
		"ids that are none":          {Kind: providers.Payout, Match: map[string]string{"ids": "1,,2"}},
		"a flag that is none":        {Kind: providers.Payout, Match: map[string]string{"has_acceptance_certificate": "maybe"}},
		"payouts of a certificate":   {Kind: providers.Payout, Of: providers.Ref{Account: "field", Kind: providers.Certificate, ID: "1"}},
		"contractors of a payout":    {Kind: providers.Contractor, Of: providers.Ref{Account: "field", Kind: providers.Payout, ID: "1"}},
		"a kind it does not have":    {Kind: providers.Refund},
		"branches by a strange flag": {Kind: providers.Branch, Match: map[string]string{"is_active": "true"}},
	} {
		if _, err := r.List(t.Context(), q); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(r.calls()) - before; n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestJF65ReceiptsAreProjectedFromPayouts checks the receipts' list, filters
// and links.
func TestJF65ReceiptsAreProjectedFromPayouts(t *testing.T) {
	r := newRig(t, setup{})
	receipts := r.all(providers.Query{Kind: providers.Receipt})
	var want []string
	for _, p := range r.all(providers.Query{Kind: providers.Payout}) {
		if links(p, providers.Receipt) != "" {
			want = append(want, p.Ref.ID)
		}
	}
	if len(want) < 40 || !slices.Equal(sorted(ids(receipts)), sorted(want)) {
		t.Fatalf("%d receipts of %d payouts", len(receipts), len(want))
	}
	cancelled := r.all(providers.Query{Kind: providers.Receipt, Status: "cancelled"})
	if len(cancelled) == 0 || len(cancelled) == len(receipts) || cancelled[0].Status.Phase != providers.PhaseCancelled {
		t.Errorf("%d cancelled", len(cancelled))
	}
	one := receipts[0]
	got, err := r.Get(t.Context(), one.Ref)
	if err != nil || got.Number != one.Number || links(got, providers.Payout) != one.Ref.ID {
		t.Errorf("get: %+v, %v", got, err)
	}
	from := r.clock.Now().AddDate(0, 0, -10)
	for _, rec := range r.all(providers.Query{Kind: providers.Receipt, CreatedFrom: from}) {
		if rec.Created.Before(from) {
			t.Errorf("%s of %v came for %v", rec.Ref, rec.Created, from)
		}
	}
	without := r.payoutWith(func(p providers.Record) bool { return links(p, providers.Receipt) == "" })
	if _, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Receipt, ID: without.Ref.ID}); providers.FaultOf(err) != providers.FaultNotFound {
		t.Errorf("the receipt of a payout without one: %v", err)
	}
}

func TestRelated(t *testing.T) {
	r := newRig(t, setup{})
	certs := r.all(providers.Query{Kind: providers.Certificate})
	cert := certs[len(certs)/2]
	payout := providers.Ref{Account: "field", Kind: providers.Payout, ID: links(cert, providers.Payout)}
	got, err := r.Related(t.Context(), cert.Ref)
	if err != nil || len(got) != 1 || got[0].Ref != payout || !got[0].Amount.Equal(cert.Amount) {
		t.Errorf("of a certificate: %v %v", got, err)
	}
	back, err := r.Related(t.Context(), payout)
	if err != nil || !slices.Contains(ids(back), cert.Ref.ID) {
		t.Errorf("of its payout: %v %v", ids(back), err)
	}
	of, err := r.Related(t.Context(), providers.Ref{Account: "field", Kind: providers.Contractor, ID: cert.Party.ID})
	if err != nil || len(of) == 0 || of[0].Party.ID != cert.Party.ID || of[0].Ref.Kind != providers.Payout {
		t.Errorf("of a contractor: %v %v", ids(of), err)
	}
	receipts := r.all(providers.Query{Kind: providers.Receipt})
	if got, err := r.Related(t.Context(), receipts[0].Ref); err != nil || len(got) != 1 || got[0].Ref.Kind != providers.Payout {
		t.Errorf("of a receipt: %v %v", ids(got), err)
	}
}

// TestJF35CardNumbersAreMaskedBeforeTheyLeaveTheClient reads requisites, which
// the service answers with whole card numbers, and passports.
func TestJF35CardNumbersAreMaskedBeforeTheyLeaveTheClient(t *testing.T) {
	for _, noise := range []bool{false, true} {
		r := newRig(t, setup{sim: simulator.Options{Noise: noise}})
		for row := range 12 {
			rec, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Contractor, ID: contractorID(row)})
			if err != nil {
				t.Fatal(err)
			}
			text := everything(rec)
			if providers.HasCard(text) || strings.Contains(text, "registration_address\":\"г.") || strings.Contains(text, "full_number\":\"45") || strings.Contains(text, "ОВД") {
				t.Errorf("noise %v: %s", noise, text)
			}
			if !strings.Contains(text, r.world.Person(world.Contractors, row).CardLast4) || !strings.Contains(text, "frozen") {
				t.Errorf("requisites or balances are missing: %s", text)
			}
		}
	}
}

func TestContractorWithoutExtrasStillOpens(t *testing.T) {
	r := newRig(t, setup{})
	r.mangle = func(w http.ResponseWriter, req *http.Request) bool {
		if strings.HasSuffix(req.URL.Path, "/requisites") {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	}
	rec, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Contractor, ID: contractorID(1)})
	if err != nil || !strings.Contains(everything(rec), "Not read") {
		t.Errorf("%v %v", err, everything(rec))
	}
}

func TestJF9BranchesShowTheirLimits(t *testing.T) {
	r := newRig(t, setup{})
	branches := r.all(providers.Query{Kind: providers.Branch})
	if len(branches) != 4 {
		t.Fatalf("%d branches", len(branches))
	}
	rec, err := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Branch, ID: "2"})
	if err != nil || !strings.Contains(everything(rec), "left") || rec.Status.Code != "active" {
		t.Errorf("%v %s", err, everything(rec))
	}
	closed, _ := r.Get(t.Context(), providers.Ref{Account: "field", Kind: providers.Branch, ID: "4"})
	if closed.Status.Phase != providers.PhaseCancelled {
		t.Errorf("a branch switched off is %v", closed.Status)
	}
	if only := r.all(providers.Query{Kind: providers.Branch, Match: map[string]string{"is_active": "0"}}); len(only) != 1 {
		t.Errorf("%d branches switched off", len(only))
	}
}

func TestDatesAreSentWithTheirOffset(t *testing.T) {
	r := newRig(t, setup{})
	var raw string
	r.seen = func(req *http.Request) { raw = req.URL.RawQuery }
	at := time.Date(2026, 11, 18, 10, 0, 0, 500, time.UTC)
	if _, err := r.List(t.Context(), providers.Query{Kind: providers.Payout, CreatedFrom: at, CreatedTo: at}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"created_at_from=2026-11-18T13%3A00%3A00%2B03%3A00", "created_at_to=2026-11-18T13%3A00%3A01%2B03%3A00"} {
		if !strings.Contains(raw, want) {
			t.Errorf("%s is not in %s", want, raw)
		}
	}
}
