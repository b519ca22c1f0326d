package batch_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/providers"
)

// gate lets changing requests through one by one.
type gate struct{ at, pass chan struct{} }

func newGate(d *desk) gate {
	g := gate{at: make(chan struct{}), pass: make(chan struct{})}
	d.process.Of("shop").OnAct(func(providers.Intent) {
		g.at <- struct{}{}
		<-g.pass
	})
	return g
}

func (g gate) one() { <-g.at; g.pass <- struct{}{} }

func oneWorker(t *testing.T, n int) *desk {
	return openDesk(t, batchtest.NewSystem(n, "shop"), batchtest.NewJournal(), 1, "shop")
}

func TestPauseAndContinue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 3)
		g := newGate(d)
		run := d.start(d.plan("payment.credit", nil))
		<-g.at
		run.Pause()
		g.pass <- struct{}{}
		synctest.Wait()
		p := run.Progress()
		if !p.Paused || p.Counts[batch.StateApplied] != 1 || p.Counts[batch.StatePlanned] != 2 || p.Accounts[0].Waiting != 2 {
			t.Errorf("paused: %+v", p)
		}
		run.Continue()
		g.one()
		g.one()
		if rep := run.Wait(); rep.Applied != 3 {
			t.Errorf("got %+v", rep)
		}
		synctest.Wait()
		for range run.Changed() { // closed at the end, whatever was coalesced
		}
	})
}

func TestCancelLeavesTheRestUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 4)
		g := newGate(d)
		run := d.start(d.plan("payment.credit", nil))
		<-g.at
		run.Cancel()
		g.pass <- struct{}{}
		rep := run.Wait()
		d.balanced(rep)
		d.once(rep)
		if rep.Applied != 1 || rep.Held != 3 || !rep.Cancelled || rep.Finished.IsZero() {
			t.Errorf("got %+v", rep)
		}
		if it := item(t, rep, "4"); it.State != batch.StateHeld || it.Reason != "not sent: cancelled" || it.Outcome != "" {
			t.Errorf("got %+v", it)
		}
		if _, err := d.engine.Resume(context.Background(), rep.Batch); err == nil {
			t.Error("a cancelled batch was resumed")
		}
	})
}

func TestCancelStillFindsOutWhatIsUnknown(t *testing.T) {
	for fault, want := range map[batchtest.Fault]batch.State{batchtest.ApplyHang: batch.StateApplied, batchtest.Hang: batch.StateHeld} {
		d := oneWorker(t, 2).resends("payment.credit", providers.AfterReadBack)
		d.system.Break("1", fault)
		g := newGate(d)
		run := d.start(d.plan("payment.credit", nil))
		<-g.at
		run.Cancel()
		g.pass <- struct{}{}
		rep := run.Wait()
		d.balanced(rep)
		d.once(rep)
		if it := item(t, rep, "1"); it.State != want || d.system.Writes("1") != 1 {
			t.Errorf("%s: got %+v after %d writes", fault, it, d.system.Writes("1"))
		}
	}
}

func TestEndOfContextLeavesTheRestPlannedAndWaitsForTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 3)
		g := newGate(d)
		ctx, leave := context.WithCancel(t.Context())
		run, err := d.engine.Start(ctx, d.plan("payment.credit", nil), batch.StartOptions{})
		if err != nil {
			t.Fatal(err)
		}
		<-g.at
		leave()
		synctest.Wait()
		if run.Progress().Done {
			t.Fatal("the run ended with a request on its way")
		}
		g.pass <- struct{}{}
		rep := run.Wait()
		d.balanced(rep)
		if rep.Applied != 1 || rep.Waiting != 2 {
			t.Errorf("got %+v", rep)
		}
		open, err := d.engine.Unfinished()
		if err != nil || len(open) != 1 || open[0].Waiting != 2 || open[0].Running {
			t.Fatalf("unfinished: %+v, %v", open, err)
		}
		d.process.Of("shop").OnAct(nil)
		if rep := d.resume(rep.Batch).Wait(); rep.Applied != 3 {
			t.Errorf("resumed: %+v", rep)
		}
	})
}

func TestCloseSuspendsRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 3)
		g := newGate(d)
		run := d.start(d.plan("payment.credit", nil))
		<-g.at
		go func() { g.pass <- struct{}{} }()
		d.engine.Close()
		if rep := run.Wait(); rep.Applied != 1 || rep.Waiting != 2 {
			t.Errorf("got %+v", rep)
		}
		if _, err := d.engine.Start(t.Context(), d.plan("payment.delete", nil), batch.StartOptions{}); err == nil {
			t.Error("a closed engine started a batch")
		}
	})
}

func TestLimitPausesTheAccount(t *testing.T) {
	d := newDesk(t, 8)
	d.system.Break("1", batchtest.Limited)
	rep := d.run(d.plan("payment.credit", nil))
	d.once(rep)
	if rep.Applied != 8 || !d.clock.waited(3*time.Second) {
		t.Errorf("waits %v, report %+v", d.clock.waits, rep)
	}
	if it := item(t, rep, "1"); it.Attempts != 2 {
		t.Errorf("%d attempts", it.Attempts)
	}
}

func TestLostNetworkStopsTheAccountAndNotTheOther(t *testing.T) {
	s := batchtest.NewSystem(3, "shop", "other")
	d := openDesk(t, s, batchtest.NewJournal(), 1, "shop", "other")
	plan := d.plan("payment.credit", nil)
	for range 20 {
		for _, id := range []string{"1", "2", "3"} {
			s.BreakAccount("shop", id, batchtest.Offline)
		}
	}
	run := d.start(plan)
	rep := run.Wait()
	if rep.Applied != 3 || rep.Waiting != 3 || !strings.Contains(rep.Stopped, "no route") {
		t.Fatalf("got %+v", rep)
	}
	p := run.Progress()
	if p.Done || p.Accounts[0].Stopped == "" || p.Accounts[1].Stopped != "" {
		t.Errorf("got %+v", p.Accounts)
	}
	s.Mend()
	run.Continue()
	rep = run.Wait()
	d.once(rep)
	if rep.Applied != 6 || batch.ExitCode(rep) != 0 {
		t.Errorf("got %+v", rep)
	}
}

func TestLoginGoneStopsTheAccount(t *testing.T) {
	d := oneWorker(t, 2)
	d.system.Break("1", batchtest.Expired, batchtest.Expired)
	run := d.start(d.plan("payment.credit", nil))
	rep := run.Wait()
	if rep.Waiting != 2 || !strings.Contains(rep.Stopped, "login") || d.system.Writes("1") != 2 {
		t.Fatalf("got %+v, %d writes", rep, d.system.Writes("1"))
	}
	run.Continue()
	if rep := run.Wait(); rep.Applied != 2 {
		t.Errorf("got %+v", rep)
	}
}

func TestLoginGoneForReadsToo(t *testing.T) {
	d := oneWorker(t, 2)
	d.system.BreakReads("1", batchtest.Expired, batchtest.Expired)
	rep := d.start(d.plan("payment.credit", nil)).Wait()
	if rep.Waiting != 2 || !strings.Contains(rep.Stopped, "login") || d.system.Writes("1") != 0 {
		t.Fatalf("got %+v", rep)
	}
}

func TestOneUnreadableRecordIsHeldOut(t *testing.T) {
	d := oneWorker(t, 3)
	d.system.BreakReads("2", batchtest.Only500, batchtest.Only500, batchtest.Only500, batchtest.Only500)
	rep := d.run(d.plan("payment.credit", nil))
	if rep.Applied != 2 || item(t, rep, "2").State != batch.StateHeld {
		t.Errorf("got %+v", rep)
	}
}

func TestSystemThatFailsEveryReadingStopsTheAccount(t *testing.T) {
	d := oneWorker(t, 6)
	plan := d.plan("payment.credit", nil)
	for _, it := range plan.Items {
		for range 9 {
			d.system.BreakReads(it.Intent.Ref.ID, batchtest.Only500)
		}
	}
	rep := d.start(plan).Wait()
	if rep.Held > 3 || rep.Waiting < 3 || rep.Stopped == "" {
		t.Errorf("got %+v", rep)
	}
}

func TestReadBackThatFailsKeepsItUnknown(t *testing.T) {
	d := oneWorker(t, 2).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.ApplyHang)
	for range 4 {
		d.system.BreakReads("readback 1", batchtest.Only500)
	}
	rep := d.run(d.plan("payment.credit", nil))
	if it := item(t, rep, "1"); it.State != batch.StateUnknown || rep.Applied != 1 || d.system.Writes("1") != 1 {
		t.Fatalf("got %+v", it)
	}
	rep, err := d.engine.Reconcile(context.Background(), rep.Batch)
	if err != nil || rep.Applied != 2 || rep.Finished.IsZero() {
		t.Errorf("got %+v, %v", rep, err)
	}
}

func TestAnswerWhileTheBatchRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 2).resends("payment.repeat", providers.NeverUnasked)
		d.system.Break("1", batchtest.Hang)
		plan := d.plan("payment.repeat", nil)
		g := newGate(d)
		run := d.start(plan)
		g.one()
		<-g.at // the second is on its way, the first is unknown
		if reason, _ := d.engine.Blocked(payment("1")); !strings.Contains(reason, "unknown outcome") {
			t.Errorf("blocked: %q", reason)
		}
		if err := d.engine.Answer(t.Context(), plan.ID, plan.Items[1].Intent.ID, batch.AnswerApplied, "ann"); err == nil {
			t.Error("an item on its way took an answer")
		}
		if err := d.engine.Answer(t.Context(), plan.ID, plan.Items[0].Intent.ID, batch.AnswerSendAgain, "ann"); err != nil {
			t.Fatal(err)
		}
		g.pass <- struct{}{}
		g.one()
		rep := run.Wait()
		d.balanced(rep)
		d.once(rep)
		if rep.Applied != 2 || d.system.Writes("1") != 2 {
			t.Errorf("got %+v", rep)
		}
	})
}

func TestResumeOfARunningBatchContinuesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := oneWorker(t, 2)
		g := newGate(d)
		run := d.start(d.plan("payment.credit", nil))
		<-g.at
		run.Pause()
		again, err := d.engine.Resume(t.Context(), run.ID())
		if err != nil || again != run {
			t.Fatalf("got %p, %v, want %p", again, err, run)
		}
		g.pass <- struct{}{}
		g.one()
		if rep := run.Wait(); rep.Applied != 2 {
			t.Errorf("got %+v", rep)
		}
	})
}

func TestResumeWithoutTheAccountLosesNothing(t *testing.T) {
	d := oneWorker(t, 3)
	plan := d.plan("payment.credit", nil)
	d.journal.Kill(2, true, d.process.Kill)
	d.start(plan).Wait()
	events := d.journal.Disk()

	d = openDesk(t, d.system, batchtest.NewJournal(events...), 1, "other")
	rep := d.resume(plan.ID).Wait()
	if rep.Unknown != 1 || rep.Waiting != 2 || !strings.Contains(rep.Stopped, "not configured") {
		t.Fatalf("got %+v", rep)
	}
	d = openDesk(t, d.system, batchtest.NewJournal(events...), 1, "shop").resends("payment.credit", providers.AfterReadBack)
	rep = d.resume(plan.ID).Wait()
	d.once(rep)
	if rep.Applied != 3 {
		t.Errorf("got %+v", rep)
	}
}

func TestCancelDoesNotSitOutALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := batchtest.NewSystem(2, "shop")
		s.Break("1", batchtest.Limited)
		p := batchtest.NewProcess(s, 1, "shop")
		engine, err := batch.NewEngine(batch.EngineOptions{Accounts: p, Journal: batchtest.NewJournal()}) // real time, which the bubble fakes
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{t: t, system: s, process: p, engine: engine, clock: newClock()}
		began := time.Now()
		run := d.start(d.plan("payment.credit", nil))
		synctest.Wait()
		if why := run.Progress().Accounts[0].Waits; !strings.Contains(why, "too many requests") {
			t.Errorf("the account waits for %q", why)
		}
		run.Cancel()
		rep := run.Wait()
		if rep.Held != 2 || time.Since(began) != 0 {
			t.Errorf("got %+v after %s", rep, time.Since(began))
		}
	})
}

func TestPayoutsToOneContractorFollowOneAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 0)
		req := batch.Request{Action: "payout.create"}
		for _, phone := range []string{"+79990000001", "+79990000001", "+79990000002", "+79990000001"} {
			req.Targets = append(req.Targets, batch.Target{Account: "shop", Values: providers.Values{"amount": "10.00", "phone": phone}})
		}
		plan, err := batch.NewPlan(req, d.process, d.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		g := newGate(d)
		run := d.start(plan)
		<-g.at
		<-g.at
		synctest.Wait()
		if n := run.Progress().Accounts[0].InFlight; n != 2 {
			t.Errorf("%d payouts at once for two contractors", n)
		}
		g.pass <- struct{}{}
		g.pass <- struct{}{}
		g.one()
		g.one()
		if rep := run.Wait(); rep.Applied != 4 {
			t.Errorf("got %+v", rep)
		}
	})
}

func TestPanicOfAClientLeavesItUnknownAndStopsTheAccount(t *testing.T) {
	d := oneWorker(t, 2).resends("payment.credit", providers.AfterReadBack)
	plan := d.plan("payment.credit", nil)
	d.process.Of("shop").OnAct(func(providers.Intent) { panic("index out of range") })
	run := d.start(plan)
	rep := run.Wait()
	if rep.Unknown != 1 || rep.Waiting != 1 || !strings.Contains(rep.Stopped, "index out of range") {
		t.Fatalf("got %+v", rep)
	}
	d.process.Of("shop").OnAct(nil)
	run.Continue()
	rep = run.Wait()
	d.once(rep)
	if rep.Applied != 2 {
		t.Errorf("got %+v", rep)
	}
}
