// Package yookassa is the client of YooKassa's API v3 (formerly
// Yandex.Checkout): payments, refunds and fiscal receipts of one shop.
//
// Every changing request carries the intent's Idempotence-Key, so that sending
// it again within a day does nothing twice. Source: YooKassa API v3, in its
// present dialect and its 2019 one; docs/yookassa.md says what is used.
package yookassa
