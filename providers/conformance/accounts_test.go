package conformance_test

import (
	"runtime"
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/activeplatform"
	"bursar/providers/billmanager"
	"bursar/providers/jumpfinance"
	"bursar/providers/sandbox"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

func connect(t *testing.T, a transport.Account) providers.Provider {
	t.Helper()
	var p providers.Provider
	var err error
	switch a.System {
	case "billmanager":
		p, err = billmanager.New(a)
	case "yookassa":
		p, err = yookassa.New(a)
	case "jumpfinance":
		p, err = jumpfinance.New(a)
	case "activeplatform":
		p, err = activeplatform.New(a)
	default:
		t.Fatalf("no client of %q", a.System)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The four ready accounts of a sandbox log in and see their records, also in a
// world of a million payments, which must not cost a gigabyte.
func TestAccountsOfASandboxLogIn(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	s, err := sandbox.Start(t.Context(), sandbox.Options{Payments: 1_000_000, Now: func() time.Time { return noon }}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, a := range sandbox.Accounts(s.URL()) {
		a.Now = s.Clock().Now
		p := connect(t, a)
		if info := p.Info(); !info.Sandbox || info.Account != a.Name {
			t.Errorf("%+v", info)
		}
		for _, kind := range p.Kinds()[:1] {
			q := providers.Query{Kind: kind, Limit: 100}
			for range 3 {
				page, err := p.List(t.Context(), q)
				if err != nil || len(page.Records) == 0 || page.Next == "" {
					t.Fatalf("%s: %d %s, next %q, %v", a.Name, len(page.Records), kind.Plural(), page.Next, err)
				}
				q.Cursor = page.Next
			}
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	const bound = 400 << 20
	if m.HeapAlloc > bound || m.Sys > 1<<30 {
		t.Errorf("the heap holds %d MB, %d MB were taken from the machine", m.HeapAlloc>>20, m.Sys>>20)
	}
}
