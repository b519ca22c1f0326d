package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/time/rate"

	"bursar/batch"
	"bursar/batch/journal"
	"bursar/cli/bench/meter"
)

// The batch that goals speak of.
const (
	actions    = 10_000
	answerTime = 20 * time.Millisecond // of a changing request, as over a good line
	allowed    = 2000                  // requests a second of the limited run
)

// durableFigures are actions a second.
type durableFigures struct {
	with, without map[int]float64 // by workers
	limited       float64         // requests a second where allowed are
}

func (b *bench) durable(ctx context.Context) (f durableFigures, err error) {
	f = durableFigures{with: map[int]float64{}, without: map[int]float64{}}
	for _, workers := range []int{64, 256} {
		b.say("batches of %s with %d workers", grouped(actions), workers)
		var with, without []float64
		for range 3 { // in turn, so that both see the same machine
			n, err := b.batchOf(ctx, newTill(actions, workers, answerTime), &book{})
			if err != nil {
				return f, err
			}
			without = append(without, n)
			if n, err = b.journalled(ctx, newTill(actions, workers, answerTime)); err != nil {
				return f, err
			}
			with = append(with, n)
		}
		f.with[workers], f.without[workers] = meter.Median(with), meter.Median(without)
	}
	b.say("a batch of %s within a rate limit", grouped(actions))
	t := newTill(actions, 64, answerTime)
	t.limit = rate.NewLimiter(allowed, allowed/50) // 20 ms may be made good: no scheduler is punctual
	_, err = b.journalled(ctx, t)
	f.limited = t.pace()
	return f, err
}

// journalled runs the batch with a durable, encrypted journal of its own.
func (b *bench) journalled(ctx context.Context, t *till) (float64, error) {
	dir, err := os.MkdirTemp(b.dir, "journal")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	j, err := journal.Open(journal.Options{Dir: dir, Key: make([]byte, 32)})
	if err != nil {
		return 0, err
	}
	n, err := b.batchOf(ctx, t, j)
	return n, errors.Join(err, j.Close())
}

// batchOf credits every payment of the till and tells how many a second.
func (b *bench) batchOf(ctx context.Context, t *till, j batch.Journal) (perSecond float64, err error) {
	engine, err := batch.NewEngine(batch.EngineOptions{Accounts: t, Journal: j})
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	plan, err := planOf(t)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	run, err := engine.Start(ctx, plan, batch.StartOptions{})
	if err != nil {
		return 0, err
	}
	report := run.Wait()
	if report.Applied != len(plan.Items) {
		return 0, fmt.Errorf("of %d actions %d were applied: %s", len(plan.Items), report.Applied, report.Stopped)
	}
	return float64(report.Applied) / time.Since(began).Seconds(), nil
}

func planOf(t *till) (batch.Plan, error) {
	var targets []batch.Target
	for _, rec := range t.all() {
		targets = append(targets, batch.Target{Record: &rec, Fetched: rec.Updated, Account: tillAccount})
	}
	return batch.NewPlan(batch.Request{Action: credit, Targets: targets}, t, time.Now())
}
