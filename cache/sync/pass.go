package sync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// bring runs the passes that are due.
func (w *worker) bring(ctx context.Context, st *cache.SyncState, gap bool) error {
	if st.Complete {
		sweep := st.Started.Sub(st.Swept) >= w.m.opt.Sweep
		return w.update(ctx, st, sweep, gap)
	}
	resumed := st.Cursor != ""
	if err := w.first(ctx, st); err != nil {
		return err
	}
	if !resumed {
		return nil
	}
	// What came in at the top since the interruption is not known yet.
	return w.update(ctx, st, false, true)
}

// first reads the whole list for the first time, from where it stopped.
func (w *worker) first(ctx context.Context, st *cache.SyncState) error {
	resumed, began := st.Cursor != "", st.Started
	p := pass{w: w, cursor: st.Cursor}
	err := p.run(ctx, func(page providers.Page, _ int) (bool, error) {
		if p.pages == 1 && !resumed {
			st.Mark = p.newest
		}
		st.Cursor = page.Next
		if page.Next == "" {
			return false, nil
		}
		return false, w.save(*st)
	})
	if err != nil && resumed && p.pages == 0 && providers.FaultOf(err) == providers.FaultInput {
		// The system no longer knows the page: from the top, then.
		st.Cursor = ""
		return w.first(ctx, st)
	}
	if err != nil {
		return err
	}
	st.Complete, st.Cursor = true, ""
	if resumed {
		return nil // a sweep is due: the list was read in two halves
	}
	return w.swept(ctx, st, began)
}

// swept ends a complete pass.
func (w *worker) swept(ctx context.Context, st *cache.SyncState, began time.Time) error {
	if err := w.vanished(ctx, began); err != nil {
		return err
	}
	st.Swept = began
	return nil
}

// update reads from the top to what is known, or to the end when a sweep is
// due. gap means that the known part may have holes above the mark.
func (w *worker) update(ctx context.Context, st *cache.SyncState, sweep, gap bool) error {
	began := w.m.opt.Now()
	p := pass{w: w}
	known := run{mark: st.Mark, overlap: w.m.opt.Overlap, gap: gap}
	err := p.run(ctx, func(page providers.Page, changed int) (bool, error) {
		return known.take(page.Records, changed) && !sweep, nil
	})
	if err != nil {
		return err
	}
	st.Mark = p.newest
	if !p.ended {
		return nil
	}
	return w.swept(ctx, st, began)
}

// pass reads a list page by page and puts each page as it comes.
type pass struct {
	w      *worker
	cursor string
	pages  int
	newest time.Time // Created of the newest record of the first page
	ended  bool      // the last page was read
	left   leftOut
}

// maxPages ends a list that never ends because of a system's fault.
const maxPages = 1_000_000

// run reads until the list ends or after says stop. after gets each page when
// it is in the store, and how many of its records changed.
func (p *pass) run(ctx context.Context, after func(page providers.Page, changed int) (stop bool, err error)) error {
	for p.pages < maxPages {
		if p.w.m.isRefused(p.w.account) {
			return p.w.stopped()
		}
		asked := p.w.m.opt.Now()
		page, err := p.w.p.List(ctx, providers.Query{Kind: p.w.kind, Cursor: p.cursor, Limit: p.w.m.opt.PageSize})
		if err == nil {
			err = ctx.Err() // what comes in after the operator went offline is not wanted
		}
		if err != nil {
			return err
		}
		if p.pages++; p.pages == 1 {
			p.newest = newest(page.Records)
		}
		came := p.w.m.opt.Now()
		changed, err := p.left.put(p.w.m.opt.Store.Put(asked, page.Records...))
		if err != nil {
			return err
		}
		p.left.unread(page.Unread)
		p.w.left.most(p.left)
		if page.Next != "" && page.Next == p.cursor {
			return fmt.Errorf("%s: the list of %s does not move on: page %q leads to itself", p.w.account, p.w.kind.Plural(), p.cursor)
		}
		stop, err := after(page, changed)
		if err != nil {
			return err
		}
		if page.Next == "" {
			p.ended = true
			return nil
		}
		if stop {
			return nil
		}
		p.cursor = page.Next
		if err := p.w.rest(ctx, p.w.m.opt.Now().Sub(came)); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: the list of %s has no end", p.w.account, p.w.kind.Plural())
}

// errStopped is the cause of an error that no request gave.
var errStopped = errors.New("another worker found the login refused")

// stopped is why a pass ends between two pages: another worker of the account
// found its login refused.
func (w *worker) stopped() error {
	return &providers.Error{
		System: w.p.Info().System, Account: w.account, Fault: providers.FaultAuth,
		Message: "refresh to try again", Err: errStopped,
	}
}

func newest(recs []providers.Record) (t time.Time) {
	for i := range recs {
		if recs[i].Created.After(t) {
			t = recs[i].Created
		}
	}
	return t
}

// run follows the stretch of known and unchanged records that a sync has come
// through, to tell when it may stop.
type run struct {
	mark    time.Time // newest record when a sync last finished: below it are no holes
	overlap time.Duration
	gap     bool

	pages int // whole pages, unchanged, in a row
	top   time.Time
}

// take looks at the next page and reports whether what is known begins here.
func (r *run) take(recs []providers.Record, changed int) bool {
	if changed > 0 || len(recs) == 0 {
		r.pages, r.top = 0, time.Time{}
		return false
	}
	oldest, dated := recs[0].Created, true
	for i := range recs {
		c := recs[i].Created
		if c.IsZero() {
			dated = false
		}
		if c.Before(oldest) {
			oldest = c
		}
	}
	if r.pages++; r.pages == 1 {
		r.top = newest(recs)
	}
	if !dated || r.mark.IsZero() {
		// Without dates only the count of pages is left to go by, and after an
		// interruption nothing is.
		return r.pages >= 2 && !r.gap
	}
	return !oldest.After(r.mark) && r.top.Sub(oldest) >= r.overlap
}
