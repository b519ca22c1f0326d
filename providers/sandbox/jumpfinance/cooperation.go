package jumpfinance

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	createLinkCall = "POST /contractors/{contractor_id}/cooperations"
	updateLinkCall = "PUT /contractors/{contractor_id}/cooperations/{cooperation_id}"
	deleteLinkCall = "DELETE /contractors/{contractor_id}/cooperations/{cooperation_id}"

	firstOwnLinkID = 10_000_001
	firstNewLinkID = 50_000_001
)

// cooperation links a contractor with one legal entity. The first one is the
// contractor's own legal entity; further ones are kept.
type cooperation struct {
	ID         int       `json:"id"`
	Contractor int       `json:"contractor"`
	Agent      int       `json:"agent"`
	Form       int       `json:"form"`
	Agrees     bool      `json:"agrees,omitempty"`
	Created    time.Time `json:"-"`
}

func (s *Simulator) linksOf(c contractor) []cooperation {
	own := cooperation{ID: firstOwnLinkID + c.ID, Contractor: c.ID, Agent: c.Agent, Form: c.Form, Agrees: c.Agrees, Created: c.Created}
	return append([]cooperation{own}, s.links[c.ID]...)
}

func (l cooperation) doc() doc {
	return doc{"id": l.ID, "agent": doc{"id": l.Agent, "name": agentName(l.Agent)}, "legal_form": doc{"id": l.Form, "name": formTitles[l.Form]}}
}

// listCooperations answers GET /contractors/{contractor_id}/cooperations.
func (s *Simulator) listCooperations(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	w, bad := windowOf(req.query)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	all := s.linksOf(c)
	return s.list("/contractors/"+idText(c.ID)+"/cooperations", w, len(all), true, func(i int) doc { return all[i].doc() })
}

// askedLink is the cooperation that a path names.
func (s *Simulator) askedLink(req *request) (contractor, cooperation, bool) {
	c, ok := s.asked(req)
	id, err := strconv.Atoi(req.args["cooperation_id"])
	if !ok || err != nil {
		return c, cooperation{}, false
	}
	all := s.linksOf(c)
	i := slices.IndexFunc(all, func(l cooperation) bool { return l.ID == id })
	if i < 0 {
		return c, cooperation{}, false
	}
	return c, all[i], true
}

func (s *Simulator) getCooperation(req *request) gate.Answer {
	_, l, ok := s.askedLink(req)
	if !ok {
		return notFound(req)
	}
	return item(l.doc())
}

// readLink checks a body. A legal entity has one cooperation with a contractor.
func (s *Simulator) readLink(req *request, c contractor, l *cooperation) (gate.Answer, bool) {
	var body struct {
		Agent  value `json:"agent_id"`
		Form   value `json:"legal_form_id"`
		Agrees value `json:"is_agree_pay_taxes"`
	}
	if !readBody(req.body, &body) {
		return badRequest(), false
	}
	var f form
	l.Agent, l.Form, l.Agrees = f.agent("agent_id", body.Agent), f.legalForm("legal_form_id", body.Form), f.flag("is_agree_pay_taxes", body.Agrees)
	if l.Form == selfEmployed {
		f.missing("is_agree_pay_taxes", body.Agrees)
	}
	for _, other := range s.linksOf(c) {
		if other.ID != l.ID && other.Agent == l.Agent {
			f.wrong("agent_id", "Сотрудничество с этим юрлицом уже есть.")
		}
	}
	return invalid(f.bad...), len(f.bad) == 0
}

func (s *Simulator) createCooperation(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	l := cooperation{ID: firstNewLinkID + s.nextLink, Contractor: c.ID}
	if a, ok := s.readLink(req, c, &l); !ok {
		return a
	}
	return s.writeLink(createLinkCall, l)
}

func (s *Simulator) updateCooperation(req *request) gate.Answer {
	c, l, ok := s.askedLink(req)
	if !ok {
		return notFound(req)
	}
	if a, ok := s.readLink(req, c, &l); !ok {
		return a
	}
	return s.writeLink(updateLinkCall, l)
}

func (s *Simulator) writeLink(call string, l cooperation) gate.Answer {
	if err := s.putLink(l); err != nil {
		return badRequest()
	}
	s.record(call, idText(l.ID), l)
	return item(l.doc())
}

// putLink stores a cooperation; the first one is the contractor's own fields.
func (s *Simulator) putLink(l cooperation) error {
	row, ok := s.contractorRow(l.Contractor)
	if !ok {
		return fmt.Errorf("jumpfinance: the ledger writes a cooperation of contractor %d, whom this world does not have", l.Contractor)
	}
	now := s.opt.Gate.Now()
	if l.ID == firstOwnLinkID+l.Contractor {
		c := s.contractors.At(row)
		c.Agent, c.Form, c.Agrees, c.Updated = l.Agent, l.Form, l.Agrees, now
		s.contractors.Set(row, c)
		return nil
	}
	s.nextLink = max(s.nextLink, l.ID-firstNewLinkID+1)
	all := s.links[l.Contractor]
	i := slices.IndexFunc(all, func(have cooperation) bool { return have.ID == l.ID })
	if i < 0 {
		l.Created = now
		s.links[l.Contractor] = append(all, l)
		return nil
	}
	l.Created = all[i].Created
	all[i] = l
	return nil
}

// deleteCooperation answers DELETE with 204. The first cooperation goes only
// with the contractor.
func (s *Simulator) deleteCooperation(req *request) gate.Answer {
	_, l, ok := s.askedLink(req)
	if !ok {
		return notFound(req)
	}
	if err := s.dropLink(l); err != nil {
		return badRequest()
	}
	s.record(deleteLinkCall, idText(l.ID), l)
	return gate.Answer{Status: http.StatusNoContent}
}

func (s *Simulator) dropLink(l cooperation) error {
	all := s.links[l.Contractor]
	i := slices.IndexFunc(all, func(have cooperation) bool { return have.ID == l.ID })
	if i < 0 {
		return fmt.Errorf("jumpfinance: cooperation %d of contractor %d is not there, or is the first one", l.ID, l.Contractor)
	}
	s.links[l.Contractor] = slices.Delete(slices.Clone(all), i, i+1)
	return nil
}
