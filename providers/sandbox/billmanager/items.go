package billmanager

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// item is a line of what a payment is for.
type item struct {
	info string
	cost decimal.Decimal
}

// items make up the amount of a payment; a refund row has none. A cart has two,
// any other payment one.
func (p payment) items() []item {
	switch {
	case p.refundFlag:
		return nil
	case p.order == "":
		return []item{{p.info, p.amount}}
	default:
		part := p.amount.Mul(decimal.New(7, -1)).Round(2)
		return []item{{p.info, part}, {"SSL-сертификат", p.amount.Sub(part)}}
	}
}

// orderInfo is the list of what the payment is for.
func (s *Simulator) orderInfo(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	var kids []node
	for i, it := range p.items() {
		kids = append(kids, node{name: "elem", kids: []node{
			leaf("id", strconv.Itoa(i+1)), leaf("info", it.info), leaf("cost", s.money(it.cost, p.currency)),
		}})
	}
	return counted(kids), nil
}

// expenses is the list of what the payment's money was spent on. Only promised
// and credited payments have one.
func (s *Simulator) expenses(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	if p.status != stPromised && p.status != stCredited {
		return nil, s.notAllowed(q.fn, p.id)
	}
	var kids []node
	if p.spent.IsPositive() {
		at := p.paid
		if at.IsZero() {
			at = p.created
		}
		kids = append(kids, node{name: "elem", kids: []node{
			leaf("id", "7"+p.id), leaf("name", p.info), leaf("amount", s.money(p.spent, p.currency)), leaf("date", at.Format(time.DateOnly)),
		}})
	}
	return counted(kids), nil
}

// counted is a list with how many rows it has.
func counted(rows []node) []node { return append(rows, leaf("p_elems", strconv.Itoa(len(rows)))) }
