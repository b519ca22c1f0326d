package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"

	"bursar/cache/disk"
)

// Badger mends what it opens: it cuts a log or a manifest off where it does not
// read, deletes tables that the manifest does not name, and says nothing. For a
// store that cannot be rebuilt that is loss. Hence the journal is opened on a
// copy first, unless it was closed in order: tables are linked, the small rest
// is copied. Only when the copy holds all that the anchor saw written is the
// journal itself opened.

// sealName is the file that a journal closed in order leaves: a hash of what
// Badger may mend.
const sealName = "SEAL"

// rehearsalPrefix begins the names of the copies.
const rehearsalPrefix = ".journal-check-"

// rehearse opens a copy of the journal when it was not closed in order.
func rehearse(o Options) error {
	if _, err := os.Stat(filepath.Join(o.Dir, badger.ManifestFilename)); err != nil {
		if seen, _ := readAnchors(o.Dir); seen.seq > 0 {
			return &disk.DamagedError{Dir: o.Dir, Err: fmt.Errorf("its %s is missing, and %d events were written", badger.ManifestFilename, seen.seq)}
		}
		return nil // nothing there yet
	}
	if sealed(o.Dir) {
		return nil
	}
	if !o.Held.Locked() {
		return nil // somebody else may have it; the anchor still tells what is missing
	}
	removeRehearsals(o.Dir)
	to, err := os.MkdirTemp(filepath.Dir(filepath.Clean(o.Dir)), rehearsalPrefix)
	if err != nil {
		return disk.Classify(o.Dir, fmt.Errorf("the journal %s cannot be checked before it is opened: %w", o.Dir, err))
	}
	defer func() { _ = os.RemoveAll(to) }()
	if err := copyStore(o.Dir, to); err != nil {
		return disk.Classify(o.Dir, fmt.Errorf("the journal %s cannot be checked before it is opened: %w", o.Dir, err))
	}
	seen, _ := readAnchors(o.Dir)
	return namedAs(o.Dir, openCopy(Options{Dir: to, Key: o.Key}, seen))
}

func openCopy(o Options, seen head) error {
	db, release, err := disk.Open(disk.Options{Dir: o.Dir, Key: o.Key})
	if err != nil {
		return err
	}
	_, err = checkHead(db, o.Dir, seen)
	return errors.Join(err, release())
}

// namedAs gives an error about the copy the name of the journal.
func namedAs(dir string, err error) error {
	var d *disk.DamagedError
	var full *disk.FullError
	switch {
	case errors.As(err, &d):
		return &disk.DamagedError{Dir: dir, Err: d.Err}
	case errors.As(err, &full):
		return &disk.FullError{Dir: dir, Err: full.Err}
	default:
		return err
	}
}

// removeRehearsals clears away what a program that was killed meanwhile left.
func removeRehearsals(dir string) {
	old, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Clean(dir)), rehearsalPrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range old {
		_ = os.RemoveAll(path)
	}
}

// copyStore copies a store: tables never change and are linked.
func copyStore(from, to string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, f := range files {
		name := f.Name()
		src, dst := filepath.Join(from, name), filepath.Join(to, name)
		if !f.Type().IsRegular() || name == anchorName || name == tailName || name == sealName || name == "LOCK" {
			continue
		}
		if strings.HasSuffix(name, ".sst") && os.Link(src, dst) == nil {
			continue
		}
		if err := copySparse(src, dst); err != nil {
			return err
		}
	}
	return nil
}

// copySparse copies a file but for its blocks of zeros: Badger's logs are
// mapped at full size and mostly empty.
func copySparse(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	block, zeros := make([]byte, 64<<10), make([]byte, 64<<10)
	var at int64
	for {
		n, err := io.ReadFull(src, block)
		if n > 0 && !bytes.Equal(block[:n], zeros[:n]) {
			if _, err := dst.WriteAt(block[:n], at); err != nil {
				return err
			}
		}
		at += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return dst.Truncate(at)
		}
		if err != nil {
			return err
		}
	}
}

// seal remembers, behind a close in order, what Badger left.
func seal(dir string) {
	sum, ok := sealHash(dir)
	if !ok {
		return
	}
	// A seal that cannot be written costs a look at the next start.
	_ = os.WriteFile(filepath.Join(dir, sealName), []byte(sum+"\n"), 0o600)
}

// unseal takes the seal off before anything is written.
func unseal(dir string) error {
	if err := os.Remove(filepath.Join(dir, sealName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the journal's %s cannot be removed: check who owns %s", sealName, dir)
	}
	return nil
}

func sealed(dir string) bool {
	want, err := os.ReadFile(filepath.Join(dir, sealName))
	if err != nil {
		return false
	}
	sum, ok := sealHash(dir)
	return ok && strings.TrimSpace(string(want)) == sum
}

// sealHash hashes the manifest, the key registry, and the names and sizes of
// the tables. A log that was not flushed leaves a store unsealed.
func sealHash(dir string) (string, bool) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", false
	}
	sum := sha256.New()
	for _, f := range files {
		name := f.Name()
		info, err := f.Info()
		if err != nil {
			return "", false
		}
		switch {
		case strings.HasSuffix(name, ".mem"):
			return "", false
		case name == badger.ManifestFilename, name == badger.KeyRegistryFileName:
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return "", false
			}
			fmt.Fprintf(sum, "%s %d %x\n", name, len(b), sha256.Sum256(b))
		case strings.HasSuffix(name, ".sst"), strings.HasSuffix(name, ".vlog"):
			fmt.Fprintf(sum, "%s %d\n", name, info.Size())
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), true
}
