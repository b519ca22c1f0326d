package providers

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestKindsAndRefsReadBack(t *testing.T) {
	for _, k := range Kinds() {
		for _, name := range []string{string(k), k.Plural(), strings.ToUpper(string(k))} {
			if got, err := ParseKind(name); err != nil || got != k {
				t.Errorf("%q: %v, %v", name, got, err)
			}
		}
		ref := Ref{Account: "shop", Kind: k, ID: "a/b c"}
		if got, err := ParseRef(ref.String()); err != nil || got != ref {
			t.Errorf("%v: %v, %v", ref, got, err)
		}
	}
	for _, bad := range []string{"", "shop", "shop/payment", "shop/payment/", "/payment/1", "shop/money/1"} {
		if _, err := ParseRef(bad); err == nil {
			t.Errorf("%q passes for a record", bad)
		}
	}
}

func TestMoneyIsShownExactly(t *testing.T) {
	tests := []struct{ value, currency, text, shown string }{
		{"100", "RUB", "100.00", "100.00 RUB"},
		{"1234567.5", "RUB", "1234567.50", "1\u00a0234\u00a0567.50 RUB"},
		{"-12.345", "EUR", "-12.345", "-12.345 EUR"},
		{"1.2300", "EUR", "1.23", "1.23 EUR"},
		{"500", "JPY", "500", "500 JPY"},
		{"7", "", "7.00", "7.00 ?"},
		{"0", "RUB", "0.00", "0.00 RUB"},
		{"7", "R\x1b[31m", "7.00", "7.00 ?"},
		{"7", "\x11\x12\x13", "7.00", "7.00 ?"},
		{"7", "рубли", "7.00", "7.00 ?"},
		{"7", strings.Repeat("R", 9), "7.00", "7.00 ?"},
	}
	for _, tt := range tests {
		m := MustMoney(tt.value, tt.currency)
		if m.Text() != tt.text || m.String() != tt.shown {
			t.Errorf("%s %s: %q, %q", tt.value, tt.currency, m.Text(), m.String())
		}
		if printed := fmt.Sprintf("%v|%s", m, m); printed != tt.shown+"|"+tt.shown {
			t.Errorf("%s %s: printed %q", tt.value, tt.currency, printed)
		}
		b, err := json.Marshal(m)
		var back Money
		if err != nil || json.Unmarshal(b, &back) != nil || !back.Equal(m) {
			t.Errorf("%s came back as %v", b, back)
		}
	}
	if got := fmt.Sprintf("%-12s|%+v", MustMoney("1", "RUB"), MustMoney("1", "RUB")); got != "1.00 RUB    |1.00 RUB" {
		t.Errorf("printed %q", got)
	}
	if (Money{}).String() != "" {
		t.Error("no amount is shown")
	}
}

func TestParseAmountRefusesWhatIsNoAmount(t *testing.T) {
	for _, bad := range []string{"", " ", "1,5", "1e9", "0x10", "NaN", "1.2.3", "--1", "1-", ".", strings.Repeat("9", 41)} {
		if d, err := ParseAmount(bad); err == nil {
			t.Errorf("%q passes as %v", bad, d)
		}
	}
}

func TestSumsStayPerCurrency(t *testing.T) {
	var s Sums
	for _, m := range []Money{MustMoney("10", "RUB"), MustMoney("0.5", "RUB"), MustMoney("3", "EUR"), MustMoney("9", ""), {}} {
		s.Add(m)
	}
	if s.String() != "3.00 EUR · 10.50 RUB · 1 without currency" {
		t.Errorf("sums %q", s.String())
	}
	s.Take(MustMoney("3", "EUR"))
	if len(s.All()) != 1 || !s.Of("RUB").Equal(MustMoney("10.50", "RUB")) {
		t.Errorf("after taking one out: %v", s)
	}
	b, _ := json.Marshal(s)
	if string(b) != `{"RUB":"10.50"}` {
		t.Errorf("as JSON %s", b)
	}
}

func TestAddingAndTakingCancelOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Sums
		var all []Money
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			cents := rapid.Int64Range(-1e9, 1e9).Draw(t, "cents")
			m := MustMoney(fmt.Sprintf("%d.%02d", cents/100, max(cents, -cents)%100), rapid.SampledFrom([]string{"RUB", "EUR", ""}).Draw(t, "currency"))
			all = append(all, m)
			s.Add(m)
		}
		for _, m := range all {
			s.Take(m)
		}
		if !s.Equal(Sums{}) || len(s.All()) != 0 {
			t.Fatalf("left over: %v", s)
		}
	})
}

func TestCardsAreMasked(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"whole", "card 4111111111111111 ok", "card •• 1111 ok"},
		{"groups", "4111 1111 1111 1111", "•• 1111"},
		{"dashes", "5555-5555-5555-4444.", "•• 4444."},
		{"glued to letters", "pan4111111111111111x", "pan•• 1111x"},
		{"expiry behind", "4111 1111 1111 1111 12/27", "•• 1111 12/27"},
		{"two", "4111111111111111,5555555555554444", "•• 1111,•• 4444"},
		{"dots", "4111.1111.1111.1111", "•• 1111"},
		{"narrow spaces", "4111\u202f1111\u202f1111\u202f1111", "•• 1111"},
		{"long hyphens", "4111\u20111111\u20111111\u20111111", "•• 1111"},
		{"Humo", "9860 0000 0000 0000", "•• 0000"},
		{"Uzcard", "8600000000000007", "•• 0007"},
		{"Belkart", "9112 0000 0000 0006", "•• 0006"},
		{"a fiscal drive", "9960440300000004", "9960440300000004"},
		{"a bad check digit", "4111111111111112", "4111111111111112"},
		{"dates", "2026-11-01 2026-11-15", "2026-11-01 2026-11-15"},
		{"a uuid", "22e12f66-000f-5000-8000-18db351245c7", "22e12f66-000f-5000-8000-18db351245c7"},
		{"a phone", "+79991234567", "+79991234567"},
		{"an account of 20 digits", "40817810099910004312", "40817810099910004312"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := MaskText(tt.text); got != tt.want {
				t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
			}
			if HasCard(tt.text) != (tt.text != tt.want) {
				t.Errorf("HasCard says %v", HasCard(tt.text))
			}
		})
	}
}

// What was written must be read back, or a store that holds one such amount
// would be thrown away as damaged.
func TestLongAmountsComeBack(t *testing.T) {
	for _, text := range []string{strings.Repeat("9", 40), "-" + strings.Repeat("9", 39), "0." + strings.Repeat("1", 38), strings.Repeat("9", 38) + ".1"} {
		m := MustMoney(text, "RUB")
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back Money
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(m) {
			t.Errorf("%s came back as %v: %v", text, back, err)
		}
		var sums, same Sums
		for range 1000 {
			sums.Add(m)
		}
		if b, err = json.Marshal(sums); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &same); err != nil || !same.Equal(sums) {
			t.Errorf("a thousand times %s came back as %v: %v", text, same, err)
		}
	}
}

func TestMaskJSON(t *testing.T) {
	rule := MaskRule{Drop: []string{"passport"}, Card: []string{"account_number"}, Keep: []string{"fiscal"}}
	in := `{"n":4111111111111111,"t":"4111111111111111","account_number":"220024000000000009","passport":{"number":"1234"},"fiscal":"4111111111111111","amount":10.10,"list":["5555555555554444",null,true]}`
	got := string(MaskJSON([]byte(in), rule))
	want := `{"account_number":"•• 0009","amount":10.10,"fiscal":"4111111111111111","list":["•• 4444",null,true],"n":"•• 1111","passport":"(not kept)","t":"•• 1111"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, bad := range []string{"", "{", "{} {}", "nonsense 4111111111111111"} {
		if got := string(MaskJSON([]byte(bad), rule)); got != "{}" {
			t.Errorf("%q became %s", bad, got)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("4111 1111-1111 1111 2026")
	f.Add(`{"a":"4111111111111111"}`)
	f.Fuzz(func(t *testing.T, s string) {
		once := MaskText(s)
		if HasCard(once) {
			t.Errorf("%q still holds a card after masking: %q", s, once)
		}
		if out := MaskJSON([]byte(s), MaskRule{}); !json.Valid(out) {
			t.Errorf("%q became invalid JSON: %s", s, out)
		}
	})
}

func TestErrorsProveOrDoNotProve(t *testing.T) {
	tests := map[Fault]Outcome{
		FaultOther: Unknown, FaultTimeout: Unknown, FaultServer: Unknown, FaultProtocol: Unknown,
		FaultAuth: Refused, FaultForbidden: Refused, FaultInput: Refused, FaultState: Refused, FaultNotFound: Refused, FaultLimited: Refused, FaultOffline: Refused,
	}
	for fault, want := range tests {
		err := fmt.Errorf("wrapped: %w", &Error{Fault: fault})
		if got := OutcomeOf(err); got != want {
			t.Errorf("%v: %v, want %v", fault, got, want)
		}
	}
	if OutcomeOf(errors.New("anything")) != Unknown || OutcomeOf(nil) != Applied {
		t.Error("a foreign error or none is judged wrongly")
	}
	e := &Error{Account: "shop", Op: "POST /refunds", Fault: FaultInput, Field: "amount", Message: "too much", Code: "invalid_request"}
	if want := "shop: POST /refunds: value refused (amount): too much [invalid_request]"; e.Error() != want {
		t.Errorf("%q, want %q", e.Error(), want)
	}
}

func TestFieldsRefuseBadValues(t *testing.T) {
	tests := []struct {
		field Field
		value string
		good  bool
	}{
		{Field{Title: "Amount", Type: AmountField}, "10.50", true},
		{Field{Title: "Amount", Type: AmountField}, "10.505", false},
		{Field{Title: "Amount", Type: AmountField}, "0", false},
		{Field{Title: "Amount", Type: AmountField}, "-1", false},
		{Field{Title: "Amount", Type: AmountField, Required: true}, "", false},
		{Field{Title: "Amount", Type: AmountField}, "", true},
		{Field{Title: "Note", MaxLen: 3}, "абв", true},
		{Field{Title: "Note", MaxLen: 3}, "абвг", false},
		{Field{Title: "Phone", Type: PhoneField}, "+79991234567", true},
		{Field{Title: "Phone", Type: PhoneField}, "89991234567", false},
		{Field{Title: "N", Type: IntegerField}, "12", true},
		{Field{Title: "N", Type: IntegerField}, "1.2", false},
		{Field{Title: "C", Type: ChoiceField, Choices: []Choice{{Value: "a"}}}, "a", true},
		{Field{Title: "C", Type: ChoiceField, Choices: []Choice{{Value: "a"}}}, "b", false},
		{Field{Title: "D", Type: DateField}, "2026-11-22", true},
		{Field{Title: "D", Type: DateField}, "22.11.2026", false},
		{Field{Title: "F", Type: FlagField}, "maybe", false},
		{Field{Title: "X", Check: func(string) error { return errors.New("no") }}, "x", false},
	}
	for _, tt := range tests {
		if err := tt.field.Validate(tt.value); (err == nil) != tt.good {
			t.Errorf("%s %q: %v", tt.field.Title, tt.value, err)
		}
	}
	a := Action{ID: "payment.refund", Fields: []Field{{Name: "amount", Type: AmountField}}}
	if errs := a.Check(Values{"amount": "1", "amuont": "2"}); errs["amuont"] == nil || len(errs) != 1 {
		t.Errorf("an unknown field passes: %v", errs)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"username", "url", "rate", "workers"}
	for word, want := range map[string]string{"usernam": "username", "workesr": "workers", "rat": "rate", "zzzzzz": ""} {
		if got := Nearest(word, words); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
