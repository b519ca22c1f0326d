package billmanager

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// step is what a call does to one of its elements.
type step struct {
	allowed func(request, payment) *failure
	do      func(request, payment) []node
}

// group runs a call for each of its ids in turn. Nothing documents that such a
// call is all or nothing, so by default it stops at the first id refused and
// keeps what it did before.
func (s *Simulator) group(q request, by *who, each step) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	ids := q.ids()
	if len(ids) == 0 {
		return nil, noParam("elid")
	}
	if !s.changes(q) {
		_, bad := s.all(q)
		return []node{leaf("elid", q.get("elid"))}, bad // the form; nothing is done
	}
	check := func(id string) (payment, *failure) {
		p, bad := s.find(q, id)
		if bad != nil {
			return p, bad
		}
		return p, each.allowed(q, p)
	}
	if s.opt.Group == Atomic {
		for i, id := range ids {
			if slices.Contains(ids[:i], id) {
				return nil, badValue("elid", q.get("elid"))
			}
			if _, bad := check(id); bad != nil {
				return nil, bad
			}
		}
	}
	kids := []node{leaf("ok", "")}
	var first *failure
	for _, id := range ids {
		p, bad := check(id)
		if bad == nil {
			kids = append(kids, each.do(q, p)...)
			continue
		}
		if first == nil {
			first = bad
		}
		if s.opt.Group != Continue {
			break
		}
	}
	if first != nil {
		return nil, first
	}
	return kids, nil
}

func (s *Simulator) creditable(q request, p payment) *failure {
	if p.refundFlag || slices.Contains([]int{stCredited, stRefunded, stCancelled, stDeleting}, p.status) {
		return s.notAllowed(q.fn, p.id)
	}
	return nil
}

func (s *Simulator) deletable(q request, p payment) *failure {
	if slices.Contains([]int{stPromised, stCredited, stReturning, stRefunded, stFraud, stDeleting}, p.status) {
		return s.notAllowed(q.fn, p.id)
	}
	return nil
}

// detail is what the ledger keeps beside the payment's id, so that the change
// can be made again.
type detail struct {
	External string `json:"externalid,omitempty"`
	Info     string `json:"info,omitempty"`
	Refund   string `json:"refund,omitempty"` // id of the refund row
	Number   string `json:"number,omitempty"` // and its number
	// Edit is the fields that payment.edit changed, as its form writes them.
	Edit    map[string]string `json:"edit,omitempty"`
	Invoice string            `json:"invoice,omitempty"`
	Ticket  string            `json:"ticket,omitempty"`
	Order   *newPayment       `json:"order,omitempty"`
}

func (s *Simulator) record(call string, p payment, amount decimal.Decimal, d detail) {
	e := gate.Entry{System: s.Name(), Call: call, ID: p.id}
	if !amount.IsZero() {
		e.Amount, e.Currency = amount.StringFixed(2), p.currency
	}
	e.Detail, _ = json.Marshal(d) // texts always marshal
	s.gate().Record(e)
}

func (s *Simulator) credit(q request, p payment) []node {
	d := detail{External: q.get("externalid"), Info: q.get("info")}
	s.rows.put(s.credited(p, d))
	s.record(q.fn, p, p.amount, d)
	return nil
}

func (s *Simulator) credited(p payment, d detail) payment {
	p.status, p.paid = stCredited, s.gate().Now()
	if d.External != "" {
		p.externalID = d.External
	}
	if d.Info != "" {
		p.info = d.Info
	}
	s.rows.raise(p, p.amount)
	return s.tell(p, didCredit, p.money(p.amount))
}

func (s *Simulator) remove(q request, p payment) []node {
	s.removed(p)
	s.record(q.fn, p, decimal.Zero, detail{})
	return nil
}

func (s *Simulator) removed(p payment) {
	if s.opt.DeleteLeaves100 {
		p.status = stDeleting
		s.rows.put(s.tell(p, didDelete, ""))
		return
	}
	s.rows.delete(p.id)
}

// tell adds a line to a payment's history.
func (s *Simulator) tell(p payment, what text, supplement string) payment {
	p.history = append(slices.Clone(p.history), event{at: s.gate().Now(), user: s.opt.Username, ip: "127.0.0.1", what: what, supplement: supplement})
	return p
}

// refund gives a credited payment back, whole or in part.
func (s *Simulator) refund(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	if p.status != stCredited || p.refundFlag || p.restrictRefund || !p.method.refunds {
		return nil, s.notAllowed(q.fn, p.id)
	}
	rest := p.rest()
	if !rest.IsPositive() {
		return nil, s.notAllowed(q.fn, p.id)
	}
	if q.get("sok") != "ok" {
		return []node{leaf("elid", p.id), leaf("amount", rest.StringFixed(2))}, nil
	}
	amount := rest
	if text := strings.TrimSpace(q.get("amount")); text != "" {
		var ok bool
		if amount, ok = amountIn(text); !ok || !amount.IsPositive() || amount.GreaterThan(rest) {
			return nil, badValue("amount", text)
		}
	}
	d := detail{}
	if amount.LessThan(p.amount.Sub(p.refunded)) {
		d.Refund = s.rows.nextID()
		d.Number = refundNumber(p, s.opt.RefundNumbers, len(s.rows.added)+1)
	}
	s.refunded(p, amount, d)
	s.record(q.fn, p, amount, d)
	return []node{leaf("ok", "")}, nil
}

func (s *Simulator) refunded(p payment, amount decimal.Decimal, d detail) {
	p.refunded = p.refunded.Add(amount)
	s.rows.raise(p, amount.Neg())
	if d.Refund == "" {
		p.status = stRefunded
		if s.opt.RefundsWait {
			p.status = stReturning
		}
		s.rows.again(s.tell(p, didRefund, p.money(amount)))
		return
	}
	s.rows.again(s.tell(p, didPart, p.money(amount)+", "+d.Number))
	s.rows.again(p.refundRow(d.Refund, d.Number, amount, s.gate().Now()))
}
