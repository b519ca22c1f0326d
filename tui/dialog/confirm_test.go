package dialog

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"
)

func TestConfirmTakesOnlyWhatWasAskedFor(t *testing.T) {
	sums := providers.Sums{}
	sums.Add(providers.MustMoney("150000.50", "RUB"))
	sums.Add(providers.MustMoney("10.00", "EUR"))
	env := &view.Env{Keys: keymap.Default()}
	tests := []struct {
		name      string
		answers   []string
		paste     bool
		done      bool
		cancelled bool
	}{
		{"count and sum", []string{"1200", "150000.50"}, false, true, false},
		{"blanks between digits do not count", []string{"1 200", "150 000.5"}, false, true, false},
		{"the count alone is not enough", []string{"1200"}, false, false, false},
		{"a wrong count", []string{"120", "1200"}, false, false, false},
		{"a wrong sum", []string{"1200", "150000.05"}, false, false, false},
		{"nothing typed cancels", []string{""}, false, false, true},
		{"a paste confirms nothing", []string{"1200"}, true, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newConfirm(1200, sums, decimal.NewFromInt(100_000), true)
			var done, cancelled bool
			for _, a := range tt.answers {
				if a != "" {
					c.key(env, view.Key{Text: a, Name: a, Paste: tt.paste})
				}
				done, cancelled = c.key(env, view.Key{Name: "enter"})
			}
			if done != tt.done || cancelled != tt.cancelled {
				t.Errorf("done %v, cancelled %v; want %v, %v", done, cancelled, tt.done, tt.cancelled)
			}
		})
	}
}

// TestALongSumCanBeConfirmed has a sum with more digits than an amount may have.
func TestALongSumCanBeConfirmed(t *testing.T) {
	digits := strings.Repeat("9", 60)
	sums := providers.Sums{}
	sums.Add(providers.Money{Decimal: decimal.RequireFromString(digits), Currency: "RUB"})
	env := &view.Env{Keys: keymap.Default()}
	c := newConfirm(2, sums, decimal.NewFromInt(100_000), true)
	done := false
	for _, answer := range []string{"2", digits[1:], digits} {
		c.key(env, view.Key{Text: answer, Name: answer})
		if done {
			t.Fatal("a shorter sum was taken")
		}
		done, _ = c.key(env, view.Key{Name: "enter"})
	}
	if !done {
		t.Errorf("the sum cannot be typed: %s", c.said)
	}
}

func TestFormRefusesAtTheField(t *testing.T) {
	env := &view.Env{Keys: keymap.Default()}
	f := newForm([]providers.Field{
		{Name: "amount", Title: "Amount", Type: providers.AmountField, Required: true},
		{Name: "method", Title: "Method", Type: providers.ChoiceField, Required: true, Choices: []providers.Choice{{Value: "card", Title: "card"}, {Value: "sbp", Title: "SBP"}}},
		{Name: "notify", Title: "Notify", Type: providers.FlagField},
	})
	press := func(names ...string) (submit bool) {
		for _, n := range names {
			k := view.Key{Name: n}
			if len(n) == 1 {
				k.Text = n
			}
			submit = f.key(env, k)
		}
		return submit
	}
	if press("enter") || f.rows[0].err == nil || f.at != 0 {
		t.Fatal("an empty amount was taken")
	}
	press("0", "enter")
	if f.rows[0].err == nil {
		t.Error("an amount of zero was taken")
	}
	press("backspace", "5", "enter", "right", "enter", "right")
	if !press("enter") {
		t.Fatalf("the form is not done: %+v", f.rows)
	}
	want := providers.Values{"amount": "5", "method": "sbp", "notify": "on"}
	got := f.values()
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %q, want %q", name, got[name], v)
		}
	}
}
