package world

import (
	"sync"
	"time"
)

// Clock is the sandbox's time: the real one, shifted as tests and operators
// ask.
type Clock struct {
	mu    sync.Mutex
	base  func() time.Time
	shift time.Duration
}

// NewClock makes a clock over base, which is time.Now outside tests.
func NewClock(base func() time.Time) *Clock { return &Clock{base: base} }

// Now is the sandbox's present, to the millisecond as the systems print it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.shift).Truncate(time.Millisecond)
}

// Advance moves the present forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift += d
}

// Set makes t the present.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shift = t.Sub(c.base())
}
