package billmanager

import (
	"bursar/providers"
)

// The actions' ids.
const (
	actCredit  = "payment.credit"
	actDelete  = "payment.delete"
	actRefund  = "payment.refund"
	actCapture = "payment.capture"
	actCancel  = "payment.cancel"
)

// amountField is the refund's amount, by the panel's own name.
const amountField = "amount"

// Actions lists what can be done to a kind, and what operators may look for in
// vain, with the reason.
func (c *Client) Actions(kind providers.Kind) []providers.Action {
	if kind != providers.Payment {
		return nil
	}
	afterReadBack := func(providers.Values) providers.Resend { return providers.AfterReadBack }
	return []providers.Action{
		{
			ID: actCredit, Title: "Credit", Kind: kind, Moves: true, Irreversible: true,
			Eligible: func(r providers.Record, _ providers.Values) providers.Verdict { return canCredit(r) },
			Amount:   func(r providers.Record, _ providers.Values) providers.Money { return r.Amount },
			Resend:   afterReadBack, // the panel refuses to credit a payment twice
		},
		{
			ID: actDelete, Title: "Delete", Kind: kind, Irreversible: true,
			Eligible: func(r providers.Record, _ providers.Values) providers.Verdict { return canDelete(r) },
			Amount:   noAmount,
			Resend:   afterReadBack,
		},
		{
			ID: actRefund, Title: "Refund", Kind: kind, Moves: true, Irreversible: true,
			Fields: []providers.Field{{
				Name: amountField, Title: "Amount", Type: providers.AmountField,
				Help: "in the currency of the account; empty gives back all that remains",
			}},
			Eligible: canRefund,
			Amount:   refundAmount,
			Resend:   refundResend,
		},
		unavailable(actCapture, "Capture", "the panel holds no money, so there is nothing to capture; credit the payment instead"),
		unavailable(actCancel, "Cancel", "the panel's API has no call that cancels a payment; delete it, or cancel it in the panel"),
	}
}

func unavailable(id, title, reason string) providers.Action {
	return providers.Action{
		ID: id, Title: title, Kind: providers.Payment, Moves: id == actCapture, Irreversible: true,
		Eligible: func(providers.Record, providers.Values) providers.Verdict { return providers.Cannot("%s", reason) },
		Amount:   noAmount,
		Resend:   func(providers.Values) providers.Resend { return providers.NeverUnasked },
	}
}

func noAmount(providers.Record, providers.Values) providers.Money { return providers.Money{} }

// known refuses records that no action may touch.
func known(r providers.Record) (providers.Verdict, bool) {
	if r.Ref.Kind != providers.Payment {
		return providers.Cannot("it is not a payment"), false
	}
	if _, ok := statuses[r.Status.Code]; !ok {
		return providers.Cannot("the panel gave a status that bursar does not know, so nothing is done to it"), false
	}
	if r.HasFlag(flagReturnNumber) || r.Amount.IsNegative() {
		return providers.Cannot("it is a refund, not a payment"), false
	}
	return providers.Verdict{}, true
}

func canCredit(r providers.Record) providers.Verdict {
	if v, ok := known(r); !ok {
		return v
	}
	switch r.Status.Code {
	case statusCredited:
		return providers.Cannot("it is credited already")
	case statusRefunded, statusCancelled, statusDeleting:
		return providers.Cannot("it is %s", r.Status.Label)
	}
	if r.HasFlag(flagAmountOdd) {
		return providers.Cannot("its amount cannot be read for certain")
	}
	switch r.Status.Code {
	case statusFraudulent:
		return providers.Ask("it is marked as FRAUDULENT: crediting it gives the payer money that may have been stolen")
	case statusPromised, statusReturning, statusInitiated:
		return providers.Ask("it is %s: the panel would credit it all the same", r.Status.Label)
	}
	if !r.Amount.Known() {
		return providers.Ask("the panel names no currency that bursar knows, so it is in no sum")
	}
	return providers.Can()
}

func canDelete(r providers.Record) providers.Verdict {
	if v, ok := known(r); !ok {
		return v
	}
	switch r.Status.Code {
	case statusNew, statusPaid, statusCancelled:
		return providers.Can()
	case statusInitiated:
		return providers.Ask("it is initiated: the panel does not say whether such a payment may be deleted")
	default:
		return providers.Cannot("it is %s; only new, paid, initiated and cancelled payments can be deleted", r.Status.Label)
	}
}

func canRefund(r providers.Record, v providers.Values) providers.Verdict {
	if v, ok := known(r); !ok {
		return v
	}
	switch {
	case r.Status.Code != statusCredited:
		return providers.Cannot("it is %s; only credited payments can be refunded", r.Status.Label)
	case r.HasFlag(flagRefundLocked):
		return providers.Cannot("refunds of this payment are locked in the panel")
	case r.HasFlag(flagNoRefunds):
		return providers.Cannot("its payment method does not support refunds")
	case !r.Remaining.IsNone() && !r.Remaining.IsPositive():
		return providers.Cannot("nothing remains to be refunded")
	}
	if text := v[amountField]; text != "" {
		amount, err := providers.ParseAmount(text)
		switch {
		case err != nil || !amount.IsPositive():
			return providers.Cannot("the amount must be a number above zero")
		case !r.Remaining.IsNone() && amount.GreaterThan(r.Remaining.Decimal):
			return providers.Cannot("only %s remain to be refunded", r.Remaining)
		case r.Remaining.IsNone() && (!r.Amount.Known() || amount.GreaterThan(r.Amount.Decimal)):
			return providers.Cannot("the amount is more than the payment is known to have brought")
		}
	}
	switch {
	case !r.HasFlag(flagRefundable):
		return providers.Ask("the panel does not say whether its payment method supports refunds")
	case r.Remaining.IsNone():
		return providers.Ask("the panel does not tell how much of it was refunded already")
	}
	return providers.Can()
}

// refundAmount is what a refund moves: the amount asked, or all that remains.
func refundAmount(r providers.Record, v providers.Values) providers.Money {
	whole := r.Remaining
	if whole.IsNone() {
		whole = r.Amount
	}
	if v[amountField] == "" {
		return whole
	}
	m, err := providers.NewMoney(v[amountField], whole.Currency)
	if err != nil {
		return providers.Money{}
	}
	return m
}

// refundResend: the panel refuses a second whole refund by the status that the
// first one left; a second partial one it would pay.
func refundResend(v providers.Values) providers.Resend {
	if v[amountField] == "" {
		return providers.AfterReadBack
	}
	return providers.NeverUnasked
}
