// Package billmanager is the client of BILLmanager 6, the billing panel of
// hosting companies: payments and their refunds.
//
// The panel has one address and takes a function name (func) with parameters.
// Everything is sent by POST with all parameters in the body, so that no login
// and no session id ever stands in an address. Failures come as HTTP 200 with
// an error document; a document with neither ok nor error is no success.
package billmanager
