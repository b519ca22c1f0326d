package billmanager

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const maxPage = 1000

// list is the payment table: filtered, sorted, one page of it.
func (s *Simulator) list(q request, by *who) ([]node, *failure) {
	form, bad := s.conditions(q, by)
	if bad != nil {
		return nil, bad
	}
	f, bad := compile(form, s.gate().Now())
	if bad != nil {
		return nil, bad
	}
	num, size := whole(q.get("p_num"), 1), min(whole(q.get("p_cnt"), s.opt.DefaultPage), maxPage)
	keys, total := s.pageOf(f, order(q), (num-1)*size, size)
	var kids []node
	for _, k := range keys {
		kids = append(kids, s.elem(s.rows.at(k), s.lang(q), by.level))
	}
	if s.opt.Toolbar {
		kids = slices.Insert(kids, 0, toolbar(by))
	}
	return append(kids, leaf("p_num", strconv.Itoa(num)), leaf("p_cnt", strconv.Itoa(size)), leaf("p_elems", strconv.Itoa(total))), nil
}

func whole(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1_000_000_000 {
		return otherwise
	}
	return n
}

// pageOf walks the table and keeps one page of it; the count goes on to the
// end.
func (s *Simulator) pageOf(f filter, o sorting, skip, size int) (page []key, total int) {
	if o.column != "" || o.ascending {
		all := s.sorted(f, o)
		from := min(skip, len(all))
		return all[from:min(from+size, len(all))], len(all)
	}
	f.each(s.rows, func(k key) bool {
		if total >= skip && len(page) < size {
			page = append(page, k)
		}
		total++
		return true
	})
	return page, total
}

// sorting is the order asked for; no column is the table's own order, which is
// that of the ids.
type sorting struct {
	column    string
	ascending bool
}

// order reads p_col, a column behind a sign, or sort, a column.
func order(q request) sorting {
	col := q.get("p_col")
	if col == "" && q.get("sort") != "" {
		col = "+" + q.get("sort")
	}
	name := strings.TrimLeft(col, "+- ")
	o := sorting{column: name, ascending: col != "" && !strings.HasPrefix(col, "-")}
	if name == "id" || name == "create_date" {
		o.column = ""
	}
	return o
}

func (s *Simulator) sorted(f filter, o sorting) []key {
	type entry struct {
		key    key
		text   string
		amount decimal.Decimal
	}
	var all []entry
	f.each(s.rows, func(k key) bool {
		e := entry{key: k}
		if o.column != "" {
			p := s.rows.at(k)
			e.text = s.elem(p, "en", staff).kid(o.column).text
			if strings.HasSuffix(o.column, "amount_iso") {
				e.text, e.amount = "", p.amount
			}
		}
		all = append(all, e)
		return true
	})
	if o.column == "" {
		slices.Reverse(all)
	} else {
		slices.SortStableFunc(all, func(a, b entry) int {
			c := cmp.Or(a.amount.Cmp(b.amount), strings.Compare(a.text, b.text))
			if o.ascending {
				return c
			}
			return -c
		})
	}
	keys := make([]key, len(all))
	for i, e := range all {
		keys[i] = e.key
	}
	return keys
}

// elem is one row as the list shows it.
func (s *Simulator) elem(p payment, lang string, level int) node {
	e := node{name: "elem"}
	opt := func(name, value string) {
		if value != "" {
			e.add(leaf(name, value))
		}
	}
	e.add(leaf("id", p.id), leaf("number", p.number), leaf("create_date", date(p.created)), leaf("create_date_l", spell(p.created, lang)))
	e.add(leaf("pay_date", date(p.paid)), leaf("sender_name", p.sender), leaf("sender_id", p.senderID))
	opt("recipient_name", companies[p.recipientID])
	if level >= staff {
		opt("account_name", p.account)
	}
	e.add(leaf("paymethod_name", p.method.name), leaf("subaccountamount_iso", s.money(p.amount, p.currency)), leaf("paymethodamount_iso", s.money(p.methodAmount, p.currency)))
	e.add(leaf("tax", s.money(p.tax(), p.currency)), s.status(p.status, lang))
	e.add(leaf("allowrefund", flag(p.method.refunds)))
	if p.restrictRefund {
		opt("restrictrefund", "on")
	}
	opt("billorder", p.order)
	if p.docState != 0 {
		opt("docflow_pdf_status", strconv.Itoa(p.docState))
	}
	opt("payment_receipt", p.receipt)
	opt("paymentinvoice_number", p.invoice)
	if !s.opt.NoExternalID {
		opt("externalid", p.externalID)
	}
	opt("note", p.note)
	return e
}

func flag(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (s *Simulator) status(status int, lang string) node {
	code := strconv.Itoa(status)
	switch s.opt.StatusForm {
	case CodeOnly:
		return leaf("status", code)
	case WordOnly:
		return leaf("status", statusWord(status, lang))
	default:
		return leaf("status", statusWord(status, lang)).with("orig", code)
	}
}

var symbols = map[string]string{"RUB": "₽", "USD": "$", "EUR": "€"}

func (s *Simulator) money(d decimal.Decimal, currency string) string {
	text := d.StringFixed(2)
	switch s.opt.Money {
	case SymbolMoney:
		if currency == "EUR" {
			sign, digits := "", text
			if d.IsNegative() {
				sign, digits = "-", text[1:]
			}
			return sign + symbols[currency] + digits
		}
		return text + " " + symbols[currency]
	case CommaMoney:
		return strings.ReplaceAll(text, ".", ",") + " " + currency
	default:
		return text + " " + currency
	}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func spell(t time.Time, lang string) string {
	if lang == "en" {
		return t.Format("January 2, 2006")
	}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// toolbar names the buttons that the caller may use.
func toolbar(by *who) node {
	names := []string{"print", "print.pdf", "filter"}
	if by.level >= staff {
		names = append(names, "edit", "delete", "setpaid", "refund", "docflow.send", "orderinfo", "expense", "invoice_create", "history", "su")
	}
	group := node{name: "toolgrp"}.with("name", "payment")
	for _, name := range names {
		group.add(node{name: "toolbtn"}.with("name", name))
	}
	return node{name: "metadata", kids: []node{{name: "toolbar", kids: []node{group}}}}
}
