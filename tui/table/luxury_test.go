package table

import (
	"strings"
	"testing"
)

// A column that is nice to have comes in only when the others show what they
// have to say.
func TestLuxuriesWaitForGoodWidths(t *testing.T) {
	tab := plainTable(t,
		Column{ID: "status", Title: "status", Min: 8, Good: 20, Max: 30, Flex: 1},
		Column{ID: "account", Title: "account", Min: 7, Priority: 3},
		Column{ID: "note", Title: "note", Min: 10, Flex: 1, Priority: Luxury})
	for w, want := range map[int]string{19: "status", 24: "status account", 32: "status account", 43: "status account", 44: "status account note"} {
		tab.SetSize(w, 2)
		if got := strings.Join(strings.Fields(lines(tab)[0]), " "); got != want {
			t.Errorf("%d cells show %q, want %q", w, got, want)
		}
	}
}

func TestWordsAreCutBetweenWords(t *testing.T) {
	for text, want := range map[string]string{
		"◆ Held, waits for capture": "◆ Held…    |",
		"◐ Waiting for the payer":   "◐ Waiting… |",
		"✓ Registered":              "✓ Register…|",
		"◐ В обработке":             "◐ В обрабо…|",
		"✓ Paid":                    "✓ Paid     |",
		"◐ in process":              "◐ in proce…|",
	} {
		tab := plainTable(t, Column{ID: "status", Title: "status", Min: 11, Words: true}, Column{ID: "end", Min: 1})
		tab.SetRows(list{keys: []int{0}, cells: func(_ int, into []Cell) { into[0].Text, into[1].Text = text, "|" }})
		tab.SetSize(3+11+2+1, 2)
		if got := strings.Replace(lines(tab)[1][len("▌  "):], "  |", "|", 1); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
