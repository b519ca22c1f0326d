package list

import (
	"context"
	"iter"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// Source is where lists come from: the cache. All of it may ask the disk but
// Since, and is asked by commands only.
type Source interface {
	Listing(q cache.ListQuery) Listing
	Get(ref providers.Ref) (providers.Record, time.Time, error)
	// Passes reports whether a list shows a record.
	Passes(q cache.ListQuery, rec providers.Record) (bool, error)
	// Since names the records that changed since a moment; all: any may have.
	Since(m cache.Moment) (refs []providers.Ref, now cache.Moment, all bool)
	// Warm prepares for filters on a list. The end of ctx ends it.
	Warm(ctx context.Context, q cache.ListQuery) error
}

// Listing is a list that is being put together: a prefix of it first, the whole
// a little later.
type Listing interface {
	Next(ctx context.Context) (Snapshot, error)
}

// Snapshot is an immutable list. Its rows may lie on the disk.
type Snapshot interface {
	Len() int
	Total() int // before the filter
	Done() bool // it is the whole list
	Read(from, to int) ([]cache.Entry, error)
	Find(ref providers.Ref) (int, bool, error)
	Nearest(at, step int, refs []providers.Ref) (int, bool, error)
	All() iter.Seq2[cache.Entry, error]
}

// Cached is the cache as the source of lists.
func Cached(s *cache.Store) Source { return cached{s} }

type cached struct{ *cache.Store }

// Listing begins a list.
func (c cached) Listing(q cache.ListQuery) Listing { return listing{c.Store.Listing(q)} }

type listing struct{ of *cache.Listing }

// Next goes on until there is something to show.
func (l listing) Next(ctx context.Context) (Snapshot, error) {
	snap, err := l.of.Next(ctx)
	if err != nil {
		return nil, err // never a Snapshot that holds a nil one
	}
	return snap, nil
}
