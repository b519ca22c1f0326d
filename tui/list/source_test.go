package list_test

import (
	"context"
	"iter"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/list"
)

// source is the cache, seen through a glass: it counts what is asked of it, and
// gives the beginning of a list before the whole when it is told to.
type source struct {
	list.Source
	part  int               // rows of a first step; 0: the whole at once
	begun []context.Context // of the listings, in order
	read  []int             // how many rows were read at once
	got   []providers.Ref   // records read one by one
	asked int               // records judged by the filter
	warm  []context.Context
	fail  error         // answers every listing
	slow  time.Duration // what a listing takes
	clock time.Time
	rows  int // how many rows there seem to be; 0: as many as there are
}

func (s *source) Listing(q cache.ListQuery) list.Listing {
	return &listing{of: s, inner: s.Source.Listing(q)}
}

func (s *source) Get(ref providers.Ref) (providers.Record, time.Time, error) {
	s.got = append(s.got, ref)
	return s.Source.Get(ref)
}

func (s *source) Passes(q cache.ListQuery, rec providers.Record) (bool, error) {
	s.asked++
	return s.Source.Passes(q, rec)
}

func (s *source) Warm(ctx context.Context, _ cache.ListQuery) error {
	s.warm = append(s.warm, ctx)
	return ctx.Err()
}

type listing struct {
	of    *source
	inner list.Listing
	whole list.Snapshot
}

func (l *listing) Next(ctx context.Context) (list.Snapshot, error) {
	if l.whole != nil {
		return l.whole, ctx.Err()
	}
	l.of.begun = append(l.of.begun, ctx)
	l.of.clock = l.of.clock.Add(l.of.slow)
	if l.of.fail != nil {
		return nil, l.of.fail
	}
	snap, err := l.inner.Next(ctx)
	if err != nil {
		return nil, err
	}
	l.whole = watched{snap, l.of}
	if n := l.of.part; n > 0 && n < snap.Len() {
		return beginning{l.whole, n}, nil
	}
	return l.whole, nil
}

// watched is a snapshot that tells what is read of it.
type watched struct {
	list.Snapshot
	of *source
}

func (w watched) Len() int {
	if w.of.rows > 0 {
		return w.of.rows
	}
	return w.Snapshot.Len()
}

func (w watched) Read(from, to int) ([]cache.Entry, error) {
	entries, err := w.Snapshot.Read(from, to)
	w.of.read = append(w.of.read, len(entries))
	return entries, err
}

// beginning is the first rows of a snapshot.
type beginning struct {
	list.Snapshot
	n int
}

func (b beginning) Len() int   { return b.n }
func (b beginning) Done() bool { return false }
func (b beginning) Read(from, to int) ([]cache.Entry, error) {
	return b.Snapshot.Read(from, min(to, b.n))
}

func (b beginning) Find(ref providers.Ref) (int, bool, error) {
	i, ok, err := b.Snapshot.Find(ref)
	return i, ok && i < b.n, err
}
func (b beginning) All() iter.Seq2[cache.Entry, error] { panic("not the whole list") }
