package yookassa_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/sandbox/gate"
	sim "bursar/providers/sandbox/yookassa"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

func TestYK4Capture(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	verdicts := []struct {
		id, amount string
		want       string // part of the reason, "" is can
	}{
		{cardHold, "", ""},
		{cardHold, "40.00", ""},
		{cardHold, "100.01", "more than the held"},
		{cardHold, "0", "more than zero"},
		{bankHold, "", ""},
		{bankHold, "100", ""},
		{bankHold, "99.99", "only whole"},
		{paid, "", "“Paid”"},
	}
	for _, v := range verdicts {
		got := d.eligible("payment.capture", v.id, providers.Values{"amount": v.amount})
		if (got.Answer == providers.CanDo) != (v.want == "") || !strings.Contains(got.Reason, v.want) {
			t.Errorf("%s of %q: %v %q, want %q", v.id, v.amount, got.Answer, got.Reason, v.want)
		}
	}
	part := d.intent("payment.capture", cardHold, "k1", providers.Values{"amount": "40.00"})
	whole := d.intent("payment.capture", bankHold, "k2", nil)
	d.wantFinding(part, providers.Refused)
	res, _ := d.mustAct(part, providers.Applied)
	d.wantLedger(1, "POST /payments/{payment_id}/capture 40.00")
	if res.After == nil || res.After.Amount.Text() != "40.00" || res.After.Remaining.Text() != "40.00" || res.After.Status.Code != "succeeded" {
		t.Errorf("after: %+v", res.After)
	}
	d.wantFinding(part, providers.Applied)
	d.mustAct(part, providers.Applied) // the same key again changes nothing
	d.mustAct(whole, providers.Applied)
	d.wantLedger(2, "POST /payments/{payment_id}/capture 100.00")

	other := part
	other.Key, other.Amount = "k3", providers.MustMoney("41", "RUB")
	d.mustAct(other, providers.Refused)
	d.wantFinding(other, providers.Refused) // captured, but not this sum
	related, err := d.Related(t.Context(), part.Ref)
	if err != nil || len(related) != 1 || related[0].Ref.Kind != providers.Receipt || related[0].Amount.Text() != "40.00" {
		t.Errorf("the receipt of the capture: %v, %+v", err, related)
	}
}

func TestYK4CaptureAfterTheHoldRanOut(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	in := d.intent("payment.capture", cardHold, "k1", nil)
	before := d.get(cardHold)
	d.Clock.Advance(7*24*time.Hour + time.Minute)
	a, _ := providers.FindAction(d, "payment.capture")
	if v := a.Eligible(before, nil); v.Answer != providers.CannotDo || !strings.Contains(v.Reason, "ran out") {
		t.Errorf("an old snapshot allows it: %+v", v)
	}
	in.Sent = d.Clock.Now()
	_, err := d.mustAct(in, providers.Refused)
	if providers.FaultOf(err) != providers.FaultState {
		t.Errorf("fault %v", err)
	}
	if f := d.wantFinding(in, providers.Refused); !strings.Contains(f.Note, "nobody captured it in time") {
		t.Errorf("note %q", f.Note)
	}
	cancel := in
	cancel.Action, cancel.Key = "payment.cancel", "k2"
	d.mustAct(cancel, providers.Refused)
	d.wantFinding(cancel, providers.Refused) // it ended by itself, not by the cancel
	d.wantLedger(0, "")
}

func TestYK5Cancel(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	if v := d.eligible("payment.cancel", paid, nil); v.Answer != providers.CannotDo {
		t.Errorf("a paid payment: %+v", v)
	}
	in := d.intent("payment.cancel", bankHold, "k1", nil)
	d.wantFinding(in, providers.Refused)
	res, _ := d.mustAct(in, providers.Applied)
	d.wantLedger(1, "POST /payments/{payment_id}/cancel 100.00")
	if res.After == nil || res.After.Status.Phase != providers.PhaseCancelled {
		t.Errorf("after: %+v", res.After)
	}
	d.wantFinding(in, providers.Applied)
	capture := d.intent("payment.capture", bankHold, "k2", nil)
	capture.Amount = providers.MustMoney("100", "RUB")
	d.mustAct(capture, providers.Refused)
	d.wantFinding(capture, providers.Refused)
	captured := d.intent("payment.capture", cardHold, "k3", nil)
	d.mustAct(captured, providers.Applied)
	late := d.intent("payment.cancel", cardHold, "k4", nil)
	d.wantFinding(late, providers.Refused) // captured, not cancelled
}

func TestYK6Refund(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	d.set("payment", `{"id":"22e12f66-000f-5000-8000-00000000000d","amount":{"value":"5.00","currency":"RUB"},"payment_method":{"type":"cash"}}`)
	d.set("payment", `{"id":"22e12f66-000f-5000-8000-00000000000e","amount":{"value":"5.00","currency":"RUB"},"created_at":"2023-11-21T09:00:00.000Z"}`)
	d.set("payment", `{"id":"22e12f66-000f-5000-8000-00000000000f","amount":{"value":"5.00","currency":"RUB"},"created_at":"2025-11-21T09:00:00.000Z","payment_method":{"type":"sberbank"}}`)
	verdicts := []struct{ id, amount, want string }{
		{paid, "", ""},
		{paid, "98.99", ""},
		{paid, "99.00", "more than 1.00 RUB must remain"},
		{paid, "100", ""},
		{paid, "100.01", "more than the"},
		{paid, "ten", "not a number"},
		{cardHold, "", "only a paid one"},
		{"22e12f66-000f-5000-8000-00000000000d", "", "cannot be refunded"},
		{"22e12f66-000f-5000-8000-00000000000e", "", "three years"},
		{"22e12f66-000f-5000-8000-00000000000f", "", "one year"},
	}
	for i, v := range verdicts {
		values := providers.Values{"amount": v.amount}
		got := d.eligible("payment.refund", v.id, values)
		if (got.Answer == providers.CanDo) != (v.want == "") || !strings.Contains(got.Reason, v.want) {
			t.Errorf("%s of %q: %v %q, want %q", v.id, v.amount, got.Answer, got.Reason, v.want)
		}
		if got.Answer == providers.CannotDo && v.amount != "ten" {
			in := d.intent("payment.refund", v.id, "refused-"+v.id[34:]+string(rune('a'+i)), values)
			if v.id == cardHold || in.Amount.IsZero() {
				in.Amount = providers.MustMoney("5", "RUB")
			}
			d.mustAct(in, providers.Refused) // the system agrees
		}
	}
	d.wantLedger(0, "")
	part := d.intent("payment.refund", paid, "k1", providers.Values{"amount": "30.00", "description": "Ошибка"})
	res, _ := d.mustAct(part, providers.Applied)
	d.wantLedger(1, "POST /refunds 30.00")
	if res.Ref != part.Ref || !strings.HasPrefix(res.Note, "refund ") {
		t.Errorf("result %+v", res)
	}
	found := d.wantFinding(part, providers.Applied)
	made, err := d.Get(t.Context(), found.Ref)
	if err != nil || made.Amount.Text() != "30.00" || made.Note != "Ошибка" || !made.HasFlag("by bursar") {
		t.Errorf("the refund: %v, %+v", err, made)
	}
	if r := d.get(paid); r.Remaining.Text() != "70.00" || !r.HasFlag("refunded in part") || r.Status.Phase != providers.PhaseDone {
		t.Errorf("the payment: %+v", r)
	}
	rest := d.intent("payment.refund", paid, "k2", nil)
	d.mustAct(rest, providers.Applied)
	d.wantLedger(2, "POST /refunds 70.00")
	if v := d.eligible("payment.refund", paid, nil); !strings.Contains(v.Reason, "refunded whole") {
		t.Errorf("after all: %+v", v)
	}
	d.mustAct(part, providers.Applied)
	d.wantLedger(2, "POST /refunds 70.00")
}

func TestYK6RefundTwiceAlikeIsToldApartByTheKey(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	v := providers.Values{"amount": "10.00"}
	first := d.intent("payment.refund", paid, "k1", v)
	d.mustAct(first, providers.Applied)
	second := d.intent("payment.refund", paid, "k2", v)
	d.wantFinding(second, providers.Refused)
	d.wantFinding(first, providers.Applied)
	foreign := first
	foreign.Ref.ID = cardHold // the same key for another payment
	_, err := d.mustAct(foreign, providers.Refused)
	if providers.FaultOf(err) != providers.FaultInput || !strings.Contains(err.Error(), "used before for a different request") {
		t.Errorf("a key that was used: %v", err)
	}
	d.wantLedger(1, "POST /refunds 10.00")
}

func TestYK6RefundThatStaysPendingOrFails(t *testing.T) {
	d := newDesk(t, 13, sim.Options{PendingRefunds: 3}, nil)
	three(d)
	in := d.intent("payment.refund", paid, "k1", providers.Values{"amount": "10.00"})
	res, _ := d.mustAct(in, providers.Unknown)
	if !strings.Contains(res.Note, "still pending") {
		t.Errorf("note %q", res.Note)
	}
	d.mustAct(in, providers.Unknown) // the same key makes no second refund
	f := d.wantFinding(in, providers.Unknown)
	if f.Ref.ID == "" || !strings.Contains(f.Note, "pending") {
		t.Errorf("found %s, note %q", f.Ref, f.Note)
	}
	for range 3 {
		d.get(paid)
		if f, _ = d.ReadBack(t.Context(), in); f.Outcome != providers.Unknown {
			break
		}
	}
	if f.Outcome != providers.Applied {
		t.Errorf("a refund that was carried out reads as %v: %s", f.Outcome, f.Note)
	}
	d.wantLedger(1, "POST /refunds 10.00")
	d.set("refund", `{"id":"`+f.Ref.ID+`","status":"canceled","cancellation_details":{"party":"yoo_money","reason":"insufficient_funds"}}`)
	f = d.wantFinding(in, providers.Refused)
	if !strings.Contains(f.Note, "not enough money") {
		t.Errorf("note %q", f.Note)
	}
	if r := d.get(paid); r.Remaining.Text() != "100.00" {
		t.Errorf("a failed refund took %s", r.Remaining)
	}
}

func TestAcceptedIsNotDone(t *testing.T) {
	d := newDesk(t, 13, sim.Options{ProcessingOnce: true}, nil)
	three(d)
	in := d.intent("payment.refund", paid, "k1", nil)
	_, err := d.mustAct(in, providers.Unknown)
	if providers.RetryAfterOf(err) != 1800*time.Millisecond {
		t.Errorf("wait %v", providers.RetryAfterOf(err))
	}
	d.mustAct(in, providers.Applied)
	d.wantLedger(1, "POST /refunds 100.00")
}

// A key is remembered for a day. After that a second send must not refund a
// second time.
func TestLateSendLooksFirst(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	done := d.intent("payment.refund", paid, "k1", providers.Values{"amount": "10.00"})
	lost := d.intent("payment.refund", paid, "k2", providers.Values{"amount": "10.00"})
	d.mustAct(done, providers.Applied)
	d.Clock.Advance(25 * time.Hour)
	d.mustAct(done, providers.Applied)
	d.wantLedger(1, "POST /refunds 10.00")
	d.mustAct(lost, providers.Applied)
	d.wantLedger(2, "POST /refunds 10.00")
}

// The edition of 2019 keeps no metadata on refunds: a refund alike is a doubt,
// never an answer.
func TestRefundWithoutMetadataIsADoubt(t *testing.T) {
	d := newDesk(t, 13, sim.Options{OldDialect: true}, nil)
	three(d)
	in := d.intent("payment.refund", paid, "k1", providers.Values{"amount": "10.00"})
	d.wantFinding(in, providers.Refused)
	d.mustAct(in, providers.Applied)
	if f := d.wantFinding(in, providers.Unknown); len(f.Candidates) != 1 {
		t.Errorf("candidates %v", f.Candidates)
	}
	other := in
	other.Key, other.Amount = "k2", providers.MustMoney("11", "RUB")
	d.wantFinding(other, providers.Refused)
}

func TestWhatIsNotSent(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, nil)
	three(d)
	good := d.intent("payment.refund", paid, "k1", nil)
	tests := []struct {
		name   string
		change func(*providers.Intent)
		says   string
	}{
		{"an unknown action", func(in *providers.Intent) { in.Action = "payment.delete" }, "cannot do"},
		{"no payment", func(in *providers.Intent) { in.Ref.ID = "" }, "none is named"},
		{"another account's payment", func(in *providers.Intent) { in.Ref.Account = "other" }, "another account"},
		{"no amount", func(in *providers.Intent) { in.Amount = providers.Money{} }, "more than zero"},
		{"no currency", func(in *providers.Intent) { in.Amount.Currency = "" }, "have a currency"},
		{"a long key", func(in *providers.Intent) { in.Key = strings.Repeat("k", 65) }, "64 characters"},
		{"a key with spaces", func(in *providers.Intent) { in.Key = "a b" }, "Latin letters"},
		{"a card in the reason", func(in *providers.Intent) { in.Values = providers.Values{"description": "5555 5555 5555 4444"} }, "card number"},
	}
	for _, tt := range tests {
		in := good
		tt.change(&in)
		_, err := d.mustAct(in, providers.Refused)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	d.wantLedger(0, "")
	for _, id := range []string{"payment.credit", "payment.delete"} {
		if v := d.eligible(id, paid, nil); v.Answer != providers.CannotDo || v.Reason == "" {
			t.Errorf("%s: %+v", id, v)
		}
	}
}

func TestReadOnlyAccountSendsNothing(t *testing.T) {
	d := newDesk(t, 13, sim.Options{}, func(a *transport.Account) { a.ReadOnly = true })
	three(d)
	_, err := d.mustAct(d.intent("payment.cancel", cardHold, "k1", nil), providers.Refused)
	if providers.FaultOf(err) != providers.FaultForbidden || strings.Contains(string(d.Gate.Requests()), "/cancel") {
		t.Errorf("%v, %s", err, d.Gate.Requests())
	}
}

// Every send of an intent is the same to the byte, with the same key.
func TestSendsAreAlike(t *testing.T) {
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		seen = append(seen, r.Method+" "+r.URL.String()+" "+r.Header.Get("Idempotence-Key")+" "+string(body))
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer srv.Close()
	a := login
	a.URL, a.Rate = srv.URL+"/prefix/v3", 1e6
	c, err := yookassa.New(a)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := providers.Intent{
		Action: "payment.refund", Ref: providers.Ref{Account: "shop", Kind: providers.Payment, ID: "p/1"},
		Values: providers.Values{"description": "Ошибка"}, Amount: providers.MustMoney("10", "RUB"), Key: "key-1",
	}
	for _, action := range []string{"payment.refund", "payment.refund", "payment.capture", "payment.cancel"} {
		in.Action = action
		if _, err := c.Act(t.Context(), in); providers.OutcomeOf(err) != providers.Unknown {
			t.Errorf("%v", err)
		}
	}
	want := []string{
		`POST /prefix/v3/refunds key-1 {"payment_id":"p/1","amount":{"value":"10.00","currency":"RUB"},"description":"Ошибка","metadata":{"bursar_key":"key-1"}}`,
		`POST /prefix/v3/refunds key-1 {"payment_id":"p/1","amount":{"value":"10.00","currency":"RUB"},"description":"Ошибка","metadata":{"bursar_key":"key-1"}}`,
		`POST /prefix/v3/payments/p%2F1/capture key-1 {"amount":{"value":"10.00","currency":"RUB"}}`,
		`POST /prefix/v3/payments/p%2F1/cancel key-1 {}`,
	}
	if strings.Join(seen, "\n") != strings.Join(want, "\n") {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}

// A success that is about something else is no success.
func TestAnswersThatDoNotBelong(t *testing.T) {
	var body string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
	defer srv.Close()
	a := login
	a.URL, a.Rate = srv.URL, 1e6
	c, err := yookassa.New(a)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	held := providers.Snapshot{Status: "waiting_for_capture"}
	tests := []struct {
		name, action, body string
		want               providers.Outcome
	}{
		{"nothing", "payment.capture", ``, providers.Unknown},
		{"a web page", "payment.capture", `<html></html>`, providers.Unknown},
		{"another payment", "payment.capture", `{"id":"q","status":"succeeded","amount":{"value":"10.00","currency":"RUB"}}`, providers.Unknown},
		{"half", "payment.capture", `{"id":"p","status":"succ`, providers.Unknown},
		{"pending", "payment.capture", `{"id":"p","status":"pending","amount":{"value":"10.00","currency":"RUB"}}`, providers.Unknown},
		{"still held", "payment.capture", `{"id":"p","status":"waiting_for_capture","amount":{"value":"10.00","currency":"RUB"}}`, providers.Unknown},
		{"still held after a cancel", "payment.cancel", `{"id":"p","status":"waiting_for_capture"}`, providers.Unknown},
		{"no amount", "payment.capture", `{"id":"p","status":"succeeded"}`, providers.Unknown},
		{"declined while capturing", "payment.capture", `{"id":"p","status":"canceled","amount":{"value":"10.00","currency":"RUB"}}`, providers.Refused},
		{"captured", "payment.capture", `{"id":"p","status":"succeeded","amount":{"value":"10.0","currency":"RUB"}}`, providers.Applied},
		{"cancelled without details", "payment.cancel", `{"id":"p","status":"canceled"}`, providers.Applied},
		{"a refund of another payment", "payment.refund", `{"id":"r","payment_id":"q","status":"succeeded"}`, providers.Unknown},
		{"a refund without an id", "payment.refund", `{"payment_id":"p","status":"succeeded"}`, providers.Unknown},
		{"a refund in a status nobody knows", "payment.refund", `{"id":"r","payment_id":"p","status":"odd"}`, providers.Unknown},
		{"a refund that is pending", "payment.refund", `{"id":"r","payment_id":"p","status":"pending"}`, providers.Unknown},
		{"a refund that failed", "payment.refund", `{"id":"r","payment_id":"p","status":"canceled"}`, providers.Refused},
	}
	for _, tt := range tests {
		body = tt.body
		in := providers.Intent{
			Action: tt.action, Ref: providers.Ref{Account: "shop", Kind: providers.Payment, ID: "p"},
			Amount: providers.MustMoney("10", "RUB"), Key: "k", Before: held,
		}
		res, err := c.Act(t.Context(), in)
		got := res.Outcome
		if err != nil {
			got = providers.OutcomeOf(err)
		}
		if got != tt.want {
			t.Errorf("%s: %v (%v), want %v", tt.name, got, err, tt.want)
		}
	}
}

// A hanging request ends with the client's own timeout, and the look tells what
// became of it.
func TestTimeoutsAreUnknown(t *testing.T) {
	for kind, want := range map[gate.FaultKind]providers.Outcome{gate.Hang: providers.Refused, gate.ApplyHang: providers.Applied} {
		d := newDesk(t, 13, sim.Options{}, func(a *transport.Account) { a.Timeout = 150 * time.Millisecond })
		three(d)
		d.Gate.AddFault(gate.Fault{System: "yookassa", Call: "POST /refunds", ID: paid, Kind: kind, Times: 1})
		in := d.intent("payment.refund", paid, "k1", nil)
		_, err := d.mustAct(in, providers.Unknown)
		if providers.FaultOf(err) != providers.FaultTimeout {
			t.Errorf("%s: %v", kind, err)
		}
		d.wantFinding(in, want)
	}
}
