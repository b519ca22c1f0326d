package cache

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"

	"bursar/providers"
)

// Snapshot is the immutable result of List. Rows are decoded when they are
// looked at: a million of them cost some 130 bytes each, not a Record each. It
// is safe for concurrent use and outlives the store.
type Snapshot struct {
	parts []part
	rows  []rowID
	total int

	once  sync.Once
	seed  maphash.Seed
	table []uint32 // rows by hash of their ref, 0 is free, else index + 1
}

// part is a segment as it was when the snapshot was taken.
type part struct {
	id     segID
	blocks [][]byte
	rows   []loc
}

// rowID is a row's part and place.
type rowID struct {
	off  uint32
	part uint16
	blk  uint16
}

func (p part) rowID(n int, l loc) rowID {
	return rowID{part: uint16(n), blk: uint16(l >> 32), off: uint32(l)} //nolint:gosec // bounded by memory
}

func (s *Snapshot) text(r rowID) string {
	return textAt(s.parts[r.part].blocks, loc(r.blk)<<32|loc(r.off))
}

func (s *Snapshot) bytes(r rowID) []byte {
	return rowAt(s.parts[r.part].blocks, loc(r.blk)<<32|loc(r.off))
}

// Len is the number of rows.
func (s *Snapshot) Len() int { return len(s.rows) }

// Total is the number of records before the filter.
func (s *Snapshot) Total() int { return s.total }

// At is the row at i, from 0. A row that is not there is the zero Entry.
func (s *Snapshot) At(i int) Entry {
	if i < 0 || i >= len(s.rows) {
		return Entry{}
	}
	var e Entry
	r := s.rows[i]
	// A copy of its own, lest a row that somebody keeps hold a whole block.
	text := string(s.bytes(r))
	fetched, err := decodeSummary(text, s.parts[r.part].id, &e.Record, true)
	if err != nil { // every row was decoded once when it was taken in
		return Entry{}
	}
	e.Fetched = fetched
	return e
}

// few is the number of rows up to which a look through all is quick enough.
const few = 32

// Index finds a record's row.
func (s *Snapshot) Index(ref providers.Ref) (int, bool) {
	if len(s.rows) <= few {
		for i := range s.rows {
			if s.is(i, ref) {
				return i, true
			}
		}
		return 0, false
	}
	s.once.Do(s.buildTable)
	mask := uint64(len(s.table) - 1)
	for h := s.hash(ref.Account, ref.ID) & mask; s.table[h] != 0; h = (h + 1) & mask {
		if i := int(s.table[h] - 1); s.is(i, ref) {
			return i, true
		}
	}
	return 0, false
}

func (s *Snapshot) is(i int, ref providers.Ref) bool {
	id := s.parts[s.rows[i].part].id
	return id.Account == ref.Account && id.Kind == ref.Kind && s.id(i) == ref.ID
}

// id is the row's record id, in place.
func (s *Snapshot) id(i int) string {
	t := s.text(s.rows[i])[summaryHead:]
	r := reader{s: t}
	return r.text()
}

func (s *Snapshot) hash(account, id string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.WriteString(account)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(id)
	return h.Sum64()
}

func (s *Snapshot) buildTable() {
	s.seed = maphash.MakeSeed()
	size := 64
	for size < 2*len(s.rows) {
		size *= 2
	}
	s.table = make([]uint32, size)
	mask := uint64(size - 1)
	for i := range s.rows {
		h := s.hash(s.parts[s.rows[i].part].id.Account, s.id(i)) & mask
		for s.table[h] != 0 {
			h = (h + 1) & mask
		}
		s.table[h] = uint32(i) + 1 //nolint:gosec // bounded by memory
	}
}

// created is the row's order key, in place.
func (s *Snapshot) created(r rowID) uint64 {
	return summaryCreated(s.bytes(r))
}

// Fetched is when the row at i was read from its system, without decoding the
// rest.
func (s *Snapshot) Fetched(i int) time.Time {
	if i < 0 || i >= len(s.rows) {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(s.bytes(s.rows[i])[atFetched:]))).UTC() //nolint:gosec // bits, not a number
}
