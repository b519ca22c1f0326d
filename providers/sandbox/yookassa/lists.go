package yookassa

import "bursar/providers/sandbox/gate"

func (s *Simulator) listPayments(c *call) gate.Answer {
	l, bad := s.listingOf(c, paymentStatuses, "captured_at", "payment_method")
	if bad != nil {
		return *bad
	}
	l.wants = func(row int) bool { return s.mayMatch(row, l) }
	return collect(s.payments, l, nil, false, func(_ int, p *payment) (any, bool) {
		p = s.current(p)
		ok := (l.status == "" || p.Status == l.status) && (l.method == "" || p.Method != nil && p.Method.Type == l.method)
		if len(l.captured) > 0 {
			ok = ok && p.CapturedAt != nil && l.captured.fit(p.CapturedAt.Time)
		}
		return s.spoken(p), ok
	})
}

// mayMatch looks at a row of the world without making it.
func (s *Simulator) mayMatch(row int, l *listing) bool {
	if l.status == "" && l.method == "" {
		return true
	}
	n := s.dealOf(row)
	state := s.opt.World.GatewayState(n)
	if status := statusOfState[state]; l.status != "" && (status == "succeeded" || status == "canceled") && status != l.status {
		return false // the others change with the clock
	}
	return l.method == "" || s.methodOf(n, state) == l.method
}

func (s *Simulator) listRefunds(c *call) gate.Answer {
	l, bad := s.listingOf(c, shortStatuses, "payment_id")
	if bad != nil {
		return *bad
	}
	l.wants = func(row int) bool {
		status := s.refundState(row)
		return status != "" && (l.status == "" || l.status == status)
	}
	return collect(s.refunds, l, s.refundsOf(l.payment), l.payment != "", func(row int, _ *refund) (any, bool) {
		r := s.looked(row)
		return r, l.status == "" || r.Status == l.status
	})
}

func (s *Simulator) listReceipts(c *call) gate.Answer {
	l, bad := s.listingOf(c, shortStatuses, "payment_id", "refund_id")
	if bad != nil {
		return *bad
	}
	l.wants = s.hasReceipt
	space, of := paymentSpace, l.payment
	if l.refund != "" {
		space, of = refundSpace, l.refund
	}
	return collect(s.receipts, l, s.receiptsOf(space, of), of != "", func(_ int, r *receipt) (any, bool) {
		return r, l.status == "" || r.Status == l.status
	})
}
