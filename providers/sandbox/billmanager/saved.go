package billmanager

import (
	"net/url"
	"strconv"
)

// filterForm shows, saves or clears the login's filter. What is saved shortens
// every later list of this login.
func (s *Simulator) filterForm(q request, by *who) ([]node, *failure) {
	if q.get("sok") == "ok" {
		if q.get("reset") == "on" {
			delete(s.saved, by.name)
			return []node{leaf("ok", "")}, nil
		}
		form := url.Values{}
		for _, name := range filterNames {
			if q.form.Has(name) {
				form.Set(name, q.get(name))
			}
		}
		if bad := checkFilter(form); bad != nil {
			return nil, bad
		}
		s.saved[by.name] = form
		return []node{leaf("ok", "")}, nil
	}
	var kids []node
	for _, name := range filterNames {
		value := s.saved[by.name].Get(name)
		switch {
		case value == "" && name == "createdate":
			value = "nodate"
		case value == "" && name == "restrictrefund":
			value = "null"
		}
		kids = append(kids, leaf(name, value))
	}
	status := node{name: "slist"}.with("name", "status")
	for code := firstStatus; code <= lastOrdinary; code++ {
		status.add(leaf("val", statusWord(code, s.lang(q))).with("key", strconv.Itoa(code)))
	}
	return append(kids, status), nil
}

// setFilter narrows the login's list to one client, or clears the filter.
func (s *Simulator) setFilter(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	if q.get("reset") == "on" {
		delete(s.saved, by.name)
		return []node{leaf("ok", "")}, nil
	}
	form := url.Values{"account_id": {q.get("account")}}
	if bad := checkFilter(form); bad != nil || q.get("account") == "" {
		return nil, badValue("account", q.get("account"))
	}
	s.saved[by.name] = form
	return []node{leaf("ok", "")}, nil
}
