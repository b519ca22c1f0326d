package yookassa

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// Limits of receipts.
const (
	maxItems      = 100
	maxPerPayment = 50
	registersIn   = 30 * time.Second // how long a till takes, by the sandbox's clock
)

// slipIn is receipt data as a request carries it.
type slipIn struct {
	Customer struct {
		Email string `json:"email"`
		Phone string `json:"phone"`
	} `json:"customer"`
	Email   string       `json:"email"` // the edition of 2019
	Phone   string       `json:"phone"`
	Items   []itemIn     `json:"items"`
	Tax     int          `json:"tax_system_code"`
	Type    string       `json:"type"`
	Payment string       `json:"payment_id"`
	Refund  string       `json:"refund_id"`
	Send    *bool        `json:"send"`
	Settled []settlement `json:"settlements"`
	Behalf  string       `json:"on_behalf_of"`
}

type itemIn struct {
	item
	Quantity json.Number `json:"quantity"`
	VAT      json.Number `json:"vat_code"`
}

// receiptFor reads the optional receipt data of a capture or refund. Its items
// must come to the sum.
func (s *Simulator) receiptFor(c *call, sum decimal.Decimal) (*receipt, *gate.Answer) {
	raw, ok := c.fields["receipt"]
	if !ok || raw == nil {
		return nil, nil
	}
	text, err := json.Marshal(raw)
	if err != nil {
		return refusedSlip("The receipt cannot be read", "receipt")
	}
	return s.readSlip(text, "receipt.", &sum)
}

func refusedSlip(description, parameter string) (*receipt, *gate.Answer) {
	a := invalid(description, parameter)
	return nil, &a
}

// readSlip checks receipt data. prefix is what parameters are named with.
func (s *Simulator) readSlip(text []byte, prefix string, sum *decimal.Decimal) (*receipt, *gate.Answer) {
	var in slipIn
	if err := parse(text, &in); err != nil {
		return refusedSlip("The receipt cannot be read: "+err.Error(), prefix+"items")
	}
	switch {
	case in.Customer.Email == "" && in.Customer.Phone == "" && in.Email == "" && in.Phone == "":
		return refusedSlip("The receipt needs an e-mail or a phone", prefix+"customer")
	case len(in.Items) == 0 || len(in.Items) > maxItems:
		return refusedSlip("A receipt has 1 to 100 items", prefix+"items")
	case in.Tax < 0 || in.Tax > 6:
		return refusedSlip("There is no such tax system", prefix+"tax_system_code")
	}
	r := &receipt{Type: in.Type, Payment: in.Payment, Refund: in.Refund, TaxSystem: in.Tax, Settled: in.Settled, OnBehalfOf: in.Behalf, Status: "pending"}
	total := decimal.Zero
	for _, it := range in.Items {
		n, ok := it.sound()
		if !ok {
			return refusedSlip("An item needs a description of 1 to 128 characters, a quantity, a price and a VAT code of 1 to 12", prefix+"items")
		}
		total = total.Add(n)
		vat, _ := it.VAT.Int64()
		line := it.item
		line.Quantity, line.VAT = json.Number(decimal.RequireFromString(it.Quantity.String()).String()), int(vat)
		r.Items = append(r.Items, line)
	}
	if sum != nil && !total.Equal(*sum) {
		return refusedSlip("The items do not come to the amount", prefix+"items")
	}
	return r, nil
}

var quantityForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,6})?$`)

// sound checks an item and tells its sum.
func (it itemIn) sound() (decimal.Decimal, bool) {
	vat, err := it.VAT.Int64()
	length := utf8.RuneCountInString(it.Description)
	ok := err == nil && quantityForm.MatchString(it.Quantity.String()) && vat >= 1 && vat <= 12 &&
		length >= 1 && length <= 128 && amountForm.MatchString(it.Amount.Value) && it.Amount.Currency == currency
	if !ok {
		return decimal.Zero, false
	}
	n := decimal.RequireFromString(it.Quantity.String())
	return n.Mul(it.Amount.decimal()).Round(2), n.IsPositive()
}

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

var settlementTypes = []string{"cashless", "prepayment", "postpayment", "consideration"}

// createReceipt makes a receipt by itself.
func (s *Simulator) createReceipt(c *call) gate.Answer {
	var in slipIn
	if err := parse(c.body, &in); err != nil {
		return invalid("The receipt cannot be read: "+err.Error(), "")
	}
	switch {
	case in.Type != "payment" && in.Type != "refund":
		return invalid("The type is payment or refund", "type")
	case in.Send == nil || !*in.Send:
		return invalid("The receipt must be sent", "send")
	case len(in.Settled) == 0:
		return invalid("The settlements are missing", "settlements")
	case in.Payment != "" && in.Refund != "", in.Payment == "" && in.Refund == "":
		return invalid("Name a payment or a refund", "payment_id")
	case in.Type == "payment" && in.Payment == "":
		return invalid("A receipt of a payment names it", "payment_id")
	}
	for _, st := range in.Settled {
		if !slices.Contains(settlementTypes, st.Type) || !st.Amount.decimal().IsPositive() || st.Amount.Currency != currency {
			return invalid("A settlement has a type and an amount", "settlements")
		}
	}
	r, bad := s.readSlip(c.body, "", nil)
	if bad != nil {
		return *bad
	}
	if a, ok := s.mayIssue(r); !ok {
		return a
	}
	s.issue(r)
	s.record(c, r.ID, sumOf(r.Settled), made{Receipt: &madeSlip{r, r.made}})
	return gate.JSON(0, r)
}

func sumOf(settled []settlement) amount {
	sum := decimal.Zero
	for _, st := range settled {
		sum = sum.Add(st.Amount.decimal())
	}
	return roubles(sum)
}

// mayIssue checks what a receipt by itself belongs to.
func (s *Simulator) mayIssue(r *receipt) (gate.Answer, bool) {
	sum := decimal.Zero
	for _, it := range r.Items {
		sum = sum.Add(decimal.RequireFromString(it.Quantity.String()).Mul(it.Amount.decimal()).Round(2))
	}
	var whole decimal.Decimal
	id, space := r.Payment, paymentSpace
	if r.Refund != "" {
		id, space = r.Refund, refundSpace
		row, ok := s.refundRow(id)
		if !ok {
			return missing("Refund"), false
		}
		back := s.refunds.table.At(row)
		if back.Status != "succeeded" {
			return invalid("The refund is not succeeded, its status is "+back.Status, "refund_id"), false
		}
		whole = back.Amount.decimal()
	} else {
		row, ok := s.paymentRow(id)
		if !ok {
			return missing("Payment"), false
		}
		p := s.payment(row)
		fits := p.Status == "waiting_for_capture" || p.Status == "succeeded"
		if r.Type == "refund" {
			fits = p.Status == "canceled" || p.Status == "succeeded" && s.partly[p.ID]
		}
		if !fits {
			return invalid("The payment's status is "+p.Status, "payment_id"), false
		}
		whole = p.Amount.decimal()
	}
	switch {
	case len(s.receiptsOf(space, id)) >= maxPerPayment:
		return fail(http.StatusBadRequest, "invalid_request", "There are 50 receipts already", space+"_id"), false
	case r.Type == "payment" && !sum.Equal(whole):
		return invalid("The items do not come to the payment's amount", "items"), false
	}
	return gate.Answer{}, true
}
