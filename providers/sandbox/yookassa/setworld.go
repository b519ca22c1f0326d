package yookassa

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// SetWorld changes or adds one object by its wire fields: an id that exists is
// changed, another is added. What follows from the status (paid, refundable,
// expires_at …) is filled in unless it is given. The caller holds the gate.
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(set, &given); err != nil || given == nil {
		return errors.New("set must be an object of the system's own fields")
	}
	var id string
	if raw, ok := given["id"]; ok {
		if err := json.Unmarshal(raw, &id); err != nil || id == "" {
			return errors.New("id must be a text")
		}
	}
	switch kind {
	case "payment", "payments":
		return s.setPayment(id, set, given)
	case "refund", "refunds":
		return s.setRefund(id, set)
	case "receipt", "receipts":
		return s.setReceipt(id, set)
	case "payout", "payouts":
		return s.setPayout(id, set, given)
	case "webhook", "webhooks":
		return s.setWebhook(id, set)
	default:
		return fmt.Errorf("yookassa has no %q: use payment, refund, receipt, payout or webhook", kind)
	}
}

// onto lays the given fields over an object.
func onto(set json.RawMessage, v any) error {
	dec := json.NewDecoder(bytes.NewReader(set))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is more after the object")
	}
	return nil
}

func (s *Simulator) setPayment(id string, set json.RawMessage, given map[string]json.RawMessage) error {
	now := s.opt.Gate.Now()
	p := &payment{ID: id, Status: "succeeded", Amount: amount{Currency: currency}, Recipient: recipient{shopID, gatewayID}, CreatedAt: stamp{now}, Metadata: map[string]string{}}
	row, exists := s.paymentRow(id)
	if exists {
		p = copied(s.payments.table.At(row))
	} else if _, ok := given["payment_method"]; !ok {
		p.Method = &method{Type: "bank_card", ID: id, Status: "inactive", Title: "Bank card *4444", Card: &card{Last4: "4444", Month: "12", Year: "2030", Type: "MasterCard"}}
	}
	if err := onto(set, p); err != nil {
		return err
	}
	if err := s.soundPayment(p); err != nil {
		return err
	}
	if p.ID == "" {
		p.ID = s.mint(paymentSpace)
	}
	if p.Method != nil && p.Method.ID == "" {
		p.Method.ID = p.ID
	}
	s.follow(p, given)
	if exists {
		s.payments.put(row, p)
		return nil
	}
	s.payments.add(p)
	return nil
}

func (s *Simulator) soundPayment(p *payment) error {
	switch {
	case !slices.Contains(paymentStatuses, p.Status):
		return fmt.Errorf("status %q: use one of %v", p.Status, paymentStatuses)
	case !p.Amount.decimal().IsPositive() || p.Amount.Currency == "":
		return errors.New(`amount must be {"value":"10.00","currency":"RUB"}`)
	case p.Method != nil && !slices.Contains(methodCodes, p.Method.Type):
		return fmt.Errorf("payment_method.type %q is none of %v", p.Method.Type, methodCodes)
	}
	p.Amount.Value = p.Amount.decimal().StringFixed(2)
	return nil
}

// follow fills in what a status brings with it.
func (s *Simulator) follow(p *payment, given map[string]json.RawMessage) {
	unless := func(name string, fill func()) {
		if _, ok := given[name]; !ok {
			fill()
		}
	}
	if p.Metadata == nil {
		p.Metadata = map[string]string{}
	}
	taken := p.Status == "succeeded"
	unless("paid", func() { p.Paid = taken || p.Status == "waiting_for_capture" })
	unless("refundable", func() {
		p.Refundable = taken && (p.Method == nil || refunds(p.Method.Type)) && s.returned(p.ID, false).LessThan(p.Amount.decimal())
	})
	unless("captured_at", func() {
		if !taken {
			p.CapturedAt = nil
		} else if p.CapturedAt == nil {
			p.CapturedAt = &stamp{p.CreatedAt.Time}
		}
	})
	unless("expires_at", func() {
		if p.Status != "waiting_for_capture" {
			p.ExpiresAt = nil
		} else if p.ExpiresAt == nil {
			p.ExpiresAt = &stamp{p.CreatedAt.Add(holdFor)}
		}
	})
	unless("cancellation_details", func() {
		if p.Status != "canceled" {
			p.Cancellation = nil
		} else if p.Cancellation == nil {
			p.Cancellation = &cancellation{"payment_network", "general_decline"}
		}
	})
	unless("confirmation", func() {
		if p.Status != "pending" {
			p.Confirmation = nil
		}
	})
}

func (s *Simulator) setRefund(id string, set json.RawMessage) error {
	r := &refund{ID: id, Status: "succeeded", Amount: amount{Currency: currency}, CreatedAt: stamp{s.opt.Gate.Now()}}
	row, exists := s.refundRow(id)
	if exists {
		r = copied(s.refunds.table.At(row))
	}
	owner := r.Payment
	if err := onto(set, r); err != nil {
		return err
	}
	_, known := s.paymentRow(r.Payment)
	switch {
	case !known:
		return fmt.Errorf("payment_id %q names no payment", r.Payment)
	case exists && owner != r.Payment:
		return errors.New("a refund cannot move to another payment")
	case !slices.Contains(shortStatuses, r.Status):
		return fmt.Errorf("status %q: use one of %v", r.Status, shortStatuses)
	case !r.Amount.decimal().IsPositive() || r.Amount.Currency == "":
		return errors.New(`amount must be {"value":"10.00","currency":"RUB"}`)
	}
	r.Amount.Value = r.Amount.decimal().StringFixed(2)
	if r.Status == "canceled" && r.Cancellation == nil {
		r.Cancellation = &cancellation{"yoo_money", "general_decline"}
	}
	if !exists {
		if r.ID == "" {
			r.ID = s.mint(refundSpace)
		}
		row := s.refunds.add(r)
		s.refundOf[r.Payment] = append(s.refundOf[r.Payment], row)
	} else {
		delete(s.pending, row)
		s.refunds.put(row, r)
	}
	s.recount(r.Payment)
	return nil
}

func (s *Simulator) setReceipt(id string, set json.RawMessage) error {
	now := s.opt.Gate.Now()
	r := &receipt{ID: id, Type: "payment", Status: "succeeded", TaxSystem: 1, made: now}
	row, exists := s.receiptRow(id)
	if exists {
		old := s.receipts.table.At(row)
		r = copied(old)
		r.made = old.made
	}
	if err := onto(set, r); err != nil {
		return err
	}
	_, payment := s.paymentRow(r.Payment)
	_, refund := s.refundRow(r.Refund)
	switch {
	case r.Payment == "" && r.Refund == "", r.Payment != "" && !payment, r.Refund != "" && !refund:
		return errors.New("payment_id or refund_id must name a payment or refund")
	case r.Type != "payment" && r.Type != "refund":
		return fmt.Errorf("type %q: use payment or refund", r.Type)
	case !slices.Contains(shortStatuses, r.Status):
		return fmt.Errorf("status %q: use one of %v", r.Status, shortStatuses)
	}
	if r.Items == nil {
		r.Items = []item{}
	}
	if r.Status != "succeeded" {
		r.Document, r.Storage, r.Attribute, r.Provider, r.Registered = "", "", "", "", nil
	}
	if exists {
		if r.Status == "succeeded" && r.Document == "" {
			s.register(r, now)
		}
		s.receipts.put(row, r)
		return nil
	}
	if r.ID == "" {
		r.ID = "rt-" + s.mint(receiptSpace)
	}
	if r.Status == "succeeded" && r.Document == "" {
		s.register(r, now)
	}
	r.stuck = true
	s.addReceipt(r)
	return nil
}
