package cache

import (
	"strings"

	"bursar/providers"
)

// Keys are v3/KIND/ACCOUNT/SECTION/…: raise v3 when a stored shape changes. The
// sections of one account's kind:
//
//	n            how many records there are
//	s            the sync state
//	h/ID         head: order key, hashes, when it was read
//	o/TIME/ID    row summary, in the order newest first
//	b/TIME/ID    the number of rows of the leaf that begins there; the first is b/
//	k/TIME/ID    the columns of that leaf
//	d/ID         the whole record as masked JSON
//	l/ID/ACCOUNT/KIND/ID  an empty mark: the second record links to the first
const version = "v3"

// earlierVersions are those whose stores may be met.
var earlierVersions = []string{"v2"}

// segID names one account's kind: a run of keys, a worker, a list.
type segID = Change

const (
	secCount = "n"
	secState = "s"
	secHead  = "h"
	secOrder = "o"
	secLeaf  = "b"
	secKept  = "k"
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

// orderKey sorts newest first, records without a date last, then as columns.Order
// does.
func orderKey(ref providers.Ref, created uint64) []byte {
	return append(append(segPrefix(segOf(ref), secOrder), '/'), order(created, ref.ID)...)
}

func leafKey(id segID, from []byte) []byte {
	return append(append(segPrefix(id, secLeaf), '/'), from...)
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
