package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Options tells Open what to open.
type Options struct {
	Dir string // made with mode 0700 when it does not exist
	Key []byte // 32 bytes; nil leaves the store unencrypted
	// Durable makes every commit reach the disk before it returns.
	Durable  bool
	InMemory bool // keeps nothing; Dir and Key do not count
	// Compact has Badger merge its tables in the background, see PiledUp.
	Compact bool
	// Held is the directory, taken before; whoever took it releases it. Nil: it
	// is taken now and released with the store.
	Held *Held
}

// The memory that a store may use. Badger's defaults peak at gigabytes when a
// long list is scanned; these were measured to be smaller and faster.
const (
	memTableSize   = 8 << 20
	blockCacheSize = 2 << 20
	indexCacheSize = 1 << 20
	smallCache     = 1 << 20
	busyCacheSize  = 4 << 20 // of each, while a store is being filled
	valueLogSize   = 32 << 20
	// Large blocks make a small index. Opening a store reads the index of every
	// table two to five times, and an index that does not fit its cache is read
	// again for each record: with Badger's blocks of 4 KiB, reading one of 200,000
	// records cost ten times as much, and the store took twice the room.
	blockSize = 32 << 10
)

// stallTables is how many tables of level zero make writers wait for the
// compactors, when there are some.
const stallTables = 2 * manyTables

// Room that must be left on the disk. Badger maps its files into memory, and a
// full disk under a mapped page ends the process with a bus error, which no
// code can catch. Hence a store stops writing while there is still room for
// what Badger may have to flush.
const (
	roomToFlush = 2 * memTableSize // what opening and closing may write out
	roomToWrite = 32 << 20
)

// Open opens the store and returns it with the function that closes and
// releases it, which may be called more than once.
//
// Errors: *InUseError when another process has it, *DamagedError when it does
// not read or was encrypted with another key, *FullError when the disk is full.
// A lock left behind by a killed process is no obstacle.
func Open(o Options) (*badger.DB, func() error, error) {
	if o.InMemory {
		db, err := badger.Open(badgerOptions(o))
		if err != nil {
			return nil, nil, fmt.Errorf("cannot open a store in memory: %w", err)
		}
		return db, sync.OnceValue(db.Close), nil
	}
	if o.Dir == "" {
		return nil, nil, errors.New("cannot open a store: no directory is named")
	}
	if len(o.Key) != 0 && len(o.Key) != KeySize {
		return nil, nil, fmt.Errorf("cannot open the store %s: its key has %d bytes, %d are needed", o.Dir, len(o.Key), KeySize)
	}
	held := o.Held
	if held == nil {
		var err error
		if held, err = Hold(o.Dir); err != nil {
			return nil, nil, err
		}
	}
	db, err := openHeld(o, held)
	if err != nil {
		if o.Held == nil {
			_ = held.Release()
		}
		return nil, nil, err
	}
	return db, sync.OnceValue(func() error {
		err := closeBadger(db, o.Dir, roomToFlush)
		if err == nil && o.Held == nil {
			err = held.Release()
		}
		return err
	}), nil
}

// openHeld opens a store whose directory is ours.
func openHeld(o Options, held *Held) (*badger.DB, error) {
	if err := room(o.Dir, roomToFlush); err != nil {
		return nil, err
	}
	existed := exists(filepath.Join(o.Dir, badger.ManifestFilename))
	db, err := openBadger(badgerOptions(o).WithBypassLockGuard(held.Locked()))
	if err != nil {
		return nil, openError(o.Dir, existed, err)
	}
	if !held.Locked() {
		held.note()
	}
	return db, nil
}

// closeBadger closes a store. Closing writes out what is in memory; without the
// room for that the store is left as after a kill, and stays locked: its log has
// everything, and the next Open takes it from there.
func closeBadger(db *badger.DB, dir string, need uint64) error {
	if err := room(dir, need); err != nil {
		return err
	}
	return Classify(dir, db.Close())
}

func badgerOptions(o Options) badger.Options {
	dir := o.Dir
	if o.InMemory {
		dir = ""
	}
	opt := badger.DefaultOptions(dir).
		WithLogger(nil).
		WithInMemory(o.InMemory).
		WithSyncWrites(o.Durable).
		WithMemTableSize(memTableSize).
		WithNumMemtables(2).
		WithNumCompactors(0).
		WithNumLevelZeroTablesStall(math.MaxInt32). // nobody would end the stall
		WithBlockSize(blockSize).
		WithBlockCacheSize(blockCacheSize).
		WithIndexCacheSize(indexCacheSize).
		WithValueLogFileSize(valueLogSize).
		WithCompression(options.ZSTD).
		WithMetricsEnabled(false).
		WithVerifyValueChecksum(true).
		WithChecksumVerificationMode(verification(o))
	if o.Compact || o.InMemory {
		opt = opt.WithNumCompactors(2).WithNumLevelZeroTablesStall(stallTables)
	}
	if o.InMemory {
		// Nothing is written, hence nothing is worth the time that ZSTD takes.
		return opt.WithCompression(options.Snappy)
	}
	if !o.Durable {
		opt = tune(opt)
		if o.Compact {
			opt = opt.WithBlockCacheSize(busyCacheSize).WithIndexCacheSize(busyCacheSize)
		}
	} else {
		// What must not be lost is written much and read seldom.
		opt = opt.WithBlockCacheSize(smallCache).WithIndexCacheSize(smallCache)
	}
	if len(o.Key) != 0 {
		opt = opt.WithEncryptionKey(o.Key)
	}
	return opt
}

// verification is when checksums are checked. Reading past a block that does
// not check, Badger leaves it out without a word. A store that must not lose
// anything is therefore checked whole when it is opened; one that can be made
// anew is checked block by block, and its owner counts what it finds.
func verification(o Options) options.ChecksumVerificationMode {
	if o.Durable {
		return options.OnTableAndBlockRead
	}
	return options.OnBlockRead
}

// openBadger turns the panics by which Badger meets some kinds of damage into
// errors.
func openBadger(opt badger.Options) (db *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			db, err = nil, fmt.Errorf("the store does not read: %v", firstLine(fmt.Sprint(p)))
		}
	}()
	return badger.Open(opt)
}

// openError tells the ways apart in which opening fails. Badger's errors keep
// no chain, only their text.
func openError(dir string, existed bool, err error) error {
	switch {
	case strings.Contains(err.Error(), "Another process is using this Badger database"):
		return &InUseError{Dir: dir, Holder: holderOf(dir)}
	case IsFull(err):
		return &FullError{Dir: dir, Err: err}
	case strings.Contains(err.Error(), "read-only file system"):
		return fmt.Errorf("cannot open the store %s: its file system is read-only, choose another place with --data-dir", dir)
	case isDenied(err):
		return fmt.Errorf("cannot open the store %s: permission denied, check who owns it", dir)
	case errors.Is(err, badger.ErrEncryptionKeyMismatch), existed && !isResource(err):
		return &DamagedError{Dir: dir, Err: err}
	default:
		return fmt.Errorf("cannot open the store %s: %s", dir, firstLine(err.Error()))
	}
}

func isDenied(err error) bool {
	return errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "permission denied")
}

// isResource reports whether the process ran out of something that says nothing
// about the store.
func isResource(err error) bool {
	text := err.Error()
	return strings.Contains(text, "too many open files") || strings.Contains(text, "cannot allocate memory")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
