// Package sync copies the lists of the payment systems into the cache: one
// worker per account and kind, newest first, page by page.
//
// A first sync resumes from its last page after an interruption. Later ones stop
// where a page and an overlap are known and unchanged. A slower sweep reads the
// whole list again, finds what changed far back, and forgets what vanished.
// Failures are said in the state of the account's kind and tried again, ever
// more slowly; a refused login stops its account until somebody refreshes it.
// Only reads are ever sent from here.
package sync
