package yookassa

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// made is what a ledger entry needs to be made again: the objects as they were
// after the change, and what the key was tied to.
type made struct {
	Payment *payment  `json:"payment,omitempty"`
	Refund  *refund   `json:"refund,omitempty"`
	Receipt *madeSlip `json:"receipt,omitempty"`
	Birth   *birth    `json:"birth,omitempty"` // of a new payment
	Payout  *payout   `json:"payout,omitempty"`
	Due     *due      `json:"due,omitempty"` // of a new payout
	Webhook *webhook  `json:"webhook,omitempty"`
	Token   string    `json:"token,omitempty"` // the print of one that was used up
	Print   string    `json:"print,omitempty"`
}

// madeSlip is a receipt with the moment that its object does not show.
type madeSlip struct {
	Receipt *receipt  `json:"receipt"`
	Made    time.Time `json:"made"`
}

// about is the object that the change's key stands for.
func (m made) about() (kind, id string) {
	switch {
	case m.Refund != nil:
		return "refund", m.Refund.ID
	case m.Payment != nil:
		return "payment", m.Payment.ID
	case m.Payout != nil:
		return "payout", m.Payout.ID
	case m.Webhook != nil:
		return "webhook", m.Webhook.ID
	case m.Receipt != nil && m.Receipt.Receipt != nil:
		return "receipt", m.Receipt.Receipt.ID
	default:
		return "", ""
	}
}

// record writes the change into the ledger and ties the key to its object. A
// key with anything but a POST means nothing.
func (s *Simulator) record(c *call, ref string, sum amount, m made) {
	key := ""
	if c.Method == http.MethodPost {
		key, m.Print = c.Header.Get(keyHeader), fingerprint(c)
		kind, id := m.about()
		s.bind(key, m.Print, kind, id)
	}
	detail, err := json.Marshal(m)
	if err != nil { // the simulator's own objects are always sound
		panic(err)
	}
	s.opt.Gate.Record(gate.Entry{
		System: s.Name(), Call: c.name, ID: ref, Amount: sum.Value, Currency: sum.Currency, Key: key, Detail: detail,
	})
}

// captureIn reads the body of a capture; no amount is the whole.
func (c *call) captureIn() (*amount, []transfer, *gate.Answer) {
	in := c.whole()
	want := in.money("amount")
	in.airline()
	in.object("deal")
	most := amount{}
	if want != nil {
		most = *want
	}
	shares := in.transfers(most)
	return want, shares, in.bad()
}

// capture takes a held payment's money, the whole or a part.
func (s *Simulator) capture(c *call) gate.Answer {
	want, shares, bad := c.captureIn()
	slip, bad := s.receiptData(c, bad)
	if bad != nil {
		return *bad
	}
	row, ok := s.paymentRow(c.id)
	if !ok {
		return missing("Payment")
	}
	p := s.payment(row)
	if want == nil {
		want = &p.Amount
	}
	part := want.decimal().LessThan(p.Amount.decimal())
	if a, ok := mayCapture(p, *want, shares); !ok {
		return a
	}
	if bad := slip.comesTo(*want); bad != nil {
		return *bad
	}
	p = copied(p)
	if p.Amount = *want; len(shares) > 0 {
		p.Transfers = shares
	}
	take(p, s.opt.Gate.Now())
	m := made{Payment: p}
	if slip == nil && p.Receipt == "pending" { // the one that was asked for when the payment was made
		slip = s.slipAsked(p, part)
	}
	if slip != nil {
		slip.Type, slip.Payment = "payment", p.ID
		s.issue(slip)
		p.Receipt = "pending"
		m.Receipt = &madeSlip{slip, slip.made}
	}
	s.settled(p.ID, part)
	s.payments.put(row, p)
	s.record(c, p.ID, *want, m)
	return gate.JSON(0, s.spoken(p))
}

// mayCapture checks what the payment's state allows.
func mayCapture(p *payment, want amount, shares []transfer) (gate.Answer, bool) {
	held, sum := p.Amount.decimal(), want.decimal()
	switch {
	case p.Status != "waiting_for_capture":
		return invalid("The payment is not waiting for capture, its status is "+p.Status, "payment_id"), false
	case want.Currency != p.Amount.Currency:
		return invalid("The currency differs from the payment's", "amount.currency"), false
	case sum.GreaterThan(held):
		return invalid("The amount is more than was authorised", "amount.value"), false
	case sum.LessThan(held) && !capturesParts(p):
		return invalid("This payment method cannot be captured in part", "amount"), false
	case len(shares) > 0 && sum.Equal(held):
		return invalid("Transfers are given with a capture of a part only", "transfers"), false
	}
	return gate.Answer{}, true
}

func capturesParts(p *payment) bool {
	return p.Method != nil && (p.Method.Type == "bank_card" || p.Method.Type == "yoo_money")
}

// slipFor is the receipt of a payment that was just captured.
func slipFor(p *payment) *receipt {
	return &receipt{Status: "pending", TaxSystem: 1, Items: []item{{
		Description: itemText(p.Description), Quantity: "1.000", Amount: p.Amount, VAT: 4, Subject: "service", Mode: "full_payment",
	}}}
}

func itemText(description string) string {
	if description == "" {
		return "Услуга"
	}
	return description
}

// cancel lets a held payment go.
func (s *Simulator) cancel(c *call) gate.Answer {
	row, ok := s.paymentRow(c.id)
	if !ok {
		return missing("Payment")
	}
	p := s.payment(row)
	if p.Status != "waiting_for_capture" {
		return invalid("The payment is not waiting for capture, its status is "+p.Status, "payment_id")
	}
	p = copied(p)
	closePayment(p, "merchant", "canceled_by_merchant")
	s.settled(p.ID, false)
	s.payments.put(row, p)
	s.record(c, p.ID, p.Amount, made{Payment: p})
	return gate.JSON(0, s.spoken(p))
}

// maxRefundText is the limit of a refund's description.
const maxRefundText = 250

// refundIn reads what a refund is asked for.
func (c *call) refundIn() (*refund, *gate.Answer) {
	in := c.whole()
	r := &refund{
		Payment: in.must("payment_id", maxID), Status: "succeeded", Amount: in.mustMoney("amount"),
		Description: in.text("description", maxRefundText), Metadata: in.metadata(),
	}
	in.object("deal")
	in.object("refund_method_data")
	for _, from := range in.objects("sources", 1) {
		t := transfer{Account: from.must("account_id", maxID), Amount: from.mustMoney("amount"), Fee: from.money("platform_fee_amount")}
		if t.Amount.decimal().GreaterThan(r.Amount.decimal()) {
			from.refuse("The amount is more than the refund", "amount.value")
		}
		r.Sources = append(r.Sources, t)
	}
	return r, in.bad()
}

// createRefund gives money back.
func (s *Simulator) createRefund(c *call) gate.Answer {
	r, bad := c.refundIn()
	slip, bad := s.receiptData(c, bad)
	if bad != nil {
		return *bad
	}
	row, ok := s.paymentRow(r.Payment)
	if !ok {
		return missing("Payment")
	}
	if a, ok := s.mayRefund(s.payment(row), r.Amount); !ok {
		return a
	}
	if bad := slip.comesTo(r.Amount); bad != nil {
		return *bad
	}
	r.ID, r.CreatedAt = s.mint(refundSpace), stamp{s.opt.Gate.Now()}
	if s.opt.OldDialect {
		r.Metadata = nil
	}
	if s.opt.PendingRefunds > 0 {
		r.Status = "pending"
	}
	m := made{Refund: r}
	if slip != nil {
		slip.Type, slip.Refund = "refund", r.ID
		s.issue(slip)
		r.Receipt = "pending"
		m.Receipt = &madeSlip{slip, slip.made}
	}
	s.addRefund(r)
	m.Payment = s.payments.table.At(row)
	s.record(c, r.Payment, r.Amount, m)
	return gate.JSON(0, r)
}

// smallestRest is what a partial refund must leave more of than, or nothing.
var smallestRest = decimal.NewFromInt(1)

// mayRefund checks what the payment's state allows.
func (s *Simulator) mayRefund(p *payment, want amount) (gate.Answer, bool) {
	years := 3
	if p.Method != nil && p.Method.Type == "sberbank" {
		years = 1
	}
	rest := p.Amount.decimal().Sub(s.returned(p.ID, true)).Sub(want.decimal())
	switch {
	case p.Status != "succeeded":
		return invalid("The payment is not succeeded, its status is "+p.Status, "payment_id"), false
	case !p.Refundable && s.returned(p.ID, false).Equal(p.Amount.decimal()):
		return invalid("The payment is refunded in full already", "payment_id"), false
	case !p.Refundable:
		return invalid("Payments by this method cannot be refunded", "payment_id"), false
	case !s.opt.Gate.Now().Before(p.CreatedAt.AddDate(years, 0, 0)):
		return invalid("The payment is too old to be refunded", "payment_id"), false
	case want.Currency != p.Amount.Currency:
		return invalid("The currency differs from the payment's", "amount.currency"), false
	case rest.IsNegative():
		return invalid("The amount is more than what remains of the payment", "amount.value"), false
	case rest.IsPositive() && !rest.GreaterThan(smallestRest):
		return invalid("What remains after a partial refund must be more than 1.00", "amount.value"), false
	}
	return gate.Answer{}, true
}
