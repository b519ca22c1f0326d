package sync

import (
	"context"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// askedOneByOne is the number of missing records up to which each is asked for.
// When more are missing the list is read a second time instead.
const askedOneByOne = 20

// vanished forgets the records that a complete pass, begun at the given time,
// did not see. One may be missing only because the rows above it moved while the
// pages were read: it goes when its system says that it does not know it, or
// when a second complete pass does not see it either.
func (w *worker) vanished(ctx context.Context, began time.Time) error {
	missing, err := w.unseenSince(ctx, began)
	if err != nil || len(missing) == 0 {
		return err
	}
	if len(missing) > askedOneByOne {
		p := pass{w: w}
		if err := p.run(ctx, func(providers.Page, int) (bool, error) { return false, nil }); err != nil {
			return err
		}
		if missing, err = w.unseenSince(ctx, began); err != nil {
			return err
		}
		return w.m.opt.Store.Remove(missing...)
	}
	for _, ref := range missing {
		if err := w.ask(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// unseenSince lists the records that were last read before the given time.
func (w *worker) unseenSince(ctx context.Context, began time.Time) ([]providers.Ref, error) {
	snap, err := w.m.opt.Store.List(ctx, cache.ListQuery{Kind: w.kind, Accounts: []string{w.account}})
	if err != nil {
		return nil, err
	}
	var out []providers.Ref
	for e, err := range snap.All() {
		if err != nil {
			return nil, err
		}
		if !e.Fetched.Before(began) {
			continue
		}
		ref := e.Ref
		if seen, ok := w.alive[ref.ID]; !ok || began.Sub(seen) >= w.m.opt.Sweep {
			out = append(out, ref)
		}
	}
	return out, nil
}

// ask reads a missing record. Only the system's word that there is none makes
// the cache forget it.
func (w *worker) ask(ctx context.Context, ref providers.Ref) error {
	asked := w.m.opt.Now()
	rec, err := w.p.Get(ctx, ref)
	switch {
	case err == nil:
		w.alive[ref.ID] = asked
		// What cannot be kept any more stays as it was held.
		_, err = w.left.put(w.m.opt.Store.Put(asked, rec))
		return err
	case providers.FaultOf(err) == providers.FaultNotFound:
		delete(w.alive, ref.ID)
		return w.m.opt.Store.Remove(ref)
	case ctx.Err() != nil, providers.Passing(err):
		return err
	default:
		// The system cannot tell of single records of this kind, or not now:
		// the next pass looks again.
		w.alive[ref.ID] = asked
		return nil
	}
}
