package batch_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/batch/journal"
	"bursar/providers"
)

// BenchmarkRun carries out 5,000 actions whose requests take twenty milliseconds,
// with the journal in memory and on disk: what durability costs.
func BenchmarkRun(b *testing.B) {
	const records = 5000
	for _, workers := range []int{64, 256} {
		for _, durable := range []bool{false, true} {
			b.Run(fmt.Sprintf("workers=%d/durable=%v", workers, durable), func(b *testing.B) {
				var busy time.Duration
				for b.Loop() {
					s := batchtest.NewSystem(records, "shop")
					p := batchtest.NewProcess(s, workers, "shop")
					p.Of("shop").OnAct(func(providers.Intent) { time.Sleep(20 * time.Millisecond) })
					var j batch.Journal = batchtest.NewJournal()
					if durable {
						disk, err := journal.Open(journal.Options{Dir: b.TempDir()})
						if err != nil {
							b.Fatal(err)
						}
						defer func() { _ = disk.Close() }()
						j = disk
					}
					engine, err := batch.NewEngine(batch.EngineOptions{Accounts: p, Journal: j})
					if err != nil {
						b.Fatal(err)
					}
					d := &desk{t: b, system: s, process: p, engine: engine, clock: newClock()}
					plan := d.plan("payment.credit", nil)
					began := time.Now()
					run, err := engine.Start(context.Background(), plan, batch.StartOptions{})
					if err != nil {
						b.Fatal(err)
					}
					if rep := run.Wait(); rep.Applied != records {
						b.Fatalf("got %+v", rep)
					}
					busy += time.Since(began)
				}
				b.ReportMetric(float64(b.N*records)/busy.Seconds(), "actions/s")
			})
		}
	}
}

// BenchmarkProgress is what a frame of the run's screen asks for.
func BenchmarkProgress(b *testing.B) {
	d := newDesk(b, 10_000)
	run := d.start(d.plan("payment.credit", nil))
	run.Wait()
	b.ReportAllocs()
	for b.Loop() {
		_ = run.Progress()
	}
}
