package cache

import (
	_ "embed"
	"errors"
	"sync"

	"github.com/klauspost/compress/s2"
)

// A record as JSON is mostly names: of fields, labels, states. They are the same
// in all records, hence a record is kept compressed against a text of such
// records, at a fifth of its length. Badger's own compression sees a block at a
// time, and does all of it again whenever a block moves down the levels, which
// was most of the work of a first sync.
//
// doc.dict must stay as it is: with another one, nothing that was packed before
// can be read. Raise version with it.
//
//go:embed doc.dict
var docDict []byte

var packer = sync.OnceValue(func() *s2.Dict { return s2.MakeDict(docDict, nil) })

// packed begins what pack made. JSON begins otherwise.
const packed = 1

// maxUnpacked bounds what a damaged length may ask for; bound and maxRaw keep
// every record far below.
const maxUnpacked = 16 << 20

var errPacked = errors.New("the record does not unpack")

func pack(b []byte) []byte {
	return append([]byte{packed}, packer().Encode(nil, b)...)
}

func unpack(b []byte) ([]byte, error) {
	if len(b) == 0 || b[0] != packed {
		return b, nil
	}
	if n, err := s2.DecodedLen(b[1:]); err != nil || n > maxUnpacked {
		return nil, errPacked
	}
	out, err := packer().Decode(nil, b[1:])
	if err != nil {
		return nil, errPacked
	}
	return out, nil
}
