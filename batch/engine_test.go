package batch_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/providers"
)

func TestRunAppliesEveryRecordOnce(t *testing.T) {
	d := newDesk(t, 20)
	rep := d.run(d.plan("payment.credit", nil))
	d.once(rep)
	if rep.Applied != 20 || batch.ExitCode(rep) != 0 {
		t.Errorf("got %+v", rep)
	}
	if got := d.changed[payment("7")].Status.Code; got != "credited" {
		t.Errorf("the cache was told %q", got)
	}
	if rep.Finished.IsZero() || rep.Sums["applied"].Of("RUB").Text() != "2190.00" {
		t.Errorf("got finished %v, sums %v", rep.Finished, rep.Sums["applied"])
	}
	if _, blocked := d.engine.Blocked(payment("7")); blocked {
		t.Error("an applied record stays claimed")
	}
}

func TestRunTellsTheCacheWhatWasDeleted(t *testing.T) {
	d := newDesk(t, 1)
	d.run(d.plan("payment.delete", nil))
	if len(d.removed) != 1 || d.removed[0] != payment("1") {
		t.Errorf("removed %v", d.removed)
	}
}

// TestNothingIsSentAheadOfThePace lets no worker take an item before it was let
// go on.
func TestNothingIsSentAheadOfThePace(t *testing.T) {
	d := newDesk(t, 20)
	var mu sync.Mutex
	paced := 0
	d.pace = func() {
		mu.Lock()
		defer mu.Unlock()
		if sent := len(d.system.Ledger()); sent > paced {
			t.Errorf("%d were sent, %d let go on", sent, paced)
		}
		paced++
	}
	if d.once(d.run(d.plan("payment.credit", nil))); paced < 20 {
		t.Errorf("the pace was asked %d times for 20 records", paced)
	}
}

// TestFaults carries out three records with one fault on the middle one, for
// every fault and every way to send again.
func TestFaults(t *testing.T) {
	type want struct {
		state  batch.State
		done   int // in the ledger
		writes int // requests that reached the system
	}
	applied := func(writes int) want { return want{batch.StateApplied, 1, writes} }
	tests := []struct {
		name   string
		action string
		resend providers.Resend
		fault  batchtest.Fault
		want   want
	}{
		{"done without an answer, read back", "payment.credit", providers.AfterReadBack, batchtest.ApplyHang, applied(1)},
		{"not done without an answer, sent again", "payment.credit", providers.AfterReadBack, batchtest.Hang, applied(2)},
		{"done and a server error", "payment.credit", providers.AfterReadBack, batchtest.Apply500, applied(1)},
		{"not done and a server error", "payment.credit", providers.AfterReadBack, batchtest.Only500, applied(2)},
		{"done and the answer cut", "payment.credit", providers.AfterReadBack, batchtest.Cut, applied(1)},
		{"limited", "payment.credit", providers.AfterReadBack, batchtest.Limited, applied(2)},
		{"login expired", "payment.credit", providers.AfterReadBack, batchtest.Expired, applied(2)},
		{"never left", "payment.credit", providers.AfterReadBack, batchtest.Offline, applied(1)},
		{"refused", "payment.credit", providers.AfterReadBack, batchtest.Refuse, want{batch.StateRefused, 0, 1}},

		{"same key, done without an answer", "payment.refund", providers.SameKey, batchtest.ApplyHang, applied(1)},
		{"same key, not done", "payment.refund", providers.SameKey, batchtest.Hang, applied(2)},
		{"same key, server error", "payment.refund", providers.SameKey, batchtest.Only500, applied(2)},
		{"same key, cut", "payment.refund", providers.SameKey, batchtest.Cut, applied(1)},
		{"same key, limited", "payment.refund", providers.SameKey, batchtest.Limited, applied(2)},
		{"same key, refused", "payment.refund", providers.SameKey, batchtest.Refuse, want{batch.StateRefused, 0, 1}},

		{"never unasked, done and read back", "payment.repeat", providers.NeverUnasked, batchtest.ApplyHang, applied(1)},
		{"never unasked, not done", "payment.repeat", providers.NeverUnasked, batchtest.Hang, want{batch.StateUnknown, 0, 1}},
		{"never unasked, server error", "payment.repeat", providers.NeverUnasked, batchtest.Only500, want{batch.StateUnknown, 0, 1}},
		{"never unasked, limited", "payment.repeat", providers.NeverUnasked, batchtest.Limited, applied(2)},
		{"never unasked, never left", "payment.repeat", providers.NeverUnasked, batchtest.Offline, applied(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, 3).resends(tt.action, tt.resend)
			d.system.Break("2", tt.fault)
			rep := d.run(d.plan(tt.action, nil))
			d.once(rep)
			it := item(t, rep, "2")
			done := 0
			for _, e := range d.system.Ledger() {
				if e.Key == it.Key {
					done++
				}
			}
			if got := (want{it.State, done, d.system.Writes("2")}); got != tt.want {
				t.Errorf("got %+v, want %+v (%s)", got, tt.want, it.Reason)
			}
			if rest := rep.Applied; rest < 2 {
				t.Errorf("the other records suffered: %+v", rep)
			}
			wantRead := tt.fault == batchtest.ApplyHang || tt.fault == batchtest.Apply500 || tt.fault == batchtest.Cut
			if wantRead && !it.Reconciled {
				t.Error("it was found out by reading back and does not say so")
			}
		})
	}
}

func TestBlindReadBack(t *testing.T) {
	tests := []struct {
		name       string
		resend     providers.Resend
		fault      batchtest.Fault
		candidates []providers.Ref
		state      batch.State
		writes     int
	}{
		{"the same key settles what was done", providers.SameKey, batchtest.ApplyHang, nil, batch.StateApplied, 2},
		{"the same key settles what was not done", providers.SameKey, batchtest.Hang, nil, batch.StateApplied, 2},
		{"without a key it stays unknown", providers.AfterReadBack, batchtest.Hang, nil, batch.StateUnknown, 1},
		{"never unasked stays unknown", providers.NeverUnasked, batchtest.ApplyHang, nil, batch.StateUnknown, 1},
		{"candidates are listed", providers.NeverUnasked, batchtest.ApplyHang, []providers.Ref{payment("8"), payment("9")}, batch.StateUnknown, 1},
		{"two candidates are asked about under any key", providers.SameKey, batchtest.ApplyHang, []providers.Ref{payment("8"), payment("9")}, batch.StateUnknown, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, 1).resends("payment.refund", tt.resend)
			d.system.Blind, d.system.Candidates = true, tt.candidates
			d.system.Break("1", tt.fault)
			rep := d.run(d.plan("payment.refund", providers.Values{"amount": "5.00"}))
			d.once(rep)
			it := rep.Items[0]
			if it.State != tt.state || d.system.Writes("1") != tt.writes || len(it.Candidates) != len(tt.candidates) {
				t.Errorf("got %s after %d writes, candidates %v, want %s after %d", it.State, d.system.Writes("1"), it.Candidates, tt.state, tt.writes)
			}
		})
	}
}

func TestSameKeyIsNotTrustedForEver(t *testing.T) {
	d := newDesk(t, 1).resends("payment.refund", providers.SameKey)
	plan := d.plan("payment.refund", nil)
	d.system.Break("1", batchtest.ApplyHang)
	d.journal.Kill(3, false, d.process.Kill) // behind the request, before its answer is journalled
	d.start(plan).Wait()

	clock := newClock()
	clock.advance(24 * time.Hour)
	d.system.Blind = true
	p := batchtest.NewProcess(d.system, 4, "shop")
	p.Of("shop").Resends("payment.refund", providers.SameKey)
	d2 := deskOver(t, d.system, batchtest.NewJournal(d.journal.Disk()...), p, clock)
	rep := d2.resume(plan.ID).Wait()
	if rep.Unknown != 1 || d.system.Writes("1") != 1 {
		t.Errorf("a key that the system may have forgotten was sent again: %+v, %d writes", rep, d.system.Writes("1"))
	}
}

func TestNoAnswerEverIsBounded(t *testing.T) {
	d := newDesk(t, 1).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.Hang, batchtest.Hang, batchtest.Hang, batchtest.Hang, batchtest.Hang)
	rep := d.run(d.plan("payment.credit", nil))
	if d.system.Writes("1") != 3 || rep.Unknown != 1 {
		t.Errorf("%d writes, %+v", d.system.Writes("1"), rep)
	}
	rep = d.resume(rep.Batch).Wait()
	d.once(rep)
	if rep.Applied != 1 {
		t.Errorf("resumed with the system back: %+v", rep.Items)
	}
}

// A request whose answer never came may be done between the read-back and the
// second reading. The record then looks as if somebody else had changed it.
func TestLateApplicationIsNotTakenForSomebodyElses(t *testing.T) {
	for _, action := range []string{"payment.credit", "payment.delete"} {
		t.Run(action, func(t *testing.T) {
			d := newDesk(t, 1).resends(action, providers.AfterReadBack)
			d.system.Break("1", batchtest.Hang)
			d.process.Of("shop").OnReadBack(d.system.Late)
			rep := d.run(d.plan(action, nil))
			d.once(rep)
			if rep.Applied != 1 || rep.Reconciled != 1 || d.system.Writes("1") != 1 {
				t.Errorf("got %+v after %d writes", rep.Items, d.system.Writes("1"))
			}
		})
	}
}

// When somebody else changed the record behind a request that did nothing, the
// item is held out.
func TestSomebodyElsesChangeBehindALostRequestIsHeldOut(t *testing.T) {
	d := newDesk(t, 1).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.Hang)
	d.process.Of("shop").OnReadBack(func(in providers.Intent) {
		rec := d.system.Records()[0]
		rec.Status.Code = "cancelled"
		d.system.Put(rec)
	})
	rep := d.run(d.plan("payment.credit", nil))
	d.once(rep)
	if rep.Held != 1 || !strings.Contains(rep.Items[0].Reason, "new → cancelled") {
		t.Errorf("got %+v", rep.Items)
	}
}

// A system that is slow to answer gets its time before it is asked what it did.
func TestReadBackWaitsBehindATimeout(t *testing.T) {
	d := newDesk(t, 1).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.ApplyHang)
	d.process.Of("shop").OnAct(func(providers.Intent) { d.clock.advance(30 * time.Second) })
	d.run(d.plan("payment.credit", nil))
	if !d.clock.waited(2 * time.Second) {
		t.Errorf("waited %v", d.clock.waits)
	}
}

// A system may apply a request only after the read-back looked. The refusal of
// the second request must not hide that.
func TestLateApplicationIsFound(t *testing.T) {
	d := newDesk(t, 1).resends("payment.credit", providers.AfterReadBack)
	d.system.Break("1", batchtest.Hang, batchtest.Refuse)
	plan := d.plan("payment.credit", nil)
	sent := 0
	d.process.Of("shop").OnAct(func(in providers.Intent) {
		if sent++; sent == 2 {
			d.system.Late(in)
		}
	})
	rep := d.run(plan)
	d.once(rep)
	if rep.Applied != 1 || rep.Reconciled != 1 {
		t.Errorf("got %+v", rep.Items)
	}
}

func TestHeldOut(t *testing.T) {
	d := newDesk(t, 4)
	plan := d.plan("payment.credit", nil)
	changed := d.system.Records()[0]
	changed.Status.Code = "paid"
	d.system.Put(changed)
	d.system.Drop(payment("2"))
	rep := d.run(plan)
	d.once(rep)
	if rep.Held != 2 || rep.Applied != 2 || batch.ExitCode(rep) != 3 {
		t.Fatalf("got %+v", rep)
	}
	if got := item(t, rep, "1").Reason; got != "changed since it was planned: status new → paid" {
		t.Errorf("the diff reads %q", got)
	}
	if got := item(t, rep, "2").Reason; !strings.HasPrefix(got, "the record is gone") {
		t.Errorf("the vanished record reads %q", got)
	}
	if d.system.Writes("1")+d.system.Writes("2") != 0 {
		t.Error("a held out record got a request")
	}
}

func TestAskIsHeldUnlessAccepted(t *testing.T) {
	for _, accept := range []bool{false, true} {
		d := newDesk(t, 1)
		d.process.Of("shop").Asks("somebody is typing")
		run, err := d.engine.Start(context.Background(), d.plan("payment.credit", nil), batch.StartOptions{AcceptAsk: accept})
		if err != nil {
			t.Fatal(err)
		}
		if rep := run.Wait(); (rep.Applied == 1) != accept || (rep.Held == 1) == accept {
			t.Errorf("accept %v: %+v", accept, rep)
		}
	}
}

func TestReadOnlyAccountSendsNothing(t *testing.T) {
	d := newDesk(t, 2)
	d.process.Of("shop").ReadOnly()
	rep := d.run(d.plan("payment.credit", nil))
	if rep.Held != 2 || len(d.system.Ledger()) != 0 {
		t.Errorf("got %+v", rep)
	}
}

func TestStartKnownPlanIsRefused(t *testing.T) {
	d := newDesk(t, 2).resends("payment.repeat", providers.NeverUnasked)
	done := d.plan("payment.credit", nil)
	d.run(done)
	if _, err := d.engine.Start(context.Background(), done, batch.StartOptions{}); err == nil || !strings.Contains(err.Error(), "is finished") {
		t.Errorf("a finished plan started again: %v", err)
	}
	d = newDesk(t, 2).resends("payment.repeat", providers.NeverUnasked)
	d.system.Break("1", batchtest.Hang)
	open := d.plan("payment.repeat", nil)
	d.run(open)
	if _, err := d.engine.Start(context.Background(), open, batch.StartOptions{}); err == nil || !strings.Contains(err.Error(), "resume or report") {
		t.Errorf("an unfinished plan started again: %v", err)
	}
	if n := len(d.system.Ledger()); n != 1 {
		t.Errorf("%d changes", n)
	}
}

func TestDryRunSendsAndJournalsNothing(t *testing.T) {
	d := newDesk(t, 3)
	plan := d.plan("payment.credit", nil)
	d.system.Drop(payment("2"))
	run, err := d.engine.Start(context.Background(), plan, batch.StartOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	rep := run.Wait()
	if !rep.DryRun || rep.Waiting != 2 || rep.Held != 1 || item(t, rep, "1").Reason != "would be sent" {
		t.Errorf("got %+v", rep)
	}
	if d.journal.Calls() != 0 || len(d.system.Ledger()) != 0 {
		t.Error("a dry run wrote something")
	}
	if _, blocked := d.engine.Blocked(payment("1")); blocked {
		t.Error("a dry run left a claim")
	}
	d.run(plan)
}

func TestWorkersAreBoundedOverAllRuns(t *testing.T) {
	s := batchtest.NewSystem(20, "shop", "other")
	d := openDesk(t, s, batchtest.NewJournal(), 3, "shop", "other")
	first, second := d.plan("payment.credit", nil), d.plan("payment.delete", nil)
	a, b := d.start(first), d.start(second)
	a.Wait()
	b.Wait()
	for _, p := range d.process.All() {
		if most := d.process.Of(p.Info().Account).Most(); most > 3 {
			t.Errorf("%s had %d requests at once", p.Info().Account, most)
		}
	}
}

func TestTwoBatchesOnOneRecord(t *testing.T) {
	d := newDesk(t, 1)
	first, second := d.plan("payment.refund", providers.Values{"amount": "1.00"}), d.plan("payment.refund", providers.Values{"amount": "2.00"})
	sending, goOn := make(chan struct{}), make(chan struct{})
	d.process.Of("shop").OnAct(func(providers.Intent) {
		close(sending)
		<-goOn
	})
	a := d.start(first)
	<-sending
	if reason, blocked := d.engine.Blocked(payment("1")); !blocked || !strings.Contains(reason, "acting on it now") {
		t.Errorf("blocked %v: %s", blocked, reason)
	}
	rep := d.start(second).Wait()
	close(goOn)
	a.Wait()
	if rep.Held != 1 || !strings.Contains(rep.Items[0].Reason, first.ID) || len(d.system.Ledger()) != 1 {
		t.Errorf("got %+v", rep)
	}
}

func TestUnknownBlocksOtherBatchesUntilAnswered(t *testing.T) {
	tests := []struct {
		answer batch.Answer
		state  batch.State
		done   int
	}{
		{batch.AnswerApplied, batch.StateApplied, 0},
		{batch.AnswerNotApplied, batch.StateRefused, 0},
		{batch.AnswerSendAgain, batch.StateApplied, 1},
	}
	for _, tt := range tests {
		t.Run(string(tt.answer), func(t *testing.T) {
			d := newDesk(t, 1).resends("payment.repeat", providers.NeverUnasked)
			d.system.Break("1", batchtest.Hang)
			plan := d.plan("payment.repeat", nil)
			rep := d.run(plan)
			if rep.Unknown != 1 || batch.ExitCode(rep) != 4 {
				t.Fatalf("got %+v", rep)
			}
			// A new process sees the same.
			d = openDesk(t, d.system, batchtest.NewJournal(d.journal.Disk()...), 4, "shop")
			d.resends("payment.repeat", providers.NeverUnasked)
			other := d.run(d.plan("payment.credit", nil))
			if other.Held != 1 || !strings.Contains(other.Items[0].Reason, "unknown outcome") {
				t.Fatalf("another batch was not held out: %+v", other)
			}
			if err := d.engine.Answer(context.Background(), plan.ID, rep.Items[0].ID, tt.answer, "ann"); err != nil {
				t.Fatal(err)
			}
			if tt.answer == batch.AnswerSendAgain {
				d.resume(plan.ID).Wait()
			}
			rep, err := d.engine.Report(plan.ID)
			if err != nil {
				t.Fatal(err)
			}
			if rep.Items[0].State != tt.state || len(d.system.Ledger()) != tt.done || rep.Finished.IsZero() {
				t.Errorf("got %+v, ledger %v", rep, d.system.Ledger())
			}
			if _, blocked := d.engine.Blocked(payment("1")); blocked {
				t.Error("an answered record stays blocked")
			}
			if err := d.engine.Answer(context.Background(), plan.ID, rep.Items[0].ID, tt.answer, "ann"); err == nil {
				t.Error("a settled item took an answer")
			}
		})
	}
}

func TestReconcileSendsNothing(t *testing.T) {
	d := newDesk(t, 2).resends("payment.credit", providers.AfterReadBack)
	d.system.Blind = true
	d.system.Break("1", batchtest.ApplyHang)
	d.system.Break("2", batchtest.Hang)
	plan := d.plan("payment.credit", nil)
	if rep := d.run(plan); rep.Unknown != 2 {
		t.Fatalf("got %+v", rep)
	}
	d.system.Blind = false
	rep, err := d.engine.Reconcile(context.Background(), plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Applied != 1 || rep.Waiting != 1 || len(d.system.Ledger()) != 1 || d.system.Writes("2") != 1 {
		t.Errorf("got %+v", rep)
	}
	rep = d.resume(plan.ID).Wait()
	d.once(rep)
	if rep.Applied != 2 || rep.Reconciled != 2 {
		t.Errorf("got %+v", rep)
	}
}

func TestCreations(t *testing.T) {
	d := newDesk(t, 0).resends("payout.create", providers.SameKey)
	plan := d.payouts(5)
	d.system.Break(plan.Items[0].Intent.Key, batchtest.ApplyHang)
	d.system.Break(plan.Items[1].Intent.Key, batchtest.Hang)
	d.system.Break(plan.Items[2].Intent.Key, batchtest.Expired)
	rep := d.run(plan)
	d.once(rep)
	if rep.Applied != 5 || len(d.system.Ledger()) != 5 {
		t.Fatalf("got %+v", rep)
	}
	for _, it := range rep.Items {
		if !strings.HasPrefix(it.Ref.ID, "made-") || it.Ref.Kind != providers.Payout {
			t.Errorf("the report names %s, not the record made", it.Ref)
		}
	}
}

func TestJournalFullSendsNothing(t *testing.T) {
	d := newDesk(t, 3)
	plan := d.plan("payment.credit", nil)
	full := errors.New("the disk under /data is full: make room and try again")
	d.journal.Fail(full)
	if _, err := d.engine.Start(context.Background(), plan, batch.StartOptions{}); !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	d.journal.Fail(nil)
	reached := make(chan struct{}, 3)
	d.process.Of("shop").OnAct(func(providers.Intent) {
		d.journal.Fail(full)
		reached <- struct{}{}
	})
	run := d.start(plan)
	rep := run.Wait()
	if rep.Stopped == "" || !strings.Contains(rep.Stopped, "disk") || rep.Waiting == 0 {
		t.Fatalf("got %+v", rep)
	}
	if n := len(d.system.Ledger()); n != len(reached) || n != rep.Applied {
		t.Errorf("%d changes, %d requests, %d applied", n, len(reached), rep.Applied)
	}
	d.process.Of("shop").OnAct(nil)
	d.journal.Fail(nil)
	run.Continue()
	rep = run.Wait()
	d.once(rep)
	if rep.Applied != 3 || rep.Stopped != "" {
		t.Errorf("after making room: %+v", rep)
	}
}

// A limit on the second request says nothing about the first, whose outcome is
// open: the record must not be compared as if nothing had been sent.
func TestLimitOnTheSecondRequestKeepsTheFirstOpen(t *testing.T) {
	for _, fault := range []batchtest.Fault{batchtest.Limited, batchtest.Offline, batchtest.Expired} {
		d := newDesk(t, 1).resends("payment.refund", providers.SameKey)
		d.system.Blind = true
		d.system.Break("1", batchtest.ApplyHang, fault)
		rep := d.run(d.plan("payment.refund", providers.Values{"amount": "5.00"}))
		d.once(rep)
		if rep.Applied != 1 {
			t.Errorf("%s: got %+v", fault, rep.Items)
		}
	}
}
