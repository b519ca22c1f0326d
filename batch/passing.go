package batch

import "bursar/providers"

// pass deals with a request that certainly did nothing because of a limit or
// the network: the account waits, then the item is tried again, a bounded
// number of times. Past that the account stops and says why.
func (r *Run) pass(l *lane, e *entry, err error) bool {
	r.mu.Lock()
	e.passes++
	n := e.passes
	r.mu.Unlock()
	text := clean(err.Error())
	delay := growing(n)
	if providers.FaultOf(err) == providers.FaultLimited {
		delay = limitDelay(err, n)
	}
	if n > maxPasses || delay > maxDelay {
		r.stopLane(l, text)
		return true
	}
	r.backoff(l, text, delay)
	return true
}

// loginRefused finds out with one cheap reading whether the login is really
// refused. A login that works is tried again once; else the account stops.
func (r *Run) loginRefused(l *lane, e *entry, text string) bool {
	r.mu.Lock()
	e.logins++
	n := e.logins
	r.mu.Unlock()
	if n > 1 {
		r.stopLane(l, text)
		return true
	}
	var err error
	if ref := e.item.Intent.Ref; ref.ID != "" {
		_, err = providers.Glance(r.ctx, l.p, ref)
	} else {
		_, err = l.p.List(r.ctx, providers.Query{Kind: ref.Kind, Limit: 1})
	}
	// A record that is not there was still looked for with a login that works.
	if err != nil && providers.FaultOf(err) != providers.FaultNotFound && r.ctx.Err() == nil {
		r.stopLane(l, clean(err.Error()))
	}
	return true
}
