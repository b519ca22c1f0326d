// Package jumpfinance simulates the payout service Jump.Finance as its "1C
// API" answers: payouts with an own id that is unique for ever, contractors,
// requisites with whole card numbers, tax receipts, acceptance certificates,
// branches with limits. It is strict where the documentation is, and switchable
// where the documentation is silent.
package jumpfinance
