package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// datasync waits until what was written is on disk; the time of the change need
// not be.
func datasync(f *os.File) error {
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if err != unix.EINTR {
			return err
		}
	}
}
