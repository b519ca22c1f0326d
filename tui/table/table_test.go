package table

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"bursar/themes"
)

// list is rows by their keys; a cell says its key and column.
type list struct {
	keys  []int
	cells func(key int, into []Cell)
}

func (l list) Len() int      { return len(l.keys) }
func (l list) Key(i int) int { return l.keys[i] }
func (l list) Row(i int, into []Cell) {
	if l.cells != nil {
		l.cells(l.keys[i], into)
		return
	}
	for c := range into {
		into[c] = Cell{Text: fmt.Sprintf("r%dc%d", l.keys[i], c)}
	}
}

func count(n int) list {
	l := list{}
	for i := range n {
		l.keys = append(l.keys, i)
	}
	return l
}

func styles(t testing.TB, name string, profile termenv.Profile) themes.Styles {
	t.Helper()
	theme, err := themes.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(true)
	return themes.Build(r, theme)
}

func plainTable(t testing.TB, columns ...Column) *Table[int] {
	return New[int](styles(t, "dark", termenv.Ascii), columns...)
}

func lines(t *Table[int]) []string { return strings.Split(ansi.Strip(t.View()), "\n") }

func TestColumnsByWidth(t *testing.T) {
	columns := []Column{
		{ID: "created", Min: 16},
		{ID: "amount", Min: 14, Align: Amount},
		{ID: "party", Min: 10, Max: 30, Flex: 2},
		{ID: "method", Min: 8, Priority: 1},
		{ID: "note", Min: 10, Flex: 1, Priority: 2},
	}
	for width, want := range map[int]string{
		200: "created amount party method note",
		60:  "created amount party method",
		58:  "created amount party method",
		50:  "created amount party",
		30:  "created amount", // what is left of a column that must stay is nothing
	} {
		tab := plainTable(t, columns...)
		tab.SetSize(width, 5)
		var got []string
		for _, c := range tab.Columns() {
			got = append(got, c.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d cells: %v, want %s", width, got, want)
		}
	}
}

func TestWidthsDoNotDependOnRows(t *testing.T) {
	tab := plainTable(t, Column{ID: "a", Title: "A", Min: 5, Flex: 1}, Column{ID: "b", Title: "B", Min: 5, Flex: 1})
	tab.SetSize(41, 4)
	before := lines(tab)[0]
	tab.SetRows(list{keys: []int{1}, cells: func(_ int, c []Cell) { c[0].Text = strings.Repeat("long ", 30) }})
	if after := lines(tab)[0]; after != before {
		t.Errorf("titles moved from %q to %q", before, after)
	}
}

// TestEveryLineIsExactlyAsWide draws anything at any size.
func TestEveryLineIsExactlyAsWide(t *testing.T) {
	st := styles(t, "dark", termenv.TrueColor)
	rapid.Check(t, func(t *rapid.T) {
		var columns []Column
		for i := range rapid.IntRange(0, 6).Draw(t, "columns") {
			columns = append(columns, Column{
				ID: fmt.Sprint(i), Title: rapid.StringN(0, 12, 40).Draw(t, "title"), Min: rapid.IntRange(0, 20).Draw(t, "min"),
				Max: rapid.IntRange(0, 40).Draw(t, "max"), Flex: rapid.IntRange(0, 3).Draw(t, "flex"),
				Align: Align(rapid.IntRange(0, 2).Draw(t, "align")), Priority: rapid.IntRange(0, 3).Draw(t, "priority"),
			})
		}
		tab := New[int](st, columns...)
		width, height := rapid.IntRange(0, 120).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height")
		tab.SetSize(width, height)
		texts := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"世界", "1 234.50 RUB", "-5.00 EUR", "👍", "e\u0301", "\x1b[2J"})), 1, 5).Draw(t, "texts")
		tab.SetRows(list{keys: []int{1, 2, 3}, cells: func(key int, into []Cell) {
			for c := range into {
				into[c] = Cell{Text: texts[(key+c)%len(texts)], Tone: themes.Muted}
			}
		}})
		tab.SetMarked(func(k int) bool { return k == 2 })
		tab.SetSort("1", true)
		tab.SetEmpty("nothing here")
		got := strings.Split(tab.View(), "\n")
		if len(got) != height {
			t.Fatalf("%d lines, want %d", len(got), height)
		}
		for _, line := range got {
			if w := ansi.StringWidth(line); w != width {
				t.Fatalf("line %q is %d wide, want %d", line, w, width)
			}
		}
	})
}

func TestAmountsStandInLine(t *testing.T) {
	amounts := []string{"12\u00a0345.00 RUB", "7.50 EUR", "1\u00a0000 JPY", "-3.125 KWD", "100.00 ?", "100.00"}
	tab := plainTable(t, Column{ID: "amount", Title: "Amount", Min: 16, Align: Amount})
	tab.SetSize(19, 8)
	tab.SetRows(list{keys: []int{0, 1, 2, 3, 4, 5}, cells: func(k int, c []Cell) { c[0].Text = amounts[k] }})
	want := []string{
		"             Amount",
		"▌     12 345.00 RUB",
		"           7.50 EUR",
		"       1 000    JPY",
		"         -3.125 KWD",
		"         100.00 ?  ",
		"             100.00",
	}
	for i, line := range lines(tab)[:7] {
		if line != want[i] {
			t.Errorf("line %d is %q, want %q", i, line, want[i])
		}
	}
}

func TestAmountsAreNeverCut(t *testing.T) {
	for width, want := range map[int]string{
		14: "12 345.00 RUB ", 13: "12 345.00 RUB", 12: "12345.00 RUB", 11: "…", 3: "…",
	} {
		tab := plainTable(t, Column{ID: "amount", Min: width, Align: Amount})
		tab.SetSize(gutter+width, 2)
		tab.SetRows(list{keys: []int{0}, cells: func(_ int, c []Cell) { c[0].Text = "12 345.00 RUB" }})
		if got := strings.TrimSpace(strings.TrimPrefix(lines(tab)[1], "▌")); got != strings.TrimSpace(want) {
			t.Errorf("in %d cells: %q, want %q", width, got, want)
		}
	}
}

func TestCursorAndMarksAreSigns(t *testing.T) {
	for name, want := range map[string][]string{"dark": {"▌  r0", "   r1", " ● r2"}, "mono": {">  r0", "   r1", " * r2"}} {
		tab := New[int](styles(t, name, termenv.TrueColor), Column{ID: "a", Min: 6})
		tab.SetSize(9, 4)
		tab.SetRows(count(3))
		tab.SetMarked(func(k int) bool { return k == 2 })
		for i, line := range lines(tab)[1:] {
			if !strings.HasPrefix(line, want[i]) {
				t.Errorf("%s: row %d is %q, want %q", name, i, line, want[i])
			}
		}
	}
}

func TestMoving(t *testing.T) {
	type state struct{ cursor, top int }
	for name, c := range map[string]struct {
		do   func(t *Table[int])
		want state
	}{
		"down inside the page":         {func(t *Table[int]) { t.Move(3) }, state{3, 0}},
		"down to the margin":           {func(t *Table[int]) { t.Move(7) }, state{7, 0}},
		"down past the margin":         {func(t *Table[int]) { t.Move(8) }, state{8, 1}},
		"up again does not scroll":     {func(t *Table[int]) { t.Move(8); t.Move(-3) }, state{5, 1}},
		"up to the margin does":        {func(t *Table[int]) { t.GoTo(50); t.Move(-6) }, state{44, 42}},
		"above the first row":          {func(t *Table[int]) { t.Move(-5) }, state{0, 0}},
		"the last row":                 {func(t *Table[int]) { t.Bottom() }, state{99, 90}},
		"below the last row":           {func(t *Table[int]) { t.Bottom(); t.Move(1) }, state{99, 90}},
		"the first row":                {func(t *Table[int]) { t.Bottom(); t.Top() }, state{0, 0}},
		"a page":                       {func(t *Table[int]) { t.Move(4); t.Page(1) }, state{14, 10}},
		"a page and back":              {func(t *Table[int]) { t.Move(4); t.Page(1); t.Page(-1) }, state{4, 0}},
		"half a page":                  {func(t *Table[int]) { t.Move(4); t.Half(1) }, state{9, 5}},
		"pages end at the last row":    {func(t *Table[int]) { t.Page(50) }, state{99, 90}},
		"a key":                        {func(t *Table[int]) { t.GoToKey(42) }, state{42, 35}},
		"a larger window shows more":   {func(t *Table[int]) { t.Bottom(); t.SetSize(20, 31) }, state{99, 70}},
		"a smaller window keeps sight": {func(t *Table[int]) { t.Move(7); t.SetSize(20, 4) }, state{7, 6}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := plainTable(t, Column{ID: "a", Min: 6})
			tab.SetSize(20, 11)
			tab.SetRows(count(100))
			c.do(tab)
			i, key, ok := tab.Cursor()
			from, _ := tab.Visible()
			if got := (state{i, from}); got != c.want || key != i || !ok {
				t.Errorf("%+v (key %d), want %+v", got, key, c.want)
			}
		})
	}
}

func TestCursorStaysOnItsRow(t *testing.T) {
	tab := plainTable(t, Column{ID: "a", Min: 6})
	tab.SetSize(20, 11)
	tab.SetRows(count(100))
	tab.GoTo(54)
	tab.GoTo(50) // in the middle of the window, where following the cursor would not move it
	before := lines(tab)[1:]

	newer := list{keys: append([]int{900, 901, 902}, count(100).keys...)}
	tab.SetRows(newer)
	if i, key, _ := tab.Cursor(); key != 50 || i != 53 {
		t.Errorf("three new rows above: cursor on row %d, key %d", i, key)
	}
	for y, line := range lines(tab)[1:] {
		if line != before[y] {
			t.Errorf("line %d became %q from %q", y, line, before[y])
		}
	}

	gone := list{keys: append([]int{}, newer.keys...)}
	gone.keys = append(gone.keys[:53], gone.keys[54:]...)
	tab.SetRows(gone)
	if i, key, _ := tab.Cursor(); i != 53 || key != 51 {
		t.Errorf("its row gone: cursor on row %d, key %d", i, key)
	}
	tab.SetRows(list{})
	if _, _, ok := tab.Cursor(); ok {
		t.Error("a cursor without rows")
	}
	tab.SetRows(gone)
	if _, key, _ := tab.Cursor(); key != 51 {
		t.Errorf("rows back: cursor on key %d", key)
	}
}

func TestOnlyVisibleRowsAreAskedFor(t *testing.T) {
	asked := map[int]bool{}
	tab := plainTable(t, Column{ID: "a", Min: 6})
	tab.SetSize(20, 11)
	rows := count(100000)
	rows.cells = func(k int, _ []Cell) { asked[k] = true }
	tab.SetRows(rows)
	tab.GoTo(5000)
	tab.View()
	if len(asked) != 10 || !asked[5000] {
		t.Errorf("%d rows were asked for", len(asked))
	}
}

func TestTitles(t *testing.T) {
	tab := plainTable(t, Column{ID: "a", Title: "Created", Min: 10}, Column{ID: "b", Title: "Amount", Min: 10, Align: Amount})
	tab.SetSize(25, 3)
	tab.SetSort("b", false)
	if got, want := lines(tab)[0], "   Created       Amount ▼"; got != want {
		t.Errorf("titles %q, want %q", got, want)
	}
	tab.SetEmpty("Nothing matches the filter")
	if got, want := lines(tab)[1], "   Nothing matches the f…"; got != want {
		t.Errorf("empty table says %q", got)
	}
}
