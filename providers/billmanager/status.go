package billmanager

import (
	"strings"

	"bursar/providers"
)

// The panel's payment statuses.
const (
	statusNew        = "1"
	statusPaid       = "2"
	statusPromised   = "3"
	statusCredited   = "4"
	statusReturning  = "5"
	statusRefunded   = "6"
	statusFraudulent = "7"
	statusInitiated  = "8"
	statusCancelled  = "9"
	statusDeleting   = "100"
)

// statuses maps codes to words and phases. The panel's own words are not used:
// "Paid" means 2 in one vocabulary and 4 in another.
var statuses = map[string]providers.Status{
	statusNew:        {Code: statusNew, Label: "new", Phase: providers.PhaseNew},
	statusPaid:       {Code: statusPaid, Label: "paid", Phase: providers.PhaseWaiting},
	statusPromised:   {Code: statusPromised, Label: "promised", Phase: providers.PhaseWaiting},
	statusCredited:   {Code: statusCredited, Label: "credited", Phase: providers.PhaseDone},
	statusReturning:  {Code: statusReturning, Label: "awaiting refund", Phase: providers.PhaseWaiting},
	statusRefunded:   {Code: statusRefunded, Label: "refunded", Phase: providers.PhaseReturned},
	statusFraudulent: {Code: statusFraudulent, Label: "fraudulent", Phase: providers.PhaseFailed},
	statusInitiated:  {Code: statusInitiated, Label: "initiated", Phase: providers.PhaseWaiting},
	statusCancelled:  {Code: statusCancelled, Label: "cancelled", Phase: providers.PhaseCancelled},
	statusDeleting:   {Code: statusDeleting, Label: "being deleted", Phase: providers.PhaseCancelled},
}

// noCode stands for a status of which the panel sent the word alone.
const noCode = "?"

// statusOf reads a status by its code: the original value, or a text of digits.
// A word alone is shown and trusted with nothing.
func statusOf(c cell) providers.Status {
	code := c.Orig
	if code == "" && c.Text != "" && strings.Trim(c.Text, "0123456789") == "" {
		code = c.Text
	}
	if s, ok := statuses[code]; ok {
		return s
	}
	label := c.Text
	if label == "" {
		label = code
	}
	if label == "" {
		return providers.Status{Code: noCode, Label: "unknown"}
	}
	if code == "" {
		code = noCode
	}
	return providers.Status{Code: code, Label: label + " (unknown status)"}
}
