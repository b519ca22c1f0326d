package cli

import (
	"context"
	"runtime"
	"runtime/debug"
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

func TestAStartCollectsNothingUntilItIsOver(t *testing.T) {
	before, limit := percent(), debug.SetMemoryLimit(-1)
	for name, end := range map[string]func(started, leave func()){
		"it is over":                func(started, _ func()) { started() },
		"the program is left":       func(_, leave func()) { leave() },
		"first one, then the other": func(started, leave func()) { started(); leave() },
	} {
		ctx, leave := context.WithCancel(t.Context())
		started := startLazily(ctx)
		if percent() == before || debug.SetMemoryLimit(-1) != startRoom {
			t.Errorf("%s: garbage is collected from the start", name)
		}
		end(started, leave)
		for n := 0; percent() != before || debug.SetMemoryLimit(-1) != limit; n++ {
			if n == 1_000_000 {
				t.Fatalf("%s: nothing is collected any more", name)
			}
			runtime.Gosched()
		}
		leave()
	}
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
