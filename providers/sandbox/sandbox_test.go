package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"bursar/providers/sandbox/gate"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newBox(t *testing.T, o Options) *Sandbox {
	t.Helper()
	o.Now = func() time.Time { return at }
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// ask sends one request to the handler itself.
func ask(s *Sandbox, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

const payments = "/api/vendor/v1/payments.json?api_token=sandbox"

func create(t *testing.T, s *Sandbox) string {
	t.Helper()
	status, body := ask(s, "POST", payments, `{"account_id":5003,"total":12.5,"comment":"top-up"}`)
	var p struct {
		ID json.Number `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusCreated {
		t.Fatalf("create: %d %s", status, body)
	}
	return p.ID.String()
}

func TestControlEndpoints(t *testing.T) {
	tests := []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"ready", "GET", "ready", "", 200, `"ready":true`},
		{"an empty ledger", "GET", "ledger", "", 200, ""},
		{"faults are armed", "POST", "faults", "yookassa:POST /refunds:*:500\n\nactiveplatform:*:*:cut:2\n", 200, `"faults":2`},
		{"no fault", "POST", "faults", "\n", 400, "no fault given"},
		{"a bad fault names its line", "POST", "faults", "yookassa:*:*:500\nyookassa:*:*:boom", 400, "line 2"},
		{"faults are cleared", "DELETE", "faults", "", 200, "ok"},
		{"the clock advances", "POST", "clock", `{"advance":"6m"}`, 200, "2026-11-22T12:06:00Z"},
		{"the clock is set", "POST", "clock", `{"now":"2026-12-01T00:00:00Z"}`, 200, "2026-12-01T00:00:00Z"},
		{"the clock does not go back by a duration", "POST", "clock", `{"advance":"-6m"}`, 400, "cannot advance"},
		{"the clock takes one of both", "POST", "clock", `{"advance":"6m","now":"2026-12-01T00:00:00Z"}`, 400, "the clock takes"},
		{"the clock knows its keys", "POST", "clock", `{"advanc":"6m"}`, 400, "the clock takes"},
		{"the clock takes JSON", "POST", "clock", `6m`, 400, "the clock takes"},
		{"the world changes", "POST", "world", `[{"system":"activeplatform","kind":"payment","set":{"id":2000001,"comment":"changed"}}]`, 200, `"changed":1`},
		{"the world knows its systems", "POST", "world", `[{"system":"paypal","kind":"payment","set":{}}]`, 400, "item 1: no system"},
		{"the world knows its kinds", "POST", "world", `[{"system":"activeplatform","kind":"boat","set":{"id":1}}]`, 400, "boat"},
		{"the world knows its fields", "POST", "world", `[{"system":"activeplatform","kind":"payment","set":{"colour":1}}]`, 400, "colour"},
		{"the world takes a list", "POST", "world", `{"system":"activeplatform"}`, 400, "the world takes"},
		{"nothing else is here", "GET", "secrets", "", 404, "no GET /_sandbox/secrets"},
		{"a ledger cannot be posted", "POST", "ledger", "", 404, "no POST"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := ask(newBox(t, Options{}), tt.method, "/_sandbox/"+tt.path, tt.body)
			if status != tt.status || !strings.Contains(body, tt.says) {
				t.Errorf("%d %s; want %d with %q", status, body, tt.status, tt.says)
			}
		})
	}
}

func TestAChangeOfTheWorldIsSeenByItsSystem(t *testing.T) {
	s := newBox(t, Options{})
	ask(s, "POST", "/_sandbox/world", `[{"system":"activeplatform","kind":"payment","set":{"id":2000001,"comment":"changed by hand"}},{"system":"activeplatform","kind":"payment","set":{"id":3000001,"total":"7.5"}}]`)
	for id, want := range map[string]string{"2000001": "changed by hand", "3000001": `"total":"7.5"`} {
		if _, body := ask(s, "GET", "/api/vendor/v1/payments/"+id+".json?api_token=sandbox", ""); !strings.Contains(body, want) {
			t.Errorf("payment %s: %s", id, body)
		}
	}
}

func TestEveryPathReachesItsSystem(t *testing.T) {
	s := newBox(t, Options{})
	for path, system := range map[string]string{
		"/v3/payments":                             "yookassa",
		"/services/openapi/payments":               "jumpfinance",
		"/api/vendor/v1/payments.json":             "activeplatform",
		"/api/v1/reseller/payments.json":           "activeplatform",
		"/billmgr?func=payment&out=json&authinfo=": "billmanager",
		"/billmgr/": "billmanager",
	} {
		before := len(s.Gate().Requests())
		ask(s, "GET", path, "")
		if got := string(s.Gate().Requests()[before:]); !strings.Contains(got, `"system":"`+system+`"`) {
			t.Errorf("%s: %q, want %s", path, got, system)
		}
	}
}

func TestNoSecretInTheLogOfRequests(t *testing.T) {
	file := filepath.Join(t.TempDir(), "requests.jsonl")
	s := newBox(t, Options{RequestsFile: file})
	ask(s, "GET", "/api/vendor/v1/payments.json?api_token=t0ps3cret", "")
	ask(s, "GET", "/billmgr?func=payment&authinfo=operator:t0ps3cret&out=json", "")
	ask(s, "GET", "/services/openapi/payments?key=t0ps3cret", "")
	_ = s.Close()
	log, err := os.ReadFile(file)
	if err != nil || bytes.Count(log, []byte("\n")) != 3 || bytes.Contains(log, []byte("t0ps3cret")) {
		t.Errorf("%v %s", err, log)
	}
}

func TestLedgerIsReplayed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "ledger.jsonl")
	first := newBox(t, Options{LedgerFile: file})
	made := create(t, first)
	if status, body := ask(first, "POST", "/api/vendor/v1/payments/"+made+"/complete.json?api_token=sandbox", `{"payment_method_id":2}`); status != 200 {
		t.Fatalf("complete: %d %s", status, body)
	}
	_, before := ask(first, "GET", "/api/vendor/v1/payments/"+made+".json?api_token=sandbox", "")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := newBox(t, Options{LedgerFile: file})
	_, after := ask(second, "GET", "/api/vendor/v1/payments/"+made+".json?api_token=sandbox", "")
	if before != after || !strings.Contains(after, `"status":"completed"`) {
		t.Errorf("before %s\nafter %s", before, after)
	}
	if again := create(t, second); again == made {
		t.Errorf("the id %s is given twice", made)
	}
	_ = second.Close()
	kept, err := os.ReadFile(file)
	if err != nil || bytes.Count(kept, []byte("\n")) != 3 {
		t.Errorf("%v: the file holds %s", err, kept)
	}
	if !bytes.Equal(kept, second.Gate().Ledger()) {
		t.Errorf("the file differs from the ledger:\n%s\n%s", kept, second.Gate().Ledger())
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}

	// A reader beside a writer sees the changes and leaves the file alone, also
	// a last line that the writer is in the midst of.
	half := append(bytes.Clone(kept), `{"time":`...)
	if err := os.WriteFile(file, half, 0o600); err != nil {
		t.Fatal(err)
	}
	reader := newBox(t, Options{LedgerFile: file, LedgerReadOnly: true})
	if _, seen := ask(reader, "GET", "/api/vendor/v1/payments/"+made+".json?api_token=sandbox", ""); seen != before {
		t.Errorf("the reader sees %s", seen)
	}
	create(t, reader)
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, half) {
		t.Errorf("the reader changed the file: %v %s", err, now)
	}
}

func TestDamagedLedgers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.jsonl")
	s := newBox(t, Options{LedgerFile: file})
	create(t, s)
	create(t, s)
	_ = s.Close()
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(good, []byte("\n"))
	join := func(parts ...string) string { return strings.Join(parts, "") }
	one, two := string(lines[0]), string(lines[1])
	tests := []struct {
		name, file string
		entries    int    // that remain
		notice     bool   // about the cut
		refused    string // part of the error
	}{
		{name: "sound", file: join(one, two), entries: 2},
		{name: "empty", file: ""},
		{name: "cut in the last line", file: join(one, two[:len(two)/2]), entries: 1, notice: true},
		{name: "zeros of a lost block at the end", file: join(one, "\x00\x00\x00"), entries: 1, notice: true},
		{name: "a whole last line without its end", file: join(one, strings.TrimSuffix(two, "\n")), entries: 2},
		{name: "a damaged line that is ended, at the end", file: join(one, "{\"time\n"), entries: 1, notice: true},
		{name: "damaged in the middle", file: join(one[:20], "\n", two), refused: "line 1 is damaged"},
		{name: "a system that is none", file: join(strings.Replace(one, "activeplatform", "paypal", 1), two), refused: "paypal"},
		{name: "a call that is none", file: join(strings.Replace(one, "POST /payments.json", "POST /boats.json", 1), two), refused: "boats"},
		{name: "an entry without detail", file: `{"time":"2026-11-22T12:00:00Z","system":"activeplatform","call":"POST /payments.json","id":"7000001"}` + "\n", refused: "entry 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.jsonl")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := New(Options{LedgerFile: path, Now: func() time.Time { return at }})
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error %v, want one line with %q", err, tt.refused)
				}
				if now, _ := os.ReadFile(path); string(now) != tt.file {
					t.Error("a ledger that was refused has been changed")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if (s.Notice() != "") != tt.notice {
				t.Errorf("notice %q", s.Notice())
			}
			create(t, s)
			_ = s.Close()
			again, err := New(Options{LedgerFile: path, Now: func() time.Time { return at }})
			if err != nil {
				t.Fatalf("the mended ledger is refused: %v", err)
			}
			defer func() { _ = again.Close() }()
			if got := bytes.Count(again.Gate().Ledger(), []byte("\n")); got != tt.entries+1 || again.Notice() != "" {
				t.Errorf("%d entries, notice %q; want %d", got, again.Notice(), tt.entries+1)
			}
		})
	}
}

func FuzzParseLedger(f *testing.F) {
	f.Add([]byte(`{"time":"2026-11-22T12:00:00Z","system":"activeplatform","call":"x","id":"1"}` + "\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, keep, err := parseLedger(b)
		if err != nil {
			return
		}
		again, kept, err := parseLedger(b[:keep])
		if err != nil || kept != keep || len(again) != len(entries) {
			t.Errorf("%q: %d entries in %d bytes, then %d in %d, %v", b, len(entries), keep, len(again), kept, err)
		}
	})
}

func TestALedgerThatCannotBeWrittenIsNamed(t *testing.T) {
	dir := t.TempDir()
	for _, o := range []Options{{LedgerFile: dir}, {RequestsFile: dir}} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestServerEndsHangingRequests(t *testing.T) {
	s, err := Start(t.Context(), Options{Faults: []gate.Fault{{System: "*", Call: "*", ID: "*", Kind: gate.Hang, Times: 1}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("it listens at %s", s.URL())
	}
	resp, err := http.Get(s.URL() + "/_sandbox/ready")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", resp, err)
	}
	_ = resp.Body.Close()
	ended := make(chan error)
	go func() {
		resp, err := http.Post(s.URL()+payments, "application/json", strings.NewReader(`{"account_id":5003,"total":1,"comment":"x"}`))
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	for !bytes.Contains(s.Gate().Requests(), []byte(`"status":0`)) {
		runtime.Gosched()
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("the hanging request was answered")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if got := s.Gate().Ledger(); len(got) != 0 {
		t.Errorf("a hang changed something: %s", got)
	}
}

func TestServerEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Start(ctx, Options{}, strings.TrimPrefix(s.URL(), "http://")); err == nil || !strings.Contains(err.Error(), "cannot listen") {
		t.Errorf("two on one address: %v", err)
	}
	cancel()
	if err := s.Close(); err != nil { // waits for the end that cancel began
		t.Error(err)
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("it still listens")
	}
}

func TestAccountsLogIn(t *testing.T) {
	accounts := Accounts("http://127.0.0.1:8480")
	names := ""
	for _, a := range accounts {
		names += a.Name + ":" + a.System + " "
		if !a.Sandbox || a.Secret == "" || !strings.HasPrefix(a.URL, "http://127.0.0.1:8480/") || a.Rate < 100 || a.Workers != 8 {
			t.Errorf("%+v", a)
		}
	}
	if want := "hosting:billmanager shop:yookassa field:jumpfinance cloud:activeplatform "; names != want {
		t.Errorf("%s", names)
	}
}

// A world of a million payments is made as it is asked for.
func TestAMillionPaymentsCostLittleMemory(t *testing.T) {
	s := newBox(t, Options{Payments: 1_000_000})
	for page := 1; page <= 3; page++ {
		status, body := ask(s, "GET", fmt.Sprintf("%s&page=%d&per_page=100&sorting[field]=id&sorting[reversed]=true", payments, page), "")
		var rows []json.RawMessage
		if err := json.Unmarshal([]byte(body), &rows); err != nil || status != 200 || len(rows) != 100 {
			t.Fatalf("page %d: %d, %d rows, %v", page, status, len(rows), err)
		}
	}
	if status, _ := ask(s, "GET", payments+"&page=1&filters[account_id]=5003&sorting[field]=updated_at", ""); status != 200 {
		t.Errorf("a filtered list: %d", status)
	}
	const bound = 200 << 20
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if got := m.HeapAlloc; got > bound {
		t.Errorf("the heap holds %d MB, want less than %d", got>>20, bound>>20)
	}
	if status, body := ask(s, "GET", "/api/vendor/v1/payments/2050000.json?api_token=sandbox", ""); status != 200 {
		t.Errorf("a payment far back: %d %s", status, body)
	}
}
