package cache

import (
	"time"

	"bursar/providers"
)

// Options tells Open where the store is.
type Options struct {
	Dir string // empty: in memory
	Key []byte // 32 bytes; nil leaves it unencrypted
	Now func() time.Time
}

// Store is the cache.
type Store struct{}

// Snapshot is the immutable result of List.
type Snapshot struct{}

func Open(Options) (*Store, error)                                          { return nil, nil }
func (*Store) Close() error                                                 { return nil }
func (*Store) Notice() string                                               { return "" }
func (*Store) Put(fetched time.Time, recs ...providers.Record) (int, error) { return 0, nil }
func (*Store) Remove(refs ...providers.Ref) error                           { return nil }
func (*Store) Get(ref providers.Ref) (providers.Record, time.Time, error) {
	return providers.Record{}, time.Time{}, ErrMiss
}
func (*Store) LinkedFrom(ref providers.Ref) ([]providers.Ref, error) { return nil, nil }
func (*Store) List(q ListQuery) (*Snapshot, error)                   { return nil, nil }
func (*Store) State(account string, kind providers.Kind) SyncState   { return SyncState{} }
func (*Store) States() []SyncState                                   { return nil }
func (*Store) SetState(SyncState) error                              { return nil }
func (*Store) Subscribe(fn func(Change)) (stop func())               { return nil }
func (*Snapshot) Len() int                                           { return 0 }
func (*Snapshot) Total() int                                         { return 0 }
func (*Snapshot) At(i int) Entry                                     { return Entry{} }
func (*Snapshot) Index(ref providers.Ref) (int, bool)                { return 0, false }
