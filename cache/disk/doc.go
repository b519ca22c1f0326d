// Package disk opens the Badger directories that bursar keeps: the rebuildable
// cache and the precious journal. It gives both the same small memory, the same
// compression and encryption, and one clear error for each way in which opening
// or writing can fail: in use by another process, damaged, or the disk is full.
package disk
