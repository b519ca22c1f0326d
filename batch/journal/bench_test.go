package journal

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/batch"
)

// BenchmarkGroupCommit is what a batch asks of the journal per action: one
// event that must be on disk before the request, one that need not wait.
func BenchmarkGroupCommit(b *testing.B) {
	for _, workers := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			j := open(b, b.TempDir())
			b.ReportAllocs()
			b.ResetTimer()
			var next atomic.Int64
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						if err := j.Append(event("a", int(i))); err != nil {
							b.Error(err)
							return
						}
						if err := j.AppendLater(event("a", int(i))); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "actions/s")
			b.ReportMetric(float64(2*b.N)/float64(j.groups), "events/wait")
			if err := j.store.drain(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(2*b.N)/float64(j.store.commits), "events/commit")
		})
	}
}

// BenchmarkPlan is the writing of a plan of ten thousand records.
func BenchmarkPlan(b *testing.B) {
	j := open(b, b.TempDir())
	events := make([]batch.Event, 10_000)
	for i := range events {
		events[i] = event("a", i)
	}
	for b.Loop() {
		if err := j.Append(events...); err != nil {
			b.Fatal(err)
		}
	}
}
