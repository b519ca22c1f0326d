package yookassa

import (
	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// maxPerPayment is how many receipts a payment or refund may have.
const maxPerPayment = 50

// receiptIn reads the body of POST /receipts.
func (s *Simulator) receiptIn(c *call) (*receipt, *gate.Answer) {
	in := c.whole()
	kind := in.must("type", maxID)
	if kind != "" && kind != "payment" && kind != "refund" {
		in.refuse("The type is payment or refund", "type")
	}
	r := s.readSlip(in, true)
	r.Type, r.Payment, r.Refund = kind, in.text("payment_id", maxID), in.text("refund_id", maxID)
	if !in.flag("send") {
		in.refuse("The receipt must be sent", "send")
	}
	r.Settled, r.OnBehalfOf = in.settlements(), in.text("on_behalf_of", maxID)
	in.flag("internet")
	in.integer("timezone", 1, 11)
	if more, ok := in.object("additional_user_props"); ok {
		more.must("name", 64)
		more.must("value", 234)
	}
	in.object("receipt_operational_details")
	in.objects("receipt_industry_details", maxItems)
	switch {
	case in.bad() != nil:
	case (r.Payment == "") == (r.Refund == ""):
		in.refuse("Name a payment or a refund", "payment_id")
	case r.Type == "payment" && r.Payment == "":
		in.refuse("A receipt of a payment names it", "payment_id")
	}
	return r, in.bad()
}

// createReceipt makes a receipt by itself.
func (s *Simulator) createReceipt(c *call) gate.Answer {
	r, bad := s.receiptIn(c)
	if bad == nil {
		bad = s.mayIssue(r)
	}
	if bad != nil {
		return *bad
	}
	s.issue(r)
	s.record(c, r.ID, sumOf(r.Settled), made{Receipt: &madeSlip{r, r.made}})
	return gate.JSON(0, r)
}

// sum is what the items come to.
func (r *receipt) sum() decimal.Decimal {
	sum := decimal.Zero
	for _, it := range r.Items {
		sum = sum.Add(decimal.RequireFromString(it.Quantity.String()).Mul(it.Amount.decimal()).Round(2))
	}
	return sum
}

func sumOf(settled []settlement) amount {
	sum := decimal.Zero
	for _, st := range settled {
		sum = sum.Add(st.Amount.decimal())
	}
	return roubles(sum)
}

// mayIssue checks what a receipt by itself belongs to. What a refund receipt of
// a payment comes to depends on what was let go, and is not checked.
func (s *Simulator) mayIssue(r *receipt) *gate.Answer {
	no := func(a gate.Answer) *gate.Answer { return &a }
	if r.Refund != "" {
		row, ok := s.refundRow(r.Refund)
		if !ok {
			return no(missing("Refund"))
		}
		back := s.refunds.table.At(row)
		switch {
		case back.Status != "succeeded":
			return no(invalid("The refund is not succeeded, its status is "+back.Status, "refund_id"))
		case len(s.receiptsOf(refundSpace, r.Refund)) >= maxPerPayment:
			return no(invalid("There are 50 receipts already", "refund_id"))
		case !r.sum().Equal(back.Amount.decimal()):
			return no(invalid("The items do not come to the refund's amount", "items"))
		}
		return nil
	}
	row, ok := s.paymentRow(r.Payment)
	if !ok {
		return no(missing("Payment"))
	}
	p := s.payment(row)
	fits := p.Status == "waiting_for_capture" || p.Status == "succeeded"
	if r.Type == "refund" {
		fits = p.Status == "canceled" || p.Status == "succeeded" && s.partly[p.ID]
	}
	switch {
	case !fits:
		return no(invalid("The payment's status is "+p.Status+", or it was captured whole", "payment_id"))
	case len(s.receiptsOf(paymentSpace, r.Payment)) >= maxPerPayment:
		return no(invalid("There are 50 receipts already", "payment_id"))
	case r.Type == "payment" && !r.sum().Equal(p.Amount.decimal()):
		return no(invalid("The items do not come to the payment's amount", "items"))
	}
	return nil
}
