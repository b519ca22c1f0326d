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
// commit. Badger drops the tail of a log that does not read and says nothing;
// the anchor notices what is missing then.
//
// It is not synced: after a loss of power it may name an earlier event, which
// is there too. Two slots are written in turn, each with a checksum, so that
// one always reads.
type anchor struct {
	file *os.File
	slot int64

	mu   sync.Mutex
	seen head
}

const (
	anchorName = "ANCHOR"
	slotSize   = 128
	slotBody   = 8 + sha256.Size
)

func openAnchor(dir string) (*anchor, error) {
	path := filepath.Join(dir, anchorName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal's %s cannot be opened: %w", path, errors.Unwrap(err))
	}
	a := &anchor{file: f}
	a.seen = readAnchor(dir)
	return a, nil
}

// readAnchor is the newest head that the anchor's file holds, zero when there
// is none.
func readAnchor(dir string) head {
	b, err := os.ReadFile(filepath.Join(dir, anchorName))
	if err != nil {
		return head{}
	}
	var seen head
	for at := 0; at+slotBody+sha256.Size <= len(b); at += slotSize {
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
	if _, err := a.file.WriteAt(slot, a.slot*slotSize); err == nil {
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
