package yookassa

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one shop at YooKassa. It keeps nothing between calls and is safe
// for concurrent use.
type Client struct {
	account transport.Account
	http    *transport.Client
	auth    string // value of the Authorization header
	links   []metaLink
	now     func() time.Time
}

var _ providers.Provider = (*Client)(nil)

// metaLink says that a metadata field of a payment names a record elsewhere.
type metaLink struct {
	field   string
	account string
	kind    providers.Kind
}

// New checks the account's settings. It sends nothing. With a username the
// login is the shop's id and secret key; without, the secret is an OAuth token.
func New(a transport.Account) (*Client, error) {
	if a.Secret == "" {
		return nil, fmt.Errorf("account %s: secret is empty: give the shop's secret key, or an OAuth token and no username", a.Name)
	}
	for name := range a.Options {
		return nil, fmt.Errorf("account %s: yookassa has no option %q", a.Name, name)
	}
	for name := range a.Paths {
		return nil, fmt.Errorf("account %s: yookassa has no path %q to override", a.Name, name)
	}
	c := &Client{account: a, now: a.Now, auth: "Bearer " + a.Secret}
	if a.Username != "" {
		c.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Secret))
	}
	if c.now == nil {
		c.now = time.Now
	}
	for field, target := range a.Links {
		account, name, _ := strings.Cut(target, "/")
		kind, err := providers.ParseKind(name)
		if err != nil || account == "" {
			return nil, fmt.Errorf("account %s: links.%s = %q: write ACCOUNT/KIND, for example hosting/payment", a.Name, field, target)
		}
		c.links = append(c.links, metaLink{field, account, kind})
	}
	slices.SortFunc(c.links, func(a, b metaLink) int { return strings.Compare(a.field, b.field) })
	var err error
	if c.http, err = a.Client(decode); err != nil {
		return nil, err
	}
	return c, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says whose door the client knocks on.
func (c *Client) Info() providers.Info { return c.account.Info("YooKassa", c.http) }

// Kinds lists what the client can read.
func (c *Client) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payment, providers.Refund, providers.Receipt}
}

// collections are the paths of the kinds.
var collections = map[providers.Kind]string{
	providers.Payment: "/payments",
	providers.Refund:  "/refunds",
	providers.Receipt: "/receipts",
}

func (c *Client) collection(op string, kind providers.Kind) (string, error) {
	path, ok := collections[kind]
	if !ok {
		return "", c.http.Errorf(op, providers.FaultInput, "YooKassa has no %s: ask for payments, refunds or receipts", kind.Plural())
	}
	return path, nil
}

func (c *Client) read(ctx context.Context, op, path string, query url.Values) (transport.Response, error) {
	return c.http.Do(ctx, transport.Request{Op: op, Method: http.MethodGet, Path: path, Query: query, Header: c.header("")})
}

// change sends a changing request, once.
func (c *Client) change(ctx context.Context, op, path, key string, body any) (transport.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return transport.Response{}, c.http.Errorf(op, providers.FaultOffline, "the request could not be written: %v", err)
	}
	return c.http.Do(ctx, transport.Request{
		Op: op, Method: http.MethodPost, Path: path, Header: c.header(key), Body: text, Changes: true,
	})
}

func (c *Client) header(key string) http.Header {
	h := http.Header{"Authorization": {c.auth}, "Accept": {"application/json"}}
	if key != "" {
		h["Idempotence-Key"] = []string{key}
		h["Content-Type"] = []string{"application/json"}
	}
	return h
}

// Get reads one record with all its details.
func (c *Client) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	path, err := c.collection("GET", ref.Kind)
	if err != nil {
		return providers.Record{}, err
	}
	op := "GET " + path + "/{" + string(ref.Kind) + "_id}"
	if ref.ID == "" {
		return providers.Record{}, c.http.Errorf(op, providers.FaultInput, "the id is empty")
	}
	resp, err := c.read(ctx, op, path+"/"+url.PathEscape(ref.ID), nil)
	if err != nil {
		return providers.Record{}, err
	}
	return c.record(op, ref.Kind, resp.Body)
}

// record decodes one object of the kind.
func (c *Client) record(op string, kind providers.Kind, raw []byte) (providers.Record, error) {
	var rec providers.Record
	var err error
	switch kind {
	case providers.Payment:
		var w payment
		if err = json.Unmarshal(raw, &w); err == nil {
			rec = c.paymentRecord(w, raw)
		}
	case providers.Refund:
		var w refund
		if err = json.Unmarshal(raw, &w); err == nil {
			rec = c.refundRecord(w, raw)
		}
	case providers.Receipt:
		var w receipt
		if err = json.Unmarshal(raw, &w); err == nil {
			rec = c.receiptRecord(w, raw)
		}
	}
	if err != nil {
		return rec, c.unreadable(op, raw)
	}
	if rec.Ref.ID == "" {
		return rec, c.http.Errorf(op, providers.FaultProtocol, "the answer holds a %s without an id", kind)
	}
	return rec, nil
}

func (c *Client) unreadable(op string, raw []byte) error {
	what := "is not the JSON that YooKassa documents"
	if transport.LooksLikeHTML(raw) {
		what = "is a web page; check url"
	}
	return c.http.Errorf(op, providers.FaultProtocol, "the answer of %s %s: %s", c.http.Host(), what, transport.Excerpt(raw))
}

func (c *Client) ref(kind providers.Kind, id text) providers.Ref {
	return providers.Ref{Account: c.account.Name, Kind: kind, ID: string(id)}
}
