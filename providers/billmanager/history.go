package billmanager

import (
	"context"
	"maps"
	"slices"
	"time"
)

// event is one line of a payment's history.
type event struct {
	at        time.Time
	who, what string
}

// history reads a payment's changes.
func (c *Client) history(ctx context.Context, id string) ([]row, error) {
	return c.table(ctx, fnHistory, id)
}

// event reads the usual columns of a history table and puts the others behind.
func (c *Client) event(r row) event {
	e := event{who: c.http.Clean(r.text("user"))}
	shown := []string{"user"}
	for _, name := range slices.Sorted(maps.Keys(r.cells)) {
		if at := c.date(r.text(name)); name != "id" && name != "desc" && !at.IsZero() {
			e.at, shown = at, append(shown, name)
			break
		}
	}
	e.what = c.rest(r, "desc", shown...)
	return e
}
