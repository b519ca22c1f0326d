package activeplatform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one account at one panel: a manager's token. It is safe for
// concurrent use.
type Client struct {
	a        transport.Account
	http     *transport.Client
	info     providers.Info
	inHeader bool
}

// The account's options of this system.
const (
	tokenIn       = "token_in" // "query", as documented, or "header" where the installation takes X-Api-Token
	tokenInQuery  = "query"
	tokenInHeader = "header"

	// defaultMethod is the payment method's id that a credit uses when the
	// operator names none. The ids differ from installation to installation.
	defaultMethod = "payment_method"
)

// New checks the account. It sends nothing.
func New(a transport.Account) (*Client, error) {
	for name := range a.Options {
		if name != tokenIn && name != defaultMethod {
			return nil, fmt.Errorf("account %s: activeplatform has no option %q; it has %s and %s", a.Name, name, tokenIn, defaultMethod)
		}
	}
	switch a.Options[tokenIn] {
	case "", tokenInQuery, tokenInHeader:
	default:
		return nil, fmt.Errorf("account %s: %s must be %s or %s, not %q", a.Name, tokenIn, tokenInQuery, tokenInHeader, a.Options[tokenIn])
	}
	if m := a.Options[defaultMethod]; m != "" && (plainNumber(m) == "" || positive(m) != nil) {
		return nil, fmt.Errorf("account %s: %s must be the number of a payment method, not %q", a.Name, defaultMethod, m)
	}
	if a.Secret == "" {
		return nil, fmt.Errorf("account %s: the secret is missing: activeplatform needs a manager's token", a.Name)
	}
	if a.System == "" {
		a.System = "activeplatform"
	}
	if a.Now == nil {
		a.Now = time.Now
	}
	h, err := a.Client(decodeError)
	if err != nil {
		return nil, err
	}
	return &Client{a: a, http: h, info: a.Info("ActivePlatform", h), inHeader: a.Options[tokenIn] == tokenInHeader}, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says whose panel this is.
func (c *Client) Info() providers.Info { return c.info }

// Kinds lists what the interface can read: payments. Orders and charges come
// with them.
func (c *Client) Kinds() []providers.Kind { return []providers.Kind{providers.Payment} }

// call sends one request. The token goes in the address as documented, or in a
// header; errors and logs never show it.
func (c *Client) call(ctx context.Context, r transport.Request) (transport.Response, error) {
	r.Header = http.Header{"Accept": {"application/json"}}
	if r.Body != nil {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	q := url.Values{}
	maps.Copy(q, r.Query)
	if c.inHeader {
		r.Header.Set("X-Api-Token", c.a.Secret)
	} else {
		q.Set("api_token", c.a.Secret)
	}
	r.Query = q
	return c.http.Do(ctx, r)
}

// Get reads one payment.
func (c *Client) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	if err := c.payments(ref.Kind); err != nil {
		return providers.Record{}, err
	}
	if !isID(ref.ID) {
		return providers.Record{}, c.http.Errorf(opGet, providers.FaultNotFound, "a payment's id is a number, not %q", ref.ID)
	}
	resp, err := c.call(ctx, transport.Request{Op: opGet, Method: http.MethodGet, Path: "payments/" + ref.ID + ".json"})
	if err != nil {
		return providers.Record{}, err
	}
	return c.one(opGet, ref.ID, resp.Body)
}

// one reads an answer that is one payment; id is the one that was asked for,
// "" when any may come.
func (c *Client) one(op, id string, body []byte) (providers.Record, error) {
	raws, err := recordsIn(body)
	if err != nil || len(raws) != 1 {
		return providers.Record{}, c.http.Errorf(op, providers.FaultProtocol, "the answer is not one payment")
	}
	rec, err := c.record(raws[0])
	if err != nil {
		return providers.Record{}, c.http.Errorf(op, providers.FaultProtocol, "%v", err)
	}
	if id != "" && rec.Ref.ID != id {
		return providers.Record{}, c.http.Errorf(op, providers.FaultProtocol, "payment %s was asked for, payment %s came", id, rec.Ref.ID)
	}
	return rec, nil
}

func (c *Client) record(raw json.RawMessage) (providers.Record, error) {
	p, err := decodePayment(raw)
	if err != nil {
		return providers.Record{}, err
	}
	return toRecord(p, raw, c.a.Name, c.a.Currency), nil
}

// Related is empty: orders and charges are part of the payment.
func (c *Client) Related(_ context.Context, ref providers.Ref) ([]providers.Record, error) {
	return nil, c.payments(ref.Kind)
}

// payments refuses every kind but payments.
func (c *Client) payments(kind providers.Kind) error {
	if slices.Contains(c.Kinds(), kind) {
		return nil
	}
	return c.http.Errorf("", providers.FaultInput, "ActivePlatform has payments only, no %s", kind.Plural())
}

// isID reports whether a text is a decimal id, which may stand in a path.
func isID(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == ""
}

// The calls, in the vendor's own words.
const (
	opList     = "GET /payments.json"
	opGet      = "GET /payments/{id}.json"
	opCreate   = "POST /payments.json"
	opComplete = "POST /payments/{id}/complete.json"
)
