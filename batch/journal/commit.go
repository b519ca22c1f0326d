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

// entry is one event on its way to the disk, and the head behind it.
type entry struct {
	batch string
	json  []byte
	at    head
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

// write puts the entries on disk in as few records as fit, and reports how many
// it wrote.
func (j *Journal) write(all []entry) (written int, err error) {
	for written < len(all) {
		n, size := 0, 0
		for written+n < len(all) && n < maxTxnEvents && size < maxTxnBytes {
			size += len(all[written+n].json)
			n++
		}
		if err := j.log(all[written : written+n]); err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

// log promises the entries: they are in the tail, on disk, when it returns, and
// on their way into the store. The head advances only then.
func (j *Journal) log(entries []entry) error {
	if err := j.room(); err != nil {
		return err
	}
	at := j.head
	for i := range entries {
		at = at.next(entries[i].json)
		entries[i].at = at
	}
	if j.tail != nil {
		if err := j.tailAppend(entries); err != nil {
			return err
		}
	}
	j.head = at
	j.groups++
	j.promised.set(at)
	j.store.put(entries)
	return nil
}

// tailAppend puts the entries into the tail, from its beginning when all that
// it holds is in the store.
func (j *Journal) tailAppend(entries []entry) error {
	record, err := j.tail.record(j.head, entries)
	if err != nil {
		return err
	}
	if !j.tail.fits(len(record)) || j.store.failed() {
		if err := j.store.drain(); err != nil {
			return err
		}
	}
	if j.store.empty() {
		j.tail.rewind()
	}
	if err := j.tail.append(record); err != nil {
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	return nil
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
