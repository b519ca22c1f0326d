package disk

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Held is the right to a store's directory: one process has it at a time. It
// costs next to nothing, unlike opening the store: whoever has to know early
// whether the store will be theirs takes it first and opens later.
type Held struct {
	dir  string
	lock *os.File // nil where directories cannot be locked: then opening decides
	free func() error
}

// errLocked is what another process's lock leads to.
var errLocked = errors.New("it is locked")

// Hold takes the directory, making it with mode 0700 when it does not exist. It
// is freed with Release, or with the process, however that ends.
//
// Errors: *InUseError when another process has it.
func Hold(dir string) (*Held, error) {
	if dir == "" {
		return nil, errors.New("cannot open a store: no directory is named")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, openError(dir, false, err)
	}
	lock, err := lockDir(dir)
	switch {
	case errors.Is(err, errLocked):
		return nil, &InUseError{Dir: dir, Holder: holderOf(dir)}
	case err != nil:
		return nil, openError(dir, false, fmt.Errorf("cannot lock it: %w", err))
	}
	h := &Held{dir: dir, lock: lock}
	h.free = sync.OnceValue(h.release)
	if lock != nil {
		h.note()
	}
	return h, nil
}

// note tells other processes who has the store. It is for people only: a store
// is ours even when the note cannot be written.
func (h *Held) note() { _ = writeHolder(h.dir, time.Now()) }

// Locked reports whether nobody else can touch the directory already. Otherwise
// only the open store is safe from others.
func (h *Held) Locked() bool { return h.lock != nil }

// Release gives the directory back. It may be called more than once, and on nil.
func (h *Held) Release() error {
	if h == nil {
		return nil
	}
	return h.free()
}

// release takes the note away first: behind the lock's end it may be another's.
func (h *Held) release() error {
	_ = os.Remove(holderPath(h.dir))
	if h.lock == nil {
		return nil
	}
	return h.lock.Close()
}
