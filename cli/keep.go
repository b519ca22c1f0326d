package cli

import (
	"sync"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// keepInterval is how long a record that a batch read may wait for company on
// its way into the cache: one commit for each of ten thousand would cost more
// than the requests.
const keepInterval = 50 * time.Millisecond

// keeper brings the records that batches read afresh into the cache, in their
// order. The cache is rebuildable: a failure costs a later sync, never the batch.
type keeper struct {
	store *cache.Store
	now   func() time.Time

	mu    sync.Mutex
	queue []kept
	wake  chan struct{}
	end   chan struct{}
	done  chan struct{}
}

// kept is a record as it was read, or one that is gone.
type kept struct {
	record providers.Record
	at     time.Time
	gone   bool
}

func newKeeper(store *cache.Store, now func() time.Time) *keeper {
	k := &keeper{store: store, now: now, wake: make(chan struct{}, 1), end: make(chan struct{}), done: make(chan struct{})}
	go k.run()
	return k
}

// keep takes a record that was read just now.
func (k *keeper) keep(r providers.Record) { k.add(kept{record: r, at: k.now()}) }

// drop takes a record that is gone.
func (k *keeper) drop(ref providers.Ref) {
	k.add(kept{record: providers.Record{Ref: ref}, gone: true})
}

func (k *keeper) add(one kept) {
	k.mu.Lock()
	k.queue = append(k.queue, one)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *keeper) run() {
	defer close(k.done)
	for {
		select {
		case <-k.end:
			k.flush()
			return
		case <-k.wake:
		}
		company := time.NewTimer(keepInterval)
		select {
		case <-k.end:
		case <-company.C:
		}
		company.Stop()
		k.flush()
	}
}

// Close brings in what is left. Nothing may be kept afterwards.
func (k *keeper) Close() error {
	close(k.end)
	<-k.done
	return nil
}

// flush writes what has gathered. A record that came twice is written twice:
// the cache merges each reading with the one before.
func (k *keeper) flush() {
	k.mu.Lock()
	queue := k.queue
	k.queue = nil
	k.mu.Unlock()
	for len(queue) > 0 {
		n := company(queue)
		if queue[0].gone {
			_ = k.store.Remove(refsOf(queue[:n])...)
		} else {
			_, _ = k.store.Put(queue[0].at, recordsOf(queue[:n])...)
		}
		queue = queue[n:]
	}
}

// company is how many of the first go into one commit: alike, each record once.
// All count as read when the first was: none is taken for newer than it is.
func company(queue []kept) int {
	seen := map[providers.Ref]bool{}
	for i, one := range queue {
		if one.gone != queue[0].gone || seen[one.record.Ref] {
			return i
		}
		seen[one.record.Ref] = true
	}
	return len(queue)
}

func recordsOf(queue []kept) []providers.Record {
	out := make([]providers.Record, len(queue))
	for i, one := range queue {
		out[i] = one.record
	}
	return out
}

func refsOf(queue []kept) []providers.Ref {
	out := make([]providers.Ref, len(queue))
	for i, one := range queue {
		out[i] = one.record.Ref
	}
	return out
}
