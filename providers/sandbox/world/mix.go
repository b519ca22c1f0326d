package world

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strings"
)

// Mix is an even 64-bit number that depends on the seed, a name and a row
// alone. It is what the world's choices are drawn from.
func Mix(seed uint64, name string, row int) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	x := seed ^ h.Sum64() ^ (uint64(row) * 0x9e3779b97f4a7c15)
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// Pick draws one of the choices.
func Pick[T any](roll uint64, choices []T) T { return choices[roll%uint64(len(choices))] }

// Chance is true for the given share of rolls, in percent.
func Chance(roll uint64, percent uint64) bool { return roll%100 < percent }

// UUID is a 36-character id in UUID form that carries the row, disguised, so
// that SeqOfUUID finds the row again without a table. The space keeps kinds
// apart.
func UUID(seed uint64, space string, row int) string {
	mask := Mix(seed, "uuid "+space, 0)
	low := (uint64(row) ^ mask) & 0xffffffffffff
	high := Mix(seed, "uuid head "+space, row)
	return fmt.Sprintf("%08x-000f-5000-%04x-%012x", uint32(high), 0x8000|(high>>32)&0x3fff, low)
}

// SeqOfUUID is the row that UUID hid, false when the id was not made by it.
func SeqOfUUID(seed uint64, space, id string) (int, bool) {
	if len(id) != 36 {
		return 0, false
	}
	tail, err := hex.DecodeString(id[24:])
	if err != nil {
		return 0, false
	}
	var low uint64
	for _, b := range tail {
		low = low<<8 | uint64(b)
	}
	row := int((low ^ Mix(seed, "uuid "+space, 0)) & 0xffffffffffff)
	return row, row >= 0 && strings.EqualFold(UUID(seed, space, row), id)
}
