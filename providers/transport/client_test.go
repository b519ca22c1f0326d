package transport

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/providers"
)

const secret = "s3cr3t+key"

func newClient(t *testing.T, base string, change func(*Options)) *Client {
	t.Helper()
	o := Options{
		System: "yookassa", Account: "shop", BaseURL: base, Rate: 1000, Timeout: 200 * time.Millisecond, Secrets: []string{secret},
		Wait: func(context.Context, time.Duration) error { return nil },
	}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestFaultsOfTheWire(t *testing.T) {
	release := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/drop", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for _, status := range []int{302, 400, 401, 403, 404, 409, 429, 500, 502} {
		mux.HandleFunc(fmt.Sprintf("/%d", status), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
		})
	}
	srv := httptest.NewServer(mux)
	defer srv.Close()
	defer close(release)
	tests := []struct {
		path    string
		fault   providers.Fault
		outcome providers.Outcome
	}{
		{"/hang", providers.FaultTimeout, providers.Unknown},
		{"/cut", providers.FaultProtocol, providers.Unknown},
		{"/drop", providers.FaultProtocol, providers.Unknown},
		{"/302", providers.FaultProtocol, providers.Unknown},
		{"/400", providers.FaultInput, providers.Refused},
		{"/401", providers.FaultAuth, providers.Refused},
		{"/403", providers.FaultForbidden, providers.Refused},
		{"/404", providers.FaultNotFound, providers.Refused},
		{"/409", providers.FaultState, providers.Refused},
		{"/429", providers.FaultLimited, providers.Refused},
		{"/500", providers.FaultServer, providers.Unknown},
		{"/502", providers.FaultServer, providers.Unknown},
	}
	c := newClient(t, srv.URL, nil)
	for _, tt := range tests {
		_, err := c.Do(t.Context(), Request{Op: "POST " + tt.path, Method: http.MethodPost, Path: tt.path, Changes: true})
		if got := providers.FaultOf(err); got != tt.fault || providers.OutcomeOf(err) != tt.outcome {
			t.Errorf("%s: fault %v, outcome %v; want %v, %v (%v)", tt.path, got, providers.OutcomeOf(err), tt.fault, tt.outcome, err)
		}
		if tt.path == "/429" && providers.RetryAfterOf(err) != 7*time.Second {
			t.Errorf("retry after %v", providers.RetryAfterOf(err))
		}
	}
}

func TestHowLongToWait(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "-3": 0, "99999999": time.Hour, "soon": 0,
		"Sun, 22 Nov 2026 10:01:30 GMT": 90 * time.Second, "Sun, 22 Nov 2026 09:00:00 GMT": 0, "Mon, 23 Nov 2026 10:00:00 GMT": time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {header}}, now); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

func TestUnreachableHostIsNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, err = newClient(t, "http://"+addr, nil).Do(t.Context(), Request{Op: "POST /refunds", Method: http.MethodPost, Changes: true})
	if providers.FaultOf(err) != providers.FaultOffline || providers.OutcomeOf(err) != providers.Refused {
		t.Errorf("an unreachable host: %v", err)
	}
}

func TestOnlyReadsAreSentAgain(t *testing.T) {
	for _, changes := range []bool{false, true} {
		var calls atomic.Int32
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if calls.Add(1) < 3 {
				w.WriteHeader(http.StatusBadGateway)
			}
		}))
		_, err := newClient(t, srv.URL, nil).Do(t.Context(), Request{Method: http.MethodPost, Changes: changes})
		srv.Close()
		if changes && (err == nil || calls.Load() != 1) {
			t.Errorf("a changing request was sent %d times, err %v", calls.Load(), err)
		}
		if !changes && (err != nil || calls.Load() != 3) {
			t.Errorf("a read was sent %d times, err %v", calls.Load(), err)
		}
	}
}

func TestNoSecretLeaves(t *testing.T) {
	var log bytes.Buffer
	card := "4111 1111 1111 1111"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drop" {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, "bad token %s for card %s\x1b[31m", r.URL.Query().Get("api_token"), card)
	}))
	defer srv.Close()
	c := newClient(t, srv.URL, func(o *Options) { o.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	for _, path := range []string{"/", "/drop"} {
		_, err := c.Do(t.Context(), Request{Op: "GET /payments.json", Method: http.MethodGet, Path: path, Query: url.Values{"api_token": {secret}}, Changes: true})
		var e *providers.Error
		if !errors.As(err, &e) {
			t.Fatalf("no *providers.Error: %v", err)
		}
		text := fmt.Sprintf("%v %+v %v", err, *e, e.Unwrap()) + log.String()
		for _, bad := range []string{secret, url.QueryEscape(secret), "4111 1111", "41111111", "\x1b"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q leaks in %s", path, bad, text)
			}
		}
	}
}

func TestCredentialsThatAPagePrintsDoNotLeave(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintf(w, "HTTP_AUTHORIZATION: %s", r.Header.Get("Authorization"))
	}))
	defer srv.Close()
	a := Account{Name: "shop", URL: srv.URL, Username: "100500", Secret: secret, Rate: 1e6}
	c, err := a.Client(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	basic := base64.StdEncoding.EncodeToString([]byte("100500:" + secret))
	_, err = c.Do(t.Context(), Request{Op: "POST /refunds", Method: http.MethodPost, Header: http.Header{"Authorization": {"Basic " + basic}}, Changes: true})
	if err == nil || strings.Contains(err.Error(), basic) || !strings.Contains(err.Error(), "HTTP_AUTHORIZATION: Basic •••") {
		t.Errorf("got %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for base, want := range map[string]string{
		"":                             "url must look like",
		"ftp://x":                      "url must look like",
		"https://user:pw@host/":        "no login",
		"https://host/?a=b":            "no query",
		"http://billing.example.com/":  "plain http",
		"https://billing.example.com/": "",
		"http://127.0.0.1:8480/v3":     "",
		"http://[::1]/":                "",
	} {
		_, err := New(Options{Account: "shop", BaseURL: base})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestPathsAreJoinedNotReplaced(t *testing.T) {
	var got string
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath() }))
	defer srv.Close()
	for path, want := range map[string]string{"/payments": "/api/v3/payments", "": "/api/v3", "/by-id/a%2Fb": "/api/v3/by-id/a%2Fb"} {
		if _, err := newClient(t, srv.URL+"/api/v3", nil).Do(t.Context(), Request{Method: http.MethodGet, Path: path}); err != nil || got != want {
			t.Errorf("%q: asked %q, want %q, err %v", path, got, want, err)
		}
	}
}

func TestWorkersAreBounded(t *testing.T) {
	var now, most atomic.Int32
	gate := make(chan struct{})
	entered := make(chan struct{}, 8)
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		entered <- struct{}{}
		<-gate
		now.Add(-1)
	}))
	defer srv.Close()
	c := newClient(t, srv.URL, func(o *Options) { o.Workers, o.Timeout = 2, time.Minute })
	done := make(chan error, 6)
	for range 6 {
		go func() {
			_, err := c.Do(t.Context(), Request{Method: http.MethodGet})
			done <- err
		}()
	}
	<-entered
	<-entered
	close(gate)
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() > 2 {
		t.Errorf("%d requests at once, allowed 2", most.Load())
	}
}
