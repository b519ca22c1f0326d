package activeplatform

import (
	"bursar/providers/transport"
)

// Client is one account at one panel.
type Client struct {
	a    transport.Account
	http *transport.Client
}

// New checks the account. It sends nothing.
func New(a transport.Account) (*Client, error) {
	c := &Client{a: a}
	var err error
	c.http, err = a.Client(nil)
	return c, err
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }
