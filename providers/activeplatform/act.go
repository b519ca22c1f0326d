package activeplatform

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// Act sends the intent's request once.
func (c *Client) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	switch in.Action {
	case actionCreate:
		return c.create(ctx, in)
	case actionCredit:
		return c.complete(ctx, in)
	default:
		return providers.Result{}, c.http.Errorf(in.Action, providers.FaultInput, "ActivePlatform has no such call")
	}
}

// ReadBack looks whether the intent was applied. It changes nothing.
func (c *Client) ReadBack(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	switch in.Action {
	case actionCreate:
		return c.findCreated(ctx, in)
	case actionCredit:
		return c.findCompleted(ctx, in)
	default:
		return providers.Finding{}, c.http.Errorf(in.Action, providers.FaultInput, "ActivePlatform has no such call")
	}
}

// alphabet spells a marker: no letter that reads like a digit.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// marker is a short, neutral token that stands in a created payment's comment,
// for the interface takes no key of the caller's. It depends on the intent's
// key alone.
func marker(key string) string {
	sum := sha256.Sum256([]byte(key))
	out := make([]byte, 8)
	for i := range out {
		out[i] = alphabet[sum[i]%32]
	}
	return "[" + string(out) + "]"
}

// wireCreate is the body of a creation. The total is a number made of the
// decimal's own digits.
type wireCreate struct {
	Account json.Number `json:"account_id"`
	Total   json.Number `json:"total"`
	Comment string      `json:"comment"`
	Manager json.Number `json:"manager_id,omitempty"`
}

func (c *Client) create(ctx context.Context, in providers.Intent) (providers.Result, error) {
	body, err := c.createBody(in)
	if err != nil {
		return providers.Result{}, err
	}
	resp, err := c.call(ctx, transport.Request{Op: opCreate, Method: http.MethodPost, Path: "payments.json", Body: body, Changes: true})
	if err != nil {
		return providers.Result{}, err
	}
	rec, err := c.one(opCreate, "", resp.Body)
	if err != nil {
		return providers.Result{}, err
	}
	res := providers.Result{Outcome: providers.Applied, Ref: rec.Ref, After: &rec, Note: "payment " + rec.Number + " waits for payment"}
	if want := text(in.Values[fieldTotal]).money(c.a.Currency); !rec.Amount.Equal(want) {
		res.Note = "the panel made payment " + rec.Number + " of " + rec.Amount.String() + ", not of " + want.String()
	}
	return res, nil
}

func (c *Client) createBody(in providers.Intent) ([]byte, error) {
	input := func(field, format string, args ...any) error {
		e := c.http.Errorf(opCreate, providers.FaultInput, format, args...)
		e.Field = field
		return e
	}
	act := c.createAction()
	for _, f := range act.Fields {
		if err := f.Validate(in.Values[f.Name]); err != nil {
			return nil, input(f.Name, "%v", err)
		}
	}
	if in.Key == "" {
		return nil, input("", "the payment has no key, so it could not be found again")
	}
	total, err := providers.ParseAmount(in.Values[fieldTotal])
	if err != nil {
		return nil, input(fieldTotal, "%v", err)
	}
	body, err := json.Marshal(wireCreate{
		Account: plainNumber(in.Values[fieldAccount]), Total: json.Number(total.String()),
		Comment: strings.TrimSpace(in.Values[fieldComment]) + " " + marker(in.Key), Manager: plainNumber(in.Values[fieldManager]),
	})
	if err != nil {
		return nil, input("", "the request cannot be written: %v", err)
	}
	return body, nil
}

// plainNumber drops what a JSON number may not have: a plus, leading zeros.
func plainNumber(s string) json.Number {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return ""
	}
	return json.Number(strconv.FormatInt(n, 10))
}

// method is the payment method that the intent names, or the configured one.
func (c *Client) method(in providers.Intent) json.Number {
	if v := in.Values[fieldMethod]; v != "" {
		return plainNumber(v)
	}
	return plainNumber(c.a.Options[defaultMethod])
}

func (c *Client) complete(ctx context.Context, in providers.Intent) (providers.Result, error) {
	method := c.method(in)
	if method == "" || !isID(in.Ref.ID) {
		e := c.http.Errorf(opComplete, providers.FaultInput, "a payment's id and the id of a payment method are whole numbers")
		e.Field = fieldMethod
		return providers.Result{}, e
	}
	body, err := json.Marshal(map[string]json.Number{fieldMethod: method})
	if err != nil {
		return providers.Result{}, c.http.Errorf(opComplete, providers.FaultInput, "the request cannot be written: %v", err)
	}
	resp, err := c.call(ctx, transport.Request{
		Op: opComplete, Method: http.MethodPost, Path: "payments/" + in.Ref.ID + "/complete.json", Body: body, Changes: true,
	})
	if err != nil {
		return providers.Result{}, err
	}
	rec, err := c.one(opComplete, in.Ref.ID, resp.Body)
	if err != nil {
		return providers.Result{}, err
	}
	res := providers.Result{Ref: in.Ref, After: &rec, Note: "the payment is " + strings.ToLower(rec.Status.Label)}
	if rec.Status.Code == completed {
		res.Outcome = providers.Applied
	}
	return res, nil
}

// findCompleted reads the payment. Completed is final, and the panel completes
// a payment once only, so that its state tells.
func (c *Client) findCompleted(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	resp, err := c.call(ctx, transport.Request{Op: opGet, Method: http.MethodGet, Path: "payments/" + url.PathEscape(in.Ref.ID) + ".json"})
	if err != nil {
		return providers.Finding{}, err
	}
	rec, err := c.one(opGet, in.Ref.ID, resp.Body)
	if err != nil {
		return providers.Finding{}, err
	}
	f := providers.Finding{Ref: rec.Ref, Note: "the payment is " + strings.ToLower(rec.Status.Label)}
	switch {
	case rec.Status.Code == completed && in.Before.Status == completed:
		f.Outcome, f.Note = providers.Refused, "the payment was completed before this was sent"
	case rec.Status.Code == completed && !c.sameMethod(resp.Body, in):
		f.Outcome, f.Note = providers.Refused, "somebody else completed the payment, by "+rec.Method
	case rec.Status.Code == completed:
		f.Outcome = providers.Applied
	case rec.Status.Phase == providers.PhaseUnknown, rec.Status.Code == processing:
		f.Outcome = providers.Unknown
	default:
		f.Outcome = providers.Refused
	}
	return f, nil
}

// sameMethod reports whether the payment in body was completed by the intent's
// method. A panel that does not tell leaves no doubt.
func (c *Client) sameMethod(body []byte, in providers.Intent) bool {
	raws, err := recordsIn(body)
	if err != nil {
		return true
	}
	p, err := decodePayment(raws[0])
	return err != nil || p.Method == "" || string(p.Method) == string(c.method(in))
}

// A created payment is looked for twice, for a request may still be on its way
// through the panel when its answer is given up.
const (
	looks     = 2
	lookPause = 5 * time.Second
)

// clockSlack is how far the panel's clock may be behind: no payment older than
// that before the sending is looked at.
const clockSlack = time.Hour

// maxLookPages bounds how many payments of an account one look reads.
const maxLookPages = 20

// findCreated looks for the marker among the account's latest payments. That
// it is not there proves nothing, so the answer is never Refused.
func (c *Client) findCreated(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	var f providers.Finding
	for look := range looks {
		if look > 0 {
			if err := c.http.Wait(ctx, lookPause); err != nil {
				break
			}
		}
		found, err := c.marked(ctx, in)
		if err != nil {
			return providers.Finding{}, err
		}
		switch len(found) {
		case 0:
			f.Note = "not found: no payment of account " + in.Values[fieldAccount] + " carries the mark " + marker(in.Key) + "; look in the operator panel"
		case 1:
			return providers.Finding{Outcome: providers.Applied, Ref: found[0], Note: "a payment carries the mark " + marker(in.Key)}, nil
		default:
			return providers.Finding{Candidates: found, Note: "several payments carry the mark " + marker(in.Key) + "; look in the operator panel"}, nil
		}
	}
	return f, nil
}

// marked lists the account's payments that carry the intent's marker.
func (c *Client) marked(ctx context.Context, in providers.Intent) ([]providers.Ref, error) {
	var found []providers.Ref
	mark, account := marker(in.Key), string(plainNumber(in.Values[fieldAccount]))
	seen := map[string]bool{}
	for page := 1; page <= maxLookPages; page++ {
		rows, unread, err := c.fetch(ctx, url.Values{
			"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(maxPerPage)}, "filters[account_id]": {account},
			"sorting[field]": {"id"}, "sorting[reversed]": {"true"},
		})
		if err == nil && len(unread) > 0 {
			err = unread[0] // it may be the one that is looked for
		}
		if err != nil {
			return nil, err
		}
		fresh, past := false, false
		for _, r := range rows {
			if seen[r.Ref.ID] {
				continue
			}
			seen[r.Ref.ID], fresh = true, true
			past = past || !in.Sent.IsZero() && older(r.Created, in.Sent.Add(-clockSlack))
			if r.Party.ID == account && strings.Contains(r.Note, mark) {
				found = append(found, r.Ref)
			}
		}
		if !fresh || past {
			break
		}
	}
	return found, nil
}
