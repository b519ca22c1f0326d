// Package sandbox puts the four simulators behind one address, over one seeded
// world, with the ledger of the changes that were really made, the log of
// requests and the endpoints under /_sandbox that steer it.
//
// The simulators speak the systems' own wire protocols and import no client:
// they are bursar's honest opponents.
package sandbox
