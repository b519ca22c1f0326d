package billmanager

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// ReadBack looks up whether an intent was applied: by the payment's status, its
// absence, or the refund rows that were not there before.
func (c *Client) ReadBack(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	if _, _, err := c.requestOf(in); err != nil && !c.account.ReadOnly {
		return providers.Finding{}, err
	}
	r, refunds, told, err := c.rowAndRefunds(ctx, in.Ref)
	gone := providers.FaultOf(err) == providers.FaultNotFound
	if err != nil && !gone {
		return providers.Finding{}, err
	}
	status := statusOf(r.cells["status"])
	switch {
	case in.Action == actDelete:
		return deleted(in, status, gone), nil
	case gone:
		return providers.Finding{Note: "the payment is gone from the panel"}, nil
	case in.Action == actCredit:
		return credited(in, status), nil
	}
	look := lookback{in: in, status: status, row: r, refunds: refunds, told: told}
	if in.Values[amountField] == "" {
		return c.whole(ctx, look), nil
	}
	return c.partial(ctx, look), nil
}

func credited(in providers.Intent, now providers.Status) providers.Finding {
	switch before := in.Before.Status; {
	case now.Code == noCode || before == statusCredited:
		return providers.Finding{Note: "it is " + now.Label + ", which does not tell"}
	case now.Code == statusCredited:
		return providers.Finding{Outcome: providers.Applied, Ref: in.Ref, Note: "it is credited now"}
	case now.Code == before:
		return providers.Finding{Outcome: providers.Refused, Note: "it is still " + now.Label}
	default:
		return providers.Finding{Note: "it is " + now.Label + " now, neither as it was nor credited"}
	}
}

func deleted(in providers.Intent, now providers.Status, gone bool) providers.Finding {
	switch {
	case gone:
		return providers.Finding{Outcome: providers.Applied, Ref: in.Ref, Note: "it is gone from the panel"}
	case now.Code == statusDeleting:
		return providers.Finding{Outcome: providers.Applied, Ref: in.Ref, Note: "the panel is deleting it"}
	default:
		return providers.Finding{Outcome: providers.Refused, Note: "it is still there: " + now.Label}
	}
}

// lookback is what the panel shows of a payment whose refund got lost.
type lookback struct {
	in      providers.Intent
	status  providers.Status
	row     row
	refunds []refund
	told    bool // whether the panel tells refunds at all
}

// grown is how much more of the payment is refunded than before the request,
// false when the amount before is not known.
func (l lookback) grown() (decimal.Decimal, bool) {
	before := l.in.Before
	if !l.told || before.Remaining.IsNone() || before.Remaining.Currency != before.Amount.Currency {
		return decimal.Zero, false
	}
	now := decimal.Zero
	for _, f := range l.refunds {
		now = now.Add(f.amount.Decimal)
	}
	return now.Sub(before.Amount.Sub(before.Remaining.Decimal)), true
}

// since keeps the refunds that may have been made by the request. The panel
// dates them by day and in its own zone, so a day is granted.
func (l lookback) since(list []refund) []refund {
	from := l.in.Sent.AddDate(0, 0, -2)
	return slices.DeleteFunc(slices.Clone(list), func(f refund) bool {
		return !l.in.Sent.IsZero() && !f.created.IsZero() && f.created.Before(from)
	})
}

// whole: a whole refund leaves the status refunded.
func (c *Client) whole(ctx context.Context, l lookback) providers.Finding {
	grown, sure := l.grown()
	switch {
	case l.status.Code == statusRefunded && l.in.Before.Status == statusCredited:
		return providers.Finding{Outcome: providers.Applied, Ref: l.in.Ref, Note: "it is refunded now"}
	case l.status.Code == statusReturning:
		return providers.Finding{Note: "it is awaiting the refund: the gateway is at work"}
	case l.status.Code != statusCredited || l.in.Before.Status != statusCredited:
		return providers.Finding{Note: "it is " + l.status.Label + " now, which does not tell"}
	case sure && grown.IsZero():
		return providers.Finding{Outcome: providers.Refused, Note: "it is still credited and no refund was made of it"}
	}
	return c.candidates(ctx, l, l.since(l.refunds), "it is still credited")
}

// partial: a partial refund leaves a new refund row and nothing else. It is
// told by what the refunds have grown by since before the request, for an
// earlier refund of the same amount looks just like it.
func (c *Client) partial(ctx context.Context, l lookback) providers.Finding {
	amount, err := providers.ParseAmount(l.in.Values[amountField])
	if err != nil {
		return providers.Finding{Note: "the amount of the request cannot be read"}
	}
	if l.status.Code == statusReturning {
		return providers.Finding{Note: "it is awaiting the refund: the gateway is at work"}
	}
	before := l.in.Before
	if l.status.Code == statusRefunded && before.Status == statusCredited && amount.Equal(before.Remaining.Decimal) && !before.Remaining.IsNone() {
		return providers.Finding{Outcome: providers.Applied, Ref: l.in.Ref, Note: "all that remained was refunded"}
	}
	exact := slices.DeleteFunc(l.since(l.refunds), func(f refund) bool { return !f.amount.Decimal.Equal(amount) })
	grown, sure := l.grown()
	switch {
	case sure && grown.Equal(amount) && len(exact) > 0:
		ref := c.ref(providers.Refund, exact[0].id)
		return providers.Finding{Outcome: providers.Applied, Ref: ref, Note: fmt.Sprintf("refund %s of %s was made", exact[0].number, exact[0].amount)}
	case sure && !grown.IsPositive():
		exact = nil
	}
	if len(exact) == 0 && l.told {
		exact = c.strays(ctx, l, amount)
	}
	return c.candidates(ctx, l, exact, "it is "+l.status.Label)
}

// maxStrays bounds how many refunds of a payer are looked at.
const maxStrays = 10

// strays are the payer's refunds of that amount whose numbers name no payment
// at all: panels may number refunds by a count of their own.
func (c *Client) strays(ctx context.Context, l lookback, amount decimal.Decimal) []refund {
	loose := c.returns.loose(l.in.Ref.ID, l.row.text("number"), l.row.text("sender_id"), l.in.Before.Amount.Currency)
	loose = slices.DeleteFunc(l.since(loose), func(f refund) bool { return !f.amount.Decimal.Equal(amount) })
	loose = loose[:min(len(loose), maxStrays)]
	return slices.DeleteFunc(loose, func(f refund) bool {
		parent, err := c.parent(ctx, f)
		return err == nil && parent != nil
	})
}

// candidates is the answer that the operator has to judge: the refunds that may
// be the one, and what the history says since.
func (c *Client) candidates(ctx context.Context, l lookback, list []refund, state string) providers.Finding {
	f := providers.Finding{}
	for _, r := range list {
		f.Candidates = append(f.Candidates, c.ref(providers.Refund, r.id))
	}
	switch {
	case !l.told:
		f.Note = state + "; the panel does not let refunds be looked up"
	case len(list) == 0:
		f.Note = state + "; no refund row found"
	case len(list) == 1:
		f.Note = state + "; one refund may be this one"
	default:
		f.Note = fmt.Sprintf("%s; %d refunds may be this one", state, len(list))
	}
	f.Note += "; " + c.lately(ctx, l.in)
	return f
}

// maxLately bounds the history lines of a note.
const maxLately = 3

// lately is what the payment's history tells since the request.
func (c *Client) lately(ctx context.Context, in providers.Intent) string {
	rows, err := c.history(ctx, in.Ref.ID)
	if err != nil {
		return "its history could not be read"
	}
	var lines []string
	for _, r := range rows {
		if e := c.event(r); !in.Sent.IsZero() && !e.at.Before(in.Sent.Add(-time.Minute)) {
			lines = append(lines, e.at.Format(time.DateTime)+" "+e.who+": "+e.what)
		}
	}
	if len(lines) == 0 {
		return "its history shows nothing since"
	}
	if len(lines) > maxLately {
		lines = lines[len(lines)-maxLately:]
	}
	return "its history since: " + strings.Join(lines, "; ")
}

var _ providers.Provider = (*Client)(nil)
