package jumpfinance

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// The legal forms.
const (
	individual   = 1
	selfEmployed = 2
	proprietor   = 3
)

var formTitles = map[int]string{individual: "Физическое лицо", selfEmployed: "Самозанятый", proprietor: "Индивидуальный предприниматель"}

// papers is a passport. It is kept in memory alone, never in a ledger.
type papers struct {
	Kind, Number, Issued, Issuer, Division, Born, Address string
}

// contractor is one person who is paid.
type contractor struct {
	ID                  int
	Last, First, Middle string
	Phone, Email, INN   string
	Form, Agent         int
	Balance             decimal.Decimal
	Frozen              decimal.Decimal
	Created, Updated    time.Time
	Fleet               decimal.Decimal // what an aggregator's balance holds
	Group               int
	Agrees              bool    // that the company pays the tax
	Papers              *papers // nil: none given
	Deleted, Stopped    bool
	Card                string // whole, as the real system answers it
	Brand               string
}

func (c contractor) full() string {
	return strings.Join(strings.Fields(c.Last+" "+c.First+" "+c.Middle), " ")
}

func (c contractor) short() string {
	out := c.Last + " "
	for _, name := range []string{c.First, c.Middle} {
		for _, r := range name {
			out += string(r) + "."
			break
		}
	}
	return strings.TrimSpace(out)
}

// makeContractor makes the row-th contractor of the world.
func (s *Simulator) makeContractor(row int) contractor {
	w := s.opt.World
	p := w.Person(world.Contractors, row)
	roll := func(name string) uint64 { return world.Mix(p.Roll, "jump "+name, 0) }
	id, _ := strconv.Atoi(world.ContractorID(row))
	form := individual
	switch share := roll("form") % 100; {
	case share < 68:
		form = selfEmployed
	case share < 80:
		form = proprietor
	}
	c := contractor{
		ID: id, Last: p.Last, First: p.First, Middle: p.Middle, Phone: p.Phone, Email: p.Email, INN: p.INN, Form: form,
		Agent: 1 + int(roll("agent")%uint64(len(agentNames))), Card: cardNumber(p), Brand: brand(p.CardFirst6),
		Balance: decimal.New(int64(roll("balance")%2_000_000), -2),
	}
	age := w.Contractors() - row
	c.Created = s.today.AddDate(0, 0, -age).Add(time.Duration(9*60+roll("minute")%480) * time.Minute)
	c.Updated = c.Created.Add(time.Hour)
	if world.Chance(roll("frozen"), 20) {
		c.Frozen = decimal.New(int64(roll("sum")%100_000), -2)
	}
	if world.Chance(roll("passport"), 60) {
		c.Papers = &papers{
			Kind: russianPassport, Number: fmt.Sprintf("45%02d %06d", roll("serial")%100, roll("number")%1_000_000), Issued: "2014-02-06",
			Issuer: "ОВД района Арбат г. Москвы", Division: "770-001", Born: "1990-05-17", Address: "г. Москва, ул. Ленина, д. 1",
		}
	}
	c.Group, c.Agrees, c.Stopped = 1+int(roll("group")%uint64(len(groupNames))), world.Chance(roll("agrees"), 85), world.Chance(roll("stopped"), 2)
	if world.Chance(roll("fleet"), 15) {
		c.Fleet = decimal.New(int64(roll("fleet sum")%500_000), -2)
	}
	return c
}

// cardNumber is a whole card number that passes the check of card numbers.
func cardNumber(p world.Person) string {
	head := p.CardFirst6 + fmt.Sprintf("%05d", world.Mix(p.Roll, "card", 0)%100_000)
	for check := range 10 {
		if n := head + strconv.Itoa(check) + p.CardLast4; luhn(n) {
			return n
		}
	}
	return ""
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func brand(number string) string {
	switch {
	case strings.HasPrefix(number, "22"):
		return "Мир"
	case strings.HasPrefix(number, "4"):
		return "Visa"
	default:
		return "Mastercard"
	}
}

func (s *Simulator) contractorRow(id int) (int, bool) {
	if row, ok := s.addedContractors[id]; ok {
		return row, true
	}
	row, ok := world.ContractorRow(strconv.Itoa(id))
	return row, ok && row < s.contractors.Made()
}

func (s *Simulator) contractorByID(id int) (contractor, bool) {
	row, ok := s.contractorRow(id)
	if !ok {
		return contractor{}, false
	}
	return s.contractors.At(row), true
}

// contractorByPhone finds the contractor of a phone, which is unique.
func (s *Simulator) contractorByPhone(phone string) (contractor, bool) {
	for row := range s.contractors.Len() {
		if c := s.contractors.At(row); c.Phone == phone && !c.Deleted {
			return c, true
		}
	}
	return contractor{}, false
}

func (s *Simulator) contractorDoc(c contractor) doc {
	out := doc{
		"id": c.ID, "phone": c.Phone, "email": orNull(c.Email), "last_name": c.Last, "first_name": c.First, "middle_name": orNull(c.Middle),
		"legal_form_id": c.Form, "inn": s.digits(c.INN), "agent_id": c.Agent,
		"balance":     doc{"value": num(c.Balance.Add(c.Fleet)), "currency": doc{"code": "RUB", "symbol": "₽", "title": "Российский рубль", "unicode": `\u20BD`}},
		"agent":       doc{"id": c.Agent, "name": agentName(c.Agent)},
		"legal_form":  doc{"id": c.Form, "title": formTitles[c.Form], "is_self_employed": s.yes(c.Form == selfEmployed)},
		"is_editable": s.yes(true), "created_at": stamp(c.Created), "updated_at": stamp(c.Updated), "passport_details": nil,
	}
	if p := c.Papers; p != nil {
		out["passport_details"] = doc{
			"document_type": p.Kind, "full_number": orNull(p.Number), "issue_date": orNull(p.Issued), "issued_by": orNull(p.Issuer),
			"division": orNull(p.Division), "birth_date": orNull(p.Born), "registration_address": orNull(p.Address),
		}
	}
	return out
}

// listContractors answers GET /contractors, newest first; paging is all that it
// can do.
func (s *Simulator) listContractors(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	n := s.contractors.Len()
	if len(s.goneContractors) == 0 {
		return s.list("/contractors", w, n, true, func(i int) doc { return s.contractorDoc(s.contractors.At(n - 1 - i)) })
	}
	var rows []int
	for row := n - 1; row >= 0; row-- {
		if !s.goneContractors[row] {
			rows = append(rows, row)
		}
	}
	return s.list("/contractors", w, len(rows), true, func(i int) doc { return s.contractorDoc(s.contractors.At(rows[i])) })
}

// asked is the contractor that a path names.
func (s *Simulator) asked(req *request) (contractor, bool) {
	id, err := strconv.Atoi(req.args["contractor_id"])
	if err != nil {
		return contractor{}, false
	}
	c, ok := s.contractorByID(id)
	return c, ok && !c.Deleted
}

func (s *Simulator) getContractor(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	return item(s.contractorDoc(c))
}
