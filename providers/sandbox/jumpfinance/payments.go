package jumpfinance

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// paymentFilter is the filter of a payout list. A parameter that is not
// documented is ignored, which is the dangerous case for a client.
type paymentFilter struct {
	status                             int
	ids, contractors, agents, branches []int
	certified                          *bool
	from, to                           time.Time
}

// filterStatuses are the statuses that the list can be asked for; 7 is none.
var filterStatuses = []string{"1", "2", "3", "4", "5", "6", "8"}

func paymentFilterOf(q url.Values, status string, statuses []string, bad *[]field) paymentFilter {
	f := paymentFilter{
		ids: numbersOf(q, "ids", bad), contractors: numbersOf(q, "contractor_ids", bad), agents: numbersOf(q, "agent_ids", bad),
		branches: numbersOf(q, "branch_office_ids", bad), from: timeOf(q, "created_at_from", bad), to: timeOf(q, "created_at_to", bad),
	}
	if v, ok := given(q, status); ok && v != "" {
		if !slices.Contains(statuses, v) {
			*bad = append(*bad, wrong(status, "Выбранное значение для "+status+" ошибочно."))
		}
		f.status, _ = strconv.Atoi(v)
	}
	if v, ok := given(q, "has_acceptance_certificate"); ok && v != "" {
		b, err := strconv.ParseBool(v)
		if err != nil {
			*bad = append(*bad, wrong("has_acceptance_certificate", "Значение поля должно быть логическим."))
		}
		f.certified = &b
	}
	return f
}

func (f paymentFilter) empty() bool {
	return f.status == 0 && f.certified == nil && len(f.ids)+len(f.contractors)+len(f.agents)+len(f.branches) == 0 && f.from.IsZero() && f.to.IsZero()
}

func among(list []int, v int) bool { return len(list) == 0 || slices.Contains(list, v) }

func (s *Simulator) fits(f paymentFilter, p payout, row int) bool {
	switch {
	case f.status != 0 && p.Status != f.status,
		!among(f.ids, p.ID), !among(f.contractors, p.Contractor), !among(f.agents, p.Agent), !among(f.branches, p.Branch),
		!f.from.IsZero() && p.Created.Before(f.from), !f.to.IsZero() && p.Created.After(f.to),
		f.certified != nil && *f.certified != s.certified(row):
		return false
	}
	return true
}

// listPayments answers GET /payments, newest first.
func (s *Simulator) listPayments(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	include := includesOf(req.query, paymentIncludes, &bad)
	f := paymentFilterOf(req.query, "status", filterStatuses, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	return s.payoutPage("/payments", w, f, func(row int) doc { return s.payment(s.payoutAt(row), include) })
}

// payoutPage answers a page of payouts, newest first.
func (s *Simulator) payoutPage(path string, w window, f paymentFilter, write func(row int) doc) gate.Answer {
	var a gate.Answer
	if f.empty() {
		n := s.payouts.Len()
		a = s.list(path, w, n, true, func(i int) doc { return write(n - 1 - i) })
	} else {
		rows := s.filtered(f)
		a = s.list(path, w, len(rows), true, func(i int) doc { return write(rows[i]) })
	}
	if s.opt.RowsArrive {
		c := s.contractors.At(0)
		s.make(made{ID: s.newPayoutID(), Contractor: c.ID, Amount: decimal.New(1, 0), Agent: c.Agent, To: s.defaultRequisite(c).target(), Status: processing})
	}
	return a
}

// filtered lists the rows that fit, newest first. It keeps row numbers only.
func (s *Simulator) filtered(f paymentFilter) []int {
	var rows []int
	if len(f.ids) > 0 {
		for _, id := range f.ids {
			if row, ok := s.payoutRow(id); ok && s.fits(f, s.payoutAt(row), row) && !slices.Contains(rows, row) {
				rows = append(rows, row)
			}
		}
		sort.Sort(sort.Reverse(sort.IntSlice(rows)))
		return rows
	}
	made := s.payouts.Made()
	from, to := s.between(f)
	for row := s.payouts.Len() - 1; row >= from; row-- {
		if row < made && (row >= to || !s.mayFit(f, row)) {
			continue
		}
		if s.fits(f, s.payoutAt(row), row) {
			rows = append(rows, row)
		}
	}
	for row := range s.touched { // those may have left their place in time
		if (row < from || row >= to) && s.fits(f, s.payoutAt(row), row) {
			rows = append(rows, row)
		}
	}
	sort.Sort(sort.Reverse(sort.IntSlice(rows)))
	return rows
}

// between is where the world's rows of the asked time lie: they rise with time.
func (s *Simulator) between(f paymentFilter) (from, to int) {
	created := func(row int) time.Time { return s.opt.World.DealTime(s.deals.Deal(row)) }
	to = s.payouts.Made()
	if !f.to.IsZero() {
		to = sort.Search(to, func(row int) bool { return created(row).After(f.to) })
	}
	if !f.from.IsZero() {
		from = sort.Search(to, func(row int) bool { return !created(row).Before(f.from) })
	}
	return from, to
}

// mayFit rules rows of the world out without making them.
func (s *Simulator) mayFit(f paymentFilter, row int) bool {
	if s.touched[row] {
		return true
	}
	if f.status != 0 && s.fateOf(row) != f.status && s.opt.World.DaysBack(s.deals.Deal(row)) > 0 {
		return false
	}
	if f.certified != nil && *f.certified != s.certified(row) {
		return false
	}
	if len(f.contractors) == 0 {
		return true
	}
	id, _ := strconv.Atoi(world.ContractorID(s.opt.World.SellerRow(s.deals.Deal(row))))
	return slices.Contains(f.contractors, id)
}

// getPayment answers GET /payments/{payment_id}.
func (s *Simulator) getPayment(req *request) gate.Answer {
	var bad []field
	include := includesOf(req.query, paymentIncludes, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	id, err := strconv.Atoi(req.args["payment_id"])
	row, ok := s.payoutRow(id)
	if err != nil || !ok {
		return notFound(req)
	}
	s.countPoll(req.args["payment_id"])
	return item(s.payment(s.payoutAt(row), include))
}

// pollEvery is how often the status of one payout may be asked for by itself.
const pollEvery = time.Minute

// countPoll takes note of a status read; reads that come too soon are counted,
// not refused.
func (s *Simulator) countPoll(id string) {
	now := s.opt.Gate.Now()
	if last, ok := s.polled[id]; ok && now.Sub(last) < pollEvery {
		s.hurried++
	}
	s.polled[id] = now
}

// paymentByOwnID answers GET /payments/customer-payment/{customer_payment_id}.
func (s *Simulator) paymentByOwnID(req *request) gate.Answer {
	var bad []field
	include := includesOf(req.query, paymentIncludes, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	row, ok := s.ownRow(req.args["customer_payment_id"])
	if !ok {
		return notFound(req)
	}
	return item(s.payment(s.payoutAt(row), include))
}
