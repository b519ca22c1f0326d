package yookassa

import (
	"strings"

	"bursar/providers/sandbox/gate"
)

// handler is one documented call.
type handler struct {
	name string // "POST /refunds"
	do   func(*Simulator, *call) gate.Answer
}

// routes are the calls by their path; {} stands for an id. A path that stands
// here as it is comes before one with an id.
var routes = map[string]map[string]handler{
	"payments":            {"GET": {"GET /payments", (*Simulator).listPayments}, "POST": {opPay, (*Simulator).createPayment}},
	"payments/{}":         {"GET": {"GET /payments/{payment_id}", (*Simulator).getPayment}},
	"payments/{}/capture": {"POST": {opCapture, (*Simulator).capture}},
	"payments/{}/cancel":  {"POST": {opCancel, (*Simulator).cancel}},
	"refunds":             {"GET": {"GET /refunds", (*Simulator).listRefunds}, "POST": {opRefund, (*Simulator).createRefund}},
	"refunds/{}":          {"GET": {"GET /refunds/{refund_id}", (*Simulator).getRefund}},
	"receipts":            {"GET": {"GET /receipts", (*Simulator).listReceipts}, "POST": {opReceipt, (*Simulator).createReceipt}},
	"receipts/{}":         {"GET": {"GET /receipts/{receipt_id}", (*Simulator).getReceipt}},
	"webhooks":            {"GET": {"GET /webhooks", (*Simulator).listWebhooks}, "POST": {opWebhook, (*Simulator).createWebhook}},
	"webhooks/{}":         {"DELETE": {opUnhook, (*Simulator).deleteWebhook}},
	"payouts":             {"GET": {opPayouts, (*Simulator).listPayouts}, "POST": {opPayout, (*Simulator).createPayout}},
	payoutSearch:          {"GET": {"GET /payouts/search", (*Simulator).searchPayouts}},
	"payouts/{}":          {"GET": {"GET /payouts/{payout_id}", (*Simulator).getPayout}},
	"sbp_banks":           {"GET": {"GET /sbp_banks", (*Simulator).listBanks}},
	"me":                  {"GET": {opMe, (*Simulator).me}},
}

// Calls by their documented names.
const (
	opPay     = "POST /payments"
	opCapture = "POST /payments/{payment_id}/capture"
	opCancel  = "POST /payments/{payment_id}/cancel"
	opRefund  = "POST /refunds"
	opReceipt = "POST /receipts"
	opWebhook = "POST /webhooks"
	opUnhook  = "DELETE /webhooks/{webhook_id}"
	opPayout  = "POST /payouts"
	opPayouts = "GET /payouts"
	opMe      = "GET /me"

	payoutSearch = "payouts/search"
)

// find looks the path up and notes its id.
func (s *Simulator) find(path string, c *call) (map[string]handler, bool) {
	rest, ok := strings.CutPrefix(path, "/v3/")
	if !ok && s.opt.OldDialect {
		rest, ok = strings.CutPrefix(path, "/api/v3/")
	}
	if !ok {
		return nil, false
	}
	if methods, ok := routes[rest]; ok && !strings.Contains(rest, "{}") && !(s.opt.NoPayoutList && rest == payoutSearch) {
		return s.without(methods), true
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 2 || parts[1] == "" {
		return nil, false
	}
	c.id, parts[1] = parts[1], "{}"
	methods, ok := routes[strings.Join(parts, "/")]
	return methods, ok
}

// without takes away what an older server does not have.
func (s *Simulator) without(methods map[string]handler) map[string]handler {
	if !s.opt.NoPayoutList || methods["GET"].name != opPayouts {
		return methods
	}
	return map[string]handler{"POST": methods["POST"]}
}

func allow(methods map[string]handler) string {
	var out []string
	for _, m := range []string{"GET", "POST", "DELETE"} {
		if _, ok := methods[m]; ok {
			out = append(out, m)
		}
	}
	return strings.Join(out, ", ")
}
