package table

import (
	"fmt"
	"testing"

	"github.com/muesli/termenv"
	"pgregory.net/rapid"
)

// TestKeptLinesAreCurrent does anything to a table and looks at it after each
// step: lines that were kept from the view before must be those that a table
// draws that keeps none.
func TestKeptLinesAreCurrent(t *testing.T) {
	dark, mono := styles(t, "dark", termenv.TrueColor), styles(t, "mono", termenv.TrueColor)
	rapid.Check(t, func(t *rapid.T) {
		version := 0
		rows := func() list {
			l := count(rapid.IntRange(0, 60).Draw(t, "rows"))
			said := version
			l.cells = func(key int, into []Cell) {
				for c := range into {
					into[c] = Cell{Text: fmt.Sprintf("r%dc%d v%d", key, c, said)}
				}
			}
			version++
			return l
		}
		tab := New[int](dark, Column{ID: "a", Min: 8, Flex: 1})
		tab.SetSize(20, 8)
		tab.SetRows(rows())
		tab.SetMarked(func(k int) bool { return k%3 == version%3 })
		var spot Spot[int]
		spot = tab.Spot()
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 8).Draw(t, "step") {
			case 0:
				tab.SetRows(rows())
			case 1:
				tab.SetSize(rapid.IntRange(0, 40).Draw(t, "width"), rapid.IntRange(0, 12).Draw(t, "height"))
			case 2:
				tab.SetStyles(mono)
			case 3:
				tab.SetColumns(Column{ID: "b", Min: 5}, Column{ID: "c", Min: 9, Flex: 1})
			case 4:
				spot = tab.Spot()
			case 5:
				tab.Restore(spot)
			case 6:
				tab.GoTo(rapid.IntRange(0, 70).Draw(t, "to"))
			default:
				tab.Move(rapid.IntRange(-9, 9).Draw(t, "by"))
			}
			fresh := *tab
			fresh.draw = draw{}
			if got, want := tab.View(), fresh.View(); got != want {
				t.Fatalf("kept:\n%s\nfresh:\n%s", got, want)
			}
		}
	})
}

// BenchmarkPage is one frame of 200x50 of which every row is new.
func BenchmarkPage(b *testing.B) {
	t := New[int](styles(b, "dark", termenv.TrueColor), Column{ID: "created", Title: "Created", Min: 16}, Column{ID: "number", Title: "Number", Min: 12},
		Column{ID: "status", Title: "Status", Min: 12}, Column{ID: "amount", Title: "Amount", Min: 18, Align: Amount},
		Column{ID: "party", Title: "Party", Min: 20, Flex: 2}, Column{ID: "method", Title: "Method", Min: 10},
		Column{ID: "account", Title: "Account", Min: 10}, Column{ID: "note", Title: "Note", Min: 20, Flex: 3})
	t.SetSize(200, 50)
	t.SetRows(million())
	b.ReportAllocs()
	for b.Loop() {
		t.Page(1)
		if len(t.View()) < 200*50 {
			b.Fatal("a frame is missing")
		}
	}
}
