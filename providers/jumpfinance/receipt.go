package jumpfinance

import (
	"encoding/json"

	"bursar/providers"
)

// The service has no list of receipts and no call for one: a receipt of the
// tax service is a part of its payout and has the payout's id here.

// toReceipt is the receipt of a payout; false when the payout has none.
func (c *Client) toReceipt(raw json.RawMessage) (providers.Record, bool) {
	var p wirePayout
	if json.Unmarshal(raw, &p) != nil || p.ID <= 0 || !p.Receipt.known {
		return providers.Record{}, false
	}
	payee, receipt := p.Contractor.v, p.Receipt.v
	r := providers.Record{
		Ref:     c.ref(providers.Receipt, p.ID.String()),
		Number:  orText(show(receipt.Key), p.ID.String()),
		Status:  receiptStatus(receipt),
		Amount:  c.money(p.Amount),
		Created: receipt.OperationAt.Time,
		Updated: latest(p),
		Party:   providers.Party{ID: payee.ID.String(), Name: orText(show(payee.FullName), show(payee.ShortName)), Phone: show(payee.Phone)},
		Method:  "tax service",
		Note:    orText(show(p.ServiceName), show(p.Purpose)),
		Links:   []providers.Link{{Rel: "payout", Ref: c.ref(providers.Payout, p.ID.String())}},
		Raw:     receiptRaw(raw),
	}
	if r.Created.IsZero() {
		r.Created = p.CreatedAt.Time
	}
	if receipt.CanCancel.on {
		r.Flags = append(r.Flags, "can cancel")
	}
	if payee.ID > 0 {
		r.Links = append(r.Links, providers.Link{Rel: "contractor", Ref: c.ref(providers.Contractor, payee.ID.String())})
	}
	var g groups
	receiptRows(&g, p)
	g.title("Payout")
	g.row("Payout", p.ID.String())
	g.row("Own id", show(p.CustomerPaymentID))
	g.row("Status", statusOf(p.Status).Label)
	g.row("Contractor", show(payee.FullName))
	g.row("INN", payee.INN.String())
	g.row("Tax", c.money(p.TaxAmount).String())
	r.Details = g.done()
	return r, true
}

// receiptIn is the receipt of a payout that was read before.
func (c *Client) receiptIn(payout providers.Record) (providers.Record, error) {
	if rec, ok := c.toReceipt(payout.Raw); ok {
		return rec, nil
	}
	return providers.Record{}, c.errorf("payments.get", providers.FaultNotFound, "payout %s has no receipt", payout.Ref.ID)
}

// receiptRaw is the receipt's own part of the payout's JSON.
func receiptRaw(raw json.RawMessage) json.RawMessage {
	var doc struct {
		Receipt json.RawMessage `json:"receipt"`
	}
	if json.Unmarshal(raw, &doc) != nil {
		return json.RawMessage("{}")
	}
	return providers.MaskJSON(doc.Receipt, masking())
}

// receiptStatus reads the receipt's state; a reason of cancelling says that it
// was cancelled, whatever the status.
func receiptStatus(r wireReceipt) providers.Status {
	switch code := r.Status.String(); {
	case r.CancelReason.String() != "":
		return providers.Status{Code: "cancelled", Label: "cancelled", Phase: providers.PhaseCancelled}
	case code == "active":
		return providers.Status{Code: "active", Label: "active", Phase: providers.PhaseDone}
	case code == "":
		return providers.Status{Code: "unknown", Label: "unknown"}
	default:
		return providers.Status{Code: providers.MaskText(code), Label: providers.MaskText(code)}
	}
}

func receiptRows(g *groups, p wirePayout) {
	if !p.Receipt.known {
		return
	}
	r := p.Receipt.v
	g.title("Receipt of the tax service")
	g.row("Key", show(r.Key))
	g.row("Status", receiptStatus(r).Label)
	g.time("Registered", r.OperationAt)
	g.row("Can be cancelled", yesNo(r.CanCancel))
	g.row("Cancelled because", show(r.CancelReason))
	g.row("At the tax service", show(r.Links.v.Tax))
	g.row("Saved copy", show(r.Links.v.Saved))
}
