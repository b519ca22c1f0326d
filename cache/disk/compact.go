package disk

import "github.com/dgraph-io/badger/v4"

// Badger's compactors look forty times a second whether there is something to
// do, which costs an idle program ten times the processor it may use. A store
// that is only read does without them: what is written then piles up in tables
// of level zero, each of which a reading has to ask. Hence the owner of a store
// opens it with compactors once they are many, and without again when the work
// is done.

// manyTables is how many tables of level zero are too many to go without
// compactors.
const manyTables = tuneLevelZero + 2

// PiledUp reports whether a store was written to so much that it should be
// opened with Compact.
func PiledUp(db *badger.DB) bool {
	levels := db.Levels()
	return len(levels) > 0 && levels[0].NumTables >= manyTables
}

// Settled reports whether the compactors of a store have nothing to do.
func Settled(db *badger.DB) bool {
	for _, l := range db.Levels() {
		if l.Level == 0 && l.Score >= 1 || l.Adjusted >= 1 {
			return false
		}
	}
	return true
}

// Empty reports whether nothing was ever written to a store. It asks for the
// newest version only where that is cheap: Badger reads the index of every table
// for it.
func Empty(db *badger.DB) bool {
	for _, l := range db.Levels() {
		if l.NumTables > 0 {
			return false
		}
	}
	return db.MaxVersion() == 0
}
