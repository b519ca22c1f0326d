package columns

import (
	"cmp"
	"strings"
	"time"
)

// Key makes a time a number that sorts as the times do. 0 is unknown.
func Key(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	return uint64(t.UnixNano()) ^ 1<<63 //nolint:gosec // bits, not a number
}

// Time is the time of a key, in UTC.
func Time(key uint64) time.Time {
	if key == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(key^1<<63)).UTC() //nolint:gosec // bits, not a number
}

// Order compares two records of one account and kind by the key of their
// creation and their id: newest first, unknown dates last.
func Order(aCreated uint64, aID string, bCreated uint64, bID string) int {
	if d := cmp.Compare(bCreated, aCreated); d != 0 {
		return d
	}
	return compareIDs(aID, bID)
}

// compareIDs orders the records of one moment: numbers, which systems give out
// in the order of time, from the highest down, so that a day's records of a
// system that dates by the day are newest first too; then other ids.
func compareIDs(a, b string) int {
	x, y := IsNumber(a), IsNumber(b)
	switch {
	case x && y && len(a) != len(b):
		return cmp.Compare(len(b), len(a))
	case x && y:
		return strings.Compare(b, a)
	case x:
		return -1
	case y:
		return 1
	default:
		return strings.Compare(a, b)
	}
}

// IsNumber tells a whole number without leading zeros.
func IsNumber(id string) bool {
	if len(id) == 0 || len(id) > 100 || id[0] == '0' {
		return false
	}
	for i := range len(id) {
		if id[i] < '0' || id[i] > '9' {
			return false
		}
	}
	return true
}
