package jumpfinance

import (
	"fmt"
	"net/http"
	"regexp"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	upsertCall           = "POST /contractors"
	updateContractorCall = "PUT /contractors/{contractor_id}"
	deleteContractorCall = "DELETE /contractors/{contractor_id}"

	russianPassport = "passport_rf"
)

type papersBody struct {
	Kind     value `json:"document_type"`
	Number   value `json:"full_number"`
	Issued   value `json:"issue_date"`
	Issuer   value `json:"issued_by"`
	Division value `json:"division"`
	Born     value `json:"birth_date"`
	Address  value `json:"registration_address"`
}

type contractorBody struct {
	Phone  value            `json:"phone"`
	Email  value            `json:"email"`
	Last   value            `json:"last_name"`
	First  value            `json:"first_name"`
	Middle value            `json:"middle_name"`
	Form   value            `json:"legal_form_id"`
	Agent  value            `json:"agent_id"`
	Group  value            `json:"group_id"`
	INN    value            `json:"inn"`
	Agrees value            `json:"company_agrees_pay_taxes"`
	Papers part[papersBody] `json:"passport_details"`
}

// contractorDeed is what a write made of a contractor: everything that the body
// says, for a field that is left out is emptied. Of a passport a ledger knows
// only that there is one.
type contractorDeed struct {
	ID     int    `json:"id"`
	New    bool   `json:"new,omitempty"`
	Phone  string `json:"phone"`
	Email  string `json:"email,omitempty"`
	Last   string `json:"last"`
	First  string `json:"first"`
	Middle string `json:"middle,omitempty"`
	INN    string `json:"inn,omitempty"`
	Form   int    `json:"form"`
	Agent  int    `json:"agent"`
	Group  int    `json:"group,omitempty"`
	Agrees bool   `json:"agrees,omitempty"`
	Papers string `json:"papers,omitempty"` // the sort of passport
	papers *papers
}

// contractorDeedOf checks a body.
func contractorDeedOf(f *form, b contractorBody) contractorDeed {
	d := contractorDeed{
		Last: f.words("last_name", b.Last), First: f.words("first_name", b.First), Middle: f.line("middle_name", b.Middle),
		Email: f.shaped("email", b.Email, mailForm), INN: f.shaped("inn", b.INN, innForm), Agent: f.agent("agent_id", b.Agent),
		Form: f.legalForm("legal_form_id", b.Form), Group: f.id("group_id", b.Group), Agrees: f.flag("company_agrees_pay_taxes", b.Agrees),
	}
	if !f.missing("phone", b.Phone) {
		d.Phone = f.shaped("phone", b.Phone, phoneForm)
	}
	if d.Group > len(groupNames) {
		f.wrong("group_id", "Группа не найдена.")
	}
	if object(f, "passport_details", b.Papers) {
		d.papers = papersOf(f, b.Papers.v)
		d.Papers = d.papers.Kind
	}
	return d
}

// legalForm reads a required legal form: 1, 2 or 3.
func (f *form) legalForm(name string, v value) int {
	id := f.mustID(name, v)
	if id != 0 && formTitles[id] == "" {
		f.wrong(name, "Выбранное значение для "+name+" ошибочно.")
	}
	return id
}

var (
	passportForm = regexp.MustCompile(`^\d{4} \d{6}$`)
	divisionForm = regexp.MustCompile(`^\d{3}-\d{3}$`)
)

// papersOf checks a passport. The form of a foreign one is not published: its
// sort and its number are asked for.
func papersOf(f *form, b papersBody) *papers {
	const at = "passport_details."
	p := &papers{Kind: f.words(at+"document_type", b.Kind)}
	if p.Kind != russianPassport {
		p.Number = f.words(at+"full_number", b.Number)
		return p
	}
	if !f.missing(at+"full_number", b.Number) {
		p.Number = f.shaped(at+"full_number", b.Number, passportForm)
	}
	if !f.missing(at+"issue_date", b.Issued) {
		p.Issued = f.day(at+"issue_date", b.Issued, time.DateOnly)
	}
	if !f.missing(at+"birth_date", b.Born) {
		p.Born = f.day(at+"birth_date", b.Born, time.DateOnly)
	}
	if !f.missing(at+"division", b.Division) {
		p.Division = f.shaped(at+"division", b.Division, divisionForm)
	}
	p.Issuer, p.Address = f.words(at+"issued_by", b.Issuer), f.words(at+"registration_address", b.Address)
	return p
}

// upsertContractor answers POST /contractors: a phone that is known overwrites
// that person.
func (s *Simulator) upsertContractor(req *request) gate.Answer {
	var body contractorBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	d := contractorDeedOf(&f, body)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	if c, known := s.contractorByPhone(d.Phone); known {
		d.ID = c.ID
	} else {
		d.ID, d.New = s.newContractorID(), true
	}
	return s.writeContractor(upsertCall, d)
}

// updateContractor answers PUT /contractors/{contractor_id}.
func (s *Simulator) updateContractor(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	var body contractorBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	d := contractorDeedOf(&f, body)
	d.ID = c.ID
	if other, taken := s.contractorByPhone(d.Phone); taken && other.ID != c.ID {
		f.wrong("phone", "Такое значение поля phone уже существует.")
	}
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	return s.writeContractor(updateContractorCall, d)
}

func (s *Simulator) writeContractor(call string, d contractorDeed) gate.Answer {
	if err := s.putContractor(d); err != nil {
		return badRequest()
	}
	s.record(call, idText(d.ID), d)
	c, _ := s.contractorByID(d.ID)
	if s.opt.BareUpdates && call == updateContractorCall {
		return gate.JSON(http.StatusOK, s.contractorDoc(c))
	}
	return item(s.contractorDoc(c))
}

// putContractor makes the change.
func (s *Simulator) putContractor(d contractorDeed) error {
	now := s.opt.Gate.Now()
	row, exists := s.contractorRow(d.ID)
	if exists == d.New {
		return fmt.Errorf("jumpfinance: the ledger writes contractor %d, whom this world has or lacks otherwise", d.ID)
	}
	c := contractor{ID: d.ID, Created: now}
	if exists {
		c = s.contractors.At(row)
	}
	c.Phone, c.Email, c.Last, c.First, c.Middle, c.INN = d.Phone, d.Email, d.Last, d.First, d.Middle, d.INN
	c.Form, c.Agent, c.Group, c.Agrees, c.Updated, c.Papers = d.Form, d.Agent, d.Group, d.Agrees, now, d.papers
	if c.Papers == nil && d.Papers != "" {
		c.Papers = &papers{Kind: d.Papers} // of a replayed ledger
	}
	if exists {
		s.contractors.Set(row, c)
		return nil
	}
	s.addedContractors[c.ID] = s.contractors.Add(c)
	return nil
}

// deleteContractor answers DELETE /contractors/{contractor_id} with 204. The
// payouts stay, and go on naming the person.
func (s *Simulator) deleteContractor(req *request) gate.Answer {
	c, ok := s.asked(req)
	switch {
	case !ok:
		return notFound(req)
	case s.opt.RefuseInUse && s.inUse(c.ID):
		return failure(statusInUse, "Ошибка", "Исполнитель используется и не может быть удалён.", nil)
	}
	if err := s.dropContractor(c.ID); err != nil {
		return badRequest()
	}
	s.record(deleteContractorCall, idText(c.ID), nil)
	return gate.Answer{Status: http.StatusNoContent}
}

// statusInUse is the sibling API's own status.
const statusInUse = 499

// inUse tells whether a payout of the contractor is still to be settled.
func (s *Simulator) inUse(id int) bool {
	for _, row := range s.filtered(paymentFilter{contractors: []int{id}}) {
		if !final(s.payoutAt(row).Status) {
			return true
		}
	}
	return false
}

func (s *Simulator) dropContractor(id int) error {
	row, ok := s.contractorRow(id)
	if !ok {
		return fmt.Errorf("jumpfinance: the ledger deletes contractor %d, whom this world does not have", id)
	}
	c := s.contractors.At(row)
	c.Deleted, c.Updated = true, s.opt.Gate.Now()
	s.contractors.Set(row, c)
	s.goneContractors[row] = true
	return nil
}
