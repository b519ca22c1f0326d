package jumpfinance

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// The form's fields, by the service's own names; phone is bursar's: the payout
// call wants the contractor's id, people know the phone.
const (
	fieldContractor  = "contractor_id"
	fieldPhone       = "phone"
	fieldAmount      = "amount"
	fieldRequisite   = "requisite_id"
	fieldType        = "type_id"
	fieldAccount     = "account_number"
	fieldBank        = "sbp_bank_id"
	fieldService     = "service_name"
	fieldPurpose     = "payment_purpose"
	fieldOwnID       = "customer_payment_id"
	fieldAgent       = "agent_id"
	fieldBranch      = "branch_office_id"
	fieldBankAccount = "bank_account_id"
	fieldBalance     = "balance_id"
)

const (
	createID = "payout.create"
	repeatID = "payout.repeat"
)

// Actions lists what the service can do to a kind. What only its personal
// account can do is listed too, with the reason.
func (c *Client) Actions(kind providers.Kind) []providers.Action {
	if kind != providers.Payout {
		return nil
	}
	return []providers.Action{
		c.createAction(), c.repeatAction(),
		elsewhere("payout.cancel", "Cancel payout", "Jump.Finance documents no call that cancels a payout"),
		elsewhere("payout.refund", "Credit payout to the contractor's balance", "Jump.Finance documents no call that credits a failed payout to the contractor's balance"),
		elsewhere("payout.delete", "Delete payout", "Jump.Finance documents no call that deletes a payout"),
	}
}

// elsewhere is an action that has no call.
func elsewhere(id, title, why string) providers.Action {
	return providers.Action{
		ID: id, Title: title, Kind: providers.Payout, Moves: true, Irreversible: true,
		Eligible: func(providers.Record, providers.Values) providers.Verdict {
			return providers.Cannot("%s: do it in the personal account", why)
		},
		Amount: func(r providers.Record, _ providers.Values) providers.Money { return r.Amount },
		Resend: func(providers.Values) providers.Resend { return providers.NeverUnasked },
	}
}

func (c *Client) repeatAction() providers.Action {
	return providers.Action{
		ID: repeatID, Title: "Repeat payout", Kind: providers.Payout, Moves: true, Irreversible: true,
		Eligible: func(r providers.Record, _ providers.Values) providers.Verdict {
			if c.moneyIsOff() {
				return providers.Cannot(withdrawalsOff)
			}
			return repeatable(r)
		},
		Amount: func(r providers.Record, _ providers.Values) providers.Money { return r.Amount },
		Resend: func(providers.Values) providers.Resend { return providers.NeverUnasked },
	}
}

// repeatable goes by abilities.can_repeat, which lists and single reads bring
// as a flag; a missing one means no.
func repeatable(r providers.Record) providers.Verdict {
	switch {
	case r.Ref.Kind != providers.Payout || r.Ref.ID == "":
		return providers.Cannot("only a payout can be repeated")
	case r.HasFlag(flagStop):
		return providers.Cannot("the contractor is in the stop list")
	case r.HasFlag(flagDeleted):
		return providers.Cannot("the contractor is deleted")
	}
	can := r.HasFlag(flagCanRepeat)
	switch r.Status.Code {
	case "5":
		if can {
			return providers.Can()
		}
		return providers.Cannot("Jump.Finance does not allow this payout to be repeated (abilities.can_repeat)")
	case "1":
		return providers.Cannot("it is paid")
	case "2":
		return providers.Cannot("it was rejected, which is final: make a new payout")
	case "3":
		return providers.Cannot("it is being processed")
	case "4", "7":
		return providers.Cannot("it waits for confirmation in the personal account")
	case "6":
		return providers.Cannot("it was deleted")
	case "8":
		return providers.Cannot("it waits for the act to be signed")
	}
	if can {
		return providers.Ask("Jump.Finance allows the repeat, but its status %q is unknown to bursar", orText(r.Status.Label, "none"))
	}
	return providers.Cannot("its status %q is unknown to bursar", orText(r.Status.Label, "none"))
}

func (c *Client) createAction() providers.Action {
	return providers.Action{
		ID: createID, Title: "New payout", Kind: providers.Payout, Creates: true, Moves: true, Irreversible: true,
		Fields: createFields(),
		Eligible: func(_ providers.Record, v providers.Values) providers.Verdict {
			if c.moneyIsOff() {
				return providers.Cannot(withdrawalsOff)
			}
			if why := together(v); why != "" {
				return providers.Cannot("%s", why)
			}
			return providers.Can()
		},
		Amount: func(_ providers.Record, v providers.Values) providers.Money {
			m, err := providers.NewMoney(v[fieldAmount], c.currency())
			if err != nil {
				return providers.Money{}
			}
			return m
		},
		Resend: func(providers.Values) providers.Resend { return providers.SameKey },
	}
}

func createFields() []providers.Field {
	id := func(name, title, help string) providers.Field {
		return providers.Field{Name: name, Title: title, Help: help, Type: providers.IntegerField, Check: checkID(title)}
	}
	line := func(name, title, help string) providers.Field {
		return providers.Field{Name: name, Title: title, Help: help, Check: noCard(title)}
	}
	return []providers.Field{
		{Name: fieldPhone, Title: "Contractor's phone", Help: "+7 and ten digits; or give the contractor's id", Type: providers.PhoneField},
		id(fieldContractor, "Contractor's id", "instead of the phone"),
		{Name: fieldAmount, Title: "Amount", Help: "roubles, at most two decimals", Type: providers.AmountField, Required: true, Check: checkAmount},
		line(fieldPurpose, "Purpose", "payment_purpose; no card number inside"),
		line(fieldService, "Service", "for the self-employed only; no card number inside"),
		{Name: fieldOwnID, Title: "Own id", Help: "unique for ever; empty: one is made", MaxLen: 36, Check: checkOwnID},
		id(fieldRequisite, "Requisite's id", "a saved requisite; empty: the contractor's default"),
		{
			Name: fieldType, Title: "New requisite", Help: "a new card is not taken here, for plans are stored: save it in the personal account",
			Type: providers.ChoiceField, Choices: []providers.Choice{{Value: "10", Title: "by phone (SBP)"}},
		},
		{Name: fieldAccount, Title: "New requisite's phone", Help: "+7 and ten digits, with a new requisite", Type: providers.PhoneField},
		id(fieldBank, "Bank of SBP", "the bank's number at SBP, with a new requisite"),
		id(fieldAgent, "Legal entity", "agent_id; empty: the contractor's"),
		id(fieldBranch, "Branch", "branch_office_id"),
		id(fieldBankAccount, "Bank account", "the account to debit; empty: the default one"),
		id(fieldBalance, "Contractor's balance", "pay from this balance; it fixes the legal entity"),
	}
}

func checkID(title string) func(string) error {
	return func(v string) error {
		if !isID(v) {
			return fmt.Errorf("%s must be a whole number above zero", title)
		}
		return nil
	}
}

func noCard(title string) func(string) error {
	return func(v string) error {
		if providers.HasCard(v) {
			return fmt.Errorf("%s holds a card number: the service refuses it, leave it out", title)
		}
		return nil
	}
}

// maxAmount is far above any payout and keeps the digits of a slip of the
// finger out.
var maxAmount = decimal.New(1, 12)

func checkAmount(v string) error {
	d, err := providers.ParseAmount(v)
	if err != nil {
		return err
	}
	if d.GreaterThan(maxAmount) {
		return fmt.Errorf("the amount has too many digits")
	}
	return nil
}

// ownIDMarks are the characters that the service takes beside Latin letters,
// digits and the space.
const ownIDMarks = "-_.!:*()[]@$~`^,;=<>|{}\u2018 "

const maxOwnID = 36

// checkOwnID keeps to the service's rule, and to what a path can carry: the id
// is looked up as a part of one.
func checkOwnID(v string) error {
	for _, r := range v {
		latin := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !latin && !strings.ContainsRune(ownIDMarks, r) {
			return fmt.Errorf("the own id may not hold %q: use Latin letters, digits, spaces and %s", r, strings.TrimSpace(ownIDMarks))
		}
	}
	switch {
	case v == "" || len([]rune(v)) > maxOwnID:
		return fmt.Errorf("the own id has %d characters, it must have 1 to %d", len([]rune(v)), maxOwnID)
	case strings.TrimSpace(v) != v:
		return fmt.Errorf("the own id begins or ends with a space")
	case strings.Trim(v, ".") == "":
		return fmt.Errorf("the own id holds nothing but dots")
	case providers.HasCard(v):
		return fmt.Errorf("the own id reads like a card number: the service refuses it")
	}
	return nil
}

// together checks what no field can check alone; empty when all is well.
func together(v providers.Values) string {
	for name, value := range v {
		if providers.HasCard(value) {
			return fmt.Sprintf("%s holds a card number: plans are stored, leave it out", name)
		}
	}
	fresh := v[fieldType] != "" || v[fieldAccount] != "" || v[fieldBank] != ""
	switch {
	case v[fieldPhone] == "" && v[fieldContractor] == "":
		return "give the contractor's phone or id"
	case v[fieldPhone] != "" && v[fieldContractor] != "":
		return "give the contractor's phone or id, not both"
	case fresh && v[fieldRequisite] != "":
		return "give a saved requisite or a new one, not both"
	case fresh && (v[fieldType] == "" || v[fieldAccount] == "" || v[fieldBank] == ""):
		return "a new requisite needs type_id, account_number and sbp_bank_id"
	case v[fieldBalance] != "" && v[fieldAgent] != "":
		return "the balance fixes the legal entity: leave agent_id empty"
	}
	for _, f := range createFields() {
		if err := f.Validate(v[f.Name]); err != nil {
			return err.Error()
		}
	}
	return ""
}

// Act sends one intent, once.
func (c *Client) Act(ctx context.Context, in providers.Intent) (providers.Result, error) {
	if c.a.ReadOnly {
		return providers.Result{}, c.http.Errorf(in.Action, providers.FaultForbidden, "the account is read-only; set read_only = false to change that")
	}
	switch in.Action {
	case createID:
		return c.create(ctx, in)
	case repeatID:
		return c.repeat(ctx, in)
	default:
		return providers.Result{}, c.http.Errorf(in.Action, providers.FaultInput, "Jump.Finance has no call for it: do it in the personal account")
	}
}

// ReadBack looks an intent of unknown outcome up.
func (c *Client) ReadBack(ctx context.Context, in providers.Intent) (providers.Finding, error) {
	switch in.Action {
	case createID:
		return c.findCreated(ctx, in)
	case repeatID:
		return c.findRepeated(ctx, in)
	default:
		return providers.Finding{}, c.http.Errorf(in.Action, providers.FaultInput, "Jump.Finance has no such action")
	}
}
