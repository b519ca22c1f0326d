package yookassa

import (
	"slices"
	"sort"
	"time"

	"bursar/providers/sandbox/world"
)

// book is one collection, read newest first. Rows that came with the world lie
// in lanes, each of which rises in time with the row number; rows that were
// added or re-dated are loose and kept in order by themselves.
type book[T any] struct {
	table   *world.Table[*T]
	lanes   int
	dateOf  func(row int) time.Time // of a row as it came with the world
	date    func(*T) time.Time
	id      func(*T) string
	touched map[int]bool
	loose   []place      // oldest first
	adrift  map[int]bool // the world's rows among the loose
	byID    map[string]int
}

// place is a position in the order of a collection.
type place struct {
	at  time.Time
	row int
}

func (p place) before(o place) bool {
	if !p.at.Equal(o.at) {
		return p.at.Before(o.at)
	}
	return p.row < o.row
}

func newBook[T any](rows, lanes int, make func(row int) *T, dateOf func(int) time.Time, date func(*T) time.Time, id func(*T) string) *book[T] {
	return &book[T]{
		table: world.NewTable(rows, make), lanes: lanes, dateOf: dateOf, date: date, id: id,
		touched: map[int]bool{}, adrift: map[int]bool{}, byID: map[string]int{},
	}
}

// add puts a new object in and returns its row.
func (b *book[T]) add(v *T) int {
	row := b.table.Add(v)
	b.byID[b.id(v)] = row
	b.loosen(row, v)
	return row
}

// put changes a row.
func (b *book[T]) put(row int, v *T) {
	b.table.Set(row, v)
	if row < b.table.Made() {
		b.touched[row] = true
	}
	b.loosen(row, v)
}

// loosen keeps the order when a row does not stand at the world's place.
func (b *book[T]) loosen(row int, v *T) {
	b.loose = slices.DeleteFunc(b.loose, func(p place) bool { return p.row == row })
	if row < b.table.Made() {
		delete(b.adrift, row)
		if b.date(v).Equal(b.dateOf(row)) {
			return
		}
		b.adrift[row] = true
	}
	p := place{b.date(v), row}
	at := sort.Search(len(b.loose), func(i int) bool { return p.before(b.loose[i]) })
	b.loose = slices.Insert(b.loose, at, p)
}

// window says which part of a collection is wanted.
type window struct {
	after  *place    // the last row of the page before
	newest time.Time // zero: unbounded
	oldest time.Time
	// wants skips a row of the world that cannot match, before it is made. It
	// is not asked about rows that were changed.
	wants func(row int) bool
}

// scan yields the rows of the window newest first until yield says no.
func (b *book[T]) scan(w window, yield func(place, *T) bool) {
	heads := make([]head, 0, b.lanes+1)
	for lane := range b.lanes {
		heads = append(heads, b.lane(lane, w))
	}
	heads = append(heads, b.looseHead(w))
	for {
		best := -1
		for i := range heads {
			if heads[i].ok && (best < 0 || heads[best].place.before(heads[i].place)) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		p := heads[best].place
		if v := b.table.At(p.row); v != nil && !yield(p, v) {
			return
		}
		heads[best].next(&heads[best])
	}
}

// head is the newest row of a lane that is still to come.
type head struct {
	place place
	ok    bool
	next  func(*head)
}

// fits reports whether the place lies within the window's upper end.
func (w window) fits(p place) bool {
	return (w.after == nil || p.before(*w.after)) && (w.newest.IsZero() || !p.at.After(w.newest))
}

func (b *book[T]) lane(lane int, w window) head {
	rows := (b.table.Made() - lane + b.lanes - 1) / b.lanes
	placeOf := func(i int) place {
		row := i*b.lanes + lane
		return place{b.dateOf(row), row}
	}
	i := sort.Search(rows, func(i int) bool { return !w.fits(placeOf(i)) })
	next := func(h *head) {
		h.ok = false
		for i--; i >= 0; i-- {
			p := placeOf(i)
			if p.at.Before(w.oldest) {
				return
			}
			if b.touched[p.row] {
				if b.adrift[p.row] {
					continue
				}
			} else if w.wants != nil && !w.wants(p.row) {
				continue
			}
			h.place, h.ok = p, true
			return
		}
	}
	h := head{next: next}
	next(&h)
	return h
}

func (b *book[T]) looseHead(w window) head {
	i := sort.Search(len(b.loose), func(i int) bool { return !w.fits(b.loose[i]) })
	next := func(h *head) {
		i--
		h.ok = i >= 0 && !b.loose[i].at.Before(w.oldest)
		if h.ok {
			h.place = b.loose[i]
		}
	}
	h := head{next: next}
	next(&h)
	return h
}
