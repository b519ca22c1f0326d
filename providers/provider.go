package providers

import (
	"context"
	"time"
)

// Info says whose door a provider knocks on, so that a screen can make it
// impossible to confuse one with another.
type Info struct {
	Account  string // name in the configuration
	System   string // "billmanager", "yookassa", "jumpfinance", "activeplatform"
	Title    string // "BILLmanager"
	Host     string // host and port only
	Sandbox  bool   // a simulator; anything else is live
	ReadOnly bool   // the configuration forbids changes
	// Workers is how many requests may run at once; the batch engine keeps to it.
	Workers int
}

// Intent is one action on one record, fixed before anything is sent. It is
// stored, key and all, before the first byte of the request leaves.
type Intent struct {
	ID     string `json:"id"` // unique for ever: batch and item
	Action string `json:"action"`
	// Ref is the record acted on; its ID is empty for an action that creates.
	Ref    Ref    `json:"ref"`
	Values Values `json:"values,omitempty"`
	Amount Money  `json:"amount"`
	// Key is the idempotency key or own id. It is the same for every send of
	// this intent.
	Key string `json:"key"`
	// Before is the record as it was when last read before sending; a
	// read-back compares with it. Zero for an action that creates.
	Before Snapshot `json:"before"`
	// Sent is when the first request left; zero when none did.
	Sent time.Time `json:"sent,omitzero"`
}

// Snapshot is the part of a record that actions depend on. When it differs
// from what the operator saw, the record is held out of the batch.
type Snapshot struct {
	Status    string    `json:"status,omitempty"` // code
	Amount    Money     `json:"amount"`
	Remaining Money     `json:"remaining"`
	Updated   time.Time `json:"updated,omitzero"`
}

// SnapshotOf takes a record's snapshot.
func SnapshotOf(r Record) Snapshot {
	return Snapshot{Status: r.Status.Code, Amount: r.Amount, Remaining: r.Remaining, Updated: r.Updated}
}

// Same reports whether an action decided on s is still decided on the same
// facts in o. Times do not count: a system may touch a record without changing
// what matters.
func (s Snapshot) Same(o Snapshot) bool {
	return s.Status == o.Status && s.Amount.Equal(o.Amount) && s.Remaining.Equal(o.Remaining)
}

// Result is what a system answered to an action.
type Result struct {
	Outcome Outcome
	Ref     Ref     // the record made, for actions that create; else the one acted on
	After   *Record // the record after the action, when the answer held it
	Note    string  // the system's words, masked
}

// Finding is what a read-back found out about an intent of unknown outcome.
type Finding struct {
	// Outcome is Applied when the record shows it, Refused when it was
	// certainly not applied, Unknown when the record cannot tell.
	Outcome Outcome
	// Candidates are records that may be the result, when more than one or
	// none for certain.
	Candidates []Ref
	Ref        Ref    // the record made, when found
	Note       string // what was found, for the operator
}

// Provider is one account at one payment system. Implementations keep no
// screen state and are safe for concurrent use. Every error they return is, or
// wraps, an *Error.
type Provider interface {
	Info() Info
	// Kinds lists what List and Get can read.
	Kinds() []Kind
	// List reads one page, newest first.
	List(ctx context.Context, q Query) (Page, error)
	// Get reads one record with all its details.
	Get(ctx context.Context, ref Ref) (Record, error)
	// Related reads the records of the same account that belong to the given
	// one (a payment's refunds and receipts), newest first.
	Related(ctx context.Context, ref Ref) ([]Record, error)
	// Actions lists what the system can do to a kind, also what this account
	// may not do now; Eligible tells per record.
	Actions(kind Kind) []Action
	// Act sends the intent's request once and reports how the answer leaves
	// the money. An error's outcome is OutcomeOf(err).
	Act(ctx context.Context, in Intent) (Result, error)
	// ReadBack looks up, without changing anything, whether the intent was
	// applied.
	ReadBack(ctx context.Context, in Intent) (Finding, error)
}

// Glancer is what a provider may also be. Glance reads one record as it is now:
// never from memory, and without the details that cost further requests. The
// batch engine glances just before and after it acts.
type Glancer interface {
	Glance(ctx context.Context, ref Ref) (Record, error)
}

// Glance reads one record as it is now, by Get where the provider has no
// shorter way.
func Glance(ctx context.Context, p Provider, ref Ref) (Record, error) {
	if g, ok := p.(Glancer); ok {
		return g.Glance(ctx, ref)
	}
	return p.Get(ctx, ref)
}

// FindAction is the provider's action of that id.
func FindAction(p Provider, id string) (Action, bool) {
	for _, kind := range Kinds() {
		for _, a := range p.Actions(kind) {
			if a.ID == id {
				return a, true
			}
		}
	}
	return Action{}, false
}
