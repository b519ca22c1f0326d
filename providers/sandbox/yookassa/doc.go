// Package yookassa simulates YooKassa's API v3 over the sandbox's world: the
// payments, refunds, receipts and webhooks of one shop and the payouts of one
// gateway. It is as strict as the documentation and shares no wire type with
// the client.
package yookassa
