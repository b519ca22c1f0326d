package batch

import (
	"context"
	"fmt"
	"sync"

	"bursar/providers"
)

// Reconcile reads back every unknown outcome of a batch and sends nothing. What
// was certainly not done becomes planned again, for a later Resume.
func (e *Engine) Reconcile(ctx context.Context, batchID string) (Report, error) {
	if _, running := e.Running(batchID); running {
		return Report{}, fmt.Errorf("batch %s is running and reads back by itself: wait for it", batchID)
	}
	if err := e.take(batchID); err != nil {
		return Report{}, err
	}
	defer e.give(batchID)
	b, err := e.book(batchID)
	if err != nil {
		return Report{}, err
	}
	for _, it := range b.items {
		if it.state != StateUnknown {
			continue
		}
		if err := e.reconcileItem(ctx, b, it); err != nil {
			return b.report(), err
		}
	}
	e.closeIfDone(b)
	return b.report(), nil
}

func (e *Engine) reconcileItem(ctx context.Context, b *book, it *entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	account := it.item.Intent.Ref.Account
	p, ok := e.opts.Accounts.Provider(account)
	if !ok {
		return fmt.Errorf("account %s is not configured: its outcomes cannot be read back", account)
	}
	a, ok := providers.FindAction(p, it.item.Intent.Action)
	if !ok {
		return fmt.Errorf("account %s has no action %s: its outcomes cannot be read back", account, it.item.Intent.Action)
	}
	ev := quietFinding(ctx, p, a, it, b.cancelled)
	if err := e.write(b, ev); err != nil {
		return err
	}
	if it.state != StateUnknown {
		e.release(b.id, it)
		e.refreshAfter(ctx, p, a, it)
	}
	return nil
}

// refreshAfter brings what a read-back showed to the cache.
func (e *Engine) refreshAfter(ctx context.Context, p providers.Provider, a providers.Action, it *entry) {
	if it.state == StateApplied && a.Verb() == "delete" {
		e.gone(it.item.Intent.Ref)
		return
	}
	if ref := it.ref(); ref.ID != "" {
		if rec, err := providers.Glance(ctx, p, ref); err == nil {
			e.fresh(rec)
		}
	}
}

// write journals and folds an event of a batch that does not run.
func (e *Engine) write(b *book, ev Event) error {
	ev.Batch, ev.Time = b.id, e.opts.Now()
	if err := e.opts.Journal.Append(ev); err != nil {
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	return b.apply(ev)
}

func (e *Engine) closeIfDone(b *book) {
	if b.open() == 0 && !b.closed {
		e.closeBatch(b, &sync.Mutex{})
	}
}
