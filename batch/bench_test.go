package batch_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/batch/journal"
	"bursar/providers"
)

// benchActions is how many actions a batch of these benchmarks has.
const benchActions = 10_000

// BenchmarkRun carries out 10,000 actions with the journal in memory and on
// disk, as it is kept: what durability costs. Requests of twenty milliseconds
// are what a payment system takes at best; without any, engine and journal are
// all there is.
func BenchmarkRun(b *testing.B) {
	for _, request := range []time.Duration{20 * time.Millisecond, 2 * time.Millisecond, 0} {
		for _, workers := range []int{64, 256} {
			for _, durable := range []bool{false, true} {
				b.Run(fmt.Sprintf("request=%v/workers=%d/durable=%v", request, workers, durable), func(b *testing.B) {
					b.ReportAllocs()
					var busy time.Duration
					for b.Loop() {
						busy += benchRun(b, request, workers, durable)
					}
					b.ReportMetric(float64(b.N*benchActions)/busy.Seconds(), "actions/s")
				})
			}
		}
	}
}

func benchRun(b *testing.B, request time.Duration, workers int, durable bool) time.Duration {
	b.Helper()
	s := batchtest.NewSystem(benchActions, "shop")
	p := batchtest.NewProcess(s, workers, "shop")
	p.Of("shop").OnAct(func(providers.Intent) { time.Sleep(request) })
	var j batch.Journal = batchtest.NewJournal()
	if durable {
		disk, err := journal.Open(journal.Options{Dir: b.TempDir(), Key: bytes.Repeat([]byte{7}, 32)})
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
	if rep := run.Wait(); rep.Applied != benchActions {
		b.Fatalf("got %+v", rep)
	}
	return time.Since(began)
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
