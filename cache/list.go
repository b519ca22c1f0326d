package cache

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/providers"
)

// Get reads a record whole and when it was read from its system.
//
// Errors: ErrMiss when it is not held.
func (s *Store) Get(ref providers.Ref) (rec providers.Record, fetched time.Time, err error) {
	err = s.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) error {
			item, err := txn.Get(headKey(ref))
			if err != nil {
				return err
			}
			var h head
			if err := item.Value(func(v []byte) error { h, err = decodeHead(v); return err }); err != nil {
				return s.damagedUnless(ref, err)
			}
			if item, err = txn.Get(docKey(ref)); errors.Is(err, badger.ErrKeyNotFound) {
				return s.damaged(ref, errors.New("a part of it is missing"))
			}
			if err != nil {
				return err
			}
			fetched = h.fetched
			err = item.Value(func(v []byte) error { rec, err = decodeDoc(v, ref); return err })
			return s.damagedUnless(ref, err)
		})
	})
	if errors.Is(err, badger.ErrKeyNotFound) {
		err = ErrMiss
	}
	if err != nil {
		return providers.Record{}, time.Time{}, err
	}
	return rec, fetched, nil
}

func (s *Store) damagedUnless(ref providers.Ref, err error) error {
	if err == nil {
		return nil
	}
	return s.damaged(ref, err)
}

// LinkedFrom lists the records whose links point to the given one, by account,
// kind and id.
func (s *Store) LinkedFrom(ref providers.Ref) (out []providers.Ref, err error) {
	prefix := linkPrefix(ref)
	skip := len(segPrefix(segOf(ref), secLink)) + 1
	err = s.use(func(db *badger.DB) error {
		out = nil
		return eachKey(db, prefix, func(key []byte) {
			if _, source, ok := linkOf(string(key[skip:])); ok {
				out = append(out, source)
			}
		})
	})
	return out, err
}

// eachKey walks the keys under a prefix without their values.
func eachKey(db *badger.DB, prefix []byte, each func(key []byte)) error {
	return db.View(func(txn *badger.Txn) error {
		opt := badger.DefaultIteratorOptions
		opt.PrefetchValues = false
		opt.Prefix = prefix
		it := txn.NewIterator(opt)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			each(it.Item().Key())
		}
		return nil
	})
}

func (s *Store) list(q ListQuery) (*Snapshot, error) {
	snap := &Snapshot{}
	for _, id := range s.segmentsOf(q) {
		p, err := s.part(id)
		if err != nil {
			return nil, err
		}
		snap.parts = append(snap.parts, p)
		snap.total += len(p.rows)
	}
	linked, err := s.linkedFor(q)
	if err != nil {
		return nil, err
	}
	snap.take(q, linked)
	return snap, nil
}

// segmentsOf names the segments that a query reads, by account.
func (s *Store) segmentsOf(q ListQuery) []segID {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []segID
	for id, n := range s.counts {
		if id.Kind == q.Kind && n > 0 && (q.Accounts == nil || slices.Contains(q.Accounts, id.Account)) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b segID) int { return strings.Compare(a.Account, b.Account) })
	return out
}

// part is a segment as it is now. The first time it is read from the disk.
func (s *Store) part(id segID) (part, error) {
	if p, ok := s.loaded(id); ok {
		return p, nil
	}
	// No writer may come between reading and keeping the segment.
	s.write.Lock()
	defer s.write.Unlock()
	if p, ok := s.loaded(id); ok {
		return p, nil
	}
	var seg *segment
	err := s.use(func(db *badger.DB) error {
		seg = &segment{id: id}
		if err := s.load(db, seg); err != nil {
			return err
		}
		s.mu.Lock()
		want := s.counts[id]
		s.mu.Unlock()
		if len(seg.rows) != want {
			return s.damaged(providers.Ref{Account: id.Account, Kind: id.Kind}, fmt.Errorf("%d rows of %d read", len(seg.rows), want))
		}
		return nil
	})
	if err != nil {
		return part{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.segs[id] = seg
	return seg.part(), nil
}

func (s *Store) loaded(id segID) (part, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seg := s.segs[id]
	if seg == nil {
		return part{}, false
	}
	seg.merge()
	return seg.part(), true
}

func (s *segment) part() part { return part{id: s.id, blocks: s.arena.blocks, rows: s.rows} }

// load reads the rows, which lie on the disk in order.
func (s *Store) load(db *badger.DB, seg *segment) error {
	return db.View(func(txn *badger.Txn) error {
		opt := badger.DefaultIteratorOptions
		opt.PrefetchValues = false // rows lie beside their keys: nothing to wait for
		opt.Prefix = append(segPrefix(seg.id, secOrder), '/')
		it := txn.NewIterator(opt)
		defer it.Close()
		var rec providers.Record
		for it.Rewind(); it.Valid(); it.Next() {
			err := it.Item().Value(func(v []byte) error {
				l := seg.arena.add(v)
				seg.rows = append(seg.rows, l)
				_, err := decodeSummary(textAt(seg.arena.blocks, l), seg.id, &rec, false)
				return err
			})
			if err != nil {
				return s.damaged(providers.Ref{Account: seg.id.Account, Kind: seg.id.Kind, ID: "?"}, err)
			}
		}
		return nil
	})
}

// linkedFor reads, for a filter with has:, which of the wanted kinds link to
// each record.
func (s *Store) linkedFor(q ListQuery) (func(providers.Ref) []providers.Kind, error) {
	if len(q.Filter.Links()) == 0 {
		return nil, nil
	}
	by := map[providers.Ref][]providers.Kind{}
	for _, id := range s.segmentsOf(q) {
		prefix := append(segPrefix(id, secLink), '/')
		err := s.use(func(db *badger.DB) error {
			return eachKey(db, prefix, func(key []byte) {
				target, source, ok := linkOf(string(key[len(prefix):]))
				if !ok || !slices.Contains(q.Filter.Links(), source.Kind) {
					return
				}
				ref := providers.Ref{Account: id.Account, Kind: id.Kind, ID: target}
				if !slices.Contains(by[ref], source.Kind) {
					by[ref] = append(by[ref], source.Kind)
				}
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return func(ref providers.Ref) []providers.Kind { return by[ref] }, nil
}
