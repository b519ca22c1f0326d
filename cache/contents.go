package cache

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/disk"
	"bursar/providers"
)

// contents is a store's table of contents.
type contents struct {
	dir    string
	counts map[segID]int
	states map[segID]SyncState
}

// read finds out which accounts and kinds there are, how many records each has
// and how far their sync has come, without looking for them: where a block is
// damaged, Badger leaves out what it held and says nothing, hence everything
// that is asked for here must be there.
func (c *contents) read(db *badger.DB) error {
	fresh, err := c.fresh(db)
	if err != nil {
		return err
	}
	if fresh {
		return db.Update(func(txn *badger.Txn) error { return txn.Set(contentsKey, []byte("[]")) })
	}
	return db.View(func(txn *badger.Txn) error {
		var ids []segID
		if err := c.get(txn, contentsKey, "the table of contents", func(v []byte) error { return json.Unmarshal(v, &ids) }); err != nil {
			return err
		}
		for _, id := range ids {
			if err := c.readSegment(txn, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// fresh reports whether nothing was written yet in the shape of this version.
// What an earlier one left behind is dropped: it is fetched again.
func (c *contents) fresh(db *badger.DB) (bool, error) {
	if disk.Empty(db) {
		return true, nil
	}
	for _, v := range earlierVersions {
		err := db.View(func(txn *badger.Txn) error { _, err := txn.Get([]byte(v + "/")); return err })
		switch {
		case err == nil:
			return true, db.DropAll()
		case !errors.Is(err, badger.ErrKeyNotFound):
			return false, err
		}
	}
	return false, nil
}

func (c *contents) readSegment(txn *badger.Txn, id segID) error {
	err := c.get(txn, segPrefix(id, secCount), "a count", func(v []byte) error {
		n, w := binary.Uvarint(v)
		if w != len(v) {
			return errSummary
		}
		c.counts[id] = int(n) //nolint:gosec // a count of records
		return nil
	})
	if err != nil {
		return err
	}
	return c.get(txn, segPrefix(id, secState), "a sync state", func(v []byte) error {
		var st SyncState
		if err := json.Unmarshal(v, &st); err != nil {
			return err
		}
		st.Account, st.Kind = id.Account, id.Kind
		c.states[id] = st
		return nil
	})
}

// get reads an entry that must be there.
func (c *contents) get(txn *badger.Txn, key []byte, what string, read func([]byte) error) error {
	item, err := txn.Get(key)
	if err == nil {
		var v []byte
		if v, err = item.ValueCopy(nil); err == nil {
			err = read(v)
		}
	}
	if disk.IsFull(err) {
		return err
	}
	if err != nil {
		return c.damaged(what)
	}
	return nil
}

func (c *contents) damaged(what string) error {
	return &disk.DamagedError{Dir: c.dir, Err: fmt.Errorf("%s does not read", what)}
}

// contentsWith is the table of contents once the segments are in it, and whether
// any of them is new.
func (s *Store) contentsWith(ids ...segID) (entry []byte, isNew bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(maps.Keys(s.counts))
	for _, id := range ids {
		if _, known := s.counts[id]; !known {
			all, isNew = append(all, id), true
		}
	}
	if isNew {
		entry, err = json.Marshal(all)
	}
	return entry, isNew, err
}

// enter takes new segments into the table of contents, with a count and a state.
func (s *Store) enter(txn *badger.Txn, ids ...segID) error {
	entry, isNew, err := s.contentsWith(ids...)
	if err != nil || !isNew {
		return err
	}
	if err := txn.Set(contentsKey, entry); err != nil {
		return err
	}
	for _, id := range ids {
		s.mu.Lock()
		_, known := s.counts[id]
		st := s.states[id]
		s.mu.Unlock()
		if known {
			continue
		}
		state, err := json.Marshal(stored(st))
		if err != nil {
			return err
		}
		if err := txn.Set(segPrefix(id, secState), state); err != nil {
			return err
		}
		if err := txn.Set(segPrefix(id, secCount), []byte{0}); err != nil {
			return err
		}
	}
	return nil
}

// damaged says that what is stored of a record does not read.
func (s *Store) damaged(ref providers.Ref, err error) error {
	return &disk.DamagedError{Dir: s.opt.Dir, Err: fmt.Errorf("%s: %w", ref, err)}
}
