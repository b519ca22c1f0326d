package jumpfinance

import (
	"time"

	"github.com/shopspring/decimal"
)

// branch is one branch office with its limits; a nil limit is none.
type branch struct {
	ID      int              `json:"id"`
	Name    string           `json:"name"`
	Address string           `json:"address"`
	Agent   int              `json:"agent"`
	Monthly *decimal.Decimal `json:"monthly"`
	Daily   *decimal.Decimal `json:"daily"`
	Active  bool             `json:"active"`
}

func (s *Simulator) defaultBranches() []branch {
	roubles := func(n int64) *decimal.Decimal { d := decimal.New(n, 0); return &d }
	return []branch{
		{ID: 1, Name: "Москва", Address: "г. Москва, ул. Ленина, д. 1", Agent: 1, Active: true},
		{ID: 2, Name: "Санкт-Петербург", Address: "г. Санкт-Петербург, Невский пр., д. 20", Agent: 1, Monthly: roubles(90_000_000), Daily: roubles(9_000_000), Active: true},
		{ID: 3, Name: "Казань", Address: "г. Казань, ул. Баумана, д. 5", Agent: 2, Monthly: roubles(100_000), Daily: roubles(10_000), Active: true},
		{ID: 4, Name: "Тверь (закрыт)", Address: "г. Тверь, наб. Лазури, д. 3", Agent: 2, Daily: roubles(0)},
	}
}

func (s *Simulator) branchByID(id int) (branch, bool) {
	for _, b := range s.branches {
		if b.ID == id {
			return b, true
		}
	}
	return branch{}, false
}

// spending is a sum that lists ask for again and again.
type spending struct {
	branch int
	since  time.Time
}

// spendingAge is for how long lists show a sum before it is worked out anew.
const spendingAge = time.Minute

// spent is what the branch has paid out since the moment. A change forgets it
// at once, time within a minute.
func (s *Simulator) spent(branch int, since time.Time) decimal.Decimal {
	now := s.opt.Gate.Now()
	if age := now.Sub(s.spentAt); s.spendings == nil || age >= spendingAge || age < 0 {
		s.spendings, s.spentAt = map[spending]decimal.Decimal{}, now
	}
	if sum, ok := s.spendings[spending{branch, since}]; ok {
		return sum
	}
	sum := decimal.Zero
	for row := s.payouts.Len() - 1; row >= 0; row-- {
		p := s.payoutAt(row)
		if row < s.payouts.Made() && p.Created.Before(since) {
			break // the world's rows rise with time
		}
		if p.Branch == branch && !p.Created.Before(since) && p.Status != rejected && p.Status != deleted && p.Status != failed {
			sum = sum.Add(p.Amount)
		}
	}
	s.spendings[spending{branch, since}] = sum
	return sum
}

// beginnings are the first moments of this day and this month in Moscow.
func (s *Simulator) beginnings() (day, month time.Time) {
	now := s.opt.Gate.Now().In(moscow)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, moscow), time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, moscow)
}

// fitsLimits tells whether the branch may pay out that much more.
func (s *Simulator) fitsLimits(b branch, amount decimal.Decimal) bool {
	day, month := s.beginnings()
	s.spendings = nil // a decision goes by the present
	return (b.Daily == nil || !s.spent(b.ID, day).Add(amount).GreaterThan(*b.Daily)) &&
		(b.Monthly == nil || !s.spent(b.ID, month).Add(amount).GreaterThan(*b.Monthly))
}

func (s *Simulator) branchDoc(b branch, limits bool) doc {
	bound := func(d *decimal.Decimal) any {
		switch {
		case d == nil && s.opt.Noise:
			return false
		case d == nil:
			return nil
		}
		return num(*d)
	}
	active := 0
	if b.Active {
		active = 1
	}
	out := doc{
		"id": b.ID, "name": b.Name, "agent": doc{"id": b.Agent, "name": agentName(b.Agent)}, "address": b.Address,
		"limit_monthly": bound(b.Monthly), "limit_daily": bound(b.Daily), "is_active": active,
	}
	if limits {
		day, month := s.beginnings()
		out["limits"] = []doc{
			{"type": "limit_daily", "limit": bound(b.Daily), "spending": num(s.spent(b.ID, day)), "isInfinity": b.Daily == nil},
			{"type": "limit_monthly", "limit": bound(b.Monthly), "spending": num(s.spent(b.ID, month)), "isInfinity": b.Monthly == nil},
		}
	}
	return out
}
