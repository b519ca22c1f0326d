package batch

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func partyOf(e *entry) string { return e.item.PartyID }

func queued(party string, n int) *entry {
	return &entry{item: Item{PartyID: party, Number: fmt.Sprint(n)}}
}

// Whatever happens, no party is being paid twice at once, nobody waits for
// nothing, and nothing is lost.
func TestTurnsFollowOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue(partyOf)
		waiting, paid := map[*entry]bool{}, map[*entry]bool{}
		parties := []string{"", "a", "b", "c"}
		any := func(set map[*entry]bool) *entry {
			var all []*entry
			for n := range 400 {
				for e := range set {
					if e.item.Number == fmt.Sprint(n) {
						all = append(all, e)
					}
				}
			}
			if len(all) == 0 {
				return nil
			}
			return all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
		}
		busy := func(party string) bool {
			for e := range paid {
				if party != "" && e.item.PartyID == party {
					return true
				}
			}
			return false
		}
		for n := range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"push", "push", "pop", "pop", "done", "again", "remove"}).Draw(t, "step") {
			case "push":
				e := queued(rapid.SampledFrom(parties).Draw(t, "party"), n)
				q.push(e)
				waiting[e] = true
			case "pop":
				e := q.pop()
				if e == nil {
					for o := range waiting {
						if !busy(o.item.PartyID) {
							t.Fatalf("%v waits though nobody of its party is being paid", o.item)
						}
					}
					break
				}
				if !waiting[e] || busy(e.item.PartyID) {
					t.Fatalf("%v is paid: it waited %v, its party is busy %v", e.item, waiting[e], busy(e.item.PartyID))
				}
				delete(waiting, e)
				paid[e] = true
			case "done", "again":
				again := rapid.Bool().Draw(t, "again")
				if e := any(paid); e != nil {
					delete(paid, e)
					q.done(e, again)
					if again {
						waiting[e] = true
					}
				}
			case "remove":
				if e := any(waiting); e != nil {
					delete(waiting, e)
					if !q.remove(e) {
						t.Fatalf("%v was not there", e.item)
					}
				}
			}
			seen := 0
			q.each(func(e *entry) {
				if seen++; !waiting[e] {
					t.Fatalf("%v is in the queue and should not", e.item)
				}
			})
			if q.len() != len(waiting) || seen != len(waiting) {
				t.Fatalf("%d wait, the queue says %d and shows %d", len(waiting), q.len(), seen)
			}
		}
	})
}

// The items of a party keep their order, and one that is tried again is next.
func TestAPartyKeepsItsOrder(t *testing.T) {
	q := newQueue(partyOf)
	for n := range 4 {
		q.push(queued("a", n))
	}
	q.push(queued("b", 4))
	first, second := q.pop(), q.pop()
	if first.item.Number != "0" || second.item.Number != "4" || q.pop() != nil {
		t.Fatalf("got %v and %v", first.item, second.item)
	}
	q.done(first, true)
	if e := q.pop(); e != first {
		t.Errorf("%v overtook what is tried again", e.item)
	}
	for want := 1; want < 4; want++ {
		q.done(first, false)
		if first = q.pop(); first == nil || first.item.Number != fmt.Sprint(want) {
			t.Fatalf("got %v, want %d", first, want)
		}
	}
}

// BenchmarkOneParty is a batch of 10,000 payouts for one contractor: workers ask
// for the next all the time.
func BenchmarkOneParty(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		q := newQueue(partyOf)
		e := queued("a", 1)
		for range 10_000 {
			q.push(e)
		}
		for e := q.pop(); e != nil; e = q.pop() {
			for range 16 {
				_ = q.pop()
			}
			q.done(e, false)
		}
	}
}
