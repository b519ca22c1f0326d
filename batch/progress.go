package batch

import (
	"time"

	"bursar/providers"
)

// Summary is one batch in a few numbers.
type Summary struct {
	ID         string         `json:"id"`
	Action     string         `json:"action"`
	By         string         `json:"by,omitempty"`
	Started    time.Time      `json:"started"`
	Finished   time.Time      `json:"finished,omitzero"` // zero while anything is open
	Planned    int            `json:"planned"`
	Applied    int            `json:"applied"`
	Refused    int            `json:"refused"`
	Held       int            `json:"held"` // held out, or not sent because of a cancel
	Unknown    int            `json:"unknown"`
	Waiting    int            `json:"waiting"` // not sent yet
	Reconciled int            `json:"reconciled"`
	Cancelled  bool           `json:"cancelled,omitempty"`
	Running    bool           `json:"-"` // a run of this process works on it
	Accounts   []string       `json:"accounts,omitempty"`
	Sums       providers.Sums `json:"sums"` // of all that was planned
	Stopped    string         `json:"stopped,omitempty"`
}

// Open reports whether anything of the batch is still to be done or found out.
func (s Summary) Open() bool { return s.Waiting+s.Unknown > 0 }

// Progress is a copy of how a run stands.
type Progress struct {
	Batch, Action string
	DryRun        bool
	Planned       int
	Counts        map[State]int
	Sums          map[State]providers.Sums
	Reconciled    int
	Recent        []string // the last events, oldest first
	Accounts      []AccountProgress
	Paused        bool   // by the operator
	Stopped       string // why the run stopped by itself, all accounts
	Cancelled     bool
	Done          bool // the run has ended
}

// Finished counts the items that a run has brought to an end or to unknown.
func (p Progress) Finished() int {
	return p.Planned - p.Counts[StatePlanned] - p.Counts[StateSending]
}

// AccountProgress is how a run stands at one account.
type AccountProgress struct {
	Account  string
	Workers  int
	Waiting  int    // in the queue
	InFlight int    // being worked on
	Waits    string // why it waits and goes on by itself
	Stopped  string // why it stopped and needs Continue
}
