package tui_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"bursar/cache"
	"bursar/cache/filter"
	"bursar/providers"
	"bursar/tui/tuitest"
	"bursar/tui/view"
)

// look fails when the frame has not exactly the screen's size or holds anything
// that is no text to look at.
func look(t *testing.T, d *tuitest.Driver, where string) {
	t.Helper()
	d.CheckFrame()
	for y, line := range strings.Split(d.Frame(), "\n") {
		if harmful(line) || heaped(line) {
			t.Fatalf("%s, line %d: %q", where, y, line)
		}
	}
}

// heaped reports accents upon accents, which paint over the rows around.
func heaped(line string) bool {
	n := 0
	for _, r := range line {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			n = 0
		} else if n++; n > 2 {
			return true
		}
	}
	return false
}

// search types a filter and waits for what it finds.
func search(d *tuitest.Driver, text string, found, of int) {
	d.Press("/", "ctrl+u")
	d.Type(text)
	d.Press("enter")
	d.Until(" " + counted(found, of) + " ─")
}

func counted(found, of int) string {
	if found == of {
		return view.Count(of)
	}
	return view.Count(found) + " of " + view.Count(of)
}

// TestHostileRowsAreShownSafely pages through a long list with hostile rows at
// three sizes, and looks at some of them closely.
func TestHostileRowsAreShownSafely(t *testing.T) {
	n := hostileCount()
	desk := hostileDesk(t, n)
	evil := matching(t, desk, "evilrow")
	for _, size := range sizes[1:] {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			d := tuitest.Drive(t, desk, size.w, size.h)
			d.Until("Payments " + view.Count(n+1))
			for range 8 {
				look(t, d, "the list")
				d.Press("pgdown")
			}
			d.Press("G")
			look(t, d, "the end of the list")
			search(d, "evilrow", len(evil), n+1)
			for range min(len(evil), 400)/(size.h-6) + 1 {
				look(t, d, "the hostile rows")
				d.Press("pgdown")
			}
			d.Press("g")
			for range 25 {
				d.Press("enter")
				d.Until("── payment ")
				look(t, d, "the detail pane")
				d.Press("G")
				look(t, d, "the end of the detail pane")
				d.Press("v")
				look(t, d, "raw data")
				d.Press("esc", "down")
				look(t, d, "beside the pane")
			}
			for range 9 {
				d.Press("s")
				d.Until(counted(len(evil), n+1))
				look(t, d, "another order")
			}
			for _, menu := range []string{"y", "l", "a", "f", "e"} {
				d.Press(menu)
				look(t, d, "the menu of "+menu)
				d.Press("esc")
			}
		})
	}
}

func matching(t *testing.T, desk *tuitest.Desk, text string) []cache.Entry {
	t.Helper()
	f, err := filter.Parse(text, tuitest.Clock)
	if err != nil {
		t.Fatal(err)
	}
	return entries(t, desk, cache.ListQuery{Kind: providers.Payment, Filter: f})
}

// The sum of the marks is exact, however long the amounts are.
func TestSumsOfHostileAmountsAreExact(t *testing.T) {
	n := 2000
	desk := hostileDesk(t, n)
	for _, text := range []string{"evilrow currency:eur", "evilrow currency:rub"} {
		found := matching(t, desk, text)
		total := decimal.Zero
		for i := range found {
			total = total.Add(found[i].Amount.Decimal)
		}
		sum := providers.Money{Decimal: total, Currency: found[0].Amount.Currency}.String()
		d := tuitest.Drive(t, desk, 200, 50)
		d.Until("Payments " + view.Count(n+1))
		search(d, text, len(found), n+1)
		d.Press("*")
		d.Until(view.Count(len(found)) + " marked · " + sum)
		if len(sum) < 50 {
			t.Fatalf("no long sum: %s", sum)
		}
		d.Press("space", "space", "-", "*", "i", "i") // taken away and added again
		d.Until(view.Count(len(found)) + " marked · " + sum)
		look(t, d, "the sums")
	}
}

// A note of 2 MB is cut in the list and can be read in the pane as far as it is
// kept; laying it out is no work for each frame.
func TestANoteOfTwoMegabytes(t *testing.T) {
	desk := hostileDesk(t, 2000)
	d := tuitest.Drive(t, desk, 140, 40)
	found := matching(t, desk, "evilrow note:2MB")
	if len(found) == 0 || len(found[0].Note) < 4000 || len(found[0].Note) > 64<<10 {
		t.Fatalf("%d such notes", len(found))
	}
	search(d, "evilrow note:2MB", len(found), 2001)
	d.Press("enter")
	d.Until("evilrow 2MB заметка с ·[31m")
	for range 400 {
		d.Press("pgdown")
		look(t, d, "the long note")
		if strings.Contains(d.Frame(), "…  ") {
			break
		}
	}
	d.Until("…")
	if n := testing.AllocsPerRun(10, func() { _ = d.Frame() }); n > 20_000 {
		t.Errorf("a frame beside the long note makes %v allocations", n)
	}
}

// Exports hold every hostile row and are well formed.
func TestHostileRowsAreExported(t *testing.T) {
	desk := hostileDesk(t, 2000)
	evil := matching(t, desk, "evilrow")
	d := tuitest.Drive(t, desk, 140, 40)
	search(d, "evilrow", len(evil), 2001)
	d.Press("e", "s")
	d.Until("payments exported: ")
	var rows []struct{ Account, ID, Number, Note, Amount string }
	text := exported(t, desk, "payments-*.json")
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatal(err)
	}
	d.Press("e", "c")
	d.Until(".csv")
	sheet := exported(t, desk, "payments-*.csv")
	lines, err := csv.NewReader(strings.NewReader(sheet)).ReadAll()
	if err != nil || len(rows) != len(evil) || len(lines) != len(evil)+1 {
		t.Fatalf("%d objects and %d lines for %d rows: %v", len(rows), len(lines), len(evil), err)
	}
	for i, e := range evil {
		if rows[i].ID != string([]rune(e.Ref.ID)) || rows[i].Note != e.Note || rows[i].Amount != e.Amount.Text() && rows[i].Amount != "" {
			t.Errorf("row %d: %+v, want %q", i, rows[i], e.Ref.ID)
		}
	}
	for name, text := range map[string]string{"JSON": text, "CSV": sheet} {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) }) {
			t.Errorf("the %s holds control characters", name)
		}
	}
}
