package billmanager

import (
	"testing"
	"time"
)

// Everybody who waits for the refund rows shares one reading, as long as it
// began behind their asking.
func TestRefundRowsAreReadOnceForAllWhoWait(t *testing.T) {
	s := newReturns()
	never := func(time.Time) bool { return false }
	reads := func(asked int) bool {
		_, enough := s.begin(asked, never)
		return !enough
	}
	read := func() { s.set(map[string]refund{}, time.Time{}, false) }

	first := s.readings()
	if !reads(first) {
		t.Fatal("nothing is known, and it is not read")
	}
	second, third := s.readings(), s.readings() // while the first reading is under way
	read()
	if !reads(second) {
		t.Error("a reading that began before it was asked for is taken for fresh")
	}
	read()
	if reads(third) {
		t.Error("a reading that began behind the asking is not shared")
	}
	s.expire()
	if !reads(third) {
		t.Error("what an action of our own made old is taken for fresh")
	}
	read()
	if fourth := s.readings(); !reads(fourth) {
		t.Error("who asks later gets what was read before")
	}
	if _, enough := s.begin(s.readings(), func(time.Time) bool { return true }); !enough {
		t.Error("a list does not take rows that are young enough")
	}
}
