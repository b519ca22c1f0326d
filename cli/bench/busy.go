package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"bursar/cache"
	"bursar/cache/disk"
	"bursar/cache/filter"
	"bursar/cli/bench/meter"
	"bursar/providers"
)

// steps are the keys pressed while something is going on in the background.
func steps() kind {
	return kind{meter.Keys{Name: cursor, Press: []string{"j", "k"}, N: 200, Blank: 3 * time.Second, Answer: cursorLine}, ""}
}

// cursorLine tells where the cursor is: which line begins with a sign.
func cursorLine(s *meter.Screen) string {
	for y := firstLine; y < s.Rows-2; y++ {
		if line := s.Line(y); line != "" && line[0] != ' ' {
			return strconv.Itoa(y)
		}
	}
	return ""
}

// whileSyncing measures keys while a fresh cache is being filled.
func (b *bench) whileSyncing(ctx context.Context) (latencies []float64, err error) {
	b.say("keys while a sync runs")
	busy := desk{b.program, b.path("busy"), b.path("busy.toml")}
	defer func() { _ = os.RemoveAll(busy.data) }()
	if err := os.RemoveAll(busy.data); err != nil {
		return nil, err
	}
	world, err := b.simulate(ctx, World{Payments: worldOf(b.made.Rows), Seed: b.made.Seed, Made: b.made.Made, OnlyPayments: true})
	if err != nil {
		return nil, err
	}
	defer world.close()
	if err := configure(busy.config, world.url, world.url, true); err != nil {
		return nil, err
	}
	t, err := busy.screen(0, "--account", "shop")
	if err != nil {
		return nil, err
	}
	defer t.Close("q")
	first, err := b.newest()
	if err != nil {
		return nil, err
	}
	if _, err := t.Until(ctx, "row", func(s *meter.Screen) bool { return s.Shows(first) }); err != nil {
		return nil, err
	}
	if err := t.Press("ggjjj"); err != nil {
		return nil, err
	}
	if err := sleep(ctx, time.Second); err != nil { // until a few thousand rows are there
		return nil, err
	}
	s, err := t.Measure(ctx, steps().Keys)
	if err != nil {
		return nil, err
	}
	if s.Blank > 0 {
		return nil, fmt.Errorf("%d of %d keys were not answered within 3 s", s.Blank, s.Blank+len(s.Presses))
	}
	if t.Show().Shows("Payments " + grouped(b.made.Payments)) {
		return nil, fmt.Errorf("the sync had ended before all keys were pressed")
	}
	return s.Latencies(), nil
}

// whileRunning measures keys on the list of all rows while a batch of refunds
// runs, begun by keys as an operator would.
func (b *bench) whileRunning(ctx context.Context) (latencies []float64, err error) {
	b.say("keys while a batch of %s runs", grouped(actions))
	busy := desk{b.program, b.path("busy"), b.path("busy.toml")}
	defer func() { _ = os.RemoveAll(busy.data) }()
	if err := os.RemoveAll(busy.data); err != nil {
		return nil, err
	}
	if err := copyDir(b.full().data, busy.data); err != nil {
		return nil, err
	}
	text, count, err := b.refundable(ctx, busy)
	if err != nil {
		return nil, err
	}
	world, err := b.simulate(ctx, World{Payments: worldOf(b.made.Rows), Seed: b.made.Seed, Made: b.made.Made, OnlyPayments: true})
	if err != nil {
		return nil, err
	}
	defer world.close()
	if err := configure(busy.config, world.url, world.url, false); err != nil {
		return nil, err
	}
	t, err := busy.screen(0, "--account", "shop")
	if err != nil {
		return nil, err
	}
	defer func() { t.Close("") }() // a running batch would ask
	if err := b.awaitRows(ctx, t); err != nil {
		return nil, err
	}
	if err := press(ctx, t, "/"+text+keyEnter); err != nil {
		return nil, err
	}
	confirm, err := prepare(ctx, t, "u", count)
	if err != nil {
		return nil, err
	}
	if err := confirm(); err != nil {
		return nil, err
	}
	return b.among(ctx, t)
}

// among measures keys on the list while the batch runs, for as long as it does.
func (b *bench) among(ctx context.Context, t *meter.Terminal) ([]float64, error) {
	if _, err := t.Until(ctx, "run", func(s *meter.Screen) bool { return s.Shows("applied") }); err != nil {
		return nil, err
	}
	if err := t.Press("1"); err != nil {
		return nil, err
	}
	if err := insist(ctx, t, keyEsc, "no filter"); err != nil {
		return nil, err
	}
	if err := t.Press("ggjjj"); err != nil {
		return nil, err
	}
	if err := sleep(ctx, settled); err != nil {
		return nil, err
	}
	s, err := t.Measure(ctx, steps().Keys)
	if err != nil {
		return nil, err
	}
	if s.Blank > 0 {
		return nil, fmt.Errorf("%d of %d keys were not answered within 3 s", s.Blank, s.Blank+len(s.Presses))
	}
	if strings.Contains(t.Show().Line(rows-1), "applied") || strings.Contains(t.Screen.Line(rows-2), "applied") {
		return nil, fmt.Errorf("the batch had ended before all keys were pressed")
	}
	return s.Latencies(), nil
}

// copyDir copies files that only their owner may read.
func copyDir(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// refundable is a filter for the newest payments that can be refunded, as many
// days of them as make a batch, and how many they are. It also says that the
// lists are up to date, so that nothing else is fetched.
func (b *bench) refundable(ctx context.Context, d desk) (text string, count int, err error) {
	key, err := disk.LoadKey(filepath.Join(d.data, "store.key"))
	if err != nil {
		return "", 0, err
	}
	store, err := cache.Open(cache.Options{Dir: filepath.Join(d.data, "cache"), Key: key})
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = store.Close() }()
	st := store.State("shop", providers.Payment)
	st.Swept, st.Finished = time.Now(), time.Now()
	if err := store.SetState(st); err != nil {
		return "", 0, err
	}
	for days := 1; days < 2000; days += 1 + days/8 {
		text = "flag:refundable created>=" + b.made.Made.AddDate(0, 0, -days).Format(time.DateOnly)
		f, err := filter.Parse(text, time.Now())
		if err != nil {
			return "", 0, err
		}
		snap, err := store.List(ctx, cache.ListQuery{Kind: providers.Payment, Filter: f})
		if err != nil {
			return "", 0, err
		}
		if snap.Len() >= actions {
			return text, snap.Len(), nil
		}
	}
	return "", 0, fmt.Errorf("there are no %s payments to refund: more --rows are needed", grouped(actions))
}

// prepare marks all that is shown and goes with an action's key up to the typed
// confirmation; the returned function gives it.
func prepare(ctx context.Context, t *meter.Terminal, key string, count int) (confirm func() error, err error) {
	if err := t.Press("*"); err != nil {
		return nil, err
	}
	if _, err := t.Until(ctx, "mark", func(s *meter.Screen) bool { return s.Shows(grouped(count) + " marked") }); err != nil {
		return nil, err
	}
	for _, step := range []struct{ keys, text string }{
		{key, "esc back"},
		{keyPreview, "typed confirmation"},
		{keyEnter, "type the count"},
		{strconv.Itoa(count), ": " + strconv.Itoa(count)},
	} {
		if err := insist(ctx, t, step.keys, step.text); err != nil {
			return nil, err
		}
	}
	return func() error { return insist(ctx, t, keyEnter, "applied") }, nil
}

// insist presses until the screen answers: a dialog takes no key that was
// pressed before it was seen. It gives a slow answer more time each time.
func insist(ctx context.Context, t *meter.Terminal, keys, text string) error {
	const first, last = 2 * time.Second, 256 * time.Second
	shown := func(s *meter.Screen) bool { return s.Shows(text) }
	if shown(t.Show()) {
		return nil
	}
	var err error
	for patience := first; patience <= last; patience *= 2 {
		if err := t.Press(keys); err != nil {
			return err
		}
		once, stop := context.WithTimeout(ctx, patience)
		_, err = t.Until(once, text, shown)
		stop()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("key %q: %w", keys, err)
}
