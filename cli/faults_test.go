package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox"
	"bursar/providers/sandbox/gate"
)

// records is how many records each batch of the fault test acts on.
const records = 120

// deed is one action of the fault test.
type deed struct {
	name    string
	account string
	action  string
	filter  string   // where the records come from; creations have rows instead
	set     []string // form fields of every record
	rows    func(n int) (csv string, ids []string)
	call    string // in the ledger
	// stays: a request of unknown outcome is never sent again unasked.
	stays bool
}

func deeds() []deed {
	return []deed{
		{name: "BM-4 credit", account: "hosting", action: "payment.credit", filter: "status:new", call: "payment.setpaid"},
		{name: "BM-3 delete", account: "hosting", action: "payment.delete", filter: "status:new,cancelled", call: "payment.delete"},
		{name: "BM-5 whole refund", account: "hosting", action: "payment.refund", filter: "status:credited", call: "payment.refund"},
		{name: "BM-5 partial refund", account: "hosting", action: "payment.refund", filter: "status:credited amount>10", set: []string{"amount=7.50"}, call: "payment.refund", stays: true},
		{name: "YK-4 capture", account: "shop", action: "payment.capture", filter: "phase:held", call: "POST /payments/{payment_id}/capture"},
		{name: "YK-4 partial capture", account: "shop", action: "payment.capture", filter: "phase:held method:bank_card,yoo_money amount>10", set: []string{"amount=7.50"}, call: "POST /payments/{payment_id}/capture"},
		{name: "YK-5 cancel", account: "shop", action: "payment.cancel", filter: "phase:held", call: "POST /payments/{payment_id}/cancel"},
		{name: "YK-6 whole refund", account: "shop", action: "payment.refund", filter: "phase:done", call: "POST /refunds"},
		{name: "YK-6 partial refund", account: "shop", action: "payment.refund", filter: "phase:done amount>20", set: []string{"amount=7.50"}, call: "POST /refunds"},
		{name: "JF-1 create payout", account: "field", action: "payout.create", rows: payoutRows, call: "POST /payments"},
		{name: "JF-3 repeat payout", account: "field", action: "payout.repeat", filter: "phase:failed", call: "POST /payments/{payment_id}/repeat", stays: true},
		{name: "AP-1 create payment", account: "cloud", action: "payment.create", rows: paymentRows, call: "POST /payments.json", stays: true},
	}
}

func payoutRows(n int) (string, []string) {
	var b strings.Builder
	var ids []string
	b.WriteString("contractor_id,amount,payment_purpose,customer_payment_id\n")
	for i := range n {
		id := fmt.Sprintf("registry-7-%03d", i)
		ids = append(ids, id)
		fmt.Fprintf(&b, "%d,%d.50,Оплата по договору %d,%s\n", 10_001+i, 100+i, i, id)
	}
	return b.String(), ids
}

func paymentRows(n int) (string, []string) {
	var b strings.Builder
	var ids []string
	b.WriteString("account_id;total;comment\r\n")
	for i := range n {
		id := fmt.Sprint(5001 + i)
		ids = append(ids, id)
		fmt.Fprintf(&b, "%s;%d.25;Top-up %d\r\n", id, 100+i, i)
	}
	return b.String(), ids
}

// mishaps are the faults that the six records meet: whether the change was
// made at once, and whether its outcome stayed unknown to the sender.
var mishaps = []struct {
	kind    gate.FaultKind
	applies bool
	unclear bool
}{
	{gate.ApplyHang, true, true},
	{gate.Hang, false, true},
	{gate.Fail, false, true},
	{gate.ApplyFail, true, true},
	{gate.Cut, true, true},
	{gate.Limit, false, false},
}

// TestEveryFaultLeavesEveryRecordDoneOnce runs each action on 120 records, six
// of which meet a fault, and holds the ledger against the journal.
func TestEveryFaultLeavesEveryRecordDoneOnce(t *testing.T) {
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			d.run(t)
		})
	}
}

func (d deed) run(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "300ms")
	plan, ids := d.plan(b)
	victims := map[string]int{} // id -> mishap
	for i, m := range mishaps {
		id := ids[7+i*17]
		victims[id] = i
		b.sandbox.Gate().AddFault(gate.Fault{System: "*", Call: "*", ID: id, Kind: m.kind, Seconds: 1, Times: 1})
	}
	code := exitDone
	if d.stays {
		code = exitUnknown
	}
	r := decode[report](t, b.must(code, "batch", "run", plan, "--confirm", fmt.Sprint(records), "--format", "json").out)
	d.checkReport(t, r, victims)
	d.checkLedger(t, b, r, ids, victims)
	d.checkWrites(t, b, victims)
	if again := b.run("batch", "run", plan, "--confirm", fmt.Sprint(records)); again.code == exitDone || len(b.ledger()) != len(applied(r)) {
		t.Errorf("the same plan ran twice: exit code %d, %d changes", again.code, len(b.ledger()))
	}
}

// plan writes a plan of 120 records that can be acted on and returns the ids by
// which the simulator will know their requests.
func (d deed) plan(b *bench) (path string, ids []string) {
	path = b.t.TempDir() + "/all.plan"
	args := []string{"batch", "plan", "--action", d.action, "--account", d.account}
	for _, s := range d.set {
		args = append(args, "--set", s)
	}
	if d.rows != nil {
		var csv string
		csv, ids = d.rows(records)
		b.must(exitDone, append(args, "--from", b.file("rows.csv", csv), "--out", path)...)
	} else {
		b.must(exitDone, append(args, "--filter", d.filter, "--out", path)...)
		all := decode[preview](b.t, b.run("batch", "check", path, "--format", "json").out)
		for _, item := range all.Items {
			if item.Verdict == "can" && len(ids) < records {
				ids = append(ids, item.Ref[strings.LastIndex(item.Ref, "/")+1:])
			}
		}
		if len(ids) < records {
			b.t.Fatalf("only %d records can be acted on", len(ids))
		}
		path = b.t.TempDir() + "/some.plan"
		for _, id := range ids {
			args = append(args, "--id", id)
		}
		b.must(exitDone, append(args, "--out", path)...)
	}
	check := decode[preview](b.t, b.must(exitDone, "batch", "check", path, "--format", "json").out)
	if check.Can != records || check.Planned != records {
		b.t.Fatalf("planned %d, can %d, want %d", check.Planned, check.Can, records)
	}
	return path, ids
}

func (d deed) checkReport(t *testing.T, r report, victims map[string]int) {
	unknown := 0
	if d.stays {
		unknown = 2 // hang and 500 that applied nothing
	}
	if r.Applied != records-unknown || r.Unknown != unknown || r.Refused+r.Held != 0 || len(r.Items) != records {
		t.Errorf("applied %d, refused %d, held %d, unknown %d of %d", r.Applied, r.Refused, r.Held, r.Unknown, r.Planned)
	}
	for _, item := range r.Items {
		if item.State == "unknown" && item.Reason == "" {
			t.Errorf("%s is unknown without a word of what was found", item.Ref)
		}
		if item.State != "applied" && item.State != "unknown" {
			t.Errorf("%s ended %s: %s", item.Ref, item.State, item.Reason)
		}
	}
	if r.Reconciled < 3 {
		t.Errorf("%d records were reconciled, at least the three that were applied unseen had to be", r.Reconciled)
	}
	_ = victims
}

func applied(r report) []reportItem {
	var out []reportItem
	for _, item := range r.Items {
		if item.State == "applied" {
			out = append(out, item)
		}
	}
	return out
}

// checkLedger: each record changed exactly once, none twice, sums to the cent.
func (d deed) checkLedger(t *testing.T, b *bench, r report, ids []string, victims map[string]int) {
	made := map[string]int{}
	sums := map[string]decimal.Decimal{}
	for _, e := range b.ledger() {
		if e.Call != d.call {
			t.Errorf("the ledger has a %s on %s, nobody asked for it", e.Call, e.ID)
		}
		made[e.ID]++
		if e.Amount != "" {
			sums[e.Currency] = sums[e.Currency].Add(decimal.RequireFromString(e.Amount).Abs())
		}
	}
	for id, n := range made {
		if n != 1 {
			t.Errorf("%s was changed %d times", id, n)
		}
	}
	if len(made) != r.Applied {
		t.Errorf("the ledger has %d records, the journal says %d were applied", len(made), r.Applied)
	}
	for _, item := range applied(r) {
		if id := item.Ref[strings.LastIndex(item.Ref, "/")+1:]; made[id] != 1 {
			t.Errorf("the journal says that %s was applied, the ledger has it %d times", id, made[id])
		}
	}
	if strings.HasSuffix(d.action, ".delete") {
		return // nothing moves
	}
	for currency, sum := range sums {
		if want := r.Sums[currency]["applied"]; !decimal.RequireFromString(want).Equal(sum) {
			t.Errorf("%s: the ledger moved %s, the journal says %s", currency, sum, want)
		}
	}
	_, _ = ids, victims
}

// checkWrites: no second write for a record that a read-back shows as done, nor
// where the rules forbid one unasked.
func (d deed) checkWrites(t *testing.T, b *bench, victims map[string]int) {
	writes := map[string]int{}
	for _, q := range b.requests() {
		if q.Call != d.call {
			continue
		}
		for _, id := range q.IDs {
			writes[id]++
		}
	}
	for id, i := range victims {
		m := mishaps[i]
		want := 2
		if m.applies || m.unclear && d.stays {
			want = 1
		}
		if writes[id] != want {
			t.Errorf("%s met %q and was written %d times, want %d", id, m.kind, writes[id], want)
		}
	}
}
