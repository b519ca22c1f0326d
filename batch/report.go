package batch

import (
	"time"

	"bursar/providers"
)

// Report accounts for every record of a batch. At the end of a batch
// Applied + Refused + Held + Unknown = Planned; until then Waiting is the
// difference. An item that was not sent because the batch was cancelled counts
// as held out, with the reason "not sent: cancelled".
type Report struct {
	Batch, Action string
	By            string
	Started       time.Time
	Finished      time.Time
	DryRun        bool
	Cancelled     bool
	Stopped       string // why the run stopped by itself
	Planned       int
	Applied       int
	Refused       int
	Held          int
	Unknown       int
	Waiting       int // not sent yet; in a dry run: what would be sent
	Reconciled    int // applied or not, as a read-back or the operator found out
	// Sums holds what each state amounts to: "planned" is all of it, the
	// others are "applied", "refused", "held", "unknown" and "waiting".
	Sums  map[string]providers.Sums
	Items []ReportItem
}

// ReportItem is one record in a report.
type ReportItem struct {
	ID         string        // of the intent
	Ref        providers.Ref // the record acted on; for creations the one made, once known
	Made       providers.Ref // the record that the action made, such as a refund
	Number     string
	Party      string
	Amount     providers.Money
	State      State
	Outcome    string // "applied", "refused", "unknown"; empty when nothing was sent
	Attempts   int
	Key        string
	Reason     string
	Reconciled bool
	Candidates []providers.Ref
}

// ExitCode is what a command that shows the report leaves with: 4 when unknown
// outcomes are left, 3 when something was refused, held out or not yet sent, 0
// when all is done.
func ExitCode(r Report) int {
	switch {
	case r.Unknown > 0:
		return 4
	case r.Refused+r.Held > 0, r.Waiting > 0 && !r.DryRun:
		return 3
	default:
		return 0
	}
}

func (b *book) report() Report {
	s := b.summary()
	r := Report{
		Batch: b.id, Action: s.Action, By: s.By, Started: s.Started, Finished: s.Finished, Cancelled: s.Cancelled, Stopped: s.Stopped,
		Planned: s.Planned, Applied: s.Applied, Refused: s.Refused, Held: s.Held, Unknown: s.Unknown, Waiting: s.Waiting,
		Reconciled: s.Reconciled,
		Sums: map[string]providers.Sums{
			sumPlanned: b.total,
			"applied":  b.sums[StateApplied].Plus(providers.Sums{}),
			"refused":  b.sums[StateRefused].Plus(providers.Sums{}),
			"held":     b.sums[StateHeld].Plus(b.sums[StateCancelled]),
			"unknown":  b.sums[StateUnknown].Plus(b.sums[StateSending]),
			sumWaiting: b.sums[StatePlanned].Plus(providers.Sums{}),
		},
	}
	for _, e := range b.items {
		r.Items = append(r.Items, e.report())
	}
	return r
}

func (e *entry) report() ReportItem {
	in := e.item.Intent
	it := ReportItem{
		ID: in.ID, Ref: e.ref(), Made: e.made, Number: e.item.Number, Party: e.item.Party, Amount: in.Amount, State: e.state,
		Attempts: e.sends, Key: in.Key, Reason: clean(e.reason), Reconciled: e.reconciled, Candidates: e.candidates,
	}
	switch e.state {
	case StateApplied:
		it.Outcome = providers.Applied.String()
	case StateRefused:
		it.Outcome = providers.Refused.String()
	case StateUnknown, StateSending:
		it.Outcome = providers.Unknown.String()
	case StateCancelled:
		it.State = StateHeld
	}
	return it
}
