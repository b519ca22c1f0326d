// Package batch carries out one action on many records so that no record is
// ever acted on twice and none is ever lost, whatever crashes in between.
//
// The steps are plan, preview, confirm, run, reconcile and report. NewPlan
// turns records and values into intents with ids and idempotency keys, and
// WritePlan makes a readable, hashed file of it. Check previews a plan without
// the network. An Engine runs it: each record is read again, the intent is on
// disk before its request leaves, and the outcome after. What is left unknown
// goes through the payment system's own read-back. Report accounts for every
// record.
//
// The engine sees two narrow interfaces, Journal (what was promised and what
// came of it) and Claims (who may act on what, now). The local journal is in
// batch/journal, the local claims are NewClaims. This package draws no screen
// and talks no HTTP.
package batch
