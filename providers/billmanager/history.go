package billmanager

import (
	"context"
	"maps"
	"slices"
	"strings"
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
	var more []string
	for _, name := range slices.Sorted(maps.Keys(r.cells)) {
		value := r.text(name)
		switch {
		case value == "" || name == "id" || name == "user":
		case name == "desc":
			e.what = value
		case e.at.IsZero() && !c.date(value).IsZero():
			e.at = c.date(value)
		default:
			more = append(more, name+" "+value)
		}
	}
	if len(more) > 0 {
		e.what = strings.TrimSpace(e.what + " (" + strings.Join(more, ", ") + ")")
	}
	e.what = c.http.Clean(e.what)
	return e
}
