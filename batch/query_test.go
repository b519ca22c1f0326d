package batch_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/batch/journal"
	"bursar/providers"
)

func TestBatchesAreListedNewestFirst(t *testing.T) {
	d := newDesk(t, 2).resends("payment.repeat", providers.NeverUnasked)
	first := d.run(d.plan("payment.refund", providers.Values{"amount": "1.00"}))
	d.clock.advance(time.Minute)
	d.system.Break("2", batchtest.Hang)
	second := d.run(d.plan("payment.repeat", nil))
	all, err := d.engine.Batches()
	if err != nil || len(all) != 2 || all[0].ID != second.Batch || all[1].ID != first.Batch {
		t.Fatalf("got %+v, %v", all, err)
	}
	if s := all[1]; s.Applied != 2 || s.Finished.IsZero() || s.Open() || s.By != "ann" || s.Sums.Of("RUB").Text() != "2.00" {
		t.Errorf("the closed one: %+v", s)
	}
	if s := all[0]; s.Unknown != 1 || !s.Finished.IsZero() || !s.Open() || strings.Join(s.Accounts, " ") != "shop" {
		t.Errorf("the open one: %+v", s)
	}
	open, err := d.engine.Unfinished()
	if err != nil || len(open) != 1 || open[0].ID != second.Batch {
		t.Errorf("unfinished: %+v, %v", open, err)
	}
}

// A start that was killed half-way leaves items without a batch: there is
// nothing to list, and the plan can be started.
func TestHalfWrittenPlanIsNoBatch(t *testing.T) {
	d := newDesk(t, 3)
	plan := d.plan("payment.credit", nil)
	d.run(plan)
	half := batchtest.NewJournal(d.journal.Disk()[:2]...)
	d = openDesk(t, batchtest.NewSystem(3, "shop"), half, 2, "shop")
	if all, err := d.engine.Batches(); err != nil || len(all) != 0 {
		t.Fatalf("got %+v, %v", all, err)
	}
	if _, err := d.engine.Report(plan.ID); err == nil {
		t.Error("it has a report")
	}
	rep := d.run(plan)
	d.once(rep)
	if rep.Applied != 3 {
		t.Errorf("got %+v", rep)
	}
}

func TestFind(t *testing.T) {
	d := newDesk(t, 1)
	rep := d.run(d.plan("payment.credit", nil))
	if id, err := d.engine.Find(rep.Batch[:6]); err != nil || id != rep.Batch {
		t.Errorf("got %q, %v", id, err)
	}
	for _, prefix := range []string{"", "nothing"} {
		if _, err := d.engine.Find(prefix); err == nil {
			t.Errorf("%q found something", prefix)
		}
	}
}

func TestHistoryTellsTheWholeStory(t *testing.T) {
	d := newDesk(t, 1).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.Only500)
	rep := d.run(d.plan("payment.credit", nil))
	events, err := d.engine.History(rep.Batch, rep.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ev := range events {
		got = append(got, ev.Text())
	}
	want := "planned | sending, attempt 1 | answer: unknown: server error: internal error [500] | read back: not done: it does not show: certainly not done | sending, attempt 2 | answer: applied"
	if strings.Join(got, " | ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " | "), want)
	}
}

func TestUnknownEventTypeIsNotActedUpon(t *testing.T) {
	d := newDesk(t, 1)
	plan := d.plan("payment.credit", nil)
	d.journal.Kill(2, true, d.process.Kill)
	d.start(plan).Wait()
	events := append(d.journal.Disk(), batch.Event{Batch: plan.ID, Type: "superseded", Time: d.clock.Now()})
	_, err := batch.NewEngine(batch.EngineOptions{Accounts: d.process, Journal: batchtest.NewJournal(events...)})
	if err == nil || !strings.Contains(err.Error(), "a newer bursar wrote it") {
		t.Errorf("got %v", err)
	}
}

// TestOverTheRealJournal runs, leaves, resumes and reports over the journal on
// disk.
func TestOverTheRealJournal(t *testing.T) {
	dir := t.TempDir()
	s := batchtest.NewSystem(40, "shop")
	s.Break("7", batchtest.ApplyHang)
	s.Break("9", batchtest.Hang)
	var plan batch.Plan
	for round := range 3 {
		j, err := journal.Open(journal.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		p := batchtest.NewProcess(s, 4, "shop")
		p.Of("shop").Resends("payment.credit", providers.AfterReadBack)
		c := newClock()
		engine, err := batch.NewEngine(batch.EngineOptions{Accounts: p, Journal: j, Now: c.Now, Wait: c.Wait})
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{t: t, system: s, process: p, engine: engine, clock: c}
		ctx, leave := context.WithCancel(t.Context())
		acts := make(chan struct{}, 100)
		p.Of("shop").OnAct(func(providers.Intent) {
			if acts <- struct{}{}; len(acts) == 10 && round < 2 {
				leave()
			}
		})
		var run *batch.Run
		if round == 0 {
			plan = d.plan("payment.credit", nil)
			run, err = engine.Start(ctx, plan, batch.StartOptions{By: "ann"})
		} else {
			run, err = engine.Resume(ctx, plan.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		rep := run.Wait()
		d.balanced(rep)
		d.once(rep)
		if done := rep.Applied == 40; done != (round == 2) {
			t.Errorf("round %d: %+v", round, rep)
		}
		leave()
		engine.Close()
		if _, err := j.Verify(); err != nil {
			t.Error(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// counted counts how often the events of a batch are read.
type counted struct {
	*batchtest.Journal
	reads int
}

func (c *counted) Events(id string, fn func(batch.Event) error) error {
	c.reads++
	return c.Journal.Events(id, fn)
}

// The list of batches is looked at all the time: an open batch is folded when
// something came of it, and not before.
func TestAnOpenBatchIsFoldedOnce(t *testing.T) {
	d := newDesk(t, 2).resends("payment.repeat", providers.NeverUnasked)
	d.system.Break("2", batchtest.Hang)
	rep := d.run(d.plan("payment.repeat", nil))
	j := &counted{Journal: d.journal}
	engine, err := batch.NewEngine(batch.EngineOptions{Accounts: d.process, Journal: j, Now: d.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	look := func() batch.Summary {
		t.Helper()
		all, err := engine.Batches()
		if err != nil || len(all) != 1 {
			t.Fatalf("got %+v, %v", all, err)
		}
		return all[0]
	}
	began := j.reads
	for range 5 {
		if s := look(); s.Unknown != 1 || s.Applied != 1 {
			t.Fatalf("got %+v", s)
		}
	}
	if j.reads != began {
		t.Errorf("the events were read %d times for the same list", j.reads-began)
	}
	for _, it := range rep.Items {
		if it.State == batch.StateUnknown {
			if err := engine.Answer(context.Background(), rep.Batch, it.ID, batch.AnswerSendAgain, "ann"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := look(); s.Unknown != 0 || s.Waiting != 1 {
		t.Errorf("after an answer: %+v", s)
	}
}
