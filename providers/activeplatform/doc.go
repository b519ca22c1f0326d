// Package activeplatform is the client of the ActivePlatform vendor API,
// version 1: payments of cloud marketplaces, their orders and charges.
//
// The API has no idempotency key, no currency and no call that cancels,
// refunds or deletes; see docs/activeplatform.md.
package activeplatform
