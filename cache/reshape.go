package cache

import (
	"bytes"
	"encoding/binary"
	"slices"

	"bursar/cache/columns"
	"bursar/providers"
)

// reshape brings the leaves up to what a batch does to a segment's rows: the
// numbers, in the batch's own transaction, and the columns of those leaves that
// have them. It returns the segment as it will be.
func (b *batch) reshape(sg *batchSeg) (*segment, error) {
	r := reshaper{batch: b, id: sg.old.id, old: sg.old, by: map[int]*change{}}
	for i := range sg.moves {
		r.take(&sg.moves[i])
	}
	next := &segment{id: r.id, leaves: make([]*leaf, 0, len(r.old.leaves)+1), total: r.old.total}
	for i, l := range r.old.leaves {
		c := r.by[i]
		if c == nil {
			next.leaves = append(next.leaves, l)
			continue
		}
		made, err := r.leaf(i, c)
		if err != nil {
			return nil, err
		}
		if len(made) == 0 && i > 0 {
			if err := r.drop(l.from); err != nil {
				return nil, err
			}
		}
		if err := r.keep(made); err != nil {
			return nil, err
		}
		next.leaves, next.total = append(next.leaves, made...), next.total+c.delta
	}
	return next, r.first(next)
}

type reshaper struct {
	batch *batch
	id    segID
	old   *segment
	by    map[int]*change // by number of the leaf
}

// change is what happens to one leaf.
type change struct {
	delta int
	gone  []rowKey
	come  []rowKey
}

// rowKey is a row in the order: with the row itself where it comes in.
type rowKey struct {
	created uint64
	id      string
	row     []byte
}

func (r *reshaper) take(m *move) {
	if m.had {
		c := r.of(m.oldCreated, m.id)
		c.delta--
		c.gone = append(c.gone, rowKey{created: m.oldCreated, id: m.id})
	}
	if m.row != nil {
		created := summaryCreated(m.row)
		c := r.of(created, m.id)
		c.delta++
		c.come = append(c.come, rowKey{created: created, id: m.id, row: m.row})
	}
}

func (r *reshaper) of(created uint64, id string) *change {
	i := r.old.leafAt(order(created, id))
	c := r.by[i]
	if c == nil {
		c = &change{}
		r.by[i] = c
	}
	return c
}

// leaf makes what becomes of a leaf: one, several when it grew too large, none
// when it is empty.
func (r *reshaper) leaf(i int, c *change) ([]*leaf, error) {
	l := r.old.leaves[i]
	n := l.n + c.delta
	if n <= 0 {
		return nil, nil
	}
	made := []*leaf{{from: l.from, n: n}}
	if n > r.batch.store.maxLeaf {
		var err error
		if made, err = r.part(i, n); err != nil {
			return nil, err
		}
	}
	if b := l.block.Load(); b != nil {
		r.columns(b, c, made)
	}
	return made, nil
}

// part finds where a leaf with n rows is to be parted.
func (r *reshaper) part(i, n int) ([]*leaf, error) {
	half := r.batch.store.maxLeaf / 2
	pieces := (n + half - 1) / half
	each := (n + pieces - 1) / pieces
	made := []*leaf{{from: r.old.leaves[i].from}}
	c := newCursor(r.batch.txn, r.id)
	defer c.close()
	end := r.old.end(i)
	for c.seek(r.old.leaves[i].from); c.valid() && (end == nil || bytes.Compare(c.key(), end) < 0); c.next() {
		if last := made[len(made)-1]; last.n == each {
			made = append(made, &leaf{from: bytes.Clone(c.key())})
		}
		made[len(made)-1].n++
	}
	total := 0
	for _, l := range made {
		total += l.n
	}
	if total != n {
		return nil, r.batch.store.damaged(providers.Ref{Account: r.id.Account, Kind: r.id.Kind}, errLeaves)
	}
	return made, nil
}

// columns gives the leaves the rows of the old block, changed.
func (r *reshaper) columns(b *columns.Block, c *change, made []*leaf) {
	byOrder := func(x, y rowKey) int { return columns.Order(x.created, x.id, y.created, y.id) }
	slices.SortFunc(c.gone, byOrder)
	slices.SortFunc(c.come, byOrder)
	f := filler{leaves: made, dict: &r.batch.store.dict}
	var rec providers.Record
	at := 0
	for at < b.Len() || len(c.come) > 0 {
		to, gone, comes := b.Len(), false, false
		if len(c.gone) > 0 {
			if i, ok := b.Find(c.gone[0].created, c.gone[0].id); ok {
				to, gone = i, true
			}
		}
		if len(c.come) > 0 {
			if i, _ := b.Find(c.come[0].created, c.come[0].id); i <= to {
				to, comes = i, true
			}
		}
		f.copy(b, at, to)
		at = to
		switch {
		case comes:
			sums, _, err := decodeParts(inPlace(c.come[0].row), r.id, &rec)
			if err == nil { // it was encoded a moment ago
				f.room()
				f.w.AddRow(&rec, sums[0], sums[1])
			}
			// A row that comes in its own place takes it over.
			if gone && byOrder(c.gone[0], c.come[0]) == 0 {
				at, c.gone = to+1, c.gone[1:]
			}
			c.come = c.come[1:]
		case gone:
			at, c.gone = to+1, c.gone[1:]
		case len(c.gone) > 0:
			c.gone = c.gone[1:] // a slip: it was not there
		}
	}
	f.done()
}

// filler deals rows out to leaves in order.
type filler struct {
	leaves []*leaf
	dict   *columns.Dictionary
	w      *columns.Builder
}

func (f *filler) room() int {
	if f.w == nil {
		f.w = columns.NewBuilder(f.dict, f.leaves[0].n)
	}
	if n := f.leaves[0].n - f.w.Len(); n > 0 || len(f.leaves) == 1 {
		return n
	}
	f.leaves[0].block.Store(f.w.Block())
	f.leaves, f.w = f.leaves[1:], nil
	return f.room()
}

func (f *filler) copy(b *columns.Block, from, to int) {
	for from < to {
		n := to - from
		if room := f.room(); len(f.leaves) > 1 {
			n = min(n, room)
		}
		f.w.Copy(b, from, from+n)
		from += n
	}
}

// done keeps the last block, unless the rows did not come out as counted: then
// the leaf is read anew when it is needed.
func (f *filler) done() {
	if f.room(); f.w.Len() == f.leaves[0].n && len(f.leaves) == 1 {
		f.leaves[0].block.Store(f.w.Block())
	}
}

// keep writes the numbers of leaves.
func (r *reshaper) keep(leaves []*leaf) error {
	for _, l := range leaves {
		if err := r.batch.set(leafKey(r.id, l.from), binary.AppendUvarint(nil, uint64(l.n))); err != nil { //nolint:gosec // never below zero
			return err
		}
	}
	return nil
}

// drop forgets a leaf that begins there.
func (r *reshaper) drop(from []byte) error {
	if err := r.batch.del(keptKey(r.id, from)); err != nil {
		return err
	}
	return r.batch.del(leafKey(r.id, from))
}

// first sees to it that the first leaf begins where the order begins.
func (r *reshaper) first(next *segment) error {
	if len(next.leaves) == 0 {
		next.leaves = []*leaf{{}}
		return r.keep(next.leaves)
	}
	first := next.leaves[0]
	if first.from == nil {
		return nil
	}
	if err := r.drop(first.from); err != nil {
		return err
	}
	l := &leaf{n: first.n}
	l.block.Store(first.block.Load())
	next.leaves[0] = l
	return r.keep(next.leaves[:1])
}
