package sync

import (
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// One hostile record costs no other: the list is read to its end, the next
// syncs stop where they always do, and the screen is told until the record is
// gone.
func TestARecordThatCannotBeKeptIsLeftOutAndSaid(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(35, time.Now())
		odd := rec("shop", 0, time.Now().Add(-12*time.Minute-time.Second)) // on the second page
		odd.Ref.ID = ""
		f.add(odd)
		state := func(rows int, leftOut string) {
			t.Helper()
			st := s.State("shop", providers.Payment)
			if !st.Complete || st.Err != "" || st.Count != rows || !strings.Contains(st.LeftOut, leftOut) || leftOut == "" && st.LeftOut != "" {
				t.Errorf("%+v, want %d rows and %q", st, rows, leftOut)
			}
		}
		once(t, m)
		took(t, f, "[list  list 10 list 20 list 30]")
		state(35, "1 record was left out: ")
		state(35, "no id")

		time.Sleep(time.Minute)
		f.add(rec("shop", 200, time.Now()))
		once(t, m)
		took(t, f, "[list  list 10]")
		state(36, "1 record was left out: ")

		f.drop(odd.Ref)
		time.Sleep(time.Minute)
		once(t, m)
		state(36, "1 record was left out: ") // nobody has looked so far down
		time.Sleep(10 * time.Minute)
		once(t, m)
		state(36, "")
	})
}

func TestARowThatAClientCannotReadIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T, s *cache.Store, f *fake, m *Manager) {
		f.fill(15, time.Now())
		f.unread = []error{&providers.Error{Account: "shop", Op: "list", Fault: providers.FaultProtocol, Message: "a row of card 4111111111111111 has no id"}}
		once(t, m)
		st := s.State("shop", providers.Payment)
		if st.Count != 15 || st.Err != "" || !strings.Contains(st.LeftOut, "2 records were left out") || strings.Contains(st.LeftOut, "4111111111111111") {
			t.Errorf("%+v", st)
		}
	})
}
