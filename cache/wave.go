package cache

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sync/errgroup"

	"bursar/cache/columns"
	"bursar/providers"
)

// maxWave is how many leaves are looked at before somebody may say stop.
const maxWave = 256

// unread reports whether one of the next leaves has to be read from the disk.
func (l *Listing) unread(size int) bool {
	for _, n := range l.todo[:min(size, len(l.todo))] {
		f := l.snap.leaves[n]
		if l.snap.parts[f.part].seg.leaves[f.leaf].block.Load() == nil {
			return true
		}
	}
	return false
}

// wave brings the next leaves into memory and gives each to a function, on as
// many processors as there are. Look is called with the number of the worker.
func (l *Listing) wave(ctx context.Context, size int, look func(worker, leaf int) error) error {
	now := l.todo[:min(size, len(l.todo))]
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for w := range min(runtime.NumCPU(), len(now)) {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(now); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				f := &l.snap.leaves[now[i]]
				b, err := l.store.block(l.snap.parts[f.part].seg, f.leaf)
				if err != nil {
					return err
				}
				f.block = b
				if err := look(w, now[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	l.todo = l.todo[len(now):]
	return nil
}

// look searches a leaf that is in memory.
func (l *Listing) look(worker, leaf int) error {
	f := l.snap.leaves[leaf]
	l.hits[leaf] = l.search[worker].Rows(nil, uint32(leaf)<<rowBits, f.block, l.linked[f.part]) //nolint:gosec // bounded by memory
	return nil
}

// linkedFrom tells, for a filter with has:, which of the wanted kinds link to
// each record of a segment; nil when none is wanted.
func (s *Store) linkedFrom(id segID, wanted []providers.Kind) (columns.Linked, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	by := map[string]uint32{} // sets of kinds by their number among the wanted
	prefix := append(segPrefix(id, secLink), '/')
	err := s.use(func(db *badger.DB) error {
		clear(by)
		return eachKey(db, prefix, func(key []byte) {
			target, source, ok := linkOf(string(key[len(prefix):]))
			if i := slices.Index(wanted, source.Kind); ok && i >= 0 {
				by[target] |= 1 << i
			}
		})
	})
	return func(record string, kind providers.Kind) bool {
		i := slices.Index(wanted, kind)
		return i >= 0 && by[record]&(1<<i) != 0
	}, err
}
