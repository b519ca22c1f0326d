package batch

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/providers"
)

// Accounts finds the configured accounts.
type Accounts interface {
	// Provider is the account of that name.
	Provider(account string) (providers.Provider, bool)
	// All lists every account.
	All() []providers.Provider
}

// Lookup finds a record in the cache, and when it was read.
type Lookup func(providers.Ref) (providers.Record, time.Time, bool)

// Request is what an operator wants done: one action on many targets.
type Request struct {
	Action  string // the action's id, such as "payment.refund"
	By      string // the operator
	Targets []Target
}

// Target is one record to act on, or one record to make.
type Target struct {
	Account string            // for creations; otherwise the record's own
	Record  *providers.Record // nil for creations
	Values  providers.Values
	Fetched time.Time // when the record was read
	// Currency, when set, must be the currency of the amount.
	Currency string
	// Line is the line of the file that the target came from; errors name it.
	Line int
}

// Plan is one action on many records, with ids and keys, before it is run.
type Plan struct {
	ID      string    `json:"id"`
	Action  string    `json:"action"`
	By      string    `json:"by,omitempty"`
	Created time.Time `json:"created"`
	Items   []Item    `json:"items"`
}

// Item is one intent of a plan and what the operator saw of its record.
type Item struct {
	// Intent.Before is the record as the operator saw it.
	Intent  providers.Intent `json:"intent"`
	Number  string           `json:"number,omitempty"`
	Party   string           `json:"party,omitempty"`
	PartyID string           `json:"party_id,omitempty"` // the system's id of the party, or what a creation names it by
	Fetched time.Time        `json:"fetched,omitzero"`
}

// ownIDField is the form field in which a payment system takes the caller's
// own id of a record to be made. A value given by the operator becomes the
// intent's key.
const ownIDField = "customer_payment_id"

// maxKeyLen is the shortest key limit among the payment systems.
const maxKeyLen = 36

// NewPlan makes one intent per target. Ids and idempotency keys are generated
// here, once, so that every later send of an intent carries the same key. The
// error is one sentence that names the target.
func NewPlan(req Request, accounts Accounts, now time.Time) (Plan, error) {
	if len(req.Targets) == 0 {
		return Plan{}, fmt.Errorf("nothing to plan: no record was chosen")
	}
	plan := Plan{ID: newKey(), Action: req.Action, By: req.By, Created: now.UTC().Round(0)}
	seen, keys := map[providers.Ref]bool{}, map[string]bool{}
	for i, t := range req.Targets {
		item, err := newItem(req.Action, t, accounts)
		if err != nil {
			return Plan{}, fmt.Errorf("%s: %w", t.place(i), err)
		}
		ref := item.Intent.Ref
		if ref.ID != "" && seen[ref] {
			return Plan{}, fmt.Errorf("%s: %s is in the plan twice: name each record once", t.place(i), ref)
		}
		if keys[item.Intent.Key] {
			return Plan{}, fmt.Errorf("%s: %s %q is in the plan twice: give each its own", t.place(i), ownIDField, item.Intent.Key)
		}
		seen[ref], keys[item.Intent.Key] = true, true
		plan.Items = append(plan.Items, item)
	}
	return plan, nil
}

// place names a target for an error.
func (t Target) place(i int) string {
	switch {
	case t.Line > 0:
		return fmt.Sprintf("line %d", t.Line)
	case t.Record != nil:
		return t.Record.Ref.String()
	default:
		return fmt.Sprintf("row %d", i+1)
	}
}

func newItem(actionID string, t Target, accounts Accounts) (Item, error) {
	account := t.Account
	if t.Record != nil {
		account = t.Record.Ref.Account
	}
	p, ok := accounts.Provider(account)
	if !ok {
		return Item{}, fmt.Errorf("there is no account %q: choose one of %s", account, accountNames(accounts))
	}
	action, ok := providers.FindAction(p, actionID)
	if !ok {
		return Item{}, fmt.Errorf("account %s (%s) has no action %q", account, p.Info().System, actionID)
	}
	rec, err := targetRecord(action, account, t)
	if err != nil {
		return Item{}, err
	}
	key, err := keyFor(action, t.Values)
	if err != nil {
		return Item{}, err
	}
	for name, v := range t.Values {
		if providers.HasCard(v) {
			return Item{}, fmt.Errorf("%s holds a card number: plans are stored, leave it out", name)
		}
	}
	in := providers.Intent{
		ID: newKey(), Action: action.ID, Ref: rec.Ref, Values: maps.Clone(t.Values),
		Amount: amountOf(action, rec, t.Values), Key: key,
	}
	item := Item{Intent: in, Number: rec.Number, Party: providers.MaskText(rec.Party.Name), PartyID: partyID(rec, t.Values), Fetched: t.Fetched.UTC().Round(0)}
	if !action.Creates {
		item.Intent.Before = providers.SnapshotOf(rec)
	}
	if t.Currency != "" && !strings.EqualFold(t.Currency, in.Amount.Currency) {
		return Item{}, fmt.Errorf("the currency %s is given, but the amount is in %s: check the record", t.Currency, currencyName(in.Amount))
	}
	return item, nil
}

// targetRecord is the record acted on; for an action that creates it is empty
// but for the account and kind.
func targetRecord(a providers.Action, account string, t Target) (providers.Record, error) {
	switch {
	case a.Creates && t.Record != nil:
		return providers.Record{}, fmt.Errorf("%s makes a new record and takes none", a.ID)
	case a.Creates:
		return providers.Record{Ref: providers.Ref{Account: account, Kind: a.Kind}}, nil
	case t.Record == nil || t.Record.Ref.ID == "":
		return providers.Record{}, fmt.Errorf("%s acts on a record and none is named: give its id", a.ID)
	case t.Record.Ref.Kind != a.Kind:
		return providers.Record{}, fmt.Errorf("%s acts on %s, not on a %s", a.ID, a.Kind.Plural(), t.Record.Ref.Kind)
	default:
		return *t.Record, nil
	}
}

// partyFields are the form fields by which a creation names whom it is for.
var partyFields = [...]string{"contractor_id", "phone", "account_id"}

func partyID(rec providers.Record, v providers.Values) string {
	for _, name := range partyFields {
		if v[name] != "" {
			return v[name]
		}
	}
	return rec.Party.ID
}

// amountOf is what the action would move.
func amountOf(a providers.Action, rec providers.Record, v providers.Values) providers.Money {
	if a.Amount == nil {
		return providers.Money{}
	}
	if a.Creates {
		rec = providers.Record{}
	}
	return a.Amount(rec, v)
}

func keyFor(a providers.Action, v providers.Values) (string, error) {
	own := v[ownIDField]
	if !a.Creates || own == "" {
		return newKey(), nil
	}
	if len(own) > maxKeyLen {
		return "", fmt.Errorf("%s has %d characters, the limit is %d", ownIDField, len(own), maxKeyLen)
	}
	for _, c := range own {
		if !strings.ContainsRune(keyRunes, c) {
			return "", fmt.Errorf("%s may not hold %q: use Latin letters, digits, dots and dashes", ownIDField, c)
		}
	}
	return own, nil
}

// keyRunes are the characters that every payment system takes in a key.
const keyRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.!:*()[]@$~`^,;=<>|{}\u2018"

// newKey is a random UUID. One that reads like a card number is thrown away:
// systems that look for card numbers would refuse it.
func newKey() string {
	for {
		if key := uuid.NewString(); !providers.HasCard(key) {
			return key
		}
	}
}

func accountNames(accounts Accounts) string {
	var names []string
	for _, p := range accounts.All() {
		names = append(names, p.Info().Account)
	}
	if len(names) == 0 {
		return "none, for none is configured"
	}
	return strings.Join(names, ", ")
}

func currencyName(m providers.Money) string {
	if !m.Known() {
		return "an unknown currency"
	}
	return m.Currency
}
