package journal

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/disk"
)

// store brings the events that the tail holds into Badger, behind those who
// wait for the tail: many of them in one commit.
type store struct {
	db     *badger.DB
	dir    string
	anchor *anchor
	hold   sync.Mutex // held around each commit: tests stop it with it

	mu      sync.Mutex
	changed *sync.Cond
	pending []entry // promised, not in Badger yet
	waiting int     // how many wait for it
	due     bool    // it waited for company long enough
	err     error   // why the last commit failed
	ended   bool
	commits int
	stopped chan struct{}
}

// company is how long events wait for others before they are committed, and
// crowd how many do not wait.
const (
	company = 10 * time.Millisecond
	crowd   = 256
)

func newStore(db *badger.DB, dir string, a *anchor) *store {
	s := &store{db: db, dir: dir, anchor: a, stopped: make(chan struct{})}
	s.changed = sync.NewCond(&s.mu)
	go s.run()
	return s
}

// put takes events behind those it has.
func (s *store) put(entries []entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, entries...)
	s.changed.Broadcast()
}

// empty reports whether everything is in Badger.
func (s *store) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) == 0
}

// failed reports whether the last commit failed.
func (s *store) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil
}

// drain waits until everything is in Badger, or says why it is not. What failed
// before is tried once more.
func (s *store) drain() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting++
	defer func() { s.waiting-- }()
	s.err = nil
	s.changed.Broadcast()
	for len(s.pending) > 0 && s.err == nil && !s.ended {
		s.changed.Wait()
	}
	if len(s.pending) > 0 && s.err == nil {
		return errClosed
	}
	return s.err
}

// end brings in what is left, and ends.
func (s *store) end() error {
	err := s.drain()
	s.mu.Lock()
	s.ended = true
	s.changed.Broadcast()
	s.mu.Unlock()
	<-s.stopped
	return err
}

func (s *store) run() {
	defer close(s.stopped)
	for {
		entries := s.next()
		if entries == nil {
			return
		}
		s.hold.Lock()
		err := s.commit(entries)
		s.hold.Unlock()
		s.settle(len(entries), err)
	}
}

// next waits for events and gives as many as one commit takes; nil at the end.
func (s *store) next() []entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.pending) == 0 || s.err != nil {
		if s.ended {
			return nil
		}
		s.changed.Wait()
	}
	s.due = false
	alarm := time.AfterFunc(company, s.wake)
	for !s.due && s.waiting == 0 && len(s.pending) < crowd {
		s.changed.Wait()
	}
	alarm.Stop()
	n, size := 0, 0
	for n < len(s.pending) && n < maxTxnEvents && size < maxTxnBytes {
		size += len(s.pending[n].json)
		n++
	}
	return s.pending[:n:n]
}

// wake ends the wait for company.
func (s *store) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = true
	s.changed.Broadcast()
}

// settle notes what became of the first n events. What failed stays, and is
// tried again when somebody asks.
func (s *store) settle(n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.commits++
		s.pending = s.pending[n:]
	} else if at, rerr := readHead(s.db, s.dir); rerr == nil {
		// A commit may fail and be there all the same.
		for len(s.pending) > 0 && s.pending[0].at.seq <= at.seq {
			s.pending = s.pending[1:]
		}
	}
	if len(s.pending) == 0 {
		s.pending, err = nil, nil
	}
	s.err = err
	s.changed.Broadcast()
}

// commit writes one transaction.
func (s *store) commit(entries []entry) error {
	last := entries[len(entries)-1].at
	err := disk.Guard(s.dir, func() error {
		txn := s.db.NewTransaction(true)
		defer txn.Discard()
		for _, e := range entries {
			if err := errors.Join(
				txn.Set(eventKey(e.at.seq), e.at.value(e.json)),
				txn.Set(batchKey(e.batch, e.at.seq), nil),
			); err != nil {
				return err
			}
		}
		if err := txn.Set([]byte(headKey), last.value(nil)); err != nil {
			return err
		}
		return txn.Commit()
	})
	if err != nil {
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	s.anchor.set(last)
	return nil
}
