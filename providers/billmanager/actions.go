package billmanager

import (
	"context"

	"bursar/providers"
)

// Actions lists what can be done to a kind.
func (c *Client) Actions(kind providers.Kind) []providers.Action { return nil }

// Act sends an intent once.
func (c *Client) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	return providers.Result{}, c.http.Errorf(in.Action, providers.FaultInput, "not yet")
}

// ReadBack looks up whether an intent was applied.
func (c *Client) ReadBack(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	return providers.Finding{}, c.http.Errorf(in.Action, providers.FaultInput, "not yet")
}

var _ providers.Provider = (*Client)(nil)
