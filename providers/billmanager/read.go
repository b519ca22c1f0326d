package billmanager

import (
	"context"

	"bursar/providers"
)

// List reads one page, newest first.
func (c *Client) List(ctx context.Context, q providers.Query) (providers.Page, error) {
	return providers.Page{}, c.http.Errorf("payment", providers.FaultInput, "not yet")
}

// Get reads one record.
func (c *Client) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	return providers.Record{}, c.http.Errorf("payment", providers.FaultInput, "not yet")
}

// Related reads what belongs to a record.
func (c *Client) Related(ctx context.Context, ref providers.Ref) ([]providers.Record, error) {
	return nil, c.http.Errorf("payment", providers.FaultInput, "not yet")
}
