package jumpfinance

import (
	"fmt"
	"net/http"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const (
	syncTaxCall = "POST /contractors/{contractor_id}/selfemployer/sync"
	// taxEvery is how often the tax service may be asked about one contractor.
	taxEvery = 30 * time.Second
)

// taxView is what the tax service says of a contractor: whether it confirmed
// the link to the company, and that the company may pay the tax. Some people
// are confirmed only once it was asked.
func (s *Simulator) taxView(c contractor) (verified, mayPay bool) {
	if c.Form != selfEmployed {
		return false, false
	}
	asked, ok := s.taxAsked[c.ID]
	switch share := world.Mix(s.opt.World.Seed, "tax", c.ID) % 100; {
	case share < 80:
		return true, true
	case share < 92:
		return true, false
	default:
		done := ok && !s.running(asked)
		return done, done
	}
}

// running tells whether something that began then still works.
func (s *Simulator) running(began time.Time) bool {
	return s.opt.Gate.Now().Sub(began) < s.opt.SyncTakes
}

func (s *Simulator) taxDoc(c contractor) doc {
	verified, mayPay := s.taxView(c)
	asked, ok := s.taxAsked[c.ID]
	status := doc{"type": "success", "short_title": "Подключён", "detail": "Самозанятый подключён к партнёру, налог можно уплачивать."}
	switch {
	case c.Form != selfEmployed:
		status = doc{"type": "info", "short_title": "Не самозанятый", "detail": "Исполнитель работает в другой правовой форме."}
	case !verified:
		status = doc{"type": "error", "short_title": "Не подключён", "detail": "Самозанятый не подтвердил связь с компанией в приложении «Мой налог»."}
	case !mayPay:
		status = doc{"type": "error", "short_title": "Не хватает прав", "detail": "Нет разрешения на уплату налога за самозанятого."}
	}
	return doc{
		"inn": s.digits(c.INN), "is_can_pay_taxes": s.yes(mayPay), "is_verified": s.yes(verified), "has_company_agrees_pay_taxes": s.yes(c.Agrees),
		"has_warning": s.yes(c.Form == selfEmployed && !mayPay), "sync": doc{"in_process": s.yes(ok && s.running(asked))}, "messages": doc{"status": status},
	}
}

// getTaxState answers GET /contractors/{contractor_id}/selfemployer.
func (s *Simulator) getTaxState(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	return item(s.taxDoc(c))
}

// syncTaxState answers POST /contractors/{contractor_id}/selfemployer/sync.
func (s *Simulator) syncTaxState(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	if last, asked := s.taxAsked[c.ID]; asked && s.opt.Gate.Now().Sub(last) < taxEvery {
		return s.tooMany()
	}
	if err := s.askTaxes(c.ID); err != nil {
		return badRequest()
	}
	s.record(syncTaxCall, idText(c.ID), nil)
	return item(s.taxDoc(c))
}

func (s *Simulator) askTaxes(id int) error {
	if _, ok := s.contractorRow(id); !ok {
		return fmt.Errorf("jumpfinance: the ledger asks the tax service about contractor %d, whom this world does not have", id)
	}
	s.taxAsked[id] = s.opt.Gate.Now()
	return nil
}

// tooMany is a 429; its body is not documented and may be empty.
func (s *Simulator) tooMany() gate.Answer {
	if s.opt.BareLimit {
		return gate.Answer{Status: http.StatusTooManyRequests}
	}
	return failure(http.StatusTooManyRequests, "Ошибка", "Превышен лимит запросов", nil)
}
