package yookassa

import (
	"slices"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// row finds an object by its id: the world's own, or one made since.
func (b *book[T]) row(seed uint64, space, id string) (int, bool) {
	if row, ok := b.byID[id]; ok {
		return row, true
	}
	if row, ok := world.SeqOfUUID(seed, space, id); ok && row < b.table.Made() && b.table.At(row) != nil {
		return row, true
	}
	return 0, false
}

func (s *Simulator) seed() uint64 { return s.opt.World.Seed }

func (s *Simulator) paymentRow(id string) (int, bool) {
	return s.payments.row(s.seed(), paymentSpace, id)
}

func (s *Simulator) refundRow(id string) (int, bool) { return s.refunds.row(s.seed(), refundSpace, id) }

func (s *Simulator) receiptRow(id string) (int, bool) {
	if row, ok := s.receipts.byID[id]; ok {
		return row, true
	}
	if len(id) < 3 || id[:3] != "rt-" {
		return 0, false
	}
	return s.receipts.row(s.seed(), receiptSpace, id[3:])
}

// payment is the row as it is now: a hold that ran out has been let go, an
// invoice that nobody paid has been closed.
func (s *Simulator) payment(row int) *payment { return s.current(s.payments.table.At(row)) }

func (s *Simulator) current(p *payment) *payment {
	now := s.opt.Gate.Now()
	switch {
	case p.Status == "waiting_for_capture" && p.ExpiresAt != nil && !now.Before(p.ExpiresAt.Time):
		p = copied(p)
		closePayment(p, "yoo_money", "expired_on_capture")
	case p.Status == "pending" && !now.Before(p.CreatedAt.Add(pendingFor)):
		p = copied(p)
		closePayment(p, "yoo_money", "expired_on_confirmation")
	}
	return p
}

// closePayment ends a payment without money.
func closePayment(p *payment, party, reason string) {
	p.Status, p.Paid, p.Refundable = "canceled", false, false
	p.ExpiresAt, p.Confirmation = nil, nil
	p.Cancellation = &cancellation{party, reason}
	if p.Receipt == "pending" {
		p.Receipt = ""
	}
}

// refundsOf are the rows of a payment's refunds.
func (s *Simulator) refundsOf(id string) []int {
	var rows []int
	if row, ok := world.SeqOfUUID(s.seed(), paymentSpace, id); ok && row < s.refunds.table.Made() && s.refunds.table.At(row) != nil {
		rows = append(rows, row)
	}
	return append(rows, s.refundOf[id]...)
}

// returned is what has gone back of a payment; with pending also what is on
// its way.
func (s *Simulator) returned(id string, pending bool) decimal.Decimal {
	sum := decimal.Zero
	for _, row := range s.refundsOf(id) {
		r := s.refunds.table.At(row)
		if r.Status == "succeeded" || pending && r.Status == "pending" {
			sum = sum.Add(r.Amount.decimal())
		}
	}
	return sum
}

// recount writes the sum of a payment's refunds into it.
func (s *Simulator) recount(id string) {
	row, ok := s.paymentRow(id)
	if !ok {
		return
	}
	p := copied(s.payments.table.At(row))
	back := s.returned(id, false)
	p.Refunded = nil
	if back.IsPositive() {
		value := amount{Value: back.StringFixed(2), Currency: p.Amount.Currency}
		p.Refunded = &value
	}
	p.Refundable = p.Status == "succeeded" && (p.Method == nil || refunds(p.Method.Type)) && back.LessThan(p.Amount.decimal())
	s.payments.put(row, p)
}

// receiptsOf are the rows of the receipts of a payment or refund.
func (s *Simulator) receiptsOf(space, id string) []int {
	var rows []int
	if row, ok := world.SeqOfUUID(s.seed(), space, id); ok && row < s.payments.table.Made() {
		row *= 2
		if space == refundSpace {
			row++
		}
		if s.receipts.table.At(row) != nil {
			rows = append(rows, row)
		}
	}
	return append(rows, s.slipOf[id]...)
}

// addRefund puts a refund in and keeps the sums right.
func (s *Simulator) addRefund(r *refund) {
	row := s.refunds.add(r)
	s.refundOf[r.Payment] = append(s.refundOf[r.Payment], row)
	if r.Status == "pending" && s.opt.PendingRefunds > 0 {
		s.pending[row] = s.opt.PendingRefunds
	}
	s.recount(r.Payment)
}

func (s *Simulator) addReceipt(r *receipt) {
	row := s.receipts.add(r)
	if r.Status == "pending" && !r.stuck {
		s.waiting = append(s.waiting, row)
	}
	for _, id := range slices.Compact([]string{r.Payment, r.Refund}) {
		if id != "" {
			s.slipOf[id] = append(s.slipOf[id], row)
		}
	}
}

// looked counts a read of a pending refund and settles it when it has been read
// often enough. What is returned is the refund as the reader sees it.
func (s *Simulator) looked(row int) *refund {
	r := s.refunds.table.At(row)
	left, waits := s.pending[row]
	if !waits {
		return r
	}
	if left > 1 {
		s.pending[row] = left - 1
		return r
	}
	delete(s.pending, row)
	r = copied(r)
	r.Status = "succeeded"
	s.refunds.put(row, r)
	s.recount(r.Payment)
	return r
}

// mint makes an id that no object of the world has, the same after a replay.
func (s *Simulator) mint(space string) string {
	space += newSpace
	n := s.minted[space]
	s.minted[space]++
	return world.UUID(s.seed(), space, n)
}

// remint counts a replayed id as given out.
func (s *Simulator) remint(space, id string) {
	space += newSpace
	if n, ok := world.SeqOfUUID(s.seed(), space, id); ok && n >= s.minted[space] {
		s.minted[space] = n + 1
	}
}

func (s *Simulator) showPayment(id string) gate.Answer {
	row, ok := s.paymentRow(id)
	if !ok {
		return missing("Payment")
	}
	return gate.JSON(0, s.spoken(s.payment(row)))
}

func (s *Simulator) showRefund(id string) gate.Answer {
	row, ok := s.refundRow(id)
	if !ok {
		return missing("Refund")
	}
	return gate.JSON(0, s.looked(row))
}

func (s *Simulator) getPayment(c *call) gate.Answer { return s.showPayment(c.id) }

func (s *Simulator) getRefund(c *call) gate.Answer { return s.showRefund(c.id) }

func (s *Simulator) getReceipt(c *call) gate.Answer { return s.showReceipt(c.id) }

func (s *Simulator) showReceipt(id string) gate.Answer {
	row, ok := s.receiptRow(id)
	if !ok {
		return missing("Receipt")
	}
	return gate.JSON(0, s.receipts.table.At(row))
}

// spoken is a payment in the dialect of the switch.
func (s *Simulator) spoken(p *payment) *payment {
	if !s.opt.OldDialect {
		return p
	}
	p = copied(p)
	p.Customer = ""
	if p.Method != nil {
		p.Method.Status = ""
		if p.Method.Type == "yoo_money" {
			p.Method.Type = "yandex_money"
		}
	}
	if p.Cancellation != nil && p.Cancellation.Party == "yoo_money" {
		p.Cancellation.Party = "yandex_checkout"
	}
	if p.Authorization != nil {
		p.Authorization.Secure = nil
	}
	return p
}
