package billmanager

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/providers"
	simulator "bursar/providers/sandbox/billmanager"
	"bursar/providers/transport"
)

func wrongPassword(a *transport.Account) { a.Secret = "wr0ng-secret" }

func authinfo(a *transport.Account) { a.Options = map[string]string{"login": "authinfo"} }

func TestWrongCredentialsAreTriedOnce(t *testing.T) {
	for name, change := range map[string]func(*transport.Account){
		"session":  wrongPassword,
		"authinfo": func(a *transport.Account) { authinfo(a); wrongPassword(a) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPanel(t, setup{account: change})
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					_, err := p.List(t.Context(), providers.Query{Kind: providers.Payment})
					if providers.FaultOf(err) != providers.FaultAuth || strings.Contains(err.Error(), "wr0ng-secret") {
						t.Errorf("list: %v", err)
					}
				})
			}
			wg.Wait()
			if n := p.requests(fnAuth) + p.requests(fnWhoami); n != 1 {
				t.Errorf("the login was tried %d times", n)
			}
			p.Relogin()
			if _, err := p.List(t.Context(), providers.Query{Kind: providers.Payment}); err == nil {
				t.Error("a wrong password passes")
			}
			if n := p.requests(fnAuth) + p.requests(fnWhoami); n != 2 {
				t.Errorf("after an explicit new login there were %d tries, want 2", n)
			}
		})
	}
}

func TestRequestsShareOneLogin(t *testing.T) {
	p := newPanel(t, setup{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := p.List(t.Context(), providers.Query{Kind: providers.Payment, Limit: 10}); err != nil {
				t.Errorf("list: %v", err)
			}
		})
	}
	wg.Wait()
	if n := p.requests(fnAuth); n != 1 {
		t.Errorf("%d logins", n)
	}
}

func TestExpiredSessionIsRenewedInMidBatch(t *testing.T) {
	for _, kind := range []string{"auth", "access"} {
		t.Run(kind, func(t *testing.T) {
			p := newPanel(t, setup{panel: simulator.Options{ExpiredType: kind}})
			p.set(map[string]string{"id": "90001", "subaccountamount_iso": "100.00 RUB"})
			rec := p.get(providers.Payment, "90001")
			p.clock.Advance(61 * time.Minute)
			res, err := p.Act(t.Context(), p.intent(actCredit, rec, nil))
			if err != nil || res.Outcome != providers.Applied {
				t.Fatalf("credit with an expired session: %v, %v", res.Outcome, err)
			}
			if got := len(p.ledger()); got != 1 {
				t.Errorf("credited %d times", got)
			}
			if n := p.requests(fnAuth); n != 2 {
				t.Errorf("%d logins, want 2", n)
			}
		})
	}
}

func TestExpiryMetByManyRequestsBringsOneLogin(t *testing.T) {
	p := newPanel(t, setup{})
	p.get(providers.Payment, "1001")
	p.clock.Advance(2 * time.Hour)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := p.Get(t.Context(), p.ref(providers.Payment, "1003")); err != nil {
				t.Errorf("get: %v", err)
			}
		})
	}
	wg.Wait()
	if n := p.requests(fnAuth); n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}

func TestRefusalOfARecordBringsNoLogin(t *testing.T) {
	p := newPanel(t, setup{})
	rec := p.paid("90001")
	_, err := p.Act(t.Context(), p.intent(actCredit, rec, nil))
	if providers.FaultOf(err) != providers.FaultState || providers.OutcomeOf(err) != providers.Refused {
		t.Errorf("credit of a credited payment: %v", err)
	}
	if n := p.requests(fnAuth); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
	if n := p.requests(fnSetpaid); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestLoginsThatCannotWork(t *testing.T) {
	tests := []struct {
		name  string
		panel simulator.Options
		fault providers.Fault
		says  string
		once  bool // remembered, so never tried again
	}{
		{"two-factor", simulator.Options{TwoFactorCode: "123456"}, providers.FaultAuth, "two-factor", true},
		{"captcha", simulator.Options{Captcha: true}, providers.FaultAuth, "captcha", true},
		{"address refused by the panel", simulator.Options{Blocked: simulator.BlockedByPanel}, providers.FaultAuth, "address", false},
		{"address refused by the server", simulator.Options{Blocked: simulator.BlockedByServer}, providers.FaultForbidden, "403", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPanel(t, setup{panel: tt.panel})
			for range 2 {
				_, err := p.List(t.Context(), providers.Query{Kind: providers.Payment})
				if providers.FaultOf(err) != tt.fault || !strings.Contains(err.Error(), tt.says) {
					t.Fatalf("list: %v", err)
				}
			}
			if n := p.requests(fnAuth); (n == 1) != tt.once {
				t.Errorf("the login was tried %d times", n)
			}
		})
	}
}

func TestAuthinfoNeedsNoSession(t *testing.T) {
	p := newPanel(t, setup{panel: simulator.Options{Captcha: true}, account: authinfo})
	p.set(map[string]string{"id": "90001", "subaccountamount_iso": "100.00 RUB"})
	rec := p.get(providers.Payment, "90001")
	if res, err := p.Act(t.Context(), p.intent(actCredit, rec, nil)); err != nil || res.Outcome != providers.Applied {
		t.Errorf("credit: %v, %v", res.Outcome, err)
	}
	if n := p.requests(fnAuth); n != 0 {
		t.Errorf("%d logins", n)
	}
}

// A change whose login failed was never sent: its outcome is not unknown.
func TestChangeWithoutLoginWasNotSent(t *testing.T) {
	c := newClient(t, answers(map[string]string{fnAuth: "<html><body>maintenance</body></html>"}), nil)
	_, err := c.Act(t.Context(), providers.Intent{Action: actCredit, Ref: c.ref(providers.Payment, "7")})
	if providers.FaultOf(err) != providers.FaultOffline || providers.OutcomeOf(err) != providers.Refused {
		t.Errorf("credit: %v", err)
	}
}

func TestSecondRefusalAfterANewLoginIsFinal(t *testing.T) {
	auths, credits := 0, 0
	expired := `{"doc":{"error":{"$type":"auth","msg":{"$":"log in"}}}}`
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.FormValue("func") {
		case fnAuth:
			auths++
			_, _ = w.Write([]byte(`{"doc":{"auth":{"$id":"s"}}}`))
		case fnWhoami:
			if auths == 1 && credits > 0 {
				_, _ = w.Write([]byte(expired))
				return
			}
			_, _ = w.Write([]byte(`{"doc":{"user":{"$name":"operator"}}}`))
		default:
			credits++
			_, _ = w.Write([]byte(expired))
		}
	}), nil)
	_, err := c.Act(t.Context(), providers.Intent{Action: actCredit, Ref: c.ref(providers.Payment, "7")})
	if providers.FaultOf(err) != providers.FaultAuth || auths != 2 || credits != 2 {
		t.Errorf("%v after %d logins and %d requests", err, auths, credits)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*transport.Account){
		"login":     func(a *transport.Account) { a.Options = map[string]string{"login": "cookie"} },
		"an option": func(a *transport.Account) { a.Options = map[string]string{"logon": "session"} },
		"timezone":  func(a *transport.Account) { a.Options = map[string]string{"timezone": "Mars/Olympus"} },
		"link":      func(a *transport.Account) { a.Links = map[string]string{"externalid": "shop"} },
		"url":       func(a *transport.Account) { a.URL = "http://billing.example.com/billmgr" },
	} {
		a := testAccount()
		a.URL = "https://billing.example.com:1500/billmgr"
		change(&a)
		if _, err := New(a); err == nil {
			t.Errorf("a wrong %s passes", name)
		}
	}
}
