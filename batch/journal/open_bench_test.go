package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"bursar/cache/disk"
)

// BenchmarkOpen is the start of the program over a journal of twenty thousand
// events, closed in order and killed.
func BenchmarkOpen(b *testing.B) {
	key := bytes.Repeat([]byte{7}, 32)
	dir := b.TempDir()
	j, err := Open(Options{Dir: dir, Key: key})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 20_000 {
		if err := j.AppendLater(event("a", i)); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.Append(); err != nil {
		b.Fatal(err)
	}
	dead := filepath.Join(b.TempDir(), "killed")
	if err := os.Mkdir(dead, 0o700); err != nil {
		b.Fatal(err)
	}
	if err := copyStore(dir, dead); err != nil {
		b.Fatal(err)
	}
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("closed", func(b *testing.B) { openAndClose(b, dir, key) })
	b.Run("killed", func(b *testing.B) {
		held, err := disk.Hold(dead)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = held.Release() }()
		for b.Loop() {
			if err := rehearse(Options{Dir: dead, Key: key, Held: held}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func openAndClose(b *testing.B, dir string, key []byte) {
	for b.Loop() {
		j, err := Open(Options{Dir: dir, Key: key})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
