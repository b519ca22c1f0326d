package billmanager

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// group runs a call for each of its ids in turn. Nothing documents that such a
// call is all or nothing, so by default it stops at the first id refused and
// keeps what it did before.
func (s *Simulator) group(q request, by *who, allowed func(request, payment) *failure, do func(request, payment)) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	ids := q.ids()
	if len(ids) == 0 {
		return nil, noParam("elid")
	}
	if !s.changes(q) {
		return []node{leaf("elid", q.get("elid"))}, nil // the form; nothing is done
	}
	check := func(id string) (payment, *failure) {
		p, ok := s.rows.find(id)
		if !ok {
			return p, noElement(id)
		}
		return p, allowed(q, p)
	}
	if s.opt.Group == Atomic {
		for _, id := range ids {
			if _, bad := check(id); bad != nil {
				return nil, bad
			}
		}
	}
	var first *failure
	for _, id := range ids {
		p, bad := check(id)
		if bad == nil {
			do(q, p)
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
	return []node{leaf("ok", "")}, nil
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
	Refund   string `json:"refund,omitempty"` // id of the refund row
	Number   string `json:"number,omitempty"` // and its number
}

func (s *Simulator) record(call string, p payment, amount decimal.Decimal, d detail) {
	e := gate.Entry{System: s.Name(), Call: call, ID: p.id}
	if !amount.IsZero() {
		e.Amount, e.Currency = amount.StringFixed(2), p.currency
	}
	e.Detail, _ = json.Marshal(d) // two texts always marshal
	s.gate().Record(e)
}

func (s *Simulator) credit(q request, p payment) {
	d := detail{External: q.get("externalid")}
	s.rows.put(s.credited(p, d))
	s.record(q.fn, p, p.amount, d)
}

func (s *Simulator) credited(p payment, d detail) payment {
	p.status, p.paid = stCredited, s.gate().Now()
	if d.External != "" {
		p.externalID = d.External
	}
	s.rows.raise(p, p.amount)
	return s.tell(p, didCredit, p.money(p.amount))
}

func (s *Simulator) remove(q request, p payment) {
	s.removed(p)
	s.record(q.fn, p, decimal.Zero, detail{})
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
	rest := p.amount.Sub(p.refunded)
	if q.get("sok") != "ok" {
		return []node{leaf("elid", p.id), leaf("amount", rest.StringFixed(2))}, nil
	}
	amount := rest
	if text := strings.TrimSpace(q.get("amount")); text != "" {
		var err error
		amount, err = decimal.NewFromString(text)
		if err != nil || strings.ContainsAny(text, "eE") || !amount.IsPositive() || amount.GreaterThan(rest) || !amount.Equal(amount.Truncate(2)) {
			return nil, badValue("amount", text)
		}
	}
	d := detail{}
	if amount.LessThan(rest) {
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

// Replay makes a change of an earlier ledger again: the same rows with the
// same ids come out.
func (s *Simulator) Replay(e gate.Entry) error {
	var d detail
	if len(e.Detail) > 0 {
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return fmt.Errorf("the detail of %s of payment %s is damaged: %w", e.Call, e.ID, err)
		}
	}
	p, ok := s.rows.later(e.ID)
	if !ok {
		return fmt.Errorf("%s of payment %s, which this world does not have", e.Call, e.ID)
	}
	switch e.Call {
	case "payment.setpaid":
		s.rows.again(s.credited(p, d))
	case "payment.delete":
		s.removed(p)
	case "payment.refund":
		amount, err := decimal.NewFromString(e.Amount)
		if err != nil {
			return fmt.Errorf("%s of payment %s with the amount %q", e.Call, e.ID, e.Amount)
		}
		s.refunded(p, amount, d)
	default:
		return fmt.Errorf("the panel has no call %q that changes payments", e.Call)
	}
	return nil
}
