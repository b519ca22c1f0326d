package cli

import (
	"context"
	"runtime"
	"runtime/metrics"
	"testing"
)

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{0: 30, 1 << 20: 30, 80 << 20: 30, 120 << 20: 20, 10 << 30: 10} {
		if got := percentFor(live); got != want {
			t.Errorf("%d MiB: %d %%, not %d", live>>20, got, want)
		}
	}
}

func percent() uint64 {
	s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func TestTheHeapIsPacedUntilTheProgramEnds(t *testing.T) {
	before := percent()
	ctx, end := context.WithCancel(t.Context())
	spareProcessors(ctx)
	paceHeap(ctx)
	if n := runtime.GOMAXPROCS(0); n < 8 {
		t.Errorf("%d processors", n)
	}
	held := make([]byte, 160<<20)
	for n := 0; percent() > 25; n++ {
		if n == 1000 {
			t.Fatalf("with %d MiB in use the heap may still grow by %d %%", len(held)>>20, percent())
		}
		runtime.GC() // the finalizer runs between two of them
	}
	runtime.KeepAlive(held)
	end()
	for n := 0; percent() != before; n++ {
		if n == 1_000_000 {
			t.Fatal("the pace outlives the program")
		}
		runtime.Gosched()
	}
}
