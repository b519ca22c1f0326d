package yookassa

import (
	"encoding/json"
	"fmt"
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
	if m.Payment == nil && m.Refund == nil && m.Receipt != nil && m.Receipt.Receipt != nil && m.Receipt.Receipt.ID == e.ID {
		s.replaySlip(m.Receipt)
		s.rebind(e, m.Print, "receipt", e.ID)
		return nil
	}
	if m.Payment == nil || m.Payment.ID != e.ID || m.Refund != nil && m.Refund.Payment != e.ID {
		return fmt.Errorf("its detail does not belong to %s", e.ID)
	}
	if row, ok := s.paymentRow(e.ID); ok {
		s.payments.put(row, m.Payment)
	} else {
		s.payments.add(m.Payment)
	}
	if m.Receipt != nil && m.Receipt.Receipt != nil {
		s.replaySlip(m.Receipt)
	}
	if m.Refund == nil {
		s.rebind(e, m.Print, "payment", e.ID)
		return nil
	}
	s.remint(refundSpace, m.Refund.ID)
	s.addRefund(m.Refund)
	s.rebind(e, m.Print, "refund", m.Refund.ID)
	return nil
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
