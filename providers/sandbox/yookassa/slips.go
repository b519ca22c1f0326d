package yookassa

import (
	"slices"
	"time"
)

// registersIn is how long a till takes, by the sandbox's clock.
const registersIn = 30 * time.Second

// issue gives a checked receipt its id and sends it to the till.
func (s *Simulator) issue(r *receipt) *receipt {
	if r.made = s.opt.Gate.Now(); r.ID == "" {
		r.ID = "rt-" + s.mint(receiptSpace)
	}
	s.settleSlip(r)
	s.addReceipt(r)
	return r
}

// till registers the receipts whose time has come.
func (s *Simulator) till() {
	now := s.opt.Gate.Now()
	s.waiting = slices.DeleteFunc(s.waiting, func(row int) bool {
		r := s.receipts.table.At(row)
		at := r.made.Add(registersIn)
		if r.Status != "pending" || now.Before(at) {
			return r.Status != "pending"
		}
		done := copied(r)
		done.made = r.made
		s.register(done, at)
		s.receipts.put(row, done)
		s.registered(done)
		return true
	})
}

// registered tells the payment or refund that its receipt is there.
func (s *Simulator) registered(r *receipt) {
	if row, ok := s.refundRow(r.Refund); ok && s.refunds.table.At(row).Receipt == "pending" {
		owner := copied(s.refunds.table.At(row))
		owner.Receipt = "succeeded"
		s.refunds.put(row, owner)
	}
	if row, ok := s.paymentRow(r.Payment); ok && s.payments.table.At(row).Receipt == "pending" {
		owner := copied(s.payments.table.At(row))
		owner.Receipt = "succeeded"
		s.payments.put(row, owner)
	}
}

// settleSlip gives a receipt its settlements where none were given.
func (s *Simulator) settleSlip(r *receipt) {
	if len(r.Settled) == 0 {
		r.Settled = []settlement{{Type: "cashless", Amount: roubles(r.sum())}}
	}
}
