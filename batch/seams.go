package batch

import (
	"fmt"
	"sync"

	"bursar/providers"
)

// Journal keeps the events of every batch for ever, in order. The local one is
// in batch/journal; a shared store for several hosts can stand behind the same
// methods.
type Journal interface {
	// Append returns when the events are on disk, in this order and behind
	// all that was given before; without events it waits for those. On an
	// error the events do not count as written; of many, the first may be there
	// all the same, which is why EventCreated comes last of a new batch.
	Append(events ...Event) error
	// AppendLater takes the events in order and writes them soon, at the
	// latest before what a following Append writes. What cannot be written
	// now is kept and written before anything later.
	AppendLater(events ...Event) error
	// Batches gives the last event of each batch, in no order.
	Batches() ([]Event, error)
	// Events gives the events of one batch, oldest first, until fn fails.
	Events(batch string, fn func(Event) error) error
}

// Claims says who may act on a record now. An owner is a batch and an item.
type Claims interface {
	// Claim takes the record for the owner. It is *ClaimedError when another
	// has it; taking it twice is fine.
	Claim(ref providers.Ref, owner string) error
	// Release gives it back, when the owner has it.
	Release(ref providers.Ref, owner string)
	// Owner tells who has it.
	Owner(ref providers.Ref) (string, bool)
}

// ClaimedError says that another owner has the record.
type ClaimedError struct {
	Ref   providers.Ref
	Owner string
}

// Error is one sentence.
func (e *ClaimedError) Error() string {
	return fmt.Sprintf("%s is in the hands of %s", e.Ref, e.Owner)
}

// NewClaims makes claims that hold inside this process.
func NewClaims() Claims { return &localClaims{by: map[providers.Ref]string{}} }

type localClaims struct {
	mu sync.Mutex
	by map[providers.Ref]string
}

func (c *localClaims) Claim(ref providers.Ref, owner string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if has, ok := c.by[ref]; ok && has != owner {
		return &ClaimedError{Ref: ref, Owner: has}
	}
	c.by[ref] = owner
	return nil
}

func (c *localClaims) Release(ref providers.Ref, owner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by[ref] == owner {
		delete(c.by, ref)
	}
}

func (c *localClaims) Owner(ref providers.Ref) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	owner, ok := c.by[ref]
	return owner, ok
}
