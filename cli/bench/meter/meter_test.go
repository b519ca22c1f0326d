package meter

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestFloor(t *testing.T) {
	for _, tc := range []struct {
		name          string
		before, after string
		cells, text   int
		bytes         int
	}{
		{"nothing changed", "abc", "\x1b[1;1Habc", 0, 0, 0},
		{"one cell", "abc", "\x1b[1;2HX", 1, 1, moveCost + 1},
		{"two cells side by side are one run", "abc", "\x1b[1;1HXY", 2, 2, moveCost + 2},
		{"two runs are two moves", "abc", "\x1b[1;1HX\x1b[1;3HY", 2, 2, 2*moveCost + 2},
		{"a letter of two bytes", "abc", "\x1b[1;1Hж", 1, 2, moveCost + 2},
		{"a rendition costs more", "abc", "\x1b[1;1H\x1b[31mX\x1b[m", 1, 1, moveCost + renditionCost + 1},
		{"one rendition for a whole run", "abc", "\x1b[1;1H\x1b[31mXYZ\x1b[m", 3, 3, moveCost + renditionCost + 3},
		{"the colour of a blank is not seen", "a c", "\x1b[1;2H\x1b[31m \x1b[m", 0, 0, 0},
		{"the ground of a blank is seen", "a c", "\x1b[1;2H\x1b[41m \x1b[m", 1, 1, moveCost + renditionCost + 1},
		{"a run ends with its line", "abc", "\x1b[1;10HX\x1b[2;1HY", 2, 2, 2*moveCost + 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := NewScreen(10, 3)
			s.Write([]byte(tc.before))
			before := s.Cells()
			s.Write([]byte(tc.after))
			cells, text, bytes := Floor(before, s.Cells())
			if cells != tc.cells || bytes != tc.bytes || text != tc.text {
				t.Errorf("%d cells, %d bytes of text, %d in all, want %d, %d, %d", cells, text, bytes, tc.cells, tc.text, tc.bytes)
			}
		})
	}
}

func TestACharacterCutInTwoIsShownWhole(t *testing.T) {
	s := NewScreen(10, 2)
	for _, b := range []byte("приём") {
		s.Write([]byte{b})
	}
	if got := s.Line(0); got != "приём" {
		t.Errorf("got %q", got)
	}
}

func TestQueriesAreFoundWhereverTheyAreCut(t *testing.T) {
	const text = "abc\x1b]11;?\x1b\\def\x1b[6n"
	want := []string{"\x1b]11;rgb:1a1a/1a1a/1a1a\x1b\\", "\x1b[1;1R"}
	for cut := range len(text) {
		q := queries{}
		got := append(q.in([]byte(text[:cut])), q.in([]byte(text[cut:]))...)
		if !slices.Equal(got, want) {
			t.Errorf("cut at %d: %q", cut, got)
		}
	}
}

func TestQuantiles(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3}
	if got := Median(values); got != 3 {
		t.Errorf("the median is %v", got)
	}
	if got := Quantile(values, 1); got != 5 {
		t.Errorf("the largest is %v", got)
	}
	hundred := make([]float64, 101)
	for i := range hundred {
		hundred[i] = float64(i)
	}
	if got := P95(hundred); got != 95 {
		t.Errorf("p95 is %v", got)
	}
	if !math.IsNaN(Median(nil)) {
		t.Error("the median of nothing is a number")
	}
}

func TestBusiest(t *testing.T) {
	began := time.Unix(0, 0)
	at := func(ms ...int) (out []time.Time) {
		for _, n := range ms {
			out = append(out, began.Add(time.Duration(n)*time.Millisecond))
		}
		return out
	}
	for _, tc := range []struct {
		name string
		ms   []int
		want int
	}{
		{"nothing", nil, 0},
		{"one frame in several reads", []int{0, 1, 2, 3}, 1},
		{"three within a second", []int{0, 400, 900, 1500, 2600}, 3},
		{"a second later is not within it", []int{0, 1000, 2000}, 1},
	} {
		if got := Busiest(at(tc.ms...)); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestProcFiles(t *testing.T) {
	ns, err := parseSchedstat("2500000 17 3\n")
	if err != nil || ns != 2500*time.Microsecond {
		t.Errorf("schedstat: %v, %v", ns, err)
	}
	if _, err := parseSchedstat("nonsense"); err == nil {
		t.Error("nonsense is a time")
	}
	m, err := parseStatus("Name:\tbursar\nVmHWM:\t  20480 kB\nVmRSS:\t  10240 kB\nRssAnon:\t 1024 kB\n")
	if err != nil || m != (Memory{RSS: 10, Peak: 20, Anon: 1}) {
		t.Errorf("status: %+v, %v", m, err)
	}
	if _, err := parseStatus("VmRSS:\t  10240 kB\n"); err == nil {
		t.Error("half of it is enough")
	}
}
