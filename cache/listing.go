package cache

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/columns"
	"bursar/providers"
)

// Listing is a list that is being put together: the beginning of it first, the
// whole a little later. It is for one goroutine at a time.
type Listing struct {
	store *Store
	q     ListQuery

	begun  bool
	snap   Snapshot // what all its snapshots have in common
	linked []columns.Linked
	todo   []int               // leaves that were not looked at yet, newest first
	hits   [][]uint32          // the rows of each leaf that pass
	search []*columns.Searcher // by worker
}

// Listing begins a list. Nothing is read before Next.
func (s *Store) Listing(q ListQuery) *Listing { return &Listing{store: s, q: q} }

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

// Warm reads what filters and orders of a kind need, so that the first of them
// need not wait for the disk, and makes it ready for the next start.
func (s *Store) Warm(ctx context.Context, q ListQuery) error {
	l := s.Listing(ListQuery{Kind: q.Kind, Accounts: q.Accounts, Sort: ID})
	if err := l.begin(); err != nil {
		return err
	}
	fresh := l.unread(len(l.todo))
	for len(l.todo) > 0 {
		if err := l.wave(ctx, maxWave, func(int, int) error { return nil }); err != nil {
			return err
		}
	}
	if fresh {
		defer debug.FreeOSMemory() // reading leaves as much behind as it keeps
	}
	for _, p := range l.snap.parts {
		if err := s.Keep(ctx, p.seg.id.Account, p.seg.id.Kind); err != nil {
			return err
		}
	}
	return nil
}

// firstRows is how many rows are worth to be shown before the rest is known: while
// leaves are read from the disk, or manyLeaves are left to be searched.
const (
	firstRows  = 256
	manyLeaves = 256
)

// Next goes on until there is something to show: the first call returns as soon
// as the first rows are known for good, the last one the whole list, which
// Snapshot.Done tells. Rows of an earlier snapshot keep their places in a later
// one. The end of ctx ends it with ctx's error.
func (l *Listing) Next(ctx context.Context) (*Snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	first := !l.begun
	if err := l.begin(); err != nil {
		return nil, err
	}
	if l.snap.natural {
		return l.whole(nil), nil
	}
	byCreation := l.q.Sort == Created || l.q.Sort == ""
	early := first && byCreation && !l.q.Ascending
	for size := 4; len(l.todo) > 0; size = min(2*size, maxWave) {
		fresh := l.unread(size)
		if err := l.wave(ctx, size, l.look); err != nil {
			return nil, err
		}
		if early && len(l.todo) > 0 && (fresh || len(l.todo) >= manyLeaves) {
			if rows := l.certain(); len(rows) >= firstRows {
				snap := l.whole(rows)
				snap.done = false
				return snap, nil
			}
		}
	}
	rows := l.merged()
	switch {
	case !byCreation:
		if err := l.snap.sortBy(ctx, rows, l.q.Sort, l.q.Ascending); err != nil {
			return nil, err
		}
	case l.q.Ascending:
		dated := sort.Search(len(rows), func(i int) bool { return l.snap.created(rows[i]) == 0 })
		slices.Reverse(rows[:dated])
	}
	return l.whole(rows), nil
}

// whole is a snapshot with these rows.
func (l *Listing) whole(rows []rowID) *Snapshot {
	snap := l.snap
	snap.rows, snap.done = rows, true
	snap.leaves = slices.Clone(l.snap.leaves)
	return &snap
}

// begin looks which parts there are and what has to be looked at.
func (l *Listing) begin() error {
	if l.begun {
		return nil
	}
	s := &l.snap
	s.store = l.store
	for _, id := range l.store.segmentsOf(l.q) {
		seg, err := l.store.segment(id)
		if err != nil {
			return err
		}
		s.parts, s.total = append(s.parts, part{seg: seg, starts: seg.starts()}), s.total+seg.total
	}
	l.begun = true
	if l.q.Filter.Empty() && (l.q.Sort == Created || l.q.Sort == "") {
		s.natural, s.ascending = true, l.q.Ascending
		return l.countDated()
	}
	return l.prepare()
}

// countDated counts the rows that have a date, where the order needs it.
func (l *Listing) countDated() error {
	s := &l.snap
	if !s.ascending {
		return nil
	}
	return l.store.use(func(db *badger.DB) error {
		return db.View(func(txn *badger.Txn) error {
			s.dated = 0
			for i := range s.parts {
				s.dated += s.parts[i].rank(txn, order(0, "")[:8])
			}
			return nil
		})
	})
}

// prepare makes the list of leaves to look at.
func (l *Listing) prepare() error {
	s := &l.snap
	var from []uint64
	for p := range s.parts {
		for i, lf := range s.parts[p].seg.leaves {
			l.todo = append(l.todo, len(s.leaves))
			s.leaves = append(s.leaves, flat{part: p, leaf: i})
			from = append(from, createdOf(lf.from))
		}
		linked, err := l.store.linkedFrom(s.parts[p].seg.id, l.q.Filter.Links())
		if err != nil {
			return err
		}
		l.linked = append(l.linked, linked)
	}
	slices.SortStableFunc(l.todo, func(a, b int) int {
		switch {
		case from[a] > from[b]:
			return -1
		case from[a] < from[b]:
			return 1
		}
		return 0
	})
	l.hits = make([][]uint32, len(s.leaves))
	for range runtime.NumCPU() {
		l.search = append(l.search, columns.NewSearcher(l.q.Filter))
	}
	return nil
}

// certain are the rows that no leaf which was not looked at can get between.
func (l *Listing) certain() []rowID {
	rows := l.merged()
	next := l.snap.leaves[l.todo[0]]
	newest := createdOf(l.snap.parts[next.part].seg.leaves[next.leaf].from)
	return rows[:sort.Search(len(rows), func(i int) bool { return l.snap.created(rows[i]) <= newest })]
}

// merged are the rows of all parts, newest first.
func (l *Listing) merged() []rowID {
	var out, rows []rowID
	for n, f := range l.snap.leaves {
		for _, r := range l.hits[n] {
			rows = append(rows, rowID(r))
		}
		if last := n+1 == len(l.snap.leaves); last || l.snap.leaves[n+1].part != f.part {
			out, rows = l.snap.mergeTwo(out, rows), nil
		}
	}
	return out
}

func (s *Snapshot) mergeTwo(a, b []rowID) []rowID {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]rowID, 0, len(a)+len(b))
	x, y := s.created(a[0]), s.created(b[0])
	for {
		// On a tie the first account's row leads.
		if y > x {
			if out, b = append(out, b[0]), b[1:]; len(b) == 0 {
				return append(out, a...)
			}
			y = s.created(b[0])
		} else {
			if out, a = append(out, a[0]), a[1:]; len(a) == 0 {
				return append(out, b...)
			}
			x = s.created(a[0])
		}
	}
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
	if err != nil {
		return false, err
	}
	kinds := make([]providers.Kind, len(from))
	for i, ref := range from {
		kinds[i] = ref.Kind
	}
	return q.Filter.Match(&rec, func(providers.Ref) []providers.Kind { return kinds }), nil
}
