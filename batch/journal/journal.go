// Package journal is the local journal of batches: an append-only, hash-chained
// log in a Badger directory of its own.
//
// An event that Append took is on disk when it returns. Events of many callers
// share one commit and one sync, for a sync per event would bound a batch of
// many workers. A damaged journal is refused and left as it is: unlike the
// cache it cannot be rebuilt.
package journal

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/batch"
	"bursar/cache/disk"
)

// Options tells Open what to open.
type Options struct {
	Dir string // a directory of its own
	Key []byte // 32 bytes; nil leaves the journal unencrypted
	// InMemory keeps nothing: for a start without a data directory, and tests.
	InMemory bool
	// Held is the directory, taken before; whoever took it releases it. Nil: it
	// is taken now and released with the journal.
	Held *disk.Held
}

// Journal is an open journal. It is safe for concurrent use.
type Journal struct {
	db      *badger.DB
	release func() error
	held    *disk.Held // nil when another releases it
	dir     string
	store   *store
	room    func() error // nil when there is room for a commit

	mu      sync.Mutex
	queue   []*request
	lazy    *time.Timer // wakes the committer for events that nobody waits for
	closed  bool
	wake    chan struct{}
	stopped chan struct{}

	// The committer's own.
	head     head // of what was promised
	tail     *tail
	promised *anchor
	backlog  []entry // events that nobody waits for and that could not be written yet
	groups   int     // how often it waited for the disk
}

var _ batch.Journal = (*Journal)(nil)

// errClosed is what a closed journal answers.
var errClosed = errors.New("the journal is closed")

// Open opens the journal, making it at first use.
//
// Errors: *disk.InUseError when another process has it, *disk.DamagedError when
// it does not read, was encrypted with another key or lacks what was written.
// A damaged journal is left as it is.
func Open(o Options) (*Journal, error) {
	if o.InMemory || o.Held != nil {
		return openHeld(o)
	}
	held, err := disk.Hold(o.Dir)
	if err != nil {
		return nil, err
	}
	o.Held = held
	j, err := openHeld(o)
	if err != nil {
		return nil, errors.Join(err, held.Release())
	}
	j.held = held
	return j, nil
}

// openHeld opens a journal whose directory is ours.
func openHeld(o Options) (*Journal, error) {
	if !o.InMemory {
		if err := rehearse(o); err != nil {
			return nil, damaged(o.Dir, err)
		}
	}
	db, release, err := openStore(o)
	if err != nil {
		return nil, damaged(o.Dir, err)
	}
	j := &Journal{
		db: db, release: release, dir: o.Dir, room: func() error { return nil },
		wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	if o.InMemory {
		j.store = newStore(db, "", nil)
	} else if err := j.recover(o); err != nil {
		return nil, errors.Join(damaged(o.Dir, err), release())
	}
	go j.commitLoop()
	return j, nil
}

// openStore opens the store under a journal, quiet unless it has piled up.
func openStore(o Options) (*badger.DB, func() error, error) {
	opt := disk.Options{Dir: o.Dir, Key: o.Key, Durable: true, InMemory: o.InMemory, Held: o.Held}
	db, release, err := disk.Open(opt)
	if err != nil || o.InMemory || !disk.PiledUp(db) {
		return db, release, err
	}
	if err := release(); err != nil {
		return nil, nil, err
	}
	opt.Compact = true
	return disk.Open(opt)
}

// damaged adds what to do to the error of a damaged journal.
func damaged(dir string, err error) error {
	var d *disk.DamagedError
	if !errors.As(err, &d) {
		return err
	}
	return fmt.Errorf("%w; the journal is left as it is: put back a copy of %s, or start with another data directory", err, dir)
}

// Close writes what is left, and closes.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	if j.lazy != nil {
		j.lazy.Stop()
	}
	j.mu.Unlock()
	j.poke()
	<-j.stopped
	var left error
	if n := len(j.backlog); n > 0 {
		left = fmt.Errorf("%d events could not be written to the journal %s: what they settled is read back at the next start", n, j.dir)
	}
	left = errors.Join(left, j.store.end())
	if left == nil {
		j.tail.clear()
	}
	left = errors.Join(left, j.tail.close(), j.promised.close())
	if err := j.release(); err != nil {
		return errors.Join(left, err) // as after a kill, and still ours
	}
	if left == nil && j.tail != nil {
		seal(j.dir)
	}
	return errors.Join(left, j.held.Release())
}

// Append returns when the events are on disk.
func (j *Journal) Append(events ...batch.Event) error {
	req, err := newRequest(events)
	if err != nil {
		return err
	}
	req.done = make(chan error, 1)
	if err := j.enqueue(req); err != nil {
		return err
	}
	j.poke()
	return <-req.done
}

// lazyDelay is how long events that nobody waits for may wait for company.
const lazyDelay = 5 * time.Millisecond

// AppendLater takes the events and writes them soon.
func (j *Journal) AppendLater(events ...batch.Event) error {
	req, err := newRequest(events)
	if err != nil {
		return err
	}
	return j.enqueue(req)
}

func (j *Journal) enqueue(req *request) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return errClosed
	}
	j.queue = append(j.queue, req)
	if req.done == nil && j.lazy == nil {
		j.lazy = time.AfterFunc(lazyDelay, j.poke)
	}
	return nil
}

func (j *Journal) poke() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// take empties the queue. last tells that nothing will come any more.
func (j *Journal) take() (reqs []*request, last bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	reqs, j.queue = j.queue, nil
	if j.lazy != nil {
		j.lazy.Stop()
		j.lazy = nil
	}
	return reqs, j.closed
}

// commitLoop commits what has gathered while the commit before was under way:
// that is the group commit.
func (j *Journal) commitLoop() {
	defer close(j.stopped)
	for range j.wake {
		reqs, last := j.take()
		j.commitAll(reqs)
		if last {
			return
		}
	}
}

// maxID is the longest id of a batch.
const maxID = 1 << 10

// checkBatch refuses an id that would not work as a key.
func checkBatch(id string) error {
	if id == "" || len(id) > maxID || strings.ContainsRune(id, 0) {
		return fmt.Errorf("an event without a batch cannot be journalled")
	}
	return nil
}
