// Package gate is what every request to a simulator passes: it serialises,
// fires the faults that were asked for, keeps the request log and the ledger of
// changes really made, and holds the clock.
package gate
