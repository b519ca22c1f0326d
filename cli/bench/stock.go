package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"bursar/cli/bench/meter"
)

// The stock peers: the same table in Bubble Tea v1 and v2.
const (
	stockV1 = "stock"
	stockV2 = "stock2"
)

// stockFigures is what a sitting at a stock peer gave.
type stockFigures struct {
	keys map[string]meter.Series
}

func (b *bench) stock(ctx context.Context, name string) (f stockFigures, err error) {
	path, err := b.build(ctx, name)
	if err != nil {
		return f, err
	}
	b.say("%s: keys", name)
	t, err := b.terminal(0, path, b.csv(), b.payouts())
	if err != nil {
		return f, err
	}
	defer t.Close("q")
	if err := b.awaitRows(ctx, t); err != nil {
		return f, err
	}
	f.keys, err = measure(ctx, t, common())
	return f, err
}

// stockProgress is the processor time that the peer spends on as many progress
// messages as a batch has.
func (b *bench) stockProgress(ctx context.Context) (ms float64, err error) {
	path, err := b.build(ctx, stockV1)
	if err != nil {
		return 0, err
	}
	b.say("stock: progress")
	var took []float64
	for range 3 {
		ms, err := b.stockProgressOnce(ctx, path)
		if err != nil {
			return 0, err
		}
		took = append(took, ms)
	}
	return meter.Median(took), nil
}

func (b *bench) stockProgressOnce(ctx context.Context, path string) (float64, error) {
	t, err := b.terminal(0, path, "-progress", fmt.Sprint(actions), b.csv(), b.payouts())
	if err != nil {
		return 0, err
	}
	defer t.Close("q")
	if _, err := t.Until(ctx, "screen", func(s *meter.Screen) bool { return s.Shows("done 0 of") }); err != nil {
		return 0, err
	}
	if err := t.Quiet(ctx, settled); err != nil {
		return 0, err
	}
	before, err := meter.CPU(t.PID())
	if err != nil {
		return 0, err
	}
	if err := t.Press("p"); err != nil {
		return 0, err
	}
	done := fmt.Sprintf("done %d of", actions)
	if _, err := t.Until(ctx, done, func(s *meter.Screen) bool { return s.Shows(done) }); err != nil {
		return 0, err
	}
	if err := t.Quiet(ctx, settled); err != nil {
		return 0, err
	}
	after, err := meter.CPU(t.PID())
	return (after - before).Seconds() * 1000, err
}

// build makes a stock peer from bursar's source, where that and Go are there.
func (b *bench) build(ctx context.Context, name string) (string, error) {
	golang, err := installed("go")
	if err != nil {
		return "", err
	}
	source, err := source(b.opt.Source)
	if err != nil {
		return "", err
	}
	b.say("building %s", name)
	out := b.path("bin", name)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, golang, "build", "-buildvcs=false", "-o", out, ".")
	cmd.Dir = filepath.Join(source, "cli", "bench", name)
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("it cannot be built: %w: %s", err, oneLine(string(text)))
	}
	return out, nil
}

// source finds bursar's own source: the directory asked for, or the one that
// the command was called in, or one above it.
func source(asked string) (string, error) {
	if asked != "" {
		return asked, isSource(asked)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if isSource(dir) == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("bursar's source is not here; call bursar bench in it, or name it with --source")
		}
		dir = up
	}
}

func isSource(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !strings.HasPrefix(string(text), "module bursar\n") {
		return fmt.Errorf("%s is not bursar's source", dir)
	}
	return err
}
