package journal

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// anchor is a small file beside the store that remembers the head after each
// commit. Badger drops the end of a log that does not read and says nothing;
// the anchor notices what is missing then. A second one remembers the head that
// was promised, which is in the tail until the store has it.
//
// It is not synced: after a loss of power it may name an earlier event, which
// is there too. Two slots are written in turn, each with a checksum, so that
// one always reads.
type anchor struct {
	file *os.File
	base int64 // where its slots begin
	slot int64

	mu   sync.Mutex
	seen head
}

const (
	anchorName = "ANCHOR"
	slotSize   = 128
	slotBody   = 8 + sha256.Size
)

// openAnchors opens the anchor of the store and the one of what was promised.
func openAnchors(dir string) (stored, promised *anchor, err error) {
	path := filepath.Join(dir, anchorName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("the journal's %s cannot be opened: %w", path, errors.Unwrap(err))
	}
	seen, more := readAnchors(dir)
	return &anchor{file: f, seen: seen}, &anchor{file: f, base: 2 * slotSize, seen: more}, nil
}

// readAnchors are the newest heads that the file holds, zero when there is none.
func readAnchors(dir string) (stored, promised head) {
	b, err := os.ReadFile(filepath.Join(dir, anchorName))
	if err != nil {
		return head{}, head{}
	}
	return newest(b, 0), newest(b, 2*slotSize)
}

// newest is the newest head in the two slots from base on.
func newest(b []byte, base int) (seen head) {
	for at := base; at <= base+slotSize && at+slotBody+sha256.Size <= len(b); at += slotSize {
		body := b[at : at+slotBody]
		sum := sha256.Sum256(body)
		if string(sum[:]) != string(b[at+slotBody:at+slotBody+sha256.Size]) {
			continue
		}
		if h, _, err := parseValue(body); err == nil && h.seq > seen.seq {
			seen = h
		}
	}
	return seen
}

// last is the newest head that was seen on disk.
func (a *anchor) last() head {
	if a == nil {
		return head{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seen
}

// set remembers a head. The events are on disk already, so a failure here costs
// only the watch over the last of them.
func (a *anchor) set(h head) {
	if a == nil {
		return
	}
	body := h.value(nil)
	sum := sha256.Sum256(body)
	slot := append(body, sum[:]...)
	slot = append(slot, make([]byte, slotSize-len(slot))...)
	a.slot = 1 - a.slot
	if _, err := a.file.WriteAt(slot, a.base+a.slot*slotSize); err == nil {
		a.mu.Lock()
		a.seen = h
		a.mu.Unlock()
	}
}

func (a *anchor) close() error {
	if a == nil {
		return nil
	}
	return a.file.Close()
}
