package cli

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bursar/providers/sandbox"
)

// binary is the real program, built once for the tests that need a process of
// their own.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bursar-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "bursar")
	out, err := exec.Command("go", "build", "-o", path, "bursar").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	if err := os.Setenv("BURSAR_TEST_LOGIN", "sandbox"); err != nil {
		panic(err)
	}
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// trap stands before the simulators and kills the program when its n-th
// changing request arrives, or when the simulator has done it, or when the
// answer has gone out.
type trap struct {
	next http.Handler
	mu   sync.Mutex
	left int // changing requests until it springs; 0: disarmed
	when int // 0: on arrival, 1: done but unanswered, 2: answered
	kill func()
}

func (tr *trap) arm(n, when int, kill func()) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.left, tr.when, tr.kill = n, when, kill
}

func (tr *trap) springs() (when int, kill func(), now bool) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.left == 0 {
		return 0, nil, false
	}
	tr.left--
	if tr.left > 0 {
		return 0, nil, false
	}
	return tr.when, tr.kill, true
}

// changes recognises what moves money in each system's wire protocol.
func changes(r *http.Request, body []byte) bool {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "/_sandbox") {
		return false
	}
	if strings.HasPrefix(r.URL.Path, "/billmgr") {
		form, err := url.ParseQuery(string(body))
		return err == nil && form.Get("sok") == "ok"
	}
	return true
}

func (tr *trap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !changes(r, body) {
		tr.next.ServeHTTP(w, r)
		return
	}
	when, kill, now := tr.springs()
	if now && when == 0 {
		kill()
	}
	answer := httptest.NewRecorder()
	tr.next.ServeHTTP(answer, r)
	if now && when == 1 {
		kill()
	}
	for k, v := range answer.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
	if now && when == 2 {
		_ = http.NewResponseController(w).Flush()
		kill()
	}
}

// TestKilledBatchesLoseAndRepeatNothing kills the real program with SIGKILL at
// random points of running batches and resumes it, until the batch is through.
func TestKilledBatchesLoseAndRepeatNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program dozens of times")
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for _, d := range deeds() {
		switch d.name {
		case "BM-4 credit", "YK-6 partial refund", "BM-5 partial refund", "JF-3 repeat payout", "JF-1 create payout":
			t.Run(d.name, func(t *testing.T) { kills += killed(t, d, path, 8) })
		}
	}
	if kills < 30 && !t.Failed() {
		t.Errorf("only %d kills", kills)
	}
}

func killed(t *testing.T, d deed, program string, want int) (kills int) {
	b := newBench(t, sandbox.Options{}, "5s")
	tr := &trap{next: b.server.Config.Handler}
	b.server.Config.Handler = tr
	plan, ids := d.plan(b)
	random := rand.New(rand.NewPCG(uint64(len(d.name)), 7))
	args := []string{"batch", "run", plan, "--confirm", fmt.Sprint(records)}
	for kills < want {
		cmd := b.process(program, args...)
		tr.arm(1+random.IntN(records/want), random.IntN(3), func() { _ = cmd.Process.Kill() })
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatalf("the program did not start: %v", err)
		}
		if cmd.ProcessState.Exited() {
			t.Fatalf("the batch was over after %d kills: %s", kills, out)
		}
		kills++
		args = []string{"batch", "resume"}
	}
	tr.arm(0, 0, nil)
	code := 0
	if out, err := b.process(program, "batch", "resume").CombinedOutput(); err != nil {
		if code = err.(*exec.ExitError).ExitCode(); code != exitUnknown {
			t.Fatalf("the last resume left with %d: %s", code, out)
		}
	}
	batches := decode[[]struct{ ID string }](t, b.must(exitDone, "batch", "list", "--format", "json").out)
	if len(batches) != 1 {
		t.Fatalf("the journal has %d batches, want one", len(batches))
	}
	r := decode[report](t, b.run("batch", "report", batches[0].ID, "--format", "json").out)
	if r.Planned != records || r.Applied+r.Unknown != records {
		t.Errorf("planned %d: applied %d, refused %d, held %d, unknown %d", r.Planned, r.Applied, r.Refused, r.Held, r.Unknown)
	}
	if r.Unknown > 0 && (!d.stays || code != exitUnknown) {
		t.Errorf("%d unknown, exit code %d", r.Unknown, code)
	}
	d.checkKilledLedger(t, b, r, ids)
	b.must(exitDone, "journal", "verify")
	return kills
}

// checkKilledLedger: what the journal says was applied was applied once, what
// it calls unknown at most once, and nothing else was touched.
func (d deed) checkKilledLedger(t *testing.T, b *bench, r report, ids []string) {
	made := map[string]int{}
	for _, e := range b.ledger() {
		made[e.ID]++
	}
	seen := 0
	for _, item := range r.Items {
		n := made[item.Ref[strings.LastIndex(item.Ref, "/")+1:]]
		seen += n
		if n > 1 {
			t.Errorf("%s was changed %d times", item.Ref, n)
		}
		if item.State == "applied" && n != 1 {
			t.Errorf("%s is applied in the journal, %d times in the ledger", item.Ref, n)
		}
	}
	if total := len(b.ledger()); total != seen {
		t.Errorf("the ledger has %d changes, the journal knows %d of them", total, seen)
	}
	_ = ids
}

func (b *bench) process(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, append([]string{"--config", b.config, "--data-dir", b.data}, args...)...)
	home := b.data
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "BURSAR_TEST_LOGIN=sandbox", "XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CACHE_HOME=" + home, "XDG_DATA_HOME=" + home}
	return cmd
}
