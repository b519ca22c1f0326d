package cache

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"bursar/cache/columns"
	"bursar/cache/filter"
	"bursar/providers"
)

// sortKey is a row's value in a column as a number that sorts as the values do,
// as far as one number can tell.
type sortKey struct {
	key   uint64
	at    uint32 // the row's place before
	group uint16 // what does not compare with others: goes up in both directions
}

// sortBy orders rows, which come newest first, by a column. Rows that have
// nothing in it come last in both directions; those that are alike stay newest
// first.
func (s *Snapshot) sortBy(ctx context.Context, rows []rowID, c Column, ascending bool) error {
	by := s.column(c)
	keys, none := make([]sortKey, 0, len(rows)), []rowID(nil)
	for at, r := range rows {
		b, i := s.block(r)
		if key, ok := by.key(b, i); ok {
			k := sortKey{key: key, at: uint32(at)} //nolint:gosec // bounded by memory
			if by.group != nil {
				k.group = by.group(b, i)
			}
			keys = append(keys, k)
		} else {
			none = append(none, r)
		}
	}
	compare := func(a, b sortKey) int {
		if a.group != b.group {
			return cmp.Compare(a.group, b.group)
		}
		d := cmp.Compare(a.key, b.key)
		if d == 0 && by.tie != nil {
			x, i := s.block(rows[a.at])
			y, j := s.block(rows[b.at])
			d = by.tie(x, i, y, j)
		}
		switch {
		case d == 0:
			return cmp.Compare(a.at, b.at)
		case ascending:
			return d
		default:
			return -d
		}
	}
	sorted, err := sortKeys(ctx, keys, compare)
	if err != nil {
		return err
	}
	out := make([]rowID, 0, len(rows))
	for _, k := range sorted {
		out = append(out, rows[k.at])
	}
	copy(rows, append(out, none...))
	return nil
}

// sortRun is how many keys are sorted before somebody may say stop.
const sortRun = 1 << 16

// sortKeys sorts in runs, on as many processors as there are, and merges them.
func sortKeys(ctx context.Context, keys []sortKey, compare func(a, b sortKey) int) ([]sortKey, error) {
	runs := slices.Collect(slices.Chunk(keys, sortRun))
	err := parallel(ctx, len(runs), func(i int) { slices.SortFunc(runs[i], compare) })
	for err == nil && len(runs) > 1 {
		next := make([][]sortKey, (len(runs)+1)/2)
		err = parallel(ctx, len(next), func(i int) {
			if 2*i+1 == len(runs) {
				next[i] = runs[2*i]
				return
			}
			next[i] = mergeRuns(runs[2*i], runs[2*i+1], compare)
		})
		runs = next
	}
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	return runs[0], nil
}

// parallel runs work for 0 to before n until ctx ends.
func parallel(ctx context.Context, n int, work func(i int)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			work(i)
			return nil
		})
	}
	return g.Wait()
}

func mergeRuns(a, b []sortKey, compare func(a, b sortKey) int) []sortKey {
	out := make([]sortKey, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(b[0], a[0]) < 0 {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sorter is how a column sorts: by key, and where that is the same, by what tie
// says; without one the same key is the same value.
type sorter struct {
	key   func(b *columns.Block, i int) (key uint64, some bool)
	tie   func(x *columns.Block, i int, y *columns.Block, j int) int
	group func(b *columns.Block, i int) uint16
}

func (s *Snapshot) column(c Column) sorter {
	switch c {
	case Updated:
		return clockSorter(filter.Updated)
	case Deadline:
		return clockSorter(filter.Deadline)
	case Amount:
		return s.amountSorter(filter.Amount)
	case Remaining:
		return s.amountSorter(filter.Remaining)
	case Status:
		return s.traitSorter(func(t *filter.Traits) string { return string(rune(t.Phase)) + "\x00" + string(t.Code) })
	case Account:
		return s.traitSorter(func(t *filter.Traits) string { return string(t.Account) })
	case Method:
		return s.traitSorter(func(t *filter.Traits) string { return string(t.Method) })
	case Party:
		return textSorter(filter.PartyName, false)
	case Number:
		return textSorter(filter.Number, true)
	default:
		return textSorter(filter.ID, true)
	}
}

func clockSorter(c filter.Clock) sorter {
	return sorter{key: func(b *columns.Block, i int) (uint64, bool) {
		key := b.Clock(i, c)
		return key, key != 0
	}}
}

// traitSorter sorts by something that many records have in common.
func (s *Snapshot) traitSorter(of func(*filter.Traits) string) sorter {
	texts := map[*filter.Traits]string{}
	for _, f := range s.leaves {
		for _, t := range f.block.AllTraits() {
			if _, known := texts[t]; !known {
				texts[t] = of(t)
			}
		}
	}
	sorted := slices.Compact(slices.Sorted(maps.Values(texts)))
	rank := make(map[*filter.Traits]int, len(texts))
	for t, text := range texts {
		rank[t], _ = slices.BinarySearch(sorted, text)
	}
	return sorter{key: func(b *columns.Block, i int) (uint64, bool) {
		n := rank[b.Traits(i)]
		return uint64(n), sorted[n] != "" //nolint:gosec // an index
	}}
}

// textSorter sorts by a text. Numbers: whole numbers go by value, before other
// texts.
func textSorter(t filter.Text, numbers bool) sorter {
	key := func(b *columns.Block, i int) (uint64, bool) {
		text := b.Text(i, t)
		if n, ok := wholeNumber(text); ok && numbers {
			return n, true
		}
		var head [8]byte
		copy(head[:], text)
		key := binary.BigEndian.Uint64(head[:])
		if numbers {
			key = 1<<63 | key>>1
		}
		return key, len(text) > 0
	}
	tie := func(x *columns.Block, i int, y *columns.Block, j int) int {
		return bytes.Compare(x.Text(i, t), y.Text(j, t))
	}
	return sorter{key: key, tie: tie}
}

func wholeNumber(text []byte) (n uint64, ok bool) {
	if len(text) == 0 || len(text) > 18 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// amountSorter sorts by amount within each currency; unknown ones come last.
func (s *Snapshot) amountSorter(which filter.Sum) sorter {
	currency := s.traitSorter(func(t *filter.Traits) string {
		m := providers.Money{Currency: t.Currency}
		if which == filter.Remaining {
			m.Currency = t.RemainingCurrency
		}
		if !m.Known() {
			return "\xff"
		}
		return strings.ToUpper(m.Currency)
	})
	key := func(b *columns.Block, i int) (uint64, bool) { return coarse(b, i, which) }
	group := func(b *columns.Block, i int) uint16 {
		n, _ := currency.key(b, i)
		return uint16(min(n, math.MaxUint16))
	}
	tie := func(x *columns.Block, i int, y *columns.Block, j int) int {
		a, e, ok := x.Coefficient(i, which)
		b, f, ok2 := y.Coefficient(j, which)
		if ok && ok2 && e == f {
			return cmp.Compare(a, b)
		}
		d, _ := x.Amount(i, which)
		o, _ := y.Amount(j, which)
		return d.Cmp(o)
	}
	return sorter{key: key, tie: tie, group: group}
}

// coarse is an amount in hundredths, less what is below them, as a number that
// sorts as the amounts do. Those that are too large share the last number.
func coarse(b *columns.Block, i int, which filter.Sum) (uint64, bool) {
	const middle = 1 << 62
	coef, exp, ok := b.Coefficient(i, which)
	if ok && exp == -2 && coef > -middle && coef < middle {
		return uint64(coef + middle), true //nolint:gosec // above zero
	}
	d, some := b.Amount(i, which)
	if !some {
		return 0, false
	}
	d = d.Shift(2).Floor()
	limit := decimal.NewFromInt(middle - 1)
	d = decimal.Max(decimal.Min(d, limit), limit.Neg())
	return uint64(d.IntPart() + middle), true //nolint:gosec // above zero
}
