package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox"
	"bursar/providers/sandbox/gate"
)

// bench is a sandbox that runs alone, a configuration that leads to it, and a
// data directory.
type bench struct {
	t       *testing.T
	sandbox *sandbox.Sandbox
	server  *httptest.Server
	config  string
	data    string
}

// live is the configuration of design: the four accounts at a sandbox.
const live = `
[accounts.hosting]
system = "billmanager"
url = "%[1]s/billmgr"
username = "operator"
secret = "env:BURSAR_TEST_LOGIN"
[accounts.shop]
system = "yookassa"
url = "%[1]s/v3"
username = "100500"
secret = "env:BURSAR_TEST_LOGIN"
links = { billing_payment = "hosting/payment", payout_id = "field/payout" }
[accounts.field]
system = "jumpfinance"
url = "%[1]s/services/openapi"
secret = "env:BURSAR_TEST_LOGIN"
[accounts.cloud]
system = "activeplatform"
url = "%[1]s/api/vendor/v1"
secret = "env:BURSAR_TEST_LOGIN"
currency = "BYN"
`

// fast follows every account: no test waits for a rate limit, and a request
// that hangs is given up soon.
const fast = "read_only = false\nsandbox = true\nrate = 5000\nworkers = 8\ntimeout = \"%s\"\n"

func newBench(t *testing.T, o sandbox.Options, timeout string) *bench {
	t.Helper()
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sandbox: s, server: httptest.NewServer(s.Handler()), data: t.TempDir()}
	t.Cleanup(b.unplug)
	t.Cleanup(func() { _ = s.Close() })
	text := fmt.Sprintf(live, b.server.URL)
	text = strings.ReplaceAll(text, "\nsystem", "\n"+fmt.Sprintf(fast, timeout)+"system")
	b.config = b.file("config.toml", text)
	return b
}

// unplug ends the simulators: the network is gone.
func (b *bench) unplug() {
	b.sandbox.Gate().Close()
	b.server.CloseClientConnections()
	b.server.Close()
}

func (b *bench) file(name, text string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

type answer struct {
	code     int
	out, err string
}

// run carries out one command line. Waits between tries take no time.
func (b *bench) run(args ...string) answer {
	b.t.Helper()
	var out, errs bytes.Buffer
	a := &app{Terminal: Terminal{Out: &out, Err: &errs}, now: time.Now, wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	code := a.run(b.t.Context(), append([]string{"--config", b.config, "--data-dir", b.data}, args...))
	return answer{code: code, out: out.String(), err: errs.String()}
}

// must runs a command line that has to leave with the code.
func (b *bench) must(code int, args ...string) answer {
	b.t.Helper()
	got := b.run(args...)
	if got.code != code {
		b.t.Fatalf("bursar %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got.code, code, got.out, got.err)
	}
	return got
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.500s", err, text)
	}
	return v
}

// row, preview and report are the documented JSON shapes.
type row struct {
	Account  string `json:"account"`
	System   string `json:"system"`
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Status   string `json:"status"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Created  string `json:"created"`
}

type preview struct {
	Action                    string
	Planned, Can, Cannot, Ask int
	Sums                      map[string]string
	Items                     []struct{ Ref, Verdict, Reason, Amount, Currency string }
}

type report struct {
	Batch, Action                                        string
	Planned, Applied, Refused, Held, Unknown, Reconciled int
	Sums                                                 map[string]map[string]string
	Items                                                []reportItem
}

type reportItem struct {
	Ref, State, Outcome, Key, Reason string
	Attempts                         int
}

// ledger is every change that the sandbox really made.
func (b *bench) ledger() []gate.Entry {
	b.t.Helper()
	return lines[gate.Entry](b.t, b.sandbox.Gate().Ledger())
}

type request struct {
	System, Method, Call string
	IDs                  []string
	Status               int
}

func (b *bench) requests() []request {
	b.t.Helper()
	return lines[request](b.t, b.sandbox.Gate().Requests())
}

func lines[T any](t *testing.T, text []byte) []T {
	t.Helper()
	var out []T
	for line := range bytes.Lines(text) {
		out = append(out, decode[T](t, string(line)))
	}
	return out
}
