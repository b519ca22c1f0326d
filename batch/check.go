package batch

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"bursar/providers"
)

// Preview tells what a plan would do, from what is known without the network.
type Preview struct {
	Action                    string
	Planned, Can, Cannot, Ask int
	Sums                      providers.Sums // of what can be done
	AskSums                   providers.Sums // of what must be asked
	Groups                    []Group        // by verdict and reason: can, ask, cannot
	Items                     []Checked
	Accounts                  []providers.Info
	AsOf                      time.Time // the oldest reading among the records
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

// Blocker is what Claims may also be, to say why a record is taken.
type Blocker interface {
	Blocked(ref providers.Ref) (reason string, blocked bool)
}

// Check previews a plan: can, cannot or must be asked, grouped by reason. It
// asks no network: records come from the lookup.
func Check(plan Plan, accounts Accounts, lookup Lookup, claims Claims) Preview {
	p := Preview{Action: plan.Action, Planned: len(plan.Items)}
	infos := map[string]bool{}
	groups := map[providers.Verdict]*Group{}
	for i, item := range plan.Items {
		verdict, fetched := checkOne(item, accounts, lookup, claims)
		item.Fetched = fetched
		if !fetched.IsZero() && (p.AsOf.IsZero() || fetched.Before(p.AsOf)) {
			p.AsOf = fetched
		}
		if prov, ok := accounts.Provider(item.Intent.Ref.Account); ok && !infos[item.Intent.Ref.Account] {
			infos[item.Intent.Ref.Account] = true
			p.Accounts = append(p.Accounts, prov.Info())
		}
		p.Items = append(p.Items, Checked{Item: item, Verdict: verdict})
		p.count(verdict, item.Intent.Amount)
		g := groups[verdict]
		if g == nil {
			g = &Group{Verdict: verdict.Answer, Reason: verdict.Reason}
			groups[verdict] = g
		}
		g.Items = append(g.Items, i)
		g.Sums.Add(item.Intent.Amount)
	}
	for _, g := range groups {
		p.Groups = append(p.Groups, *g)
	}
	sort.Slice(p.Groups, func(i, j int) bool { return p.Groups[i].before(p.Groups[j]) })
	return p
}

func (p *Preview) count(v providers.Verdict, amount providers.Money) {
	switch v.Answer {
	case providers.CanDo:
		p.Can++
		p.Sums.Add(amount)
	case providers.MustAsk:
		p.Ask++
		p.AskSums.Add(amount)
	default:
		p.Cannot++
	}
}

// before puts what can be done first, then what must be asked, then the rest,
// the larger group first.
func (g Group) before(o Group) bool {
	rank := map[providers.VerdictAnswer]int{providers.CanDo: 0, providers.MustAsk: 1, providers.CannotDo: 2}
	switch {
	case g.Verdict != o.Verdict:
		return rank[g.Verdict] < rank[o.Verdict]
	case len(g.Items) != len(o.Items):
		return len(g.Items) > len(o.Items)
	default:
		return g.Items[0] < o.Items[0]
	}
}

// checkOne judges one item by what is cached.
func checkOne(item Item, accounts Accounts, lookup Lookup, claims Claims) (providers.Verdict, time.Time) {
	in := item.Intent
	prov, ok := accounts.Provider(in.Ref.Account)
	if !ok {
		return providers.Cannot("account %s is not configured", in.Ref.Account), item.Fetched
	}
	action, ok := providers.FindAction(prov, in.Action)
	if !ok {
		return providers.Cannot("%s has no action %s", prov.Info().System, in.Action), item.Fetched
	}
	if action.Creates {
		return examine(action, prov.Info(), providers.Record{}, in, true), time.Time{}
	}
	var rec providers.Record
	fetched := item.Fetched
	found := false
	if lookup != nil {
		rec, fetched, found = lookup(in.Ref)
	}
	if !found {
		return providers.Cannot("the record is not in the lists kept here: fetch it first"), item.Fetched
	}
	if reason, blocked := blockedBy(claims, in.Ref); blocked {
		return providers.Cannot("%s", reason), fetched
	}
	if diff := Diff(in.Before, providers.SnapshotOf(rec)); diff != "" {
		return providers.Cannot("changed since it was planned: %s", diff), fetched
	}
	return examine(action, prov.Info(), rec, in, true), fetched
}

func blockedBy(claims Claims, ref providers.Ref) (string, bool) {
	if claims == nil {
		return "", false
	}
	if b, ok := claims.(Blocker); ok {
		return b.Blocked(ref)
	}
	owner, taken := claims.Owner(ref)
	return fmt.Sprintf("it is in the hands of batch %s", batchOf(owner)), taken
}

// examine judges an intent against a record, cached or fresh. strict also
// compares the amount with what was planned.
func examine(a providers.Action, info providers.Info, rec providers.Record, in providers.Intent, strict bool) providers.Verdict {
	if info.ReadOnly {
		return providers.Cannot("account %s is read-only: the configuration says read_only", info.Account)
	}
	if msg := valueErrors(a, in.Values); msg != "" {
		return providers.Cannot("%s", msg)
	}
	verdict := providers.Can()
	if a.Eligible != nil {
		verdict = a.Eligible(rec, in.Values)
	}
	if verdict.Answer == providers.CannotDo {
		if verdict.Reason == "" {
			verdict.Reason = "the record does not allow it"
		}
		return verdict
	}
	amount := amountOf(a, rec, in.Values)
	if bad := examineAmount(a, rec, in, amount, strict); bad != "" {
		return providers.Cannot("%s", bad)
	}
	return verdict
}

// examineAmount says what is wrong with the amount, if anything.
func examineAmount(a providers.Action, rec providers.Record, in providers.Intent, amount providers.Money, strict bool) string {
	if strict && !amount.Equal(in.Amount) {
		return fmt.Sprintf("the amount is now %s, it was planned as %s", amountText(amount), amountText(in.Amount))
	}
	if !a.Moves {
		return ""
	}
	switch {
	case !amount.Known():
		return "the currency is unknown: no money is moved in it"
	case !amount.IsPositive():
		return fmt.Sprintf("there is nothing to move: the amount is %s", amountText(amount))
	}
	if verb := a.Verb(); verb != "refund" && verb != "capture" {
		return "" // what remains speaks of refunds and captures alone
	}
	left := rec.Remaining
	if left.Known() && left.Currency == amount.Currency && amount.GreaterThan(left.Decimal) {
		return fmt.Sprintf("%s is more than the %s that remain", amountText(amount), amountText(left))
	}
	return ""
}

func valueErrors(a providers.Action, v providers.Values) string {
	errs := a.Check(v)
	var parts []string
	for name, err := range errs {
		parts = append(parts, name+": "+err.Error())
	}
	sort.Strings(parts)
	return strings.Join(parts, "; ")
}

func amountText(m providers.Money) string {
	if m.IsNone() {
		return "none"
	}
	return m.String()
}

// Diff tells in words what differs between two snapshots, empty when an action
// decided on one is decided on the other as well.
func Diff(was, is providers.Snapshot) string {
	if was.Same(is) {
		return ""
	}
	var parts []string
	add := func(what, from, to string) {
		if from != to {
			parts = append(parts, fmt.Sprintf("%s %s → %s", what, orNone(from), orNone(to)))
		}
	}
	add("status", was.Status, is.Status)
	add("amount", was.Amount.String(), is.Amount.String())
	add("remaining", was.Remaining.String(), is.Remaining.String())
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
