package batch

import (
	"context"
	"errors"
	"io"
	"time"

	"bursar/providers"
)

// EngineOptions is what an engine works with.
type EngineOptions struct {
	Accounts Accounts
	Journal  Journal
	Claims   Claims // nil: NewClaims
	Now      func() time.Time
	Changed  func(providers.Record)                      // a record was read afresh: to the cache
	Removed  func(providers.Ref)                         // a record is gone: to the cache
	Wait     func(ctx context.Context, d time.Duration) error // nil: real time
}

// StartOptions says who starts a batch and how.
type StartOptions struct {
	By        string
	Host      string // the machine, for the journal
	AcceptAsk bool   // the operator accepted what must be asked
	DryRun    bool   // everything but the request itself; nothing is journalled
}

// Engine runs batches.
type Engine struct{}

// Run is one batch at work.
type Run struct{}

var errNotBuilt = errors.New("not built")

// NewEngine makes an engine and rebuilds the claims of unknown outcomes from the journal.
func NewEngine(EngineOptions) (*Engine, error) { return nil, errNotBuilt }

// Start carries out a plan.
func (e *Engine) Start(ctx context.Context, plan Plan, opts StartOptions) (*Run, error) { return nil, errNotBuilt }

// Resume takes up an unfinished batch.
func (e *Engine) Resume(ctx context.Context, batchID string) (*Run, error) { return nil, errNotBuilt }

// Running is the run of a batch in this process.
func (e *Engine) Running(batchID string) (*Run, bool) { return nil, false }

// Reconcile reads back every unknown outcome of a batch; it sends nothing.
func (e *Engine) Reconcile(ctx context.Context, batchID string) (Report, error) { return Report{}, errNotBuilt }

// Answer takes the operator's word on an unknown outcome.
func (e *Engine) Answer(ctx context.Context, batchID, itemID string, a Answer, by string) error { return errNotBuilt }

// Batches lists every batch, newest first.
func (e *Engine) Batches() ([]Summary, error) { return nil, errNotBuilt }

// Unfinished lists the batches with something open, newest first.
func (e *Engine) Unfinished() ([]Summary, error) { return nil, errNotBuilt }

// Find is the one batch whose id begins so.
func (e *Engine) Find(prefix string) (string, error) { return "", errNotBuilt }

// Report accounts for a batch.
func (e *Engine) Report(batchID string) (Report, error) { return Report{}, errNotBuilt }

// History is the journal of one item.
func (e *Engine) History(batchID, itemID string) ([]Event, error) { return nil, errNotBuilt }

// Blocked tells why a record may not be acted on now.
func (e *Engine) Blocked(ref providers.Ref) (reason string, blocked bool) { return "", false }

// Check previews a plan with the engine's accounts and claims.
func (e *Engine) Check(plan Plan, lookup Lookup) Preview { return Preview{} }

// Claims is what the engine claims records with.
func (e *Engine) Claims() Claims { return nil }

// Close suspends every run: what is in flight finishes, the rest stays planned.
func (e *Engine) Close() {}

// ID is the batch's id.
func (r *Run) ID() string { return "" }

// Progress is a copy of how the run stands.
func (r *Run) Progress() Progress { return Progress{} }

// Changed tells that Progress changed, coalesced; it is closed at the end.
func (r *Run) Changed() <-chan struct{} { return nil }

// Pause sends nothing more until Continue.
func (r *Run) Pause() {}

// Continue goes on after Pause, or after the run stopped by itself.
func (r *Run) Continue() {}

// Cancel sends nothing more; what is in flight finishes.
func (r *Run) Cancel() {}

// Wait returns the report when the run has ended, or has stopped by itself
// with nothing in flight.
func (r *Run) Wait() Report { return Report{} }

// WriteJSON writes the report for scripts.
func (r Report) WriteJSON(w io.Writer) error { return nil }

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error { return nil }

// WriteCSV writes one line per record.
func (r Report) WriteCSV(w io.Writer) error { return nil }

// WriteJSON writes the preview for scripts.
func (p Preview) WriteJSON(w io.Writer) error { return nil }

// WriteText writes the preview for people.
func (p Preview) WriteText(w io.Writer) error { return nil }
