package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/cache/disk"
)

// Options tells Open where the store is.
type Options struct {
	Dir string // empty: in memory
	Key []byte // 32 bytes; nil leaves it unencrypted
	Now func() time.Time
}

// ErrClosed says that the store was closed.
var ErrClosed = errors.New("the cache is closed")

// Store is the cache. It is safe for concurrent use.
type Store struct {
	opt     Options
	maxLeaf int // rows of a leaf

	// gate is held for reading while the database is used, and for writing
	// while it is closed or replaced.
	gate   sync.RWMutex
	held   *disk.Held
	db     *badger.DB
	shut   func() error
	closed bool
	house  *house // nil in memory

	// write lets one writer in at a time: from reading what is stored to the
	// segments showing it.
	write sync.Mutex

	log  changeLog
	dict columns.Dictionary

	mu     sync.Mutex // guards what follows; held for moments, never over disk
	segs   map[segID]*segment
	counts map[segID]int
	states map[segID]SyncState
	subs   []*subscriber
	notice string
	epoch  int
}

type subscriber struct{ fn func(Change) }

// Open opens the cache. A damaged one, or one encrypted with another key, is
// moved aside and made anew, and Notice says so.
//
// Errors: *disk.InUseError when another process has it, *disk.FullError when
// the disk is full.
func Open(o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{opt: o, maxLeaf: maxLeaf}
	err := s.open()
	var damaged *disk.DamagedError
	if errors.As(err, &damaged) {
		err = s.moveAside(damaged)
	}
	if err != nil {
		return nil, err
	}
	if o.Dir != "" {
		s.keepHouse()
	}
	return s, nil
}

// open opens the database and reads its table of contents.
func (s *Store) open() error {
	if err := s.hold(); err != nil {
		return err
	}
	if err := s.openDB(false); err != nil {
		_ = s.held.Release()
		return err
	}
	c := contents{dir: s.opt.Dir, counts: map[segID]int{}, states: map[segID]SyncState{}}
	if err := disk.Guard(s.opt.Dir, func() error { return c.read(s.db) }); err != nil {
		_ = s.release()
		return err
	}
	s.mu.Lock()
	s.segs, s.counts, s.states = map[segID]*segment{}, c.counts, c.states
	s.mu.Unlock()
	return nil
}

// Close closes the store. Everything that is asked of it afterwards answers
// ErrClosed; snapshots stay readable.
func (s *Store) Close() error {
	s.endHouse()
	s.gate.Lock()
	defer s.gate.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return s.release()
}

// Notice is one sentence for the screen about what happened to the store, empty
// when all is well.
func (s *Store) Notice() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notice
}

// Epoch counts how often an open store was thrown away and made anew. Whoever
// puts records over a stretch of time and then says that they are all there
// compares it.
func (s *Store) Epoch() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.epoch
}

// moveAside puts a damaged store where somebody can look at it and makes a new
// one. Of earlier damaged ones none is kept: they are copies of what the
// payment systems know.
func (s *Store) moveAside(damage error) error {
	dir := filepath.Clean(s.opt.Dir)
	if old, err := filepath.Glob(dir + ".damaged-*"); err == nil {
		for _, o := range old {
			_ = os.RemoveAll(o)
		}
	}
	aside := dir + ".damaged-" + s.opt.Now().UTC().Format("20060102-150405")
	if err := os.Rename(dir, aside); err != nil {
		return fmt.Errorf("%w; it cannot be moved aside: %w", damage, err)
	}
	if err := s.open(); err != nil {
		return err
	}
	s.mu.Lock()
	s.notice = fmt.Sprintf("%s: it was moved to %s and the lists are being fetched again", damage, filepath.Base(aside))
	s.mu.Unlock()
	return nil
}

// use runs work on the database. When the work finds the store damaged, the
// store is replaced and the work runs once more, on an empty one.
func (s *Store) use(work func(db *badger.DB) error) error {
	db, err := s.useOnce(work)
	var damaged *disk.DamagedError
	if !errors.As(err, &damaged) || s.opt.Dir == "" {
		return err
	}
	if rerr := s.replace(db, damaged); rerr != nil {
		return rerr
	}
	_, err = s.useOnce(work)
	return err
}

func (s *Store) useOnce(work func(db *badger.DB) error) (*badger.DB, error) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	return s.db, disk.Guard(s.opt.Dir, func() error { return work(s.db) })
}

// replace closes the damaged database and starts over. Somebody else may have
// done so meanwhile.
func (s *Store) replace(damagedDB *badger.DB, damage error) error {
	s.gate.Lock()
	if s.closed {
		s.gate.Unlock()
		return ErrClosed
	}
	if s.db != damagedDB {
		s.gate.Unlock()
		return nil
	}
	_ = disk.Guard(s.opt.Dir, s.release)
	s.mu.Lock()
	lost := make([]segID, 0, len(s.counts))
	for id := range s.counts {
		lost = append(lost, id)
	}
	s.segs, s.counts, s.states = map[segID]*segment{}, map[segID]int{}, map[segID]SyncState{}
	s.epoch++
	s.mu.Unlock()
	err := s.moveAside(damage)
	if err != nil {
		s.closed = true
	}
	s.gate.Unlock()
	s.tell(lost...)
	return err
}

// Subscribe has fn called after each commit with what changed, once per account
// and kind. It must not block and must not call the store's writers.
func (s *Store) Subscribe(fn func(Change)) (stop func()) {
	sub := &subscriber{fn}
	s.mu.Lock()
	s.subs = append(slices.Clip(s.subs), sub)
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.subs = slices.DeleteFunc(slices.Clone(s.subs), func(o *subscriber) bool { return o == sub })
	}
}

// tell calls the subscribers. No lock may be held.
func (s *Store) tell(changed ...Change) {
	s.mu.Lock()
	subs := s.subs
	s.mu.Unlock()
	for _, c := range changed {
		for _, sub := range subs {
			sub.fn(c)
		}
	}
}
