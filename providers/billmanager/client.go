package billmanager

import (
	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one login at one panel. It is safe for concurrent use.
type Client struct {
	http    *transport.Client
	account transport.Account
}

// New makes the client of an account. It sends nothing.
func New(a transport.Account) (*Client, error) {
	c := &Client{account: a}
	var err error
	c.http, err = a.Client(nil)
	return c, err
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says which account and host this is.
func (c *Client) Info() providers.Info { return c.account.Info("BILLmanager", c.http) }

// Kinds lists what the panel has.
func (c *Client) Kinds() []providers.Kind { return []providers.Kind{providers.Payment, providers.Refund} }
