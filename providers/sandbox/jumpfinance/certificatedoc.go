package jumpfinance

import (
	"cmp"
	"slices"
	"time"

	"bursar/providers/sandbox/gate"
)

func (s *Simulator) certificateDoc(c certificate, single bool) doc {
	who, _ := s.contractorByID(c.Contractor)
	open := c.Payout == 0
	out := doc{
		"id": c.ID, "status": "in_processing", "number": c.Number, "date": c.Date, "amount": num(c.Amount), "branch_office": nil, "bank_account": nil, "payment": nil,
		"agent":      doc{"id": c.Agent, "name": agentName(c.Agent)},
		"contractor": doc{"id": who.ID, "name": who.full(), "short_name": who.short(), "full_name": who.full(), "inn": s.digits(who.INN), "phone": who.Phone},
		"transport":  nil, "abilities": doc{"can_edit": s.yes(open), "can_delete": s.yes(false), "can_create_payment": s.yes(open)},
		"scrap_metal_data": doc{"basis_of_ownership": c.Basis, "items_description": c.Described}, "certificate_items": s.linesDoc(c.Items),
	}
	if row, ok := s.payoutRow(c.Payout); ok {
		p := s.payoutAt(row)
		out["payment"] = doc{"id": p.ID, "status": s.statusDoc(p.Status), "amount": num(p.Amount)}
		if final(p.Status) {
			out["status"] = "completed"
		}
	}
	if t := c.Transport; t != nil {
		out["transport"] = doc{"mark": orNull(t.Mark), "number": orNull(t.Number)}
	}
	if c.Account != 0 {
		out["bank_account"] = doc{"id": c.Account, "name": accountName(c.Account)}
	}
	if b, ok := s.branchByID(c.Branch); ok {
		out["branch_office"] = doc{"id": b.ID, "name": b.Name, "address": b.Address, "is_active": b.Active}
	}
	if single {
		out["author"] = doc{"id": 496, "short_name": "Карат"}
		out["contractor_requisite"] = c.requisiteDoc()
	}
	return out
}

func (c certificate) requisiteDoc() any {
	if c.To == nil {
		return nil
	}
	out := doc{"sbp_info": nil, "requisite": doc{
		"id": c.To.ID, "display_name": c.To.target().Title, "description": c.To.target().Description, "icon": doc{"overlay": true},
		"type": doc{"id": c.To.Type, "slug": typeSlugs[c.To.Type], "title": typeTitles[c.To.Type]},
	}}
	if p := c.Receiver; p != nil {
		out["sbp_info"] = doc{"last_name": p.Last, "first_name": p.First, "middle_name": orNull(p.Middle)}
	}
	return out
}

func (s *Simulator) linesDoc(items []certItem) []doc {
	out := []doc{}
	for _, i := range items {
		d := doc{
			"name": i.Name, "type": orNull(i.Type), "nomenclature": nil, "measure_unit": nil, "impurity_percent": num(i.Impurity), "value": num(i.Value),
			"tare_weight": num(i.Tare), "clear_value": num(i.clear()), "price": num(i.Price), "amount": num(i.Amount),
		}
		if at, ok := s.goodByID(i.Good); ok {
			d["nomenclature"] = s.goodDoc(s.goods[at], false)
		}
		if u, ok := units[i.Unit]; ok {
			d["measure_unit"] = doc{"id": i.Unit, "name": u[0], "short_name": u[1]}
		}
		out = append(out, d)
	}
	return out
}

// certificateFilter is the filter of a list of certificates.
type certificateFilter struct {
	ids, contractors, agents, branches []int
	from, to, since, until             time.Time
}

func certificateFilterOf(req *request, bad *[]field) certificateFilter {
	q := req.query
	return certificateFilter{
		ids: numbersOf(q, "ids", bad), contractors: numbersOf(q, "contractor_ids", bad), agents: numbersOf(q, "agent_ids", bad),
		branches: numbersOf(q, "branch_office_ids", bad), from: timeOf(q, "created_at_from", bad), to: timeOf(q, "created_at_to", bad),
		since: timeOf(q, "updated_at_from", bad), until: timeOf(q, "updated_at_to", bad),
	}
}

func (f certificateFilter) empty() bool {
	return len(f.ids)+len(f.contractors)+len(f.agents)+len(f.branches) == 0 && f.from.IsZero() && f.to.IsZero() && f.since.IsZero() && f.until.IsZero()
}

func within(t, from, to time.Time) bool {
	return (from.IsZero() || !t.Before(from)) && (to.IsZero() || !t.After(to))
}

func (s *Simulator) fitsCert(f certificateFilter, c certificate) bool {
	return among(f.ids, c.ID) && among(f.contractors, c.Contractor) && among(f.agents, c.Agent) && among(f.branches, c.Branch) &&
		within(c.Created, f.from, f.to) && (f.since.IsZero() && f.until.IsZero() || within(s.certUpdated(c), f.since, f.until))
}

// certRows are the rows to look at, newest first: those named, or all.
func (s *Simulator) certRows(f certificateFilter, n int) []int {
	var rows []int
	for _, id := range f.ids {
		if row, ok := s.certRow(id); ok && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	if len(f.ids) == 0 {
		for row := range n {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	slices.Reverse(rows)
	return rows
}

// certUpdated is when the certificate or its payout last changed.
func (s *Simulator) certUpdated(c certificate) time.Time {
	if row, ok := s.payoutRow(c.Payout); ok {
		h := s.payoutAt(row).History
		if at := h[len(h)-1].At; at.After(c.Updated) {
			return at
		}
	}
	return c.Updated
}

// listCertificates answers GET /acceptance-certificates; it has no links.
func (s *Simulator) listCertificates(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	f := certificateFilterOf(req, &bad)
	order, _ := given(req.query, "order")
	if !slices.Contains([]string{"", "name", "created_at", "id"}, order) {
		bad = append(bad, wrong("order", "Выбранное значение для order ошибочно."))
	}
	if len(bad) > 0 {
		return invalid(bad...)
	}
	n := s.certs.Len()
	if f.empty() && order == "" {
		return s.list("/acceptance-certificates", w, n, false, func(i int) doc { return s.certificateDoc(s.certs.At(n-1-i), false) })
	}
	type key struct {
		row, id int
		number  string
		created time.Time
	}
	var rows []key
	for _, row := range s.certRows(f, n) {
		if c := s.certs.At(row); s.fitsCert(f, c) {
			rows = append(rows, key{row: row, id: c.ID, number: c.Number, created: c.Created})
		}
	}
	switch order {
	case "name":
		slices.SortStableFunc(rows, func(a, b key) int { return cmp.Compare(a.number, b.number) })
	case "id":
		slices.SortStableFunc(rows, func(a, b key) int { return a.id - b.id })
	case "created_at":
		slices.SortStableFunc(rows, func(a, b key) int { return a.created.Compare(b.created) })
	}
	return s.list("/acceptance-certificates", w, len(rows), false, func(i int) doc { return s.certificateDoc(s.certs.At(rows[i].row), false) })
}

func (s *Simulator) getCertificate(req *request) gate.Answer {
	c, ok := s.askedCert(req)
	if !ok {
		return notFound(req)
	}
	return item(s.certificateDoc(c, true))
}
