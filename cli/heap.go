package cli

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapRoom is how far the heap may grow beyond what is in use before garbage is
// collected. Go lets it double, which is too much once the columns of a million
// rows are in memory: nearly all of it is text without pointers, and collecting
// costs next to nothing.
const heapRoom = 24 << 20

// paceHeap keeps the heap within heapRoom of what is in use, from one collection
// to the next, until ctx ends. Small heaps may double as ever.
func paceHeap(ctx context.Context) {
	before := debug.SetGCPercent(100)
	context.AfterFunc(ctx, func() { debug.SetGCPercent(before) })
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var watch func(*[64]byte)
	watch = func(mark *[64]byte) {
		if ctx.Err() != nil {
			return
		}
		metrics.Read(sample)
		debug.SetGCPercent(percentFor(sample[0].Value.Uint64()))
		runtime.SetFinalizer(mark, watch) // runs after the next collection
	}
	runtime.SetFinalizer(new([64]byte), watch)
}

// percentFor is the growth in percent that gives a heap its room.
func percentFor(live uint64) int {
	const least = 10
	return int(max(least, min(100, heapRoom*100/max(live, 1)))) //nolint:gosec // at most 100
}
