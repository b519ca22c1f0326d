package billmanager

import (
	"maps"
	"net/url"
	"slices"
	"time"
)

// conditions joins what the login has saved with what the call asks.
func (s *Simulator) conditions(q request, by *who) (url.Values, *failure) {
	form := url.Values{}
	for name, v := range s.saved[by.name] {
		form[name] = v
	}
	if q.get("filter") == "on" {
		for _, name := range filterNames {
			if q.form.Has(name) {
				form.Set(name, q.get(name))
			}
		}
		if s.opt.FilterOnSaves {
			if bad := checkFilter(form); bad != nil {
				return nil, bad
			}
			s.saved[by.name] = maps.Clone(form)
		}
	} else {
		for _, name := range listNames {
			if q.form.Has(name) {
				form.Set(name, q.get(name))
			}
		}
		if bad := s.days(q, form); bad != nil {
			return nil, bad
		}
	}
	if by.account != "" {
		form.Set("account_id", by.account)
	}
	if s.opt.IgnoreNumberFilter {
		form.Del("number")
	}
	return form, nil
}

// listNames are the conditions that the list takes without filter=on, beside
// the moments.
var listNames = []string{
	"id", "number", "status", "sender_name", "recipient_name", "paymethod_name", "subaccountamount_iso", "paymethodamount_iso",
	"createdatestart", "createdateend", "billorder", "docflow_pdf_status", "payment_receipt", "paymentinvoice_number",
}

// days takes the moments that a list can be asked for; a row shows no more of
// them than the day. createdate may name a period too.
func (s *Simulator) days(q request, form url.Values) *failure {
	for _, bounds := range [][3]string{{"createdatestart", "createdateend", "createdate"}, {"payfromdate", "paytodate", "pay_date"}} {
		name := bounds[2]
		v := q.get(name)
		if v == "" {
			continue
		}
		if name == "createdate" && slices.Contains(periods, v) {
			form.Set(name, v)
			continue
		}
		t, ok := s.moment(v, time.DateTime)
		if !ok {
			t, ok = s.moment(v, time.DateOnly)
		}
		if !ok {
			return badValue(name, v)
		}
		form.Set(bounds[0], date(t))
		form.Set(bounds[1], date(t))
		if name == "createdate" {
			form.Set(name, "other")
		}
	}
	return nil
}
