package tui_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/providers"
	"bursar/tui/tuitest"
)

// drive starts a screen of 120x40 over a desk and waits for its first rows.
func drive(t *testing.T, o tuitest.Options) (*tuitest.Desk, *tuitest.Driver) {
	t.Helper()
	desk := tuitest.NewDesk(t, o)
	d := tuitest.Drive(t, desk, 120, 40)
	d.Until("P-40000")
	return desk, d
}

func exported(t *testing.T, desk *tuitest.Desk, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(desk.Core.ExportDir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("exports of %s: %v, %v", pattern, found, err)
	}
	if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %v, others could read it", found[0], info.Mode())
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The whole day's work: filter yesterday's new payments, mark all, credit them,
// watch, find them in the journal, export the report.
func TestCreditYesterdaysNewPayments(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	credit(d, "status:new created:yesterday", "9")
	d.Until("9 applied")
	if n := len(desk.Hosting.Acts()); n != 9 {
		t.Fatalf("%d requests were sent, 9 were confirmed", n)
	}
	d.Press("J")
	d.Until("Credit 9 payments")
	d.Press("enter")
	d.Until("✓ applied  P-39994")
	d.Press("e", "s")
	d.Until("report exported: ")
	var report struct {
		Planned, Applied int
		Items            []struct{ State string }
	}
	if err := json.Unmarshal([]byte(exported(t, desk, "batch-*.json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Planned != 9 || report.Applied != 9 || len(report.Items) != 9 {
		t.Errorf("the exported report says %+v", report)
	}
	d.Press("esc", "esc")
	d.Until("nothing matches") // none of them is new any more
}

func TestPartialRefundOfOne(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("P-39997")
	d.Press("enter", "u")
	d.Until("Amount")
	d.Type("9999")
	d.Press("enter")
	d.Until("more than the")
	if frame := d.Frame(); !strings.Contains(frame, "▌ Amount") || !strings.Contains(frame, "for      P-39997") {
		t.Errorf("too large an amount is not refused at its field:\n%s", frame)
	}
	for range 4 {
		d.Press("backspace")
	}
	d.Type("100.50")
	d.Press("enter")
	d.Until("goes on to the typed")
	d.Press("enter")
	d.Until("type the count, 1")
	d.Type("1")
	d.Press("enter")
	d.Until("1 applied")
	acts := desk.Hosting.Acts()
	if len(acts) != 1 || acts[0].Amount.String() != providers.MustMoney("100.50", "RUB").String() || acts[0].Values["amount"] != "100.50" {
		t.Fatalf("sent %+v", acts)
	}
}

func TestCreatePayout(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Press("2")
	d.Until("701")
	d.Press(":")
	d.Type("new payout")
	d.Press("enter")
	d.Until("Phone *")
	d.Press("ctrl+s")
	d.Until("Phone is required")
	d.Type("+79991234567")
	d.Press("tab")
	d.Type("250.00")
	d.Press("tab")
	d.Type("за уборку")
	d.Press("tab", "right", "ctrl+s")
	d.Until("goes on to the typed")
	d.Press("enter")
	d.Until("type the count, 1")
	d.Type("1")
	d.Press("enter")
	d.Until("1 applied")
	acts := desk.Field.Acts()
	if len(acts) != 1 || acts[0].Values["payment_purpose"] != "за уборку" || acts[0].Values["method"] != "card" {
		t.Fatalf("sent %+v", acts)
	}
}

// A sum above the limit is typed as well.
func TestLargeSumIsTyped(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("status:new account:hosting currency:rub")
	d.Press("enter", "*", "c")
	d.Until("goes on to the typed")
	d.Press("enter")
	d.Until("type the count, 43")
	d.Type("43")
	d.Press("enter")
	d.Until("type the sum in RUB")
	d.Type("1")
	d.Press("enter")
	d.Until("is not 188")
	if n := len(desk.Hosting.Acts()); n != 0 {
		t.Fatalf("%d were sent before the sum was confirmed", n)
	}
	d.Press("backspace")
	sum := providers.Sums{}
	for _, line := range strings.Split(d.Frame(), "\n") {
		if _, rest, ok := strings.Cut(line, "type the sum in RUB, "); ok {
			text, _, _ := strings.Cut(rest, " RUB")
			m, err := providers.NewMoney(strings.ReplaceAll(text, "\u00a0", ""), "RUB")
			if err != nil {
				t.Fatal(err)
			}
			sum.Add(m)
			d.Type(m.Text())
		}
	}
	d.Press("enter")
	d.Until("43 applied")
	var sent providers.Sums
	for _, in := range desk.Hosting.Acts() {
		sent.Add(in.Amount)
	}
	if !sent.Equal(sum) {
		t.Errorf("sent %s, confirmed %s", sent, sum)
	}
}

// What must be asked about is left out unless the operator says otherwise.
func TestAskedRecordsAreLeftOut(t *testing.T) {
	for _, include := range []bool{false, true} {
		desk, d := drive(t, tuitest.Options{})
		d.Press("/")
		d.Type("created:yesterday account:hosting")
		d.Press("enter", "*", "c")
		d.Until("A includes the 1 to be asked about")
		want := "9"
		if include {
			d.Press("A")
			want = "10"
		}
		d.Press("enter")
		d.Until("type the count, " + want)
		d.Type(want)
		d.Press("enter")
		d.Until(want + " applied")
		fraud := 0
		for _, in := range desk.Hosting.Acts() {
			if in.Before.Status == tuitest.Failed.Code {
				fraud++
			}
		}
		if include != (fraud == 1) {
			t.Errorf("included %v: %d fraudulent payments were credited", include, fraud)
		}
	}
}

func TestMixedMarksSayWhatIsLeftOut(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("*", "c")
	d.Until("Which one")
	d.Press("enter")
	d.Until("6 marks of shop left out: it has no credit")
}

func TestUnknownOutcomeIsAnswered(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	desk.Hosting.Hook(func(in providers.Intent) error {
		return &providers.Error{Account: "hosting", Op: "payment.setpaid", Fault: providers.FaultTimeout, Message: "no answer"}
	})
	credit(d, "P-39994", "1")
	d.Until("1 unknown")
	d.Press("enter")
	d.Until("! unknown")
	d.Press("v")
	d.Until("1 outcome is still unknown")
	d.Press("a")
	d.Until("What became of it")
	d.Press("enter")
	d.Until("type applied and enter")
	d.Type("yes")
	d.Press("enter")
	d.Until("is not “applied”")
	for range 3 {
		d.Press("backspace")
	}
	d.Type("applied")
	d.Press("enter")
	d.Until("✓ applied")
}

// A batch that was interrupted is offered at the next start, and resumed after
// its count was typed.
func TestInterruptedBatchIsOffered(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	release := desk.Hosting.Hold()
	defer release()
	credit(d, "status:new created:yesterday", "9")
	d.Until("on its way       2")
	desk.Journal.Kill(desk.Journal.Calls()+1, false, nil)

	next := tuitest.NewDesk(t, tuitest.Options{Journal: tuitest.Revive(desk.Journal)})
	d = tuitest.Drive(t, next, 120, 40)
	d.Until("1 batch was interrupted")
	d.Until("0 of 9 done, 2 unknown, 7 not sent")
	d.Press("R")
	d.Until("type 9 and enter")
	d.Type("9")
	d.Press("enter")
	d.Until("7 applied, 2 unknown")
	if n := len(next.Hosting.Acts()); n != 7 {
		t.Errorf("%d were sent on resume, 7 had not been", n)
	}
}

// Resuming from the report says whose money it is as plainly as everything else,
// though the journal's list was never read.
func TestResumeFromTheReportSaysLive(t *testing.T) {
	desk, d := drive(t, tuitest.Options{Live: true})
	release := desk.Hosting.Hold()
	defer release()
	credit(d, "status:new created:yesterday", "9")
	d.Until("on its way       2")
	desk.Journal.Kill(desk.Journal.Calls()+1, false, nil)

	next := tuitest.NewDesk(t, tuitest.Options{Live: true, Journal: tuitest.Revive(desk.Journal)})
	d = tuitest.Drive(t, next, 120, 40)
	d.Until("look at Credit 9 payments")
	d.Press("enter")
	d.Until("! unknown")
	d.Press("c")
	d.Until("type 9 and enter")
	d.Until("account hosting, BILLmanager @ billing.example.com:1500")
	if strings.Contains(d.Frame(), "SANDBOX") {
		t.Errorf("real money passes for a sandbox:\n%s", d.Frame())
	}
	d.Type("9")
	d.Press("enter")
	d.Until("7 applied, 2 unknown")
	d.Until("Credit 9 payments")
	if strings.Contains(d.Frame(), "SANDBOX") {
		t.Errorf("real money passes for a sandbox:\n%s", d.Frame())
	}
}

func TestPauseLeaveAndComeBack(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	release := desk.Hosting.Hold()
	defer release()
	credit(d, "status:new created:yesterday", "9")
	d.Until("on its way       2")
	d.Press("p")
	d.Until("paused: nothing is sent")
	d.Press("esc")
	d.Until("status:new created:yesterday")
	d.Until("waits for you")
	d.Press("q")
	d.Until("A batch is running. Quit?")
	d.Press("enter") // no
	d.UntilGone("A batch is running. Quit?")
	d.Press("J", "enter")
	d.Until("paused: nothing is sent")
	release()
	d.Press("p")
	d.Until("9 applied")
}

func TestCancelARun(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	release := desk.Hosting.Hold()
	defer release()
	credit(d, "status:new created:yesterday", "9")
	d.Until("on its way       2")
	d.Press("x")
	d.Until("Cancel the batch?")
	d.Press("y")
	d.Until("held out         7")
	release()
	d.Until("cancelled: nothing more is sent")
	if n := len(desk.Hosting.Acts()); n > 2 {
		t.Errorf("%d were sent, 2 were on their way", n)
	}
}

func TestLinksAcrossSystemsAndBack(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("P-39997")
	d.Press("enter", "enter")
	d.Until("credited  by operator")
	d.Press("l")
	d.Until("Linked records")
	d.Press("enter")
	d.Until("← payment 2d9f-0001")
	d.Until("payment P-39997") // it links here
	d.Press("backspace")
	d.Until("── payment P-39997")
	d.Press("esc")
	d.UntilGone("── payment P-39997")
}

func TestFilterKeepsTheLastGoodResult(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("account:shop")
	d.Until("6 of 66")
	d.Paste(" amount>lots") // at once: what matches in between is chance
	d.Until("is not an amount")
	d.Until("6 of 66")
	d.Press("esc")
	d.Until(" 66 ─")
}

// Keys typed before the filtered rows are there wait for them: a mark must not
// hit the rows of before.
func TestTypeAheadWaitsForItsRows(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("account:shop")
	d.Press("enter", "*")
	d.Until("6 marked")
}

func TestMarksSurviveFilterSortAndRefresh(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Press("space", "j", "space")
	d.Until("2 marked")
	d.Press("/")
	d.Type("status:waiting")
	d.Press("enter")
	d.Until("2 hidden by the filter")
	d.Press("s", "S", "esc")
	d.UntilGone("hidden by the filter")
	d.Until("2 marked")
	rec := desk.Hosting
	rec.Put(providers.Record{
		Ref: tuitest.Ref("hosting", providers.Payment, "40000"), Number: "P-40000", Status: tuitest.New,
		Amount: providers.MustMoney("1000.00", "RUB"), Created: tuitest.Clock, Updated: tuitest.Clock,
	})
	desk.SyncAll(t)
	d.Until("1\u00a0437.25 RUB") // 1000.00 now, and 437.25 of the other
	d.Press("i")
	d.Until("64 marked")
	d.Press("-")
	d.Until("no marks")
	d.Press("V", "j", "j", "V")
	d.Until("3 marked")
	d.Press("esc")
	d.Until("3 marks cleared")
}

func TestSavedViews(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("account:shop")
	d.Press("enter", "f", "w")
	d.Until("Save the view as")
	d.Type("gateway")
	d.Press("enter")
	d.Until("view “gateway” saved")
	d.Press("esc")
	d.Until(" 66 ─")
	d.Press("f")
	d.Until("gateway")
	d.Press("enter")
	d.Until("6 of 66")
	d.Press("f", "d")
	d.Until("deleted")
}

func TestExportAndCopy(t *testing.T) {
	desk, d := drive(t, tuitest.Options{})
	d.Press("/")
	d.Type("account:shop")
	d.Press("enter", "e")
	d.Until("Export 6 payments")
	d.Press("c")
	d.Until("6 payments exported: ")
	if lines := strings.Count(exported(t, desk, "payments-*.csv"), "2d9f-"); lines != 6 {
		t.Errorf("the export has %d of 6 payments", lines)
	}
	d.Press("y", "y")
	d.Until("copied 2d9f-0001")
	if !strings.Contains(d.Out.String(), "]52;c;MmQ5Zi0wMDAx") {
		t.Errorf("the clipboard got %q", d.Out.String())
	}
}

func TestAccountsThemesAndOtherLists(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press(":")
	d.Type("account: shop")
	d.Press("enter")
	d.Until("shop @ api.yookassa.ru")
	d.Until("1 Payments 6")
	d.Press(":")
	d.Type("refunds")
	d.Press("enter")
	d.Until("rf-1")
	d.Press(":")
	d.Type("certificates")
	d.Press("enter")
	d.Until("no account that is shown can list certificates")
	d.Press("esc")
	d.Until("all accounts")
	d.Press("t")
	d.Until("theme light")
	d.Press(":")
	d.Type("sync state")
	d.Press("enter")
	d.Until("contractors")
}

func TestQuit(t *testing.T) {
	_, d := drive(t, tuitest.Options{})
	d.Press("q")
	d.UntilQuit()
}
