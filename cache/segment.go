package cache

import (
	"encoding/binary"
	"slices"
	"sort"
	"unsafe"
)

// arena keeps encoded rows in blocks that never move. A byte once written is
// never written again, so snapshots read without a lock.
type arena struct {
	blocks [][]byte // whole, also the part of the last that is still free
	used   int      // of the last block
}

// loc is a row's place: the block's number and the offset in it.
type loc uint64

const blockSize = 1 << 20

// add copies a row in, behind its length.
func (a *arena) add(row []byte) loc {
	var head [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(head[:], uint64(len(row)))
	last := len(a.blocks) - 1
	if last < 0 || len(a.blocks[last])-a.used < n+len(row) {
		a.blocks = append(a.blocks, make([]byte, a.next(n+len(row))))
		a.used = 0
		last++
	}
	at := a.used
	copy(a.blocks[last][at:], head[:n])
	copy(a.blocks[last][at+n:], row)
	a.used += n + len(row)
	return loc(last)<<32 | loc(at) //nolint:gosec // never negative
}

// next is the size of the next block: small lists stay small.
func (a *arena) next(need int) int {
	size := blockSize
	if len(a.blocks) < 5 {
		size = blockSize >> (2 * (5 - len(a.blocks)))
	}
	return max(size, need)
}

// rowAt reads a row in place.
func rowAt(blocks [][]byte, l loc) []byte {
	b := blocks[l>>32][uint32(l):] //nolint:gosec // the low half
	n, w := binary.Uvarint(b)
	return b[w : w+int(n)] //nolint:gosec // written by add
}

// textAt is rowAt as a string of the same memory, which is never written again.
func textAt(blocks [][]byte, l loc) string {
	b := rowAt(blocks, l)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// segment is one account's kind in memory: rows newest first. Its fields are
// guarded by Store.mu; blocks and rows handed out are never changed.
type segment struct {
	id      segID
	arena   arena
	rows    []loc
	pending map[string]pending // by record id, since the last merge
	garbage int                // rows in the arena that no list holds
}

// pending is a change that the order does not show yet.
type pending struct {
	had        bool
	oldCreated uint64
	has        bool
	row        loc
}

// set notes that a record's row is now so; old is the order key it had.
func (s *segment) set(id string, row []byte, had bool, oldCreated uint64) {
	s.note(id, pending{has: true, row: s.arena.add(row)}, had, oldCreated)
}

func (s *segment) drop(id string, oldCreated uint64) { s.note(id, pending{}, true, oldCreated) }

func (s *segment) note(id string, p pending, had bool, oldCreated uint64) {
	p.had, p.oldCreated = had, oldCreated
	if earlier, ok := s.pending[id]; ok { // what the order holds is older still
		p.had, p.oldCreated = earlier.had, earlier.oldCreated
		if earlier.has {
			s.garbage++
		}
	}
	if s.pending == nil {
		s.pending = map[string]pending{}
	}
	s.pending[id] = p
}

// order compares rows: newest first, unknown dates last, then by id.
func order(aCreated uint64, aID []byte, bCreated uint64, bID []byte) int {
	switch {
	case aCreated > bCreated:
		return -1
	case aCreated < bCreated:
		return 1
	default:
		return compareIDs(aID, bID)
	}
}

// merge brings the order up to date. It makes a new slice, for snapshots hold
// the old one.
func (s *segment) merge() {
	if len(s.pending) == 0 {
		return
	}
	var gone []int
	var fresh []loc
	for id, p := range s.pending {
		if p.had {
			if i, ok := s.find(p.oldCreated, id); ok {
				gone = append(gone, i)
			}
		}
		if p.has {
			fresh = append(fresh, p.row)
		}
	}
	s.pending = nil
	s.garbage += len(gone)
	sort.Ints(gone)
	slices.SortFunc(fresh, s.compare)
	rows := make([]loc, 0, len(s.rows)-len(gone)+len(fresh))
	at := 0
	for _, l := range fresh {
		to := at + sort.Search(len(s.rows)-at, func(i int) bool { return s.compare(s.rows[at+i], l) >= 0 })
		rows, gone = appendKept(rows, s.rows, at, to, gone)
		rows, at = append(rows, l), to
	}
	rows, _ = appendKept(rows, s.rows, at, len(s.rows), gone)
	s.rows = rows
	s.compact()
}

// appendKept appends old[from:to] without the indexes at the front of gone.
func appendKept(rows, old []loc, from, to int, gone []int) ([]loc, []int) {
	for len(gone) > 0 && gone[0] < to {
		rows = append(rows, old[from:gone[0]]...)
		from, gone = gone[0]+1, gone[1:]
	}
	return append(rows, old[from:to]...), gone
}

func (s *segment) compare(a, b loc) int {
	x, y := rowAt(s.arena.blocks, a), rowAt(s.arena.blocks, b)
	return order(summaryCreated(x), summaryID(x), summaryCreated(y), summaryID(y))
}

func (s *segment) find(created uint64, id string) (int, bool) {
	return sort.Find(len(s.rows), func(i int) int {
		row := rowAt(s.arena.blocks, s.rows[i])
		return order(created, []byte(id), summaryCreated(row), summaryID(row))
	})
}

// compact copies the live rows when more than half of the arena is of no list.
func (s *segment) compact() {
	if s.garbage < 1000 || s.garbage < len(s.rows) {
		return
	}
	var a arena
	rows := make([]loc, len(s.rows))
	for i, l := range s.rows {
		rows[i] = a.add(rowAt(s.arena.blocks, l))
	}
	s.arena, s.rows, s.garbage = a, rows, 0
}
