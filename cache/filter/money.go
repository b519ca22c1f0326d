package filter

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// signs are the currency signs that people type.
var signs = map[string]string{"₽": "RUB", "$": "USD", "€": "EUR", "₸": "KZT", "₴": "UAH", "£": "GBP"}

func currencyField(_ *parser, f field, _ string, v value) (test, *Error) {
	if v.text == providers.UnknownCurrency || strings.EqualFold(v.text, "unknown") {
		return func(row Row) bool {
			_, some := row.Compare(Amount, zero)
			return some && !providers.Money{Currency: row.Traits().Currency}.Known()
		}, nil
	}
	code := v.text
	if c, ok := signs[code]; ok {
		code = c
	}
	if len(code) != 3 || strings.Trim(strings.ToLower(code), "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil, v.wrong("write its three letters, such as "+f.example, "%q is no currency", v.text)
	}
	return func(row Row) bool { return strings.EqualFold(row.Traits().Currency, code) }, nil
}

func amountField(of Sum) func(*parser, field, string, value) (test, *Error) {
	return func(_ *parser, f field, op string, v value) (test, *Error) {
		low, high, isRange := strings.Cut(v.text, "..")
		if isRange {
			if op != ":" {
				return nil, v.wrong("write "+f.name+":100..200", "a range takes no %s", op)
			}
			return amountRange(of, f, v, low, high)
		}
		d, err := amountValue(f, v, v.text)
		if err != nil {
			return nil, err
		}
		bound := NewBound(d)
		return func(row Row) bool {
			sign, some := row.Compare(of, bound)
			return some && holds(op, sign)
		}, nil
	}
}

func amountRange(of Sum, f field, v value, low, high string) (test, *Error) {
	var bounds [2]*Bound
	for i, text := range [...]string{low, high} {
		if text == "" {
			continue
		}
		d, err := amountValue(f, v, text)
		if err != nil {
			return nil, err
		}
		bounds[i] = NewBound(d)
	}
	from, to := bounds[0], bounds[1]
	if from == nil && to == nil {
		return nil, v.wrong("for example "+f.name+":100..200", "the range has no bounds")
	}
	if from != nil && to != nil && from.value.GreaterThan(to.value) {
		return nil, v.wrong(fmt.Sprintf("write %s:%s..%s", f.name, high, low), "the range is the wrong way round")
	}
	return func(row Row) bool {
		if from != nil {
			if sign, some := row.Compare(of, from); !some || sign < 0 {
				return false
			}
		}
		if to != nil {
			if sign, some := row.Compare(of, to); !some || sign > 0 {
				return false
			}
		}
		return true
	}, nil
}

// zero is the bound that tells whether there is an amount at all.
var zero = NewBound(decimal.Zero)

func amountValue(f field, v value, text string) (decimal.Decimal, *Error) {
	d, err := providers.ParseAmount(strings.ReplaceAll(text, "_", ""))
	if err != nil {
		return d, v.wrong("write digits with a dot, such as "+f.name+">1000.50", "%q is not an amount", text)
	}
	return d, nil
}

// holds tells whether a comparison's sign satisfies the operator.
func holds(op string, sign int) bool {
	switch op {
	case ">":
		return sign > 0
	case ">=":
		return sign >= 0
	case "<":
		return sign < 0
	case "<=":
		return sign <= 0
	default:
		return sign == 0
	}
}
