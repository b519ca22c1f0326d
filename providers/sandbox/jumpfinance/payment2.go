package jumpfinance

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

// payment2Includes are the words that include= takes on payouts of v2.
var payment2Includes = append(slices.Clone(paymentIncludes), "approver", "files", "vehicle", "vehicle_pledges_report", "comment", "pledge_redemption")

// filterStatuses2 are the statuses that v2 can be asked for; 7 is one.
var filterStatuses2 = []string{"1", "2", "3", "4", "5", "6", "7", "8"}

// payment2 writes a payout as v2 does.
func (s *Simulator) payment2(p payout, row int, include map[string]bool) doc {
	c, _ := s.contractorByID(p.Contractor)
	out := s.payment(p, include)
	for _, name := range []string{"branch_office_id", "branch-office", "act", "nominal_info", "paid_at"} {
		delete(out, name)
	}
	for name, v := range (doc{
		"external_id": p.ID, "error": s.error2(p), "fiscal_receipt": nil, "payment_from": orNull(p.Service), "driver": nil, "sbp_info": s.sbpInfo(p, c),
		"contractor": doc{
			"id": c.ID, "phone": c.Phone, "full_name": c.full(), "short_name": c.short(), "inn": s.digits(c.INN),
			"is_selfemployer": s.yes(c.Form == selfEmployed), "is_deleted": s.yes(c.Deleted), "in_stop_list": s.yes(c.Stopped),
		},
		"acceptance_certificate": s.certificateRef(p, row), "is_for_pledge_redemption": s.yes(false), "has_files": s.yes(false), "with_contractor": s.yes(true),
		"paid_at": stamp(p.PaidAt), "approved_at": stamp(p.when("Поставлен в очередь")), "refund_at": nil, "canceled_at": stamp(p.when("Удалён. Карат (id:496)")),
		"updated_at": stamp(p.History[len(p.History)-1].At),
	}) {
		out[name] = v
	}
	s.include2(out, p, c, include)
	return out
}

// include2 adds the parts that v2 shapes its own way.
func (s *Simulator) include2(out doc, p payout, c contractor, include map[string]bool) {
	add := func(word, name string, v any) {
		if include[word] {
			out[name] = v
		}
	}
	add("act", "act", s.actDoc(p, true))
	add("nominal_info", "nominal_info", doc{"is_holded": s.yes(p.Held)})
	add("requisite", "requisite", s.requisite2(p, c))
	add("approver", "approver", nil)
	add("files", "files", []doc{})
	add("vehicle", "vehicle", nil)
	add("vehicle_pledges_report", "vehicle_pledges_report", nil)
	add("comment", "comment", nil)
	add("pledge_redemption", "pledge_redemption", nil)
	if include["branch_office"] {
		out["branch_office"] = nil
		if b, ok := s.branchByID(p.Branch); ok {
			out["branch_office"] = s.branchDoc(b, true)
			out["branch_office"].(doc)["temporary_limits"] = []doc{}
		}
	}
}

// requisite2 is where the payout goes, with its number.
func (s *Simulator) requisite2(p payout, c contractor) doc {
	out := doc{"id": p.Requisite.ID, "icon": doc{"overlay": true}, "title": p.Requisite.Title, "description": p.Requisite.Description, "type_id": nil, "mask": nil, "requisite": nil}
	for _, r := range s.requisitesOf(c) {
		if r.ID != p.Requisite.ID {
			continue
		}
		where := doc{
			"account_number": s.digits(r.Number), "sbp_bank_id": nil, "card": nil, "bank_name": nil, "last_name": c.Last, "first_name": c.First,
			"middle_name": orNull(c.Middle), "bik": nil, "inn": nil, "payment_text": nil,
		}
		out["type_id"], out["requisite"] = r.Type, where
		if r.Type == byPhone {
			where["sbp_bank_id"] = r.Bank
		} else if n := len(r.Number); n >= 13 {
			out["mask"] = r.Number[:6] + strings.Repeat("*", n-10) + r.Number[n-4:]
		}
	}
	return out
}

func (s *Simulator) sbpInfo(p payout, c contractor) any {
	if p.Requisite.Title != "СБП" {
		return nil
	}
	return doc{
		"first_name": c.First, "middle_name": orNull(c.Middle), "last_name": c.Last, "is_need_validate_sbp_fio": s.yes(false), "from_requisites_fio": 0,
	}
}

// error2 is a failure as v2 writes it.
func (s *Simulator) error2(p payout) any {
	if p.Error == "" {
		return nil
	}
	kind := "bank"
	if p.Status == rejected {
		kind = "check"
	}
	return doc{"type": kind, "title": p.Error, "code": 100 + p.Status}
}

// certificateRef names the certificate that the payout was made for.
func (s *Simulator) certificateRef(p payout, row int) any {
	switch {
	case p.Cert != 0:
		return doc{"id": p.Cert}
	case s.certified(row):
		return doc{"id": s.worldCertID(row)}
	}
	return nil
}

// when is the time of the last history row with that message.
func (p payout) when(message string) (at time.Time) {
	for _, e := range p.History {
		if e.Message == message {
			at = e.At
		}
	}
	return at
}

// listPayments2 answers GET /v2/payments.
func (s *Simulator) listPayments2(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	include := includesOf(req.query, payment2Includes, &bad)
	f := paymentFilterOf(req.query, "status_id", filterStatuses2, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	return s.payoutPage("/v2/payments", w, f, func(row int) doc { return s.payment2(s.payoutAt(row), row, include) })
}

// getPayment2 answers GET /v2/payments/{payment_id}.
func (s *Simulator) getPayment2(req *request) gate.Answer {
	var bad []field
	include := includesOf(req.query, payment2Includes, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	id, err := strconv.Atoi(req.args["payment_id"])
	row, ok := s.payoutRow(id)
	if err != nil || !ok {
		return notFound(req)
	}
	s.countPoll(req.args["payment_id"])
	return item(s.payment2(s.payoutAt(row), row, include))
}
