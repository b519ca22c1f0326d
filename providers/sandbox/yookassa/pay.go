package yookassa

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// birth is what a new payment is to become, for as long as its end is open.
type birth struct {
	ID       string    `json:"id"`
	Capture  bool      `json:"capture,omitempty"`
	Save     bool      `json:"save,omitempty"`
	Method   string    `json:"method,omitempty"` // "": the payer chooses a card
	Due      *stamp    `json:"due,omitempty"`    // when the payer comes; nil: never
	Declined bool      `json:"declined,omitempty"`
	Slip     *madeSlip `json:"slip,omitempty"` // the receipt that was asked for

	// What the method's data said; it shows when the payer has paid.
	Card  *card  `json:"card,omitempty"`
	Phone string `json:"phone,omitempty"`
	Login string `json:"login,omitempty"`
}

const (
	payerTakes  = 30 * time.Second
	shortHold   = 6 * time.Hour // of methods other than cards and wallets
	madeHereRow = 1 << 40       // where the draws for payments made here begin
)

// createPayment makes a payment: one that waits for its payer, or, by a saved
// method, a token or a card without confirmation, one that is paid at once.
func (s *Simulator) createPayment(c *call) gate.Answer {
	o, bad := s.orderIn(c)
	if bad != nil {
		return *bad
	}
	m := made{}
	if o.token != "" {
		if m.Token = tokenPrint(o.token); s.tokens[m.Token] {
			return invalid("The token has been used already", "payment_token")
		}
	}
	if bad := s.useSaved(o); bad != nil {
		return *bad
	}
	p, now := o.payment, s.opt.Gate.Now()
	p.ID, p.CreatedAt = s.mint(paymentSpace), stamp{now}
	s.dress(o)
	b := &birth{ID: p.ID, Capture: o.capture, Save: o.save, Method: o.method, Card: o.card, Phone: o.phone, Login: o.login}
	if o.slip != nil {
		o.slip.ID, o.slip.Type, o.slip.Payment = "rt-"+s.mint(receiptSpace), "payment", p.ID
		p.Receipt, b.Slip = "pending", &madeSlip{Receipt: o.slip}
	}
	if b.Declined = s.opt.Payer == PayerDeclined; p.Confirmation == nil {
		s.end(p, b, now)
	} else if s.opt.Payer != NobodyPays {
		b.Due = &stamp{now.Add(s.payerTakes())}
	}
	if m.Token != "" {
		s.tokens[m.Token] = true
	}
	s.payments.add(p)
	s.born = append(s.born, b)
	m.Payment, m.Birth = p, b
	s.record(c, p.ID, p.Amount, m)
	s.settle() // a receipt of a payment that is paid at once
	return gate.JSON(0, s.spoken(p))
}

func tokenPrint(token string) string {
	sum := sha256.Sum256([]byte("payment token " + token))
	return hex.EncodeToString(sum[:8])
}

func (s *Simulator) payerTakes() time.Duration {
	if s.opt.PayerAfter > 0 {
		return s.opt.PayerAfter
	}
	return payerTakes
}

// useSaved looks the saved method up.
func (s *Simulator) useSaved(o *order) *gate.Answer {
	if o.saved == "" {
		return nil
	}
	kept, bad := s.savedMethod(o.saved)
	if bad != nil {
		return bad
	}
	o.payment.Method, o.method = kept, kept.Type
	return nil
}

// savedMethod is a method by its id, which is that of the payment that it was
// saved with.
func (s *Simulator) savedMethod(id string) (*method, *gate.Answer) {
	row, ok := s.paymentRow(id)
	if !ok || s.payment(row).Method == nil {
		a := missing("Payment method")
		return nil, &a
	}
	kept := s.payment(row).Method
	if !kept.Saved {
		a := invalid("The payment method is not saved", "payment_method_id")
		return nil, &a
	}
	return copied(kept), nil
}

// dress gives a new payment its method and confirmation, as far as they are
// known before the payer comes.
func (s *Simulator) dress(o *order) {
	p := o.payment
	if o.token != "" {
		o.method = "bank_card"
	}
	if p.Method == nil && o.method != "" {
		p.Method = &method{Type: o.method, ID: p.ID, Status: "pending"}
	}
	how := p.Confirmation
	if how == nil {
		return
	}
	switch how.Type {
	case "redirect":
		how.URL = "https://yoomoney.ru/checkout/payments/v2/contract?orderId=" + p.ID
	case "mobile_application":
		how.URL = "yoomoney-pay://payment?orderId=" + p.ID
	case "qr":
		how.Data = "https://qr.nspk.ru/" + p.ID
	case "embedded":
		how.Token = "ct-" + p.ID
	}
}

// end is the payer's answer.
func (s *Simulator) end(p *payment, b *birth, at time.Time) {
	seq, _ := world.SeqOfUUID(s.seed(), paymentSpace+newSpace, p.ID)
	n := madeHereRow + seq
	code := b.Method
	if code == "" {
		code = "bank_card"
	}
	if p.Method == nil || !p.Method.Saved {
		w := s.opt.World
		whole := s.makeMethod(p.ID, n, code, w.Person(world.Clients, seq%w.Clients()))
		whole.Saved, whole.Status = false, "inactive"
		if b.Card != nil && code == "bank_card" {
			whole.Card, whole.Title = b.Card, "Bank card *"+b.Card.Last4
		}
		if b.Phone != "" {
			whole.Phone = b.Phone
		}
		whole.Login = b.Login
		p.Method = whole
	}
	p.Confirmation = nil
	if b.Declined {
		closePayment(p, "payment_network", "insufficient_funds")
		shareStatus(p)
		return
	}
	if b.Save && savable(code) {
		p.Method.Saved, p.Method.Status = true, "active"
	}
	p.Authorization = s.makeAuthorization(n, code, true)
	if b.Capture {
		take(p, at)
		return
	}
	p.Status, p.Paid, p.ExpiresAt = "waiting_for_capture", true, &stamp{at.Add(holdOf(code))}
	shareStatus(p)
}

func holdOf(method string) time.Duration {
	if method == "bank_card" || method == "yoo_money" {
		return holdFor
	}
	return shortHold
}

// savable reports whether a method can be kept for later payments.
func savable(method string) bool {
	return slices.Contains([]string{"bank_card", "yoo_money", "sberbank", "sbp", "tinkoff_bank"}, method)
}

// take is a payment's success.
func take(p *payment, at time.Time) {
	p.Status, p.Paid, p.ExpiresAt, p.CapturedAt = "succeeded", true, nil, &stamp{at}
	p.Refundable = p.Method == nil || refunds(p.Method.Type)
	income := amount{Value: p.Amount.decimal().Mul(decimal.New(965, -3)).StringFixed(2), Currency: p.Amount.Currency}
	p.Income = &income
	shareStatus(p)
}

// shareStatus lets the transfers of a split payment follow it.
func shareStatus(p *payment) {
	for i := range p.Transfers {
		p.Transfers[i].Status = p.Status
	}
}

// settle lets happen what is due by the clock: payers come, receipts of taken
// payments go to the till, the till registers, payouts arrive.
func (s *Simulator) settle() {
	s.settlePayouts()
	now := s.opt.Gate.Now()
	s.born = slices.DeleteFunc(s.born, func(b *birth) bool {
		row, ok := s.paymentRow(b.ID)
		if !ok {
			return true
		}
		if p := s.payments.table.At(row); p.Status == "pending" && b.Due != nil && !now.Before(b.Due.Time) {
			p = copied(p)
			s.end(p, b, b.Due.Time)
			s.payments.put(row, p)
		}
		p := s.payment(row)
		if p.Status == "succeeded" && b.Slip != nil {
			slip := *b.Slip.Receipt
			slip.made = p.CapturedAt.Time
			s.settleSlip(&slip)
			s.addReceipt(&slip)
		}
		over := p.Status == "succeeded" || p.Status == "canceled"
		return over || b.Slip == nil && (b.Due == nil || p.Status != "pending") // nothing is to come of it
	})
	s.till()
}

// slipAsked is the receipt that was asked for when the payment was made. A
// capture of a part has another sum, and so a line of its own.
func (s *Simulator) slipAsked(p *payment, part bool) *receipt {
	i := slices.IndexFunc(s.born, func(b *birth) bool { return b.ID == p.ID && b.Slip != nil })
	if i < 0 || part {
		return slipFor(p)
	}
	slip := *s.born[i].Slip.Receipt
	return &slip
}

// settled notes that a payment's end came by a call of the shop's.
func (s *Simulator) settled(id string, part bool) {
	s.born = slices.DeleteFunc(s.born, func(b *birth) bool { return b.ID == id })
	if part {
		s.partly[id] = true
	}
}
