package jumpfinance

import (
	"regexp"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const (
	checkCall  = "POST /passport-check-requests"
	checkSpace = "passport check"
	scenario   = "acceptance_certificate_create"
)

type checkBody struct {
	Scenario     value `json:"scenario"`
	Last         value `json:"last_name"`
	First        value `json:"first_name"`
	Middle       value `json:"middle_name"`
	Phone        value `json:"phone_number"`
	SelfEmployed value `json:"is_self_employed"`
	Born         value `json:"birth_date"`
	Citizenship  value `json:"citizenship"`
	INN          value `json:"inn"`
	Passport     part[struct {
		Type     value `json:"type"`
		Address  value `json:"registration_address"`
		Serial   value `json:"serial"`
		Number   value `json:"number"`
		Issued   value `json:"issue_date"`
		Division value `json:"division"`
		Issuer   value `json:"issued_by"`
	}] `json:"passport"`
}

var (
	serialForm = regexp.MustCompile(`^\d{4}$`)
	numberForm = regexp.MustCompile(`^\d{6}$`)
)

// checkPassport answers POST /passport-check-requests. The scenario may come in
// the body or in the query. Nothing of the body is kept.
func (s *Simulator) checkPassport(req *request) gate.Answer {
	var body checkBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	switch asked := req.query.Get("scenario"); {
	case body.Scenario.given():
		f.oneOf("scenario", body.Scenario, scenario)
	case asked == "":
		f.missing("scenario", body.Scenario)
	case asked != scenario:
		f.wrong("scenario", "Выбранное значение для scenario ошибочно.")
	}
	body.check(&f)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	id := world.UUID(s.opt.World.Seed, checkSpace, len(s.checks))
	s.putCheck()
	s.record(checkCall, id, nil)
	return item(s.checkDoc(id, s.opt.Gate.Now()))
}

func (b checkBody) check(f *form) {
	f.words("last_name", b.Last)
	f.words("first_name", b.First)
	f.line("middle_name", b.Middle)
	f.shaped("inn", b.INN, innForm)
	if !f.missing("phone_number", b.Phone) {
		f.shaped("phone_number", b.Phone, phoneForm)
	}
	if !f.missing("is_self_employed", b.SelfEmployed) {
		f.flag("is_self_employed", b.SelfEmployed)
	}
	if !f.missing("birth_date", b.Born) {
		f.day("birth_date", b.Born, time.DateOnly)
	}
	if !f.missing("citizenship", b.Citizenship) {
		f.oneOf("citizenship", b.Citizenship, "RU")
	}
	if f.missing("passport", b.Passport.value) || !object(f, "passport", b.Passport) {
		return
	}
	p := b.Passport.v
	f.require("passport.", named{"type", p.Type}, named{"serial", p.Serial}, named{"number", p.Number}, named{"issue_date", p.Issued}, named{"division", p.Division})
	f.oneOf("passport.type", p.Type, russianPassport)
	f.shaped("passport.serial", p.Serial, serialForm)
	f.shaped("passport.number", p.Number, numberForm)
	f.shaped("passport.division", p.Division, divisionForm)
	f.day("passport.issue_date", p.Issued, time.DateOnly)
	f.words("passport.issued_by", p.Issuer)
	f.words("passport.registration_address", p.Address)
}

func (s *Simulator) putCheck() { s.checks = append(s.checks, s.opt.Gate.Now()) }

func (s *Simulator) checkDoc(id string, began time.Time) doc {
	status := s.progress(began)
	delete(status, "title")
	return doc{"id": id, "status": status}
}

// getPassportCheck answers GET /passport-check-requests/{requestId}.
func (s *Simulator) getPassportCheck(req *request) gate.Answer {
	id := req.args["requestId"]
	n, ok := world.SeqOfUUID(s.opt.World.Seed, checkSpace, id)
	if !ok || n >= len(s.checks) {
		return notFound(req)
	}
	return item(s.checkDoc(id, s.checks[n]))
}
