package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/providers"
)

// Badger takes some 550 KB in one transaction. A batch ends well before, so
// that a record is always inside one whole.
const (
	batchBytes   = 384 << 10
	batchRecords = 500
)

// batch is one transaction: the entries of some records, all or none.
type batch struct {
	store   *Store
	db      *badger.DB
	txn     *badger.Txn
	bytes   int
	done    int // records taken in
	changed int
	segs    map[segID]*batchSeg
}

// batchSeg is what a batch does to one account's kind.
type batchSeg struct {
	old   *segment
	next  *segment // once all is known
	moves []move
	byID  map[string]int // moves by id
}

// move is what becomes of one row.
type move struct {
	id         string
	row        []byte // nil: removed
	had        bool
	oldCreated uint64
}

func (s *Store) newBatch(db *badger.DB) *batch {
	return &batch{store: s, db: db, segs: map[segID]*batchSeg{}}
}

func (b *batch) seg(id segID) (*batchSeg, error) {
	sg := b.segs[id]
	if sg == nil {
		old, err := b.store.leavesOf(b.db, id)
		if err != nil {
			return nil, err
		}
		sg = &batchSeg{old: old, byID: map[string]int{}}
		b.segs[id] = sg
	}
	return sg, nil
}

// move notes what becomes of a row. Of several moves of one row the first knows
// where it was, the last where it goes.
func (sg *batchSeg) move(m move) {
	if i, ok := sg.byID[m.id]; ok {
		sg.moves[i].row = m.row
		return
	}
	sg.byID[m.id] = len(sg.moves)
	sg.moves = append(sg.moves, m)
}

func (b *batch) commit(fill func() error) error {
	b.txn = b.db.NewTransaction(true)
	defer b.txn.Discard()
	if err := fill(); err != nil {
		return err
	}
	if err := b.store.enter(b.txn, slices.Collect(maps.Keys(b.segs))...); err != nil {
		return err
	}
	for id, sg := range b.segs {
		var err error
		if sg.next, err = b.reshape(sg); err != nil {
			return err
		}
		if err := b.set(segPrefix(id, secCount), binary.AppendUvarint(nil, uint64(sg.next.total))); err != nil { //nolint:gosec // never below zero
			return err
		}
	}
	return b.txn.Commit()
}

func (b *batch) full() bool { return b.bytes > batchBytes || b.done >= batchRecords }

func (b *batch) set(key, value []byte) error {
	b.bytes += len(key) + len(value) + 32
	return b.txn.Set(key, value)
}

func (b *batch) del(key []byte) error {
	b.bytes += len(key) + 32
	return b.txn.Delete(key)
}

func (b *batch) put(fetched time.Time, recs []providers.Record) error {
	for i := range recs {
		if b.full() {
			return nil
		}
		if err := b.putOne(fetched, recs[i]); err != nil {
			return err
		}
		b.done++
	}
	return nil
}

func (b *batch) putOne(fetched time.Time, r providers.Record) error {
	old, had, err := b.head(r.Ref)
	if err != nil {
		return err
	}
	if had && old.fetched.After(fetched) {
		return nil
	}
	row := appendSummary(nil, &r, fetched)
	now := head{created: columns.Key(r.Created), fetched: fetched, row: hashRow(row), rich: len(r.Details) > 0}
	if had && old.rich && !now.rich {
		if r, now.rich, err = b.keepDetails(r, old.row == now.row); err != nil {
			return err
		}
	}
	body, err := encodeDoc(r)
	if err != nil {
		return fmt.Errorf("cannot keep the record %s: %w", r.Ref, err)
	}
	now.doc = hash(body)
	same := had && old.row == now.row && old.doc == now.doc
	sg, err := b.seg(segOf(r.Ref))
	if err != nil {
		return err
	}
	if !same {
		b.changed++
		if err := b.replace(r, old, had, body); err != nil {
			return err
		}
		sg.move(move{id: r.Ref.ID, row: row, had: had, oldCreated: old.created})
	}
	if err := b.set(orderKey(r.Ref, now.created), row); err != nil {
		return err
	}
	return b.set(headKey(r.Ref), now.encode())
}

// replace writes the record's JSON and links, and drops what the old version
// leaves behind.
func (b *batch) replace(r providers.Record, old head, had bool, body []byte) error {
	if had {
		if err := b.dropOld(r.Ref, old, columns.Key(r.Created)); err != nil {
			return err
		}
	}
	for _, l := range r.Links {
		if l.Ref.ID == "" {
			continue
		}
		if err := b.set(linkKey(l.Ref, r.Ref), nil); err != nil {
			return err
		}
	}
	return b.set(docKey(r.Ref), body)
}

// dropOld removes the old version's links, and its place in the order unless
// the new version takes it.
func (b *batch) dropOld(ref providers.Ref, old head, created uint64) error {
	row, err := b.must(ref, orderKey(ref, old.created))
	if err != nil {
		return err
	}
	var rec providers.Record
	if _, err := decodeSummary(string(row), segOf(ref), &rec); err != nil {
		return b.store.damaged(ref, err)
	}
	for _, l := range rec.Links {
		if err := b.del(linkKey(l.Ref, ref)); err != nil {
			return err
		}
	}
	if old.created == created {
		return nil
	}
	return b.del(orderKey(ref, old.created))
}

// keepDetails gives a record from a list the details that were read earlier,
// when they still belong to it.
func (b *batch) keepDetails(r providers.Record, sameRow bool) (providers.Record, bool, error) {
	body, err := b.must(r.Ref, docKey(r.Ref))
	if err != nil {
		return r, false, err
	}
	old, err := decodeDoc(body, r.Ref)
	if err != nil {
		return r, false, b.store.damaged(r.Ref, err)
	}
	if !old.Updated.Equal(r.Updated) || r.Updated.IsZero() && !sameRow {
		return r, false, nil
	}
	r.Details, r.Raw = old.Details, old.Raw
	return r, true, nil
}

func (b *batch) remove(refs []providers.Ref) error {
	for _, ref := range refs {
		if b.full() {
			return nil
		}
		if err := b.removeOne(ref); err != nil {
			return err
		}
		b.done++
	}
	return nil
}

func (b *batch) removeOne(ref providers.Ref) error {
	old, had, err := b.head(ref)
	if err != nil || !had {
		return err
	}
	if err := b.dropOld(ref, old, ^old.created); err != nil {
		return err
	}
	sg, err := b.seg(segOf(ref))
	if err != nil {
		return err
	}
	sg.move(move{id: ref.ID, had: true, oldCreated: old.created})
	if err := b.del(docKey(ref)); err != nil {
		return err
	}
	return b.del(headKey(ref))
}

func (b *batch) head(ref providers.Ref) (head, bool, error) { return b.store.headOf(b.txn, ref) }

// get reads through the batch's own writes.
func (b *batch) get(key []byte) ([]byte, error) {
	item, err := b.txn.Get(key)
	if err != nil {
		return nil, err
	}
	return item.ValueCopy(nil)
}

// must reads an entry that the head says is there.
func (b *batch) must(ref providers.Ref, key []byte) ([]byte, error) {
	v, err := b.get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		err = b.store.damaged(ref, errors.New("a part of it is missing"))
	}
	return v, err
}
