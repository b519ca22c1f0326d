package batch

import (
	"time"

	"bursar/providers"
)

// Preview tells what a plan would do, from what is known without the network.
type Preview struct {
	Action                     string
	Planned, Can, Cannot, Ask  int
	Sums                       providers.Sums // of what can be done
	AskSums                    providers.Sums // of what must be asked
	Groups                     []Group        // by verdict and reason: can, ask, cannot
	Items                      []Checked
	Accounts                   []providers.Info
	AsOf                       time.Time // the oldest reading among the records
}

// Group is the items that share a verdict and its reason.
type Group struct {
	Verdict providers.VerdictAnswer
	Reason  string
	Items   []int // positions in Preview.Items
	Sums    providers.Sums
}

// Checked is one item and its verdict.
type Checked struct {
	Item    Item
	Verdict providers.Verdict
}

// Check previews a plan: can, cannot or must be asked, grouped by reason. It
// asks no network: records come from the lookup.
func Check(plan Plan, accounts Accounts, lookup Lookup, claims Claims) Preview {
	return Preview{Action: plan.Action, Planned: len(plan.Items)}
}
