package cache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"sync/atomic"
	"unsafe"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/providers"
)

// The rows of one account's kind lie on the disk in the order newest first,
// parted into leaves of some hundred. How many rows each leaf has is kept beside
// them, so that the row at any place, and the place of any row, are found by
// reading one leaf; in memory are the leaves' bounds only. Somebody who filters
// or sorts has the leaves read into columns, which then stay.

// maxLeaf is the most rows of a leaf: with more it is parted into leaves of about
// half of that.
const maxLeaf = 2048

// leaf is a stretch of the order. It is immutable, except that its columns are
// read when they are first needed.
type leaf struct {
	from  []byte // the order key at which it begins; nil for the first leaf
	n     int    // rows
	block atomic.Pointer[columns.Block]
}

// segment is one account's kind as it was at some moment. It is immutable.
type segment struct {
	id     segID
	leaves []*leaf
	total  int
}

// order is the part of an order key that the rows of a segment differ in.
func order(created uint64, id string) []byte {
	b := binary.BigEndian.AppendUint64(nil, ^created)
	b = append(b, '/')
	if columns.IsNumber(id) {
		b = append(b, 0, ^byte(len(id)))
		for i := range len(id) {
			b = append(b, '0'+'9'-id[i])
		}
		return b
	}
	return append(append(b, 1), id...)
}

// createdOf is the key of the creation in an order key; for the beginning of the
// first leaf it is later than any.
func createdOf(order []byte) uint64 {
	if len(order) < 8 {
		return ^uint64(0)
	}
	return ^binary.BigEndian.Uint64(order)
}

// leafAt is the leaf that an order key belongs to.
func (s *segment) leafAt(key []byte) int {
	return sort.Search(len(s.leaves)-1, func(i int) bool { return bytes.Compare(s.leaves[i+1].from, key) > 0 })
}

// starts are the places of the leaves' first rows.
func (s *segment) starts() []int {
	out, at := make([]int, len(s.leaves)), 0
	for i, l := range s.leaves {
		out[i] = at
		at += l.n
	}
	return out
}

// end is the order key at which the leaf behind begins; nil: there is none.
func (s *segment) end(i int) []byte {
	if i+1 == len(s.leaves) {
		return nil
	}
	return s.leaves[i+1].from
}

// segment is an account's kind as it is now.
func (s *Store) segment(id segID) (*segment, error) {
	if seg := s.known(id); seg != nil {
		return seg, nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	var seg *segment
	err := s.use(func(db *badger.DB) (err error) { seg, err = s.leavesOf(db, id); return err })
	return seg, err
}

func (s *Store) known(id segID) *segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.segs[id]
}

// leavesOf makes a segment known. The write lock is held.
func (s *Store) leavesOf(db *badger.DB, id segID) (*segment, error) {
	if seg := s.known(id); seg != nil {
		return seg, nil
	}
	seg := &segment{id: id}
	prefix := append(segPrefix(id, secLeaf), '/')
	err := db.View(func(txn *badger.Txn) error {
		opt := badger.DefaultIteratorOptions
		opt.PrefetchValues, opt.Prefix = false, prefix
		it := txn.NewIterator(opt)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			l := &leaf{}
			if from := it.Item().KeyCopy(nil)[len(prefix):]; len(from) > 0 {
				l.from = from
			}
			if err := it.Item().Value(func(v []byte) error {
				n, w := binary.Uvarint(v)
				if l.n = int(n); w != len(v) || w <= 0 { //nolint:gosec // a count of records
					return errSummary
				}
				return nil
			}); err != nil {
				return s.damaged(providers.Ref{Account: id.Account, Kind: id.Kind}, err)
			}
			seg.leaves, seg.total = append(seg.leaves, l), seg.total+l.n
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if want := s.counts[id]; want != seg.total || want > 0 && (len(seg.leaves) == 0 || seg.leaves[0].from != nil) {
		return nil, s.damaged(providers.Ref{Account: id.Account, Kind: id.Kind}, errLeaves)
	}
	if len(seg.leaves) == 0 {
		seg.leaves = []*leaf{{}}
	}
	s.segs[id] = seg
	return seg, nil
}

var errLeaves = errors.New("the numbers of its rows do not add up")

// block is a leaf's columns, read from the disk when they are first needed. A
// leaf that is no longer of the segment, because somebody wrote meanwhile, is
// read as it is now.
func (s *Store) block(seg *segment, i int) (*columns.Block, error) {
	l := seg.leaves[i]
	if b := l.block.Load(); b != nil {
		return b, nil
	}
	b, err := s.readBlock(seg, i)
	if err != nil {
		return nil, err
	}
	if b.Len() != l.n {
		if b, err = s.readAgain(seg, i); err != nil {
			return nil, err
		}
	}
	l.block.Store(b)
	return b, nil
}

// readAgain reads a leaf that had other rows than it should, while nobody
// writes: rows that are then missing are lost.
func (s *Store) readAgain(seg *segment, i int) (*columns.Block, error) {
	s.write.Lock()
	defer s.write.Unlock()
	b, err := s.readBlock(seg, i)
	if err != nil || b.Len() == seg.leaves[i].n {
		return b, err
	}
	if now := s.known(seg.id); now == nil || !slices.Contains(now.leaves, seg.leaves[i]) {
		return b, nil
	}
	err = s.use(func(*badger.DB) error {
		if s.known(seg.id) == nil { // the store was made anew
			return nil
		}
		return s.damaged(providers.Ref{Account: seg.id.Account, Kind: seg.id.Kind}, errLeaves)
	})
	return b, err
}

func (s *Store) readBlock(seg *segment, i int) (b *columns.Block, err error) {
	err = s.use(func(db *badger.DB) error { b, err = s.columnsOf(db, seg, i); return err })
	return b, err
}

// columnsOf are a leaf's columns: those that are kept, or else made from its rows.
func (s *Store) columnsOf(db *badger.DB, seg *segment, i int) (b *columns.Block, err error) {
	err = db.View(func(txn *badger.Txn) error {
		from := seg.leaves[i].from
		version, err := leafVersion(txn, seg.id, from)
		if err != nil {
			return err
		}
		if b, err = s.kept(txn, seg.id, from, version); b == nil && err == nil {
			b, err = s.fromRows(txn, seg, i)
		}
		return err
	})
	return b, err
}

func (s *Store) fromRows(txn *badger.Txn, seg *segment, i int) (*columns.Block, error) {
	w := columns.NewBuilder(&s.dict, seg.leaves[i].n)
	var rec providers.Record
	c := newCursor(txn, seg.id)
	defer c.close()
	end := seg.end(i)
	for c.seek(seg.leaves[i].from); c.valid() && (end == nil || bytes.Compare(c.key(), end) < 0) && w.Len() < maxBlock; c.next() {
		err := c.value(func(v []byte) error {
			sums, _, err := decodeParts(inPlace(v), seg.id, &rec)
			if err == nil {
				w.AddRow(&rec, sums[0], sums[1])
			}
			return err
		})
		if err != nil {
			return nil, s.damaged(providers.Ref{Account: seg.id.Account, Kind: seg.id.Kind, ID: "?"}, err)
		}
	}
	return w.Block(), nil
}

// inPlace is a text of the same memory: for a record that is not kept.
func inPlace(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// cursor walks a segment's rows on the disk.
type cursor struct {
	it     *badger.Iterator
	prefix []byte
	buf    []byte
}

func newCursor(txn *badger.Txn, id segID) *cursor {
	opt := badger.DefaultIteratorOptions
	opt.PrefetchValues = false // rows lie beside their keys: nothing to wait for
	opt.Prefix = append(segPrefix(id, secOrder), '/')
	return &cursor{it: txn.NewIterator(opt), prefix: opt.Prefix}
}

func (c *cursor) close()      { c.it.Close() }
func (c *cursor) valid() bool { return c.it.Valid() }
func (c *cursor) next()       { c.it.Next() }
func (c *cursor) key() []byte { return c.it.Item().Key()[len(c.prefix):] }

// seek goes to the first row at or behind an order key.
func (c *cursor) seek(key []byte) {
	c.buf = append(append(c.buf[:0], c.prefix...), key...)
	c.it.Seek(c.buf)
}

func (c *cursor) value(read func([]byte) error) error { return c.it.Item().Value(read) }
