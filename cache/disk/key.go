package disk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// KeySize is the length of a store's key in bytes: AES-256.
const KeySize = 32

// LoadKey reads a store's key from its file. At first use it makes one of 32
// random bytes with mode 0600. A file that others may read is refused, for a
// key that others know protects nothing.
func LoadKey(path string) ([]byte, error) {
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the directory of the key file %s: %w", path, err)
	}
	key = make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("cannot make a key: %w", err)
	}
	if err := makeKey(path, key); err != nil {
		if errors.Is(err, fs.ErrExist) { // another process was first: its key counts
			return readKey(path)
		}
		if IsFull(err) {
			return nil, &FullError{Dir: filepath.Dir(path), Err: err}
		}
		return nil, fmt.Errorf("cannot write the key file %s: %w", path, err)
	}
	return key, nil
}

// makeKey writes the key whole or not at all, and never over another: half a
// key would lock the stores for ever.
func makeKey(path string, key []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(key)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	err = os.Link(f.Name(), path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems know no links.
	g, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = g.Write(key)
	if err == nil {
		err = g.Sync()
	}
	return errors.Join(err, g.Close())
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, fmt.Errorf("cannot read the key file %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the key file %s is not a file", path)
	}
	// Windows has no such mode bits.
	if perm := info.Mode().Perm(); runtime.GOOS != "windows" && perm&0o077 != 0 {
		return nil, fmt.Errorf("the key file %s can be read by others (mode %04o): run chmod 600 on it", path, perm)
	}
	key, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the key file %s: %w", path, err)
	}
	if len(key) != KeySize {
		return nil, fmt.Errorf("the key file %s has %d bytes instead of %d: restore it, or remove it together with the stores it opens", path, len(key), KeySize)
	}
	return key, nil
}
