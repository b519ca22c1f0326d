package tui_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/cache/filter"
	"bursar/providers"
	"bursar/tui/tuitest"
)

// hostileCount is the rows of the hostile list, one in fifty of them hostile:
// BURSAR_HOSTILE_ROWS, 20 000 unless told.
func hostileCount() int {
	if testing.Short() {
		return 2000
	}
	return number("BURSAR_HOSTILE_ROWS", 20_000)
}

// words are what is searched for: of hostile texts, of plain ones, and what
// stands in no field but would where two fields touch.
var hostileWords = []string{
	"evilrow", "evil", "ромашка", "РОМАШКА", "елка", "ёлка", "й", "sbp", "999999", "0.005", "red", "\"\x1b[31m\"", "\"\x1f\"", "\"\n\"", "\"unit\x1fsep\"", "\"unit sep\"", "\"two lines\"", "\"two\nlines\"",
	"\"ромашка\x1fsbp\"", "\"ромашка sbp\"", "ромашкаsbp", "\"sbp\x1fоплата\"", "\u200b", "\"zero\u200bwidth\"", "zerowidth", "שלום", "世界", "株式会社", "👩", "\"\ufffd\"", "\"\xff\"", "ß", "ss", "i", "１２３", "\"  \"", "%s", "'",
	"-evilrow", "-sbp -\"bank card\"", "evilrow -red", "party:ромашка", "note:evil", "status:новый", "amount>1000000000000000000000", "amount<0 currency:rub", "created>2100-01-01", "created<1950-01-01", "-created>1900-01-01",
	"account:hosting evilrow", "method:\"\x1f\"", "flag:\"a;b;c\"", "id:500000", "number:7", "updated:today evilrow", "has:payment",
}

// TestHostileRowsAreFoundAsAPlainSearchFindsThem compares lists with a search
// and a sort over all records, one after the other.
func TestHostileRowsAreFoundAsAPlainSearchFindsThem(t *testing.T) {
	n := hostileCount()
	desk := hostileDesk(t, n)
	all := entries(t, desk, cache.ListQuery{Kind: providers.Payment})
	if len(all) != n+1 { // the twin; of the two that came twice one each
		t.Fatalf("%d rows, %d were put", len(all), n+1)
	}
	t.Run("filters", func(t *testing.T) {
		for _, text := range hostileWords {
			f, err := filter.Parse(text, tuitest.Clock)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			var want []providers.Ref
			for i := range all {
				if f.Match(&all[i].Record, linkedTo(t, desk, f)) {
					want = append(want, all[i].Ref)
				}
			}
			got := refs(entries(t, desk, cache.ListQuery{Kind: providers.Payment, Filter: f}))
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %d rows, a plain search %d", text, len(got), len(want))
			}
		}
	})
	t.Run("words", func(t *testing.T) {
		for _, word := range []string{"evilrow", "ромашка", "ЕЛКА", "sbp", "ромашка sbp", "ромашка\x1fsbp", "хостингsbp", "хостинг sbp", "хостинг\x1fsbp", "ромашкаsbp", "two\nlines", "unit\x1fsep", "unit sep", "\x1b[", "\u200b", "世界", "שלום", "\ufffd", "\xff", "ß", "й", "x", " ", "\u202e", "%s%n"} {
			f, err := filter.Parse(`"`+word+`"`, tuitest.Clock)
			if err != nil {
				t.Fatalf("%q: %v", word, err)
			}
			got, want := refs(entries(t, desk, cache.ListQuery{Kind: providers.Payment, Filter: f})), holding(all, word)
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %d rows, it stands in %d", word, len(got), len(want))
			}
		}
	})
	t.Run("sorts", func(t *testing.T) {
		for _, c := range cache.Columns() {
			for _, up := range []bool{false, true} {
				got := entries(t, desk, cache.ListQuery{Kind: providers.Payment, Sort: c, Ascending: up})
				if what := unsorted(got, all, c, up); what != "" {
					t.Errorf("by %s, ascending %v: %s", c, up, what)
				}
			}
		}
	})
}

// holding are the rows that have the word, which has no digits, in one of their
// texts.
func holding(all []cache.Entry, word string) (out []providers.Ref) {
	folded := filter.Fold(word)
	for i := range all {
		r := &all[i].Record
		texts := append([]string{r.Number, r.Ref.ID, r.Party.Name, r.Party.ID, r.Party.Phone, r.Party.Email, r.Party.Card, r.Note, r.Method, r.Status.Code, r.Status.Label, r.Amount.Currency}, r.Flags...)
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(filter.Fold(text), folded) }) {
			out = append(out, r.Ref)
		}
	}
	return out
}

// linkedTo looks up links for filters that ask for them.
func linkedTo(t *testing.T, desk *tuitest.Desk, f *filter.Filter) func(providers.Ref) []providers.Kind {
	if len(f.Links()) == 0 {
		return nil
	}
	return func(ref providers.Ref) (kinds []providers.Kind) {
		from, err := desk.Store.LinkedFrom(ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range from {
			kinds = append(kinds, r.Kind)
		}
		return kinds
	}
}

func entries(t *testing.T, desk *tuitest.Desk, q cache.ListQuery) []cache.Entry {
	t.Helper()
	snap, err := desk.Store.List(desk.Ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]cache.Entry, 0, snap.Len())
	for e, err := range snap.All() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	if len(out) != snap.Len() || !desk.Store.States()[0].Finished.IsZero() && desk.Store.Notice() != "" {
		t.Fatalf("%d rows can be read of %d: %s", len(out), snap.Len(), desk.Store.Notice())
	}
	return out
}

func refs(list []cache.Entry) []providers.Ref {
	var out []providers.Ref
	for i := range list {
		out = append(out, list[i].Ref)
	}
	return out
}

// value is what a row has in a column: rows without one come last whatever the
// direction, and groups go up whatever the direction.
type value struct {
	none  bool
	group string
	num   providers.Money
	text  string
	n     int64
}

func valueOf(e *cache.Entry, c cache.Column) value {
	at := func(t time.Time) value { return value{none: t.IsZero(), n: t.UnixNano()} }
	text := func(s string) value { return value{none: s == "", text: filter.Fold(s)} }
	sum := func(m providers.Money) value {
		v := value{none: m.IsNone(), num: m, group: strings.ToUpper(m.Currency)}
		if !m.Known() {
			v.group = "\xff"
		}
		return v
	}
	switch c {
	case cache.Created:
		return at(e.Created)
	case cache.Updated:
		return at(e.Updated)
	case cache.Deadline:
		return at(e.Deadline)
	case cache.Amount:
		return sum(e.Amount)
	case cache.Remaining:
		return sum(e.Remaining)
	case cache.Status:
		return value{n: int64(e.Status.Phase), text: filter.Fold(e.Status.Code)}
	case cache.Party:
		return text(e.Party.Name)
	case cache.Account:
		return value{text: e.Ref.Account}
	case cache.Method:
		return text(e.Method)
	case cache.Number:
		return numberValue(e.Number)
	default:
		return numberValue(e.Ref.ID)
	}
}

// numberValue sorts whole numbers by value, before other texts.
func numberValue(s string) value {
	v := value{none: s == "", text: filter.Fold(s), n: 1 << 62}
	if s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == "" {
		if _, err := fmt.Sscan("1"+s, &v.n); err == nil {
			v.n -= pow10(len(s))
		}
	}
	return v
}

func pow10(n int) int64 {
	out := int64(1)
	for range n {
		out *= 10
	}
	return out
}

func (v value) compare(o value) int {
	return cmp.Or(v.num.Cmp(o.num.Decimal), cmp.Compare(v.n, o.n), strings.Compare(v.text, o.text))
}

// unsorted is the first place where a list is not what a sort of all makes of
// it; "" when it is. Rows that are alike may stand in either order.
func unsorted(got, all []cache.Entry, c cache.Column, up bool) string {
	values := make(map[providers.Ref]value, len(all))
	for i := range all {
		values[all[i].Ref] = valueOf(&all[i], c)
	}
	want := refs(all)
	slices.SortStableFunc(want, func(a, b providers.Ref) int { return values[a].before(values[b], up) })
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows of %d", len(got), len(want))
	}
	for i, ref := range want {
		v, known := values[got[i].Ref]
		if !known || v.before(values[ref], up) != 0 {
			return fmt.Sprintf("row %d is %q, a plain sort has %q", i, got[i].Ref, ref)
		}
	}
	if seen := refs(got); len(slices.Compact(sortedRefs(seen))) != len(want) {
		return "a row stands twice"
	}
	return ""
}

// before compares rows in a direction.
func (v value) before(o value, up bool) int {
	switch {
	case v.none && o.none:
		return 0
	case v.none:
		return 1
	case o.none:
		return -1
	case v.group != o.group:
		return strings.Compare(v.group, o.group)
	case up:
		return v.compare(o)
	default:
		return o.compare(v)
	}
}

func sortedRefs(list []providers.Ref) []providers.Ref {
	slices.SortFunc(list, func(a, b providers.Ref) int { return strings.Compare(a.String(), b.String()) })
	return list
}
