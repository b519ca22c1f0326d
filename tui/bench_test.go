package tui_test

import (
	"testing"

	"bursar/tui/tuitest"
)

// BenchmarkKey is one cursor step, from the key to the frame, at 200x50.
func BenchmarkKey(b *testing.B) { benchmarkKeys(b, "j", "k", 30) }

// BenchmarkPageKey is one page, of which every row is new. Three pages lie in one
// window, so that no key waits.
func BenchmarkPageKey(b *testing.B) { benchmarkKeys(b, "pgdown", "pgup", 3) }

// benchmarkKeys presses one key a few times, then the other as often.
func benchmarkKeys(b *testing.B, there, back string, times int) {
	desk := tuitest.NewDesk(b, tuitest.Options{Payments: 2000})
	d := tuitest.Drive(b, desk, 200, 50)
	d.Until("P-40000")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Press([]string{there, back}[i/times%2])
		_ = d.Frame()
	}
}
