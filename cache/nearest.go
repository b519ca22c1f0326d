package cache

import (
	"cmp"
	"slices"
	"sort"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/providers"
)

// spot is a record's place in the order newest first, before it is counted.
type spot struct {
	part    int
	created uint64
	id      string
}

func (a spot) compare(b spot) int {
	if a.created != b.created {
		return cmp.Compare(b.created, a.created)
	}
	if a.part != b.part {
		return cmp.Compare(a.part, b.part)
	}
	return columns.Order(a.created, a.id, b.created, b.id)
}

// Nearest is the place of the nearest of the records before (step -1) or behind
// (step 1) a place; false when there is none. It may ask the disk.
func (s *Snapshot) Nearest(at, step int, refs []providers.Ref) (place int, found bool, err error) {
	err = s.store.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) error {
			spots, err := s.spots(txn, refs)
			if err != nil {
				return err
			}
			if s.natural {
				place, found, err = s.nearestInOrder(txn, at, step, spots)
				return err
			}
			place, found = s.nearestRow(at, step, spots)
			return nil
		})
	})
	return place, found, err
}

// spots are the records' places, without those that are not held.
func (s *Snapshot) spots(txn *badger.Txn, refs []providers.Ref) ([]spot, error) {
	out := make([]spot, 0, len(refs))
	for _, ref := range refs {
		p := slices.IndexFunc(s.parts, func(p part) bool { return p.seg.id == segOf(ref) })
		if p < 0 {
			continue
		}
		h, ok, err := s.store.headOf(txn, ref)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, spot{part: p, created: h.created, id: ref.ID})
		}
	}
	return out, nil
}

// nearestInOrder compares the records' places with that of the row, and counts
// only the one that is nearest.
func (s *Snapshot) nearestInOrder(txn *badger.Txn, at, step int, spots []spot) (int, bool, error) {
	slices.SortFunc(spots, spot.compare)
	spots = slices.Compact(spots)
	n := len(spots)
	// The places ascend, or first descend: few are looked at.
	lo, hi := 0, n
	for lo < hi {
		mid := (lo + hi) / 2
		i, err := s.count(txn, spots[mid])
		if err != nil {
			return 0, false, err
		}
		if i < s.place(at) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	// Where the order ascends, the newest stands before those without a date, which
	// come last.
	undated := sort.Search(n, func(k int) bool { return spots[k].created == 0 })
	best, found := 0, false
	for _, k := range []int{0, lo - 2, lo - 1, lo, lo + 1, undated} {
		if k < 0 || k >= n {
			continue
		}
		i, err := s.count(txn, spots[k])
		if err != nil {
			return 0, false, err
		}
		if i = s.place(i); (i-at)*step > 0 && (!found || (best-i)*step > 0) {
			best, found = i, true
		}
	}
	return best, found, nil
}

// count is a spot's place in the order newest first.
func (s *Snapshot) count(txn *badger.Txn, sp spot) (int, error) {
	at := 0
	for q := range s.parts {
		at += s.parts[q].rank(txn, seekKey(q, sp.part, sp.created, sp.id))
	}
	return at, nil
}

func (s *Snapshot) nearestRow(at, step int, spots []spot) (int, bool) {
	wanted := make(map[rowID]bool, len(spots))
	for _, sp := range spots {
		if r, ok := s.rowOf(sp.part, sp.created, sp.id); ok {
			wanted[r] = true
		}
	}
	for i := at + step; len(wanted) > 0 && i >= 0 && i < len(s.rows); i += step {
		if wanted[s.rows[i]] {
			return i, true
		}
	}
	return 0, false
}
