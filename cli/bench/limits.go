package bench

import (
	"bytes"
	"os"
	"time"

	"bursar/cli/bench/meter"
)

// scan is how long one thread takes to read the rows' text in memory: what no
// search can do without.
func (b *bench) scan() (float64, error) {
	b.say("limits of this machine")
	text, err := os.ReadFile(b.csv())
	if err != nil {
		return 0, err
	}
	var took []float64
	for range rounds {
		began := time.Now()
		if bytes.Count(text, []byte{0xFE}) != 0 { // never part of a character
			continue
		}
		took = append(took, since(began))
	}
	return meter.Median(took), nil
}

// appends is how long a durable append of an event's size takes.
func (b *bench) appends() (float64, error) {
	f, err := os.Create(b.path("append.tmp"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close(); _ = os.Remove(f.Name()) }()
	var took []float64
	for range 300 {
		began := time.Now()
		if _, err := f.Write(make([]byte, 300)); err != nil {
			return 0, err
		}
		if err := datasync(f); err != nil {
			return 0, err
		}
		took = append(took, since(began))
	}
	return meter.Median(took), nil
}
