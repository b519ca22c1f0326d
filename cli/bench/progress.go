package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"bursar/batch"
	"bursar/cache"
	"bursar/cache/sync"
	"bursar/cache/views"
	"bursar/cli/bench/meter"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui"
)

// Progress is a child process with a batch of actions over a till in memory:
// with the workstation's screen when there is a terminal, else without, from the
// first line of input on. What the screen costs is the difference of the two.
func Progress(ctx context.Context, n int, in *os.File, out io.Writer, dir string) error {
	t := newTill(n, 4, 0)
	store, err := cache.Open(cache.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if _, err := store.Put(time.Now(), t.all()...); err != nil {
		return err
	}
	engine, err := batch.NewEngine(batch.EngineOptions{
		Accounts: t, Journal: &book{},
		Changed: func(r providers.Record) { _, _ = store.Put(time.Now(), r) },
	})
	if err != nil {
		return err
	}
	defer engine.Close()
	if screen, ok := out.(*os.File); ok && dir != "" {
		return progressOn(ctx, t, store, engine, in, screen, dir)
	}
	plan, err := planOf(t)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "ready"); err != nil {
		return err
	}
	if _, err := bufio.NewReader(in).ReadString('\n'); err != nil {
		return err
	}
	run, err := engine.Start(ctx, plan, batch.StartOptions{})
	if err != nil {
		return err
	}
	report := run.Wait()
	_, err = fmt.Fprintf(out, "%d applied\n", report.Applied)
	_, _ = io.Copy(io.Discard, in) // stay to be measured
	return err
}

func progressOn(ctx context.Context, t *till, store *cache.Store, engine *batch.Engine, in, out *os.File, dir string) error {
	saved, err := views.Load(dir + "/views.json")
	if err != nil {
		return err
	}
	return tui.Run(ctx, tui.Core{
		Store: store, Sync: sync.New(sync.Options{Store: store, Providers: t.All()}), Engine: engine, Accounts: t,
		Keys: keymap.Default(), Views: saved, ExportDir: dir, Now: time.Now, By: "bench", Host: "bench",
	}, in, out)
}

// progressFigures are the processor time of a batch's progress on the screen,
// and the busiest second's frames.
type progressFigures struct {
	cpu    float64 // ms
	frames float64
}

// progress runs the batch with the screen and without it, in turn.
func (b *bench) progress(ctx context.Context) (f progressFigures, err error) {
	b.say("the progress of a batch of %s", grouped(actions))
	var with, without, frames []float64
	for range 3 {
		ms, err := b.headless(ctx)
		if err != nil {
			return f, err
		}
		without = append(without, ms)
		ms, busiest, err := b.onScreen(ctx)
		if err != nil {
			return f, err
		}
		with, frames = append(with, ms), append(frames, busiest)
	}
	f.cpu = max(0, meter.Median(with)-meter.Median(without))
	f.frames = meter.Quantile(frames, 1)
	return f, nil
}

// headless is the batch's own processor time, in ms.
func (b *bench) headless(ctx context.Context) (float64, error) {
	cmd := exec.CommandContext(ctx, b.exe, "bench", "progress", "--actions", strconv.Itoa(actions))
	cmd.Env, cmd.Dir = b.env(), b.home
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() { _ = stdin.Close(); _ = cmd.Wait() }()
	lines := bufio.NewReader(stdout)
	if _, err := lines.ReadString('\n'); err != nil {
		return 0, err
	}
	before, err := meter.CPU(cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	if _, err := io.WriteString(stdin, "go\n"); err != nil {
		return 0, err
	}
	text, err := lines.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if text != fmt.Sprintf("%d applied\n", actions) {
		return 0, fmt.Errorf("the batch without a screen says %q", text)
	}
	after, err := meter.CPU(cmd.Process.Pid)
	return (after - before).Seconds() * 1000, err
}

// onScreen is the same batch begun by keys and watched on the screen.
func (b *bench) onScreen(ctx context.Context) (ms, frames float64, err error) {
	t, err := b.terminal(0, b.exe, "bench", "progress", "--actions", strconv.Itoa(actions), "--screen", b.home)
	if err != nil {
		return 0, 0, err
	}
	defer t.Close("q")
	if _, err := t.Until(ctx, "list", func(s *meter.Screen) bool { return cursorLine(s) != "" && s.Shows("no marks") }); err != nil {
		return 0, 0, err
	}
	confirm, err := prepare(ctx, t, "c", actions)
	if err != nil {
		return 0, 0, err
	}
	before, err := meter.CPU(t.PID())
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := confirm(); err != nil {
		return 0, 0, err
	}
	applied := fmt.Sprintf("%s applied", grouped(actions))
	if _, err := t.Until(ctx, applied, func(s *meter.Screen) bool { return s.Shows(applied) }); err != nil {
		return 0, 0, err
	}
	if err := t.Quiet(ctx, settled); err != nil {
		return 0, 0, err
	}
	after, err := meter.CPU(t.PID())
	return (after - before).Seconds() * 1000, float64(meter.Busiest(t.Frames(began))), err
}
