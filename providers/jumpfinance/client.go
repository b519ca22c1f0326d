package jumpfinance

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// Client is one Jump.Finance account. It is safe for concurrent use.
type Client struct {
	a      transport.Account
	http   *transport.Client
	routes map[string]route
	now    func() time.Time
	polls  polls

	settings settingsCache
	phones   phoneBook
}

var _ providers.Provider = (*Client)(nil)

// New makes the account's client. It sends nothing. The error names the wrong
// key of the account's configuration.
func New(a transport.Account) (*Client, error) {
	for _, name := range slices.Sorted(maps.Keys(a.Options)) {
		return nil, fmt.Errorf("account %s: %s has no option %q", a.Name, a.System, name)
	}
	if strings.TrimSpace(a.Secret) == "" {
		return nil, fmt.Errorf("account %s: secret is empty; it is the Client-Key of the 1C integration", a.Name)
	}
	c := &Client{a: a, now: a.Now}
	if c.now == nil {
		c.now = time.Now
	}
	var err error
	if c.routes, err = routesWith(a.Paths); err != nil {
		return nil, fmt.Errorf("account %s: %w", a.Name, err)
	}
	if c.http, err = a.Client(decode); err != nil {
		return nil, err
	}
	return c, nil
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.Close() }

// Info says whose door the client knocks on.
func (c *Client) Info() providers.Info { return c.a.Info("Jump.Finance", c.http) }

// Kinds lists what can be read.
func (c *Client) Kinds() []providers.Kind {
	return []providers.Kind{providers.Payout, providers.Contractor, providers.Receipt, providers.Certificate, providers.Branch}
}

func (c *Client) ref(kind providers.Kind, id string) providers.Ref {
	return providers.Ref{Account: c.a.Name, Kind: kind, ID: id}
}

// Get reads one record. A payout's status is read by itself at most once a
// minute; in between Get gives the last answer.
func (c *Client) Get(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	switch ref.Kind {
	case providers.Payout:
		return c.payout(ctx, ref.ID)
	case providers.Receipt:
		rec, err := c.payout(ctx, ref.ID)
		if err != nil {
			return providers.Record{}, err
		}
		return c.receiptIn(rec)
	case providers.Contractor:
		return c.contractor(ctx, ref.ID)
	case providers.Certificate:
		return c.getOne(ctx, "certs.get", ref.ID, c.toCertificate)
	case providers.Branch:
		return c.branch(ctx, ref.ID)
	default:
		return providers.Record{}, c.noKind(ref.Kind)
	}
}

// Glance reads one record as it is now. A payout is read through the list call,
// which the polling rule does not bound.
func (c *Client) Glance(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	if ref.Kind == providers.Payout {
		return c.fresh(ctx, ref.ID)
	}
	return c.Get(ctx, ref)
}

func (c *Client) noKind(kind providers.Kind) error {
	return c.http.Errorf("", providers.FaultInput, "Jump.Finance has no %s", orText(kind.Plural(), "records without a kind"))
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

type mapper func(json.RawMessage) (providers.Record, bool)

// getOne reads an object by its number. An id that is no number is nobody's.
func (c *Client) getOne(ctx context.Context, key, id string, to mapper) (providers.Record, error) {
	if !isID(id) {
		return providers.Record{}, c.errorf(key, providers.FaultNotFound, "there is no record %q: ids are whole numbers", id)
	}
	raw, err := c.item(ctx, key, includes(key), id)
	if err != nil {
		return providers.Record{}, err
	}
	rec, ok := to(raw)
	if !ok || rec.Ref.ID != id {
		return providers.Record{}, c.errorf(key, providers.FaultProtocol, "the answer is not record %s", id)
	}
	return rec, nil
}

func isID(s string) bool {
	return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == "" && s[0] != '0'
}

// Related reads what belongs to a record.
func (c *Client) Related(ctx context.Context, ref providers.Ref) ([]providers.Record, error) {
	switch ref.Kind {
	case providers.Payout:
		return c.relatedOfPayout(ctx, ref.ID)
	case providers.Receipt:
		rec, err := c.payout(ctx, ref.ID)
		if err != nil {
			return nil, err
		}
		return []providers.Record{rec}, nil
	case providers.Certificate:
		return c.payoutOfCertificate(ctx, ref.ID)
	case providers.Contractor, providers.Branch:
		page, err := c.List(ctx, providers.Query{Kind: providers.Payout, Of: ref, Limit: relatedRows})
		return page.Records, err
	default:
		return nil, c.noKind(ref.Kind)
	}
}

// relatedRows is how many payouts of a contractor or a branch are shown with it.
const relatedRows = 50

func (c *Client) relatedOfPayout(ctx context.Context, id string) ([]providers.Record, error) {
	rec, err := c.payout(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []providers.Record
	if receipt, err := c.receiptIn(rec); err == nil {
		out = append(out, receipt)
	}
	if cert, ok := c.certificateOf(ctx, rec); ok {
		out = append(out, cert)
	}
	return out, nil
}

// certificateOf finds the certificate that a payout was made for. The first
// form of a payout does not name it, so the contractor's certificates are looked
// through. It is an extra: when they cannot be read, there is none.
func (c *Client) certificateOf(ctx context.Context, payout providers.Record) (providers.Record, bool) {
	for _, l := range payout.Links {
		if l.Ref.Kind != providers.Certificate {
			continue
		}
		cert, err := c.getOne(ctx, "certs.get", l.Ref.ID, c.toCertificate)
		return cert, err == nil
	}
	if payout.Party.ID == "" {
		return providers.Record{}, false
	}
	page, err := c.List(ctx, providers.Query{Kind: providers.Certificate, Of: c.ref(providers.Contractor, payout.Party.ID), Limit: relatedRows})
	if err != nil {
		return providers.Record{}, false
	}
	i := slices.IndexFunc(page.Records, func(r providers.Record) bool { return linked(r, payout.Ref) })
	if i < 0 {
		return providers.Record{}, false
	}
	return page.Records[i], true
}

func (c *Client) payoutOfCertificate(ctx context.Context, id string) ([]providers.Record, error) {
	cert, err := c.getOne(ctx, "certs.get", id, c.toCertificate)
	if err != nil {
		return nil, err
	}
	for _, l := range cert.Links {
		if l.Ref.Kind != providers.Payout {
			continue
		}
		rec, err := c.fresh(ctx, l.Ref.ID)
		if providers.FaultOf(err) == providers.FaultNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		return []providers.Record{rec}, nil
	}
	return nil, nil
}
