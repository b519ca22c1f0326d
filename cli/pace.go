package cli

import (
	"context"
	"runtime"
	"sync"
	"time"

	"bursar/providers"
)

// The processor time that batches leave to whoever sits at the screen: they go
// on as long as the process has used no more than its share of all cores. Only a
// payment system that answers faster than any real one lets them come near it.
const (
	paceShare   = 0.25
	paceBurst   = 5 * time.Millisecond  // of processor time saved up
	paceLongest = 20 * time.Millisecond // the longest wait; what took more was not the batch
)

// pacer makes the workers of batches wait, one behind the other, while the
// process is over its share.
type pacer struct {
	used func() time.Duration // processor time of the process so far
	wait func(ctx context.Context, d time.Duration) error
	now  func() time.Time

	mu    sync.Mutex
	began bool
	at    time.Time
	spent time.Duration
	left  time.Duration // of the share; below zero it is overdrawn
}

func newPacer() *pacer {
	return &pacer{used: processorTime, wait: providers.Wait, now: time.Now}
}

// Pace returns when the process is within its share again, or ctx has ended.
func (p *pacer) Pace(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock() // whoever comes meanwhile waits behind
	for waited := time.Duration(0); waited < paceLongest && ctx.Err() == nil; {
		p.look()
		if p.left >= 0 {
			return
		}
		d := time.Duration(float64(-p.left)/p.rate()) + time.Millisecond
		d = min(d, paceLongest-waited)
		_ = p.wait(ctx, d)
		waited += d
	}
}

// rate is how much processor time the share gains in a unit of time.
func (p *pacer) rate() float64 { return paceShare * float64(runtime.NumCPU()) }

// look adds what was gained since the last look and takes off what was used.
func (p *pacer) look() {
	at, spent := p.now(), p.used()
	if p.began {
		gained := time.Duration(float64(at.Sub(p.at)) * p.rate())
		p.left = max(-paceLongest, min(paceBurst, p.left+gained-(spent-p.spent)))
	}
	p.began, p.at, p.spent = true, at, spent
}
