package yookassa

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	defaultLimit = 10
	maxLimit     = 100
	keptYears    = 3 // lists reach back so far
)

var (
	paymentStatuses = []string{"pending", "waiting_for_capture", "succeeded", "canceled"}
	shortStatuses   = []string{"pending", "succeeded", "canceled"}
	methodCodes     = []string{
		"bank_card", "yoo_money", "sberbank", "tinkoff_bank", "sbp", "sber_loan", "sber_bnpl", "alfa_pay", "mobile_balance", "cash", "b2b_sberbank",
		"electronic_certificate", "alfabank", "webmoney", "wechat", "apple_pay", "google_pay", "qiwi", "installments",
	}
	bounds = []string{"gte", "gt", "lte", "lt"}
)

// times are the bounds of one time filter.
type times map[string]time.Time

func (t times) fit(at time.Time) bool {
	for name, limit := range t {
		order := at.Compare(limit)
		if name == "gte" && order < 0 || name == "gt" && order <= 0 || name == "lte" && order > 0 || name == "lt" && order >= 0 {
			return false
		}
	}
	return true
}

// listing is a list request, checked.
type listing struct {
	window
	limit    int
	bond     string // what a cursor of this list is tied to
	status   string
	method   string
	payment  string
	refund   string
	created  times
	captured times
	finished times  // succeeded_at
	goesTo   string // payout_destination.type
}

// listingOf reads the query. names are the filters that the list knows beside
// the times of creation; a name that it does not know is ignored.
func (s *Simulator) listingOf(c *call, statuses []string, names ...string) (*listing, *gate.Answer) {
	q := c.URL.Query()
	l := &listing{limit: defaultLimit, bond: bond(c.name, q)}
	for _, read := range []func() *gate.Answer{
		func() *gate.Answer { return l.readLimit(q) },
		func() *gate.Answer { return l.readTimes(q, names) },
		func() *gate.Answer { return s.readFilters(l, q, statuses, names) },
		func() *gate.Answer { return l.readCursor(q) },
	} {
		if bad := read(); bad != nil {
			return nil, bad
		}
	}
	s.frame(l)
	return l, nil
}

func badFilter(text, parameter string) *gate.Answer {
	a := invalid(text, parameter)
	return &a
}

func (l *listing) readLimit(q url.Values) *gate.Answer {
	if !q.Has("limit") {
		return nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > maxLimit {
		return badFilter("The limit is a number from 1 to 100", "limit")
	}
	l.limit = n
	return nil
}

func (l *listing) readTimes(q url.Values, names []string) *gate.Answer {
	var wrong string
	l.created, wrong = timesIn(q, "created_at")
	if wrong == "" && slices.Contains(names, "captured_at") {
		l.captured, wrong = timesIn(q, "captured_at")
	}
	if wrong == "" && slices.Contains(names, "succeeded_at") {
		l.finished, wrong = timesIn(q, "succeeded_at")
	}
	if wrong != "" {
		return badFilter("The moment is not in ISO 8601", wrong)
	}
	return nil
}

func (s *Simulator) readFilters(l *listing, q url.Values, statuses, names []string) *gate.Answer {
	take := func(name string, into *string) {
		if slices.Contains(names, name) {
			*into = q.Get(name)
		}
	}
	take("payment_method", &l.method)
	take("payment_id", &l.payment)
	take("refund_id", &l.refund)
	take(destinationFilter, &l.goesTo)
	if len(statuses) > 0 { // otherwise the list does not know the name
		l.status = q.Get("status")
	}
	switch {
	case len(statuses) > 0 && q.Has("status") && !slices.Contains(statuses, l.status):
		return badFilter("There is no such status", "status")
	case l.method != "" && !slices.Contains(s.methodCodes(), l.method):
		return badFilter("There is no such payment method", "payment_method")
	case slices.Contains(names, destinationFilter) && q.Has(destinationFilter) && !slices.Contains(destinationTypes, l.goesTo):
		return badFilter("There is no such destination", destinationFilter)
	case l.payment != "" && l.refund != "":
		return badFilter("Name a payment or a refund, not both", "payment_id")
	}
	if l.method == "yandex_money" {
		l.method = "yoo_money"
	}
	return nil
}

func (l *listing) readCursor(q url.Values) *gate.Answer {
	if !q.Has("cursor") {
		return nil
	}
	p, ok := openCursor(q.Get("cursor"), l.bond)
	if !ok {
		return badFilter("The cursor is unknown or belongs to other filters", "cursor")
	}
	l.after = &p
	return nil
}

func (s *Simulator) methodCodes() []string {
	if s.opt.OldDialect {
		return append(slices.Clone(methodCodes), "yandex_money")
	}
	return methodCodes
}

// frame narrows the window to the bounds of creation and to what is kept.
func (s *Simulator) frame(l *listing) {
	l.oldest = s.opt.Gate.Now().AddDate(-keptYears, 0, 0)
	for _, name := range []string{"gte", "gt"} {
		if t, ok := l.created[name]; ok && t.After(l.oldest) {
			l.oldest = t
		}
	}
	for _, name := range []string{"lte", "lt"} {
		if t, ok := l.created[name]; ok && (l.newest.IsZero() || t.Before(l.newest)) {
			l.newest = t
		}
	}
}

func timesIn(q url.Values, field string) (times, string) {
	out := times{}
	for _, b := range bounds {
		name := field + "." + b
		if !q.Has(name) {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, q.Get(name))
		if err != nil {
			return nil, name
		}
		out[b] = t
	}
	return out, ""
}

// bond is the same for the pages of one list: call and filters, not the limit.
func bond(name string, q url.Values) string {
	filters := url.Values{}
	for k, v := range q {
		if k != "cursor" && k != "limit" {
			filters[k] = v
		}
	}
	sum := sha256.Sum256([]byte(name + "?" + filters.Encode()))
	return hex.EncodeToString(sum[:6])
}

// cursor names the last row of a page by its place, so that new objects at the
// head move nothing.
func cursor(p place, bond string) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s.%d.%d", bond, p.at.UnixNano(), p.row))
}

func openCursor(text, bond string) (place, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), ".")
	if err != nil || len(parts) != 3 || parts[0] != bond {
		return place{}, false
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	row, err2 := strconv.Atoi(parts[2])
	return place{time.Unix(0, at), row}, err == nil && err2 == nil && row >= 0
}

// page is the answer to a list.
type page struct {
	Type  string `json:"type"`
	Items []any  `json:"items"`
	Next  string `json:"next_cursor,omitempty"`
}

// collect fills a page: from the whole book, or from the named rows alone.
func collect[T any](b *book[T], l *listing, only []int, named bool, show func(row int, v *T) (any, bool)) gate.Answer {
	out := page{Type: "list", Items: []any{}}
	var last place
	take := func(p place, v *T) bool {
		if !l.created.fit(b.date(v)) {
			return true
		}
		shown, ok := show(p.row, v)
		if !ok {
			return true
		}
		if len(out.Items) == l.limit {
			out.Next = cursor(last, l.bond)
			return false
		}
		out.Items, last = append(out.Items, shown), p
		return true
	}
	if !named {
		b.scan(l.window, take)
		return gate.JSON(0, out)
	}
	for _, p := range b.places(only) {
		if l.fits(p) && !p.at.Before(l.oldest) && !take(p, b.table.At(p.row)) {
			break
		}
	}
	return gate.JSON(0, out)
}

// places are the places of the rows, newest first.
func (b *book[T]) places(rows []int) []place {
	out := make([]place, 0, len(rows))
	for _, row := range rows {
		out = append(out, place{b.date(b.table.At(row)), row})
	}
	slices.SortFunc(out, func(x, y place) int {
		if x.before(y) {
			return 1
		}
		return -1
	})
	return out
}
