package billmanager

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// currencySigns are the signs that panels write instead of ISO codes. Signs
// that stand for several currencies of the same customers are left out.
var currencySigns = map[string]string{
	"$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "р": "RUB",
	"₴": "UAH", "грн": "UAH", "грн.": "UAH", "₸": "KZT", "тг": "KZT", "br": "BYN", "₺": "TRY", "zł": "PLN",
}

var isoCode = regexp.MustCompile(`^[A-Za-z]{3}$`)

// maxMoneyLen bounds what is read as an amount.
const maxMoneyLen = 60

// parseMoney reads an amount as panels print it: "100.00 RUB", "-5.00 $",
// "€5.00", "5,00 EUR", "1 234,50 ₽". Without a currency that is known for
// certain the amount comes with none. What could mean two amounts, such as
// "1,000 EUR", is refused.
func parseMoney(text string) (providers.Money, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxMoneyLen {
		return providers.Money{}, fmt.Errorf("an amount of %d bytes", len(text))
	}
	number, mark, negative, err := takeApart(text)
	if err != nil {
		return providers.Money{}, err
	}
	currency := currencySigns[strings.ToLower(mark)]
	if currency == "" && isoCode.MatchString(mark) {
		currency = strings.ToUpper(mark)
	}
	plain, err := plainNumber(number, providers.MinorDigits(currency))
	if err != nil {
		return providers.Money{}, err
	}
	d, err := decimal.NewFromString(plain)
	if err != nil {
		return providers.Money{}, fmt.Errorf("%q is no amount", text)
	}
	if negative {
		d = d.Neg()
	}
	return providers.Money{Decimal: d, Currency: currency}, nil
}

// takeApart parts the number from the currency mark, which stands on either
// side of it, and the sign.
func takeApart(text string) (number, mark string, negative bool, err error) {
	from := strings.IndexFunc(text, isDigit)
	to := strings.LastIndexFunc(text, isDigit) + 1
	if from < 0 {
		return "", "", false, fmt.Errorf("%q has no digits", text)
	}
	before, after := text[:from], text[to:]
	signs := strings.Count(before, "-") + strings.Count(before, "−")
	if signs > 1 || strings.ContainsAny(after, "-−") {
		return "", "", false, fmt.Errorf("%q has more than one sign or one behind", text)
	}
	before = strings.TrimSpace(strings.NewReplacer("-", "", "−", "", "+", "").Replace(before))
	after = strings.TrimSpace(after)
	if before != "" && after != "" {
		return "", "", false, fmt.Errorf("%q has something on both sides", text)
	}
	return text[from:to], before + after, signs == 1, nil
}

// plainNumber turns digits with any separators into digits with a dot.
// fraction is how many digits the currency's fraction has.
func plainNumber(s string, fraction int32) (string, error) {
	runes := []rune(s)
	last, lastMark := -1, rune(0)
	marks := map[rune]int{}
	for i, r := range runes {
		switch {
		case isDigit(r):
		case unicode.IsSpace(r) || r == '\'':
			runes[i] = ' '
			marks[' ']++
		case r == '.' || r == ',':
			last, lastMark = i, r
			marks[r]++
		default:
			return "", fmt.Errorf("%q is no number", s)
		}
	}
	whole, frac := runes, []rune(nil)
	if last >= 0 && marks[lastMark] == 1 {
		digits := len(runes) - last - 1
		other := marks['.'] + marks[','] - 1 + marks[' ']
		if digits == 3 && other == 0 && last <= 3 && runes[0] != '0' && fraction != 3 {
			return "", fmt.Errorf("%q may mean thousands or thousandths", s)
		}
		whole, frac = runes[:last], runes[last+1:]
	}
	digits, err := ungroup(string(whole))
	if err != nil {
		return "", err
	}
	if len(frac) == 0 {
		return digits, nil
	}
	if strings.ContainsFunc(string(frac), func(r rune) bool { return !isDigit(r) }) {
		return "", fmt.Errorf("%q is no number", s)
	}
	return digits + "." + string(frac), nil
}

// ungroup joins the digits of a whole number that is written in groups of
// three.
func ungroup(s string) (string, error) {
	groups := strings.FieldsFunc(s, func(r rune) bool { return !isDigit(r) })
	separators := map[rune]bool{}
	for _, r := range s {
		if !isDigit(r) {
			separators[r] = true
		}
	}
	bad := len(groups) == 0 || len(separators) > 1 || len(strings.Join(groups, " ")) != len(s)
	for i, g := range groups {
		bad = bad || len(groups) > 1 && (i > 0 && len(g) != 3 || i == 0 && len(g) > 3)
	}
	if bad {
		return "", fmt.Errorf("%q is not grouped by thousands", s)
	}
	return strings.Join(groups, ""), nil
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
