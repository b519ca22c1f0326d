package jumpfinance

import (
	"context"
	"encoding/json"
	"strings"

	"bursar/providers"
)

var legalForms = map[number]string{1: "Физическое лицо", 2: "Самозанятый", 3: "ИП"}

// selfEmployed is the legal form of the self-employed.
const selfEmployed = 2

func (w wireContractor) form() number {
	if w.LegalFormID != 0 {
		return w.LegalFormID
	}
	return w.LegalForm.v.ID
}

func (w wireContractor) isSelfEmployed() bool {
	return w.form() == selfEmployed || w.LegalForm.v.SelfEmployed.on
}

func (w wireContractor) name() string {
	return providers.MaskText(strings.Join(strings.Fields(w.LastName.String()+" "+w.FirstName.String()+" "+w.MiddleName.String()), " "))
}

// toContractor maps one contractor; false when it has no id.
func (c *Client) toContractor(raw json.RawMessage) (providers.Record, bool) {
	var w wireContractor
	if json.Unmarshal(raw, &w) != nil || w.ID <= 0 {
		return providers.Record{}, false
	}
	form := orText(show(w.LegalForm.v.Title), legalForms[w.form()])
	r := providers.Record{
		Ref:     c.ref(providers.Contractor, w.ID.String()),
		Number:  w.ID.String(),
		Status:  providers.Status{Code: "active", Label: "active", Phase: providers.PhaseDone},
		Amount:  balanceOf(w, c.currency()),
		Created: w.CreatedAt.Time,
		Updated: w.UpdatedAt.Time,
		Party:   providers.Party{ID: w.ID.String(), Name: w.name(), Phone: show(w.Phone), Email: show(w.Email)},
		Method:  form,
		Raw:     providers.MaskJSON(raw, masking()),
	}
	if w.isSelfEmployed() {
		r.Flags = append(r.Flags, flagSelf)
	}
	if w.StopList.on {
		r.Flags = append(r.Flags, flagStop)
		r.Status = providers.Status{Code: "stop_list", Label: "stop list", Phase: providers.PhaseFailed}
	}
	if w.Deleted.on {
		r.Flags = append(r.Flags, flagDeleted)
		r.Status = providers.Status{Code: "deleted", Label: "deleted", Phase: providers.PhaseCancelled}
	}
	var g groups
	g.title("Contractor")
	g.row("Contractor", w.ID.String())
	g.row("Name", w.name())
	g.row("Phone", show(w.Phone))
	g.row("Email", show(w.Email))
	g.row("Legal form", form)
	g.row("INN", w.INN.String())
	g.row("Legal entity", orText(providers.MaskText(w.Agent.v.label()), w.AgentID.String()))
	g.row("Can be edited", yesNo(w.Editable))
	g.row("In the stop list", yesNo(w.StopList))
	g.row("Deleted", yesNo(w.Deleted))
	g.row("Balance", r.Amount.String())
	g.title("Dates")
	g.time("Created", w.CreatedAt)
	g.time("Updated", w.UpdatedAt)
	r.Details = g.done()
	return r, true
}

func balanceOf(w wireContractor, currency string) providers.Money {
	b := w.Balance.v
	if !b.Value.known {
		return providers.Money{}
	}
	return providers.Money{Decimal: b.Value.value, Currency: orText(b.Currency.v.Code.String(), currency)}
}

// contractor reads one contractor with requisites and balances. Those two are
// extras: when they cannot be read, the pane says so.
func (c *Client) contractor(ctx context.Context, id string) (providers.Record, error) {
	rec, err := c.getOne(ctx, "contractors.get", id, c.toContractor)
	if err != nil {
		return rec, err
	}
	var g groups
	g.title("Requisites")
	c.extraRows(ctx, &g, "contractors.requisites", id, c.requisiteRow)
	g.title("Balances")
	c.extraRows(ctx, &g, "contractors.balances", id, c.balanceRow)
	rec.Details = append(rec.Details, g.done()...)
	return rec, nil
}

func (c *Client) extraRows(ctx context.Context, g *groups, key, id string, to func(json.RawMessage) (providers.Row, bool)) {
	raws, meta, err := c.items(ctx, key, includes(key), 1, perPageFor(relatedRows), id)
	if err != nil {
		g.row("Not read", err.Error())
		return
	}
	for _, raw := range raws {
		if row, ok := to(raw); ok {
			g.add(row)
		}
	}
	if meta.Last > 1 {
		g.row("More", meta.Total.String()+" in all")
	}
}

// requisiteRow shows where money can be sent. The answer holds whole card
// numbers, so the number is masked before it goes anywhere.
func (c *Client) requisiteRow(raw json.RawMessage) (providers.Row, bool) {
	var w wireRequisite
	if json.Unmarshal(raw, &w) != nil || w.ID <= 0 {
		return providers.Row{}, false
	}
	words := []string{orText(show(w.Description), maskAccount(w.Requisite.v.AccountNumber))}
	for _, s := range []string{show(w.DisplayName), show(w.Type.v.Title)} {
		if s != "" {
			words = append(words, s)
		}
	}
	if w.Default.on {
		words = append(words, "default")
	}
	if w.Available.known && !w.Available.on {
		words = append(words, "not available")
	}
	return providers.Row{Label: w.ID.String(), Value: strings.Join(words, ", ")}, true
}

// maskAccount hides an account or card number but for its end.
func maskAccount(t text) string {
	s := t.String()
	if strings.HasPrefix(s, "+") {
		return s // a phone
	}
	return providers.MaskCard(s)
}

func (c *Client) balanceRow(raw json.RawMessage) (providers.Row, bool) {
	var w wireBalance
	if json.Unmarshal(raw, &w) != nil || w.ID <= 0 {
		return providers.Row{}, false
	}
	words := []string{c.money(w.Balance).String()}
	if w.Frozen.known {
		words = append(words, "frozen "+c.money(w.Frozen).String())
	}
	for _, n := range []named{w.Type.v, w.Integration.v, w.Internal.v, w.Agent.v} {
		if s := providers.MaskText(n.label()); s != "" {
			words = append(words, s)
		}
	}
	return providers.Row{Label: w.ID.String(), Value: strings.Join(words, ", ")}, true
}
