package activeplatform

import (
	"fmt"
	"strings"

	"bursar/providers"
)

// The actions' ids.
const (
	actionCreate = "payment.create"
	actionCredit = "payment.credit"
)

// The form fields, by the interface's names.
const (
	fieldAccount = "account_id"
	fieldTotal   = "total"
	fieldComment = "comment"
	fieldManager = "manager_id"
	fieldMethod  = "payment_method_id"
)

const titleComment = "Comment"

// maxComment leaves room for the marker in 255 characters, the usual width of
// a text column; the vendor publishes no limit.
const maxComment = 240

// Actions lists what the interface can do to payments, and what it cannot,
// with the reason.
func (c *Client) Actions(kind providers.Kind) []providers.Action {
	if kind != providers.Payment {
		return nil
	}
	return []providers.Action{
		c.createAction(),
		c.creditAction(),
		lacking("payment.refund", "Refund", true, "ActivePlatform has no call that refunds: use the operator panel"),
		lacking("payment.delete", "Delete", false, "ActivePlatform has no call that deletes: use the operator panel"),
		lacking("payment.cancel", "Cancel", true, "ActivePlatform has no call that cancels: use the operator panel"),
		lacking("payment.capture", "Capture", true, "ActivePlatform holds no money, so there is nothing to capture"),
	}
}

// createAction is a top-up that waits for payment. The interface takes no key
// against doing it twice, so it is never sent again unasked.
func (c *Client) createAction() providers.Action {
	return providers.Action{
		ID: actionCreate, Title: "Create payment", Kind: providers.Payment, Creates: true, Moves: true, Irreversible: true,
		Fields: []providers.Field{
			{Name: fieldAccount, Title: "Account id", Help: "the account at the platform that is to pay", Type: providers.IntegerField, Required: true, Check: positive},
			{Name: fieldTotal, Title: "Total", Help: "in the platform's currency", Type: providers.AmountField, Required: true},
			{
				Name: fieldComment, Title: titleComment, Help: "the account's people may see it; a short mark in brackets is put behind it",
				Type: providers.TextField, Required: true, MaxLen: maxComment, Check: checkComment,
			},
			{Name: fieldManager, Title: "Manager id", Help: "empty: none", Type: providers.IntegerField, Check: positive},
		},
		Eligible: func(_ providers.Record, v providers.Values) providers.Verdict {
			if c.a.Currency == "" {
				return providers.Ask("the account's currency is not configured, so the sum is shown without one")
			}
			return providers.Can()
		},
		Amount: func(_ providers.Record, v providers.Values) providers.Money {
			return text(v[fieldTotal]).money(c.a.Currency)
		},
		Resend: never,
	}
}

// creditAction completes a payment: the account's balance grows, and the
// payment's orders may start.
func (c *Client) creditAction() providers.Action {
	help := "a number of this installation; completed payments show theirs"
	if m := c.a.Options[defaultMethod]; m != "" {
		help = "empty: " + m + ", as configured"
	}
	return providers.Action{
		ID: actionCredit, Title: "Credit", Kind: providers.Payment, Moves: true, Irreversible: true,
		Fields: []providers.Field{{
			Name: fieldMethod, Title: "Payment method id", Help: help,
			Type: providers.IntegerField, Required: c.a.Options[defaultMethod] == "", Check: positive,
		}},
		Eligible: func(r providers.Record, _ providers.Values) providers.Verdict {
			switch {
			case r.Status.Code == waitingForPayment:
				return providers.Can()
			case r.Status.Code == processing:
				return providers.Cannot("a payment gateway is working on it, so nothing may be done")
			case r.Status.Code == "":
				return providers.Cannot("its status is not known")
			default:
				return providers.Cannot("only a payment that waits can be credited, this one is %s", strings.ToLower(r.Status.Label))
			}
		},
		Amount: whole,
		Resend: func(providers.Values) providers.Resend { return providers.AfterReadBack },
	}
}

// lacking is an action that the interface does not have. It stays visible and
// says why.
func lacking(id, title string, moves bool, reason string) providers.Action {
	return providers.Action{
		ID: id, Title: title, Kind: providers.Payment, Moves: moves, Irreversible: true,
		Eligible: func(providers.Record, providers.Values) providers.Verdict {
			return providers.Cannot("%s", reason)
		},
		Amount: whole,
		Resend: never,
	}
}

func whole(r providers.Record, _ providers.Values) providers.Money { return r.Amount }

func never(providers.Values) providers.Resend { return providers.NeverUnasked }

func positive(value string) error {
	if strings.HasPrefix(value, "-") || strings.Trim(value, "0") == "" {
		return fmt.Errorf("an id is a number above zero, not %s", value)
	}
	return nil
}

func checkComment(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return fmt.Errorf("%s is required", titleComment)
	case providers.HasCard(value):
		return fmt.Errorf("%s holds a card number: leave it out", titleComment)
	default:
		return nil
	}
}
