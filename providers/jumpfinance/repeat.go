package jumpfinance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"bursar/providers"
)

// repeat sends a failed payout again. The call has no key of any kind, so the
// payout is read just before, and an unknown outcome is never sent again by
// itself.
func (c *Client) repeat(ctx context.Context, in providers.Intent) (providers.Result, error) {
	const key = "payments.repeat"
	id := in.Ref.ID
	if err := c.allowMoney(ctx); err != nil {
		return providers.Result{}, err
	}
	now, err := c.fresh(ctx, id)
	if err != nil {
		return providers.Result{}, c.prepare(key, "the payout could not be read", err)
	}
	if v := repeatable(now); v.Answer == providers.CannotDo {
		return providers.Result{}, c.errorf(key, providers.FaultState, "nothing was sent: %s", v.Reason)
	}
	if seen := in.Before; seen.Status != "" && !seen.Same(providers.SnapshotOf(now)) {
		return providers.Result{}, c.errorf(key, providers.FaultState, "nothing was sent: the payout has changed, it is now %s, %s", now.Status.Label, now.Amount)
	}
	c.polls.doubt(id)
	defer c.polls.doubt(id)
	raw, err := c.call(ctx, key, nil, nil, id)
	if err != nil {
		return providers.Result{}, err
	}
	// The service does not say whether a repeat is the same payout: the id in
	// the answer counts.
	rec, ok := c.answered(raw)
	if !ok {
		return providers.Result{}, c.errorf(key, providers.FaultProtocol, "the answer holds no payout")
	}
	note := rec.Status.Label
	if rec.Ref.ID != id {
		note = fmt.Sprintf("repeated as payout %s: %s", rec.Ref.ID, note)
	}
	return providers.Result{Outcome: providers.Applied, Ref: rec.Ref, After: &rec, Note: note}, nil
}

// findRepeated compares status and history with what they were before. A
// repeat leaves the failed status and puts a new row into the history; nothing
// else that happens by itself does both. Anything less is for the operator.
func (c *Client) findRepeated(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	now, err := c.fresh(ctx, in.Ref.ID)
	if providers.FaultOf(err) == providers.FaultNotFound {
		return providers.Finding{Note: "payout " + in.Ref.ID + " is not there any more"}, nil
	}
	if err != nil {
		return providers.Finding{}, err
	}
	since := newRows(now, in)
	what := fmt.Sprintf("payout %s is now %q", in.Ref.ID, orText(now.Status.Label, "without a status"))
	if len(since) > 0 {
		what += ", its history has new: " + strings.Join(since, "; ")
	}
	under := slices.Contains([]string{"1", "3", "4", "7", "8"}, now.Status.Code)
	switch {
	case under && len(since) > 0:
		return providers.Finding{Outcome: providers.Applied, Ref: now.Ref, Note: what}, nil
	case now.Status.Code == in.Before.Status && len(since) == 0:
		what += ", unchanged since before the repeat was sent; that does not prove that it will not start"
	case now.Status.Code == in.Before.Status:
		what += "; it may have been repeated and have failed again"
	}
	candidates, err := c.successors(ctx, in, now)
	if err != nil {
		return providers.Finding{}, err
	}
	if len(candidates) > 0 {
		what += fmt.Sprintf("; %d newer payouts of the same amount to the same contractor exist", len(candidates))
	}
	return providers.Finding{Candidates: candidates, Note: what}, nil
}

// newRows are the rows of the payout's history that were not there before the
// repeat was sent. The service's clock is compared with itself: with the last
// row that was seen. Without one, the time of sending has to do.
func newRows(now providers.Record, in providers.Intent) []string {
	after := in.Before.Updated
	if after.IsZero() {
		after = in.Sent
	}
	var p wirePayout
	if json.Unmarshal(now.Raw, &p) != nil {
		return nil
	}
	var out []string
	for _, h := range p.History {
		if h.UpdatedAt.After(after) {
			out = append(out, show(h.Message))
		}
	}
	return out
}

// sentMargin covers that the service's clock may be behind.
const sentMargin = 5 * time.Minute

// successors are newer payouts that may be the repeat, should the service make
// a new payout of it.
func (c *Client) successors(ctx context.Context, in providers.Intent, of providers.Record) ([]providers.Ref, error) {
	if of.Party.ID == "" || in.Sent.IsZero() {
		return nil, nil
	}
	page, err := c.List(ctx, providers.Query{
		Kind: providers.Payout, Of: c.ref(providers.Contractor, of.Party.ID), CreatedFrom: in.Sent.Add(-sentMargin), Limit: relatedRows,
	})
	if err != nil {
		return nil, err
	}
	var out []providers.Ref
	for _, r := range page.Records {
		if r.Ref.ID != of.Ref.ID && r.Amount.Equal(of.Amount) {
			out = append(out, r.Ref)
		}
	}
	return out, nil
}
