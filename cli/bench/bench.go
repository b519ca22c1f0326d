package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what to measure, and where.
type Options struct {
	Program string // path of bursar itself
	Rows    int
	Seed    uint64
	Dir     string // where the data is made; "" is a directory that is removed
	Keep    bool   // leave Dir as it is in the end
	Data    string // Dir of an earlier run, used again and kept
	Goals   []int  // nil: all
	Source  string // bursar's own source, to build the stock peer from; "" looks for it
	Log     io.Writer
}

// Goals are the numbers of those that are measured. Goal 9, which is about kill
// -9, is a test and no figure.
func Goals() []int { return []int{1, 2, 3, 4, 5, 6, 7, 8, 10} }

// bench is one run: the data and every figure taken from it, each once.
type bench struct {
	data
	opt   Options
	noted []string

	seated     func() (screenFigures, error)
	sifted     func() (filterFigures, error)
	searched   func() (searchFigures, error)
	stockTable func() (stockFigures, error)
	newerTable func() (stockFigures, error)
	pager      func() (visidataFigures, error)
}

// Run measures. The table is complete also when parts could not be measured;
// the error is for what kept everything from being measured.
func Run(ctx context.Context, o Options) (t Table, err error) {
	if o.Goals == nil {
		o.Goals = Goals()
	}
	b := &bench{opt: o}
	b.say = func(format string, args ...any) {
		_, _ = fmt.Fprintf(o.Log, "%s  %s\n", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...))
	}
	b.seated = sync.OnceValues(func() (screenFigures, error) { return within(ctx, b.sit) })
	b.sifted = sync.OnceValues(func() (filterFigures, error) { return within(ctx, b.sift) })
	b.searched = sync.OnceValues(func() (searchFigures, error) { return within(ctx, b.search) })
	b.stockTable = sync.OnceValues(func() (stockFigures, error) {
		return within(ctx, func(ctx context.Context) (stockFigures, error) { return b.stock(ctx, stockV1) })
	})
	b.newerTable = sync.OnceValues(func() (stockFigures, error) {
		return within(ctx, func(ctx context.Context) (stockFigures, error) { return b.stock(ctx, stockV2) })
	})
	b.pager = sync.OnceValues(func() (visidataFigures, error) { return within(ctx, b.visidata) })
	forget, err := b.open(ctx)
	if err != nil {
		return Table{}, err
	}
	defer forget()
	t = Table{Date: time.Now(), Machine: machine(), Program: version(), Rows: b.made.Payments}
	for _, goal := range o.Goals {
		if err := ctx.Err(); err != nil {
			return t, err
		}
		t.Goals = append(t.Goals, b.goal(ctx, goal)...)
	}
	t.Keys = b.keys()
	t.Notes = b.notes()
	return t, nil
}

// sitting is how long any one measurement may take. It ends a wait for something
// that never comes.
const sitting = 10 * time.Minute

func within[T any](ctx context.Context, measure func(context.Context) (T, error)) (T, error) {
	ctx, stop := context.WithTimeout(ctx, sitting)
	defer stop()
	return measure(ctx)
}

// open makes the data or takes what is there.
func (b *bench) open(ctx context.Context) (forget func(), err error) {
	forget = func() {}
	b.dir = b.opt.Data
	if b.dir == "" {
		b.dir = b.opt.Dir
	}
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "bursar-bench-"); err != nil {
			return nil, err
		}
	}
	if b.dir, err = filepath.Abs(b.dir); err != nil {
		return nil, err
	}
	b.program = program{exe: b.opt.Program, home: filepath.Join(b.dir, "home")}
	if b.opt.Data != "" {
		return forget, b.load()
	}
	if !b.opt.Keep {
		made := []string{"home", "full", "tenth", "full.toml", "tenth.toml", "rows.csv", "payouts.csv", "rows.sqlite", "made.json", "bin", "busy", "busy.toml", "query.sql", "export.csv"}
		forget = func() {
			for _, name := range made {
				_ = os.RemoveAll(b.path(name))
			}
			_ = os.Remove(b.dir) // when nothing else is in it
		}
	}
	if err := b.make(ctx, b.opt.Rows, b.opt.Seed); err != nil {
		forget()
		return nil, err
	}
	return forget, nil
}

// keys are the table of keys, where a goal that was asked for needed them.
func (b *bench) keys() []Key {
	if !slices.ContainsFunc(b.opt.Goals, func(goal int) bool { return goal <= 3 }) {
		return nil
	}
	us, err := b.seated()
	if err != nil {
		return nil
	}
	stock, _ := b.stockTable() // without it there are no figures of it
	return keyTable(us.keys, stock.keys)
}

// note keeps a sentence for the end of the table.
func (b *bench) note(format string, args ...any) {
	b.noted = append(b.noted, fmt.Sprintf(format, args...))
}

// notes are what the data's making showed, and what was noted on the way.
func (b *bench) notes() []string {
	m := b.made
	return append([]string{fmt.Sprintf("first sync of %s payments: %.0f s, %.0f a second, peak RSS %.0f MiB, peak RssAnon %.0f MiB",
		grouped(m.Payments), m.Sync, float64(m.Payments)/m.Sync, m.PeakRSS, m.PeakAnon)}, b.noted...)
}

// machine is where the run took place.
func machine() string {
	text := fmt.Sprintf("%s/%s, %d cores", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return text + " " + strings.TrimSpace(value)
			}
		}
	}
	return text
}

// version is the program's commit, as far as it was built with one.
func version() string {
	text := runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				text += ", " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return text
}
