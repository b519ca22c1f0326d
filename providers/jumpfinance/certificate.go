package jumpfinance

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"bursar/providers"
)

// toCertificate maps one acceptance certificate; false when it has no id.
func (c *Client) toCertificate(raw json.RawMessage) (providers.Record, bool) {
	var w wireCertificate
	if json.Unmarshal(raw, &w) != nil || w.ID <= 0 {
		return providers.Record{}, false
	}
	payee := w.Contractor.v
	name := providers.MaskText(payee.label())
	r := providers.Record{
		Ref:     c.ref(providers.Certificate, w.ID.String()),
		Number:  orText(show(w.Number), w.ID.String()),
		Status:  certificateStatus(w),
		Amount:  c.money(w.Amount),
		Created: w.CreatedAt.Time,
		Updated: w.UpdatedAt.Time,
		Party:   providers.Party{ID: payee.ID.String(), Name: name, Phone: show(payee.Phone)},
		Method:  show(w.Requisite.v.Requisite.v.Type.v.Title),
		Note:    show(w.Scrap.v.Description),
		Raw:     providers.MaskJSON(raw, masking()),
	}
	if r.Created.IsZero() {
		r.Created = w.Date.Time
	}
	for _, a := range []string{"can_edit", "can_delete", "can_create_payment"} {
		if w.Abilities.v[a].on {
			r.Flags = append(r.Flags, strings.ReplaceAll(a, "_", " "))
		}
	}
	if id := w.Payment.v.ID; id > 0 {
		r.Links = append(r.Links, providers.Link{Rel: "payout", Ref: c.ref(providers.Payout, id.String())})
	}
	if id := payee.ID.String(); isID(id) {
		r.Links = append(r.Links, providers.Link{Rel: "contractor", Ref: c.ref(providers.Contractor, id)})
	}
	if id := w.Branch.v.ID.String(); isID(id) {
		r.Links = append(r.Links, providers.Link{Rel: "branch", Ref: c.ref(providers.Branch, id)})
	}
	r.Details = c.certificateDetails(w, name)
	return r, true
}

// certificateStatus shows the certificate's own word and the phase of its
// payout: the words are not documented but for one.
func certificateStatus(w wireCertificate) providers.Status {
	code := show(w.Status)
	paid := w.Payment.v.Status.v.ID
	s := providers.Status{Code: code, Label: strings.ReplaceAll(code, "_", " "), Phase: statusPhases[paid]}
	if s.Code == "" && paid != 0 {
		s = statusOf(w.Payment.v.Status)
	}
	if paid == 0 && code == "in_processing" {
		s.Phase = providers.PhaseWaiting
	}
	return s
}

func (c *Client) certificateDetails(w wireCertificate, name string) []providers.Group {
	var g groups
	g.title("Certificate")
	g.row("Certificate", w.ID.String())
	g.row("Number", show(w.Number))
	if !w.Date.IsZero() {
		g.row("Date", w.Date.Format("2006-01-02"))
	}
	g.row("Status", show(w.Status))
	g.row("Amount", c.money(w.Amount).String())
	g.row("Legal entity", providers.MaskText(w.Agent.v.label()))
	g.row("Branch", providers.MaskText(w.Branch.v.label()))
	g.row("Bank account", providers.MaskText(w.BankAccount.v.label()))
	g.row("Author", providers.MaskText(w.Author.v.label()))
	g.row("Transport", strings.TrimSpace(show(w.Transport.v.Mark)+" "+show(w.Transport.v.Number)))
	g.row("Owned on the basis of", show(w.Scrap.v.Basis))
	g.row("Goods", show(w.Scrap.v.Description))
	g.title("Contractor")
	g.row("Name", name)
	g.row("Phone", show(w.Contractor.v.Phone))
	g.row("INN", w.Contractor.v.INN.String())
	req := w.Requisite.v.Requisite.v
	g.row("Requisite", strings.TrimSpace(show(req.Type.v.Title)+" "+show(req.Description)))
	g.title("Payout")
	g.row("Payout", w.Payment.v.ID.String())
	g.row("Status", statusOf(w.Payment.v.Status).Label)
	g.row("Amount", c.money(w.Payment.v.Amount).String())
	g.title("Lines")
	for _, it := range w.Items {
		unit := orText(show(it.Unit.v.ShortName), show(it.Unit.v.Name))
		value := fmt.Sprintf("%s %s gross, %s tare, %s%% impurity, %s clear × %s = %s",
			plain(it.Value), unit, plain(it.Tare), plain(it.Impurity), plain(it.Clear), plain(it.Price), c.money(it.Amount).String())
		g.add(providers.Row{Label: show(it.Name), Value: value})
	}
	return g.done()
}

func plain(a amount) string {
	if !a.known {
		return "?"
	}
	return a.value.String()
}

// toBranch maps one branch; false when it has no id.
func (c *Client) toBranch(raw json.RawMessage) (providers.Record, bool) {
	var w wireBranch
	if json.Unmarshal(raw, &w) != nil || w.ID <= 0 {
		return providers.Record{}, false
	}
	r := providers.Record{
		Ref:     c.ref(providers.Branch, w.ID.String()),
		Number:  w.ID.String(),
		Status:  providers.Status{Code: "active", Label: "active", Phase: providers.PhaseDone},
		Created: w.CreatedAt.Time,
		Party:   providers.Party{Name: show(w.Name)},
		Method:  providers.MaskText(w.Agent.v.label()),
		Note:    show(w.Address),
		Raw:     providers.MaskJSON(raw, masking()),
	}
	if w.Active.known && !w.Active.on {
		r.Status = providers.Status{Code: "inactive", Label: "switched off", Phase: providers.PhaseCancelled}
	}
	var g groups
	g.title("Branch")
	g.row("Branch", w.ID.String())
	g.row("Name", show(w.Name))
	g.row("Address", show(w.Address))
	g.row("Legal entity", r.Method)
	g.title("Limits")
	if len(w.Limits) == 0 {
		g.row("A day", c.limit(w.LimitDaily))
		g.row("A month", c.limit(w.LimitMonthly))
	}
	for _, l := range w.Limits {
		g.row(limitName(l.Type), c.spent(l))
	}
	r.Details = g.done()
	return r, true
}

func limitName(t text) string {
	switch t.String() {
	case "limit_daily":
		return "A day"
	case "limit_monthly":
		return "A month"
	default:
		return orText(show(t), "Limit")
	}
}

func (c *Client) limit(a amount) string {
	if !a.known {
		return "no limit"
	}
	return c.money(a).String()
}

func (c *Client) spent(l wireLimit) string {
	out := "no limit"
	if !l.Infinite.on && l.Limit.known {
		out = c.money(l.Limit).String()
	}
	if l.Spending.known {
		out += ", spent " + c.money(l.Spending).String()
		if !l.Infinite.on && l.Limit.known {
			out += ", left " + c.money(l.Limit).Minus(c.money(l.Spending)).String()
		}
	}
	return out
}

// branch finds one branch in the list: the service has no call for one.
func (c *Client) branch(ctx context.Context, id string) (providers.Record, error) {
	q := providers.Query{Kind: providers.Branch, Limit: perPages[len(perPages)-1]}
	for {
		page, err := c.List(ctx, q)
		if err != nil {
			return providers.Record{}, err
		}
		for _, rec := range page.Records {
			if rec.Ref.ID == id {
				return rec, nil
			}
		}
		if page.Next == "" {
			return providers.Record{}, c.errorf("branches.list", providers.FaultNotFound, "there is no branch %s", id)
		}
		q.Cursor = page.Next
	}
}
