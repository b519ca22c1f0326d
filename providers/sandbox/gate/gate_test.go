package gate

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/providers/sandbox/world"
)

var at = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type counter struct {
	*Gate
	done atomic.Int64
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := System{
		Name:    "yookassa",
		Expired: func() Answer { return Answer{Status: 401} },
		Failed:  func() Answer { return Answer{Status: 500} },
	}
	call := Call{Name: r.Method + " /refunds", IDs: []string{r.URL.Query().Get("id")}, Changes: r.Method == http.MethodPost}
	c.Serve(w, r, s, call, func() Answer {
		if call.Changes {
			c.done.Add(1)
			c.Record(Entry{System: "yookassa", Call: call.Name, ID: call.IDs[0]})
		}
		return JSON(200, map[string]string{"ok": "a longer answer so that half of it is cut away"})
	})
}

func TestFaultsDoWhatTheySay(t *testing.T) {
	tests := []struct {
		fault      string
		wantStatus int // 0: no whole answer comes
		wantDone   int64
	}{
		{"yookassa:POST /refunds:7:apply-hang", 0, 1},
		{"yookassa:POST /refunds:7:hang", 0, 0},
		{"yookassa:POST /refunds:7:apply-500", 500, 1},
		{"yookassa:*:*:500", 500, 0},
		{"*:*:7:cut", 0, 1},
		{"*:*:7:429=3", 429, 0},
		{"*:*:7:slow=1ms", 200, 1},
		{"*:*:7:html", 502, 0},
		{"*:*:7:expired", 401, 0},
		{"*:*:8:500", 200, 1},
		{"billmanager:*:*:500", 200, 1},
		{"yookassa:POST /payments:*:500", 200, 1},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			c := &counter{Gate: New(Options{Clock: world.NewClock(func() time.Time { return at })})}
			f, err := ParseFault(tt.fault)
			if err != nil {
				t.Fatal(err)
			}
			c.AddFault(f)
			srv := httptest.NewServer(c)
			defer srv.Close()
			defer c.Close()
			if f.Kind == Hang || f.Kind == ApplyHang {
				c.Close() // a hanging request ends with the gate
			}
			if status := send(http.MethodGet, srv.URL+"?id=7"); status != 200 {
				t.Errorf("a read met the fault: %d", status)
			}
			if status := send(http.MethodPost, srv.URL+"?id=7"); status != tt.wantStatus || c.done.Load() != tt.wantDone {
				t.Errorf("status %d, done %d; want %d, %d", status, c.done.Load(), tt.wantStatus, tt.wantDone)
			}
			if status := send(http.MethodPost, srv.URL+"?id=7"); status != 200 {
				t.Errorf("the fault fired twice: %d", status)
			}
			if got := strings.Count(string(c.Ledger()), "\n"); int64(got) != c.done.Load() {
				t.Errorf("the ledger has %d lines for %d changes", got, c.done.Load())
			}
			if got := strings.Count(string(c.Requests()), "\n"); got != 3 {
				t.Errorf("the request log has %d lines for 3 requests", got)
			}
		})
	}
}

func send(method, url string) int {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		return -1
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.ReadAll(resp.Body); err != nil {
		return 0
	}
	return resp.StatusCode
}

func TestBadFaultsAreNamed(t *testing.T) {
	for _, spec := range []string{"", "a:b:c:500", "yookassa:x:y", "yookassa:x:y:boom", "yookassa:x:y:429=soon", "yookassa:x:y:slow", "yookassa:x:y:500:0", "yookassa:x:y:cut=1", "yookassa:x:y:500:1:2"} {
		if _, err := ParseFault(spec); err == nil {
			t.Errorf("%q passes", spec)
		}
	}
}

func FuzzParseFault(f *testing.F) {
	f.Add("yookassa:POST /refunds:*:429=3:2")
	f.Fuzz(func(t *testing.T, spec string) {
		if got, err := ParseFault(spec); err == nil && (got.Times < 1 || got.System == "") {
			t.Errorf("%q: %+v", spec, got)
		}
	})
}

func TestReplayKeepsTheTimeAndRecordsNothingAnew(t *testing.T) {
	var file strings.Builder
	g := New(Options{Clock: world.NewClock(func() time.Time { return at }), Ledger: &file})
	before := at.Add(-24 * time.Hour)
	err := g.Replay(Entry{Time: before, System: "yookassa", ID: "7"}, func(Entry) error {
		if !g.Now().Equal(before) {
			t.Errorf("replayed at %v", g.Now())
		}
		g.Record(Entry{ID: "7"})
		return nil
	})
	if err != nil || file.Len() != 0 || strings.Count(string(g.Ledger()), "\n") != 1 {
		t.Errorf("err %v, file %q, ledger %q", err, file.String(), g.Ledger())
	}
}
