package cache

import (
	"errors"
	"sync"
	"time"

	"bursar/cache/disk"
)

// An idle store does not wake up: it is open without compactors, see disk.
// Once a sync has written so much that they are needed, the store is closed and
// opened with them, and without them again when the work is done and nothing
// was written for a while. Whoever reads in that moment waits some tens of
// milliseconds; it happens twice in a sync of a million records.

const (
	// firstLook lets the first rows come to the screen before.
	firstLook = 2 * time.Second
	// restAfter is how long nothing was written before a store is quiet again.
	restAfter = 10 * time.Second
	// tryAgain is the wait when the store is in use just then: waiting for the
	// gate would make every reader wait behind it.
	tryAgain = 100 * time.Millisecond
)

// house is what keeps a store on the disk in order, in a goroutine of its own.
type house struct {
	wrote chan struct{}
	end   sync.Once
	stop  chan struct{}
	done  chan struct{}
}

// keepHouse begins it; endHouse ends it.
func (s *Store) keepHouse() {
	h := &house{wrote: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	s.house = h
	s.Subscribe(func(Change) {
		select {
		case h.wrote <- struct{}{}:
		default:
		}
	})
	go func() {
		defer close(h.done)
		s.housekeeping(h)
	}()
}

func (s *Store) endHouse() {
	if s.house != nil {
		s.house.end.Do(func() { close(s.house.stop) })
		<-s.house.done
	}
}

// housekeeping looks after each commit, and on a clock only while there is
// something to do.
func (s *Store) housekeeping(h *house) {
	again := firstLook
	clock := time.NewTimer(again)
	defer clock.Stop()
	for rested := false; ; {
		select {
		case <-h.stop:
			return
		case <-h.wrote:
			rested = false
		case <-clock.C:
			rested = again == restAfter
		}
		if again = s.tend(rested); again > 0 {
			clock.Reset(again)
		} else {
			clock.Stop()
		}
	}
}

// tend opens the store anew when it should work or rest, and tells when to look
// again; zero is after the next commit.
func (s *Store) tend(rested bool) (again time.Duration) {
	if !s.gate.TryLock() {
		return tryAgain
	}
	db, err := s.db, error(nil)
	defer func() {
		s.gate.Unlock()
		var damaged *disk.DamagedError
		if errors.As(err, &damaged) {
			_ = s.replace(db, damaged)
		}
	}()
	if s.closed {
		return 0
	}
	compacts := db.Opts().NumCompactors > 0
	switch {
	case db.IsClosed(): // it could not be opened the last time
		err = s.reopen(compacts)
	case !compacts && disk.PiledUp(db):
		err = s.reopen(true)
	case compacts && rested && disk.Settled(db):
		err = s.reopen(false)
	}
	if err != nil || s.db.Opts().NumCompactors > 0 {
		return restAfter
	}
	return 0
}

// reopen closes the database and opens it again, with compactors or without.
// The caller holds the gate. Until it can be opened, reading and writing say
// that it is closed.
func (s *Store) reopen(compact bool) error {
	if !s.db.IsClosed() {
		// A disk that is full leaves the store as it is.
		if err := disk.Room(s.opt.Dir); err != nil {
			return err
		}
		if err := s.shut(); err != nil {
			return err
		}
	}
	return s.openDB(compact)
}

// openDB opens the database in the directory that is held.
func (s *Store) openDB(compact bool) error {
	db, shut, err := disk.Open(disk.Options{Dir: s.opt.Dir, Key: s.opt.Key, InMemory: s.opt.Dir == "", Compact: compact, Held: s.held})
	if err == nil {
		s.db, s.shut = db, shut
	}
	return err
}

// hold takes the directory; a store in memory has none.
func (s *Store) hold() (err error) {
	if s.opt.Dir != "" {
		s.held, err = disk.Hold(s.opt.Dir)
	}
	return err
}

// release closes the database and gives the directory back.
func (s *Store) release() error {
	if err := s.shut(); err != nil {
		return err // as after a kill, and still ours
	}
	return s.held.Release()
}
