package cli

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/batch"
	"bursar/providers/sandbox"
)

func TestListsAreWholeInEveryFormat(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	for kind, least := range map[string]int{"payments": 2000, "payouts": 600, "contractors": 150, "receipts": 800} {
		rows := decode[[]row](t, b.must(exitDone, "list", kind, "--format", "json").out)
		if len(rows) < least {
			t.Errorf("%d %s, want %d or more", len(rows), kind, least)
		}
		seen := map[string]bool{}
		for i, r := range rows {
			ref := r.Account + "/" + r.ID
			if seen[ref] || r.System == "" || r.Kind+"s" != kind {
				t.Fatalf("%s: row %d is %+v", kind, i, r)
			}
			seen[ref] = true
		}
		lines, err := csv.NewReader(strings.NewReader(b.must(exitDone, "list", kind, "--format", "csv", "--offline").out)).ReadAll()
		if err != nil || len(lines) != len(rows)+1 {
			t.Errorf("%s: %d lines of CSV for %d rows, %v", kind, len(lines), len(rows), err)
		}
		if table := b.must(exitDone, "list", kind, "--offline", "--limit", "5").out; strings.Count(table, "\n") != 6 {
			t.Errorf("%s: --limit 5 printed\n%s", kind, table)
		}
	}
}

func TestYesterdaysNewPayments(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	rows := decode[[]row](t, b.must(exitDone, "list", "payments", "--filter", "status:new created:yesterday", "--format", "json").out)
	yesterday := time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	for _, r := range rows {
		created, err := time.Parse(time.RFC3339, r.Created)
		if err != nil || created.Local().Format(time.DateOnly) != yesterday {
			t.Errorf("%s was created %s, not %s", r.ID, r.Created, yesterday)
		}
	}
	if len(rows) < 10 {
		t.Errorf("%d new payments of yesterday", len(rows))
	}
}

func TestShowPrintsDetailsAndLinks(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	b.must(exitDone, "sync")
	rows := decode[[]row](t, b.must(exitDone, "list", "payments", "--offline", "--account", "shop", "--filter", "has:receipt", "--limit", "1", "--format", "json").out)
	if len(rows) != 1 {
		t.Fatal("no gateway payment has a receipt")
	}
	name := "shop/payment/" + rows[0].ID
	text := b.must(exitDone, "show", name).out
	if !strings.Contains(text, "shop/receipt/") {
		t.Errorf("the receipt is not named:\n%s", text)
	}
	object := decode[map[string]any](t, b.must(exitDone, "show", name, "--format", "json", "--offline").out)
	if object["id"] != rows[0].ID || object["details"] == nil || object["raw"] == nil {
		t.Errorf("as JSON: %v", object)
	}
}

func TestBatchFromPlanToReport(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	plan := filepath.Join(t.TempDir(), "credit.plan")
	b.must(exitDone, "batch", "plan", "--action", "payment.credit", "--account", "hosting", "--filter", "created:yesterday", "--out", plan)
	check := decode[preview](t, b.must(exitPartly, "batch", "check", plan, "--format", "json").out)
	if check.Can == 0 || check.Cannot == 0 || check.Can+check.Cannot+check.Ask != check.Planned || len(check.Items) != check.Planned {
		t.Fatalf("checked %+v", check)
	}
	if got := b.must(exitUsage, "batch", "run", plan, "--confirm", strconv.Itoa(check.Can+1)); !strings.Contains(got.err, strconv.Itoa(check.Can)) {
		t.Errorf("a wrong confirmation: %s", got.err)
	}
	b.must(exitUsage, "batch", "run", plan)
	dry := decode[report](t, b.must(exitPartly, "batch", "run", plan, "--dry-run", "--format", "json").out)
	if len(b.ledger()) != 0 || dry.Applied != 0 {
		t.Fatalf("a dry run changed %d records, says %d", len(b.ledger()), dry.Applied)
	}
	r := decode[report](t, b.must(exitPartly, "batch", "run", plan, "--confirm", strconv.Itoa(check.Can), "--format", "json").out)
	if r.Applied != check.Can || len(b.ledger()) != check.Can || r.Applied+r.Refused+r.Held+r.Unknown != r.Planned {
		t.Errorf("applied %d of %d, the ledger has %d", r.Applied, check.Can, len(b.ledger()))
	}
	for currency, sum := range check.Sums {
		if r.Sums[currency]["applied"] != sum {
			t.Errorf("%s: previewed %s, applied %s", currency, sum, r.Sums[currency]["applied"])
		}
	}
	again := decode[report](t, b.must(exitPartly, "batch", "report", r.Batch, "--format", "json").out)
	if again.Applied != r.Applied {
		t.Errorf("the report changed: %+v", again)
	}
	rows := decode[[]row](t, b.must(exitDone, "list", "payments", "--account", "hosting", "--filter", "status:new created:yesterday", "--format", "json").out)
	if len(rows) != 0 {
		t.Errorf("%d new payments of yesterday are left", len(rows))
	}
	b.must(exitDone, "journal", "verify")
	if events := b.must(exitDone, "journal", "export").out; strings.Count(events, "\n") < 2*r.Applied {
		t.Errorf("the journal exports %d events", strings.Count(events, "\n"))
	}
}

func TestWithoutTheNetwork(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	b.must(exitDone, "sync")
	counts := map[string]int{}
	for _, kind := range []string{"payments", "payouts", "contractors", "receipts"} {
		counts[kind] = len(decode[[]row](t, b.must(exitDone, "list", kind, "--offline", "--format", "json").out))
	}
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--offline", "--action", "payment.credit", "--account", "hosting", "--filter", "status:new created:yesterday", "--out", plan)
	b.unplug()
	for kind, n := range counts {
		if got := len(decode[[]row](t, b.must(exitDone, "list", kind, "--offline", "--format", "json").out)); got != n || n == 0 {
			t.Errorf("offline %d %s of %d", got, kind, n)
		}
	}
	got := b.must(exitDone, "list", "payments", "--format", "json")
	if !strings.Contains(got.err, "from the cache") || len(decode[[]row](t, got.out)) != counts["payments"] {
		t.Errorf("with the systems gone: %s", got.err)
	}
	if check := decode[preview](t, b.must(exitDone, "batch", "check", plan, "--offline", "--format", "json").out); check.Can == 0 {
		t.Error("a batch cannot be previewed offline")
	}
	b.must(exitUsage, "batch", "run", plan, "--confirm", "1", "--offline")
}

func TestBadInputGetsOneSentence(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	plan := b.file("plan", `{"bursar_plan":1,"sha256":"00","plan":{}}`)
	tests := []struct {
		name string
		code int
		want string
		args []string
	}{
		{"an unknown kind", exitUsage, "use one of", []string{"list", "monies"}},
		{"a wrong filter", exitUsage, "status", []string{"list", "payments", "--filter", "statsu:new"}},
		{"an unknown account", exitUsage, `did you mean "hosting"`, []string{"list", "payments", "--account", "hostin"}},
		{"an unknown command", exitUsage, "unknown command", []string{"lst"}},
		{"an unknown flag", exitUsage, "unknown flag", []string{"list", "payments", "--fliter", "x"}},
		{"no kind", exitUsage, "takes KIND", []string{"list"}},
		{"a wrong format", exitUsage, "none of table", []string{"list", "payments", "--format", "xml"}},
		{"no such record", exitError, "not found", []string{"show", "hosting/payment/99999999"}},
		{"no record name", exitUsage, "ACCOUNT/KIND/ID", []string{"show", "payment"}},
		{"an unknown action", exitUsage, `did you mean "payment.refund"`, []string{"batch", "plan", "--action", "payment.refunt", "--account", "hosting", "--id", "1", "--out", "x"}},
		{"no plan", exitUsage, "cannot be read", []string{"batch", "check", "/nowhere"}},
		{"a changed plan", exitUsage, "changed", []string{"batch", "check", plan}},
		{"an unknown batch", exitError, "no batch", []string{"batch", "report", "nope"}},
		{"no configuration", exitUsage, "there is no configuration", []string{"--config", "/nowhere.toml", "list", "payments"}},
		{"an amount above what remains", exitDone, "", nil},
	}
	for _, tt := range tests {
		if tt.args == nil {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			got := b.must(tt.code, tt.args...)
			if !strings.Contains(got.err, tt.want) || strings.Count(got.err, "\n") != 1 || strings.Contains(got.err, "goroutine") {
				t.Errorf("said %q, want %q in one line", got.err, tt.want)
			}
		})
	}
}

func TestWrongLoginsAreNamedAndNothingElseStops(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	text, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("BURSAR_WRONG_LOGIN", "hunter2secret")
	wrong := strings.Replace(string(text), `username = "100500"
secret = "env:BURSAR_TEST_LOGIN"`, `username = "100500"
secret = "env:BURSAR_WRONG_LOGIN"`, 1)
	b.config = b.file("wrong.toml", wrong)
	got := b.must(exitError, "config", "check")
	if !strings.Contains(got.out, "login refused") || strings.Contains(got.out+got.err, "hunter2secret") {
		t.Errorf("said %s%s", got.out, got.err)
	}
	list := b.must(exitDone, "list", "payments", "--format", "json")
	if !strings.Contains(list.err, "shop") || len(decode[[]row](t, list.out)) < 1000 {
		t.Errorf("the other accounts stopped: %s", list.err)
	}
}

func TestAnAccountThatCannotBeUsedIsNamedOnce(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	text, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	b.config = b.file("c.toml", strings.Replace(string(text), `username = "100500"
secret = "env:BURSAR_TEST_LOGIN"`, `username = "100500"
secret = "env:BURSAR_NO_SUCH_LOGIN"`, 1))
	for _, args := range [][]string{{"sync"}, {"list", "payments"}, {"list", "payments", "--offline"}} {
		code := exitDone
		if args[0] == "sync" {
			code = exitError
		}
		if got := b.must(code, args...); !strings.Contains(got.err, "BURSAR_NO_SUCH_LOGIN") || strings.Count(got.err, "\n") != 1 {
			t.Errorf("%v said %q", args, got.err)
		}
	}
}

// Somebody may write a login into the url, where it does not belong.
func TestALoginInTheURLIsNotShown(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "2s")
	text, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"a login": "http://100500:hunter2pw@127.0.0.1/v3", "a query": "http://127.0.0.1/v3?token=hunter2pw",
		"one that does not parse": "http://100500:hunter2pw@[::bad/v3", "one with a bad escape": "http://100500:hunter2pw%zz@127.0.0.1/v3",
	} {
		b.config = b.file("c.toml", strings.Replace(string(text), b.server.URL+"/v3", url, 1))
		for _, args := range [][]string{{"config", "check"}, {"list", "refunds", "--account", "shop"}, {"list", "contractors"}} {
			if got := b.run(args...); strings.Contains(got.out+got.err, "hunter2pw") {
				t.Errorf("%s: %v said %s%s", name, args, got.out, got.err)
			}
		}
	}
}

func TestAPlanOfManyRecordsReadsTheListOnce(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	rows := decode[[]row](t, b.must(exitDone, "list", "payments", "--account", "hosting", "--filter", "status:new", "--limit", "60", "--format", "json").out)
	file := "id\n"
	for _, r := range rows {
		file += r.ID + "\n"
	}
	before := len(b.requests())
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--action", "payment.credit", "--account", "hosting", "--from", b.file("rows.csv", file), "--out", plan)
	if n := len(b.requests()) - before; n > 20 {
		t.Errorf("%d requests for a plan of %d records", n, len(rows))
	}
	if check := decode[preview](t, b.must(exitDone, "batch", "check", plan, "--offline", "--format", "json").out); check.Can != len(rows) {
		t.Errorf("%d of %d can be credited", check.Can, len(rows))
	}
}

func TestWaitsAreSaidOnce(t *testing.T) {
	var errs bytes.Buffer
	a := &app{Terminal: Terminal{Err: &errs}}
	told := map[string]bool{}
	for _, why := range []string{"", "too many requests", "too many requests", "no connection"} {
		a.tellWaits(batch.Progress{Accounts: []batch.AccountProgress{{Account: "shop", Waits: why}}}, told)
	}
	if got := errs.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "shop is asked again: no connection") {
		t.Errorf("said %q", got)
	}
}
