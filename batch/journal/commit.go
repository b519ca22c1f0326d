package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"bursar/batch"
	"bursar/cache/disk"
)

// The keys of the store: every event by its number, an index of the numbers by
// batch, and the head of the chain.
const (
	eventPrefix = "e/"
	batchPrefix = "b/"
	headKey     = "head"
)

// head is the last event of the chain.
type head struct {
	seq  uint64
	hash [sha256.Size]byte
}

// request is what one caller wants written.
type request struct {
	entries []entry
	done    chan error // nil when nobody waits
}

// entry is one event on its way to the disk.
type entry struct {
	batch string
	json  []byte
}

func newRequest(events []batch.Event) (*request, error) {
	req := &request{entries: make([]entry, 0, len(events))}
	for _, ev := range events {
		if err := checkBatch(ev.Batch); err != nil {
			return nil, err
		}
		ev.Seq = 0 // given by the chain
		b, err := json.Marshal(ev)
		if err != nil {
			return nil, fmt.Errorf("an event of batch %s cannot be journalled: %w", ev.Batch, err)
		}
		if len(b) > maxEvent {
			return nil, fmt.Errorf("an event of batch %s is too large to be journalled: %d bytes", ev.Batch, len(b))
		}
		req.entries = append(req.entries, entry{batch: ev.Batch, json: b})
	}
	return req, nil
}

// The bounds of one transaction, well below what Badger takes.
const (
	maxTxnEvents = 1000
	maxTxnBytes  = 512 << 10
	maxEvent     = 256 << 10
)

// commitAll writes the backlog and the requests in order, and tells those who
// wait. What nobody waits for and could not be written joins the backlog.
func (j *Journal) commitAll(reqs []*request) {
	all := j.backlog
	for _, r := range reqs {
		all = append(all, r.entries...)
	}
	written, err := j.write(all)
	if err == nil {
		j.backlog = nil
		for _, r := range reqs {
			r.tell(nil)
		}
		return
	}
	// The first so many entries are on disk; hand them out again in order.
	var left []entry
	written, left = cut(j.backlog, written)
	for _, r := range reqs {
		var rest []entry
		written, rest = cut(r.entries, written)
		switch {
		case r.done == nil:
			left = append(left, rest...)
		case len(rest) == 0 && len(r.entries) > 0:
			r.tell(nil)
		default:
			r.tell(err)
		}
	}
	j.backlog = left
}

// cut takes the first written entries off.
func cut(entries []entry, written int) (stillWritten int, left []entry) {
	n := min(written, len(entries))
	return written - n, entries[n:len(entries):len(entries)]
}

func (r *request) tell(err error) {
	if r.done != nil {
		r.done <- err
	}
}

// write puts the entries on disk in as few transactions as fit, and reports how
// many it wrote.
func (j *Journal) write(all []entry) (written int, err error) {
	for written < len(all) {
		n, size := 0, 0
		for written+n < len(all) && n < maxTxnEvents && size < maxTxnBytes {
			size += len(all[written+n].json)
			n++
		}
		if err := j.commit(all[written : written+n]); err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

// commit writes one transaction and advances the head only when it is on disk.
func (j *Journal) commit(entries []entry) error {
	if err := j.room(); err != nil {
		return err
	}
	at := j.head
	err := disk.Guard(j.dir, func() error {
		txn := j.db.NewTransaction(true)
		defer txn.Discard()
		for _, e := range entries {
			at = at.next(e.json)
			if err := errors.Join(
				txn.Set(eventKey(at.seq), at.value(e.json)),
				txn.Set(batchKey(e.batch, at.seq), nil),
			); err != nil {
				return err
			}
		}
		if err := txn.Set([]byte(headKey), at.value(nil)); err != nil {
			return err
		}
		return txn.Commit()
	})
	if err != nil {
		j.resync()
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	j.head = at
	j.commits++
	j.anchor.set(at)
	return nil
}

// resync looks where the chain ends after a failed commit, for a commit may
// fail and be there all the same.
func (j *Journal) resync() {
	if at, err := readHead(j.db, j.dir); err == nil && at.seq >= j.head.seq {
		j.head = at
	}
}

// next is the head behind one more event.
func (h head) next(json []byte) head {
	n := head{seq: h.seq + 1}
	sum := sha256.New()
	sum.Write(h.hash[:])
	sum.Write(binary.BigEndian.AppendUint64(nil, n.seq))
	sum.Write(json)
	sum.Sum(n.hash[:0])
	return n
}

// value is a stored event: number, hash, content.
func (h head) value(json []byte) []byte {
	out := make([]byte, 0, 8+sha256.Size+len(json))
	out = binary.BigEndian.AppendUint64(out, h.seq)
	out = append(out, h.hash[:]...)
	return append(out, json...)
}

func parseValue(b []byte) (head, []byte, error) {
	if len(b) < 8+sha256.Size {
		return head{}, nil, errors.New("an event is cut short")
	}
	h := head{seq: binary.BigEndian.Uint64(b)}
	copy(h.hash[:], b[8:])
	return h, b[8+sha256.Size:], nil
}

func eventKey(seq uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(eventPrefix), seq)
}

func batchKey(id string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(batchKeys(id), seq)
}

// batchKeys begins every index key of a batch.
func batchKeys(id string) []byte { return append([]byte(batchPrefix+id), 0) }

// readHead is the head that the store names, zero in an empty one.
func readHead(db *badger.DB, dir string) (head, error) {
	var at head
	err := disk.Guard(dir, func() error {
		return db.View(func(txn *badger.Txn) (err error) {
			at, err = headIn(txn)
			return err
		})
	})
	return at, err
}
