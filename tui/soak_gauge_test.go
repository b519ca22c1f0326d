package tui_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
)

// gauge is what a process holds.
type gauge struct {
	heap       int // bytes that live on it
	own        int // of these, what Badger did not ask for: its caches fill up for a long time
	subs       int // subscribers of the store
	goroutines int
	files      int // open ones, the tables of the stores apart: they come and go
	anon       int // bytes of memory that no file backs
	disk       int // bytes of the store
}

// read takes a sample. Dir holds the stores.
func read(dir string) gauge {
	runtime.GC()
	debug.FreeOSMemory() // another one, for the profile, and what it freed goes back
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g := gauge{heap: int(m.HeapAlloc), goroutines: runtime.NumGoroutine(), anon: resident()}
	g.profile()
	if list, err := os.ReadDir("/proc/self/fd"); err == nil {
		for _, e := range list {
			if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && !strings.HasPrefix(to, dir) {
				g.files++
			}
		}
	}
	_ = filepath.WalkDir(filepath.Join(dir, "cache"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				g.disk += int(info.Size())
			}
		}
		return nil
	})
	return g
}

// sampling is the rate of the heap's profile: each stretch of so many bytes
// leaves one record.
const sampling = 1024

// profile reads from the heap's profile what this program asked for itself, and
// how many subscribers it has.
func (g *gauge) profile() {
	records := make([]runtime.MemProfileRecord, 1<<14)
	n, ok := runtime.MemProfile(records, false)
	for !ok {
		records = make([]runtime.MemProfileRecord, n+1<<10)
		n, ok = runtime.MemProfile(records, false)
	}
	sum := 0.0
	for _, r := range records[:n] {
		mine, sub := whose(r.Stack())
		if mine {
			each := float64(r.InUseBytes()) / float64(max(1, r.InUseObjects()))
			sum += float64(r.InUseBytes()) / (1 - math.Exp(-each/sampling)) // as many as the sample stands for
		}
		if sub {
			g.subs += int(r.InUseObjects())
		}
	}
	g.own = int(sum)
}

// whose tells whether this program allocates there and not Badger for its caches
// and tables, and whether it is for a subscriber.
func whose(stack []uintptr) (mine, sub bool) {
	for _, pc := range stack {
		name := runtime.FuncForPC(pc - 1).Name()
		if strings.Contains(name, "/ristretto/") || strings.Contains(name, "/badger/v4/table.") || strings.Contains(name, "/badger/v4/skl.") {
			return false, false
		}
		mine = mine || strings.HasPrefix(name, "bursar/")
		sub = sub || strings.HasSuffix(name, ".(*Store).Subscribe")
	}
	return mine, sub
}

// resident is RssAnon, 0 where the system does not tell.
func resident() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("RssAnon:")); ok {
			n, _ := strconv.Atoi(strings.Fields(string(rest))[0])
			return n << 10
		}
	}
	return 0
}

// growth says what the last third of the samples holds more than the second,
// beyond the bounds; the first third is for warming up.
func growth(samples []gauge, rows int) (out []string) {
	third := len(samples) / 3
	middle, last := samples[third:2*third], samples[len(samples)-third:]
	for _, m := range []struct {
		what  string
		of    func(gauge) int
		bound int
	}{
		// Lists on the screen are not all of the same age.
		{"bytes of its own on the heap", func(g gauge) int { return g.own }, 256<<10 + 32*rows},
		// What Badger's caches took in and what it has not yet merged.
		{"bytes on the heap", func(g gauge) int { return g.heap }, 32 << 20},
		{"objects of subscribers", func(g gauge) int { return g.subs }, 2},
		{"goroutines", func(g gauge) int { return g.goroutines }, 2},
		{"open files", func(g gauge) int { return g.files }, 2},
		{"bytes of anonymous memory", func(g gauge) int { return g.anon }, 32 << 20},
		{"bytes on the disk", func(g gauge) int { return g.disk }, 48 << 20},
	} {
		a, b := median(middle, m.of), median(last, m.of)
		if b-a > m.bound {
			out = append(out, fmt.Sprintf("%d %s in the second third, %d in the last, %d more are allowed", a, m.what, b, m.bound))
		}
	}
	return out
}

func median(samples []gauge, of func(gauge) int) int {
	var all []int
	for _, g := range samples {
		all = append(all, of(g))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
