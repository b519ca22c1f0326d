package billmanager

import (
	"context"
	"strings"

	"bursar/providers"
)

// Related reads a payment's refunds, or a refund's payment.
func (c *Client) Related(ctx context.Context, ref providers.Ref) ([]providers.Record, error) {
	if ref.Kind == providers.Refund {
		r, err := c.rowOf(ctx, ref)
		if err != nil {
			return nil, err
		}
		parent, err := c.parent(ctx, c.refundOf(r))
		if err != nil || parent == nil {
			return nil, err
		}
		if err := c.refresh(ctx, returnsFresh); err != nil {
			return nil, err
		}
		refunds, told := c.refundsOf(*parent)
		return []providers.Record{c.toRecord(*parent, refunds, told)}, nil
	}
	_, refunds, _, err := c.rowAndRefunds(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []providers.Record
	for _, f := range refunds {
		r, err := c.rowOf(ctx, c.ref(providers.Refund, f.id))
		if providers.FaultOf(err) == providers.FaultNotFound {
			continue // gone since
		}
		if err != nil {
			return nil, err
		}
		rec := c.toRecord(r, nil, false)
		rec.Links = append(rec.Links, providers.Link{Rel: "payment", Ref: ref})
		out = append(out, rec)
	}
	return out, nil
}

// parent looks for the payment that a refund's number names, by number and by
// id; nil when there is none for certain.
func (c *Client) parent(ctx context.Context, f refund) (*row, error) {
	var found []row
	for _, name := range []string{"number", "id"} {
		if f.tail == "" || strings.Contains(f.tail, "*") || name == "id" && !validID(f.tail) {
			continue
		}
		filter := emptyFilter()
		filter.Set(name, f.tail)
		got, err := c.page(ctx, filter, cursor{page: 1, size: 10})
		if err != nil {
			return nil, err
		}
		for _, r := range got.rows {
			m, err := parseMoney(r.text("subaccountamount_iso"))
			payer := r.text("sender_id")
			if err == nil && keeps(filter, r) && !isRefund(r) && m.Currency == f.amount.Currency && (payer == f.payer || payer == "" || f.payer == "") {
				found = append(found, r)
			}
		}
	}
	if len(found) != 1 {
		return nil, nil
	}
	return &found[0], nil
}
