package yookassa

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bursar/providers/sandbox/gate"
)

// Replay makes a change of an earlier ledger again: the objects come back as
// they were after it, also those that the present world does not hold any more,
// and the key stays tied to what came of it. The caller holds the gate.
func (s *Simulator) Replay(e gate.Entry) error {
	var m made
	if err := json.Unmarshal(e.Detail, &m); err != nil {
		return fmt.Errorf("its detail cannot be read: %w", err)
	}
	s.settle() // what was due before it
	kind, id := m.about()
	owner := id
	switch kind {
	case "refund":
		owner = m.Refund.Payment
	case "":
		owner = e.ID
	}
	if owner != e.ID || kind == "" && e.Call != opUnhook || kind == "refund" && (m.Payment == nil || m.Payment.ID != owner) {
		return fmt.Errorf("its detail does not belong to %s", e.ID)
	}
	switch kind {
	case "":
		s.webhooks = slices.DeleteFunc(s.webhooks, func(w *webhook) bool { return w.ID == e.ID })
	case "webhook":
		s.remint(webhookSpace, strings.TrimPrefix(id, "wh-"))
		s.webhooks = append(s.webhooks, m.Webhook)
	case "payout":
		s.remint(payoutSpace, strings.TrimPrefix(id, "po-"))
		s.addPayout(m.Payout, m.Due)
	case "receipt":
		s.replaySlip(m.Receipt)
	default:
		s.replayPayment(e.Call, m)
	}
	if m.Token != "" {
		s.tokens[m.Token] = true
	}
	s.rebind(e, m.Print, kind, id)
	return nil
}

// replayPayment makes again what concerns a payment: its making, capture,
// cancel or refund.
func (s *Simulator) replayPayment(call string, m made) {
	if row, ok := s.paymentRow(m.Payment.ID); ok {
		part := call == opCapture && m.Payment.Amount.decimal().LessThan(s.payments.table.At(row).Amount.decimal())
		s.settled(m.Payment.ID, part)
		s.payments.put(row, m.Payment)
	} else {
		s.remint(paymentSpace, m.Payment.ID)
		s.payments.add(m.Payment)
	}
	if m.Receipt != nil && m.Receipt.Receipt != nil {
		s.replaySlip(m.Receipt)
	}
	if m.Birth != nil {
		if m.Birth.Slip != nil {
			s.remint(receiptSpace, strings.TrimPrefix(m.Birth.Slip.Receipt.ID, "rt-"))
		}
		s.born = append(s.born, m.Birth)
		s.settle()
	}
	if m.Refund != nil {
		s.remint(refundSpace, m.Refund.ID)
		s.addRefund(m.Refund)
	}
}

func (s *Simulator) replaySlip(m *madeSlip) {
	m.Receipt.made = m.Made
	s.remint(receiptSpace, strings.TrimPrefix(m.Receipt.ID, "rt-"))
	s.addReceipt(m.Receipt)
}

// rebind ties a replayed key. The gate's present is the entry's, so that the
// key counts from its own time.
func (s *Simulator) rebind(e gate.Entry, print, kind, id string) {
	if e.Key != "" {
		s.bind(e.Key, print, kind, id)
	}
}
