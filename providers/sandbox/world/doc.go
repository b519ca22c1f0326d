// Package world is the one seeded, deterministic world behind the four
// simulators. Its unit is the deal: somebody paid for something. A deal leaves
// its traces in several systems (a hosting payment, the gateway payment that
// paid it, a receipt, a payout to the seller), so that the traces are linked.
//
// Every row is a pure function of the seed and its sequence number, made when
// it is asked for: a world of a million payments costs no more memory than what
// was changed in it.
package world
