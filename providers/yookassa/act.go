package yookassa

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"bursar/providers"
	"bursar/providers/transport"
)

// The calls by their documented names.
const (
	opCapture = "POST /payments/{payment_id}/capture"
	opCancel  = "POST /payments/{payment_id}/cancel"
	opRefund  = "POST /refunds"
)

// maxKey is the longest Idempotence-Key.
const maxKey = 64

// Act sends the intent's request once, under the intent's key. The body is made
// of the intent alone, so that every send of it is the same to the byte. A key
// that the system may have forgotten is only used after a look shows that
// nothing was done.
func (c *Client) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	op, path, body, err := c.request(in)
	if err != nil {
		return providers.Result{}, err
	}
	if c.account.ReadOnly {
		return providers.Result{}, c.http.Errorf(op, providers.FaultForbidden, "the account is read-only; set read_only = false to allow changes")
	}
	if !in.Sent.IsZero() && c.now().Sub(in.Sent) > keyLife {
		if res, settled, err := c.afterKeyLife(ctx, op, in); settled || err != nil {
			return res, err
		}
	}
	resp, err := c.change(ctx, op, path, in.Key, body)
	if err != nil {
		return providers.Result{}, err
	}
	if in.Action == actRefund {
		return c.refundAnswer(op, in, resp)
	}
	return c.paymentAnswer(op, in, resp)
}

// request is the call that carries the intent out.
func (c *Client) request(in providers.Intent) (op, path string, body any, err error) {
	at := "/payments/" + url.PathEscape(in.Ref.ID)
	switch in.Action {
	case actCapture:
		op, path, body = opCapture, at+"/capture", captureOut{Amount: amountFor(in.Amount)}
	case actCancel:
		op, path, body = opCancel, at+"/cancel", struct{}{}
	case actRefund:
		op, path = opRefund, collections[providers.Refund]
		body = refundOut{
			Payment: in.Ref.ID, Amount: amountFor(in.Amount), Description: in.Values["description"],
			Metadata: map[string]string{keyField: in.Key},
		}
	default:
		return "", "", nil, c.http.Errorf(in.Action, providers.FaultInput, "YooKassa cannot do %s", in.Action)
	}
	switch {
	case in.Ref.Kind != providers.Payment || in.Ref.ID == "":
		err = c.http.Errorf(op, providers.FaultInput, "it acts on a payment, and none is named")
	case in.Ref.Account != c.account.Name:
		err = c.http.Errorf(op, providers.FaultInput, "%s belongs to another account", in.Ref)
	case in.Action != actCancel && (!in.Amount.Known() || !in.Amount.IsPositive()):
		err = c.badField(op, "amount", "the amount must be more than zero and have a currency")
	case !goodKey(in.Key):
		err = c.http.Errorf(op, providers.FaultInput, "the key must have 1 to %d characters: Latin letters, digits and + _ . -", maxKey)
	case providers.HasCard(in.Values["description"]):
		err = c.badField(op, "description", "the reason holds a card number; leave it out")
	}
	return op, path, body, err
}

func (c *Client) badField(op, field, text string) error {
	e := c.http.Errorf(op, providers.FaultInput, "%s", text)
	e.Field = field
	return e
}

func goodKey(key string) bool {
	for _, r := range key {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("+_.-", r) {
			return false
		}
	}
	return key != "" && len(key) <= maxKey
}

// afterKeyLife looks before a late send: the system may take a key of yesterday
// for a new one.
func (c *Client) afterKeyLife(ctx context.Context, op string, in providers.Intent) (providers.Result, bool, error) {
	found, err := c.ReadBack(ctx, in)
	if err != nil {
		return providers.Result{}, false, c.http.Errorf(op, providers.FaultProtocol, "the first send is more than a day old and a look at what became of it failed, so it was not sent again: %v", err)
	}
	switch found.Outcome {
	case providers.Applied:
		return providers.Result{Outcome: providers.Applied, Ref: in.Ref, Note: found.Note}, true, nil
	case providers.Refused:
		return providers.Result{}, false, nil
	default:
		return providers.Result{Outcome: providers.Unknown, Ref: in.Ref, Note: found.Note}, true, nil
	}
}

// paymentAnswer judges the payment that a capture or cancel answers with. Only a
// final status is believed: the request was taken, so a payment that still shows
// as held may yet be captured or cancelled by it.
func (c *Client) paymentAnswer(op string, in providers.Intent, resp transport.Response) (providers.Result, error) {
	var p payment
	if !isObject(resp.Body) || json.Unmarshal(resp.Body, &p) != nil {
		return providers.Result{}, c.unreadable(op, resp.Body)
	}
	if string(p.ID) != in.Ref.ID {
		return providers.Result{}, c.http.Errorf(op, providers.FaultProtocol, "the answer is about %q, not about the payment", string(p.ID))
	}
	rec := c.paymentRecord(p, resp.Body)
	finding := judge(in, rec, p)
	if rec.Status.Code == "waiting_for_capture" {
		finding = providers.Finding{Note: "YooKassa took the request, but the payment still shows as held"}
	}
	return providers.Result{Outcome: finding.Outcome, Ref: in.Ref, After: &rec, Note: finding.Note}, nil
}

// refundAnswer judges the refund that the system answers with.
func (c *Client) refundAnswer(op string, in providers.Intent, resp transport.Response) (providers.Result, error) {
	var w refund
	if !isObject(resp.Body) || json.Unmarshal(resp.Body, &w) != nil {
		return providers.Result{}, c.unreadable(op, resp.Body)
	}
	if w.ID == "" || string(w.Payment) != in.Ref.ID {
		return providers.Result{}, c.http.Errorf(op, providers.FaultProtocol, "the answer is no refund of the payment")
	}
	outcome, note := judgeRefund(w)
	return providers.Result{Outcome: outcome, Ref: in.Ref, Note: note}, nil
}

// judgeRefund tells what a refund's status means. One that is still pending may
// yet fail, so its outcome is open until it is read as final.
func judgeRefund(w refund) (providers.Outcome, string) {
	id := "refund " + string(w.ID)
	switch w.Status {
	case "succeeded":
		return providers.Applied, id
	case "pending":
		return providers.Unknown, id + " is accepted and still pending: look again later"
	case "canceled":
		return providers.Refused, id + " failed: " + orUnknown(why(w.Cancellation))
	default:
		return providers.Unknown, id + " has the unknown status " + string(w.Status)
	}
}

func orUnknown(reason string) string {
	if reason == "" {
		return "YooKassa gives no reason"
	}
	return reason
}
