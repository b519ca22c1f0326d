package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/batch"
	"bursar/cache/disk"
	"bursar/providers"
)

// view reads the store, with all that was promised until now; damage becomes a
// *disk.DamagedError.
func (j *Journal) view(fn func(*badger.Txn) error) error {
	if err := j.store.drain(); err != nil {
		return err
	}
	return disk.Guard(j.dir, func() error { return j.db.View(fn) })
}

// Events gives the events of one batch, oldest first.
func (j *Journal) Events(id string, fn func(batch.Event) error) error {
	return j.view(func(txn *badger.Txn) error {
		prefix := batchKeys(id)
		it := keysOf(txn, prefix, false)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			_, ev, err := j.event(txn, seqOf(it.Item().Key()))
			if err != nil {
				return err
			}
			if err := fn(ev); err != nil {
				return err
			}
		}
		return nil
	})
}

// Batches gives the last event of each batch.
func (j *Journal) Batches() ([]batch.Event, error) {
	var out []batch.Event
	err := j.view(func(txn *badger.Txn) error {
		it := keysOf(txn, []byte(batchPrefix), true)
		defer it.Close()
		// Backwards, the first key of a batch is its last event; seeking the
		// batch itself then leads to the batch before.
		for it.Seek(append([]byte(batchPrefix), 0xff)); it.Valid(); {
			key := it.Item().KeyCopy(nil)
			_, ev, err := j.event(txn, seqOf(key))
			if err != nil {
				return err
			}
			out = append(out, ev)
			it.Seek(key[:len(key)-8])
		}
		return nil
	})
	return out, err
}

func keysOf(txn *badger.Txn, prefix []byte, backwards bool) *badger.Iterator {
	o := badger.DefaultIteratorOptions
	o.PrefetchValues, o.Prefix, o.Reverse = false, prefix, backwards
	return txn.NewIterator(o)
}

func seqOf(key []byte) uint64 {
	if len(key) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key[len(key)-8:])
}

// event reads one event.
func (j *Journal) event(txn *badger.Txn, seq uint64) (head, batch.Event, error) {
	item, err := txn.Get(eventKey(seq))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return head{}, batch.Event{}, j.broken("event %d is missing", seq)
	}
	if err != nil {
		return head{}, batch.Event{}, err
	}
	var at head
	var ev batch.Event
	err = item.Value(func(b []byte) error {
		var content []byte
		at, content, err = parseValue(b)
		if err != nil || at.seq != seq || json.Unmarshal(content, &ev) != nil {
			return j.broken("event %d does not read", seq)
		}
		ev.Seq = seq
		return nil
	})
	return at, ev, err
}

func (j *Journal) broken(format string, args ...any) error {
	return &disk.DamagedError{Dir: j.dir, Err: fmt.Errorf(format, args...)}
}

// VerifyReport is what Verify found whole.
type VerifyReport struct {
	Events  uint64    `json:"events"`
	Batches int       `json:"batches"`
	First   time.Time `json:"first,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	Hash    string    `json:"hash"` // of the last event: write it down to prove the journal later
}

// Verify reads every event and proves the chain: none is missing, none was
// changed, none was put between, and each is listed under its batch. The error
// names the first event that is wrong; it is a *disk.DamagedError.
func (j *Journal) Verify() (VerifyReport, error) {
	var rep VerifyReport
	seen := j.store.anchor.last() // before the view, which then holds at least that
	err := j.view(func(txn *badger.Txn) error {
		at, err := j.walk(txn, func(at head, content []byte) error {
			var ev batch.Event
			if err := json.Unmarshal(content, &ev); err != nil {
				return j.broken("event %d does not read", at.seq)
			}
			if _, err := txn.Get(batchKey(ev.Batch, at.seq)); err != nil {
				return j.broken("event %d is not listed under its batch", at.seq)
			}
			if rep.Events == 0 {
				rep.First = ev.Time
			}
			rep.Events, rep.Last = at.seq, ev.Time
			return nil
		})
		if err != nil {
			return err
		}
		if err := holds(txn, seen); err != nil {
			return j.broken("%w", err)
		}
		rep.Hash = hex.EncodeToString(at.hash[:])
		return j.verifyIndex(txn, &rep)
	})
	return rep, err
}

// verifyIndex counts the index: with one key per event and every event listed,
// nothing is listed that is not there.
func (j *Journal) verifyIndex(txn *badger.Txn, rep *VerifyReport) error {
	it := keysOf(txn, []byte(batchPrefix), false)
	defer it.Close()
	var last []byte
	var n uint64
	for it.Rewind(); it.Valid(); it.Next() {
		key := it.Item().Key()
		if id := key[:max(0, len(key)-8)]; !bytes.Equal(id, last) {
			rep.Batches++
			last = bytes.Clone(id)
		}
		n++
	}
	if n != rep.Events {
		return j.broken("%d events are listed, %d are there", n, rep.Events)
	}
	return nil
}

// walk proves the chain from its first event to the head.
func (j *Journal) walk(txn *badger.Txn, fn func(head, []byte) error) (head, error) {
	o := badger.DefaultIteratorOptions
	o.Prefix = []byte(eventPrefix)
	it := txn.NewIterator(o)
	defer it.Close()
	var at head
	for it.Rewind(); it.Valid(); it.Next() {
		item := it.Item()
		want := at.seq + 1
		if seq := seqOf(item.Key()); seq != want {
			return at, j.broken("event %d is missing", want)
		}
		err := item.Value(func(b []byte) error {
			stored, content, err := parseValue(b)
			next := at.next(content)
			if err != nil || stored != next {
				return j.broken("event %d was changed", want)
			}
			at = next
			return fn(at, content)
		})
		if err != nil {
			return at, err
		}
	}
	stored, err := headIn(txn)
	if err != nil {
		return at, err
	}
	if stored != at {
		return at, j.broken("the last events are missing: %d are there, %d were written", at.seq, stored.seq)
	}
	return at, nil
}

func headIn(txn *badger.Txn) (head, error) {
	item, err := txn.Get([]byte(headKey))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return head{}, nil
	}
	if err != nil {
		return head{}, err
	}
	var at head
	err = item.Value(func(b []byte) error {
		at, _, err = parseValue(b)
		return err
	})
	return at, err
}

// Export writes every event as one line of JSON with its number and hash,
// proving the chain on the way.
func (j *Journal) Export(w io.Writer) error {
	enc := json.NewEncoder(providers.InertJSON(w))
	enc.SetEscapeHTML(false)
	return j.view(func(txn *badger.Txn) error {
		_, err := j.walk(txn, func(at head, content []byte) error {
			return enc.Encode(struct {
				Seq   uint64          `json:"seq"`
				Hash  string          `json:"hash"`
				Event json.RawMessage `json:"event"`
			}{at.seq, hex.EncodeToString(at.hash[:]), content})
		})
		return err
	})
}

// checkHead finds the end of the chain when the journal is opened: the last
// event must be there and be the one that the head names, and nothing may be
// missing that the anchor saw written.
func checkHead(db *badger.DB, dir string, seen head) (head, error) {
	var at head
	err := disk.Guard(dir, func() error {
		return db.View(func(txn *badger.Txn) error {
			var err error
			if at, err = headIn(txn); err != nil {
				return err
			}
			for _, want := range []head{at, seen} {
				if err := holds(txn, want); err != nil {
					return &disk.DamagedError{Dir: dir, Err: err}
				}
			}
			if _, err := txn.Get(eventKey(at.seq + 1)); !errors.Is(err, badger.ErrKeyNotFound) {
				return &disk.DamagedError{Dir: dir, Err: fmt.Errorf("it does not end with event %d as it should", at.seq)}
			}
			return nil
		})
	})
	return at, err
}

// holds makes sure that the event that a head names is there.
func holds(txn *badger.Txn, want head) error {
	if want.seq == 0 {
		return nil
	}
	item, err := txn.Get(eventKey(want.seq))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return fmt.Errorf("event %d was written and is missing", want.seq)
	}
	if err != nil {
		return err
	}
	return item.Value(func(b []byte) error {
		stored, _, err := parseValue(b)
		if err != nil || !bytes.Equal(stored.hash[:], want.hash[:sha256.Size]) {
			return fmt.Errorf("event %d was changed", want.seq)
		}
		return nil
	})
}
