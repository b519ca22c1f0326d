package jumpfinance

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

const (
	createBranchCall = "POST /branch-office"
	updateBranchCall = "PATCH /branch-office/{branch_office_id}"
)

// branchOrders are the words of order=. Branches are numbered as they are made.
var branchOrders = map[string]func(a, b branch) int{
	"":              func(branch, branch) int { return 0 },
	"id":            func(a, b branch) int { return a.ID - b.ID },
	"-id":           func(a, b branch) int { return b.ID - a.ID },
	"created_at":    func(a, b branch) int { return a.ID - b.ID },
	"name":          func(a, b branch) int { return cmp.Compare(a.Name, b.Name) },
	"-name":         func(a, b branch) int { return cmp.Compare(b.Name, a.Name) },
	"monthly_limit": func(a, b branch) int { return bound(a.Monthly).Cmp(bound(b.Monthly)) },
}

// bound puts no limit above every limit.
func bound(d *decimal.Decimal) decimal.Decimal {
	if d == nil {
		return decimal.New(1, 18)
	}
	return *d
}

// listBranches answers GET /branch-office.
func (s *Simulator) listBranches(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	include := includesOf(req.query, []string{"limits"}, &bad)
	agents := numbersOf(req.query, "agent_id", &bad)
	numbersOf(req.query, "customer_id", &bad) // there is one customer
	active, filtered := given(req.query, "is_active")
	if filtered && active != "0" && active != "1" {
		bad = append(bad, wrong("is_active", "Выбранное значение для is_active ошибочно."))
	}
	word, _ := given(req.query, "order")
	order, ok := branchOrders[word]
	if !ok {
		bad = append(bad, wrong("order", "Выбранное значение для order ошибочно."))
	}
	if len(bad) > 0 {
		return invalid(bad...)
	}
	search := strings.ToLower(req.query.Get("search"))
	var rows []branch
	for _, b := range s.branches {
		if filtered && b.Active != (active == "1") || !among(agents, b.Agent) || !strings.Contains(strings.ToLower(b.Name+" "+b.Address), search) {
			continue
		}
		rows = append(rows, b)
	}
	slices.SortStableFunc(rows, order)
	return s.list("/branch-office", w, len(rows), true, func(i int) doc { return s.branchDoc(rows[i], include["limits"]) })
}

// branchAccounts says which accounts which branches pay from.
var branchAccounts = [][2]int{{1, 1}, {1, 2}, {1, 3}, {2, 1}}

// listBranchAccounts answers GET /branch-office/banks_accounts; it has no links.
func (s *Simulator) listBranchAccounts(req *request) gate.Answer {
	w, bad := windowOf(req.query)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	return s.list("/branch-office/banks_accounts", w, len(branchAccounts), false, func(i int) doc {
		return doc{"bank_account_id": branchAccounts[i][0], "branch_office_id": branchAccounts[i][1]}
	})
}

type branchBody struct {
	Name    value `json:"name"`
	Agent   value `json:"agent_id"`
	Address value `json:"address"`
	Monthly value `json:"limit_monthly"`
	Daily   value `json:"limit_daily"`
	Active  value `json:"is_active"`
}

// limit reads a limit, which must be there: null is none.
func (f *form) limit(name string, v value) *decimal.Decimal {
	if len(v.raw) == 0 {
		f.wrong(name, "Поле "+name+" обязательно для заполнения.")
		return nil
	}
	if !v.given() {
		return nil
	}
	d := f.sum(name, v, false)
	return &d
}

// readBranch checks a body. An update takes every field, and is_active too.
func readBranch(f *form, body branchBody, b *branch, update bool) {
	b.Name, b.Address, b.Agent = f.words("name", body.Name), f.words("address", body.Address), f.agent("agent_id", body.Agent)
	b.Monthly, b.Daily = f.limit("limit_monthly", body.Monthly), f.limit("limit_daily", body.Daily)
	if !update || f.missing("is_active", body.Active) {
		return
	}
	n, ok := body.Active.whole()
	if !ok || n != 0 && n != 1 {
		f.wrong("is_active", "Выбранное значение для is_active ошибочно.")
	}
	b.Active = n == 1
}

// createBranch answers POST /branch-office.
func (s *Simulator) createBranch(req *request) gate.Answer {
	return s.writeBranch(req, createBranchCall, branch{ID: len(s.branches) + 1, Active: true})
}

// updateBranch answers PATCH /branch-office/{branch_office_id}.
func (s *Simulator) updateBranch(req *request) gate.Answer {
	id, err := strconv.Atoi(req.args["branch_office_id"])
	b, ok := s.branchByID(id)
	if err != nil || !ok {
		return notFound(req)
	}
	return s.writeBranch(req, updateBranchCall, b)
}

func (s *Simulator) writeBranch(req *request, call string, b branch) gate.Answer {
	var body branchBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	var f form
	readBranch(&f, body, &b, call == updateBranchCall)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	if err := s.putBranch(b); err != nil {
		return badRequest()
	}
	s.record(call, idText(b.ID), b)
	return item(s.branchDoc(b, true))
}

func (s *Simulator) putBranch(b branch) error {
	i := slices.IndexFunc(s.branches, func(have branch) bool { return have.ID == b.ID })
	if i < 0 {
		s.branches = append(s.branches, b)
		return nil
	}
	s.branches[i] = b
	return nil
}
