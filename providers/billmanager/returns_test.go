package billmanager

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
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

// refundPanel is a panel with refund rows only; it notes how many rows were asked for.
type refundPanel struct {
	ids   []int
	asked []int
}

func (p *refundPanel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("func") != fnList {
		answers(nil).ServeHTTP(w, r)
		return
	}
	num, _ := strconv.Atoi(r.FormValue("p_num"))
	size, _ := strconv.Atoi(r.FormValue("p_cnt"))
	p.asked = append(p.asked, size)
	type value map[string]string
	rows := []map[string]value{}
	for i := len(p.ids) - 1 - (num-1)*size; i >= 0 && len(rows) < size; i-- {
		rows = append(rows, map[string]value{
			"id": {"$": strconv.Itoa(p.ids[i])}, "number": {"$": fmt.Sprint("return/B-", p.ids[i])}, "subaccountamount_iso": {"$": "-5.00 RUB"},
		})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"doc": map[string]any{"elem": rows, "p_elems": value{"$": strconv.Itoa(len(p.ids))}}})
}

// After the first reading a look at the newest rows is enough, unless they do
// not explain how many there are.
func TestRefundRowsAreFollowed(t *testing.T) {
	p := &refundPanel{}
	for id := range 1200 {
		p.ids = append(p.ids, id+1)
	}
	c := newClient(t, p, nil)
	for _, step := range []struct {
		name   string
		change func()
		asked  []int
	}{
		{"the first time", func() {}, []int{500, 500, 500}},
		{"nothing new", func() {}, []int{50}},
		{"one more", func() { p.ids = append(p.ids, 2000) }, []int{50}},
		{"many more", func() {
			for id := range 60 {
				p.ids = append(p.ids, 3000+id)
			}
		}, []int{50, 500}},
		{"one gone", func() { p.ids = slices.Delete(p.ids, 7, 8) }, []int{50, 500, 500, 500}},
		{"one gone and one more", func() { p.ids = append(slices.Delete(p.ids, 9, 10), 4000) }, []int{50, 500, 500, 500}},
	} {
		step.change()
		p.asked = nil
		if err := c.refresh(t.Context(), 0); err != nil {
			t.Fatal(step.name, err)
		}
		if !slices.Equal(p.asked, step.asked) {
			t.Errorf("%s: pages of %v were asked for, want %v", step.name, p.asked, step.asked)
		}
		var got []int
		for id := range maps.Keys(c.returns.byID) {
			n, _ := strconv.Atoi(id)
			got = append(got, n)
		}
		slices.Sort(got)
		if !slices.Equal(got, p.ids) {
			t.Errorf("%s: %d refunds are known, there are %d", step.name, len(got), len(p.ids))
		}
	}
}
