package jumpfinance

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// nominalAccount is the bank account that is a nominal one.
const nominalAccount = 2

// agentINNs are the tax numbers of the legal entities.
var agentINNs = []string{"7701234567", "771234567890"}

// span reads date_from and date_to.
func span(req *request) (w window, from, to time.Time, bad []field) {
	w, bad = windowOf(req.query)
	from, to = timeOf(req.query, "date_from", &bad), timeOf(req.query, "date_to", &bad)
	return w, from, to, bad
}

// listNominalPayments answers GET /nominal-account/payments: what was paid out
// from the nominal account. Its rows have no ids.
func (s *Simulator) listNominalPayments(req *request) gate.Answer {
	w, from, to, bad := span(req)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	var rows []int
	for row := s.payouts.Len() - 1; row >= 0; row-- {
		if s.fromNominal(row, from, to) {
			rows = append(rows, row)
		}
	}
	return s.list("/nominal-account/payments", w, len(rows), true, func(i int) doc {
		p := s.payoutAt(rows[i])
		c, _ := s.contractorByID(p.Contractor)
		return doc{
			"payed_at": stamp(p.PaidAt), "recipient_inn": s.digits(c.INN), "amount": num(p.Amount), "contractor_inn": s.digits(c.INN), "purpose": orNull(p.Purpose),
			"organization_inn": s.digits(agentINNs[p.Agent-1]),
		}
	})
}

// fromNominal tells whether the row was paid from the nominal account in that
// time. Most rows are ruled out without being made.
func (s *Simulator) fromNominal(row int, from, to time.Time) bool {
	if row < s.payouts.Made() && !s.touched[row] {
		deal := s.deals.Deal(row)
		if s.accountOf(deal) != nominalAccount || s.fateOf(row) != paid {
			return false
		}
		if s.opt.World.DaysBack(deal) > 0 {
			return within(s.opt.World.DealTime(deal).Add(s.opt.PayAfter), from, to)
		}
	}
	p := s.payoutAt(row)
	return p.Account == nominalAccount && p.Status == paid && within(p.PaidAt, from, to)
}

// accountOf is the bank account that the payout of a deal is made from.
func (s *Simulator) accountOf(deal int) int {
	return 1 + int(world.Mix(world.Mix(s.opt.World.Seed, "deal", deal), "payout account", 0)%2)
}

// receiptEvery is how many payouts one incoming sum covers; every twentieth sum
// comes twice, row for row alike.
const (
	receiptEvery = 10
	twinEvery    = 20
)

// listNominalReceipts answers GET /nominal-account/receipts: the money that
// came in. Its rows have no ids, and some are alike.
func (s *Simulator) listNominalReceipts(req *request) gate.Answer {
	w, from, to, bad := span(req)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	var deals []int
	for n := s.payouts.Made()/receiptEvery - 1; n >= 0; n-- {
		deal := s.deals.Deal(n * receiptEvery)
		if !within(s.opt.World.DealTime(deal), from, to) {
			continue
		}
		deals = append(deals, deal)
		if n%twinEvery == 0 {
			deals = append(deals, deal)
		}
	}
	return s.list("/nominal-account/receipts", w, len(deals), true, func(i int) doc {
		d := s.opt.World.Deal(deals[i])
		agent := d.Roll % uint64(len(agentINNs))
		return doc{
			"charged_at": stamp(d.Time), "draw_at": stamp(d.Time.Add(-time.Hour)), "authorized_at": stamp(d.Time.Add(time.Minute)), "payer_inn": s.digits(d.Client.INN),
			"amount": num(d.Amount.Mul(decimal.New(receiptEvery, 0))), "purpose": "Пополнение номинального счёта. " + d.Purpose,
			"organization_inn": s.digits(agentINNs[agent]), "identification_date": stamp(d.Time.Add(time.Hour)),
		}
	})
}
