// Package columns holds records taken apart into columns, a block of some
// hundred or thousand at a time: what a filter looks at and a list sorts by, in
// about a hundred bytes a record. Texts are folded once, when a block is built,
// and stand one behind the other, so that a search for a word is one pass over
// memory; what many records have in common is kept once.
//
// A block never changes. It answers as filter.Row for each of its records; a
// test compares it with the plain way, record by record.
package columns
