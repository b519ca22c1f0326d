package cli

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"

	"bursar/config"
	"bursar/providers"
	"bursar/providers/activeplatform"
	"bursar/providers/billmanager"
	"bursar/providers/jumpfinance"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

// connect makes the client of an account's payment system. It sends nothing.
func connect(a transport.Account) (providers.Provider, error) {
	switch a.System {
	case "billmanager":
		return billmanager.New(a)
	case "yookassa":
		return yookassa.New(a)
	case "jumpfinance":
		return jumpfinance.New(a)
	case "activeplatform":
		return activeplatform.New(a)
	default:
		return nil, fmt.Errorf("account %s: no system %q", a.Name, a.System)
	}
}

// accountOf turns the file's words into what a client is made from, secrets
// fetched.
func accountOf(ctx context.Context, name string, c config.Account, log *slog.Logger) (transport.Account, error) {
	a := transport.Account{
		Name: name, System: c.System, URL: c.URL, Username: c.Username, ReadOnly: c.IsReadOnly(), Sandbox: c.Sandbox,
		Currency: c.Currency, Paths: c.Paths, Links: c.Links, Options: c.Options, Rate: c.Rate, Workers: c.Workers,
		Insecure: c.Insecure, CAFile: c.CAFile, Log: log,
	}
	var err error
	if a.Timeout, err = c.Wait(); err != nil {
		return a, fmt.Errorf("account %s: timeout: %w", name, err)
	}
	if c.Sandbox {
		if u, err := url.Parse(c.URL); err != nil || !transport.Loopback(u.Hostname()) {
			return a, fmt.Errorf("account %s: sandbox = true is for simulators on this machine only; remove it for %s", name, address(c.URL))
		}
	}
	if a.Secret, err = config.Secret(ctx, c.Secret); err != nil {
		return a, fmt.Errorf("account %s: %w", name, err)
	}
	if c.Payouts != nil {
		a.PayoutsUsername = c.Payouts.Username
		if a.PayoutsSecret, err = config.Secret(ctx, c.Payouts.Secret); err != nil {
			return a, fmt.Errorf("account %s: payouts: %w", name, err)
		}
	}
	return a, nil
}

// address is a configured URL as it may be shown: somebody may have written a
// login or a token into it.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(unreadable url)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// broken stands in for an account that cannot be used, so that its cached
// records stay on screen and every request says why nothing comes.
type broken struct {
	info providers.Info
	err  *providers.Error
}

func newBroken(name string, c config.Account, cause error) providers.Provider {
	host := address(c.URL)
	if u, err := url.Parse(c.URL); err == nil && u.Host != "" {
		host = u.Host
	}
	return broken{
		info: providers.Info{Account: name, System: c.System, Title: c.System, Host: host, Sandbox: c.Sandbox, ReadOnly: true, Workers: 1},
		err:  &providers.Error{System: c.System, Fault: providers.FaultAuth, Message: cause.Error()},
	}
}

func (b broken) Info() providers.Info                      { return b.info }
func (b broken) Kinds() []providers.Kind                   { return providers.Tabs() }
func (b broken) Actions(providers.Kind) []providers.Action { return nil }

func (b broken) List(context.Context, providers.Query) (providers.Page, error) {
	return providers.Page{}, b.err
}

func (b broken) Get(context.Context, providers.Ref) (providers.Record, error) {
	return providers.Record{}, b.err
}

func (b broken) Related(context.Context, providers.Ref) ([]providers.Record, error) {
	return nil, b.err
}

func (b broken) Act(context.Context, providers.Intent) (providers.Result, error) {
	return providers.Result{}, b.err
}

func (b broken) ReadBack(context.Context, providers.Intent) (providers.Finding, error) {
	return providers.Finding{}, b.err
}

// accounts is every provider by its account's name, in the file's order of
// names.
type accounts []providers.Provider

// Provider finds an account.
func (a accounts) Provider(name string) (providers.Provider, bool) {
	for _, p := range a {
		if p.Info().Account == name {
			return p, true
		}
	}
	return nil, false
}

// All lists the accounts.
func (a accounts) All() []providers.Provider { return a }

func (a accounts) names() []string {
	var names []string
	for _, p := range a {
		names = append(names, p.Info().Account)
	}
	return names
}

// system is the payment system of an account, for exports.
func (a accounts) system(name string) string {
	if p, ok := a.Provider(name); ok {
		return p.Info().System
	}
	return ""
}
