package jumpfinance

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const (
	identifyCall = "POST /contractors/{contractor_id}/identification-requests"

	firstWorldProofID = 200_001
	firstNewProofID   = 8_000_001
	companyID         = 31
	proofDay          = "02.01.2006"
)

// identification is one request to identify a contractor. A passport is kept in
// memory alone.
type identification struct {
	ID         int             `json:"id"`
	Contractor int             `json:"contractor"`
	Agent      int             `json:"agent"`
	Verified   bool            `json:"verified"`
	Created    time.Time       `json:"-"`
	Passport   json.RawMessage `json:"-"`
}

type proofBody struct {
	Country  value                   `json:"country"`
	Verified value                   `json:"is_verified"`
	SNILS    value                   `json:"snils"`
	INN      value                   `json:"inn"`
	Passport part[proofPassportBody] `json:"passport"`
}

type proofPassportBody struct {
	First      value `json:"first_name"`
	Last       value `json:"last_name"`
	Middle     value `json:"middle_name"`
	Gender     value `json:"gender"`
	Number     value `json:"number"`
	Department value `json:"department_name"`
	Code       value `json:"department_code"`
	Issued     value `json:"issued_at"`
	Born       value `json:"birthdate"`
	Place      value `json:"birthdate_place"`
	Address    part[struct {
		Full     value                  `json:"full_address"`
		Detailed part[map[string]value] `json:"detailed"`
	}] `json:"address"`
}

var countryForm = regexp.MustCompile(`^[a-z]{3}$`)

func (b proofBody) check(f *form) {
	if !f.missing("country", b.Country) {
		f.shaped("country", b.Country, countryForm)
	}
	f.flag("is_verified", b.Verified)
	for _, n := range []named{{"snils", b.SNILS}, {"inn", b.INN}} {
		if _, number := n.v.whole(); !number { // the official example shows numbers
			f.line(n.name, n.v)
		}
	}
	if !object(f, "passport", b.Passport) {
		return
	}
	p := b.Passport.v
	for _, t := range []named{
		{"first_name", p.First},
		{"last_name", p.Last},
		{"middle_name", p.Middle},
		{"department_name", p.Department},
		{"department_code", p.Code},
		{"birthdate_place", p.Place},
	} {
		f.line("passport."+t.name, t.v)
	}
	if _, number := p.Number.whole(); !number {
		f.line("passport.number", p.Number)
	}
	f.oneOf("passport.gender", p.Gender, "male", "female")
	f.day("passport.issued_at", p.Issued, proofDay)
	f.day("passport.birthdate", p.Born, proofDay)
	if object(f, "passport.address", p.Address) {
		f.line("passport.address.full_address", p.Address.v.Full)
		object(f, "passport.address.detailed", p.Address.v.Detailed)
	}
}

// viewOf reads view=simple|passport.
func viewOf(req *request, f *form) (passport bool) {
	v, ok := given(req.query, "view")
	if ok && v != "simple" && v != "passport" {
		f.wrong("view", "Выбранное значение для view ошибочно.")
	}
	return v == "passport"
}

// identify answers POST /contractors/{contractor_id}/identification-requests.
func (s *Simulator) identify(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	var body proofBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	whole := viewOf(req, &f)
	body.check(&f)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	p := identification{
		ID: firstNewProofID + s.nextProof, Contractor: c.ID, Agent: c.Agent, Verified: string(body.Verified.raw) == "true",
		Created: s.opt.Gate.Now(), Passport: body.Passport.raw,
	}
	if err := s.putProof(p); err != nil {
		return badRequest()
	}
	s.record(identifyCall, strconv.Itoa(p.ID), p)
	return item(s.proofDoc(p, whole))
}

func (s *Simulator) putProof(p identification) error {
	if _, ok := s.contractorRow(p.Contractor); !ok {
		return fmt.Errorf("jumpfinance: the ledger identifies contractor %d, whom this world does not have", p.Contractor)
	}
	p.Created = s.opt.Gate.Now()
	s.nextProof = max(s.nextProof, p.ID-firstNewProofID+1)
	s.proofs[p.Contractor] = append(s.proofs[p.Contractor], p)
	return nil
}

// proofStatus is how far a request has come: one that the caller answers for is
// approved at once, others are checked for a while.
func (s *Simulator) proofStatus(p identification) string {
	switch {
	case p.Verified:
		return "approved"
	case !s.running(p.Created):
		return "manual_check"
	default:
		return "pending"
	}
}

func (s *Simulator) proofDoc(p identification, whole bool) doc {
	out := doc{
		"id": p.ID, "contractor_id": p.Contractor, "company_id": companyID, "agent_id": p.Agent, "status": s.proofStatus(p), "is_verified": s.yes(p.Verified),
	}
	if whole {
		out["passport"] = nil
		if len(p.Passport) > 0 {
			out["passport"] = p.Passport
		}
	}
	return out
}

// lastIdentification answers GET …/identification-requests/last-approved.
func (s *Simulator) lastIdentification(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	var f form
	whole := viewOf(req, &f)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	all := s.proofs[c.ID]
	for i := len(all) - 1; i >= 0; i-- {
		if s.proofStatus(all[i]) == "approved" {
			return item(s.proofDoc(all[i], whole))
		}
	}
	if _, ofWorld := world.ContractorRow(idText(c.ID)); !ofWorld || c.Papers == nil {
		return notFound(req)
	}
	return item(s.proofDoc(worldProof(c), whole))
}

// worldProof is the identification of a contractor of the world who has a
// passport.
func worldProof(c contractor) identification {
	gender := "male"
	if r := []rune(c.Middle); len(r) > 0 && r[len(r)-1] == 'а' {
		gender = "female"
	}
	passport, _ := json.Marshal(doc{
		"first_name": c.First, "last_name": c.Last, "middle_name": orNull(c.Middle), "gender": gender, "number": c.Papers.Number,
		"department_name": c.Papers.Issuer, "department_code": c.Papers.Division, "issued_at": dotted(c.Papers.Issued), "birthdate": dotted(c.Papers.Born),
		"birthdate_place": "г. Москва", "address": doc{"full_address": c.Papers.Address, "detailed": doc{
			"zip_code": "101000", "country": doc{"name": "Россия", "code": "rus"}, "area": nil, "city": "Москва", "street": "ул. Ленина", "house": "1",
			"buildings": []string{}, "apartment": nil,
		}},
	})
	return identification{ID: firstWorldProofID + c.ID, Contractor: c.ID, Agent: c.Agent, Verified: true, Created: c.Created, Passport: passport}
}

func dotted(day string) any {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return t.Format(proofDay)
}
