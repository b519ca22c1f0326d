package billmanager

import (
	"slices"
	"strings"
	"testing"

	"bursar/providers"
	simulator "bursar/providers/sandbox/billmanager"
	"bursar/providers/transport"
)

func TestBM4Credit(t *testing.T) {
	p := newPanel(t, setup{})
	p.set(map[string]string{"id": "90001", "subaccountamount_iso": "120.50 EUR", "status": "2"})
	rec := p.get(providers.Payment, "90001")
	res, err := p.Act(t.Context(), p.intent(actCredit, rec, nil))
	if err != nil || res.Outcome != providers.Applied || res.Ref != rec.Ref {
		t.Fatalf("%+v, %v", res, err)
	}
	after := p.get(providers.Payment, "90001")
	if after.Status.Code != statusCredited || after.Updated.IsZero() {
		t.Errorf("after: %+v, credited %v", after.Status, after.Updated)
	}
	led := p.ledger()
	if len(led) != 1 || led[0].Call != "payment.setpaid" || led[0].ID != "90001" || led[0].Amount != "120.50" || led[0].Currency != "EUR" {
		t.Errorf("ledger: %+v", led)
	}
	if got := p.sim.Balance("20001", "EUR"); got.StringFixed(2) != "120.50" {
		t.Errorf("the client's balance rose by %v", got)
	}
}

func TestBM3Delete(t *testing.T) {
	p := newPanel(t, setup{})
	p.set(map[string]string{"id": "90001", "subaccountamount_iso": "100.00 RUB"})
	rec := p.get(providers.Payment, "90001")
	if res, err := p.Act(t.Context(), p.intent(actDelete, rec, nil)); err != nil || res.Outcome != providers.Applied {
		t.Fatalf("%+v, %v", res, err)
	}
	if _, err := p.Get(t.Context(), rec.Ref); providers.FaultOf(err) != providers.FaultNotFound {
		t.Errorf("after: %v", err)
	}
	if _, err := p.Act(t.Context(), p.intent(actDelete, rec, nil)); providers.OutcomeOf(err) != providers.Refused || providers.FaultOf(err) != providers.FaultNotFound {
		t.Errorf("once more: %v", err)
	}
}

func TestBM5Refund(t *testing.T) {
	p := newPanel(t, setup{})
	rec := p.paid("90001")
	for i, step := range []struct{ amount, remaining, status string }{
		{"100.00", "900.00", statusCredited}, {"100", "800.00", statusCredited}, {"0.01", "799.99", statusCredited}, {"", "", statusRefunded},
	} {
		v := providers.Values{}
		if step.amount != "" {
			v[amountField] = step.amount
		}
		if got := canRefund(rec, v); got.Answer != providers.CanDo {
			t.Fatalf("refund %d: %+v", i+1, got)
		}
		if res, err := p.Act(t.Context(), p.intent(actRefund, rec, v)); err != nil || res.Outcome != providers.Applied {
			t.Fatalf("refund %d: %+v, %v", i+1, res, err)
		}
		if listed := p.all(providers.Query{Kind: providers.Payment, IDs: []string{"90001"}})[0]; step.remaining != "" && listed.Remaining.Text() != step.remaining {
			t.Fatalf("after refund %d the list says that %v remain", i+1, listed.Remaining)
		}
		rec = p.get(providers.Payment, "90001")
		if rec.Status.Code != step.status || step.remaining != "" && rec.Remaining.Text() != step.remaining {
			t.Fatalf("after refund %d: %s, %v remain", i+1, rec.Status.Label, rec.Remaining)
		}
	}
	led := p.ledger()
	if len(led) != 4 || led[3].Amount != "799.99" || led[0].Call != "payment.refund" || led[0].ID != "90001" {
		t.Errorf("ledger: %+v", led)
	}
	if n := len(rec.Links); n != 3 {
		t.Errorf("%d refunds are linked, want 3", n)
	}
}

func TestBM5RefundRefusedByThePanel(t *testing.T) {
	p := newPanel(t, setup{})
	rec := p.paid("90001")
	in := p.intent(actRefund, rec, providers.Values{amountField: "1000.01"})
	_, err := p.Act(t.Context(), in)
	if providers.FaultOf(err) != providers.FaultInput || !strings.Contains(err.Error(), "amount") {
		t.Errorf("more than remains: %v", err)
	}
	p.set(map[string]string{"id": "90001", "allowrefund": "off"})
	if _, err := p.Act(t.Context(), p.intent(actRefund, rec, nil)); providers.FaultOf(err) != providers.FaultState {
		t.Errorf("a method without refunds: %v", err)
	}
	if len(p.ledger()) != 0 {
		t.Errorf("ledger: %+v", p.ledger())
	}
}

func TestVerdicts(t *testing.T) {
	c := newClient(t, answers(nil), nil)
	rec := func(code string, flags ...string) providers.Record {
		s, ok := statuses[code]
		if !ok {
			s = providers.Status{Code: code, Label: code}
		}
		r := providers.Record{Ref: c.ref(providers.Payment, "17"), Status: s, Amount: providers.MustMoney("100.00", "RUB"), Flags: flags}
		if code == statusCredited {
			r.Remaining = providers.MustMoney("60.00", "RUB")
		}
		return r
	}
	const can, ask, cannot = providers.CanDo, providers.MustAsk, providers.CannotDo
	byStatus := map[string][3]providers.VerdictAnswer{ // credit, delete, refund
		"1": {can, can, cannot}, "2": {can, can, cannot}, "3": {ask, cannot, cannot}, "4": {cannot, cannot, can}, "5": {ask, cannot, cannot},
		"6": {cannot, cannot, cannot}, "7": {ask, cannot, cannot}, "8": {ask, ask, cannot}, "9": {cannot, can, cannot}, "100": {cannot, cannot, cannot},
		noCode: {cannot, cannot, cannot}, "11": {cannot, cannot, cannot},
	}
	for code, want := range byStatus {
		for i, id := range []string{actCredit, actDelete, actRefund} {
			a, _ := providers.FindAction(c, id)
			v := a.Eligible(rec(code, flagRefundable), nil)
			if v.Answer != want[i] || v.Answer != can && v.Reason == "" {
				t.Errorf("%s in status %s: %s (%s), want %s", id, code, v.Answer, v.Reason, want[i])
			}
		}
	}
	if fraud, promised := canCredit(rec("7")), canCredit(rec("3")); !strings.Contains(fraud.Reason, "FRAUDULENT") || strings.Contains(promised.Reason, "FRAUDULENT") {
		t.Errorf("%q, %q", fraud.Reason, promised.Reason)
	}
	negative := rec("1")
	negative.Amount = providers.MustMoney("-5.00", "RUB")
	refund := rec("1")
	refund.Ref.Kind = providers.Refund
	empty := rec("4", flagRefundable)
	empty.Remaining = providers.MustMoney("0.00", "RUB")
	tests := []struct {
		name string
		got  providers.Verdict
		want providers.VerdictAnswer
	}{
		{"credit a negative payment", canCredit(negative), cannot},
		{"credit a row numbered as a refund", canCredit(rec("1", flagReturnNumber)), cannot},
		{"credit a refund", canCredit(refund), cannot},
		{"refund a locked payment", canRefund(rec("4", flagRefundable, flagRefundLocked), nil), cannot},
		{"refund by a method without refunds", canRefund(rec("4", flagNoRefunds), nil), cannot},
		{"refund by a method that does not say", canRefund(rec("4"), nil), ask},
		{"refund all that remains", canRefund(rec("4", flagRefundable), providers.Values{amountField: "60.00"}), can},
		{"refund more than remains", canRefund(rec("4", flagRefundable), providers.Values{amountField: "60.01"}), cannot},
		{"refund nonsense", canRefund(rec("4", flagRefundable), providers.Values{amountField: "ten"}), cannot},
		{"refund when nothing remains", canRefund(empty, nil), cannot},
	}
	for _, tt := range tests {
		if tt.got.Answer != tt.want {
			t.Errorf("%s: %s (%s), want %s", tt.name, tt.got.Answer, tt.got.Reason, tt.want)
		}
	}
	for _, id := range []string{actCapture, actCancel} {
		a, ok := providers.FindAction(c, id)
		if !ok || a.Eligible(rec("1"), nil).Answer != cannot {
			t.Errorf("%s: listed %v", id, ok)
		}
	}
}

func TestAmountsAndResend(t *testing.T) {
	c := newClient(t, answers(nil), nil)
	refund, _ := providers.FindAction(c, actRefund)
	r := providers.Record{Amount: providers.MustMoney("100", "EUR"), Remaining: providers.MustMoney("60", "EUR")}
	if got := refund.Amount(r, nil); !got.Equal(r.Remaining) {
		t.Errorf("whole: %v", got)
	}
	if got := refund.Amount(r, providers.Values{amountField: "5.00"}); !got.Equal(providers.MustMoney("5", "EUR")) {
		t.Errorf("part: %v", got)
	}
	if refund.Resend(nil) != providers.AfterReadBack || refund.Resend(providers.Values{amountField: "5.00"}) != providers.NeverUnasked {
		t.Error("a partial refund may be sent again unasked, or a whole one may not")
	}
	if a, _ := providers.FindAction(c, actDelete); !a.Amount(r, nil).IsNone() || a.Moves || !a.Irreversible {
		t.Errorf("delete: %+v", a)
	}
}

func TestAnswersThatAreNoSuccess(t *testing.T) {
	tests := []struct {
		name, answer string
		want         providers.Outcome
	}{
		{"ok", `{"doc":{"ok":{}}}`, providers.Applied},
		{"ok with a text", `{"doc":{"ok":{"$":""},"id":{"$":"17"}}}`, providers.Applied},
		{"ok with an address", `{"doc":{"ok":{"$":"/billmgr?startpage=payment"}}}`, providers.Applied},
		{"the form", `{"doc":{"elid":{"$":"17"}}}`, providers.Unknown},
		{"an empty document", `{"doc":{}}`, providers.Unknown},
		{"a further step", `{"doc":{"ok":{"$":"func=payment.setpaid.confirm&auth=abc"}}}`, providers.Unknown},
		{"being processed", `{"doc":{"error":{"$type":"longtask","msg":{"$":"wait"}}}}`, providers.Unknown},
		{"a web page", `<html><body>login</body></html>`, providers.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t, answers(map[string]string{fnSetpaid: tt.answer}), nil)
			res, err := c.Act(t.Context(), providers.Intent{Action: actCredit, Ref: c.ref(providers.Payment, "17")})
			if res.Outcome != tt.want || (err == nil) != (tt.want == providers.Applied) || err != nil && providers.OutcomeOf(err) != tt.want {
				t.Errorf("%v, %v; want %v", res.Outcome, err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "abc") {
				t.Errorf("the session id is in %v", err)
			}
		})
	}
}

func TestIntentsThatAreNeverSent(t *testing.T) {
	p := newPanel(t, setup{})
	ref := p.ref(providers.Payment, "1001")
	tests := map[string]providers.Intent{
		"two ids":                {Action: actCredit, Ref: p.ref(providers.Payment, "1001,1003")},
		"no id":                  {Action: actCredit, Ref: p.ref(providers.Payment, "")},
		"a refund's":             {Action: actDelete, Ref: p.ref(providers.Refund, "1002")},
		"an unavailable action":  {Action: actCapture, Ref: ref},
		"a field of another":     {Action: actCredit, Ref: ref, Values: providers.Values{amountField: "5.00"}},
		"a negative amount":      {Action: actRefund, Ref: ref, Values: providers.Values{amountField: "-5"}},
		"a third of a kopeck":    {Action: actRefund, Ref: ref, Values: providers.Values{amountField: "0.003"}},
		"an amount in words":     {Action: actRefund, Ref: ref, Values: providers.Values{amountField: "all"}},
		"a parameter of its own": {Action: actDelete, Ref: ref, Values: providers.Values{"su": "root"}},
	}
	for name, in := range tests {
		if _, err := p.Act(t.Context(), in); providers.FaultOf(err) != providers.FaultInput || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	readOnly := newPanel(t, setup{account: func(a *transport.Account) { a.ReadOnly = true }})
	if _, err := readOnly.Act(t.Context(), providers.Intent{Action: actCredit, Ref: ref}); providers.FaultOf(err) != providers.FaultForbidden {
		t.Errorf("read-only: %v", err)
	}
	for _, q := range []*panel{p, readOnly} {
		if n := len(slices.Collect(strings.Lines(string(q.gate.Requests())))); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	}
}

func TestLoginBelowStaff(t *testing.T) {
	p := newPanel(t, setup{panel: simulator.Options{Level: 16}})
	p.set(map[string]string{"id": "90001", "subaccountamount_iso": "100.00 RUB"})
	rec := p.get(providers.Payment, "90001")
	if _, err := p.Act(t.Context(), p.intent(actCredit, rec, nil)); providers.FaultOf(err) != providers.FaultForbidden {
		t.Errorf("credit: %v", err)
	}
}
