package yookassa

import (
	"context"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one shop at YooKassa.
type Client struct {
	account transport.Account
	http    *transport.Client
}

var _ providers.Provider = (*Client)(nil)

// New checks the account's settings. It sends nothing.
func New(a transport.Account) (*Client, error) {
	c := &Client{account: a}
	var err error
	if c.http, err = a.Client(nil); err != nil {
		return nil, err
	}
	return c, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says whose door the client knocks on.
func (c *Client) Info() providers.Info { return c.account.Info("YooKassa", c.http) }

// Kinds lists what the client can read.
func (c *Client) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payment, providers.Refund, providers.Receipt}
}

// List reads one page, newest first.
func (c *Client) List(context.Context, providers.Query) (providers.Page, error) {
	return providers.Page{}, c.http.Errorf("", providers.FaultOther, "not yet")
}

// Get reads one record.
func (c *Client) Get(context.Context, providers.Ref) (providers.Record, error) {
	return providers.Record{}, c.http.Errorf("", providers.FaultOther, "not yet")
}

// Related reads what belongs to a record.
func (c *Client) Related(context.Context, providers.Ref) ([]providers.Record, error) {
	return nil, c.http.Errorf("", providers.FaultOther, "not yet")
}

// Actions lists what can be done to a kind.
func (c *Client) Actions(providers.Kind) []providers.Action { return nil }

// Act sends the intent's request once.
func (c *Client) Act(context.Context, providers.Intent) (providers.Result, error) {
	return providers.Result{}, c.http.Errorf("", providers.FaultOther, "not yet")
}

// ReadBack looks up whether the intent was applied.
func (c *Client) ReadBack(context.Context, providers.Intent) (providers.Finding, error) {
	return providers.Finding{}, c.http.Errorf("", providers.FaultOther, "not yet")
}
