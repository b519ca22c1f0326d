package jumpfinance

import (
	"context"
	"net/url"
	"sync"
	"time"

	"bursar/providers"
)

// pollEvery is how often the status of one payout may be read by itself.
const pollEvery = time.Minute

// maxPolls bounds how many payouts are remembered before old ones are
// forgotten.
const maxPolls = 4096

// polls remembers when each payout was last read by itself, and what came. It
// is the one place that keeps the vendor's polling rule, for screen, details
// and batches alike.
type polls struct {
	mu sync.Mutex
	by map[string]polled
}

type polled struct {
	asked time.Time
	rec   providers.Record // zero: no answer yet
	stale bool             // a change was sent since
}

// way is how a payout is to be read now.
type way uint8

const (
	remember way = iota // give the last answer
	single              // read it by itself
	listed              // read it through the list, which the rule does not bound
)

// next decides how to read a payout and counts a single read at once, so that
// two readers never send two.
func (p *polls) next(id string, now time.Time) (providers.Record, way) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.by[id]
	recent := ok && now.Sub(last.asked) < pollEvery && !now.Before(last.asked)
	switch {
	case recent && !last.stale && last.rec.Ref.ID != "":
		return last.rec, remember
	case recent, ok && last.rec.HasFlag(flagFinal):
		return providers.Record{}, listed
	}
	p.forget(now)
	last.asked = now
	p.by[id] = last
	return providers.Record{}, single
}

// forget makes room; it is called with the lock held.
func (p *polls) forget(now time.Time) {
	if p.by == nil {
		p.by = map[string]polled{}
	}
	if len(p.by) < maxPolls {
		return
	}
	for id, last := range p.by {
		if now.Sub(last.asked) >= pollEvery || now.Before(last.asked) {
			delete(p.by, id)
		}
	}
}

// learn takes in what any call said about a payout.
func (p *polls) learn(rec providers.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, ok := p.by[rec.Ref.ID]; ok {
		last.rec, last.stale = rec, false
		p.by[rec.Ref.ID] = last
	}
}

// doubt marks the last answer as overtaken by a change that was sent.
func (p *polls) doubt(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, ok := p.by[id]; ok {
		last.stale = true
		p.by[id] = last
	}
}

// payout reads one payout within the polling rule.
func (c *Client) payout(ctx context.Context, id string) (providers.Record, error) {
	if !isID(id) {
		return providers.Record{}, c.errorf("payments.get", providers.FaultNotFound, "there is no payout %q: ids are whole numbers", id)
	}
	rec, how := c.polls.next(id, c.now())
	switch how {
	case remember:
		return rec, nil
	case listed:
		return c.fresh(ctx, id)
	}
	rec, err := c.getOne(ctx, "payments.get", id, c.toPayout)
	if err == nil {
		c.polls.learn(rec)
	}
	return rec, err
}

// fresh reads one payout now, through the list call with ids=, which is what
// decisions about money and read-backs go by.
func (c *Client) fresh(ctx context.Context, id string) (providers.Record, error) {
	const key = "payments.list"
	if !isID(id) {
		return providers.Record{}, c.errorf(key, providers.FaultNotFound, "there is no payout %q: ids are whole numbers", id)
	}
	q := includes(key)
	q.Set("ids", id)
	raws, _, err := c.items(ctx, key, q, 1, perPageFor(1))
	if err != nil {
		return providers.Record{}, err
	}
	for _, raw := range raws {
		if rec, ok := c.toPayout(raw); ok && rec.Ref.ID == id {
			c.polls.learn(rec)
			return rec, nil
		}
	}
	if len(raws) == 0 {
		return providers.Record{}, c.errorf(key, providers.FaultNotFound, "there is no payout %s", id)
	}
	// Rows that were not asked for: the account ignores ids=. What is asked
	// here must not be answered with an old record, so the single call it is.
	rec, err := c.getOne(ctx, "payments.get", id, c.toPayout)
	if err == nil {
		c.polls.learn(rec)
	}
	return rec, err
}

// includes are the further parts that a call is asked for.
func includes(key string) url.Values {
	switch key {
	case "payments.list", "payments.get", "payments.by_customer_id":
		return url.Values{"include": {"abilities,requisite,creator,agent,branch_office,history,payload"}}
	case "branches.list":
		return url.Values{"include": {"limits"}}
	case "contractors.balances":
		return url.Values{"include": {"agent"}}
	default:
		return url.Values{}
	}
}
