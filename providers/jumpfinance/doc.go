// Package jumpfinance is the client of the payout service Jump.Finance ("1C
// API", 1.0): payouts, contractors, tax receipts, acceptance certificates and
// branches.
//
// The vendor publishes the fields of this API but not its addresses. The paths
// here come from a sibling API of the same vendor or follow its naming; each
// can be overridden per account, and an answer of 404 or 405 on an inferred
// path says so.
//
// Two rules hold everywhere. An own id (customer_payment_id) names a payout for
// ever, so that creating it twice is impossible. The status of one payout is
// read by itself at most once a minute; fresher facts are read through the list
// call with ids=.
package jumpfinance
