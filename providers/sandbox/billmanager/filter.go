package billmanager

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// filterNames are the conditions that a login can save, and that filter=on
// takes on the list call.
var filterNames = []string{
	"id", "account", "account_id", "number", "sender", "sender_id", "recipient", "createdate", "createdatestart", "createdateend",
	"payfromdate", "paytodate", "profiletype", "maildocs", "project", "paymethod", "module", "status", "docflow_pdf_status",
	"saamount_from", "saamount_to", "pmamount_from", "pmamount_to", "restrictrefund",
}

// periods are the values of createdate.
var periods = []string{
	"nodate", "today", "currentweek", "currentmonth", "lastday", "lastweek", "lastmonth", "lastyear",
	"week", "month", "quarter", "halfyear", "year", "other",
}

// filter is the conditions of one list, ready to ask.
type filter struct {
	form     url.Values
	from, to string // created, as dates; empty: open
	bounds   map[string]decimal.Decimal
	cheap    bool // status and number tell all
	statuses []int
	number   string
}

// compile checks the conditions and resolves the period.
func compile(form url.Values, now time.Time) (filter, *failure) {
	f := filter{form: form, bounds: map[string]decimal.Decimal{}, cheap: isCheap(form), number: form.Get("number")}
	if bad := checkFilter(form); bad != nil {
		return f, bad
	}
	for _, name := range boundNames {
		if v := form.Get(name); v != "" {
			f.bounds[name], _ = amountIn(v) // checked above
		}
	}
	for _, code := range list(form.Get("status")) {
		n, _ := strconv.Atoi(code) // checked above
		f.statuses = append(f.statuses, n)
	}
	f.from, f.to = resolve(form, now)
	return f, nil
}

// boundNames are the conditions that are amounts.
var boundNames = []string{"saamount_from", "saamount_to", "pmamount_from", "pmamount_to"}

// filterEnums are the values of the conditions that have a few.
var filterEnums = map[string][]string{
	"createdate": periods, "profiletype": {"1", "2", "3"}, "maildocs": {"0", "1", "2", "3"},
	"docflow_pdf_status": {"100", "101", "400"}, "restrictrefund": {"on", "off", "null"},
}

func checkFilter(form url.Values) *failure {
	for name, values := range filterEnums {
		if v := form.Get(name); v != "" && !slices.Contains(values, v) {
			return badValue(name, v)
		}
	}
	for _, name := range boundNames {
		if v := form.Get(name); v != "" {
			if _, ok := amountIn(v); !ok {
				return badValue(name, v)
			}
		}
	}
	for _, status := range list(form.Get("status")) {
		n, err := strconv.Atoi(status)
		if err != nil || n != stDeleting && (n < firstStatus || n > lastOrdinary) {
			return badValue("status", status)
		}
	}
	for _, name := range []string{"createdatestart", "createdateend", "payfromdate", "paytodate"} {
		if v := form.Get(name); v != "" {
			if _, err := time.Parse(time.DateOnly, v); err != nil {
				return badValue(name, v)
			}
		}
	}
	for _, name := range []string{"id", "account_id", "sender_id", "recipient", "project", "paymethod"} {
		for _, v := range list(form.Get(name)) {
			if _, err := strconv.ParseUint(v, 10, 63); err != nil {
				return badValue(name, v)
			}
		}
	}
	return nil
}

// resolve turns the period into dates.
func resolve(form url.Values, now time.Time) (from, to string) {
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	first := now.AddDate(0, 0, 1-now.Day())
	switch form.Get("createdate") {
	case "today":
		return day(now), day(now)
	case "lastday":
		return day(now.AddDate(0, 0, -1)), day(now.AddDate(0, 0, -1))
	case "currentweek":
		return day(monday), ""
	case "lastweek":
		return day(monday.AddDate(0, 0, -7)), day(monday.AddDate(0, 0, -1))
	case "currentmonth":
		return day(first), ""
	case "lastmonth":
		return day(first.AddDate(0, -1, 0)), day(first.AddDate(0, 0, -1))
	case "lastyear":
		return now.AddDate(-1, 0, 0).Format("2006") + "-01-01", now.AddDate(-1, 0, 0).Format("2006") + "-12-31"
	case "week":
		return day(now.AddDate(0, 0, -7)), ""
	case "month":
		return day(now.AddDate(0, -1, 0)), ""
	case "quarter":
		return day(now.AddDate(0, -3, 0)), ""
	case "halfyear":
		return day(now.AddDate(0, -6, 0)), ""
	case "year":
		return day(now.AddDate(-1, 0, 0)), ""
	case "nodate":
		return "", ""
	default: // other, and a period given without its name
		return form.Get("createdatestart"), form.Get("createdateend")
	}
}

// each walks the rows that fit, newest first, asking the cheap questions
// before a row is made.
func (f filter) each(s *store, yield func(key) bool) {
	if id := f.form.Get("id"); id != "" {
		if k, ok := s.keyOf(id); ok && !s.deleted[id] && f.fits(s, k) {
			yield(k)
		}
		return
	}
	from, to := 0, s.trace.Len()
	on := func(row int) string { return s.world.Time(s.trace.Deal(row)).Format(time.DateOnly) }
	if f.from != "" && !s.moved {
		from = sort.Search(to, func(row int) bool { return on(row) >= f.from })
	}
	if f.to != "" && !s.moved {
		to = sort.Search(to, func(row int) bool { return on(row) > f.to })
	}
	s.keys(from, to, func(k key) bool { return !f.fits(s, k) || yield(k) })
}

func (f filter) fits(s *store, k key) bool {
	if len(f.statuses) > 0 && !slices.Contains(f.statuses, s.status(k)) {
		return false
	}
	cheap := f.cheap
	if f.number != "" {
		name, sure := s.number(k)
		if sure && !like(f.number, name) {
			return false
		}
		cheap = cheap && sure
	}
	return cheap || f.holds(s.at(k))
}

// isCheap reports whether nothing is asked, beyond status and number, that
// needs the whole row.
func isCheap(form url.Values) bool {
	for name := range form {
		v := form.Get(name)
		if v != "" && name != "status" && name != "number" && !(name == "createdate" && v == "nodate") && !(name == "restrictrefund" && v == "null") {
			return false
		}
	}
	return true
}

// holds asks everything of the whole row.
func (f filter) holds(p payment) bool {
	in := func(name, have string) bool {
		want := list(f.form.Get(name))
		return len(want) == 0 || slices.Contains(want, have)
	}
	number := func(name string, have int) bool { return in(name, strconv.Itoa(have)) }
	within := func(name string, d decimal.Decimal) bool {
		from, hasFrom := f.bounds[name+"_from"]
		to, hasTo := f.bounds[name+"_to"]
		return !(hasFrom && d.LessThan(from)) && !(hasTo && d.GreaterThan(to))
	}
	created := p.created.Format(time.DateOnly)
	paid := ""
	if !p.paid.IsZero() {
		paid = p.paid.Format(time.DateOnly)
	}
	payFrom, payTo := f.form.Get("payfromdate"), f.form.Get("paytodate")
	return in("id", p.id) && in("account_id", p.accountID) && in("sender_id", p.senderID) &&
		number("recipient", p.recipientID) && number("project", p.project) && number("paymethod", p.method.id) &&
		number("profiletype", p.profileType) && number("maildocs", p.mailDocs) && number("docflow_pdf_status", p.docState) &&
		f.money("subaccountamount_iso", p, p.amount) && f.money("paymethodamount_iso", p, p.methodAmount) &&
		f.text("payment_receipt", p.receipt) && f.text("paymentinvoice_number", p.invoice) &&
		in("module", p.method.module) && f.text("number", p.number) && f.text("account", p.account) && f.sender(p.sender) &&
		f.text("recipient_name", companies[p.recipientID]) && f.text("paymethod_name", p.method.name) && in("billorder", p.order) &&
		(f.from == "" || created >= f.from) && (f.to == "" || created <= f.to) &&
		(payFrom == "" || paid != "" && paid >= payFrom) && (payTo == "" || paid != "" && paid <= payTo) &&
		within("saamount", p.amount) && within("pmamount", p.methodAmount) && f.lock(p.restrictRefund)
}

func (f filter) text(name, have string) bool {
	want := f.form.Get(name)
	return want == "" || like(want, have)
}

// money compares an amount as the list prints it. Most lists do not ask.
func (f filter) money(name string, p payment, have decimal.Decimal) bool {
	return f.form.Get(name) == "" || f.text(name, p.money(have))
}

// sender takes several values, any of which may be a part of the name.
func (f filter) sender(have string) bool {
	want := f.form.Get("sender")
	if want == "" {
		return f.text("sender_name", have)
	}
	for _, part := range strings.Split(want, "~") {
		if part = strings.TrimSpace(part); part != "" && strings.Contains(strings.ToLower(have), strings.ToLower(strings.Trim(part, "*"))) {
			return true
		}
	}
	return false
}

func (f filter) lock(on bool) bool {
	switch f.form.Get("restrictrefund") {
	case "on":
		return on
	case "off":
		return !on
	default:
		return true
	}
}

// like matches a pattern in which * is any text, in any case.
func like(pattern, have string) bool {
	if pattern != "" && have != "" && pattern[0] != '*' && pattern[0] < 0x80 && have[0] < 0x80 && pattern[0]|0x20 != have[0]|0x20 {
		return false // most rows of a large table go here
	}
	pattern, have = strings.ToLower(pattern), strings.ToLower(have)
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == have
	}
	if !strings.HasPrefix(have, parts[0]) {
		return false
	}
	have = have[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, ok := strings.Cut(have, part)
		if !ok {
			return false
		}
		have = rest
	}
	return strings.HasSuffix(have, last)
}

func list(s string) []string {
	var out []string
	for _, v := range strings.Split(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}
