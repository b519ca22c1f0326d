// Package transport is the one HTTP client that every payment system's client
// uses. A request passes, in this order: log (redacted), retry (reads only),
// rate limit and worker limit, the wire, decoding of errors.
//
// It never sends a changing request twice, follows no redirect, and lets no
// secret, no card number and no address with a query into a log or an error.
package transport
