package billmanager

import (
	"strings"
	"time"

	"bursar/providers"
)

// The flags that actions depend on.
const (
	flagRefundable   = "refundable"     // the method supports refunds
	flagNoRefunds    = "no refunds"     // the method does not
	flagRefundLocked = "refund locked"  // refunds of this payment are forbidden
	flagReturnNumber = "return number"  // numbered as a refund though not negative
	flagAmountOdd    = "amount unclear" // the amount cannot be read for certain
)

// maskRule names the long digits that are no cards.
var maskRule = providers.MaskRule{Keep: []string{"payment_receipt"}}

// toRecord maps one row of the list. refunds are the payment's own, told
// whether the panel tells them; both are of no use for a refund row.
func (c *Client) toRecord(r row, refunds []refund, told bool) providers.Record {
	kind := providers.Payment
	if isRefund(r) {
		kind = providers.Refund
	}
	rec := providers.Record{
		Ref:     c.ref(kind, r.text("id")),
		Number:  r.text("number"),
		Status:  statusOf(r.cells["status"]),
		Created: c.date(r.text("create_date")),
		Updated: c.date(r.text("pay_date")),
		Party:   providers.Party{ID: r.text("sender_id"), Name: providers.MaskText(r.text("sender_name"))},
		Method:  r.text("paymethod_name"),
		Note:    providers.MaskText(r.text("note")),
		Raw:     providers.MaskJSON(r.raw, maskRule),
	}
	if rec.Party.Name == "" {
		rec.Party.Name = providers.MaskText(r.text("account_name"))
	}
	amount, err := parseMoney(r.text("subaccountamount_iso"))
	rec.Amount = amount
	rec.Flags = flagsOf(r, kind)
	if err != nil {
		rec.Flags = append(rec.Flags, flagAmountOdd)
	}
	if told && kind == providers.Payment && rec.Status.Code == statusCredited && amount.Known() {
		rec.Remaining = amount
		for _, f := range refunds {
			rec.Remaining = rec.Remaining.Minus(f.amount)
		}
	}
	rec.Links = c.links(r, kind, refunds)
	return rec
}

func flagsOf(r row, kind providers.Kind) []string {
	var flags []string
	switch strings.ToLower(r.text("allowrefund")) {
	case "on":
		flags = append(flags, flagRefundable)
	case "off":
		flags = append(flags, flagNoRefunds)
	}
	if strings.EqualFold(r.text("restrictrefund"), "on") {
		flags = append(flags, flagRefundLocked)
	}
	if kind == providers.Payment && numberedReturn(r) {
		flags = append(flags, flagReturnNumber)
	}
	return flags
}

func (c *Client) links(r row, kind providers.Kind, refunds []refund) []providers.Link {
	var links []providers.Link
	if kind == providers.Payment {
		for _, f := range refunds {
			links = append(links, providers.Link{Rel: "refund", Ref: c.ref(providers.Refund, f.id)})
		}
	}
	for column, target := range c.account.Links {
		account, name, _ := strings.Cut(target, "/")
		if id := r.text(column); id != "" {
			links = append(links, providers.Link{Rel: name, Ref: providers.Ref{Account: account, Kind: providers.Kind(name), ID: id}})
		}
	}
	return links
}

var dateForms = []string{time.DateTime, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04"}

// date reads a date or date and time of the panel, which names no zone; zero
// when there is none.
func (c *Client) date(text string) time.Time {
	for _, form := range dateForms {
		if t, err := time.ParseInLocation(form, text, c.zone); err == nil {
			return t
		}
	}
	return time.Time{}
}
