package billmanager

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// editNames are the fields of payment.edit, in the order of its form. Some are
// called otherwise in the list.
var editNames = []string{
	"number", "createdate", "paydate", "documentnumber", "documentdate", "description", "sender", "recipient",
	"subaccountamount", "paymethodamount", "status", "paymethod", "restrictrefund", "info", "note",
}

// maxNumber is how many characters a number has at most.
const maxNumber = 64

// writable are the statuses that payment.edit sets.
var writable = []int{stNew, stPaid, stPromised, stCredited, stReturning, stRefunded, stFraud, stCancelled}

// edit shows a payment's form, or changes the fields that are sent. It checks
// no status but that of a payment being deleted: setting one here goes past the
// rules of payment.setpaid, and moves no balance.
func (s *Simulator) edit(q request, by *who) ([]node, *failure) {
	if by.level < staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	if p.status == stDeleting {
		return nil, s.notAllowed(q.fn, p.id)
	}
	if !s.changes(q) {
		return s.editForm(p, s.lang(q)), nil
	}
	d := detail{Edit: map[string]string{}}
	after := p
	for _, name := range editNames {
		if !q.form.Has(name) {
			continue
		}
		try := after
		if !s.write(&try, name, q.get(name)) {
			return nil, badValue(name, q.get(name))
		}
		if v := try.field(name); v != p.field(name) {
			d.Edit[name], after = v, try
		}
	}
	if len(d.Edit) > 0 {
		after = s.edited(after, d)
		s.rows.put(after)
		amount := decimal.Zero
		if _, ok := d.Edit["subaccountamount"]; ok {
			amount = after.amount
		}
		s.record(q.fn, after, amount, d)
	}
	return []node{leaf("ok", "")}, nil
}

// edited tells a payment's history of an edit.
func (s *Simulator) edited(p payment, d detail) payment {
	var names []string
	for _, name := range editNames {
		if _, ok := d.Edit[name]; ok && name != "status" {
			names = append(names, name)
		}
	}
	if _, ok := d.Edit["createdate"]; ok {
		s.rows.moved = true
	}
	if len(names) > 0 {
		p = s.tell(p, didEdit, strings.Join(names, ", "))
	}
	if _, ok := d.Edit["status"]; ok {
		w := statusWords[p.status]
		p = s.tell(p, text{didStatus.en + w.en, didStatus.ru + w.ru}, "")
	}
	return p
}

// field is a payment's value as the form writes it.
func (p payment) field(name string) string {
	moment := func(t time.Time, layout string) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(layout)
	}
	id := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	switch name {
	case "createdate":
		return moment(p.created, time.DateTime)
	case "paydate":
		return moment(p.paid, time.DateTime)
	case "documentdate":
		return moment(p.docDate, time.DateOnly)
	case "sender":
		return p.senderID
	case "recipient":
		return id(p.recipientID)
	case "paymethod":
		return id(p.method.id)
	case "status":
		return strconv.Itoa(p.status)
	case "subaccountamount":
		return p.amount.StringFixed(2)
	case "paymethodamount":
		return p.methodAmount.StringFixed(2)
	case "restrictrefund":
		return flag(p.restrictRefund)
	default:
		return *p.text(name)
	}
}

// text is one of the fields that take any text.
func (p *payment) text(name string) *string {
	return map[string]*string{
		"number": &p.number, "documentnumber": &p.docNumber, "description": &p.description, "info": &p.info, "note": &p.note,
	}[name]
}

// write sets a field as the form writes it; false when it cannot hold the
// value.
func (s *Simulator) write(p *payment, name, v string) bool {
	var ok bool
	switch name {
	case "number", "documentnumber":
		*p.text(name) = v
		return utf8.RuneCountInString(v) <= maxNumber && (v != "" || name != "number")
	case "createdate":
		p.created, ok = s.moment(v, time.DateTime)
		return ok && v != ""
	case "paydate":
		p.paid, ok = s.moment(v, time.DateTime)
		return ok
	case "documentdate":
		p.docDate, ok = s.moment(v, time.DateOnly)
		return ok
	case "subaccountamount":
		p.amount, ok = amountIn(v)
		return ok
	case "paymethodamount":
		p.methodAmount, ok = amountIn(v)
		return ok
	case "restrictrefund":
		p.restrictRefund = v == "on"
		return v == "on" || v == "off"
	case "sender", "recipient", "status", "paymethod":
		return s.writeID(p, name, v)
	default:
		*p.text(name) = v
		return true
	}
}

// writeID sets a field that names something of the panel's by its id.
func (s *Simulator) writeID(p *payment, name, v string) bool {
	if v == p.field(name) && name != "status" {
		return true
	}
	n, err := strconv.Atoi(v)
	if err != nil || strconv.Itoa(n) != v {
		return false
	}
	switch name {
	case "sender":
		c, ok := s.client(v, firstProfile)
		p.senderID, p.sender, p.profileType = v, c.Name(), profileType(c)
		return ok
	case "recipient":
		p.recipientID = n
		return companies[n] != ""
	case "status":
		p.status = n
		return slices.Contains(writable, n)
	default:
		m, ok := methodOf(n)
		if p.refundFlag {
			m.refunds = false
		}
		p.method = m
		return ok && m.currency == p.currency
	}
}

func methodOf(id int) (method, bool) {
	for _, m := range methods {
		if m.id == id {
			return m, true
		}
	}
	return method{}, false
}

// moment reads a date; none is the zero time.
func (s *Simulator) moment(v, layout string) (time.Time, bool) {
	if v == "" {
		return time.Time{}, true
	}
	t, err := time.ParseInLocation(layout, v, s.gate().Now().Location())
	return t, err == nil && t.Format(layout) == v
}

// amountIn reads an amount: digits, a dot, at most two decimals.
func amountIn(v string) (decimal.Decimal, bool) {
	digits := strings.TrimPrefix(v, "-")
	if whole, _, _ := strings.Cut(digits, "."); len(v) > 20 || len(whole) > 15 || whole == "" {
		return decimal.Zero, false
	}
	if strings.Trim(digits, "0123456789.") != "" {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(v)
	return d, err == nil && d.Equal(d.Truncate(2))
}
