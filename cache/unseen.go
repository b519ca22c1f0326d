package cache

import (
	"context"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/providers"
)

// unseenStretch is how many records Unseen looks at before it lets go of the
// store, so that nobody waits for a walk over a million.
const unseenStretch = 4096

// Unseen calls each with the id of every record of an account's kind that was
// last read before the given time, until it returns false. It looks at the heads
// alone, in the order of the ids and a stretch at a time: what is written
// meanwhile may be seen or not.
func (s *Store) Unseen(ctx context.Context, account string, kind providers.Kind, before time.Time, each func(id string) bool) error {
	id := segID{Account: account, Kind: kind}
	prefix := append(segPrefix(id, secHead), '/')
	for from := prefix; from != nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		var ids []string
		var next []byte
		err := s.use(func(db *badger.DB) (err error) {
			ids, next, err = s.unseenFrom(db, id, from, len(prefix), before)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if !each(id) {
				return nil
			}
		}
		from = next
	}
	return nil
}

// unseenFrom looks at a stretch of heads and returns the key behind it, nil at
// the end.
func (s *Store) unseenFrom(db *badger.DB, id segID, from []byte, prefix int, before time.Time) (ids []string, next []byte, err error) {
	err = db.View(func(txn *badger.Txn) error {
		opt := badger.DefaultIteratorOptions
		opt.PrefetchValues, opt.Prefix = false, from[:prefix]
		it := txn.NewIterator(opt)
		defer it.Close()
		n := 0
		for it.Seek(from); it.Valid(); it.Next() {
			key := it.Item().Key()
			if n++; n > unseenStretch {
				next = it.Item().KeyCopy(nil)
				return nil
			}
			err := it.Item().Value(func(v []byte) error {
				h, err := decodeHead(v)
				if err == nil && h.fetched.Before(before) {
					ids = append(ids, string(key[prefix:]))
				}
				return err
			})
			if err != nil {
				return s.damaged(providers.Ref{Account: id.Account, Kind: id.Kind, ID: string(key[prefix:])}, err)
			}
		}
		return nil
	})
	return ids, next, err
}
