// Package providers holds the words that every part of bursar shares: records,
// money, statuses, actions, outcomes and errors, and the Provider interface
// that each payment system's client implements.
//
// Nothing in this package talks HTTP, draws a screen or touches a disk. The
// systems' own words stay in their folders: billmanager, yookassa, jumpfinance
// and activeplatform. The simulators that stand in for them are in sandbox.
package providers
