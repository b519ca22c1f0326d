package jumpfinance

import (
	"fmt"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	createCertCall = "POST /acceptance-certificates"
	updateCertCall = "PUT /acceptance-certificates/{cert_id}"

	maxCertNumber = 100
	maxCertItems  = 128
)

type certBody struct {
	Agent      value `json:"agent_id"`
	Branch     value `json:"branch_office_id"`
	Account    value `json:"bank_account_id"`
	Number     value `json:"number"`
	Date       value `json:"date"`
	Contractor value `json:"contractor_id"`
	Transport  part[struct {
		Mark   value `json:"mark"`
		Number value `json:"number"`
	}] `json:"transport"`
	Metal part[struct {
		Basis     value `json:"basis_of_ownership"`
		Described value `json:"items_description"`
	}] `json:"scrap_metal_data"`
	Amount value                      `json:"amount"`
	Items  part[[]part[certItemBody]] `json:"certificate_items"`
	To     part[struct {
		SBP         part[namesBody]     `json:"sbp_validation_data"`
		Requisite   part[requisiteBody] `json:"requisite"`
		RequisiteID value               `json:"requisite_id"`
	}] `json:"contractor_requisite"`
}

type certItemBody struct {
	Name     value `json:"name"`
	Type     value `json:"type"`
	Good     value `json:"nomenclature_id"`
	Unit     value `json:"measure_unit_id"`
	Impurity value `json:"impurity_percent"`
	Value    value `json:"value"`
	Tare     value `json:"tare_weight"`
	Price    value `json:"price"`
	Amount   value `json:"amount"`
}

type namesBody struct {
	First  value `json:"first_name"`
	Middle value `json:"middle_name"`
	Last   value `json:"last_name"`
}

// readCert checks a body into c.
func (s *Simulator) readCert(f *form, b certBody, c *certificate) {
	c.Agent, c.Branch, c.Account = f.agent("agent_id", b.Agent), f.id("branch_office_id", b.Branch), f.id("bank_account_id", b.Account)
	if _, ok := s.branchByID(c.Branch); c.Branch != 0 && !ok {
		f.wrong("branch_office_id", "Филиал не найден.")
	}
	if c.Account != 0 && accountName(c.Account) == "" {
		f.wrong("bank_account_id", "Счёт не найден.")
	}
	c.Number = f.words("number", b.Number)
	if len([]rune(c.Number)) > maxCertNumber {
		f.wrong("number", "Количество символов в поле number не может превышать 100.")
	}
	if !f.missing("date", b.Date) {
		c.Date = f.day("date", b.Date, time.DateOnly)
	}
	c.Contractor, c.Amount = f.mustID("contractor_id", b.Contractor), f.sum("amount", b.Amount, true)
	c.Transport = nil
	if object(f, "transport", b.Transport) {
		c.Transport = &transport{Mark: f.line("transport.mark", b.Transport.v.Mark), Number: f.line("transport.number", b.Transport.v.Number)}
	}
	if !f.missing("scrap_metal_data", b.Metal.value) && object(f, "scrap_metal_data", b.Metal) {
		c.Basis = f.words("scrap_metal_data.basis_of_ownership", b.Metal.v.Basis)
		c.Described = f.words("scrap_metal_data.items_description", b.Metal.v.Described)
	}
	c.Items = s.readItems(f, b.Items)
}

func (s *Simulator) readItems(f *form, list part[[]part[certItemBody]]) []certItem {
	const name = "certificate_items"
	if f.missing(name, list.value) || !object(f, name, list) {
		return nil
	}
	if n := len(list.v); n < 1 || n > maxCertItems {
		f.wrong(name, "Количество элементов в поле certificate_items должно быть от 1 до 128.")
		return nil
	}
	var out []certItem
	for i, p := range list.v {
		at := fmt.Sprintf("%s.%d", name, i)
		if !p.ok {
			f.wrong(at, "Поле "+at+" имеет ошибочный формат.")
			continue
		}
		out = append(out, s.readItem(f, at+".", p.v))
	}
	return out
}

// readItem checks one line. Which of its fields are required is not published:
// the name, the weight, the price and the sum are.
func (s *Simulator) readItem(f *form, at string, b certItemBody) certItem {
	const most = 1_000_000_000
	f.require(at, named{"value", b.Value}, named{"price", b.Price}, named{"amount", b.Amount})
	i := certItem{
		Name: f.words(at+"name", b.Name), Type: f.line(at+"type", b.Type), Good: f.shaped(at+"nomenclature_id", b.Good, uuidForm), Unit: f.id(at+"measure_unit_id", b.Unit),
		Impurity: f.within(at+"impurity_percent", b.Impurity, 0, 100), Value: f.within(at+"value", b.Value, 0, most),
		Tare: f.within(at+"tare_weight", b.Tare, 0, most), Price: f.sum(at+"price", b.Price, false), Amount: f.sum(at+"amount", b.Amount, false),
	}
	if g, ok := s.goodByID(i.Good); i.Good != "" && !f.refused(at+"nomenclature_id") && (!ok || !s.goods[g].Deleted.IsZero()) {
		f.wrong(at+"nomenclature_id", "Номенклатура не найдена.")
	}
	if _, ok := units[i.Unit]; i.Unit != 0 && !ok {
		f.wrong(at+"measure_unit_id", "Единица измерения не найдена.")
	}
	if i.Tare.GreaterThan(i.Value) {
		f.wrong(at+"tare_weight", "Вес тары не может быть больше веса брутто.")
	}
	return i
}

// readReceiver checks where the money of a certificate is to go.
func (s *Simulator) readReceiver(f *form, b certBody, who contractor, c *certificate) *requisite {
	const at = "contractor_requisite."
	c.To, c.Receiver = nil, nil
	if !object(f, "contractor_requisite", b.To) {
		return nil
	}
	in := b.To.v
	c.Receiver = f.names(at+"sbp_validation_data", in.SBP)
	var made *requisite
	c.To, made = s.pickRequisite(f, at, in.Requisite, in.RequisiteID, who)
	return made
}

// names reads whom the bank shall compare the receiver with.
func (f *form) names(name string, p part[namesBody]) *person {
	if !object(f, name, p) {
		return nil
	}
	return &person{
		Last: f.words(name+".last_name", p.v.Last), First: f.words(name+".first_name", p.v.First), Middle: f.line(name+".middle_name", p.v.Middle),
	}
}

// pickRequisite takes exactly one of a new requisite and the number of a known
// one; made is the new one, if it is really new.
func (s *Simulator) pickRequisite(f *form, at string, fresh part[requisiteBody], known value, who contractor) (to, made *requisite) {
	switch {
	case fresh.given() == known.given():
		f.wrong(at+"requisite", "Укажите requisite или requisite_id.")
	case known.given():
		id := f.id(at+"requisite_id", known)
		for _, r := range s.requisitesOf(who) {
			if r.ID == id {
				return &r, nil
			}
		}
		if !f.refused(at + "requisite_id") {
			f.wrong(at+"requisite_id", "Реквизит не найден.")
		}
	case object(f, at+"requisite", fresh):
		r, ok := f.requisite(at+"requisite.", fresh.v)
		if !ok {
			return nil, nil
		}
		return s.knownOrNew(r, who)
	}
	return nil, nil
}

// createCertificate answers POST /acceptance-certificates.
func (s *Simulator) createCertificate(req *request) gate.Answer {
	c := certificate{ID: s.newCertID()}
	return s.writeCert(req, createCertCall, c)
}

// updateCertificate answers PUT /acceptance-certificates/{cert_id}, for one that
// has no payout.
func (s *Simulator) updateCertificate(req *request) gate.Answer {
	c, ok := s.askedCert(req)
	switch {
	case !ok:
		return notFound(req)
	case c.Payout != 0:
		return badRequest()
	}
	return s.writeCert(req, updateCertCall, c)
}

// certDeed is a certificate as it was written, with the requisite that was made
// with it.
type certDeed struct {
	Cert certificate `json:"cert"`
	New  *requisite  `json:"new,omitempty"`
}

func (s *Simulator) writeCert(req *request, call string, c certificate) gate.Answer {
	var body certBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	s.readCert(&f, body, &c)
	who, ok := s.contractorByID(c.Contractor)
	if c.Contractor != 0 && (!ok || who.Deleted) {
		f.wrong("contractor_id", "Исполнитель не найден.")
	}
	d := certDeed{New: s.readReceiver(&f, body, who, &c)}
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	d.Cert = c
	if err := s.putCert(d); err != nil {
		return badRequest()
	}
	d.New, d.Cert.To = d.New.masked(), d.Cert.To.masked()
	s.record(call, idText(c.ID), d)
	row, _ := s.certRow(c.ID)
	return item(s.certificateDoc(s.certs.At(row), true))
}

func (s *Simulator) putCert(d certDeed) error {
	now := s.opt.Gate.Now()
	c := d.Cert
	if _, ok := s.contractorRow(c.Contractor); !ok {
		return fmt.Errorf("jumpfinance: the ledger writes a certificate of contractor %d, whom this world does not have", c.Contractor)
	}
	if d.New != nil {
		s.requisites[c.Contractor] = append(s.requisites[c.Contractor], *d.New)
	}
	row, ok := s.certRow(c.ID)
	c.Created, c.Updated = now, now
	if ok {
		c.Created = s.certs.At(row).Created
		s.certs.Set(row, c)
		return nil
	}
	if c.ID < firstNewCertID {
		return nil // of a day that this world has not reached
	}
	s.addedCerts[c.ID] = s.certs.Add(c)
	return nil
}

// masked is the same without a whole card number, for the ledger.
func (r *requisite) masked() *requisite {
	if r == nil || r.Type != byCard {
		return r
	}
	stars := *r
	stars.Number = strings.Repeat("*", len(r.Number)-4) + r.Number[len(r.Number)-4:]
	return &stars
}
