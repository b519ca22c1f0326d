package billmanager

import (
	"maps"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// column is one labelled column of the list.
type column struct{ name, label string }

// detailGroups say where the panel's columns stand in the detail pane. Status
// and remaining amount are not among them: the record has them.
var detailGroups = []struct {
	title   string
	columns []column
}{
	{"Document", []column{
		{"id", "Id"},
		{"number", "Number"},
		{"billorder", "Order"},
		{"paymentinvoice_number", "Invoice"},
		{"docflow_pdf_status", "Document state"},
		{"payment_receipt", "Fiscal receipt"},
	}},
	{"Dates", []column{{"create_date", "Created"}, {"pay_date", "Credited"}}},
	{"Parties", []column{{"sender_name", "Payer"}, {"sender_id", "Payer id"}, {"account_name", "Client"}, {"recipient_name", "Recipient"}}},
	{"Money", []column{{"subaccountamount_iso", "To the account"}, {"paymethodamount_iso", "In the method's currency"}, {"tax", "Tax"}}},
	{"Method", []column{{"paymethod_name", "Method"}, {"allowrefund", "Method refunds"}, {"restrictrefund", "Refund lock"}}},
}

// elsewhere are the columns that the record itself shows, or that repeat
// another.
var elsewhere = []string{"status", "create_date_l", "pay_date_l", "note"}

// details are the groups of the detail pane, with the columns that this panel
// adds of its own at the end.
func (c *Client) details(r row, refunds []refund) []providers.Group {
	var groups []providers.Group
	shown := map[string]bool{}
	for _, name := range elsewhere {
		shown[name] = true
	}
	for _, g := range detailGroups {
		group := providers.Group{Title: g.title}
		for _, col := range g.columns {
			shown[col.name] = true
			group = c.withRow(group, col.label, r.text(col.name))
		}
		if g.title == "Money" {
			for _, f := range refunds {
				group.Rows = append(group.Rows, providers.Row{Label: "Refunded", Value: f.amount.String() + ", " + f.number + " of " + f.created.Format(time.DateOnly)})
			}
		}
		groups = withGroup(groups, group)
	}
	other := providers.Group{Title: "Other columns"}
	for _, name := range slices.Sorted(maps.Keys(r.cells)) {
		if !shown[name] {
			other = c.withRow(other, strings.ReplaceAll(name, "_", " "), r.text(name))
		}
	}
	return withGroup(groups, other)
}

func (c *Client) withRow(g providers.Group, label, value string) providers.Group {
	if value != "" {
		g.Rows = append(g.Rows, providers.Row{Label: label, Value: c.http.Clean(value)})
	}
	return g
}

func withGroup(groups []providers.Group, g providers.Group) []providers.Group {
	if len(g.Rows) == 0 {
		return groups
	}
	return append(groups, g)
}
