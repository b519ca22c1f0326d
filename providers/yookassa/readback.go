package yookassa

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"bursar/providers"
)

// ReadBack looks up what became of an intent. A capture or cancel is read off
// the payment, which can go through either only once. A refund is found by the
// intent's key, which its metadata carries.
func (c *Client) ReadBack(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	op, _, _, err := c.request(in)
	if err != nil {
		return providers.Finding{}, err
	}
	if in.Action == actRefund {
		return c.findRefund(ctx, in)
	}
	resp, err := c.read(ctx, "GET /payments/{payment_id}", "/payments/"+url.PathEscape(in.Ref.ID), nil)
	if err != nil {
		return providers.Finding{}, err
	}
	var p payment
	if !isObject(resp.Body) || json.Unmarshal(resp.Body, &p) != nil || string(p.ID) != in.Ref.ID {
		return providers.Finding{}, c.unreadable(op, resp.Body)
	}
	f := judge(in, c.paymentRecord(p, resp.Body), p)
	if f.Outcome == providers.Applied {
		f.Ref = in.Ref
	}
	return f, nil
}

// judge reads off a payment whether the capture or cancel was carried out.
func judge(in providers.Intent, now providers.Record, p payment) providers.Finding {
	switch before := in.Before.Status; {
	case now.Status.Code == "waiting_for_capture":
		return finding(providers.Refused, "the payment still waits for capture: nothing was done")
	case before != "" && before != "waiting_for_capture" && before == now.Status.Code:
		return finding(providers.Refused, "the payment was %s before it was sent, and still is", stateWords(now))
	case now.Status.Code == "succeeded" && in.Action == actCapture:
		return judgeCapture(in, now, p)
	case now.Status.Code == "succeeded":
		return finding(providers.Refused, "the payment was captured (%s), not cancelled", now.Amount)
	case now.Status.Code == "canceled" && in.Action == actCapture:
		return finding(providers.Refused, "the payment is cancelled, no money was taken: %s", orUnknown(why(p.Cancellation)))
	case now.Status.Code == "canceled":
		return judgeCancel(p)
	default:
		return finding(providers.Unknown, "the payment is %s: it tells neither way", stateWords(now))
	}
}

// judgeCapture compares what was captured with what was asked. A payment is
// captured once: another amount means that somebody else did it.
func judgeCapture(in providers.Intent, now providers.Record, p payment) providers.Finding {
	when := ""
	if !p.Captured.IsZero() {
		when = " at " + p.Captured.Format(time.RFC3339)
	}
	switch {
	case now.Amount.Equal(in.Amount):
		return finding(providers.Applied, "captured %s%s", now.Amount, when)
	case now.Amount.Known():
		return finding(providers.Refused, "somebody else captured %s%s, asked were %s", now.Amount, when, in.Amount)
	default:
		return finding(providers.Unknown, "the payment is paid, but its amount cannot be read")
	}
}

// judgeCancel looks at who cancelled: the shop, or YooKassa when the hold ran
// out, which is not what was asked though the money went back alike.
func judgeCancel(p payment) providers.Finding {
	if p.Cancellation.V == nil {
		return finding(providers.Applied, "the payment is cancelled; YooKassa does not say by whom")
	}
	switch p.Cancellation.V.Reason {
	case "canceled_by_merchant", "":
		return finding(providers.Applied, "cancelled by the shop")
	default:
		return finding(providers.Refused, "the payment ended without this cancel: %s", why(p.Cancellation))
	}
}

func finding(o providers.Outcome, format string, args ...any) providers.Finding {
	return providers.Finding{Outcome: o, Note: fmt.Sprintf(format, args...)}
}

// clockSlack is how far the system's clock may be behind ours before a refund
// without a key counts as older than the intent.
const clockSlack = 15 * time.Minute

// findRefund looks through the payment's refunds for the intent's key. Only an
// edition that keeps no metadata leaves doubt: there a refund of the same
// amount, made since and without a key, may be the one.
func (c *Client) findRefund(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	refunds, raw, err := c.refundsOf(ctx, in.Ref)
	if err != nil {
		return providers.Finding{}, err
	}
	var unsure []providers.Ref
	for i, w := range raw {
		if string(w.Metadata[keyField]) == in.Key {
			outcome, note := judgeRefund(w)
			return providers.Finding{Outcome: outcome, Ref: refunds[i].Ref, Note: note}, nil
		}
		sameSum := refunds[i].Amount.Equal(in.Amount)
		since := in.Sent.IsZero() || w.Created.IsZero() || !w.Created.Before(in.Sent.Add(-clockSlack))
		if w.Metadata[keyField] == "" && w.Status != "canceled" && sameSum && since {
			unsure = append(unsure, refunds[i].Ref)
		}
	}
	if len(unsure) > 0 {
		return providers.Finding{
			Candidates: unsure,
			Note:       fmt.Sprintf("no refund carries the key, but %d of the same amount may be it: look whether somebody else made it", len(unsure)),
		}, nil
	}
	return finding(providers.Refused, "none of the payment's %d refunds carries the key: nothing was done", len(refunds)), nil
}

// refundsOf reads all refunds of a payment, as records and as they came.
func (c *Client) refundsOf(ctx context.Context, payment providers.Ref) ([]providers.Record, []refund, error) {
	recs, err := c.all(ctx, providers.Query{Kind: providers.Refund, Of: payment})
	if err != nil {
		return nil, nil, err
	}
	raw := make([]refund, len(recs))
	for i, r := range recs {
		if err := json.Unmarshal(r.Raw, &raw[i]); err != nil {
			return nil, nil, c.http.Errorf("GET /refunds", providers.FaultProtocol, "a refund cannot be read: %v", err)
		}
	}
	return recs, raw, nil
}
