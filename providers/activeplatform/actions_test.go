package activeplatform

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	sim "bursar/providers/sandbox/activeplatform"
	"bursar/providers/sandbox/gate"
	"bursar/providers/transport"
)

func (p *panel) intent(action string, rec providers.Record, v providers.Values) providers.Intent {
	a, _ := providers.FindAction(p, action)
	in := providers.Intent{ID: "batch/1", Action: action, Ref: rec.Ref, Values: v, Amount: a.Amount(rec, v), Key: "6f0a", Before: providers.SnapshotOf(rec), Sent: p.Clock.Now()}
	if a.Creates {
		in.Ref = providers.Ref{Account: "cloud", Kind: providers.Payment}
	}
	return in
}

func (p *panel) fault(kind gate.FaultKind) {
	p.Gate.AddFault(gate.Fault{System: "activeplatform", Call: "*", ID: "*", Kind: kind, Times: 1})
}

var topUp = providers.Values{"account_id": "5003", "total": "100.10", "comment": " Пополнение "}

func TestAP1CreateSendsExactDecimals(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	in := p.intent(actionCreate, providers.Record{}, topUp)
	if !in.Amount.Equal(providers.MustMoney("100.10", "BYN")) {
		t.Errorf("the preview says %v", in.Amount)
	}
	res, err := p.Act(t.Context(), in)
	if err != nil || res.Outcome != providers.Applied || res.After == nil || res.After.Ref != res.Ref {
		t.Fatalf("%+v %v", res, err)
	}
	if want := `{"account_id":5003,"total":100.1,"comment":"Пополнение ` + marker("6f0a") + `"}`; p.bodies[0] != want {
		t.Errorf("sent %s, want %s", p.bodies[0], want)
	}
	got, err := p.Get(t.Context(), res.Ref)
	if err != nil || got.Status.Code != waitingForPayment || !got.Amount.Equal(in.Amount) || got.Party.ID != "5003" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAP1CreateRefusesBadForms(t *testing.T) {
	tests := []struct {
		name  string
		set   providers.Values
		field string
	}{
		{"no account", providers.Values{"account_id": ""}, "account_id"},
		{"an account that is no number", providers.Values{"account_id": "five"}, "account_id"},
		{"an account below one", providers.Values{"account_id": "-5"}, "account_id"},
		{"no total", providers.Values{"total": ""}, "total"},
		{"a total of nothing", providers.Values{"total": "0"}, "total"},
		{"a total with three decimals", providers.Values{"total": "1.005"}, "total"},
		{"a total with an exponent", providers.Values{"total": "1e3"}, "total"},
		{"no comment", providers.Values{"comment": ""}, "comment"},
		{"a comment of blanks", providers.Values{"comment": "  "}, "comment"},
		{"a comment with a card number", providers.Values{"comment": "4111 1111 1111 1111"}, "comment"},
		{"a comment that is too long", providers.Values{"comment": strings.Repeat("я", maxComment+1)}, "comment"},
		{"a manager below one", providers.Values{"manager_id": "0"}, "manager_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			v := providers.Values{"account_id": "5003", "total": "1.00", "comment": "x"}
			for name, value := range tt.set {
				v[name] = value
			}
			a, _ := providers.FindAction(p, actionCreate)
			if errs := a.Check(v); len(errs) != 1 || errs[tt.field] == nil {
				t.Errorf("the form says %v", errs)
			}
			_, err := p.Act(t.Context(), p.intent(actionCreate, providers.Record{}, v))
			var e *providers.Error
			if !errors.As(err, &e) || e.Fault != providers.FaultInput || e.Field != tt.field || len(p.queries) != 0 {
				t.Errorf("%v, %d requests", err, len(p.queries))
			}
		})
	}
}

func TestAP1LostCreationIsLookedForTwice(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	in := p.intent(actionCreate, providers.Record{}, topUp)
	p.fault(gate.Fail)
	if _, err := p.Act(t.Context(), in); providers.OutcomeOf(err) != providers.Unknown {
		t.Fatalf("a lost answer: %v", err)
	}
	p.queries = nil
	before := p.Clock.Now()
	f, err := p.ReadBack(t.Context(), in)
	if err != nil || f.Outcome != providers.Unknown || !strings.Contains(f.Note, "not found") || !strings.Contains(f.Note, marker(in.Key)) {
		t.Errorf("%+v %v", f, err)
	}
	if len(p.queries) < 2 || p.Clock.Now().Sub(before) < time.Second {
		t.Errorf("%d requests within %v", len(p.queries), p.Clock.Now().Sub(before))
	}
}

func TestAP1FoundAgainByItsMark(t *testing.T) {
	mark := marker("6f0a")
	tests := []struct {
		name    string
		rows    []string
		outcome providers.Outcome
		ref     string
		others  int
	}{
		{"one", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + mark + `"}`}, providers.Applied, "7000009", 0},
		{"another one of the same sum", []string{`{"id":7000009,"account_id":5003,"comment":"Пополнение","total":"100.1"}`}, providers.Unknown, "", 0},
		{"another mark", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + marker("6f0b") + `"}`}, providers.Unknown, "", 0},
		{"the mark at another account", []string{`{"id":7000009,"account_id":5004,"comment":"x ` + mark + `"}`}, providers.Unknown, "", 0},
		{"two, for an operator had it sent again", []string{`{"id":7000009,"account_id":5003,"comment":"x ` + mark + `"}`, `{"id":7000010,"account_id":5003,"comment":"x ` + mark + `"}`}, providers.Unknown, "", 2},
		{"a panel whose clock is behind", []string{`{"id":7000009,"account_id":5003,"created_at":"2026-11-22T11:45:00.000+03:00","comment":"x ` + mark + `"}`}, providers.Applied, "7000009", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			for _, row := range tt.rows {
				p.set(t, row)
			}
			f, err := p.ReadBack(t.Context(), p.intent(actionCreate, providers.Record{}, topUp))
			if err != nil || f.Outcome != tt.outcome || f.Ref.ID != tt.ref || len(f.Candidates) != tt.others || f.Note == "" {
				t.Errorf("%+v %v", f, err)
			}
			if got := p.Gate.Ledger(); len(got) != 0 {
				t.Errorf("a read-back changed something: %s", got)
			}
		})
	}
}

func TestMarkersAreShortAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range 5000 {
		m := marker(fmt.Sprint(i))
		if len(m) != 10 || seen[m] || strings.Trim(m[1:9], alphabet) != "" {
			t.Fatalf("marker %q of %d", m, i)
		}
		seen[m] = true
	}
	// A payment made by an earlier run of the program must be found by a later.
	if got := marker("6f0a"); got != "[4shr464g]" {
		t.Errorf("the marker of a key has become %s", got)
	}
}

func TestCreditCompletesOnlyWhatWaits(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	a, _ := providers.FindAction(p, actionCredit)
	for _, r := range p.all(t, providers.Query{}) {
		v := a.Eligible(r, nil)
		if (v.Answer == providers.CanDo) != (r.Status.Code == waitingForPayment) {
			t.Fatalf("%s: %v (%s)", r.Status.Code, v.Answer, v.Reason)
		}
	}
	rec := p.first(t, waitingForPayment)
	v := providers.Values{"payment_method_id": "3"}
	res, err := p.Act(t.Context(), p.intent(actionCredit, rec, v))
	if err != nil || res.Outcome != providers.Applied || res.After.Status.Code != completed || res.After.Method != "Банковская карта" {
		t.Fatalf("%+v %v", res, err)
	}
	_, err = p.Act(t.Context(), p.intent(actionCredit, rec, v))
	if providers.FaultOf(err) != providers.FaultState {
		t.Errorf("credited twice: %v", err)
	}
	_, err = p.Act(t.Context(), p.intent(actionCredit, p.first(t, waitingForPayment), providers.Values{"payment_method_id": "99"}))
	var e *providers.Error
	if !errors.As(err, &e) || e.Fault != providers.FaultInput || e.Field != "payment_method_id" {
		t.Errorf("an unknown method: %v", err)
	}
	if n := bytes.Count(p.Gate.Ledger(), []byte("\n")); n != 1 {
		t.Errorf("%d changes: %s", n, p.Gate.Ledger())
	}
}

func TestCreditUsesTheConfiguredMethodUnlessTold(t *testing.T) {
	p := newPanel(t, sim.Options{}, func(a *transport.Account) { a.Options = map[string]string{"payment_method": "3"} })
	a, _ := providers.FindAction(p, actionCredit)
	if errs := a.Check(providers.Values{}); len(errs) != 0 {
		t.Errorf("the form asks although a method is configured: %v", errs)
	}
	in := p.intent(actionCredit, p.first(t, waitingForPayment), nil)
	res, err := p.Act(t.Context(), in)
	if err != nil || res.After == nil || res.After.Method != "Банковская карта" {
		t.Fatalf("%+v %v", res, err)
	}
	if f, err := p.ReadBack(t.Context(), in); err != nil || f.Outcome != providers.Applied {
		t.Errorf("read back %+v %v", f, err)
	}
	if _, err := New(transport.Account{Name: "cloud", URL: "https://x", Secret: "s", Options: map[string]string{"payment_method": "card"}}); err == nil {
		t.Error("a method that is no number is taken")
	}
	none, _ := providers.FindAction(newPanel(t, sim.Options{}, nil), actionCredit)
	if errs := none.Check(providers.Values{}); errs["payment_method_id"] == nil {
		t.Error("without a configured method the form does not ask")
	}
}

func TestCreditIsReadBackFromTheState(t *testing.T) {
	tests := []struct {
		name    string
		set     string // what the payment became
		before  string // the status before, when not waiting
		outcome providers.Outcome
	}{
		{"still waiting", `"comment":"x"`, "", providers.Refused},
		{"completed by this", `"status":"completed","payment_method_id":3`, "", providers.Applied},
		{"completed by another method", `"status":"completed","payment_method_id":4,"payment_method_name":"ЕРИП"`, "", providers.Refused},
		{"completed, the method not told", `"status":"completed"`, "", providers.Applied},
		{"completed before", `"status":"completed","payment_method_id":3`, completed, providers.Refused},
		{"cancelled meanwhile", `"status":"cancelled"`, "", providers.Refused},
		{"a gateway is at it", `"status":"processing"`, "", providers.Unknown},
		{"a status that nobody knows", `"status":"on_the_moon"`, "", providers.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, sim.Options{}, nil)
			rec := p.first(t, waitingForPayment)
			in := p.intent(actionCredit, rec, providers.Values{"payment_method_id": "3"})
			if tt.before != "" {
				in.Before.Status = tt.before
			}
			p.set(t, `{"id":`+rec.Ref.ID+`,`+tt.set+`}`)
			f, err := p.ReadBack(t.Context(), in)
			if err != nil || f.Outcome != tt.outcome || f.Note == "" {
				t.Errorf("%+v %v, want %v", f, err, tt.outcome)
			}
		})
	}
}

func TestAP19MissingActionsSayWhy(t *testing.T) {
	p := newPanel(t, sim.Options{}, nil)
	rec := p.first(t, waitingForPayment)
	for _, id := range []string{"payment.refund", "payment.delete", "payment.cancel", "payment.capture"} {
		a, ok := providers.FindAction(p, id)
		if v := a.Eligible(rec, nil); !ok || v.Answer != providers.CannotDo || !strings.Contains(v.Reason, "ActivePlatform") {
			t.Errorf("%s: %v %+v", id, ok, v)
		}
		if _, err := p.Act(t.Context(), providers.Intent{Action: id, Ref: rec.Ref, Key: "k"}); providers.FaultOf(err) != providers.FaultInput {
			t.Errorf("%s: %v", id, err)
		}
	}
	if got := p.Actions(providers.Refund); got != nil {
		t.Errorf("actions on refunds: %v", got)
	}
	if a, _ := providers.FindAction(p, actionCreate); a.Resend(nil) != providers.NeverUnasked {
		t.Error("a creation may be sent again unasked")
	}
}
