//go:build !windows

package disk

import (
	"errors"

	"golang.org/x/sys/unix"
)

// freeBytes is the room that this user may still fill; false when the system
// does not tell.
func freeBytes(dir string) (uint64, bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, false
	}
	if st.Blocks == 0 { // some virtual file systems count nothing
		return 0, false
	}
	return uint64(st.Bavail) * uint64(st.Bsize), true //nolint:gosec,unconvert // types differ between systems
}

func isPlatformFull(err error) bool { return errors.Is(err, unix.EDQUOT) }
