package filter

import (
	"cmp"

	"github.com/shopspring/decimal"
)

// Bound is an amount to compare others with. Most amounts are whole numbers of
// cents; with these it compares without making a decimal.
type Bound struct {
	value decimal.Decimal
	// cents is the value in hundredths, where that is exact and fits.
	cents int64
	whole bool
}

// NewBound makes a bound of a value.
func NewBound(value decimal.Decimal) *Bound {
	b := &Bound{value: value}
	scaled := value.Shift(2)
	if scaled.IsInteger() && scaled.BigInt().IsInt64() {
		b.cents, b.whole = scaled.IntPart(), true
	}
	return b
}

// Cmp is the sign of coefficient times ten to the exponent, less the bound.
func (b *Bound) Cmp(coefficient int64, exponent int32) int {
	const room = 1 << 55 // a hundredth of what an int64 takes
	if b.whole && exponent >= -2 && exponent <= 0 && coefficient < room && coefficient > -room {
		for ; exponent > -2; exponent-- {
			coefficient *= 10
		}
		return cmp.Compare(coefficient, b.cents)
	}
	return decimal.New(coefficient, exponent).Cmp(b.value)
}

// CmpDecimal is the sign of an amount less the bound.
func (b *Bound) CmpDecimal(d decimal.Decimal) int { return d.Cmp(b.value) }
