package meter

import (
	"math"
	"slices"
	"time"
)

// Quantile is the value below which the share q of the values lies; NaN of
// none.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	v := slices.Sorted(slices.Values(values))
	return v[min(int(q*float64(len(v)-1)+0.5), len(v)-1)]
}

// Median is the value in the middle.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// P95 is the value that one in twenty exceeds.
func P95(values []float64) float64 { return Quantile(values, 0.95) }

// Busiest is the largest number of moments within any second. Moments closer
// together than a terminal can tell apart count once: a long frame reaches it in
// several reads.
func Busiest(moments []time.Time) int {
	const together = 2 * time.Millisecond
	var frames []time.Time
	var last time.Time
	for _, m := range moments {
		if last.IsZero() || m.Sub(last) > together {
			frames = append(frames, m)
		}
		last = m
	}
	most, from := 0, 0
	for i, m := range frames {
		for m.Sub(frames[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}
