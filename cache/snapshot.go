package cache

import (
	"bytes"
	"iter"
	"slices"
	"sort"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/providers"
)

// Snapshot is what a list shows at some moment: which records, in which order.
// The records themselves stay on the disk until somebody reads them, and are
// then as they are at that moment. It is immutable and safe for concurrent use.
type Snapshot struct {
	store *Store
	parts []part
	total int
	done  bool

	// A list of all records in the order of their creation is as the disk has it,
	// first those of known, in the other direction when it ascends.
	natural   bool
	ascending bool
	dated     int

	// Any other list names its rows.
	rows   []rowID
	leaves []flat
}

// part is one account's kind in a snapshot.
type part struct {
	seg    *segment
	starts []int // places of the leaves' first rows
}

// flat is one of the leaves of all parts, one part behind the other.
type flat struct {
	part, leaf int
	block      *columns.Block
}

// rowID is a row of a snapshot: the number of its leaf and its place there.
type rowID uint32

const (
	rowBits  = 14
	maxBlock = 1<<rowBits - 1
)

func (s *Snapshot) block(r rowID) (*columns.Block, int) {
	return s.leaves[r>>rowBits].block, int(r & maxBlock)
}

func (s *Snapshot) created(r rowID) uint64 {
	b, i := s.block(r)
	return b.Created(i)
}

// Len is the number of rows.
func (s *Snapshot) Len() int {
	if s.natural {
		return s.total
	}
	return len(s.rows)
}

// Total is the number of records before the filter.
func (s *Snapshot) Total() int { return s.total }

// Done reports whether the snapshot is the whole list. Otherwise it is the
// beginning of one that is still being put together.
func (s *Snapshot) Done() bool { return s.done }

// place turns a place in the list into one in the order newest first, and back.
func (s *Snapshot) place(i int) int {
	if s.ascending && i < s.dated {
		return s.dated - 1 - i
	}
	return i
}

// stretch is how many rows All reads at once.
const stretch = 512

// All walks the rows in order, from first to last, and ends with an error when
// the disk gives one. Records that were removed meanwhile are left out.
func (s *Snapshot) All() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for from := 0; from < s.Len(); from += stretch {
			entries, err := s.Read(from, from+stretch)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range entries {
				if !e.Fetched.IsZero() && !yield(e, nil) {
					return
				}
			}
		}
	}
}

// Find is the place of a record's row; false when the list does not show it.
// It may ask the disk.
func (s *Snapshot) Find(ref providers.Ref) (int, bool, error) {
	p := slices.IndexFunc(s.parts, func(p part) bool { return p.seg.id == segOf(ref) })
	if p < 0 {
		return 0, false, nil
	}
	var at int
	var found bool
	err := s.store.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) (err error) {
			h, ok, err := s.store.headOf(txn, ref)
			if err != nil || !ok {
				return err
			}
			at, found, err = s.find(txn, p, h.created, ref.ID)
			return err
		})
	})
	return at, found && at < s.Len(), err
}

func (s *Snapshot) find(txn *badger.Txn, p int, created uint64, id string) (int, bool, error) {
	if !s.natural {
		at, ok := s.findRow(p, created, id)
		return at, ok, nil
	}
	at, err := s.count(txn, spot{part: p, created: created, id: id})
	return s.place(at), err == nil, err
}

// seekKey is where the rows of part q that stand behind a row of part p begin.
// Of the records of one moment those of an earlier part come first.
func seekKey(q, p int, created uint64, id string) []byte {
	key := order(created, id)
	switch {
	case q < p:
		return append(key[:8], 0xff)
	case q > p:
		return key[:8]
	default:
		return key
	}
}

// rank is the number of rows before an order key.
func (p *part) rank(txn *badger.Txn, key []byte) int {
	i := p.seg.leafAt(key)
	if bytes.Equal(key, p.seg.leaves[i].from) {
		return p.starts[i]
	}
	n := 0
	c := newCursor(txn, p.seg.id)
	defer c.close()
	for c.seek(p.seg.leaves[i].from); c.valid() && bytes.Compare(c.key(), key) < 0; c.next() {
		n++
	}
	return p.starts[i] + n
}

// findRow is the place of a record among the rows that are named.
func (s *Snapshot) findRow(p int, created uint64, id string) (int, bool) {
	want, ok := s.rowOf(p, created, id)
	if !ok {
		return 0, false
	}
	i := slices.Index(s.rows, want)
	return i, i >= 0
}

func (s *Snapshot) rowOf(p int, created uint64, id string) (rowID, bool) {
	first := sort.Search(len(s.leaves), func(i int) bool { return s.leaves[i].part >= p })
	if first == len(s.leaves) {
		return 0, false
	}
	n := first + s.parts[p].seg.leafAt(order(created, id))
	b := s.leaves[n].block
	if b == nil {
		return 0, false // not looked at yet
	}
	i, ok := b.Find(created, id)
	return rowID(n<<rowBits | i), ok //nolint:gosec // bounded by memory
}
