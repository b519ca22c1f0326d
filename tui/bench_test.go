package tui_test

import (
	"testing"

	"bursar/tui/tuitest"
)

// BenchmarkKey is one cursor step, from the key to the frame, at 200x50.
func BenchmarkKey(b *testing.B) {
	desk := tuitest.NewDesk(b, tuitest.Options{Payments: 2000})
	d := tuitest.Drive(b, desk, 200, 50)
	d.Until("P-40000")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Press([]string{"j", "k"}[i/30%2])
		_ = d.Frame()
	}
}
