package batch_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/providers"
)

// desk is a program at work: one process over a system and a journal.
type desk struct {
	t       testing.TB
	system  *batchtest.System
	process *batchtest.Process
	journal *batchtest.Journal
	engine  *batch.Engine
	clock   *clock

	mu      sync.Mutex
	changed map[providers.Ref]providers.Record
	removed []providers.Ref
	pace    func() // called before each item; nil: nothing
}

// clock stands still but for the waits.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) waited(d time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.waits {
		if w == d {
			return true
		}
	}
	return false
}

// newDesk opens a desk over n new payments at one account with four workers.
func newDesk(t testing.TB, n int) *desk {
	return openDesk(t, batchtest.NewSystem(n, "shop"), batchtest.NewJournal(), 4, "shop")
}

func openDesk(t testing.TB, s *batchtest.System, j *batchtest.Journal, workers int, accounts ...string) *desk {
	return deskOver(t, s, j, batchtest.NewProcess(s, workers, accounts...), newClock())
}

func deskOver(t testing.TB, s *batchtest.System, j *batchtest.Journal, p *batchtest.Process, c *clock) *desk {
	t.Helper()
	d := &desk{t: t, system: s, process: p, journal: j, clock: c, changed: map[providers.Ref]providers.Record{}}
	var err error
	d.engine, err = batch.NewEngine(batch.EngineOptions{
		Accounts: p, Journal: j, Now: c.Now, Wait: c.Wait,
		Pace: func(context.Context) {
			if d.pace != nil {
				d.pace()
			}
		},
		Changed: func(r providers.Record) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.changed[r.Ref] = r
		},
		Removed: func(ref providers.Ref) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.removed = append(d.removed, ref)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// resends sets the class of all actions at all accounts.
func (d *desk) resends(action string, r providers.Resend) *desk {
	for _, p := range d.process.All() {
		d.process.Of(p.Info().Account).Resends(action, r)
	}
	return d
}

// plan is an action on every payment, with the same values.
func (d *desk) plan(action string, v providers.Values) batch.Plan {
	d.t.Helper()
	req := batch.Request{Action: action, By: "ann"}
	for _, rec := range d.system.Records() {
		if rec.Ref.Kind == providers.Payment {
			req.Targets = append(req.Targets, batch.Target{Record: &rec, Values: v})
		}
	}
	p, err := batch.NewPlan(req, d.process, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// payouts is a plan of n payouts to make.
func (d *desk) payouts(n int) batch.Plan {
	d.t.Helper()
	req := batch.Request{Action: "payout.create", By: "ann"}
	for range n {
		req.Targets = append(req.Targets, batch.Target{Account: "shop", Values: providers.Values{"amount": "10.00"}})
	}
	p, err := batch.NewPlan(req, d.process, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d *desk) start(p batch.Plan) *batch.Run {
	d.t.Helper()
	run, err := d.engine.Start(context.Background(), p, batch.StartOptions{By: "ann"})
	if err != nil {
		d.t.Fatal(err)
	}
	return run
}

func (d *desk) resume(id string) *batch.Run {
	d.t.Helper()
	run, err := d.engine.Resume(context.Background(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return run
}

// run carries a plan out to its end.
func (d *desk) run(p batch.Plan) batch.Report {
	d.t.Helper()
	rep := d.start(p).Wait()
	d.balanced(rep)
	return rep
}

// balanced checks the equation of a report, in numbers and money, and that the
// journal tells the same.
func (d *desk) balanced(rep batch.Report) {
	d.t.Helper()
	if rep.Applied+rep.Refused+rep.Held+rep.Unknown+rep.Waiting != rep.Planned {
		d.t.Errorf("report does not add up: %+v", rep)
	}
	sum := providers.Sums{}
	for _, state := range []string{"applied", "refused", "held", "unknown", "waiting"} {
		sum = sum.Plus(rep.Sums[state])
	}
	if !sum.Equal(rep.Sums["planned"]) {
		d.t.Errorf("sums do not add up: %v of %v", sum, rep.Sums["planned"])
	}
	again, err := d.engine.Report(rep.Batch)
	if err != nil {
		d.t.Fatal(err)
	}
	if again.Applied != rep.Applied || again.Refused != rep.Refused || again.Held != rep.Held || again.Unknown != rep.Unknown {
		d.t.Errorf("the journal tells %+v, the run told %+v", again, rep)
	}
}

// once checks that the ledger has each applied item exactly once and nothing
// else but what is unknown.
func (d *desk) once(rep batch.Report) {
	d.t.Helper()
	made := map[string]int{}
	for _, e := range d.system.Ledger() {
		made[e.Key]++
	}
	for _, it := range rep.Items {
		n := made[it.Key]
		switch {
		case n > 1:
			d.t.Errorf("%s was done %d times", it.Ref, n)
		case it.State == batch.StateApplied && n != 1:
			d.t.Errorf("%s is applied and the ledger does not have it", it.Ref)
		case it.State != batch.StateApplied && it.State != batch.StateUnknown && n != 0:
			d.t.Errorf("%s is %s and the ledger has it", it.Ref, it.State)
		}
	}
}

func item(t testing.TB, rep batch.Report, id string) batch.ReportItem {
	t.Helper()
	for _, it := range rep.Items {
		if it.Ref.ID == id {
			return it
		}
	}
	t.Fatalf("no item %s in the report", id)
	return batch.ReportItem{}
}

func payment(id string) providers.Ref {
	return providers.Ref{Account: "shop", Kind: providers.Payment, ID: id}
}
