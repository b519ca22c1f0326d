package yookassa

import (
	"context"
	"slices"

	"bursar/providers"
)

// Related reads the refunds and receipts of a payment, the payment and receipts
// of a refund, the payment and refund of a receipt.
func (c *Client) Related(ctx context.Context, ref providers.Ref) ([]providers.Record, error) {
	switch ref.Kind {
	case providers.Payment:
		refunds, err := c.all(ctx, providers.Query{Kind: providers.Refund, Of: ref})
		if err != nil {
			return nil, err
		}
		out := refunds
		for _, of := range append([]providers.Record{{Ref: ref}}, refunds...) {
			receipts, err := c.all(ctx, providers.Query{Kind: providers.Receipt, Of: of.Ref})
			if err != nil {
				return nil, err
			}
			out = append(out, receipts...)
		}
		return tidy(out), nil
	case providers.Refund, providers.Receipt:
		rec, err := c.Get(ctx, ref)
		if err != nil {
			return nil, err
		}
		out, err := c.owners(ctx, rec)
		if err != nil {
			return nil, err
		}
		if ref.Kind == providers.Refund {
			receipts, err := c.all(ctx, providers.Query{Kind: providers.Receipt, Of: ref})
			if err != nil {
				return nil, err
			}
			out = append(out, receipts...)
		}
		return tidy(out), nil
	default:
		_, err := c.collection("GET", ref.Kind)
		return nil, err
	}
}

// owners follows a record's links within the account, upwards to the payment.
func (c *Client) owners(ctx context.Context, rec providers.Record) ([]providers.Record, error) {
	var out []providers.Record
	for _, l := range rec.Links {
		if l.Ref.Account != c.account.Name {
			continue
		}
		owner, err := c.Get(ctx, l.Ref)
		if err != nil {
			return nil, err
		}
		out = append(out, owner)
		if l.Ref.Kind == providers.Refund {
			above, err := c.owners(ctx, owner)
			if err != nil {
				return nil, err
			}
			out = append(out, above...)
		}
	}
	return out, nil
}

// maxPages bounds how far a look-up of one payment's records goes.
const maxPages = 50

// all reads every page of a short list.
func (c *Client) all(ctx context.Context, q providers.Query) ([]providers.Record, error) {
	var out []providers.Record
	for range maxPages {
		page, err := c.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Records...)
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
	return nil, c.http.Errorf("GET "+collections[q.Kind], providers.FaultProtocol, "the list does not end after %d pages", maxPages)
}

// tidy sorts newest first and drops doubles.
func tidy(recs []providers.Record) []providers.Record {
	seen := map[providers.Ref]bool{}
	recs = slices.DeleteFunc(recs, func(r providers.Record) bool {
		was := seen[r.Ref]
		seen[r.Ref] = true
		return was
	})
	newestFirst(recs)
	return recs
}

// newestFirst keeps the system's order among records without a moment, which
// come last.
func newestFirst(recs []providers.Record) {
	slices.SortStableFunc(recs, func(a, b providers.Record) int {
		return b.Created.Compare(a.Created)
	})
}
