package billmanager

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/billmanager"
)

// lost is a request that the panel may or may not have seen.
type lost struct {
	name   string
	action string
	amount string
	before map[string]string // the payment before, over a credited one of 1000.00
	meet   func(*panel, providers.Intent)
	want   providers.Outcome
	cands  int
	says   string
}

func apply(p *panel, in providers.Intent) {
	p.Helper()
	if _, err := p.Act(p.Context(), in); err != nil {
		p.Fatal(err)
	}
}

func nothing(*panel, providers.Intent) {}

func becomes(fields ...string) func(*panel, providers.Intent) {
	return func(p *panel, in providers.Intent) {
		set := map[string]string{"id": in.Ref.ID}
		for i := 0; i < len(fields); i += 2 {
			set[fields[i]] = fields[i+1]
		}
		p.set(set)
	}
}

// refunds adds refund rows of the payment, as another operator might.
func refunds(amounts ...string) func(*panel, providers.Intent) {
	return func(p *panel, _ providers.Intent) {
		for _, amount := range amounts {
			p.set(map[string]string{"number": "return/B-90001", "subaccountamount_iso": "-" + amount, "sender_id": "77", "status": "4", "create_date": "2026-11-22"})
		}
	}
}

func TestReadBack(t *testing.T) {
	fresh := map[string]string{"status": "1"}
	tests := []lost{
		{"credit, applied", actCredit, "", fresh, apply, providers.Applied, 0, "credited"},
		{"credit, not applied", actCredit, "", fresh, nothing, providers.Refused, 0, "still new"},
		{"credit, cancelled meanwhile", actCredit, "", fresh, becomes("status", "9"), providers.Unknown, 0, "cancelled"},
		{"delete, applied", actDelete, "", fresh, apply, providers.Applied, 0, "gone"},
		{"delete, still being deleted", actDelete, "", fresh, becomes("status", "100"), providers.Applied, 0, "deleting"},
		{"delete, not applied", actDelete, "", fresh, nothing, providers.Refused, 0, "still there"},
		{"whole refund, applied", actRefund, "", nil, apply, providers.Applied, 0, "refunded"},
		{"whole refund, not applied", actRefund, "", nil, nothing, providers.Refused, 0, "still credited"},
		{"whole refund, at the gateway", actRefund, "", nil, becomes("status", "5"), providers.Unknown, 0, "gateway"},
		{"whole refund, a part was refunded by another", actRefund, "", nil, refunds("10.00 RUB"), providers.Unknown, 1, "may be"},
		{"part, applied", actRefund, "100.00", nil, apply, providers.Applied, 0, "100.00"},
		{"part, not applied", actRefund, "100.00", nil, nothing, providers.Unknown, 0, "no refund row found"},
		{"part, another amount was refunded by another", actRefund, "100.00", nil, refunds("70.00 RUB"), providers.Unknown, 0, "no refund row found"},
		{"part, two of the amount appeared", actRefund, "100.00", nil, refunds("100.00 RUB", "100.00 RUB"), providers.Unknown, 2, "2 refunds"},
		{"part, one of the amount and another appeared", actRefund, "100.00", nil, refunds("100.00 RUB", "70.00 RUB"), providers.Unknown, 1, "one refund"},
		{"part, two others that make up the amount", actRefund, "100.00", nil, refunds("30.00 RUB", "70.00 RUB"), providers.Unknown, 0, "no refund row found"},
		{"part that is all, applied", actRefund, "1000.00", nil, apply, providers.Applied, 0, "all that remained"},
		{"part that is all, not applied", actRefund, "1000.00", nil, nothing, providers.Unknown, 0, "no refund row found"},
		{"part, at the gateway", actRefund, "100.00", nil, becomes("status", "5"), providers.Unknown, 0, "gateway"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, setup{})
			p.paid("90001")
			if tt.before != nil {
				tt.before["id"] = "90001"
				p.set(tt.before)
			}
			var v providers.Values
			if tt.amount != "" {
				v = providers.Values{amountField: tt.amount}
			}
			in := p.intent(tt.action, p.get(providers.Payment, "90001"), v)
			p.clock.Advance(time.Minute)
			tt.meet(p, in)
			before := len(p.ledger())
			f, err := p.ReadBack(t.Context(), in)
			if err != nil || f.Outcome != tt.want || len(f.Candidates) != tt.cands || !strings.Contains(f.Note, tt.says) {
				t.Errorf("%+v, %v; want %v with %d candidates, %q", f, err, tt.want, tt.cands, tt.says)
			}
			if len(p.ledger()) != before {
				t.Error("a read-back changed something")
			}
		})
	}
}

// The same sum was refunded an hour ago, on the same day: the panel's dates
// cannot tell the two apart, the sum of all refunds can.
func TestReadBackIsNotFooledByAnEarlierEqualRefund(t *testing.T) {
	p := newPanel(t, setup{})
	rec := p.paid("90001")
	v := providers.Values{amountField: "100.00"}
	apply(p, p.intent(actRefund, rec, v))
	first := p.get(providers.Payment, "90001")
	p.clock.Advance(time.Hour)

	in := p.intent(actRefund, first, v)
	f, err := p.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || len(f.Candidates) != 0 {
		t.Errorf("the second was not applied: %+v, %v", f, err)
	}
	apply(p, in)
	f, err = p.ReadBack(t.Context(), in)
	second := p.get(providers.Payment, "90001")
	if err != nil || f.Outcome != providers.Applied || len(second.Links) != 2 || f.Ref != second.Links[0].Ref || f.Ref == first.Links[0].Ref {
		t.Errorf("the second was applied: %+v, %v; refunds %+v", f, err, second.Links)
	}
}

// A panel that counts its refunds by themselves names no payment in them.
func TestReadBackOfARefundThatNamesNoPayment(t *testing.T) {
	p := newPanel(t, setup{panel: simulator.Options{RefundNumbers: simulator.Serial}})
	in := p.intent(actRefund, p.paid("90001"), providers.Values{amountField: "100.00"})
	apply(p, in)
	f, err := p.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || len(f.Candidates) != 1 || !strings.Contains(f.Note, "Partial refund of 100.00 RUB") {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestReadBackWithoutASnapshotNamesCandidatesOnly(t *testing.T) {
	p := newPanel(t, setup{})
	in := p.intent(actRefund, p.paid("90001"), providers.Values{amountField: "100.00"})
	in.Before.Remaining = providers.Money{}
	apply(p, in)
	f, err := p.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || len(f.Candidates) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestReadBackOfAPaymentThatIsGone(t *testing.T) {
	p := newPanel(t, setup{})
	p.set(map[string]string{"id": "90001", "subaccountamount_iso": "100.00 RUB"})
	rec := p.get(providers.Payment, "90001")
	in := p.intent(actCredit, rec, nil)
	apply(p, p.intent(actDelete, rec, nil))
	if f, err := p.ReadBack(t.Context(), in); err != nil || f.Outcome != providers.Unknown || !strings.Contains(f.Note, "gone") {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestReadBackThatCannotReadIsAnError(t *testing.T) {
	c := newClient(t, answers(map[string]string{fnList: "<html></html>"}), nil)
	for _, action := range []string{actCredit, actDelete, actRefund} {
		f, err := c.ReadBack(t.Context(), providers.Intent{Action: action, Ref: c.ref(providers.Payment, "17")})
		if err == nil || f.Outcome != providers.Unknown {
			t.Errorf("%s: %+v, %v", action, f, err)
		}
	}
}

func TestReadBackOfACreditOfACreditedPaymentTellsNothing(t *testing.T) {
	p := newPanel(t, setup{})
	in := p.intent(actCredit, p.paid("90001"), nil)
	if f, err := p.ReadBack(t.Context(), in); err != nil || f.Outcome != providers.Unknown {
		t.Errorf("%+v, %v", f, err)
	}
}

// Numbers of payments are not unique, and a count of refunds may look like one.
func TestRefundOfAnotherPayerOrCurrencyIsNotThePayments(t *testing.T) {
	p := newPanel(t, setup{})
	p.paid("90001")
	for _, fields := range []map[string]string{{"sender_id": "78", "subaccountamount_iso": "-5.00 RUB"}, {"sender_id": "77", "subaccountamount_iso": "-5.00 EUR"}} {
		fields["number"], fields["status"] = "return/B-90001", "4"
		p.set(fields)
	}
	if rec := p.get(providers.Payment, "90001"); rec.Remaining.Text() != "1000.00" || len(rec.Links) != 0 {
		t.Errorf("%v remain, links %+v", rec.Remaining, rec.Links)
	}
}

func TestRefundRowThatVanishedNoLongerCounts(t *testing.T) {
	p := newPanel(t, setup{})
	apply(p, p.intent(actRefund, p.paid("90001"), providers.Values{amountField: "100.00"}))
	rec := p.get(providers.Payment, "90001")
	if rec.Remaining.Text() != "900.00" || len(rec.Links) != 1 {
		t.Fatalf("%v remain, links %+v", rec.Remaining, rec.Links)
	}
	p.set(map[string]string{"id": rec.Links[0].Ref.ID, "status": "9"})
	if _, err := p.call(t.Context(), fnDelete, url.Values{"elid": {rec.Links[0].Ref.ID}, "sok": {"ok"}}, true); err != nil {
		t.Fatal(err)
	}
	if rec = p.get(providers.Payment, "90001"); rec.Remaining.Text() != "1000.00" || len(rec.Links) != 0 {
		t.Errorf("%v remain, links %+v", rec.Remaining, rec.Links)
	}
}
