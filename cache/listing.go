package cache

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"bursar/providers"
)

// Listing is a list that is being put together: a prefix of it first, the whole
// a little later. It is for one goroutine at a time.
type Listing struct {
	store *Store
	q     ListQuery
}

// Listing begins a list. Nothing is read before Next.
func (s *Store) Listing(q ListQuery) *Listing { return &Listing{store: s, q: q} }

// Next goes on until there is something to show: the first call returns as soon
// as the first rows are known for good, the last one the whole list, which
// Snapshot.Done tells. Rows of an earlier snapshot keep their places in a later
// one. The end of ctx ends it with ctx's error.
func (l *Listing) Next(ctx context.Context) (*Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.store.list(l.q)
}

// List takes a snapshot of the records of one kind.
func (s *Store) List(ctx context.Context, q ListQuery) (*Snapshot, error) {
	l := s.Listing(q)
	for {
		snap, err := l.Next(ctx)
		if err != nil || snap.Done() {
			return snap, err
		}
	}
}

// Warm prepares for filters on a list, so that the first letter of one finds the
// work done. The end of ctx ends it with ctx's error.
func (s *Store) Warm(ctx context.Context, q ListQuery) error { return nil }

// Done reports whether the snapshot is the whole list. Otherwise it is the
// beginning of one that is still being put together.
func (s *Snapshot) Done() bool { return true }

// Read reads the rows from one place to before another, as far as they are
// there. A record that was removed meanwhile is an Entry with nothing but its
// Ref. It may ask the disk.
func (s *Snapshot) Read(from, to int) ([]Entry, error) {
	from, to = max(from, 0), min(to, s.Len())
	out := make([]Entry, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		out = append(out, s.At(i))
	}
	return out, nil
}

// stretch is how many rows All reads at once.
const stretch = 512

// All walks the rows in order, from first to last, and ends with an error when
// the disk gives one. Records that were removed meanwhile are left out.
func (s *Snapshot) All() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for from := 0; from < s.Len(); from += stretch {
			entries, err := s.Read(from, from+stretch)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range entries {
				if !e.Fetched.IsZero() && !yield(e, nil) {
					return
				}
			}
		}
	}
}

// Find is the place of a record's row; false when the list does not show it.
// It may ask the disk.
func (s *Snapshot) Find(ref providers.Ref) (int, bool, error) {
	i, ok := s.Index(ref)
	return i, ok, nil
}

// Nearest is the place of the nearest of the records before (step -1) or behind
// (step 1) a place; false when there is none. It may ask the disk.
func (s *Snapshot) Nearest(at, step int, refs []providers.Ref) (int, bool, error) {
	for i := at + step; i >= 0 && i < s.Len(); i += step {
		if slices.Contains(refs, s.At(i).Ref) {
			return i, true, nil
		}
	}
	return 0, false, nil
}

// Passes reports whether a list shows a record.
func (s *Store) Passes(q ListQuery, rec providers.Record) (bool, error) {
	if rec.Ref.Kind != q.Kind || q.Accounts != nil && !slices.Contains(q.Accounts, rec.Ref.Account) {
		return false, nil
	}
	if len(q.Filter.Links()) == 0 {
		return q.Filter.Match(&rec, nil), nil
	}
	from, err := s.LinkedFrom(rec.Ref)
	if err != nil && !errors.Is(err, ErrMiss) {
		return false, err
	}
	var kinds []providers.Kind
	for _, ref := range from {
		kinds = append(kinds, ref.Kind)
	}
	return q.Filter.Match(&rec, func(providers.Ref) []providers.Kind { return kinds }), nil
}

// Moment is a moment in the life of a store, for Since.
type Moment struct {
	epoch int
	seq   uint64
}

// changeLog remembers which records were last written.
type changeLog struct {
	mu   sync.Mutex
	refs []providers.Ref // the newest, at seq-1 modulo their number
	seq  uint64
}

// maxChanges is how many changes are remembered.
const maxChanges = 4096

func (c *changeLog) add(ref providers.Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.refs) < maxChanges {
		c.refs = append(c.refs, ref)
	} else {
		c.refs[c.seq%maxChanges] = ref
	}
	c.seq++
}

// Since names the records that were written or removed since a moment, and the
// moment of the answer. All: too many did, or the store was made anew; anything
// may have changed. The zero Moment is long ago.
func (s *Store) Since(m Moment) (refs []providers.Ref, now Moment, all bool) {
	epoch := s.Epoch()
	c := &s.log
	c.mu.Lock()
	defer c.mu.Unlock()
	now = Moment{epoch: epoch, seq: c.seq}
	if m.epoch != epoch || c.seq-m.seq > uint64(len(c.refs)) {
		return nil, now, true
	}
	for i := m.seq; i < c.seq; i++ {
		refs = append(refs, c.refs[i%maxChanges])
	}
	return refs, now, false
}
