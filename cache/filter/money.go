package filter

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// signs are the currency signs that people type.
var signs = map[string]string{"₽": "RUB", "$": "USD", "€": "EUR", "₸": "KZT", "₴": "UAH", "£": "GBP"}

func currencyField(p *parser, f field, _ string, v value) (test, *Error) {
	if v.text == providers.UnknownCurrency || strings.EqualFold(v.text, "unknown") {
		p.out.amounts = true
		return func(s *scan) bool { return !s.rec.Amount.IsNone() && !s.rec.Amount.Known() }, nil
	}
	code := v.text
	if c, ok := signs[code]; ok {
		code = c
	}
	if len(code) != 3 || strings.Trim(strings.ToLower(code), "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil, v.wrong("write its three letters, such as "+f.example, "%q is no currency", v.text)
	}
	return func(s *scan) bool { return strings.EqualFold(s.rec.Amount.Currency, code) }, nil
}

func amountField(of func(*providers.Record) *providers.Money) func(*parser, field, string, value) (test, *Error) {
	return func(p *parser, f field, op string, v value) (test, *Error) {
		p.out.amounts = true
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
		return func(s *scan) bool {
			m := of(s.rec)
			return !m.IsNone() && holds(op, m.Cmp(d))
		}, nil
	}
}

func amountRange(of func(*providers.Record) *providers.Money, f field, v value, low, high string) (test, *Error) {
	var bounds [2]*decimal.Decimal
	for i, text := range [...]string{low, high} {
		if text == "" {
			continue
		}
		d, err := amountValue(f, v, text)
		if err != nil {
			return nil, err
		}
		bounds[i] = &d
	}
	if bounds[0] == nil && bounds[1] == nil {
		return nil, v.wrong("for example "+f.name+":100..200", "the range has no bounds")
	}
	if bounds[0] != nil && bounds[1] != nil && bounds[0].GreaterThan(*bounds[1]) {
		return nil, v.wrong(fmt.Sprintf("write %s:%s..%s", f.name, high, low), "the range is the wrong way round")
	}
	return func(s *scan) bool {
		m := of(s.rec)
		return !m.IsNone() &&
			(bounds[0] == nil || m.Cmp(*bounds[0]) >= 0) &&
			(bounds[1] == nil || m.Cmp(*bounds[1]) <= 0)
	}, nil
}

func amountValue(f field, v value, text string) (decimal.Decimal, *Error) {
	d, err := providers.ParseAmount(strings.ReplaceAll(text, "_", ""))
	if err != nil {
		return d, v.wrong("write digits with a dot, such as "+f.name+">1000.50", "%q is not an amount", text)
	}
	// With the exponent of most amounts, a comparison costs no memory.
	d, _ = decimal.RescalePair(d, decimal.New(0, -2))
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
