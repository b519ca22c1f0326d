package yookassa

import (
	"time"

	"github.com/shopspring/decimal"
)

// Limits of payouts, in roubles.
const (
	maxCardPayout  = 500_000
	maxCardMonth   = 1_500_000
	maxCardDay     = 20 // payouts
	maxWalletMonth = 600_000
	gatewayHolds   = 10_000_000 // on the gateway's balance, in the beginning
)

var (
	minCardPayout   = decimal.NewFromInt(100)
	minWalletPayout = decimal.NewFromInt(1)
)

// overLimit is why a payout cannot be made, empty when it can.
func (s *Simulator) overLimit(p *payout) string {
	sum := p.Amount.decimal()
	month, today := s.paidBefore(p)
	month = month.Add(sum)
	more := func(d decimal.Decimal, than int64) bool { return d.GreaterThan(decimal.NewFromInt(than)) }
	switch kind := p.Destination.Type; {
	case kind == "bank_card" && (sum.LessThan(minCardPayout) || more(sum, maxCardPayout)),
		kind == "yoo_money" && (sum.LessThan(minWalletPayout) || more(sum, maxWalletMonth)):
		return "one_time_limit_exceeded"
	case kind == "bank_card" && (more(month, maxCardMonth) || today >= maxCardDay),
		kind == "yoo_money" && more(month, maxWalletMonth):
		return "periodic_limit_exceeded"
	case sum.GreaterThan(s.balance()):
		return "insufficient_funds"
	default:
		return ""
	}
}

// paidBefore is what went to a payout's destination in its month, and how often
// on its day, by Moscow's calendar. Those that failed do not count.
func (s *Simulator) paidBefore(p *payout) (month decimal.Decimal, today int) {
	at := p.CreatedAt.In(moscow)
	for _, row := range s.paidTo[p.Destination.account()] {
		other := s.payoutNow(s.payouts.table.At(row))
		when := other.CreatedAt.In(moscow)
		if other.Status == "canceled" || when.Format("2006-01") != at.Format("2006-01") {
			continue
		}
		month = month.Add(other.Amount.decimal())
		if when.Format(time.DateOnly) == at.Format(time.DateOnly) {
			today++
		}
	}
	return month, today
}

// balance is what the gateway still has for payouts.
func (s *Simulator) balance() decimal.Decimal {
	return decimal.NewFromInt(gatewayHolds).Sub(s.spent)
}

// spend takes a payout from the balance; n is -1 for one that is given back.
func (s *Simulator) spend(p *payout, n int64) {
	if p.Status != "canceled" {
		s.spent = s.spent.Add(p.Amount.decimal().Mul(decimal.NewFromInt(n)))
	}
}
