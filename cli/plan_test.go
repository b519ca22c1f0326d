package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"bursar/providers/sandbox"
	"bursar/providers/sandbox/gate"
)

// refundable are gateway and hosting payments that a part of can be refunded.
func refundable(b *bench) (shop, hosting string) {
	b.t.Helper()
	first := func(account, filter string) string {
		rows := decode[[]row](b.t, b.must(exitDone, "list", "payments", "--account", account, "--filter", filter, "--limit", "1", "--format", "json").out)
		if len(rows) != 1 {
			b.t.Fatalf("no %s payment matches %s", account, filter)
		}
		return rows[0].ID
	}
	return first("shop", "flag:refundable remaining>20"), first("hosting", `status:credited flag:refundable -flag:"refund locked" remaining>20`)
}

func TestTheAccountColumnOverridesTheFlag(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	shop, hosting := refundable(b)
	rows := b.file("rows.csv", fmt.Sprintf("id,amount,account\n%s,1.50,shop\n%s,2.50,\n", shop, hosting))
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--action", "payment.refund", "--account", "hosting", "--from", rows, "--out", plan)
	check := decode[preview](t, b.must(exitDone, "batch", "check", plan, "--format", "json").out)
	if check.Can != 2 || check.Items[0].Ref != "shop/payment/"+shop || check.Items[1].Ref != "hosting/payment/"+hosting {
		t.Errorf("planned %+v", check)
	}
	// Without the flag each row is checked as its own account's system has it.
	rows = b.file("all.csv", fmt.Sprintf("account;id;amount\r\nshop;%s;1.50\r\nhosting;%s;2.50\r\n", shop, hosting))
	b.must(exitDone, "batch", "plan", "--action", "payment.refund", "--from", rows, "--out", plan)
}

func TestValuesOfAllRowsComeFromSet(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	plan := filepath.Join(t.TempDir(), "p")
	rows := b.file("rows.csv", "contractor_id,payment_purpose\n10001,first\n10002,second\n")
	b.must(exitDone, "batch", "plan", "--action", "payout.create", "--account", "field", "--from", rows, "--set", "amount=12.50", "--out", plan)
	if check := decode[preview](t, b.must(exitDone, "batch", "check", plan, "--format", "json").out); check.Sums["RUB"] != "25.00" {
		t.Errorf("planned %+v", check)
	}
}

func TestWrongPlansAreRefusedBeforeTheyAreWritten(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	_, hosting := refundable(b)
	tests := []struct {
		name, want string
		args       []string
	}{
		{"a value that is no amount", "amount", []string{"--account", "hosting", "--id", hosting, "--set", "amount=abc"}},
		{"an unknown field", "amuont", []string{"--account", "hosting", "--id", hosting, "--set", "amuont=1"}},
		{"an unknown account in a row", `line 2: no account "hostng"; did you mean "hosting"?`, []string{"--account", "hosting", "--from", b.file("a.csv", "id,account\n1,hostng\n")}},
		{"an unknown account in the flag", `did you mean "hosting"?`, []string{"--account", "hostng", "--from", b.file("f.csv", "id\n1\n")}},
		{"no account at all", "line 2: no account", []string{"--from", b.file("n.csv", "id\n1\n")}},
		{"a system without the action", `line 2: account field (jumpfinance) has no action "payment.refund"`, []string{"--from", b.file("s.csv", "id,account\n1,field\n")}},
		{"another currency", "EUR", []string{"--account", "hosting", "--from", b.file("c.csv", "id,amount,currency\n"+hosting+",1.00,EUR\n")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := filepath.Join(t.TempDir(), "p")
			got := b.must(exitUsage, append([]string{"batch", "plan", "--action", "payment.refund", "--out", plan}, tt.args...)...)
			if !strings.Contains(got.err, tt.want) || strings.Count(got.err, "\n") != 1 {
				t.Errorf("said %q, want %q", got.err, tt.want)
			}
			if found, _ := filepath.Glob(plan); len(found) != 0 {
				t.Error("the plan was written")
			}
		})
	}
}

func TestAPlanThatRanSaysSo(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--action", "payment.credit", "--account", "hosting", "--filter", "status:new created:yesterday", "--out", plan)
	can := fmt.Sprint(decode[preview](t, b.must(exitDone, "batch", "check", plan, "--format", "json").out).Can)
	b.must(exitDone, "batch", "run", plan, "--confirm", can)
	if got := b.must(exitError, "batch", "run", plan, "--confirm", can); !strings.Contains(got.err, "carried out") {
		t.Errorf("said %q", got.err)
	}
}

func TestARunThatStopsSaysWhy(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--action", "payment.capture", "--account", "shop", "--filter", "phase:held", "--out", plan)
	can := fmt.Sprint(decode[preview](t, b.must(exitDone, "batch", "check", plan, "--format", "json").out).Can)
	b.sandbox.Gate().AddFault(gate.Fault{System: "yookassa", Call: "*", ID: "*", Kind: gate.Expired, Times: 1000})
	got := b.must(exitPartly, "batch", "run", plan, "--confirm", can, "--format", "json")
	if !strings.Contains(got.err, "login refused") || !strings.Contains(got.err, "batch resume") || strings.Count(got.err, "\n") != 1 {
		t.Errorf("said %q", got.err)
	}
}
