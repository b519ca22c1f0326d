package yookassa

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// The action ids.
const (
	actCapture = "payment.capture"
	actCancel  = "payment.cancel"
	actRefund  = "payment.refund"
	actCredit  = "payment.credit"
	actDelete  = "payment.delete"
)

// refundNoteLen is how long a refund's description may be.
const refundNoteLen = 250

// smallestRest is what must be exceeded by the remainder of a partial refund in
// roubles, unless nothing remains.
var smallestRest = decimal.NewFromInt(1)

// Actions lists what YooKassa can do to a kind, and what it cannot though other
// systems can.
func (c *Client) Actions(kind providers.Kind) []providers.Action {
	if kind != providers.Payment {
		return nil
	}
	return []providers.Action{
		c.capture(), c.cancel(), c.refund(), lacking(actCredit, "Credit", "YooKassa has no credit: a payment is paid by the payer; capture takes the money of a held one"),
		lacking(actDelete, "Delete", "YooKassa never deletes a payment"),
	}
}

// capture debits a held payment, the whole or a part; the rest goes back to the
// payer at once and a second capture is impossible.
func (c *Client) capture() providers.Action {
	return providers.Action{
		ID: actCapture, Title: "Capture", Kind: providers.Payment, Moves: true,
		Fields: []providers.Field{{
			Name: "amount", Title: "Amount", Type: providers.AmountField,
			Help: "empty captures the whole; the rest of a part goes back to the payer",
		}},
		Eligible: func(r providers.Record, v providers.Values) providers.Verdict {
			if verdict := c.holds(r); verdict.Answer != providers.CanDo {
				return verdict
			}
			amount, err := wanted(r, v)
			switch {
			case err != nil:
				return providers.Cannot("%v", err)
			case amount.GreaterThan(r.Amount.Decimal):
				return providers.Cannot("%s is more than the held %s", amount, r.Amount)
			case amount.LessThan(r.Amount.Decimal) && !capturesParts(r.Method):
				return providers.Cannot("a payment by %s can be captured only whole", methodName(r.Method))
			}
			return providers.Can()
		},
		Amount: amountWanted,
		Resend: sameKey,
	}
}

// capturesParts holds for cards and wallets only.
func capturesParts(method string) bool { return method == "bank_card" || method == "yoo_money" }

// cancel lets a held payment go, whole.
func (c *Client) cancel() providers.Action {
	return providers.Action{
		ID: actCancel, Title: "Cancel", Kind: providers.Payment, Moves: true, Irreversible: true,
		Eligible: func(r providers.Record, _ providers.Values) providers.Verdict { return c.holds(r) },
		Amount:   func(r providers.Record, _ providers.Values) providers.Money { return r.Amount },
		Resend:   sameKey,
	}
}

// refund gives back the whole remainder or a part.
func (c *Client) refund() providers.Action {
	return providers.Action{
		ID: actRefund, Title: "Refund", Kind: providers.Payment, Moves: true, Irreversible: true,
		Fields: []providers.Field{
			{
				Name: "amount", Title: "Amount", Type: providers.AmountField,
				Help: "empty refunds all that remains; after a part more than 1.00 must remain",
			},
			{Name: "description", Title: "Reason", Help: "the payer may see it", MaxLen: refundNoteLen},
		},
		Eligible: c.refundable,
		Amount:   amountWanted,
		Resend:   sameKey,
	}
}

func lacking(id, title, reason string) providers.Action {
	return providers.Action{
		ID: id, Title: title, Kind: providers.Payment,
		Eligible: func(providers.Record, providers.Values) providers.Verdict { return providers.Cannot("%s", reason) },
		Amount:   func(providers.Record, providers.Values) providers.Money { return providers.Money{} },
		Resend:   func(providers.Values) providers.Resend { return providers.NeverUnasked },
	}
}

func sameKey(providers.Values) providers.Resend { return providers.SameKey }

// holds asks whether there is a hold to capture or cancel.
func (c *Client) holds(r providers.Record) providers.Verdict {
	switch {
	case r.Status.Code != "waiting_for_capture":
		return providers.Cannot("the payment is %s; only one that waits for capture can be captured or cancelled", stateWords(r))
	case !r.Deadline.IsZero() && !c.now().Before(r.Deadline):
		return providers.Cannot("the hold ran out at %s", r.Deadline.In(c.now().Location()).Format("2006-01-02 15:04"))
	case !r.Amount.Known() || !r.Amount.IsPositive():
		return providers.Cannot("the payment shows no amount that bursar understands")
	}
	return providers.Can()
}

func (c *Client) refundable(r providers.Record, v providers.Values) providers.Verdict {
	switch {
	case r.Status.Code != "succeeded":
		return providers.Cannot("the payment is %s; only a paid one can be refunded", stateWords(r))
	case r.HasFlag("refunded"):
		return providers.Cannot("it is refunded whole already")
	case !r.HasFlag("refundable"):
		return providers.Cannot("YooKassa says that it cannot be refunded (method %s)", methodName(r.Method))
	case !r.Remaining.Known() || !r.Remaining.IsPositive():
		return providers.Cannot("nothing remains to be refunded")
	}
	if years := refundYears(r.Method); !r.Created.IsZero() && !c.now().Before(r.Created.AddDate(years, 0, 0)) {
		return providers.Cannot("it is older than the %s in which a payment by %s can be refunded", yearsWords(years), methodName(r.Method))
	}
	amount, err := wanted(r, v)
	if err != nil {
		return providers.Cannot("%v", err)
	}
	rest := r.Remaining.Sub(amount.Decimal)
	switch {
	case rest.IsNegative():
		return providers.Cannot("%s is more than the %s that remains", amount, r.Remaining)
	case r.Remaining.Currency == "RUB" && rest.IsPositive() && !rest.GreaterThan(smallestRest):
		return providers.Cannot("%s would remain; after a partial refund more than 1.00 RUB must remain, or nothing", providers.Money{Decimal: rest, Currency: r.Remaining.Currency})
	}
	return providers.Can()
}

// refundYears is how long a payment can be refunded.
func refundYears(method string) int {
	if method == "sberbank" {
		return 1
	}
	return 3
}

func yearsWords(n int) string {
	if n == 1 {
		return "one year"
	}
	return "three years"
}

// wanted is the amount that the values ask for; empty is all that remains.
func wanted(r providers.Record, v providers.Values) (providers.Money, error) {
	text := v["amount"]
	if text == "" {
		return r.Remaining, nil
	}
	field := providers.Field{Name: "amount", Title: "Amount", Type: providers.AmountField}
	if err := field.Validate(text); err != nil {
		return providers.Money{}, err
	}
	return providers.NewMoney(text, r.Remaining.Currency)
}

// amountWanted is wanted for the sums of a preview: none when it is wrong.
func amountWanted(r providers.Record, v providers.Values) providers.Money {
	m, err := wanted(r, v)
	if err != nil {
		return providers.Money{}
	}
	return m
}

func stateWords(r providers.Record) string {
	if r.Status.Code == "" {
		return "in no known status"
	}
	return "“" + r.Status.Label + "”"
}

func methodName(method string) string {
	if method == "" {
		return "an unknown method"
	}
	return method
}

// keyLife is how long a key is remembered; an hour is kept back for clocks that
// differ.
const keyLife = 23 * time.Hour
