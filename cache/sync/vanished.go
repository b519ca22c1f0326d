package sync

import (
	"context"
	"time"

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
	missing, err := w.unseenSince(ctx, began, askedOneByOne+1)
	if err != nil || len(missing) == 0 {
		return err
	}
	if len(missing) <= askedOneByOne {
		for _, ref := range missing {
			if err := w.ask(ctx, ref); err != nil {
				return err
			}
		}
		return nil
	}
	p := pass{w: w}
	if err := p.run(ctx, func(providers.Page, int) (bool, error) { return false, nil }); err != nil {
		return err
	}
	for {
		if missing, err = w.unseenSince(ctx, began, removedAtOnce); err != nil || len(missing) == 0 {
			return err
		}
		if err := w.m.opt.Store.Remove(missing...); err != nil {
			return err
		}
	}
}

// removedAtOnce bounds what is held of a list that went away.
const removedAtOnce = 10_000

// unseenSince lists records that were last read before the given time, not more
// than atMost. Those that their system vouched for not long ago are left out.
func (w *worker) unseenSince(ctx context.Context, began time.Time, atMost int) (out []providers.Ref, err error) {
	err = w.m.opt.Store.Unseen(ctx, w.account, w.kind, began, func(id string) bool {
		if seen, ok := w.alive[id]; !ok || began.Sub(seen) >= w.m.opt.Sweep {
			out = append(out, providers.Ref{Account: w.account, Kind: w.kind, ID: id})
		}
		return len(out) < atMost
	})
	return out, err
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
