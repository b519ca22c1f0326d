// Package yookassa simulates YooKassa's API v3: payments, refunds and receipts
// of one shop, over the sandbox's world. It is as strict as the documentation
// and shares no wire type with the client.
package yookassa
