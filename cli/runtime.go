package cli

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// processors is how many goroutines may run at once. With no more than there are
// cores, a key that comes while a sync decodes and compacts waits until one of
// those goroutines is stopped, up to 10 ms; with some to spare a thread is free
// for it at once, and the kernel gives it a core.
func processors() int { return max(8, 4*runtime.NumCPU()) }

// spareProcessors gives the process some more processors than there are cores,
// until ctx ends.
func spareProcessors(ctx context.Context) {
	before := runtime.GOMAXPROCS(processors())
	context.AfterFunc(ctx, func() { runtime.GOMAXPROCS(before) })
}

// startRoom is the memory in which the workstation starts without collecting
// garbage: opening a large store reads the index of each of its tables several
// times, and there is no time to look through what that leaves.
const startRoom = 128 << 20

// startLazily collects no garbage within startRoom until the returned function is
// called, or ctx ends.
func startLazily(ctx context.Context) (started func()) {
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(startRoom)
	started = sync.OnceFunc(func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	})
	context.AfterFunc(ctx, started)
	return started
}

// heapRoom is how far the heap may grow beyond what is in use before garbage is
// collected, and mostGrowth the same in percent for small heaps. Go lets a heap
// double, which is too much once the columns of a million rows are in memory:
// nearly all of it is text without pointers, and collecting costs next to nothing.
const (
	heapRoom   = 24 << 20
	mostGrowth = 30
)

// paceHeap gives back what is not in use, and keeps the heap within its room from
// one collection to the next, until ctx ends.
func paceHeap(ctx context.Context) {
	before := debug.SetGCPercent(mostGrowth)
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
	debug.FreeOSMemory()
}

// percentFor is the growth in percent that gives a heap its room.
func percentFor(live uint64) int {
	const least = 10
	return int(max(least, min(mostGrowth, heapRoom*100/max(live, 1)))) //nolint:gosec // at most mostGrowth
}
