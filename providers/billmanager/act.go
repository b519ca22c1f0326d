package billmanager

import (
	"context"
	"net/url"
	"strings"

	"bursar/providers"
)

// Act sends an intent's request once. The panel knows no idempotency key. It
// answers ok when it did what it was asked; the record is read again by the
// caller.
func (c *Client) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	fn, params, err := c.requestOf(in)
	if err != nil {
		return providers.Result{Outcome: providers.Refused}, err
	}
	doc, err := c.call(ctx, fn, params, true)
	if fn == fnRefund {
		c.returns.expire() // there may be a new refund row, whatever was answered
	}
	if err != nil {
		return providers.Result{Outcome: providers.OutcomeOf(err)}, err
	}
	next := doc.text("ok")
	switch {
	case !doc.has("ok"):
		return providers.Result{}, c.http.Errorf(fn, providers.FaultProtocol, "the panel answered neither ok nor an error, as it does when it only shows a form")
	case strings.HasPrefix(next, "func="):
		return providers.Result{}, c.http.Errorf(fn, providers.FaultProtocol, "the panel wants a further step (%s), so it is not known what it has done", stepName(next))
	}
	return providers.Result{Outcome: providers.Applied, Ref: in.Ref}, nil
}

// stepName is the function that the panel names as the next step, without its
// parameters: a session id may be among them.
func stepName(next string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(next, "func="), "&")
	return name
}

// requestOf is the function and parameters of an intent. sok=ok is what makes
// the panel do it rather than show a form; elid takes one id, for nothing tells
// what the panel does to the others when one of several is refused.
func (c *Client) requestOf(in providers.Intent) (string, url.Values, error) {
	functions := map[string]string{actCredit: fnSetpaid, actDelete: fnDelete, actRefund: fnRefund}
	fn, ok := functions[in.Action]
	switch {
	case !ok:
		return "", nil, c.http.Errorf(in.Action, providers.FaultInput, "the panel cannot do that")
	case c.account.ReadOnly:
		return "", nil, c.http.Errorf(fn, providers.FaultForbidden, "the account is read-only; set read_only = false to allow changes")
	case in.Ref.Kind != providers.Payment:
		return "", nil, c.http.Errorf(fn, providers.FaultInput, "%s is not a payment", in.Ref)
	case !validID(in.Ref.ID):
		return "", nil, c.http.Errorf(fn, providers.FaultInput, "%q is not a payment's id: the panel's ids are numbers", in.Ref.ID)
	}
	params := url.Values{"elid": {in.Ref.ID}, "sok": {"ok"}}
	for name, value := range in.Values {
		if name != amountField || fn != fnRefund {
			return "", nil, c.http.Errorf(fn, providers.FaultInput, "%s has no field %q", in.Action, name)
		}
		if value == "" {
			continue
		}
		amount, err := providers.ParseAmount(value)
		if err != nil || !amount.IsPositive() || !amount.Equal(amount.Truncate(2)) {
			e := c.http.Errorf(fn, providers.FaultInput, "the amount must be a number above zero with at most two decimals")
			e.Field = amountField
			return "", nil, e
		}
		params.Set(amountField, amount.StringFixed(2))
	}
	return fn, params, nil
}
