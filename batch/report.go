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
	ID         string // of the intent
	Ref        providers.Ref
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
