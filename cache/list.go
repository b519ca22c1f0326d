package cache

import (
	"errors"
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
			h, ok, err := s.headOf(txn, ref)
			if err != nil {
				return err
			}
			if !ok {
				return ErrMiss
			}
			item, err := txn.Get(docKey(ref))
			if errors.Is(err, badger.ErrKeyNotFound) {
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
	if err != nil {
		return providers.Record{}, time.Time{}, err
	}
	return rec, fetched, nil
}

// headOf reads a record's head; false when the record is not held.
func (s *Store) headOf(txn *badger.Txn, ref providers.Ref) (h head, ok bool, err error) {
	item, err := txn.Get(headKey(ref))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return h, false, nil
	}
	if err != nil {
		return h, false, err
	}
	if err = item.Value(func(v []byte) error { h, err = decodeHead(v); return err }); err != nil {
		err = s.damaged(ref, err)
	}
	return h, err == nil, err
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
