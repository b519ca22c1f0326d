// Package cache is the rebuildable store of the lists that the payment systems
// gave: every record as it was last read, with its age, newest first.
//
// Everything in it may be deleted at any time; sync (package cache/sync) fetches
// it again. A damaged store is moved aside and made anew. Card numbers are
// masked before anything is written, and the files are encrypted when a key is
// set. cache/filter is the language to search it with, cache/export writes what
// a list shows, cache/views keeps the operator's named filters.
package cache
