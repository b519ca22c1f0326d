package jumpfinance

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// certified tells whether the payout of that row was made for an acceptance
// certificate: one in five of the world's was.
func (s *Simulator) certified(row int) bool {
	return row < s.payouts.Made() && row%certifiedEvery == certifiedEvery/2
}

const (
	certifiedEvery = 5
	firstCertID    = 60_001
)

// certificates counts the certificates of the world's payouts.
func (s *Simulator) certificates() int {
	return (s.payouts.Made() + certifiedEvery - 1 - certifiedEvery/2) / certifiedEvery
}

func (s *Simulator) certificateDoc(i int, single bool) doc {
	p := s.payoutAt(i*certifiedEvery + certifiedEvery/2)
	c, _ := s.contractorByID(p.Contractor)
	state := "in_processing"
	if final(p.Status) {
		state = "completed"
	}
	price := p.Amount.Div(decimal.New(2, 0)).Round(2)
	out := doc{
		"id": firstCertID + i, "status": state, "number": "ПСА-" + strconv.Itoa(firstCertID+i), "date": p.Created.In(moscow).Format(time.DateOnly), "amount": num(p.Amount),
		"agent": doc{"id": p.Agent, "name": agentName(p.Agent)}, "branch_office": nil, "bank_account": doc{"id": p.Account, "name": accountName(p.Account)},
		"payment":    doc{"id": p.ID, "status": s.statusDoc(p.Status), "amount": num(p.Amount)},
		"contractor": doc{"id": c.ID, "short_name": c.short(), "full_name": c.full(), "inn": s.digits(c.INN), "phone": c.Phone},
		"transport":  doc{"mark": "ГАЗель Next", "number": "А123ВС77"}, "abilities": doc{"can_edit": false, "can_delete": false, "can_create_payment": false},
		"scrap_metal_data": doc{"basis_of_ownership": "Собственность", "items_description": "Лом электрооборудования"},
		"certificate_items": []doc{
			line("Лом меди", p.Amount.Sub(price)), line("Лом алюминия", price),
		},
	}
	if b, ok := s.branchByID(p.Branch); ok {
		out["branch_office"] = doc{"id": b.ID, "name": b.Name, "address": b.Address, "is_active": b.Active}
	}
	if single {
		out["author"] = doc{"id": 496, "short_name": "Карат"}
		out["contractor_requisite"] = doc{"sbp_info": nil, "requisite": doc{
			"id": p.Requisite.ID, "display_name": p.Requisite.Title, "description": p.Requisite.Description,
			"type": doc{"id": byCard, "slug": typeSlugs[byCard], "title": typeTitles[byCard]}, "icon": doc{"overlay": true},
		}}
	}
	return out
}

// line is a certificate's line of one unit.
func line(name string, amount decimal.Decimal) doc {
	return doc{
		"name": name, "type": "Цветные металлы", "nomenclature": nil, "measure_unit": doc{"id": 4, "name": "тонна", "short_name": "т"},
		"impurity_percent": 5, "value": 1.25, "tare_weight": 0.25, "clear_value": 0.95, "price": num(amount), "amount": num(amount),
	}
}

// listCertificates answers GET /acceptance-certificates; it has no links.
func (s *Simulator) listCertificates(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	f := paymentFilter{
		contractors: numbersOf(req.query, "contractor_ids", &bad), agents: numbersOf(req.query, "agent_ids", &bad),
		branches: numbersOf(req.query, "branch_office_ids", &bad), from: timeOf(req.query, "created_at_from", &bad), to: timeOf(req.query, "created_at_to", &bad),
	}
	ids := numbersOf(req.query, "ids", &bad)
	since, until := timeOf(req.query, "updated_at_from", &bad), timeOf(req.query, "updated_at_to", &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	n := s.certificates()
	if f.empty() && len(ids) == 0 && since.IsZero() && until.IsZero() {
		return s.list("/acceptance-certificates", w, n, false, func(i int) doc { return s.certificateDoc(n-1-i, false) })
	}
	var rows []int
	for i := n - 1; i >= 0; i-- {
		row := i*certifiedEvery + certifiedEvery/2
		p := s.payoutAt(row)
		changed := p.History[len(p.History)-1].At
		if s.fits(f, p, row) && among(ids, firstCertID+i) && (since.IsZero() || !changed.Before(since)) && (until.IsZero() || !changed.After(until)) {
			rows = append(rows, i)
		}
	}
	return s.list("/acceptance-certificates", w, len(rows), false, func(i int) doc { return s.certificateDoc(rows[i], false) })
}

func (s *Simulator) getCertificate(req *request) gate.Answer {
	id, err := strconv.Atoi(req.args["cert_id"])
	if err != nil || id < firstCertID || id >= firstCertID+s.certificates() {
		return notFound(req)
	}
	return item(s.certificateDoc(id-firstCertID, true))
}
