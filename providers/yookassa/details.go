package yookassa

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// block gathers the rows of one group; empty values are left out.
type block struct{ g providers.Group }

func group(title string) *block { return &block{providers.Group{Title: title}} }

func (b *block) row(label string, value any) *block {
	var s string
	switch v := value.(type) {
	case text:
		s = clean(v)
	case string:
		s = v
	case providers.Money:
		s = v.String()
	case flag:
		s = "no"
		if v {
			s = "yes"
		}
	}
	if s != "" {
		b.g.Rows = append(b.g.Rows, providers.Row{Label: label, Value: s})
	}
	return b
}

func (b *block) at(label, value string, t time.Time) *block {
	if !t.IsZero() {
		b.g.Rows = append(b.g.Rows, providers.Row{Label: label, Value: value, Time: t})
	}
	return b
}

// details drops the groups that have nothing to tell.
func details(blocks ...*block) []providers.Group {
	var out []providers.Group
	for _, b := range blocks {
		if len(b.g.Rows) > 0 {
			out = append(out, b.g)
		}
	}
	return out
}

func paymentDetails(p payment, r providers.Record) []providers.Group {
	identity := group("Payment").row("Id", p.ID).row("Status", r.Status.Label).row("Description", p.Description)
	if p.Recipient.V != nil {
		identity.row("Shop", p.Recipient.V.Account).row("Sub-account", p.Recipient.V.Gateway)
	}
	identity.row("Customer", p.Customer)
	if p.Deal.V != nil {
		identity.row("Safe deal", p.Deal.V.ID)
	}
	if p.Invoice.V != nil {
		identity.row("Invoice", p.Invoice.V.ID)
	}
	if p.Test {
		identity.row("Test payment", p.Test)
	}
	money := group("Money").row("Amount", r.Amount).row("After commission", moneyOf(p.Income)).row("Refunded", moneyOf(p.Refunded))
	switch p.Status {
	case "waiting_for_capture":
		money.row("Can be captured", r.Remaining)
	case "succeeded":
		money.row("Can be refunded", r.Remaining)
	}
	money.row("Receipt", receiptWord(p.Receipt))
	times := group("Timeline").at("Created", "", p.Created.Time).at("Captured", r.Amount.String(), p.Captured.Time)
	if p.Status == "waiting_for_capture" {
		times.at("Expires", "YooKassa lets the hold go then", p.Expires.Time)
	}
	cancelled := group("Cancellation").row("Why", why(p.Cancellation))
	if v := p.Cancellation.V; v != nil {
		cancelled.row("Party", partyToday(string(v.Party))).row("Reason", v.Reason)
	}
	confirmation := group("Confirmation")
	if v := p.Confirmation.V; v != nil {
		confirmation.row("Scenario", v.Type).row("Link", v.URL)
	}
	return append(details(identity, money, methodBlock(p), times, cancelled, confirmation), tail(p.Transfers, "Transfers", p.Metadata)...)
}

func methodBlock(p payment) *block {
	b := group("Method")
	if m := p.Method.V; m != nil {
		b.row("Method", methodToday(string(m.Type))).row("Title", m.Title).row("Saved", m.Saved)
		if c := m.Card.V; c != nil {
			b.row("Card", strings.TrimSpace(clean(c.Type)+" "+providers.MaskCard(string(c.Last4))))
			b.row("First digits", c.First6)
			if c.Month != "" {
				b.row("Valid to", c.Month+"/"+c.Year)
			}
			b.row("Issuer", strings.TrimSpace(clean(c.Issuer)+" "+clean(c.Country)))
		}
		b.row("Wallet", providers.MaskCard(string(m.Account))).row("Phone", m.Phone).row("Login", m.Login).row("SBP operation", string(m.SBP))
		if m.Bank.V != nil {
			b.row("Payer's bank", m.Bank.V.ID).row("BIC", m.Bank.V.BIC)
		}
	}
	if a := p.Authorization.V; a != nil {
		b.row("RRN", string(a.RRN)).row("Authorization code", a.Code)
		if a.Secure.V != nil {
			b.row("3-D Secure", a.Secure.V.Applied)
		}
	}
	return b
}

func refundDetails(w refund, r providers.Record) []providers.Group {
	identity := group("Refund").row("Id", w.ID).row("Payment", w.Payment).row("Status", r.Status.Label).row("Reason", w.Description)
	money := group("Money").row("Amount", r.Amount).row("Receipt", receiptWord(w.Receipt))
	if w.Rights.V != nil {
		money.row("RRN", string(w.Rights.V.RRN))
	}
	times := group("Timeline").at("Created", "", w.Created.Time)
	cancelled := group("Failure").row("Why", why(w.Cancellation))
	return append(details(identity, money, times, cancelled), tail(w.Sources, "Sources", w.Metadata)...)
}

// tail is the shares of other shops, and the metadata.
func tail(shares []transfer, title string, m metadata) []providers.Group {
	split := group(title)
	for _, t := range shares {
		value := moneyOf(t.Amount).String()
		if t.Status != "" {
			value += ", " + statusOf(paymentStatuses, t.Status).Label
		}
		if fee := moneyOf(t.Fee); !fee.IsNone() {
			value += ", platform's fee " + fee.String()
		}
		split.row("Shop "+string(t.Account), value)
	}
	meta := group("Metadata")
	for _, name := range slices.Sorted(maps.Keys(m)) {
		meta.row(providers.MaskText(name), m[name])
	}
	return details(split, meta)
}

func receiptDetails(w receipt, r providers.Record) []providers.Group {
	kind := map[text]string{"payment": "income", "refund": "return of income"}[w.Type]
	if kind == "" {
		kind = string(w.Type)
	}
	identity := group("Receipt").row("Id", w.ID).row("Sort", kind).row("Status", r.Status.Label).row("Payment", w.Payment).
		row("Refund", w.Refund).row("On behalf of shop", w.OnBehalfOf).row("Tax system", words(taxSystems, w.TaxSystem))
	fiscal := group("Fiscal data").row("Document", string(w.Document)).row("Storage", string(w.Storage)).
		row("Attribute", string(w.Attribute)).row("Provider's id", string(w.Provider)).at("Registered", "", w.Registered.Time)
	money := group("Settlements").row("Sum", r.Amount)
	for _, s := range w.Settled {
		money.row(string(s.Type), moneyOf(s.Amount))
	}
	out := details(identity, fiscal, money)
	for i, it := range w.Items {
		b := group(fmt.Sprintf("Item %d", i+1)).row("Description", it.Description).
			row("Quantity", string(it.Quantity)).row("Price", moneyOf(it.Amount)).row("Sum", lineSum(it)).
			row("VAT", words(vatRates, it.VAT)).row("Subject", it.Subject).row("Mode", it.Mode).row("Product code", it.ProductCode).
			row("Country", it.Country).row("Customs declaration", it.Customs).row("Excise", it.Excise).row("Agent", it.AgentType)
		if s := it.Supplier.V; s != nil {
			b.row("Supplier", s.Name).row("Supplier's phone", s.Phone).row("Supplier's INN", s.INN)
		}
		out = append(out, details(b)...)
	}
	return out
}
