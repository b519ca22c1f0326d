package jumpfinance

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// Flags that actions and filters go by.
const (
	flagFinal     = "final"
	flagCanRepeat = "can repeat"
	flagHeld      = "held on nominal account"
	flagSelf      = "self-employed"
	flagStop      = "stop list"
	flagDeleted   = "deleted"
)

// masking names the fields that hold personal data or card numbers whole.
func masking() providers.MaskRule {
	return providers.MaskRule{
		Card: []string{"account_number"},
		Drop: []string{"passport_details", "passport", "full_number", "serial", "snils", "birth_date", "birthdate", "registration_address"},
		Keep: []string{"id", "inn"},
	}
}

// statusWords stands in for a title that the service did not send.
var statusWords = map[number]string{
	1: "Оплачен", 2: "Отклонён", 3: "В обработке", 4: "Ожидает подтверждения", 5: "Ошибка выплаты", 6: "Удалено", 7: "Ожидает подтверждения", 8: "Ждёт подписания акта",
}

var statusPhases = map[number]providers.Phase{
	1: providers.PhaseDone, 2: providers.PhaseFailed, 3: providers.PhaseWaiting, 4: providers.PhaseWaiting, 5: providers.PhaseFailed,
	6: providers.PhaseCancelled, 7: providers.PhaseWaiting, 8: providers.PhaseWaiting,
}

// statusOf is a payout's status. The server's own title is shown: what a
// number means has changed before.
func statusOf(s object[wireStatus]) providers.Status {
	if s.v.ID == 0 {
		return providers.Status{}
	}
	label := s.v.Title.String()
	if label == "" {
		label = orText(statusWords[s.v.ID], "status "+s.v.ID.String())
	}
	return providers.Status{Code: s.v.ID.String(), Label: providers.MaskText(label), Phase: statusPhases[s.v.ID]}
}

func (c *Client) currency() string { return orText(c.a.Currency, "RUB") }

func (c *Client) money(a amount) providers.Money {
	if !a.known {
		return providers.Money{}
	}
	return providers.Money{Decimal: a.value, Currency: c.currency()}
}

// show is a text of the service as a screen may show it.
func show(t text) string { return providers.MaskText(t.String()) }

// toPayout maps one payout; false when it has no id.
func (c *Client) toPayout(raw json.RawMessage) (providers.Record, bool) {
	var p wirePayout
	if json.Unmarshal(raw, &p) != nil || p.ID <= 0 {
		return providers.Record{}, false
	}
	payee := p.Contractor.v
	r := providers.Record{
		Ref:     c.ref(providers.Payout, p.ID.String()),
		Number:  orText(show(p.CustomerPaymentID), p.ID.String()),
		Status:  statusOf(p.Status),
		Amount:  c.money(p.Amount),
		Created: p.CreatedAt.Time,
		Updated: latest(p),
		Party: providers.Party{
			ID: payee.ID.String(), Name: orText(show(payee.FullName), show(payee.ShortName)), Phone: show(payee.Phone), Card: cardOf(p.Requisite.v),
		},
		Method: orText(show(p.Requisite.v.Title), show(p.Requisite.v.Type.v.Title)),
		Note:   orText(show(p.Purpose), show(p.ServiceName)),
		Flags:  payoutFlags(p),
		Raw:    providers.MaskJSON(raw, masking()),
	}
	r.Links = c.payoutLinks(p)
	r.Details = c.payoutDetails(p)
	return r, true
}

// latest is when the payout last changed: v1 has no such field, but its
// history does.
func latest(p wirePayout) time.Time {
	out := p.CreatedAt.Time
	for _, t := range []moment{p.UpdatedAt, p.ApprovedAt, p.PaidAt, p.RefundAt, p.CanceledAt} {
		if t.After(out) {
			out = t.Time
		}
	}
	for _, h := range p.History {
		if h.UpdatedAt.After(out) {
			out = h.UpdatedAt.Time
		}
	}
	return out
}

func payoutFlags(p wirePayout) []string {
	var flags []string
	add := func(f flag, word string) {
		if f.on {
			flags = append(flags, word)
		}
	}
	add(p.IsFinal, flagFinal)
	add(p.Abilities.v["can_repeat"], flagCanRepeat)
	add(p.Nominal.v.Held, flagHeld)
	add(p.Contractor.v.SelfEmployed, flagSelf)
	add(p.Contractor.v.StopList, flagStop)
	add(p.Contractor.v.Deleted, flagDeleted)
	if p.Receipt.known {
		flags = append(flags, "receipt "+receiptStatus(p.Receipt.v).Code)
	}
	return flags
}

func (c *Client) payoutLinks(p wirePayout) []providers.Link {
	var links []providers.Link
	if id := p.Contractor.v.ID; id > 0 {
		links = append(links, providers.Link{Rel: "contractor", Ref: c.ref(providers.Contractor, id.String())})
	}
	if p.Receipt.known {
		links = append(links, providers.Link{Rel: "receipt", Ref: c.ref(providers.Receipt, p.ID.String())})
	}
	if id := p.Certificate.v.ID.String(); isID(id) {
		links = append(links, providers.Link{Rel: "certificate", Ref: c.ref(providers.Certificate, id)})
	}
	if id := p.branchID(); isID(id) {
		links = append(links, providers.Link{Rel: "branch", Ref: c.ref(providers.Branch, id)})
	}
	return links
}

func (p wirePayout) branchID() string {
	for _, id := range []string{p.BranchID.String(), p.Branch.v.ID.String(), p.BranchV2.v.ID.String()} {
		if id != "" {
			return id
		}
	}
	return ""
}

// cardOf is the masked card that a payout lands on, empty for other
// destinations. The service shows "Brand · 1234" or a mask with stars.
func cardOf(d wireDestination) string {
	for _, t := range []text{d.Mask, d.Description} {
		s := t.String()
		if providers.HasCard(s) || strings.Contains(s, "*") {
			return providers.MaskCard(s)
		}
		if _, tail, ok := strings.Cut(s, "·"); ok {
			if tail = strings.TrimSpace(tail); len(tail) == 4 && strings.Trim(tail, "0123456789") == "" {
				return "•• " + tail
			}
		}
	}
	return ""
}

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

	receiptRows(&g, p)
	g.title("Act")
	g.row("Act", p.Act.v.ID.String())
	g.row("Status", providers.MaskText(p.Act.v.Status.v.label()))
	g.row("Certificate", p.Certificate.v.ID.String())

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
	return g.done()
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
