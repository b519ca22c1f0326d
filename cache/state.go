package cache

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/disk"
	"bursar/providers"
)

// State is how far the copying of an account's kind has come. It never asks the
// disk.
func (s *Store) State(account string, kind providers.Kind) SyncState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stateOf(segID{Account: account, Kind: kind})
}

func (s *Store) stateOf(id segID) SyncState {
	st := s.states[id]
	st.Account, st.Kind, st.Count = id.Account, id.Kind, s.counts[id]
	return st
}

// States lists every state by account, then kind in the order of
// providers.Kinds.
func (s *Store) States() []SyncState {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := map[segID]bool{}
	for id := range s.states {
		ids[id] = true
	}
	for id, n := range s.counts {
		if n > 0 {
			ids[id] = true
		}
	}
	out := make([]SyncState, 0, len(ids))
	for id := range ids {
		out = append(out, s.stateOf(id))
	}
	rank := map[providers.Kind]int{}
	for i, k := range providers.Kinds() {
		rank[k] = i
	}
	slices.SortFunc(out, func(a, b SyncState) int {
		if c := strings.Compare(a.Account, b.Account); c != 0 {
			return c
		}
		return rank[a.Kind] - rank[b.Kind]
	})
	return out
}

// SetState keeps a state and tells the subscribers. That a sync is running is
// known to this process only. A state that cannot be written, for example
// because the disk is full, is shown all the same.
func (s *Store) SetState(st SyncState) error {
	id := segID{Account: st.Account, Kind: st.Kind}
	st.Err, st.LeftOut = providers.MaskText(st.Err), providers.MaskText(st.LeftOut)
	st.Count = 0
	s.mu.Lock()
	old := s.states[id]
	s.states[id] = st
	s.mu.Unlock()
	defer s.tell(id)
	if stored(old) == stored(st) {
		return nil
	}
	b, err := json.Marshal(stored(st))
	if err != nil {
		return err
	}
	return s.putState(id, b)
}

func (s *Store) putState(id segID, b []byte) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.use(func(db *badger.DB) error {
		if err := s.room(); err != nil {
			return err
		}
		err := db.Update(func(txn *badger.Txn) error {
			if err := s.enter(txn, id); err != nil {
				return err
			}
			return txn.Set(segPrefix(id, secState), b)
		})
		if err == nil {
			s.mu.Lock()
			s.counts[id] += 0 // it is in the table of contents now
			s.mu.Unlock()
		}
		return err
	})
}

// stored is the part of a state that is kept.
func stored(st SyncState) SyncState {
	st.Count, st.Running = 0, false
	return st
}

// room refuses to write while the disk is nearly full.
func (s *Store) room() error {
	if s.opt.Dir == "" {
		return nil
	}
	return disk.Room(s.opt.Dir)
}
