package tui_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"bursar/providers"
	"bursar/tui/painter"
	"bursar/tui/painter/emulator"
	"bursar/tui/tuitest"
	"bursar/tui/view"
)

// soak is a desk in the hands of an operator who does everything, over and over.
type soak struct {
	*tuitest.Driver
	t     *testing.T
	desk  *tuitest.Desk
	rows  int
	hours atomic.Int64 // of the clock that everything but the screen goes by
	shift int
	paint *painter.Screen
}

// lot is how many payments each batch credits.
const lot = 100

// TestSoak lets an hour of work pass and looks for anything that grows: memory,
// goroutines, open files, the store. It takes a few seconds; BURSAR_SOAK=2m is
// the full length, with more rows.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	length, rows := 6*time.Second, 4000
	if d, err := time.ParseDuration(os.Getenv("BURSAR_SOAK")); err == nil {
		length, rows = d, 50_000
	}
	defer func(rate int) { runtime.MemProfileRate = rate }(runtime.MemProfileRate)
	runtime.MemProfileRate = sampling
	dir := t.TempDir()
	s := newSoak(t, dir, rows)
	var samples []gauge
	for began := time.Now(); time.Since(began) < length || len(samples) < 18; {
		s.work()
		samples = append(samples, read(dir))
	}
	for i, g := range samples {
		t.Logf("%3d: %+v", i, g)
	}
	for _, what := range growth(samples, rows) {
		t.Error(what)
	}
}

func newSoak(t *testing.T, dir string, rows int) *soak {
	s := &soak{t: t, rows: rows}
	s.desk = tuitest.NewDesk(t, tuitest.Options{Payments: rows, Empty: true, Dir: dir, Now: s.now, Sweep: time.Minute, Workers: 8})
	s.paint = painter.NewScreen(io.Discard, 140, 40)
	emulator.NewRenderer(s.paint, 140, 40).Enter()
	s.desk.SyncAll(t)
	s.Driver = tuitest.Drive(t, s.desk, 140, 40)
	s.Until("P-40000")
	return s
}

func (s *soak) now() time.Time { return tuitest.Clock.Add(time.Duration(s.hours.Load()) * time.Hour) }

// see looks at the screen as a terminal would.
func (s *soak) see(text string) {
	s.t.Helper()
	s.Until(text)
	s.paint.Draw(s.Frame())
}

// work is one round of everything.
func (s *soak) work() {
	s.shift++
	s.hours.Add(1)
	s.desk.Hosting.Forget()
	s.change()
	synced := make(chan struct{})
	go func() {
		defer close(synced)
		s.desk.SyncAll(s.t)
	}()
	s.search()
	s.lists()
	s.guest()
	<-synced
	s.credit()
	s.export()
}

// change lets the world go on: payments of the lot are new again, some come in,
// some change, and as many vanish.
func (s *soak) change() {
	var refs []providers.Ref
	for i := range 15 {
		id := fmt.Sprint(1_000_000 + s.shift*15 + i)
		s.desk.Hosting.Put(s.payment(id, "came in", s.now().Add(-time.Duration(i)*time.Minute)))
		refs = append(refs, tuitest.Ref("hosting", providers.Payment, fmt.Sprint(1_000_000+(s.shift-1)*15+i)))
	}
	s.desk.Hosting.Drop(refs...)
	for i := range lot {
		s.desk.Hosting.Put(s.payment(fmt.Sprint(2_000_000+i), "lot", tuitest.Clock.Add(-time.Duration(i)*time.Hour)))
	}
	for i := range 50 {
		n := (s.shift*50 + i) % (s.rows / 2)
		s.desk.Hosting.Put(s.payment(fmt.Sprint(40_000-n-100), fmt.Sprint("change of shift ", s.shift), tuitest.Clock.Add(-time.Duration(n)*time.Hour)))
	}
}

func (s *soak) payment(id, note string, created time.Time) providers.Record {
	return providers.Record{
		Ref: tuitest.Ref("hosting", providers.Payment, id), Number: "P-" + id, Status: tuitest.New, Amount: providers.MustMoney("10.00", "RUB"), Created: created, Updated: s.now(),
		Party: providers.Party{Name: people[s.shift%len(people)]}, Method: "sbp", Note: note,
	}
}

// search types a filter letter by letter, leaves it, and looks at records.
func (s *soak) search() {
	s.Press("/")
	s.Type("ромашка status:new")
	s.see("filter: ромашка status:new")
	s.Press("enter", "j", "enter", "j", "k", "esc", "esc")
	s.catchUp()
	s.Press("V", "pgdown", "V", "i", "i", "-", "G", "g")
	s.catchUp()
}

// catchUp waits until the screen has taken in all that was typed.
func (s *soak) catchUp() {
	s.Press("?")
	s.see("In short")
	s.Press("esc")
}

// lists goes through every order and every list, help and themes.
func (s *soak) lists() {
	for range 9 {
		s.Press("s", "S")
		s.catchUp()
	}
	for _, tab := range []string{"2", "3", "4", "1"} {
		s.Press(tab)
		s.catchUp()
	}
	s.Press("t", "t", "t", "t", ":", "esc") // four themes
	s.catchUp()
}

// guest is another screen over the same desk, which comes and goes.
func (s *soak) guest() {
	runtime.MemProfileRate = 1 // so that the profile counts each subscriber
	desk := *s.desk
	ctx, leave := context.WithCancel(s.desk.Ctx)
	desk.Ctx = ctx
	tuitest.Drive(s.t, &desk, 80, 24).Until("Payments " + view.Count(s.rows)[:1])
	leave()
	runtime.MemProfileRate = sampling
}

// credit marks the lot, credits it, and reads the report.
func (s *soak) credit() {
	s.Press("/")
	s.Type("note:lot status:new")
	s.Press("enter")
	s.see(view.Count(lot) + " of ")
	s.Press("*", "c")
	s.see("goes on to the typed")
	s.Press("enter")
	s.see("type the count")
	s.Type(fmt.Sprint(lot))
	s.Press("enter")
	s.see(fmt.Sprint(lot) + " applied")
	s.Press("J")
	s.see("Credit " + fmt.Sprint(lot) + " payments")
	s.Press("enter")
	s.see("✓ applied")
	s.Press("esc", "esc", "esc")
	s.catchUp()
	s.see("no filter")
}

// export writes the list and takes the file away again.
func (s *soak) export() {
	s.Press("e", "c")
	s.see("exported: ")
	files, err := filepath.Glob(filepath.Join(s.desk.Core.ExportDir, "*.csv"))
	if err != nil || len(files) != 1 {
		s.t.Fatalf("%d exports, %v", len(files), err)
	}
	if err := os.Remove(files[0]); err != nil {
		s.t.Fatal(err)
	}
	if n := s.desk.Store.State("hosting", providers.Payment); n.Count < s.rows {
		s.t.Fatalf("the store holds %+v", n)
	}
}
