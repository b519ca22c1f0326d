package jumpfinance

import (
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// createPayment answers POST /payments.
func (s *Simulator) createPayment(req *request) gate.Answer {
	var body createBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	c, known := contractor{}, false
	if id, ok := body.Contractor.whole(); ok {
		c, known = s.contractorByID(id)
		known = known && !c.Deleted
	}
	switch {
	case !body.Contractor.given():
		f.wrong("contractor_id", "Поле contractor_id обязательно для заполнения.")
	case !known:
		f.wrong("contractor_id", "Исполнитель не найден.")
	}
	return s.finishCreate("POST /payments", body, c, known, &f)
}

// smartPayment answers POST /payments/smart, which finds or makes the
// contractor by phone.
func (s *Simulator) smartPayment(req *request) gate.Answer {
	var body createBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	phone, _ := body.Phone.text()
	if !phoneForm.MatchString(phone) {
		f.wrong("phone", "Поле phone имеет ошибочный формат.")
	}
	last, first, middle := f.line("last_name", body.Last), f.line("first_name", body.First), f.line("middle_name", body.Middle)
	if last == "" || first == "" {
		f.wrong("last_name", "Поля last_name и first_name обязательны для заполнения.")
	}
	c, known := s.contractorByPhone(phone)
	if !known && len(f.bad) == 0 {
		now := s.opt.Gate.Now()
		c = contractor{ID: s.newContractorID(), Last: last, First: first, Middle: middle, Phone: phone, Form: individual, Agent: 1, Created: now, Updated: now}
	}
	return s.finishCreate(smartCall, body, c, true, &f)
}

const firstNewContractorID = 6_000_001

func (s *Simulator) newContractorID() int {
	id := firstNewContractorID
	for s.addedContractors[id] != 0 {
		id++
	}
	return id
}

// finishCreate checks the rest of the body and stores the payout.
func (s *Simulator) finishCreate(name string, body createBody, c contractor, known bool, f *form) gate.Answer {
	if s.opt.WithdrawalsOff {
		return forbidden()
	}
	d := made{
		Contractor: c.ID, Own: s.ownID(f, body.Own), Service: f.line("service_name", body.Service), Purpose: f.line("payment_purpose", body.Purpose),
		Agent: f.id("agent_id", body.Agent), Branch: f.id("branch_office_id", body.Branch), Account: f.id("bank_account_id", body.Account), Act: body.Act.given(),
	}
	d.Amount = f.sum("amount", body.Amount, true)
	d.Withheld = s.withheld(f, body, d.Amount)
	f.act(body.Act)
	f.names("sbp_validation_data", body.SBP)
	if body.Buyer != nil && body.Buyer.Name.given() != body.Buyer.INN.given() {
		f.wrong("buyer", "Поля buyer.name и buyer.inn заполняются вместе.")
	}
	if d.Service != "" && c.Form != selfEmployed {
		f.wrong("service_name", "Поле service_name заполняется только для самозанятых.")
	}
	s.checkPlaces(f, body, c, &d)
	if known {
		s.chooseRequisite(f, body, c, &d)
	}
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	if d.Agent == 0 {
		d.Agent = c.Agent
	}
	d.ID, d.Status = s.newPayoutID(), s.firstStatus(c, d)
	if _, ok := s.contractorRow(c.ID); !ok {
		d.New = &person{Last: c.Last, First: c.First, Middle: c.Middle, Phone: c.Phone}
	}
	row := s.make(d)
	detail, _ := json.Marshal(d.masked())
	p := s.payoutAt(row)
	s.opt.Gate.Record(gate.Entry{System: systemName, Call: name, ID: idText(p.ID), Amount: p.Amount.StringFixed(2), Currency: "RUB", Key: p.Own, Detail: detail})
	return item(s.payment(p, answerIncludes))
}

func (s *Simulator) firstStatus(c contractor, d made) int {
	switch {
	case d.Act && c.Form == selfEmployed:
		return unsigned
	case s.opt.Confirming && s.opt.OldTitles:
		return unpaid
	case s.opt.Confirming:
		return unapproved
	default:
		return processing
	}
}

// ownID checks the caller's id of the payout, which is taken for ever.
func (s *Simulator) ownID(f *form, v value) string {
	const name = "customer_payment_id"
	own := f.line(name, v)
	switch {
	case !v.given():
		return ""
	case len([]rune(own)) > maxOwnID:
		f.wrong(name, "Количество символов в поле customer_payment_id не может превышать 36.")
	case !ownIDForm.MatchString(own):
		f.wrong(name, "Поле customer_payment_id имеет ошибочный формат.")
	}
	if _, taken := s.ownRow(own); taken && own != "" {
		f.wrong(name, "Такое значение поля customer_payment_id уже существует.")
	}
	return own
}

func (s *Simulator) withheld(f *form, body createBody, amount decimal.Decimal) decimal.Decimal {
	fixed, percent := f.sum("fix_commission", body.Fixed, false), f.sum("percent_commission", body.Percent, false)
	if fixed.GreaterThan(amount) {
		f.wrong("fix_commission", "Удержание не может быть больше суммы выплаты.")
	}
	if percent.GreaterThan(decimal.New(100, 0)) {
		f.wrong("percent_commission", "Удержание не может быть больше 100 процентов.")
	}
	return fixed.Add(amount.Mul(percent).Div(decimal.New(100, 0)).Round(2))
}

// checkPlaces checks the legal entity, branch, account and balance.
func (s *Simulator) checkPlaces(f *form, body createBody, c contractor, d *made) {
	if body.Agent.given() && agentName(d.Agent) == "" {
		f.wrong("agent_id", "Юрлицо не найдено.")
	}
	if body.Account.given() && accountName(d.Account) == "" {
		f.wrong("bank_account_id", "Счёт не найден.")
	}
	if balance := f.id("balance_id", body.Balance); balance != 0 {
		b, ok := s.balanceOf(c, balance)
		if !ok {
			f.wrong("balance_id", "Баланс не найден.")
		}
		if body.Agent.given() {
			f.wrong("agent_id", "Юрлицо определяется балансом.")
		}
		d.Agent = b.Agent
	}
	if body.Branch.given() {
		s.checkBranch(f, d)
	}
}

// checkBranch checks that the branch may pay that much.
func (s *Simulator) checkBranch(f *form, d *made) {
	b, ok := s.branchByID(d.Branch)
	switch {
	case !ok:
		f.wrong("branch_office_id", "Филиал не найден.")
	case !b.Active:
		f.wrong("branch_office_id", "Филиал отключён.")
	case !s.fitsLimits(b, d.Amount):
		f.wrong("amount", "Превышен лимит выплат филиала.")
	}
}

// chooseRequisite finds where the money goes: exactly one source, or the
// contractor's default.
func (s *Simulator) chooseRequisite(f *form, body createBody, c contractor, d *made) {
	switch {
	case body.Requisite != nil && body.RequisiteID.given():
		f.wrong("requisite", "Укажите requisite или requisite_id.")
	case body.RequisiteID.given():
		id := f.id("requisite_id", body.RequisiteID)
		for _, r := range s.requisitesOf(c) {
			if r.ID == id {
				d.To = r.target()
				return
			}
		}
		f.wrong("requisite_id", "Реквизит не найден.")
	case body.Requisite != nil:
		d.To, d.NewRequisite = s.newRequisite(f, *body.Requisite, c)
	case c.Card == "" && len(s.requisites[c.ID]) == 0 && s.isNew(c):
		f.wrong("requisite", "У исполнителя нет реквизита по умолчанию.")
	default:
		d.To = s.defaultRequisite(c).target()
	}
}

func (s *Simulator) isNew(c contractor) bool {
	_, known := s.contractorRow(c.ID)
	return !known
}

// newRequisite is where a requisite that is given with its number leads: to one
// that is known, or to a new one.
func (s *Simulator) newRequisite(f *form, body requisiteBody, c contractor) (target, *requisite) {
	r, ok := f.requisite("requisite.", body)
	if !ok {
		return target{}, nil
	}
	to, made := s.knownOrNew(r, c)
	return to.target(), made
}

// knownOrNew is the contractor's requisite of that number, or a new one, which
// is made too.
func (s *Simulator) knownOrNew(r requisite, c contractor) (to, made *requisite) {
	for _, have := range s.requisitesOf(c) {
		if have.Type == r.Type && have.Number == r.Number {
			return &have, nil
		}
	}
	r.ID = firstNewRequisiteID + s.newRequisites()
	return &r, &r
}

// requisite checks a requisite; at stands before the names of its fields.
func (f *form) requisite(at string, body requisiteBody) (requisite, bool) {
	kind, _ := body.Type.whole()
	number, ok := body.Account.text()
	if !ok { // the official example shows a bare number
		number = string(body.Account.raw)
	}
	r := requisite{Type: kind, Number: number}
	switch kind {
	case byCard:
		r.Brand = brand(number)
		if len(number) < 13 || len(number) > 19 || strings.Trim(number, "0123456789") != "" || !luhn(number) {
			f.wrong(at+"account_number", "Номер карты указан неверно.")
			return r, false
		}
	case byPhone:
		r.Number = "+" + strings.TrimPrefix(number, "+")
		if !phoneForm.MatchString(r.Number) {
			f.wrong(at+"account_number", "Номер телефона указан неверно.")
			return r, false
		}
		bank, ok := body.Bank.whole()
		if !ok || bank <= 0 {
			f.wrong(at+"sbp_bank_id", "Поле sbp_bank_id обязательно для заполнения.")
			return r, false
		}
		r.Bank = int64(bank)
	default:
		f.wrong(at+"type_id", "Выбранное значение для type_id ошибочно.")
		return r, false
	}
	return r, true
}

const firstNewRequisiteID = 90_000_001

func (s *Simulator) newRequisites() int {
	n := 0
	for _, list := range s.requisites {
		n += len(list)
	}
	return n
}
