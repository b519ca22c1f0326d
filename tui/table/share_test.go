package table_test

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"bursar/themes"
	"bursar/tui/table"
)

// Many small shares and a large one must not be given more cells than there
// are.
func TestSharesNeverExceedTheRoom(t *testing.T) {
	columns := []table.Column{
		{ID: "a", Min: 5, Flex: 1}, {ID: "b", Min: 5, Flex: 1}, {ID: "c", Min: 5, Flex: 1}, {ID: "d", Min: 5, Flex: 1}, {ID: "e", Min: 5, Flex: 4},
	}
	for w := 36; w < 120; w++ {
		tab := table.New[int](themes.Styles{}, columns...)
		tab.SetSize(w, 1)
		if got := ansi.StringWidth(tab.View()); got != w {
			t.Errorf("a table of %d cells is %d wide", w, got)
		}
	}
}
