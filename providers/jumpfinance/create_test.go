package jumpfinance_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/jumpfinance"
	"bursar/providers/sandbox/world"
)

func values(pairs ...string) providers.Values {
	v := providers.Values{"contractor_id": contractorID(4), "amount": "100.50"}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			delete(v, pairs[i])
			continue
		}
		v[pairs[i]] = pairs[i+1]
	}
	return v
}

// TestJF1CreatePayout sends the whole form and looks at the request and at the
// payout that came of it.
func TestJF1CreatePayout(t *testing.T) {
	r := newRig(t, setup{})
	var body string
	r.seen = func(req *http.Request) {
		if req.Method == http.MethodPost {
			raw, _ := io.ReadAll(req.Body)
			body, req.Body = string(raw), io.NopCloser(bytes.NewReader(raw))
		}
	}
	v := values("payment_purpose", "За услуги", "customer_payment_id", "reg-7; a", "agent_id", "2", "branch_office_id", "2", "bank_account_id", "1",
		"type_id", "10", "account_number", "+79990000001", "sbp_bank_id", "100000000004")
	res, err := r.Act(t.Context(), r.create("reg-7; a", v))
	if err != nil || res.Outcome != providers.Applied {
		t.Fatalf("%v %v", res, err)
	}
	for _, want := range []string{`"amount":100.5`, `"customer_payment_id":"reg-7; a"`, `"sbp_bank_id":100000000004`, `"account_number":"+79990000001"`, `"contractor_id":` + contractorID(4)} {
		if !strings.Contains(body, want) {
			t.Errorf("the request has no %s: %s", want, body)
		}
	}
	rec, err := r.Get(t.Context(), res.Ref)
	if err != nil || rec.Number != "reg-7; a" || rec.Status.Code != "3" || rec.Amount.String() != "100.50 RUB" || rec.Note != "За услуги" {
		t.Errorf("%+v %v", rec, err)
	}
	if !strings.Contains(string(r.gate.Ledger()), `"key":"reg-7; a"`) || r.ledger() != 1 {
		t.Errorf("ledger: %s", r.gate.Ledger())
	}
	r.clock.Advance(3 * time.Minute)
	if rec, _ := r.Get(t.Context(), res.Ref); rec.Status.Phase != providers.PhaseDone {
		t.Errorf("three minutes later it is %v", rec.Status)
	}
}

// TestCreateForm checks each precondition that a form or a CSV row must meet,
// and that Act sends nothing when it is not met.
func TestCreateForm(t *testing.T) {
	card := "5469550053219652"
	tests := []struct {
		name string
		v    providers.Values
		key  string
		want string // in the reason
	}{
		{"JF-71 an own id of 37 characters", values("customer_payment_id", strings.Repeat("a", 37)), strings.Repeat("a", 37), "limit is 36"},
		{"JF-71 an own id in Russian", values("customer_payment_id", "счёт"), "счёт", "may not hold"},
		{"an own id of dots", values("customer_payment_id", ".."), "..", "dots"},
		{"an own id that ends with a space", values("customer_payment_id", "a "), "a ", "space"},
		{"an own id that is not the key", values("customer_payment_id", "a"), "b", "not the key"},
		{"JF-72 a card in the purpose", values("payment_purpose", "на карту "+card), "k", "card number"},
		{"JF-72 a card in the service", values("service_name", card), "k", "card number"},
		{"JF-72 a card as own id", values("customer_payment_id", card), card, "card number"},
		{"a card as the requisite", values("type_id", "10", "account_number", card, "sbp_bank_id", "1"), "k", "card number"},
		{"JF-73 a balance and a legal entity", values("balance_id", "5", "agent_id", "1"), "k", "balance fixes"},
		{"JF-81 a type that is not offered", values("type_id", "9", "account_number", "+79990000001", "sbp_bank_id", "1"), "k", "cannot be"},
		{"half a requisite", values("account_number", "+79990000001"), "k", "needs type_id"},
		{"two requisites", values("requisite_id", "5", "type_id", "10"), "k", "not both"},
		{"nobody to pay", values("contractor_id", ""), "k", "phone or id"},
		{"two to pay", values("phone", "+79990000001"), "k", "not both"},
		{"a phone in another form", values("contractor_id", "", "phone", "89990000001"), "k", "must look like"},
		{"an id that is none", values("contractor_id", "-5"), "k", "above zero"},
		{"no amount", values("amount", ""), "k", "required"},
		{"zero", values("amount", "0"), "k", "more than zero"},
		{"three decimals", values("amount", "1.005"), "k", "two decimals"},
		{"an amount with an exponent", values("amount", "1e3"), "k", "not a number"},
		{"an amount beyond reason", values("amount", "99999999999999999"), "k", "too many digits"},
	}
	r := newRig(t, setup{})
	a, _ := providers.FindAction(r.Client, "payout.create")
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if tc.want != "not the key" {
				verdict := a.Eligible(providers.Record{}, tc.v)
				if verdict.Answer != providers.CannotDo || !strings.Contains(verdict.Reason, tc.want) {
					t.Errorf("eligible: %v %q, want %q", verdict.Answer, verdict.Reason, tc.want)
				}
			}
			if tc.name[:2] == "JF" && len(a.Check(tc.v)) == 0 && !strings.HasPrefix(tc.name, "JF-73") {
				t.Error("the form takes it")
			}
			_, err := r.Act(t.Context(), r.create(tc.key, tc.v))
			if providers.OutcomeOf(err) != providers.Refused || !strings.Contains(err.Error(), tc.want) && !strings.Contains(err.Error(), "own id") {
				t.Errorf("act: %v, want %q", err, tc.want)
			}
		})
	}
	if n := len(r.calls()); n != 0 {
		t.Errorf("%d requests left: %v", n, r.calls())
	}
}

func TestCreateByPhone(t *testing.T) {
	r := newRig(t, setup{})
	person := r.world.Person(world.Contractors, 9)
	byPhone := func(phone string, more ...string) providers.Values {
		return values(append([]string{"contractor_id", "", "phone", phone}, more...)...)
	}
	res, err := r.Act(t.Context(), r.create("p1", byPhone(person.Phone)))
	if err != nil || res.After.Party.Phone != person.Phone || res.After.Party.ID != contractorID(9) {
		t.Fatalf("%+v %v", res.After, err)
	}
	lists := r.count("GET /contractors")
	if _, err := r.Act(t.Context(), r.create("p2", byPhone(r.world.Person(world.Contractors, 10).Phone))); err != nil || r.count("GET /contractors") != lists {
		t.Errorf("the phones were read again for the second payout, %v", err)
	}

	r.clock.Advance(2 * time.Minute)
	_, err = r.Act(t.Context(), r.create("p3", byPhone("+79990001122")))
	if providers.FaultOf(err) != providers.FaultInput || !strings.Contains(err.Error(), "no contractor has the phone") {
		t.Errorf("nobody's phone: %v", err)
	}

	// The phone moves to another contractor behind the book's back.
	r.set("contractors", map[string]any{"id": number(contractorID(9)), "phone": "+79990001122"})
	if _, err := r.Act(t.Context(), r.create("p4", byPhone(person.Phone))); providers.OutcomeOf(err) != providers.Refused {
		t.Errorf("a phone that moved: %v", err)
	}
	r.set("contractors", map[string]any{"id": number(contractorID(8)), "phone": "+79990001122"})
	r.clock.Advance(11 * time.Minute)
	if _, err := r.Act(t.Context(), r.create("p5", byPhone("+79990001122"))); providers.OutcomeOf(err) != providers.Refused || !strings.Contains(err.Error(), "2 contractors") {
		t.Errorf("a phone of two: %v", err)
	}
	if r.ledger() != 2 {
		t.Errorf("ledger: %s", r.gate.Ledger())
	}
}

func TestJF76ServiceIsForTheSelfEmployed(t *testing.T) {
	r := newRig(t, setup{})
	for _, rec := range r.all(providers.Query{Kind: providers.Contractor})[:20] {
		res, err := r.Act(t.Context(), r.create("s"+rec.Ref.ID, values("contractor_id", rec.Ref.ID, "service_name", "Перевод текста")))
		if rec.HasFlag("self-employed") != (res.Outcome == providers.Applied) || err != nil && providers.OutcomeOf(err) != providers.Refused {
			t.Errorf("%s %v: %v %v", rec.Method, rec.Flags, res.Outcome, err)
		}
	}
}

// TestJF29NoMoneyMovesWhenTheCabinetForbidsIt reads the settings before money.
func TestJF29NoMoneyMovesWhenTheCabinetForbidsIt(t *testing.T) {
	r := newRig(t, setup{sim: simulator.Options{WithdrawalsOff: true}})
	rec := r.payoutWith(repeatableOne)
	for name, in := range map[string]providers.Intent{"create": r.create("k", values()), "repeat": r.repeat(rec)} {
		if _, err := r.Act(t.Context(), in); providers.FaultOf(err) != providers.FaultForbidden || !strings.Contains(err.Error(), "personal account") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := r.count("GET /settings"); n != 1 {
		t.Errorf("the settings were read %d times within a minute", n)
	}
	if n := r.count(createCall) + r.count(repeatCall); n != 0 {
		t.Errorf("%d money requests left", n)
	}
	for _, a := range r.Actions(providers.Payout) {
		if v := a.Eligible(rec, values()); v.Answer != providers.CannotDo {
			t.Errorf("%s: %v", a.ID, v)
		}
	}
	r.set("settings", map[string]any{"is_allow_withdraw": true})
	r.clock.Advance(time.Minute)
	if res, err := r.Act(t.Context(), r.create("k", values())); err != nil || res.Outcome != providers.Applied {
		t.Errorf("a minute after they were switched on: %v %v", res, err)
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	for _, tc := range []struct {
		name    string
		status  int
		outcome providers.Outcome
	}{
		{"an account without that path pays", http.StatusNotFound, providers.Applied},
		{"a key that may not read them pays", http.StatusForbidden, providers.Applied},
		{"a server that is down sends nothing", http.StatusBadGateway, providers.Refused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, setup{})
			r.mangle = func(w http.ResponseWriter, req *http.Request) bool {
				if strings.HasSuffix(req.URL.Path, "/settings") {
					w.WriteHeader(tc.status)
					return true
				}
				return false
			}
			res, err := r.Act(t.Context(), r.create("k", values()))
			if got := providers.OutcomeOf(err); got != tc.outcome || err == nil && res.Outcome != tc.outcome {
				t.Errorf("%v %v", res.Outcome, err)
			}
			if err != nil && !providers.Passing(err) {
				t.Errorf("nothing was sent, so it may be tried later: %v", err)
			}
		})
	}
}

// TestOwnIDThatIsUsed covers the refusal of a used own id, which is how the
// service says that the payout is there.
func TestOwnIDThatIsUsed(t *testing.T) {
	r := newRig(t, setup{})
	first, err := r.Act(t.Context(), r.create("again", values()))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := r.Act(t.Context(), r.create("again", values())); err != nil || res.Outcome != providers.Applied || res.Ref != first.Ref {
		t.Errorf("the same intent: %v %v", res, err)
	}
	for name, v := range map[string]providers.Values{"another amount": values("amount", "99"), "another contractor": values("contractor_id", contractorID(5))} {
		_, err := r.Act(t.Context(), r.create("again", v))
		if providers.FaultOf(err) != providers.FaultInput || !strings.Contains(err.Error(), first.Ref.ID) {
			t.Errorf("%s: %v", name, err)
		}
		f, err := r.ReadBack(t.Context(), r.create("again", v))
		if err != nil || f.Outcome != providers.Refused || len(f.Candidates) != 1 {
			t.Errorf("%s, read back: %+v %v", name, f, err)
		}
	}
	// A registry that is run again a day later: its rows are paid already.
	in := r.create("again", values("customer_payment_id", "again"))
	in.Sent = r.clock.Now().Add(24 * time.Hour)
	if _, err := r.Act(t.Context(), in); providers.FaultOf(err) != providers.FaultInput || !strings.Contains(err.Error(), "belongs to payout "+first.Ref.ID) {
		t.Errorf("a day later: %v", err)
	}
	if r.ledger() != 1 {
		t.Errorf("ledger: %s", r.gate.Ledger())
	}
}

// TestUsedOwnIDWhosePayoutIsNotFound must stay open: somebody was paid.
func TestUsedOwnIDWhosePayoutIsNotFound(t *testing.T) {
	r := newRig(t, setup{account: nil})
	if _, err := r.Act(t.Context(), r.create("k", values())); err != nil {
		t.Fatal(err)
	}
	r.mangle = func(w http.ResponseWriter, req *http.Request) bool {
		if strings.Contains(req.URL.Path, "customer-payment") {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"error":{"title":"Ошибка","detail":"Ресурс не найден","fields":null,"code":404}}`)
			return true
		}
		return false
	}
	if _, err := r.Act(t.Context(), r.create("k", values())); providers.OutcomeOf(err) != providers.Unknown {
		t.Errorf("%v", err)
	}
}

func TestReadBackOfACreate(t *testing.T) {
	t.Run("a payout that lands late is found by the second look", func(t *testing.T) {
		r := newRig(t, setup{})
		in, looks := r.create("late", values()), 0
		r.mangle = func(_ http.ResponseWriter, req *http.Request) bool {
			if strings.Contains(req.URL.Path, "customer-payment") {
				if looks++; looks == 2 {
					r.set("payments", map[string]any{"contractor_id": number(contractorID(4)), "amount": 100.5, "customer_payment_id": "late"})
				}
			}
			return false
		}
		f, err := r.ReadBack(t.Context(), in)
		if err != nil || f.Outcome != providers.Applied || f.Ref.ID == "" || looks != 2 {
			t.Errorf("%+v %v after %d looks", f, err, looks)
		}
	})
	t.Run("a payout that is not there after two looks was not made", func(t *testing.T) {
		r := newRig(t, setup{})
		began := r.clock.Now()
		f, err := r.ReadBack(t.Context(), r.create("none", values()))
		if err != nil || f.Outcome != providers.Refused || r.clock.Now().Equal(began) {
			t.Errorf("%+v %v", f, err)
		}
	})
	t.Run("a 404 that is not the service's own proves nothing", func(t *testing.T) {
		r := newRig(t, setup{})
		r.mangle = func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "<html><body>nginx</body></html>")
			return true
		}
		if f, err := r.ReadBack(t.Context(), r.create("none", values())); err == nil || f.Outcome != providers.Unknown {
			t.Errorf("%+v %v", f, err)
		}
	})
	t.Run("an answer about another payout proves nothing", func(t *testing.T) {
		r := newRig(t, setup{})
		r.mangle = func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, `{"item":{"id":5,"amount":100.5,"customer_payment_id":"other","status":{"id":1}}}`)
			return true
		}
		if f, err := r.ReadBack(t.Context(), r.create("none", values())); err == nil || f.Outcome != providers.Unknown {
			t.Errorf("%+v %v", f, err)
		}
	})
}

// TestEveryFaultOfACreateEndsWithOnePayout does what the batch engine does:
// send, read back, send again with the same key when it was certainly not done.
func TestEveryFaultOfACreateEndsWithOnePayout(t *testing.T) {
	for _, fault := range []string{"apply-500", "500", "cut", "429=1", "html", "expired"} {
		t.Run(fault, func(t *testing.T) {
			r := newRig(t, setup{})
			r.fault("jumpfinance:" + createCall + ":*:" + fault)
			in := r.create("once", values())
			var ref providers.Ref
			for range 3 {
				res, err := r.Act(t.Context(), in)
				if ref = res.Ref; err == nil {
					break
				}
				if providers.OutcomeOf(err) == providers.Refused {
					continue
				}
				f, err := r.ReadBack(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				if ref = f.Ref; f.Outcome == providers.Applied {
					break
				}
				if f.Outcome == providers.Unknown {
					t.Fatalf("read back: %+v", f)
				}
			}
			if r.ledger() != 1 || ref.ID == "" || !strings.Contains(string(r.gate.Ledger()), fmt.Sprintf("%q", ref.ID)) {
				t.Errorf("ref %v, ledger %s", ref, r.gate.Ledger())
			}
		})
	}
}

func TestHangIsATimeoutAndIsReadBack(t *testing.T) {
	for fault, want := range map[string]providers.Outcome{"apply-hang": providers.Applied, "hang": providers.Refused} {
		t.Run(fault, func(t *testing.T) {
			r := newRig(t, setup{timeout: 150 * time.Millisecond})
			r.fault("jumpfinance:" + createCall + ":*:" + fault)
			in := r.create("h", values())
			if _, err := r.Act(t.Context(), in); providers.FaultOf(err) != providers.FaultTimeout {
				t.Errorf("%v", err)
			}
			if f, err := r.ReadBack(t.Context(), in); err != nil || f.Outcome != want {
				t.Errorf("%+v %v", f, err)
			}
		})
	}
}
