package providers

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"github.com/shopspring/decimal"
)

// UnknownCurrency is shown where a payment system named no currency that
// bursar knows. Amounts in it are kept out of every sum.
const UnknownCurrency = "?"

// Money is an exact amount in major units with its ISO 4217 currency. An empty
// Currency means unknown. The zero value is "no amount".
type Money struct {
	decimal.Decimal
	Currency string
}

// NewMoney reads a decimal text such as "100.00", without spaces or signs of
// currency.
func NewMoney(value, currency string) (Money, error) {
	d, err := ParseAmount(value)
	if err != nil {
		return Money{}, err
	}
	return Money{Decimal: d, Currency: currency}, nil
}

// MustMoney is NewMoney for constants in tests and tables; it panics on a bad
// value.
func MustMoney(value, currency string) Money {
	m, err := NewMoney(value, currency)
	if err != nil {
		panic(err)
	}
	return m
}

// maxAmountLen bounds what ParseAmount takes: no payment system sends an
// amount this long, and an exponent or a book of digits must not cost memory.
const maxAmountLen = 40

// ParseAmount reads a plain decimal number with a dot: digits, at most one
// sign and one dot, no exponent.
func ParseAmount(s string) (decimal.Decimal, error) { return parseAmount(s, maxAmountLen) }

// maxWrittenLen bounds what is read back of amounts that were written here. Text
// adds decimals to an amount that ParseAmount took, and sums have more digits.
const maxWrittenLen = 10 * maxAmountLen

func parseAmount(s string, longest int) (decimal.Decimal, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return decimal.Decimal{}, fmt.Errorf("the amount is empty: write a number such as 100.00")
	}
	if len(s) > longest {
		return decimal.Decimal{}, fmt.Errorf("the amount %q… is longer than %d characters", s[:16], longest)
	}
	for i, c := range s {
		if (c < '0' || c > '9') && c != '.' && !(i == 0 && (c == '-' || c == '+')) {
			return decimal.Decimal{}, fmt.Errorf("the amount %q is not a number: write digits with a dot, such as 100.00", s)
		}
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("the amount %q is not a number: write digits with a dot, such as 100.00", s)
	}
	return d, nil
}

// minorDigits lists the currencies whose minor unit is not two digits.
var minorDigits = map[string]int32{"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "BYR": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}

// MinorDigits is the number of decimals that a currency is written with.
func MinorDigits(currency string) int32 {
	if n, ok := minorDigits[currency]; ok {
		return n
	}
	return 2
}

// Known reports whether the amount has a currency and may take part in a sum.
// What a system sent that is no code is none.
func (m Money) Known() bool {
	if m.Currency == "" || len(m.Currency) > maxCode {
		return false
	}
	for i := range len(m.Currency) {
		if c := m.Currency[i]; (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// maxCode is the longest code of a currency; ISO 4217 has three letters.
const maxCode = 8

// IsNone reports whether there is no amount at all, as opposed to zero of a
// currency.
func (m Money) IsNone() bool { return m.Currency == "" && m.IsZero() }

// Text is the number alone with the currency's decimals; further decimals that
// the system sent are kept, never rounded away.
func (m Money) Text() string {
	digits := MinorDigits(m.Currency)
	if -m.Exponent() > digits {
		if t := m.Truncate(digits); !t.Equal(m.Decimal) {
			return m.Decimal.String()
		}
	}
	return m.StringFixed(digits)
}

// String shows the amount for people: digits in groups of three, the currency
// behind. It is empty for "no amount".
func (m Money) String() string {
	if m.IsNone() {
		return ""
	}
	currency := m.Currency
	if !m.Known() {
		currency = UnknownCurrency
	}
	return group(m.Text()) + " " + currency
}

// Format makes %v and %s print String. Without it the decimal's own Format
// would win, and an amount would be shown without its currency.
func (m Money) Format(f fmt.State, verb rune) {
	switch verb {
	case 'v', 's', 'q':
		_, _ = fmt.Fprintf(f, fmt.FormatString(stringState{f}, verb), m.String())
	default:
		m.Decimal.Format(f, verb)
	}
}

// stringState hides the flags that mean Go syntax, which an amount has none of.
type stringState struct{ fmt.State }

func (s stringState) Flag(c int) bool { return c != '#' && c != '+' && s.State.Flag(c) }

// group parts the whole digits of a plain decimal text by threes with no-break
// spaces, so that a sum never wraps.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, hasFrac := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteByte(whole[i])
	}
	if hasFrac {
		b.WriteByte('.')
		b.WriteString(frac)
	}
	return b.String()
}

// Equal reports whether both amount and currency agree; 1.0 equals 1.00.
func (m Money) Equal(o Money) bool {
	return m.Currency == o.Currency && m.Decimal.Equal(o.Decimal)
}

// Minus is m less o. The currencies must agree; a caller checks first.
func (m Money) Minus(o Money) Money {
	return Money{Decimal: m.Sub(o.Decimal), Currency: m.Currency}
}

type moneyJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// MarshalJSON writes {"amount":"100.00","currency":"RUB"}.
func (m Money) MarshalJSON() ([]byte, error) {
	return json.Marshal(moneyJSON{Amount: m.Text(), Currency: m.Currency})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Money) UnmarshalJSON(b []byte) error {
	var j moneyJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Amount == "" {
		*m = Money{Currency: j.Currency}
		return nil
	}
	d, err := parseAmount(j.Amount, maxWrittenLen)
	if err != nil {
		return err
	}
	*m = Money{Decimal: d, Currency: j.Currency}
	return nil
}

// Sums adds amounts per currency, never across. The zero value is ready.
type Sums struct {
	by map[string]decimal.Decimal
	// Unknown counts the amounts that were left out for want of a currency.
	Unknown int
}

// Add takes an amount in. "No amount" changes nothing.
func (s *Sums) Add(m Money) { s.add(m, 1) }

// Take takes an amount out again, for a mark that was cleared.
func (s *Sums) Take(m Money) { s.add(Money{Decimal: m.Neg(), Currency: m.Currency}, -1) }

func (s *Sums) add(m Money, n int) {
	if m.IsNone() {
		return
	}
	if !m.Known() {
		s.Unknown += n
		return
	}
	if s.by == nil {
		s.by = map[string]decimal.Decimal{}
	}
	s.by[m.Currency] = s.by[m.Currency].Add(m.Decimal)
}

// Of is the sum in one currency.
func (s Sums) Of(currency string) Money {
	return Money{Decimal: s.by[currency], Currency: currency}
}

// All lists the sums by currency code, without those that are zero.
func (s Sums) All() []Money {
	out := make([]Money, 0, len(s.by))
	for c, d := range s.by {
		if !d.IsZero() {
			out = append(out, Money{Decimal: d, Currency: c})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Currency < out[j].Currency })
	return out
}

// Plus is both sums together.
func (s Sums) Plus(o Sums) Sums {
	var out Sums
	for _, part := range []Sums{s, o} {
		for c, d := range part.by {
			out.Add(Money{Decimal: d, Currency: c})
		}
		out.Unknown += part.Unknown
	}
	return out
}

// Equal reports whether both hold the same sum in each currency.
func (s Sums) Equal(o Sums) bool {
	for _, pair := range [][2]Sums{{s, o}, {o, s}} {
		for c, d := range pair[0].by {
			if !d.Equal(pair[1].by[c]) {
				return false
			}
		}
	}
	return s.Unknown == o.Unknown
}

// String shows the sums for people: "34 500.00 RUB · 120.00 EUR".
func (s Sums) String() string {
	var parts []string
	for _, m := range s.All() {
		parts = append(parts, m.String())
	}
	if s.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d without currency", s.Unknown))
	}
	return strings.Join(parts, " · ")
}

// MarshalJSON writes {"RUB":"34500.00"}: decimal texts by currency.
func (s Sums) MarshalJSON() ([]byte, error) {
	out := map[string]string{}
	for _, m := range s.All() {
		out[m.Currency] = m.Text()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Sums) UnmarshalJSON(b []byte) error {
	in := map[string]string{}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*s = Sums{}
	for c, v := range in {
		d, err := parseAmount(v, maxWrittenLen)
		if err != nil {
			return err
		}
		s.Add(Money{Decimal: d, Currency: c})
	}
	return nil
}
