package table

import (
	"strconv"
	"testing"

	"github.com/muesli/termenv"

	"bursar/themes"
)

// arena is a million rows whose texts are there already, as a cache has them.
type arena struct{ texts [64][8]string }

func (a *arena) Len() int                { return 1_000_000 }
func (a *arena) Key(i int) int           { return i }
func (a *arena) Index(k int) (int, bool) { return k, true }
func (a *arena) Row(i int, into []Cell) {
	for c := range into {
		into[c] = Cell{Text: a.texts[i&63][c], Tone: themes.Tone(c % 3)}
	}
}

func million() *arena {
	a := &arena{}
	for i := range a.texts {
		n := strconv.Itoa(1000 + i*77)
		a.texts[i] = [8]string{"2026-11-22 10:" + n[:2], "pay-" + n, "waiting", n[:1] + "\u00a0" + n[1:] + ".00 RUB", "ООО «Ромашка и сыновья» " + n, "bank_card", "shop-main", "заказ " + n}
	}
	return a
}

// BenchmarkView is one frame of 200x50 over a million rows after a step.
func BenchmarkView(b *testing.B) {
	t := New[int](styles(b, "dark", termenv.TrueColor),
		Column{ID: "created", Title: "Created", Min: 16}, Column{ID: "number", Title: "Number", Min: 12},
		Column{ID: "status", Title: "Status", Min: 12}, Column{ID: "amount", Title: "Amount", Min: 18, Align: Amount},
		Column{ID: "party", Title: "Party", Min: 20, Flex: 2}, Column{ID: "method", Title: "Method", Min: 10, Priority: 1},
		Column{ID: "account", Title: "Account", Min: 10, Priority: 2}, Column{ID: "note", Title: "Note", Min: 20, Flex: 3, Priority: 3},
	)
	t.SetSize(200, 50)
	t.SetRows(million())
	marks := map[int]bool{3: true, 500: true}
	t.SetMarked(func(k int) bool { return marks[k] })
	b.ReportAllocs()
	for b.Loop() {
		t.Move(1)
		if len(t.View()) < 200*50 {
			b.Fatal("a frame is missing")
		}
	}
}

func BenchmarkRefresh(b *testing.B) {
	t := New[int](styles(b, "dark", termenv.TrueColor), Column{ID: "a", Min: 10})
	t.SetSize(200, 50)
	rows := million()
	t.SetRows(rows)
	t.GoTo(500_000)
	b.ReportAllocs()
	for b.Loop() {
		t.SetRows(rows)
	}
}
