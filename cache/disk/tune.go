package disk

import (
	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// A store that holds what can be fetched again is filled with a million records
// in one go, in no order of their ids. What follows was measured on that
// (docs/cache.md), for the processor, for memory and for the time to open.
const (
	// A table is built in memory that comes in pieces of a power of two and is
	// kept for the next table, up to eight times over. A table needs its own
	// size twice, once as it is and once encrypted, and is closed half a megabyte
	// late: what is flushed of a memory table fits in a piece of 8 MiB, a merged
	// table in the next one of 16. Smaller tables take less memory in a sync, and
	// as much longer to open as there are more of them.
	tuneMemTable = 3584 << 10
	tuneTable    = 6900 << 10
	// Every value lies in a table. What lies in Badger's value log has to be
	// collected, and each opening that writes there leaves a file behind; a
	// timer that syncs every minute would leave thousands. The longest value is the
	// longest transaction, 15 % of a memory table.
	tuneLongest = 512 << 10
	// Levels of four times the one above rewrite as much in all as Badger's of
	// ten times, a little at a time: each step takes one table and about four
	// below it.
	tuneLevel      = 64 << 20
	tuneMultiplier = 4
	tuneLevelZero  = 8
	// Opening reads the index of every table several times. Larger blocks and a
	// coarser filter of keys make it half as large, and cost a record of a first
	// sync half a block more to read.
	tuneBlock = 32 << 10
	tuneBloom = 0.1
)

// tune sets a rebuildable store up. Its owner compresses what is long before it
// is written, once; Badger would do it again for each level that it moves through.
func tune(opt badger.Options) badger.Options {
	opt.TableSizeMultiplier = 1
	return opt.
		WithMemTableSize(tuneMemTable).
		WithBaseTableSize(tuneTable).
		WithBaseLevelSize(tuneLevel).
		WithLevelSizeMultiplier(tuneMultiplier).
		WithNumLevelZeroTables(tuneLevelZero).
		WithValueThreshold(tuneLongest).
		WithBlockSize(tuneBlock).
		WithBloomFalsePositive(tuneBloom).
		WithCompression(options.None)
}
