package cache

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	"github.com/dgraph-io/badger/v4"
	"github.com/klauspost/compress/s2"

	"bursar/cache/columns"
	"bursar/providers"
)

// Making columns from rows costs a second and more for a million of them. So they
// are kept beside the rows, a leaf each. Every write that changes a leaf's rows
// writes the number of its rows too; columns are good as long as they name the
// version of that entry.

const keptHead = 8 // the version, before the columns' form

func keptKey(id segID, from []byte) []byte {
	return append(append(segPrefix(id, secKept), '/'), from...)
}

// leafVersion is the version of a leaf's rows as the transaction sees them; 0:
// there is no such leaf any more.
func leafVersion(txn *badger.Txn, id segID, from []byte) (uint64, error) {
	item, err := txn.Get(leafKey(id, from))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return item.Version(), nil
}

// kept reads the columns that are kept of a leaf; nil when there are none, or
// they are of rows of before. Those that do not read are as good as none.
func (s *Store) kept(txn *badger.Txn, id segID, from []byte, version uint64) (b *columns.Block, err error) {
	item, err := txn.Get(keptKey(id, from))
	if errors.Is(err, badger.ErrKeyNotFound) || version == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = item.Value(func(v []byte) error {
		if len(v) > keptHead && binary.BigEndian.Uint64(v) == version {
			if n, err := s2.DecodedLen(v[keptHead:]); err != nil || n > maxUnpacked {
				return nil
			}
			if form, err := s2.Decode(nil, v[keptHead:]); err == nil {
				b, _ = columns.Read(form, id.Account, id.Kind, &s.dict)
			}
		}
		return nil
	})
	return b, err
}

// maxKept is the longest form that is kept: a transaction must hold it.
const maxKept = 384 << 10

// enough is how many leaves must have changed before their columns are worth to
// be kept anew.
const enough = 8

// Keep makes the columns of a kind's rows ready for the next start, where many
// are not. It keeps none of them in memory, and ends early with ctx's error.
func (s *Store) Keep(ctx context.Context, account string, kind providers.Kind) error {
	id := segID{Account: account, Kind: kind}
	seg, err := s.segment(id)
	if err != nil {
		return err
	}
	var stale []int
	err = s.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) (err error) {
			stale, err = staleLeaves(txn, seg)
			return err
		})
	})
	if err != nil || len(stale) < min(enough, len(seg.leaves)) {
		return err
	}
	for _, i := range stale {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.keep(seg, i); err != nil {
			return err
		}
	}
	return nil
}

// staleLeaves are the leaves whose columns are not kept as they are now.
func staleLeaves(txn *badger.Txn, seg *segment) (out []int, err error) {
	opt := badger.DefaultIteratorOptions
	opt.PrefetchValues, opt.Prefix = false, append(segPrefix(seg.id, secKept), '/')
	it := txn.NewIterator(opt)
	defer it.Close()
	it.Rewind()
	for i, l := range seg.leaves {
		key := keptKey(seg.id, l.from)
		for it.Valid() && bytes.Compare(it.Item().Key(), key) < 0 {
			it.Next()
		}
		version, err := leafVersion(txn, seg.id, l.from)
		if err != nil {
			return nil, err
		}
		// Columns are written after their rows.
		if version > 0 && (!it.Valid() || !bytes.Equal(it.Item().Key(), key) || it.Item().Version() < version) {
			out = append(out, i)
		}
	}
	return out, nil
}

// keep makes a leaf's columns, in one transaction with their version, and writes
// them. Nobody is kept from writing rows meanwhile: such columns are then old.
func (s *Store) keep(seg *segment, i int) error {
	var form []byte
	err := s.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) error {
			version, err := leafVersion(txn, seg.id, seg.leaves[i].from)
			if err != nil || version == 0 {
				return err
			}
			b, err := s.fromRows(txn, seg, i)
			if err != nil {
				return err
			}
			form = binary.BigEndian.AppendUint64(nil, version)
			form = append(form, s2.Encode(nil, b.Append(nil))...)
			return nil
		})
	})
	if err != nil || len(form) == 0 || len(form) > maxKept {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	return s.use(func(db *badger.DB) error {
		if err := s.room(); err != nil {
			return err
		}
		return db.Update(func(txn *badger.Txn) error { return txn.Set(keptKey(seg.id, seg.leaves[i].from), form) })
	})
}
