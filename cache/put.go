package cache

import (
	"errors"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/providers"
)

// maxRaw is the longest JSON kept of a record. Beyond it only what was understood
// of the record is kept.
const maxRaw = 256 << 10

// Put keeps records that were read at the given time and reports how many of
// them are new or differ from what was held. It may be repeated at will; after
// a crash each record is held either as before or as put.
//
// An older reading never replaces a newer one. A record without Details keeps
// those, and the Raw beside them, of an earlier version that it does not
// contradict: both were updated at the same time, and a system that tells no
// such time shows the same row.
//
// Errors: *LeftOutError when a record has no id or cannot be kept for another
// fault of its own; the others are kept.
func (s *Store) Put(fetched time.Time, recs ...providers.Record) (changed int, err error) {
	cleaned := make([]providers.Record, 0, len(recs))
	var left LeftOutError
	for _, r := range recs {
		r = clean(r)
		if err := bound(&r); err != nil {
			if left.Count++; left.Count == 1 {
				left.First = err
			}
			continue
		}
		cleaned = append(cleaned, r)
	}
	if fetched = cleanTime(fetched).UTC(); fetched.IsZero() {
		fetched = s.opt.Now().UTC()
	}
	touched := map[segID]bool{}
	changed, err = s.putAll(fetched, cleaned, touched)
	for id := range touched {
		s.tell(id)
	}
	if err == nil && left.Count > 0 {
		err = &left
	}
	return changed, err
}

func (s *Store) putAll(fetched time.Time, recs []providers.Record, touched map[segID]bool) (changed int, err error) {
	s.write.Lock()
	defer s.write.Unlock()
	for most := len(recs); len(recs) > 0; {
		var b *batch
		err := s.use(func(db *badger.DB) error {
			if err := s.room(); err != nil {
				return err
			}
			b = s.newBatch(db)
			return b.commit(func() error { return b.put(fetched, recs[:min(most, len(recs))]) })
		})
		if errors.Is(err, badger.ErrTxnTooBig) && most > 1 {
			most = max(1, b.done/2) // records of a hostile length: fewer at a time
			continue
		}
		if err != nil {
			return changed, err
		}
		s.show(b)
		changed += b.changed
		for id := range b.segs {
			touched[id] = true
		}
		recs = recs[b.done:]
	}
	return changed, nil
}

// Remove forgets records. One that is not held is no error.
func (s *Store) Remove(refs ...providers.Ref) error {
	touched := map[segID]bool{}
	err := s.removeAll(refs, touched)
	for id := range touched {
		s.tell(id)
	}
	return err
}

func (s *Store) removeAll(refs []providers.Ref, touched map[segID]bool) error {
	s.write.Lock()
	defer s.write.Unlock()
	for len(refs) > 0 {
		var b *batch
		err := s.use(func(db *badger.DB) error {
			b = s.newBatch(db)
			return b.commit(func() error { return b.remove(refs) })
		})
		if err != nil {
			return err
		}
		s.show(b)
		for id := range b.segs {
			touched[id] = true
		}
		refs = refs[b.done:]
	}
	return nil
}

// show brings what is known of the segments up to what was committed.
func (s *Store) show(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, sg := range b.segs {
		s.counts[id], s.segs[id] = sg.next.total, sg.next
		for i := range sg.moves {
			s.log.add(providers.Ref{Account: id.Account, Kind: id.Kind, ID: sg.moves[i].id})
		}
	}
}
