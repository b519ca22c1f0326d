package bench

import (
	"errors"
	"math"
	"testing"
	"time"

	"bursar/cli/bench/meter"
)

func TestVerdicts(t *testing.T) {
	overFloor := Bound{Times: 1.2, Plus: 64}
	failed := errors.New("it is not installed")
	for _, tc := range []struct {
		name    string
		row     Row
		verdict Verdict
		ratio   float64 // NaN: none
		allowed string
	}{
		{"below a tenth of the peer", compare(1, "", bytesOf(9), "p", bytesOf(100), times(0.1)), Met, 0.09, "<= 0.1x"},
		{"exactly a tenth of the peer", compare(1, "", bytesOf(10), "p", bytesOf(100), times(0.1)), Met, 0.1, "<= 0.1x"},
		{"above a tenth of the peer", compare(1, "", bytesOf(11), "p", bytesOf(100), times(0.1)), NotMet, 0.11, "<= 0.1x"},
		{"as fast as asked", compare(8, "", rateOf(85), "p", rateOf(100), atLeast(0.85)), Met, 0.85, ">= 0.85x"},
		{"slower than asked", compare(8, "", rateOf(84), "p", rateOf(100), atLeast(0.85)), NotMet, 0.84, ">= 0.85x"},
		{"within the floor and some more", compare(2, "", bytesOf(184), "p", bytesOf(100), overFloor), Met, 1.84, "<= 1.2x + 64 B"},
		{"above the floor and some more", compare(2, "", bytesOf(185), "p", bytesOf(100), overFloor), NotMet, 1.85, "<= 1.2x + 64 B"},
		{"within a limit", limit(3, "", millisOf(3), 3), Met, 1, "<= 3 ms"},
		{"above a limit", limit(3, "", millisOf(3.3), 3), NotMet, 1.1, "<= 3 ms"},
		{"nothing where nothing is allowed", limit(10, "", bytesOf(0), 0), Met, math.NaN(), "<= 0 B"},
		{"something where nothing is allowed", limit(10, "", bytesOf(1), 0), NotMet, math.NaN(), "<= 0 B"},
		{"a figure that could not be taken", compare(1, "", bytesOf(1).or(failed), "p", bytesOf(2), times(1)), NotMeasured, math.NaN(), "<= 1x"},
		{"a peer that is not there", compare(1, "", bytesOf(1), "p", bytesOf(0).or(failed), times(1)), NotMeasured, math.NaN(), "<= 1x"},
		{"a key that drew nothing", limit(1, "", bytesOf(math.NaN()), 5), NotMeasured, math.NaN(), "<= 5 B"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.row.Verdict(); got != tc.verdict {
				t.Errorf("%s, want %s", got, tc.verdict)
			}
			ratio, ok := tc.row.Ratio()
			if ok == math.IsNaN(tc.ratio) || ok && math.Abs(ratio-tc.ratio) > 1e-9 {
				t.Errorf("ratio %v, %v, want %v", ratio, ok, tc.ratio)
			}
			if got := tc.row.Bound.Text(tc.row.unit()); got != tc.allowed {
				t.Errorf("allowed %q, want %q", got, tc.allowed)
			}
		})
	}
}

func TestNumbersKeepThreeDigits(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.01234: "0.012", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 12345: "12345"} {
		if got := number(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

func TestTheWorstKeyIsFurthestAboveItsBound(t *testing.T) {
	press := func(bytes, floor int) meter.Series {
		return meter.Series{Presses: []meter.Press{{Bytes: 1, Floor: 1}, {Bytes: bytes, Floor: floor}}}
	}
	b := Bound{Times: 1.2, Plus: 64}
	name, p := worst(map[string]meter.Series{"large": press(9000, 10_000), "over": press(400, 100), "small": press(10, 20)}, b)
	if name != "over" || p.Bytes != 400 {
		t.Errorf("%s %+v, want the one that is over", name, p)
	}
	if name, _ = worst(nil, b); name != "" {
		t.Errorf("%q of nothing", name)
	}
}

func TestLatenciesArePooled(t *testing.T) {
	of := func(ms ...int) (s meter.Series) {
		for _, n := range ms {
			s.Presses = append(s.Presses, meter.Press{Latency: time.Duration(n) * time.Millisecond})
		}
		return s
	}
	all := map[string]meter.Series{"a": of(1, 3), "b": of(2), "c": of(100)}
	if got := meter.Median(pool(all, "a", "b")); got != 2 {
		t.Errorf("the median is %v, want 2", got)
	}
}
