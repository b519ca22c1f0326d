//go:build !windows

package cli

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTheSandboxRunsAlone starts the simulators as a process of their own and
// works against them through a configuration file.
func TestTheSandboxRunsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	ledger, requests := filepath.Join(dir, "ledger.jsonl"), filepath.Join(dir, "requests.jsonl")
	cmd := exec.Command(program, "sandbox", "--listen", "127.0.0.1:0", "--seed", "9", "--payments", "500",
		"--ledger", ledger, "--requests", requests, "--fault", "billmanager:payment.setpaid:*:apply-500")
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	_, address, found := strings.Cut(line, "http://")
	if err != nil || !found {
		t.Fatalf("said %q, %v", line, err)
	}
	url := "http://" + strings.Trim(strings.Fields(address)[0], ";,")
	if got := fetch(t, http.MethodGet, url+"/_sandbox/ready", ""); !strings.HasPrefix(got, "200 ") {
		t.Errorf("ready: %s", got)
	}
	b := &bench{t: t, data: t.TempDir()}
	b.config = b.file("config.toml", strings.ReplaceAll(fmt.Sprintf(live, url), "\nsystem", "\nread_only = false\nrate = 500\nsystem"))
	rows := decode[[]row](t, b.must(exitDone, "list", "payments", "--filter", "status:new account:hosting", "--limit", "20", "--format", "json").out)
	plan := filepath.Join(dir, "credit.plan")
	args := []string{"batch", "plan", "--action", "payment.credit", "--account", "hosting", "--out", plan}
	for _, r := range rows {
		args = append(args, "--id", r.ID)
	}
	b.must(exitDone, args...)
	r := decode[report](t, b.must(exitDone, "batch", "run", plan, "--confirm", fmt.Sprint(len(rows)), "--format", "json").out)
	if r.Applied != len(rows) || r.Reconciled != 1 {
		t.Errorf("applied %d of %d, %d reconciled", r.Applied, len(rows), r.Reconciled)
	}
	if got := fetch(t, http.MethodPost, url+"/_sandbox/faults", "nonsense"); !strings.HasPrefix(got, "400 ") {
		t.Errorf("a fault that is none: %s", got)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ctrl+c ended it with %v", err)
	}
	text, err := os.ReadFile(ledger)
	if err != nil || strings.Count(string(text), `"call":"payment.setpaid"`) != len(rows) {
		t.Errorf("the ledger: %v\n%s", err, text)
	}
	text, err = os.ReadFile(requests)
	if err != nil || strings.Contains(string(text), "api_token") || !strings.Contains(string(text), `"status":500`) {
		t.Errorf("the requests: %v\n%.600s", err, text)
	}
}

func fetch(t *testing.T, method, url, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, text)
}

// TestTheEmbeddedSandboxRemembers credits a payment in one start and finds it
// credited in the next; --fresh starts over.
func TestTheEmbeddedSandboxRemembers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the embedded sandbox several times")
	}
	b := &bench{t: t, data: t.TempDir()}
	b.config = b.file("empty.toml", "")
	first := decode[[]row](t, b.must(exitDone, "list", "payments", "--account", "hosting", "--filter", "status:new", "--limit", "1", "--format", "json").out)[0]
	plan := filepath.Join(t.TempDir(), "p")
	b.must(exitDone, "batch", "plan", "--action", "payment.credit", "--account", "hosting", "--id", first.ID, "--out", plan)
	b.must(exitDone, "batch", "run", plan, "--confirm", "1")
	show := func(args ...string) string {
		return decode[map[string]any](t, b.must(exitDone, append(args, "show", "hosting/payment/"+first.ID, "--format", "json")...).out)["status"].(string)
	}
	if got := show(); got != "4" {
		t.Errorf("after the next start the payment has status %s, want 4", got)
	}
	if got := show("--fresh"); got != first.Status {
		t.Errorf("after --fresh the payment has status %s, want %s", got, first.Status)
	}
}
