package transport

import (
	"context"
	"encoding/base64"
	"log/slog"
	"time"

	"bursar/providers"
)

// Account is one configured login at one system: what a system's client is
// made from.
type Account struct {
	Name     string // in the configuration
	System   string
	URL      string
	Username string
	Secret   string // resolved; never logged, stored or shown
	// Payouts is the second login of a system that keeps payouts apart.
	PayoutsUsername, PayoutsSecret string
	ReadOnly                       bool
	Sandbox                        bool
	Currency                       string            // where the API names none
	Paths                          map[string]string // overrides of inferred paths, by their key
	// Links tells which field of a record names a record of another account:
	// field name -> "account/kind", for example "billing_payment" ->
	// "hosting/payment".
	Links map[string]string
	// Options holds a system's own switches by name; the system refuses a name
	// that it does not know.
	Options  map[string]string
	Rate     float64
	Workers  int
	Timeout  time.Duration
	Insecure bool
	CAFile   string
	Log      *slog.Logger
	Now      func() time.Time
	Wait     func(ctx context.Context, d time.Duration) error
}

// Client makes the account's HTTP client with the system's error decoder.
func (a Account) Client(decode func(Request, Response) *providers.Error) (*Client, error) {
	return New(Options{
		System: a.System, Account: a.Name, BaseURL: a.URL, Rate: a.Rate, Workers: a.Workers, Timeout: a.Timeout,
		Insecure: a.Insecure, CAFile: a.CAFile, Secrets: a.secrets(), Log: a.Log, Decode: decode,
		Wait: a.Wait, Now: a.Now,
	})
}

// secrets are the account's secrets in every form in which a request carries
// them: an error page may print the whole request, Basic credentials included.
func (a Account) secrets() []string {
	out := []string{a.Secret, a.PayoutsSecret}
	for _, login := range [][2]string{{a.Username, a.Secret}, {a.PayoutsUsername, a.PayoutsSecret}} {
		if login[0] != "" && login[1] != "" {
			out = append(out, base64.StdEncoding.EncodeToString([]byte(login[0]+":"+login[1])))
		}
	}
	return out
}

// Info is the account as screens name it.
func (a Account) Info(title string, c *Client) providers.Info {
	return providers.Info{
		Account: a.Name, System: a.System, Title: title, Host: c.Host(), Sandbox: a.Sandbox, ReadOnly: a.ReadOnly, Workers: c.Workers(),
	}
}
