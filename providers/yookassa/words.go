package yookassa

import (
	"strings"

	"bursar/providers"
)

// The statuses in words. A status that is not listed is shown as it came, in
// no phase, and offers no money action.
var (
	paymentStatuses = map[string]providers.Status{
		"pending":             {Label: "Pending", Phase: providers.PhaseWaiting},
		"waiting_for_capture": {Label: "Held", Phase: providers.PhaseHeld},
		"succeeded":           {Label: "Paid", Phase: providers.PhaseDone},
		"canceled":            {Label: "Cancelled", Phase: providers.PhaseCancelled},
	}
	refundStatuses = map[string]providers.Status{
		"pending":   {Label: "Pending", Phase: providers.PhaseWaiting},
		"succeeded": {Label: "Refunded", Phase: providers.PhaseDone},
		"canceled":  {Label: "Failed", Phase: providers.PhaseFailed},
	}
	receiptStatuses = map[string]providers.Status{
		"pending":   {Label: "Pending", Phase: providers.PhaseWaiting},
		"succeeded": {Label: "Registered", Phase: providers.PhaseDone},
		"canceled":  {Label: "Failed", Phase: providers.PhaseFailed},
	}
)

func statusOf(known map[string]providers.Status, code text) providers.Status {
	s := known[string(code)]
	s.Code = string(code)
	if s.Label == "" {
		s.Label = s.Code
	}
	return s
}

// methodToday is a payment method's present spelling.
func methodToday(code string) string {
	if code == "yandex_money" {
		return "yoo_money"
	}
	return code
}

func partyToday(code string) string {
	if code == "yandex_checkout" {
		return "yoo_money"
	}
	return code
}

var partyWords = map[string]string{
	"merchant": "the shop", "yoo_money": "YooKassa", "payment_network": "the bank or payment network",
	"refund_network": "the bank or payment network",
}

var reasonWords = map[string]string{
	"3d_secure_failed":              "3-D Secure failed",
	"call_issuer":                   "the bank declined without a reason; the payer should ask the bank",
	"canceled_by_merchant":          "cancelled by the shop",
	"card_expired":                  "the card has expired",
	"country_forbidden":             "cards of this country are not taken",
	"deal_expired":                  "the deal has expired",
	"expired_on_capture":            "nobody captured it in time",
	"expired_on_confirmation":       "the payer did not confirm in time",
	"fraud_suspected":               "suspected of fraud",
	"general_decline":               "declined without details",
	"identification_required":       "the wallet needs identification",
	"insufficient_funds":            "not enough money",
	"internal_timeout":              "YooKassa ran out of time",
	"invalid_card_number":           "wrong card number",
	"invalid_csc":                   "wrong card code",
	"issuer_unavailable":            "the bank cannot be reached",
	"loan_declined":                 "the loan was declined",
	"payment_method_limit_exceeded": "over the limit of the method or the shop",
	"payment_method_restricted":     "the method is blocked",
	"permission_revoked":            "the payer withdrew the permission for automatic payments",
	"unsupported_mobile_operator":   "the mobile operator is not supported",
	"rejected_by_payee":             "the receiver refused",
	"rejected_by_timeout":           "it took too long",
	"yoo_money_account_closed":      "the wallet is closed",
	"payment_expired":               "the payment is too old",
}

// why is a cancellation in one phrase, empty when the system gives none.
func why(c maybe[cancellation]) string {
	if c.V == nil {
		return ""
	}
	reason := string(c.V.Reason)
	if words, ok := reasonWords[reason]; ok {
		reason = words
	}
	party := partyToday(string(c.V.Party))
	if words, ok := partyWords[party]; ok {
		party = words
	}
	switch {
	case party == "" || c.V.Reason == "canceled_by_merchant":
		return reason
	default:
		return strings.TrimSpace(reason + " (decided by " + party + ")")
	}
}

var taxSystems = map[string]string{
	"1": "general", "2": "simplified, income", "3": "simplified, income less costs", "4": "ENVD", "5": "agricultural", "6": "patent",
}

var vatRates = map[string]string{
	"1": "no VAT", "2": "0 %", "3": "10 %", "4": "20 %", "5": "10/110", "6": "20/120", "7": "5 %", "8": "7 %", "9": "5/105", "10": "7/107",
}

func words(known map[string]string, code text) string {
	if w, ok := known[string(code)]; ok {
		return w + " (" + string(code) + ")"
	}
	return string(code)
}
