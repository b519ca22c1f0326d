package jumpfinance

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// made is what a payout was made of: enough to make it again.
type made struct {
	ID           int             `json:"id"`
	Contractor   int             `json:"contractor"`
	New          *person         `json:"new,omitempty"` // a contractor made with it
	Amount       decimal.Decimal `json:"amount"`
	Withheld     decimal.Decimal `json:"withheld"`
	Own          string          `json:"own,omitempty"`
	Service      string          `json:"service,omitempty"`
	Purpose      string          `json:"purpose,omitempty"`
	Agent        int             `json:"agent"`
	Branch       int             `json:"branch,omitempty"`
	Account      int             `json:"account,omitempty"`
	Act          bool            `json:"act,omitempty"`
	To           target          `json:"to"`
	Cert         int             `json:"cert,omitempty"`
	NewRequisite *requisite      `json:"new_requisite,omitempty"`
	Status       int             `json:"status"`
}

type person struct {
	Last, First, Middle, Phone string
}

// masked is the same without a whole card number, for the ledger.
func (d made) masked() made {
	d.NewRequisite = d.NewRequisite.masked()
	return d
}

// make stores a new payout and returns its row.
func (s *Simulator) make(d made) int {
	now := s.opt.Gate.Now()
	if d.New != nil {
		row := s.contractors.Add(contractor{
			ID: d.Contractor, Last: d.New.Last, First: d.New.First, Middle: d.New.Middle, Phone: d.New.Phone, Form: individual, Agent: d.Agent, Created: now, Updated: now,
		})
		s.addedContractors[d.Contractor] = row
	}
	if d.NewRequisite != nil {
		s.requisites[d.Contractor] = append(s.requisites[d.Contractor], *d.NewRequisite)
	}
	payee, _ := s.contractorByID(d.Contractor)
	p := payout{
		Form: payee.Form, INN: payee.INN, Cert: d.Cert, ID: d.ID, Contractor: d.Contractor, Created: now, Amount: d.Amount, Withheld: d.Withheld, Own: d.Own, Purpose: d.Purpose, Service: d.Service,
		Agent: d.Agent, Branch: d.Branch, Account: d.Account, Requisite: d.To, Act: d.Act, Status: d.Status,
	}
	p.note(now, "Создан. Карат (id:496)", "")
	if d.Status == processing {
		s.queue(&p, now)
	} else {
		p.note(now, titles[d.Status], "")
	}
	return s.addPayout(p)
}

func idText(id int) string { return strconv.Itoa(id) }

const repeatCall = "POST /payments/{payment_id}/repeat"

// repeatPayment answers POST /payments/{payment_id}/repeat. It has no key:
// every call that finds a payout that may be repeated repeats it.
func (s *Simulator) repeatPayment(req *request) gate.Answer {
	id, err := strconv.Atoi(req.args["payment_id"])
	row, ok := s.payoutRow(id)
	switch {
	case err != nil || !ok:
		return notFound(req)
	case s.opt.WithdrawalsOff:
		return forbidden()
	}
	p := s.payoutAt(row)
	if !p.canRepeat() {
		return badRequest()
	}
	s.repeatRow(row)
	p = s.payoutAt(row)
	s.opt.Gate.Record(gate.Entry{System: systemName, Call: repeatCall, ID: idText(p.ID), Amount: p.Amount.StringFixed(2), Currency: "RUB"})
	return item(s.payment(p, answerIncludes))
}

// repeatRow puts a payout back into the queue. The world's days move on under a
// replayed ledger, so the row is never put before what came earlier.
func (s *Simulator) repeatRow(row int) {
	p := s.payoutAt(row)
	at := s.opt.Gate.Now()
	if last := p.History[len(p.History)-1].At; !at.After(last) {
		at = last.Add(time.Second)
	}
	s.queue(&p, at)
	s.setPayout(row, p)
}
