package activeplatform

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bursar/providers/sandbox/gate"
)

// view is what a list was asked for.
type view struct {
	page, size int
	field      string
	reversed   bool
	filters    map[string]string
}

var sortable = []string{
	"id", "document_id", "status", "account_id", "created_at", "updated_at", "total", "comment", "requester_ip", "manager_id", "payment_method_id",
}

// viewOf reads the query. What the documents do not name is refused.
func (s *Simulator) viewOf(q url.Values, sortable, filters []string) (view, *gate.Answer) {
	v := view{page: 1, size: s.opt.PerPage, field: "id", filters: map[string]string{}}
	refuse := func(field, why string) (view, *gate.Answer) {
		a := wrong(field, why)
		return v, &a
	}
	for name, values := range q {
		value := values[len(values)-1]
		var err error
		switch {
		case name == "api_token":
		case name == "page":
			if v.page, err = strconv.Atoi(value); err != nil || v.page < 1 {
				return refuse(name, "is not a page number")
			}
		case name == "per_page":
			if v.size, err = strconv.Atoi(value); err != nil || v.size < 1 {
				return refuse(name, "is not a page size")
			}
		case name == "sorting[field]":
			if v.field = value; !slices.Contains(sortable, value) {
				return refuse(name, "is not a field")
			}
		case name == "sorting[reversed]":
			if v.reversed = value == "true"; !v.reversed && value != "false" {
				return refuse(name, "must be true or false")
			}
		case strings.HasPrefix(name, "filters[") && slices.Contains(filters, strings.TrimSuffix(name[len("filters["):], "]")):
			v.filters[strings.TrimSuffix(name[len("filters["):], "]")] = value
		default:
			return refuse(name, "is not permitted")
		}
	}
	v.size = min(v.size, s.opt.MaxPerPage)
	if s.opt.IgnorePage {
		v.page = 1
	}
	return v, nil
}

// test makes a filter's test of a payment; nil when the value is none.
func test(name, value string) func(payment) bool {
	number := func(get func(payment) *int) func(payment) bool {
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil
		}
		return func(p payment) bool { have := get(p); return have != nil && *have == n }
	}
	moment := func(get func(payment) stamp) func(payment) bool {
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			return func(p payment) bool { return get(p).In(zone).Format(time.DateOnly) == value }
		}
		at, err := parseTime(value)
		if err != nil {
			return nil
		}
		return func(p payment) bool { return get(p).Equal(at) }
	}
	switch name {
	case "account_id":
		return number(func(p payment) *int { return &p.Account })
	case "payment_method_id":
		return number(func(p payment) *int { return p.Method })
	case "created_at":
		return moment(func(p payment) stamp { return p.Created })
	case "updated_at":
		return moment(func(p payment) stamp { return p.Updated })
	default:
		return func(p payment) bool { return p.Status == value }
	}
}

func (s *Simulator) list(q request) gate.Answer {
	v, refusal := s.viewOf(q.URL.Query(), sortable, []string{"created_at", "updated_at", "account_id", "payment_method_id", "status"})
	if refusal != nil {
		return *refusal
	}
	var tests []func(payment) bool
	for name, value := range v.filters {
		fits := test(name, value)
		if fits == nil {
			return wrong("filters["+name+"]", "is invalid")
		}
		tests = append(tests, fits)
	}
	rows := s.pick(v, func(p payment) bool {
		for _, fits := range tests {
			if !fits(p) {
				return false
			}
		}
		return true
	}, len(tests) > 0)
	return s.shape(rows)
}

func (s *Simulator) shape(rows []payment) gate.Answer {
	switch {
	case s.opt.Form == Wrapped:
		return gate.JSON(http.StatusOK, map[string]any{"payments": rows})
	case s.opt.Form == Object && len(rows) == 1:
		return gate.JSON(http.StatusOK, rows[0])
	default:
		return gate.JSON(http.StatusOK, rows)
	}
}

// pick returns the page. Rows that no filter or order asks for are not made.
func (s *Simulator) pick(v view, fits func(payment) bool, filtered bool) []payment {
	skip := (v.page - 1) * v.size
	out := []payment{}
	if v.field != "id" || s.disordered {
		order := s.ordered(v, fits)
		for i := skip; i < min(skip+v.size, len(order)); i++ {
			out = append(out, s.rows.At(order[i]))
		}
		return out
	}
	n := s.rows.Len()
	for place := range n {
		if !filtered && place < skip {
			continue
		}
		row := place
		if v.reversed {
			row = n - 1 - place
		}
		p := s.rows.At(row)
		if !fits(p) {
			continue
		}
		if filtered && skip > 0 {
			skip--
			continue
		}
		if out = append(out, p); len(out) == v.size {
			break
		}
	}
	return out
}

// sortKey is a row and what it is sorted by.
type sortKey struct {
	row  int
	n    int64
	text string
}

// ordered sorts the rows that fit by a field, keeping no more than the keys.
func (s *Simulator) ordered(v view, fits func(payment) bool) []int {
	var keys []sortKey
	for row := range s.rows.Len() {
		if p := s.rows.At(row); fits(p) {
			n, text := keyOf(p, v.field)
			keys = append(keys, sortKey{row, n, text})
		}
	}
	slices.SortStableFunc(keys, func(a, b sortKey) int {
		c := cmp.Or(cmp.Compare(a.n, b.n), strings.Compare(a.text, b.text), cmp.Compare(a.row, b.row))
		if v.reversed {
			return -c
		}
		return c
	})
	rows := make([]int, len(keys))
	for i, k := range keys {
		rows[i] = k.row
	}
	return rows
}

func keyOf(p payment, field string) (int64, string) {
	number := func(n *int) int64 {
		if n == nil {
			return -1
		}
		return int64(*n)
	}
	switch field {
	case "id":
		return int64(p.ID), ""
	case "created_at":
		return p.Created.UnixMicro(), ""
	case "updated_at":
		return p.Updated.UnixMicro(), ""
	case "total":
		return p.Total.Shift(4).IntPart(), ""
	case "account_id":
		return int64(p.Account), ""
	case "manager_id":
		return number(p.Manager), ""
	case "payment_method_id":
		return number(p.Method), ""
	case "document_id":
		return 0, p.Document
	case "status":
		return 0, p.Status
	case "comment":
		return 0, p.Comment
	default:
		if p.IP != nil {
			return 0, *p.IP
		}
		return -1, ""
	}
}
