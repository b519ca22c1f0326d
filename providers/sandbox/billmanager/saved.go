package billmanager

import (
	"net/url"
	"slices"
	"strconv"
)

// filterForm shows, saves or clears the login's filter. What is saved shortens
// every later list of this login.
func (s *Simulator) filterForm(q request, by *who) ([]node, *failure) {
	if q.get("sok") != "ok" || s.opt.FilterEchoes && q.get("out") != "" {
		return s.filterFields(by, s.lang(q)), nil
	}
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
	if bad := checkReport(q); bad != nil {
		return nil, bad
	}
	s.saved[by.name] = form
	return []node{leaf("ok", "")}, nil
}

// checkReport checks the order of a report by mail, which nobody sends here.
func checkReport(q request) *failure {
	switch q.get("sendreport") {
	case "", "off":
		return nil
	case "on":
	default:
		return badValue("sendreport", q.get("sendreport"))
	}
	if q.get("sendreport_email") == "" {
		return noParam("sendreport_email")
	}
	switch v := q.get("sendreport_period"); {
	case v == "":
		return noParam("sendreport_period")
	case !slices.Contains([]string{"daily", "weekly", "monthly", "quarterly", "annually"}, v):
		return badValue("sendreport_period", v)
	}
	return nil
}

// filterFields is the form of the filter: what is saved, and the choices.
func (s *Simulator) filterFields(by *who, lang string) []node {
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
	var statuses []int
	for code := firstStatus; code <= lastOrdinary; code++ {
		statuses = append(statuses, code)
	}
	kids = append(kids, statusChoices(lang, append(statuses, stDeleting)...))
	for _, name := range []string{"createdate", "profiletype", "maildocs", "docflow_pdf_status", "restrictrefund"} {
		var pairs [][2]string
		for _, v := range filterEnums[name] {
			word, ok := filterWords[name+" "+v]
			if !ok {
				word = text{v, v}
			}
			pairs = append(pairs, [2]string{v, word.in(lang)})
		}
		kids = append(kids, choices(name, pairs...))
	}
	return append(kids, methodChoices("paymethod"), companyChoices("recipient"), companyChoices("project"))
}

// setFilter narrows the login's list to one client, or clears the filter.
// Without either it shows the form.
func (s *Simulator) setFilter(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	account := q.get("account")
	switch {
	case q.get("reset") == "on":
		delete(s.saved, by.name)
		return []node{leaf("ok", "")}, nil
	case account == "":
		return []node{leaf("account", s.saved[by.name].Get("account_id"))}, nil
	}
	if _, err := strconv.ParseUint(account, 10, 63); err != nil {
		return nil, badValue("account", account)
	}
	if _, ok := s.client(account, firstAccount); !ok {
		return nil, missed("account", account)
	}
	s.saved[by.name] = url.Values{"account_id": {account}}
	return []node{leaf("ok", "")}, nil
}
