package billmanager

import (
	"strconv"
	"time"
)

// find is a payment that the caller may see.
func (s *Simulator) find(q request, id string) (payment, *failure) {
	p, ok := s.rows.find(id)
	if !ok || q.by.account != "" && q.by.account != p.accountID {
		return payment{}, noElement(id)
	}
	return p, nil
}

// one is the payment of a call that takes exactly one id.
func (s *Simulator) one(q request) (payment, *failure) {
	if len(q.ids()) > 1 {
		return payment{}, badValue("elid", q.get("elid"))
	}
	found, bad := s.all(q)
	if bad != nil {
		return payment{}, bad
	}
	return found[0], nil
}

// all are the payments of a call that takes ids.
func (s *Simulator) all(q request) ([]payment, *failure) {
	var found []payment
	for _, id := range q.ids() {
		p, bad := s.find(q, id)
		if bad != nil {
			return nil, bad
		}
		found = append(found, p)
	}
	if len(found) == 0 {
		return nil, noParam("elid")
	}
	return found, nil
}

// history is a payment's changes, oldest first.
func (s *Simulator) history(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	var kids []node
	for i, e := range p.history {
		kids = append(kids, node{name: "elem", kids: []node{
			leaf("id", strconv.Itoa(i+1)), leaf("date", e.at.Format(time.DateTime)), leaf("user", e.user), leaf("ip", e.ip),
			leaf("desc", e.what.in(s.lang(q))+e.supplement),
		}})
	}
	return counted(kids), nil
}
