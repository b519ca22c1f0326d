package batch_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"bursar/batch"
	"bursar/batch/batchtest"
	"bursar/providers"
)

// again is the program started anew over what a kill left on disk.
func (d *desk) again(action string, r providers.Resend) *desk {
	p := batchtest.NewProcess(d.system, 4, "shop")
	p.Of("shop").Resends(action, r)
	return deskOver(d.t, d.system, batchtest.NewJournal(d.journal.Disk()...), p, d.clock)
}

// TestKillAtEveryAppend kills the program at each event that it writes, before
// and behind the writing, and resumes.
func TestKillAtEveryAppend(t *testing.T) {
	classes := []struct {
		action string
		resend providers.Resend
	}{
		{"payment.credit", providers.AfterReadBack},
		{"payment.delete", providers.AfterReadBack},
		{"payment.refund", providers.SameKey},
		{"payment.repeat", providers.NeverUnasked},
	}
	for _, c := range classes {
		for _, keep := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s written=%v", c.action, keep), func(t *testing.T) {
				for n := 1; killAndResume(t, c.action, c.resend, n, keep); n++ {
				}
			})
		}
	}
}

// killAndResume reports whether the run was long enough to be killed there.
func killAndResume(t *testing.T, action string, resend providers.Resend, n int, keep bool) bool {
	d := openDesk(t, batchtest.NewSystem(4, "shop"), batchtest.NewJournal(), 2, "shop").resends(action, resend)
	d.system.Break("2", batchtest.ApplyHang)
	d.system.Break("3", batchtest.Limited)
	plan := d.plan(action, nil)
	d.journal.Kill(n, keep, d.process.Kill)
	run, err := d.engine.Start(context.Background(), plan, batch.StartOptions{By: "ann"})
	if err == nil {
		run.Wait()
		d.engine.Close()
	}
	killed := d.journal.Killed()

	d = d.again(action, resend)
	rep := finish(t, d, plan)
	d.balanced(rep)
	d.once(rep)
	// Where nothing may be sent again unasked, a kill between the journal and
	// the request leaves an unknown; nowhere else.
	if rep.Applied+rep.Unknown != 4 || rep.Unknown > 0 && resend != providers.NeverUnasked {
		t.Errorf("killed at %d: %+v", n, rep)
	}
	return killed
}

// finish resumes a plan until nothing more can be done, or starts it when the
// kill came before it existed. As long as read-backs tell, a resume that sends
// something may still settle it.
func finish(t testing.TB, d *desk, plan batch.Plan) batch.Report {
	if _, err := d.engine.Report(plan.ID); err != nil {
		d.start(plan).Wait()
	}
	for range 10 {
		rep, err := d.engine.Report(plan.ID)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Unknown+rep.Waiting == 0 {
			return rep
		}
		before := rep
		rep = d.resume(plan.ID).Wait()
		idle := d.system.Blind || attempts(rep) == attempts(before)
		if rep.Waiting == 0 && rep.Unknown == before.Unknown && idle {
			return rep
		}
	}
	t.Fatalf("batch %s does not come to an end", plan.ID)
	return batch.Report{}
}

func attempts(rep batch.Report) (n int) {
	for _, it := range rep.Items {
		n += it.Attempts
	}
	return n
}

// TestMoneyIsConserved runs random batches under random faults, pauses,
// cancels and kills, and compares the report with the ledger.
func TestMoneyIsConserved(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		action := rapid.SampledFrom([]string{"payment.credit", "payment.delete", "payment.refund", "payment.repeat", "payout.create"}).Draw(rt, "action")
		resend := map[string]providers.Resend{
			"payment.credit": providers.AfterReadBack, "payment.delete": providers.AfterReadBack,
			"payment.refund": providers.SameKey, "payment.repeat": providers.NeverUnasked, "payout.create": providers.SameKey,
		}[action]
		n := rapid.IntRange(1, 12).Draw(rt, "records")
		d := openDesk(t, batchtest.NewSystem(n, "shop"), batchtest.NewJournal(), rapid.IntRange(1, 4).Draw(rt, "workers"), "shop")
		d.resends(action, resend)
		// A blind system cannot tell what was done; the same key still can.
		d.system.Blind = resend == providers.SameKey && rapid.Bool().Draw(rt, "blind")
		plan := randomPlan(rt, d, action, n)
		cancelled := false
		for crash := range rapid.IntRange(0, 4).Draw(rt, "crashes") {
			at, keep := rapid.IntRange(1, 40).Draw(rt, "at"), rapid.Bool().Draw(rt, "keep")
			d.journal.Kill(at, keep, d.process.Kill)
			cancelled = livelyRun(rt, d, plan, crash) || cancelled
			d = d.again(action, resend)
		}
		rep := finish(t, d, plan)
		d.balanced(rep)
		d.once(rep)
		check(rt, d, rep, resend, cancelled)
		if t.Failed() {
			rt.Fatalf("report %+v", rep)
		}
	})
}

func randomPlan(rt *rapid.T, d *desk, action string, n int) batch.Plan {
	plan := batch.Plan{}
	if action == "payout.create" {
		plan = d.payouts(n)
	} else {
		plan = d.plan(action, nil)
	}
	fault := rapid.SampledFrom(batchtest.Faults())
	for _, it := range plan.Items {
		name := it.Intent.Ref.ID
		if name == "" {
			name = it.Intent.Key
		}
		d.system.Break(name, rapid.SliceOfN(fault, 0, 3).Draw(rt, "faults")...)
	}
	return plan
}

// livelyRun starts or resumes a plan and meddles with it. It reports whether it
// cancelled it.
func livelyRun(rt *rapid.T, d *desk, plan batch.Plan, crash int) (cancelled bool) {
	run, err := d.engine.Resume(context.Background(), plan.ID)
	if err != nil {
		run, err = d.engine.Start(context.Background(), plan, batch.StartOptions{By: "ann"})
	}
	if err != nil {
		return false // killed while it started, or finished
	}
	for range rapid.IntRange(0, 3).Draw(rt, "meddling") {
		switch rapid.IntRange(0, 9).Draw(rt, "with") {
		case 0:
			run.Cancel()
			cancelled = true
		case 1, 2, 3:
			run.Pause()
			_ = run.Progress()
			run.Continue()
		default:
			_ = run.Report()
		}
	}
	run.Wait()
	d.engine.Close()
	return cancelled
}

func check(rt *rapid.T, d *desk, rep batch.Report, resend providers.Resend, cancelled bool) {
	applied := providers.Sums{}
	state := map[string]batch.State{}
	for _, it := range rep.Items {
		state[it.Key] = it.State
	}
	for _, e := range d.system.Ledger() {
		if state[e.Key] == batch.StateApplied {
			applied.Add(e.Amount)
		}
	}
	if !applied.Equal(rep.Sums["applied"]) {
		rt.Fatalf("the ledger has %v, the report %v", applied, rep.Sums["applied"])
	}
	if rep.Unknown > 0 && resend != providers.NeverUnasked && !d.system.Blind {
		rt.Fatalf("%d unknown although a read-back tells", rep.Unknown)
	}
	if rep.Waiting > 0 {
		rt.Fatalf("%d never sent: %s", rep.Waiting, rep.Stopped)
	}
	if rep.Held > 0 && !cancelled {
		rt.Fatalf("%d held out for no reason", rep.Held)
	}
}
