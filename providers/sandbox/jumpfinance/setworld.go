package jumpfinance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// paymentSet is a payout in the system's own fields, as POST /_sandbox/world
// gives it. status takes the number; abilities only can_repeat.
type paymentSet struct {
	ID         int              `json:"id"`
	Contractor *int             `json:"contractor_id"`
	Amount     *decimal.Decimal `json:"amount"`
	Status     *int             `json:"status"`
	Own        *string          `json:"customer_payment_id"`
	Purpose    *string          `json:"payment_purpose"`
	Service    *string          `json:"service_name"`
	Error      *string          `json:"error"`
	Agent      *int             `json:"agent_id"`
	Branch     *int             `json:"branch_office_id"`
	Account    *int             `json:"bank_account_id"`
	Created    *time.Time       `json:"created_at"`
	Abilities  *struct {
		Repeat *bool `json:"can_repeat"`
	} `json:"abilities"`
}

type contractorSet struct {
	ID     int              `json:"id"`
	Phone  *string          `json:"phone"`
	Email  *string          `json:"email"`
	Last   *string          `json:"last_name"`
	First  *string          `json:"first_name"`
	Middle *string          `json:"middle_name"`
	Form   *int             `json:"legal_form_id"`
	Agent  *int             `json:"agent_id"`
	INN    *string          `json:"inn"`
	Value  *decimal.Decimal `json:"balance"`
}

type settingsSet struct {
	AllowWithdraw *bool `json:"is_allow_withdraw"`
}

// SetWorld changes a row, or adds one whose id is new: kind is "payments",
// "contractors" or "settings", set the system's own wire fields. An unknown
// kind or field is an error.
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error {
	switch kind {
	case "payments", "payment", "payouts", "payout":
		var v paymentSet
		if err := strict(kind, set, &v); err != nil {
			return err
		}
		return s.setPayment(v)
	case "contractors", "contractor":
		var v contractorSet
		if err := strict(kind, set, &v); err != nil {
			return err
		}
		return s.setContractor(v)
	case "settings":
		var v settingsSet
		if err := strict(kind, set, &v); err != nil {
			return err
		}
		if v.AllowWithdraw != nil {
			s.opt.WithdrawalsOff = !*v.AllowWithdraw
		}
		return nil
	default:
		return fmt.Errorf("jumpfinance has no kind %q here: use payments, contractors or settings", kind)
	}
}

func strict(kind string, set json.RawMessage, into any) error {
	dec := json.NewDecoder(bytes.NewReader(set))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("jumpfinance %s: %w", kind, err)
	}
	return nil
}

func put[T any](into *T, v *T) {
	if v != nil {
		*into = *v
	}
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
	v.onto(&p)
	c, ok := s.contractorByID(p.Contractor)
	if !ok {
		return fmt.Errorf("jumpfinance payments: there is no contractor %d", p.Contractor)
	}
	if p.Requisite.ID == 0 {
		p.Requisite = s.defaultRequisite(c).target()
	}
	if !exists {
		p.note(p.Created, "Создан. Карат (id:496)", "")
	}
	if v.Status != nil {
		if titles[*v.Status] == "" {
			return fmt.Errorf("jumpfinance payments: there is no status %d", *v.Status)
		}
		s.setStatus(&p, *v.Status, now)
	}
	put(&p.Error, v.Error)
	if v.Abilities != nil && v.Abilities.Repeat != nil {
		p.NoRepeat = !*v.Abilities.Repeat
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
func (v paymentSet) onto(p *payout) {
	put(&p.Contractor, v.Contractor)
	put(&p.Amount, v.Amount)
	put(&p.Own, v.Own)
	put(&p.Purpose, v.Purpose)
	put(&p.Service, v.Service)
	put(&p.Agent, v.Agent)
	put(&p.Branch, v.Branch)
	put(&p.Account, v.Account)
	put(&p.Created, v.Created)
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

func (s *Simulator) setContractor(v contractorSet) error {
	row, exists := s.contractorRow(v.ID)
	now := s.opt.Gate.Now()
	c := contractor{ID: v.ID, Form: individual, Agent: 1, Created: now}
	if exists {
		c = s.contractors.At(row)
	}
	if v.ID == 0 {
		c.ID = s.newContractorID()
	}
	if !exists && c.ID < firstNewContractorID {
		return fmt.Errorf("jumpfinance contractors: there is no contractor %d; new ones have ids from %d", c.ID, firstNewContractorID)
	}
	put(&c.Phone, v.Phone)
	put(&c.Email, v.Email)
	put(&c.Last, v.Last)
	put(&c.First, v.First)
	put(&c.Middle, v.Middle)
	put(&c.Form, v.Form)
	put(&c.Agent, v.Agent)
	put(&c.INN, v.INN)
	put(&c.Balance, v.Value)
	c.Updated = now
	if exists {
		s.contractors.Set(row, c)
		return nil
	}
	s.addedContractors[c.ID] = s.contractors.Add(c)
	return nil
}
