package jumpfinance

import (
	"slices"

	"bursar/providers"
)

// abilityWords are the things that may be done to a payout, as the service
// names them, in the order of the detail pane. Only repeat has a call.
var abilityWords = []struct{ key, label string }{
	{"can_repeat", "Repeat"},
	{"can_confirm", "Confirm"},
	{"can_approve", "Approve"},
	{"can_cancel", "Cancel"},
	{"can_refund", "Credit to the contractor's balance"},
	{"can_edit", "Edit"},
	{"can_edit_requisite", "Change the requisite"},
	{"can_add_files", "Attach files"},
}

func (c *Client) payoutDetails(p wirePayout) []providers.Group {
	var g groups
	g.title("Payout")
	g.row("Payout", p.ID.String())
	g.row("Own id", show(p.CustomerPaymentID))
	g.row("External id", show(p.ExternalID))
	g.row("Status", statusOf(p.Status).Label)
	g.row("Final", yesNo(p.IsFinal))
	g.row("Error", providers.MaskText(string(p.Error)))
	g.row("Purpose", show(p.Purpose))
	g.row("Service", show(p.ServiceName))
	g.row("Money held on the nominal account", yesNo(p.Nominal.v.Held))

	g.title("Amounts, as the service states them")
	g.row("Amount", c.money(p.Amount).String())
	g.row("Paid to the contractor", c.money(p.AmountPaid).String())
	g.row("Withheld from the contractor", c.money(p.Commission).String())
	g.row("Bank's fee", c.money(p.CommissionBank).String())
	g.row("Tax", c.money(p.TaxAmount).String())

	partyRows(&g, p)
	abilityRows(&g, p)
	receiptRows(&g, p)
	g.title("Act")
	g.row("Act", p.Act.v.ID.String())
	g.row("Status", providers.MaskText(p.Act.v.Status.v.label()))
	g.row("Certificate", p.Certificate.v.ID.String())

	timeRows(&g, p)
	return g.done()
}

// partyRows tell from whom to whom.
func partyRows(g *groups, p wirePayout) {
	payee, where := p.Contractor.v, p.Requisite.v
	g.title("Contractor")
	g.row("Name", show(payee.FullName))
	g.row("Phone", show(payee.Phone))
	g.row("INN", payee.INN.String())
	g.row("Requisite", show(where.Title))
	g.row("Account", orText(show(where.Description), show(where.Mask)))

	g.title("From")
	g.row("Legal entity", providers.MaskText(p.Agent.v.label()))
	g.row("Branch", orText(p.branchName(), p.branchID()))
	g.row("Bank account", providers.MaskText(p.BankAccount.v.label()))
	g.row("Made by", providers.MaskText(p.Creator.v.label()))
	g.row("Approved by", providers.MaskText(p.Approver.v.label()))
}

// abilityRows tell what the service would allow. Only a repeat has a documented
// call.
func abilityRows(g *groups, p wirePayout) {
	g.title("May be done now")
	for _, a := range abilityWords {
		f := p.Abilities.v[a.key]
		switch {
		case f.on && a.key != "can_repeat":
			g.row(a.label, "yes, in the personal account")
		default:
			g.row(a.label, yesNo(f))
		}
	}
}

func timeRows(g *groups, p wirePayout) {
	g.title("Dates")
	g.time("Created", p.CreatedAt)
	g.time("Approved", p.ApprovedAt)
	g.time("Paid", p.PaidAt)
	g.time("Credited to the balance", p.RefundAt)
	g.time("Cancelled", p.CanceledAt)
	g.time("Updated", p.UpdatedAt)

	g.title("History")
	for _, h := range p.History {
		g.add(providers.Row{Label: show(h.Message), Value: show(h.Detail), Time: h.UpdatedAt.Time})
	}
}

func (p wirePayout) branchName() string {
	return providers.MaskText(orText(p.Branch.v.label(), p.BranchV2.v.label()))
}

// groups builds the detail pane: rows without a value and groups without rows
// are left out.
type groups struct{ all []providers.Group }

func (g *groups) title(t string) { g.all = append(g.all, providers.Group{Title: t}) }

func (g *groups) row(label, value string) {
	if value != "" {
		g.add(providers.Row{Label: label, Value: value})
	}
}

func (g *groups) time(label string, t moment) {
	if !t.IsZero() {
		g.add(providers.Row{Label: label, Value: t.Format("2006-01-02 15:04:05 -07:00")})
	}
}

func (g *groups) add(r providers.Row) {
	last := &g.all[len(g.all)-1]
	last.Rows = append(last.Rows, r)
}

func (g *groups) done() []providers.Group {
	return slices.DeleteFunc(g.all, func(x providers.Group) bool { return len(x.Rows) == 0 })
}

func yesNo(f flag) string {
	switch {
	case !f.known:
		return ""
	case f.on:
		return "yes"
	default:
		return "no"
	}
}
