package yookassa

import (
	"time"

	"bursar/providers"
)

// masks says how YooKassa's JSON is kept: no tokens, wallets by their last
// digits, ids and fiscal numbers whole.
var masks = providers.MaskRule{
	Drop: []string{"confirmation_token", "payment_token", "csc", "cardholder"},
	Card: []string{"account_number", "number", "title"},
	Keep: []string{
		"id", "payment_id", "refund_id", "rrn", "fiscal_document_number", "fiscal_storage_number", "fiscal_attribute",
		"fiscal_provider_id", "sbp_operation_id", keyField,
	},
}

// keyField is the metadata field by which a refund is known as an intent's.
const keyField = "bursar_key"

func (c *Client) paymentRecord(p payment, raw []byte) providers.Record {
	r := providers.Record{
		Ref:       c.ref(providers.Payment, p.ID),
		Number:    clean(p.Metadata["order_id"]),
		Status:    statusOf(paymentStatuses, p.Status),
		Amount:    moneyOf(p.Amount),
		Remaining: remaining(p),
		Created:   p.Created.Time,
		Updated:   latest(p.Created, p.Captured),
		Deadline:  deadline(p),
		Party:     payer(p),
		Method:    methodOf(p),
		Note:      clean(p.Description),
		Flags:     paymentFlags(p),
		Raw:       providers.MaskJSON(raw, masks),
	}
	for _, l := range c.links {
		if id := p.Metadata[l.field]; id != "" {
			r.Links = append(r.Links, providers.Link{Rel: string(l.kind), Ref: providers.Ref{Account: l.account, Kind: l.kind, ID: string(id)}})
		}
	}
	r.Details = paymentDetails(p, r)
	return r
}

// remaining is what may still be captured or refunded.
func remaining(p payment) providers.Money {
	whole := moneyOf(p.Amount)
	switch p.Status {
	case "waiting_for_capture":
		return whole
	case "succeeded":
		back := moneyOf(p.Refunded)
		if !back.IsNone() && back.Currency != whole.Currency {
			return providers.Money{}
		}
		if !p.Refundable {
			return providers.Money{Currency: whole.Currency}
		}
		return whole.Minus(back)
	default:
		return providers.Money{}
	}
}

// deadline is when YooKassa lets the hold go. It counts while there is a hold.
func deadline(p payment) time.Time {
	if p.Status == "waiting_for_capture" {
		return p.Expires.Time
	}
	return time.Time{}
}

func methodOf(p payment) string {
	if p.Method.V == nil {
		return ""
	}
	return methodToday(string(p.Method.V.Type))
}

// payer gathers what the shop noted about the payer: the payment object has no
// name of its own, so the usual metadata fields are looked at.
func payer(p payment) providers.Party {
	first := func(names ...string) string {
		for _, n := range names {
			if v := p.Metadata[n]; v != "" {
				return clean(v)
			}
		}
		return ""
	}
	party := providers.Party{
		ID:    clean(p.Customer),
		Name:  first("customer_name", "customer", "client", "client_name", "payer", "name"),
		Email: first("customer_email", "email"),
		Phone: first("customer_phone", "phone"),
	}
	if m := p.Method.V; m != nil {
		if party.Phone == "" {
			party.Phone = clean(m.Phone)
		}
		if m.Card.V != nil {
			party.Card = providers.MaskCard(string(m.Card.V.Last4))
		} else if m.Account != "" {
			party.Card = providers.MaskCard(string(m.Account))
		}
	}
	return party
}

func paymentFlags(p payment) []string {
	var flags []string
	add := func(on bool, name string) {
		if on {
			flags = append(flags, name)
		}
	}
	add(bool(p.Test), "test")
	add(bool(p.Paid), "paid")
	add(bool(p.Refundable), "refundable")
	back, whole := moneyOf(p.Refunded), moneyOf(p.Amount)
	if back.IsPositive() {
		add(back.LessThan(whole.Decimal), "refunded in part")
		add(!back.LessThan(whole.Decimal), "refunded")
	}
	add(p.Method.V != nil && bool(p.Method.V.Saved), "saved")
	switch p.Receipt {
	case "":
		add(bool(p.Paid), "no receipt")
	case "pending":
		add(true, "receipt pending")
	case "canceled":
		add(true, "receipt failed")
	}
	return flags
}

func (c *Client) refundRecord(w refund, raw []byte) providers.Record {
	r := providers.Record{
		Ref:     c.ref(providers.Refund, w.ID),
		Status:  statusOf(refundStatuses, w.Status),
		Amount:  moneyOf(w.Amount),
		Created: w.Created.Time,
		Updated: w.Created.Time,
		Note:    clean(w.Description),
		Raw:     providers.MaskJSON(raw, masks),
	}
	if w.Payment != "" {
		r.Links = []providers.Link{{Rel: "payment", Ref: c.ref(providers.Payment, w.Payment)}}
	}
	if w.Metadata[keyField] != "" {
		r.Flags = append(r.Flags, "by bursar")
	}
	if w.Receipt != "" {
		r.Flags = append(r.Flags, "receipt "+receiptWord(w.Receipt))
	}
	r.Details = refundDetails(w, r)
	return r
}

// receiptRecord maps a receipt. The object tells only when it was registered:
// one that is not yet has no moment at all, and none is invented for it.
func (c *Client) receiptRecord(w receipt, raw []byte) providers.Record {
	r := providers.Record{
		Ref:     c.ref(providers.Receipt, w.ID),
		Number:  clean(w.Document),
		Status:  statusOf(receiptStatuses, w.Status),
		Amount:  receiptAmount(w),
		Created: w.Registered.Time,
		Updated: w.Registered.Time,
		Note:    receiptNote(w),
		Raw:     providers.MaskJSON(raw, masks),
	}
	switch w.Type {
	case "payment":
		r.Flags = []string{"income"}
	case "refund":
		r.Flags = []string{"return of income"}
	}
	if w.Payment != "" {
		r.Links = append(r.Links, providers.Link{Rel: "payment", Ref: c.ref(providers.Payment, w.Payment)})
	}
	if w.Refund != "" {
		r.Links = append(r.Links, providers.Link{Rel: "refund", Ref: c.ref(providers.Refund, w.Refund)})
	}
	r.Details = receiptDetails(w, r)
	return r
}

// receiptAmount is what was settled; where settlements are missing, what the
// items come to.
func receiptAmount(w receipt) providers.Money {
	var sum providers.Sums
	for _, s := range w.Settled {
		sum.Add(moneyOf(s.Amount))
	}
	if len(w.Settled) == 0 {
		for _, it := range w.Items {
			sum.Add(lineSum(it))
		}
	}
	if all := sum.All(); len(all) == 1 && sum.Unknown == 0 {
		return all[0]
	}
	return providers.Money{}
}

// lineSum is the price of one unit times the quantity.
func lineSum(it item) providers.Money {
	m := moneyOf(it.Amount)
	n, err := providers.ParseAmount(string(it.Quantity))
	if err != nil {
		return m
	}
	return providers.Money{Decimal: m.Mul(n).Round(providers.MinorDigits(m.Currency)), Currency: m.Currency}
}

func receiptNote(w receipt) string {
	if len(w.Items) == 0 {
		return ""
	}
	note := clean(w.Items[0].Description)
	if len(w.Items) > 1 {
		note += " …"
	}
	return note
}

func receiptWord(status text) string {
	switch status {
	case "succeeded":
		return "registered"
	case "canceled":
		return "failed"
	default:
		return string(status)
	}
}

func latest(a, b moment) time.Time {
	if b.After(a.Time) {
		return b.Time
	}
	return a.Time
}

// clean masks card numbers that somebody typed into a free text.
func clean(t text) string { return providers.MaskText(string(t)) }
