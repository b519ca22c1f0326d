package jumpfinance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

type contractorSet struct {
	ID      int        `json:"id"`
	Phone   *string    `json:"phone"`
	Email   *string    `json:"email"`
	Last    *string    `json:"last_name"`
	First   *string    `json:"first_name"`
	Middle  *string    `json:"middle_name"`
	FormID  wireID     `json:"legal_form_id"`
	Form    wireID     `json:"legal_form"`
	AgentID wireID     `json:"agent_id"`
	Agent   wireID     `json:"agent"`
	Group   wireID     `json:"group_id"`
	INN     *string    `json:"inn"`
	Value   wireSum    `json:"balance"`
	Frozen  wireSum    `json:"frozen_balance"`
	Agrees  wireFlag   `json:"company_agrees_pay_taxes"`
	Stopped wireFlag   `json:"in_stop_list"`
	Deleted wireFlag   `json:"is_deleted"`
	Created *time.Time `json:"created_at"`
}

type settingsSet struct {
	AllowWithdraw wireFlag `json:"is_allow_withdraw"`
	Features      struct {
		BranchAccounts wireFlag `json:"branch_office_in_bank_account"`
	} `json:"features"`
}

type certificateSet struct {
	ID           int              `json:"id"`
	Number       *string          `json:"number"`
	Date         *string          `json:"date"`
	Amount       *decimal.Decimal `json:"amount"`
	ContractorID wireID           `json:"contractor_id"`
	Contractor   wireID           `json:"contractor"`
	AgentID      wireID           `json:"agent_id"`
	Agent        wireID           `json:"agent"`
	BranchID     wireID           `json:"branch_office_id"`
	Branch       wireID           `json:"branch_office"`
	AccountID    wireID           `json:"bank_account_id"`
	Account      wireID           `json:"bank_account"`
	Payment      wireID           `json:"payment"`
	Created      *time.Time       `json:"created_at"`
}

type branchSet struct {
	ID      int       `json:"id"`
	Name    *string   `json:"name"`
	Address *string   `json:"address"`
	AgentID wireID    `json:"agent_id"`
	Agent   wireID    `json:"agent"`
	Monthly wireLimit `json:"limit_monthly"`
	Daily   wireLimit `json:"limit_daily"`
	Active  wireFlag  `json:"is_active"`
}

// SetWorld changes a row, or adds one whose id is new: kind is "payments",
// "contractors", "certificates", "branches", "nomenclatures" or "settings", set the
// system's own wire fields. An unknown kind or field is an error.
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error {
	switch kind {
	case "payments", "payment", "payouts", "payout":
		return change(kind, set, s.setPayment)
	case "contractors", "contractor":
		return change(kind, set, s.setContractor)
	case "acceptance-certificates", "certificates", "certificate":
		return change(kind, set, s.setCertificate)
	case "branch-office", "branches", "branch":
		return change(kind, set, s.setBranch)
	case "nomenclatures", "nomenclature":
		return change(kind, set, s.setGood)
	case "settings":
		return change(kind, set, func(v settingsSet) error {
			allowed := !s.opt.WithdrawalsOff
			v.AllowWithdraw.onto(&allowed)
			v.Features.BranchAccounts.onto(&s.opt.BranchAccounts)
			s.opt.WithdrawalsOff = !allowed
			return nil
		})
	default:
		return fmt.Errorf("jumpfinance has no kind %q here: use payments, contractors, certificates, branches, nomenclatures or settings", kind)
	}
}

// change reads a row's fields strictly and sets them.
func change[T any](kind string, set json.RawMessage, apply func(T) error) error {
	var v T
	dec := json.NewDecoder(bytes.NewReader(set))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return fmt.Errorf("jumpfinance %s: %w", kind, err)
	}
	return apply(v)
}

func put[T any](into *T, v *T) {
	if v != nil {
		*into = *v
	}
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
	if err := v.onto(&c); err != nil {
		return fmt.Errorf("jumpfinance contractors: %w", err)
	}
	c.Updated = now
	if exists {
		s.contractors.Set(row, c)
	} else {
		row = s.contractors.Add(c)
		s.addedContractors[c.ID] = row
	}
	delete(s.goneContractors, row)
	if c.Deleted {
		s.goneContractors[row] = true
	}
	return nil
}

func (v contractorSet) onto(c *contractor) error {
	put(&c.Phone, v.Phone)
	put(&c.Email, v.Email)
	put(&c.Last, v.Last)
	put(&c.First, v.First)
	put(&c.Middle, v.Middle)
	put(&c.INN, v.INN)
	put(&c.Created, v.Created)
	v.Agrees.onto(&c.Agrees)
	v.Stopped.onto(&c.Stopped)
	v.Deleted.onto(&c.Deleted)
	if v.Value.given { // the contractor's balance is all of theirs together
		c.Balance, c.Fleet = v.Value.sum, decimal.Zero
	}
	if v.Frozen.given {
		c.Frozen = v.Frozen.sum
	}
	err := errors.Join(
		v.FormID.onto(&c.Form, v.Form, "legal_form"), v.AgentID.onto(&c.Agent, v.Agent, "agent"), v.Group.onto(&c.Group, wireID{}, "group_id"),
	)
	switch {
	case err != nil:
		return err
	case formTitles[c.Form] == "":
		return fmt.Errorf("there is no legal form %d", c.Form)
	case agentName(c.Agent) == "":
		return fmt.Errorf("there is no legal entity %d", c.Agent)
	}
	return nil
}

func (s *Simulator) setCertificate(v certificateSet) error {
	row, exists := s.certRow(v.ID)
	now := s.opt.Gate.Now()
	c := certificate{ID: v.ID, Agent: 1, Created: now, Date: now.In(moscow).Format(time.DateOnly), Basis: "Собственность", Described: "Лом"}
	if exists {
		c = s.certs.At(row)
	}
	if v.ID == 0 {
		c.ID = s.newCertID()
	}
	if !exists && c.ID < firstNewCertID {
		return fmt.Errorf("jumpfinance certificates: there is no certificate %d; new ones have ids from %d", c.ID, firstNewCertID)
	}
	put(&c.Number, v.Number)
	put(&c.Date, v.Date)
	put(&c.Amount, v.Amount)
	put(&c.Created, v.Created)
	err := errors.Join(
		v.ContractorID.onto(&c.Contractor, v.Contractor, "contractor"), v.AgentID.onto(&c.Agent, v.Agent, "agent"), v.Payment.onto(&c.Payout, wireID{}, "payment"),
		v.BranchID.onto(&c.Branch, v.Branch, "branch_office"), v.AccountID.onto(&c.Account, v.Account, "bank_account"),
	)
	if err != nil {
		return fmt.Errorf("jumpfinance certificates: %w", err)
	}
	if _, ok := s.contractorRow(c.Contractor); !ok {
		return fmt.Errorf("jumpfinance certificates: there is no contractor %d", c.Contractor)
	}
	if _, ok := s.payoutRow(c.Payout); !ok && c.Payout != 0 {
		return fmt.Errorf("jumpfinance certificates: there is no payout %d", c.Payout)
	}
	c.Updated = now
	if exists {
		s.certs.Set(row, c)
		return nil
	}
	s.addedCerts[c.ID] = s.certs.Add(c)
	return nil
}

func (s *Simulator) setBranch(v branchSet) error {
	b := branch{ID: len(s.branches) + 1, Agent: 1, Active: true}
	if v.ID != 0 {
		i := slices.IndexFunc(s.branches, func(have branch) bool { return have.ID == v.ID })
		if i < 0 {
			return fmt.Errorf("jumpfinance branches: there is no branch %d; a new one has no id", v.ID)
		}
		b = s.branches[i]
	}
	put(&b.Name, v.Name)
	put(&b.Address, v.Address)
	v.Active.onto(&b.Active)
	if v.Monthly.given {
		b.Monthly = v.Monthly.sum
	}
	if v.Daily.given {
		b.Daily = v.Daily.sum
	}
	if err := v.AgentID.onto(&b.Agent, v.Agent, "agent"); err != nil {
		return fmt.Errorf("jumpfinance branches: %w", err)
	}
	return s.putBranch(b)
}
