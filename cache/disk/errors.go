package disk

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/dgraph-io/badger/v4"
)

// InUseError says that another process has the store open.
type InUseError struct {
	Dir    string
	Holder string // "bursar (pid 123, since 10:32)"
}

// Error is one sentence that names the store and who has it.
func (e *InUseError) Error() string {
	return fmt.Sprintf("the store %s is in use by %s", e.Dir, e.Holder)
}

// DamagedError says that a store does not read: its files are damaged, or they
// were encrypted with another key.
type DamagedError struct {
	Dir string
	Err error
}

// Error is one sentence that names the store and what is wrong with it.
func (e *DamagedError) Error() string {
	if errors.Is(e.Err, badger.ErrEncryptionKeyMismatch) {
		return fmt.Sprintf("the store %s was encrypted with another key", e.Dir)
	}
	return fmt.Sprintf("the store %s is damaged: %s", e.Dir, firstLine(e.Err.Error()))
}

// Unwrap returns the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// FullError says that the disk under a store has no room left, or too little to
// go on safely.
type FullError struct {
	Dir string
	Err error
}

// Error is one sentence that names the store and what to do.
func (e *FullError) Error() string {
	return fmt.Sprintf("the disk under %s is full: make room and try again", e.Dir)
}

// Unwrap returns the cause.
func (e *FullError) Unwrap() error { return e.Err }

// errLittleRoom is the cause of a FullError that was foreseen.
var errLittleRoom = errors.New("too little room is left")

// IsFull reports whether the disk being full is anywhere in err's chain. Badger
// keeps the text of a cause only, hence the text counts too.
func IsFull(err error) bool {
	if err == nil {
		return false
	}
	var full *FullError
	if errors.As(err, &full) || errors.Is(err, syscall.ENOSPC) || isPlatformFull(err) {
		return true
	}
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "no space left on device") ||
		strings.Contains(text, "disk quota exceeded") ||
		strings.Contains(text, "not enough space on the disk")
}

// IsDamaged reports whether err, which an open store gave, means that its files
// do not read any more.
func IsDamaged(err error) bool {
	if err == nil {
		return false
	}
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		return true
	}
	text := err.Error()
	for _, sign := range []string{
		"checksum mismatch", "CHECKSUM_MISMATCH", "failed to verify checksum",
		"Invalid datakey id", "failed to decrypt", "failed to decode compressed data",
		"file size is zero or offset is greater", "Bad magic",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// Classify gives an error that came out of an open store its type: *FullError,
// *DamagedError, or the error as it was. Nil stays nil.
func Classify(dir string, err error) error {
	var full *FullError
	var damaged *DamagedError
	switch {
	case err == nil, errors.As(err, &full), errors.As(err, &damaged):
		return err
	case IsFull(err):
		return &FullError{Dir: dir, Err: err}
	case IsDamaged(err):
		return &DamagedError{Dir: dir, Err: err}
	default:
		return err
	}
}

// Guard runs work on an open store and turns Badger's panics on damaged blocks
// into a *DamagedError.
func Guard(dir string, work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &DamagedError{Dir: dir, Err: errors.New(firstLine(fmt.Sprint(p)))}
		}
	}()
	return Classify(dir, work())
}
