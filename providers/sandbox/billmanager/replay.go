package billmanager

import (
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// Replay makes a change of an earlier ledger again: the same rows with the
// same ids come out.
func (s *Simulator) Replay(e gate.Entry) error {
	var d detail
	if len(e.Detail) > 0 {
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return fmt.Errorf("the detail of %s of payment %s is damaged: %w", e.Call, e.ID, err)
		}
	}
	if e.Call == "payment.add.pay" {
		return s.replayOrder(e, d)
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
	case "payment.edit":
		for _, name := range editNames {
			v, sent := d.Edit[name]
			if sent && !s.write(&p, name, v) {
				return fmt.Errorf("%s of payment %s with the %s %q", e.Call, e.ID, name, v)
			}
		}
		s.rows.again(s.edited(p, d))
	case "payment.docflow.send":
		s.rows.again(s.sent(p))
	case "payment.invoice_create":
		s.rows.again(s.invoiced(p, d))
	case "ticket.write.payment":
		s.rows.again(s.ticketed(p, d))
	default:
		return fmt.Errorf("the panel has no call %q that changes payments", e.Call)
	}
	return nil
}

func (s *Simulator) replayOrder(e gate.Entry, d detail) error {
	amount, err := decimal.NewFromString(e.Amount)
	if err != nil || d.Order == nil || e.ID == "" {
		return fmt.Errorf("the detail of %s of payment %s is damaged: it needs an id, an amount and an order", e.Call, e.ID)
	}
	p, ok := s.ordered(e.ID, *d.Order, amount)
	if !ok {
		return fmt.Errorf("%s of payment %s for client %q by method %q, which this world does not have", e.Call, e.ID, d.Order.Account, d.Order.Method)
	}
	s.rows.put(p)
	return nil
}
