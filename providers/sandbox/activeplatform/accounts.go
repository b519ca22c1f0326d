package activeplatform

import (
	"net/http"
	"strconv"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// opened is for how many days before the world's first deal an account exists.
const opened = 90

func (s *Simulator) person(row int) world.Person { return s.opt.World.Person(world.Clients, row) }

func (s *Simulator) account(row int) account {
	p := s.person(row)
	a := account{ID: firstAccountID + row, Name: p.Name(), Class: 1}
	if p.Company != "" {
		a.Class = 2
	}
	return a
}

func (s *Simulator) user(row int) user {
	p := s.person(row)
	since := stamp{s.opt.World.Deal(0).Time.AddDate(0, 0, -1-int(p.Roll%opened))}
	u := user{
		ID: firstUserID + row, First: p.First, Middle: p.Middle, Last: p.Last, Email: p.Email, Status: "active",
		Attributes: []struct{}{}, Created: since, Updated: since,
	}
	if p.Roll%17 == 0 {
		u.Status = "inactive"
	}
	return u
}

func (s *Simulator) listAccounts(q request) gate.Answer {
	v, refusal := s.viewOf(q.URL.Query(), []string{"id"}, []string{"created_at", "updated_at", "status", "email"})
	if refusal != nil {
		return *refusal
	}
	out := []account{}
	skip := (v.page - 1) * v.size
	for place := range s.accounts {
		row := place
		if v.reversed {
			row = s.accounts - 1 - place
		}
		if !s.accountFits(v, row) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if out = append(out, s.account(row)); len(out) == v.size {
			break
		}
	}
	return gate.JSON(http.StatusOK, out)
}

func (s *Simulator) accountFits(v view, row int) bool {
	if len(v.filters) == 0 {
		return true
	}
	u := s.user(row)
	for name, value := range v.filters {
		have := u.Email
		switch name {
		case "status":
			have = u.Status
		case "created_at", "updated_at":
			have = u.Created.In(zone).Format("2006-01-02")
		}
		if have != value {
			return false
		}
	}
	return true
}

func (s *Simulator) users(q request) gate.Answer {
	id, err := strconv.Atoi(q.id)
	if err != nil || id < firstAccountID || id >= firstAccountID+s.accounts {
		return s.notFound()
	}
	return gate.JSON(http.StatusOK, []user{s.user(id - firstAccountID)})
}
