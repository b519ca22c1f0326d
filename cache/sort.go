package cache

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/cache/filter"
	"bursar/providers"
)

// take fills the snapshot's rows: filtered, then in the wanted order.
func (s *Snapshot) take(q ListQuery, linked func(providers.Ref) []providers.Kind) {
	byCreated := q.Sort == Created || q.Sort == ""
	per := make([][]rowID, len(s.parts))
	for n, p := range s.parts {
		per[n] = s.pick(n, p, q.Filter, linked)
	}
	// Each part is in the default order by itself.
	s.rows = s.mergeParts(per)
	switch {
	case byCreated && q.Ascending:
		s.reverseKnown()
	case !byCreated:
		s.sortBy(q.Sort, q.Ascending)
	}
}

// pick takes the part's rows that pass the filter.
func (s *Snapshot) pick(n int, p part, f *filter.Filter, linked func(providers.Ref) []providers.Kind) []rowID {
	if f.Empty() {
		rows := make([]rowID, len(p.rows))
		for i, l := range p.rows {
			rows[i] = p.rowID(n, l)
		}
		return rows
	}
	var rows []rowID
	var rec providers.Record
	amounts := f.Amounts()
	flags, links := make([]string, 0, 8), make([]providers.Link, 0, 8)
	for _, l := range p.rows {
		rec.Flags, rec.Links = flags, links
		if _, err := decodeSummary(textAt(p.blocks, l), p.id, &rec, amounts); err != nil {
			continue
		}
		if f.Match(&rec, linked) {
			rows = append(rows, p.rowID(n, l))
		}
	}
	return rows
}

// mergeParts merges the accounts' rows, newest first.
func (s *Snapshot) mergeParts(per [][]rowID) []rowID {
	for len(per) > 1 {
		var next [][]rowID
		for i := 0; i < len(per); i += 2 {
			if i+1 == len(per) {
				next = append(next, per[i])
				break
			}
			next = append(next, s.mergeTwo(per[i], per[i+1]))
		}
		per = next
	}
	if len(per) == 0 {
		return nil
	}
	return per[0]
}

func (s *Snapshot) mergeTwo(a, b []rowID) []rowID {
	out := make([]rowID, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		// Accounts are in order already: on a tie the first one's row leads.
		if s.created(b[0]) > s.created(a[0]) {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}

// reverseKnown turns the order round, oldest first, but leaves the records
// without a date at the end and ties in the order of their refs.
func (s *Snapshot) reverseKnown() {
	n, _ := slices.BinarySearchFunc(s.rows, 0, func(r rowID, _ int) int {
		if s.created(r) == 0 {
			return 1
		}
		return -1
	})
	known := s.rows[:n]
	slices.Reverse(known)
	for i := 0; i < n; {
		j := i + 1
		for j < n && s.created(known[j]) == s.created(known[i]) {
			j++
		}
		slices.Reverse(known[i:j])
		i = j
	}
}

// sortKey is a row's value in a column.
type sortKey struct {
	row   rowID
	none  bool
	group string // currency: amounts of different ones do not compare
	num   decimal.Decimal
	key   uint64
	text  string
}

// sortBy orders the rows by a column. Rows that have nothing in it come last in
// both directions, ties stay in the order of their refs.
func (s *Snapshot) sortBy(c Column, ascending bool) {
	keys := make([]sortKey, len(s.rows))
	var rec providers.Record
	for i, r := range s.rows {
		id := s.parts[r.part].id
		_, _ = decodeSummary(s.text(r), id, &rec, c == Amount || c == Remaining)
		keys[i] = keyOf(c, &rec)
		keys[i].row = r
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		if a.none != b.none {
			if a.none {
				return 1
			}
			return -1
		}
		if d := strings.Compare(a.group, b.group); d != 0 {
			return d
		}
		if d := compareKeys(c, a, b); d != 0 {
			if ascending {
				return d
			}
			return -d
		}
		return s.compareRefs(a.row, b.row)
	})
	for i := range keys {
		s.rows[i] = keys[i].row
	}
}

func (s *Snapshot) compareRefs(a, b rowID) int {
	if d := cmp.Compare(a.part, b.part); d != 0 { // parts are in the order of accounts
		return d
	}
	x, y := reader{s: s.text(a)[summaryHead:]}, reader{s: s.text(b)[summaryHead:]}
	return compareIDs(x.text(), y.text())
}

func compareKeys(c Column, a, b sortKey) int {
	switch c {
	case Amount, Remaining:
		return a.num.Cmp(b.num)
	case Updated, Deadline:
		return cmp.Compare(a.key, b.key)
	default:
		if d := cmp.Compare(a.key, b.key); d != 0 {
			return d
		}
		return strings.Compare(a.text, b.text)
	}
}

func keyOf(c Column, r *providers.Record) sortKey {
	switch c {
	case Updated:
		return sortKey{key: timeKey(r.Updated), none: r.Updated.IsZero()}
	case Deadline:
		return sortKey{key: timeKey(r.Deadline), none: r.Deadline.IsZero()}
	case Amount:
		return moneyKey(r.Amount)
	case Remaining:
		return moneyKey(r.Remaining)
	case Status:
		return sortKey{key: uint64(r.Status.Phase), text: filter.Fold(r.Status.Code)}
	case Party:
		return textKey(r.Party.Name)
	case Number:
		return numberKey(r.Number)
	case Account:
		return sortKey{text: r.Ref.Account}
	case Method:
		return textKey(r.Method)
	default:
		return numberKey(r.Ref.ID)
	}
}

func textKey(s string) sortKey { return sortKey{text: filter.Fold(s), none: s == ""} }

// numberKey sorts whole numbers by value, before other texts.
func numberKey(s string) sortKey {
	if s == "" || len(s) > 18 {
		return sortKey{text: filter.Fold(s), key: 1 << 63, none: s == ""}
	}
	var n uint64
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return sortKey{text: filter.Fold(s), key: 1 << 63}
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return sortKey{key: n, text: s}
}

func moneyKey(m providers.Money) sortKey {
	group := m.Currency
	if !m.Known() {
		group = "\xff" // after every currency
	}
	return sortKey{num: m.Decimal, group: group, none: m.IsNone()}
}
