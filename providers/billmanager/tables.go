package billmanager

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"bursar/providers"
)

// table is a list that the panel keeps of one payment. Its page on them names
// no columns, so all that come are shown.
type table struct {
	fn, title string
	line      func(*Client, row) providers.Row
}

// tables are those that a record has: what a payment pays for, what its money
// was spent on as long as it is promised or credited, and what became of it.
func (c *Client) tables(r providers.Record) []table {
	history := table{fnHistory, "History", (*Client).historyLine}
	if r.Ref.Kind != providers.Payment {
		return []table{history}
	}
	out := []table{{fnItems, "Pays for", (*Client).itemLine}}
	if r.Status.Code == statusPromised || r.Status.Code == statusCredited {
		out = append(out, table{fnSpent, "Spent on", (*Client).spentLine})
	}
	return append(out, history)
}

// table reads one of them.
func (c *Client) table(ctx context.Context, fn, id string) ([]row, error) {
	doc, err := c.call(ctx, fn, url.Values{"elid": {id}}, false)
	if err != nil {
		return nil, err
	}
	return doc.rows(), nil
}

// group is a table in the detail pane, in the panel's order.
func (c *Client) group(t table, rows []row) providers.Group {
	g := providers.Group{Title: t.title}
	for _, r := range rows {
		g.Rows = append(g.Rows, t.line(c, r))
	}
	return g
}

func (c *Client) historyLine(r row) providers.Row {
	e := c.event(r)
	return providers.Row{Label: e.who, Value: e.what, Time: e.at}
}

func (c *Client) itemLine(r row) providers.Row {
	return providers.Row{Label: c.http.Clean(r.text("info")), Value: c.rest(r, "cost", "info")}
}

func (c *Client) spentLine(r row) providers.Row {
	line := providers.Row{Label: c.http.Clean(r.text("name"))}
	day := "date"
	if r.text(day) == "" {
		day = "realdate"
	}
	line.Time = c.date(r.text(day))
	shown := []string{"name"}
	if !line.Time.IsZero() {
		shown = append(shown, day)
	}
	line.Value = c.rest(r, "amount", shown...)
	return line
}

// rest is a row's main column and, behind it, those that are not shown yet.
func (c *Client) rest(r row, main string, shown ...string) string {
	text := r.text(main)
	var more []string
	for _, name := range slices.Sorted(maps.Keys(r.cells)) {
		if v := r.text(name); v != "" && name != "id" && name != main && !slices.Contains(shown, name) {
			more = append(more, strings.ReplaceAll(name, "_", " ")+" "+v)
		}
	}
	if len(more) > 0 {
		text = strings.TrimSpace(text + " (" + strings.Join(more, ", ") + ")")
	}
	return c.http.Clean(text)
}
