package jumpfinance

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// paymentSet is a payout in the system's own fields, as POST /_sandbox/world
// gives it: a number and the object that the system shows in its place are the
// same. What follows from other fields (is_final, amount_paid …) is not set.
type paymentSet struct {
	ID           int              `json:"id"`
	ContractorID wireID           `json:"contractor_id"`
	Contractor   wireID           `json:"contractor"`
	Amount       *decimal.Decimal `json:"amount"`
	Commission   *decimal.Decimal `json:"commission"`
	Status       wireID           `json:"status"`
	StatusID     wireID           `json:"status_id"`
	Own          *string          `json:"customer_payment_id"`
	Purpose      *string          `json:"payment_purpose"`
	Service      *string          `json:"service_name"`
	Error        wireText         `json:"error"`
	AgentID      wireID           `json:"agent_id"`
	Agent        wireID           `json:"agent"`
	BranchID     wireID           `json:"branch_office_id"`
	Branch       wireID           `json:"branch_office"`
	AccountID    wireID           `json:"bank_account_id"`
	Account      wireID           `json:"bank_account"`
	Created      *time.Time       `json:"created_at"`
	PaidAt       *time.Time       `json:"paid_at"`
	Nominal      *struct {
		Held wireFlag `json:"is_holded"`
	} `json:"nominal_info"`
	Requisite *struct {
		ID          int    `json:"id"`
		Icon        any    `json:"icon"`
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"requisite"`
	Receipt *struct {
		Key          string     `json:"key"`
		Status       string     `json:"status"`
		At           *time.Time `json:"operation_at"`
		CancelReason *string    `json:"cancel_reason"`
		CanCancel    any        `json:"can_cancel"`
		Links        any        `json:"links"`
	} `json:"receipt"`
	Abilities *struct {
		Repeat wireFlag `json:"can_repeat"`
	} `json:"abilities"`
}

func (s *Simulator) setPayment(v paymentSet) error {
	row, exists := s.payoutRow(v.ID)
	now := s.opt.Gate.Now()
	p := payout{ID: v.ID, Created: now, Status: processing, Agent: 1}
	if exists {
		p = s.payoutAt(row)
	}
	if v.ID == 0 {
		p.ID = s.newPayoutID()
	}
	if !exists && p.ID < firstNewID {
		return fmt.Errorf("jumpfinance payments: there is no payout %d; new ones have ids from %d", p.ID, firstNewID)
	}
	if v.Own != nil && *v.Own != "" {
		if at, taken := s.ownRow(*v.Own); taken && (!exists || at != row) {
			return fmt.Errorf("jumpfinance payments: the customer_payment_id %s is taken", *v.Own)
		}
	}
	was := p.Contractor
	if err := v.onto(&p); err != nil {
		return fmt.Errorf("jumpfinance payments: %w", err)
	}
	c, ok := s.contractorByID(p.Contractor)
	if !ok {
		return fmt.Errorf("jumpfinance payments: there is no contractor %d", p.Contractor)
	}
	if p.Contractor != was {
		p.Form, p.INN = c.Form, c.INN
	}
	if p.Requisite.ID == 0 {
		p.Requisite = s.defaultRequisite(c).target()
	}
	if !exists {
		p.note(p.Created, "Создан. Карат (id:496)", "")
	}
	if err := s.setState(&p, v, now); err != nil {
		return fmt.Errorf("jumpfinance payments: %w", err)
	}
	if !exists {
		s.addPayout(p)
		return nil
	}
	s.setPayout(row, p)
	if p.Own != "" {
		s.owners[p.Own] = row
	}
	return nil
}

// onto sets the fields that nothing else follows from.
func (v paymentSet) onto(p *payout) error {
	put(&p.Amount, v.Amount)
	put(&p.Withheld, v.Commission)
	put(&p.Own, v.Own)
	put(&p.Purpose, v.Purpose)
	put(&p.Service, v.Service)
	put(&p.Created, v.Created)
	if v.Nominal != nil {
		v.Nominal.Held.onto(&p.Held)
	}
	if r := v.Requisite; r != nil {
		p.Requisite = target{ID: r.ID, Title: r.Title, Description: r.Description}
	}
	err := errors.Join(
		v.ContractorID.onto(&p.Contractor, v.Contractor, "contractor"), v.AgentID.onto(&p.Agent, v.Agent, "agent"),
		v.BranchID.onto(&p.Branch, v.Branch, "branch_office"), v.AccountID.onto(&p.Account, v.Account, "bank_account"),
	)
	if agentName(p.Agent) == "" && err == nil {
		return fmt.Errorf("there is no legal entity %d", p.Agent)
	}
	return err
}

// setState sets the status and what hangs on it.
func (s *Simulator) setState(p *payout, v paymentSet, now time.Time) error {
	status := 0
	if err := v.Status.onto(&status, v.StatusID, "status"); err != nil {
		return err
	}
	if v.Status.given || v.StatusID.given {
		if titles[status] == "" {
			return fmt.Errorf("there is no status %d", status)
		}
		s.setStatus(p, status, now)
	}
	put(&p.PaidAt, v.PaidAt)
	if v.Error.given {
		p.Error = v.Error.text
	}
	if r := v.Receipt; r != nil {
		p.Receipt = &receipt{Key: r.Key, Status: r.Status, At: now}
		put(&p.Receipt.At, r.At)
		put(&p.Receipt.CancelReason, r.CancelReason)
	}
	if v.Abilities != nil && v.Abilities.Repeat.given {
		p.NoRepeat = !v.Abilities.Repeat.on
	}
	return nil
}

func (s *Simulator) setStatus(p *payout, status int, now time.Time) {
	switch {
	case status == processing:
		s.queue(p, now)
		return
	case status == paid:
		p.PaidAt = now
		s.register(p)
	case status == failed && p.Error == "":
		p.Error = failures[0]
	}
	p.Status, p.PaysAt = status, time.Time{}
	p.note(now, titles[status], "")
}
