package billmanager

import (
	"strings"
	"testing"

	"bursar/providers"
)

func TestMoneyAsPanelsPrintIt(t *testing.T) {
	tests := []struct{ text, amount, currency string }{
		{"100.00 RUB", "100", "RUB"},
		{"-100.00 RUB", "-100", "RUB"},
		{"5.00 $", "5", "USD"},
		{"$5.00", "5", "USD"},
		{"€5.00", "5", "EUR"},
		{"-€5.00", "-5", "EUR"},
		{"€-5.00", "-5", "EUR"},
		{"− 5.00 €", "-5", "EUR"},
		{"5,00 EUR", "5", "EUR"},
		{"1 234,50 ₽", "1234.5", "RUB"},
		{"1\u00a0234\u00a0567.89 руб.", "1234567.89", "RUB"},
		{"1,234.50 USD", "1234.5", "USD"},
		{"1.234,50 EUR", "1234.5", "EUR"},
		{"1,234,567 USD", "1234567", "USD"},
		{"1.500 KWD", "1.5", "KWD"},
		{"0.125 USD", "0.125", "USD"},
		{"100 rub", "100", "RUB"},
		{"0.00 RUB", "0", "RUB"},
		{"100.00", "100", ""},
		{"100.00 credits", "100", ""},
		{"100.00 ¤", "100", ""},
	}
	for _, tt := range tests {
		m, err := parseMoney(tt.text)
		if err != nil || m.Currency != tt.currency || m.Decimal.String() != tt.amount {
			t.Errorf("%q: %s %q, %v; want %s %q", tt.text, m.Decimal, m.Currency, err, tt.amount, tt.currency)
		}
	}
	for _, text := range []string{"", "RUB", "1,000 EUR", "1.000 EUR", "1.2.3 RUB", "12,34,5 RUB", "1 23 RUB", "--5 RUB", "5- RUB", "RUB 5 RUB", "1e5 RUB", "1..5 RUB", strings.Repeat("9", 100) + " RUB"} {
		if m, err := parseMoney(text); err == nil {
			t.Errorf("%q passes as %s", text, m)
		}
	}
}

func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"100.00 RUB", "€-5.00", "1 234,50 ₽", "1,000 EUR", "", "-", "1.2.3", "\xff5 $"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMoney(text)
		if err != nil {
			return
		}
		if strings.ContainsAny(m.Currency, "0123456789 ") || m.IsNegative() != strings.ContainsAny(text, "-−") && !m.IsZero() {
			t.Errorf("%q: %s %q", text, m.Decimal, m.Currency)
		}
		again, err := parseMoney(m.Text() + " " + m.Currency)
		if err == nil && !again.Decimal.Equal(m.Decimal) {
			t.Errorf("%q: %s becomes %s", text, m.Decimal, again.Decimal)
		}
	})
}

func TestStatusIsReadByCodeAlone(t *testing.T) {
	tests := []struct {
		name string
		cell cell
		code string
		want providers.Phase
	}{
		{"the code beside a word", cell{Text: "Credited", Orig: "4"}, "4", providers.PhaseDone},
		{"the code alone", cell{Text: "9"}, "9", providers.PhaseCancelled},
		{"the word Paid beside 2", cell{Text: "Paid", Orig: "2"}, "2", providers.PhaseWaiting},
		{"the word Paid beside 4", cell{Text: "Paid", Orig: "4"}, "4", providers.PhaseDone},
		{"a word alone", cell{Text: "Credited"}, noCode, providers.PhaseUnknown},
		{"a code that is new", cell{Text: "Paused", Orig: "11"}, "11", providers.PhaseUnknown},
		{"nothing", cell{}, noCode, providers.PhaseUnknown},
	}
	for _, tt := range tests {
		if s := statusOf(tt.cell); s.Code != tt.code || s.Phase != tt.want || s.Label == "" {
			t.Errorf("%s: %+v", tt.name, s)
		}
	}
	phases := map[string]providers.Phase{
		"1": providers.PhaseNew, "2": providers.PhaseWaiting, "3": providers.PhaseWaiting, "4": providers.PhaseDone, "5": providers.PhaseWaiting,
		"6": providers.PhaseReturned, "7": providers.PhaseFailed, "8": providers.PhaseWaiting, "9": providers.PhaseCancelled, "100": providers.PhaseCancelled,
	}
	for code, phase := range phases {
		if s := statusOf(cell{Orig: code}); s.Phase != phase || s.Code != code {
			t.Errorf("status %s: %+v, want %v", code, s, phase)
		}
	}
}
