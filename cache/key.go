package cache

import (
	"cmp"
	"encoding/binary"
	"strings"

	"bursar/providers"
)

// Keys are v2/KIND/ACCOUNT/SECTION/…: raise v2 when a stored shape changes. The
// sections of one account's kind:
//
//	n            how many records there are
//	s            the sync state
//	h/ID         head: order key, hashes, when it was read
//	o/TIME/ID    row summary, in the order newest first
//	d/ID         the whole record as masked JSON
//	l/ID/ACCOUNT/KIND/ID  an empty mark: the second record links to the first
const version = "v2"

// segID names one account's kind: a run of keys, a worker, a list.
type segID = Change

const (
	secCount = "n"
	secState = "s"
	secHead  = "h"
	secOrder = "o"
	secDoc   = "d"
	secLink  = "l"
)

// contentsKey holds the list of the accounts and kinds that have a count and a
// state.
var contentsKey = []byte(version + "/")

func segPrefix(id segID, section string) []byte {
	return []byte(version + "/" + esc(string(id.Kind)) + "/" + esc(id.Account) + "/" + section)
}

func headKey(ref providers.Ref) []byte {
	return append(append(segPrefix(segOf(ref), secHead), '/'), ref.ID...)
}

func docKey(ref providers.Ref) []byte {
	return append(append(segPrefix(segOf(ref), secDoc), '/'), ref.ID...)
}

// orderKey sorts newest first, records without a date last, then as compareIDs
// does: numbers, which systems give out in the order of time, from the highest
// down, so that a day's records of a system that dates by the day are newest
// first too.
func orderKey(ref providers.Ref, created uint64) []byte {
	b := append(segPrefix(segOf(ref), secOrder), '/')
	b = binary.BigEndian.AppendUint64(b, ^created)
	b = append(b, '/')
	if isNumber(ref.ID) {
		b = append(b, 0, ^byte(len(ref.ID)))
		for i := range len(ref.ID) {
			b = append(b, '0'+'9'-ref.ID[i])
		}
		return b
	}
	return append(append(b, 1), ref.ID...)
}

// compareIDs orders the records of one moment.
func compareIDs[T ~string | ~[]byte](a, b T) int {
	x, y := isNumber(a), isNumber(b)
	switch {
	case x && y && len(a) != len(b):
		return cmp.Compare(len(b), len(a))
	case x && y:
		return strings.Compare(string(b), string(a))
	case x != y && x:
		return -1
	case x != y:
		return 1
	default:
		return strings.Compare(string(a), string(b))
	}
}

// isNumber tells a whole number without leading zeros.
func isNumber[T ~string | ~[]byte](id T) bool {
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

// linkPrefix begins the marks of all records that link to the target.
func linkPrefix(target providers.Ref) []byte {
	b := append(segPrefix(segOf(target), secLink), '/')
	return append(append(b, esc(target.ID)...), '/')
}

func linkKey(target, source providers.Ref) []byte {
	b := append(linkPrefix(target), esc(source.Account)...)
	b = append(append(b, '/'), esc(string(source.Kind))...)
	return append(append(b, '/'), esc(source.ID)...)
}

// linkOf reads back what linkKey wrote behind segPrefix(…, secLink) and a slash.
func linkOf(rest string) (targetID string, source providers.Ref, ok bool) {
	parts := strings.Split(rest, "/")
	if len(parts) != 4 {
		return "", providers.Ref{}, false
	}
	return unesc(parts[0]), providers.Ref{Account: unesc(parts[1]), Kind: providers.Kind(unesc(parts[2])), ID: unesc(parts[3])}, true
}

func segOf(ref providers.Ref) segID { return segID{Account: ref.Account, Kind: ref.Kind} }

// esc keeps a name from holding the separator.
func esc(s string) string {
	if !strings.ContainsAny(s, "%/") {
		return s
	}
	return strings.NewReplacer("%", "%25", "/", "%2F").Replace(s)
}

func unesc(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	return strings.NewReplacer("%25", "%", "%2F", "/").Replace(s)
}
