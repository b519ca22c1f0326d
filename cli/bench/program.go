package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"bursar/cli/bench/meter"
)

// The screen that everything is measured on.
const (
	cols = 200
	rows = 50
)

// secretName is the variable that the written configurations name.
const secretName = "BURSAR_BENCH_SECRET"

// program is bursar itself, run with a home of its own in the scratch
// directory.
type program struct {
	exe  string
	home string
}

// env is what every measured program gets, bursar and its peers alike.
func (p program) env() []string {
	env := []string{
		"HOME=" + p.home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8", secretName + "=sandbox",
		"XDG_CONFIG_HOME=" + filepath.Join(p.home, "config"), "XDG_STATE_HOME=" + filepath.Join(p.home, "state"),
		"XDG_CACHE_HOME=" + filepath.Join(p.home, "cache"), "XDG_DATA_HOME=" + filepath.Join(p.home, "data"),
	}
	for _, name := range []string{"TZ", "GOMAXPROCS", "GODEBUG"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// desk is a workstation: a data directory and the configuration it goes with.
type desk struct {
	program
	data   string
	config string
}

func (d desk) args(args ...string) []string {
	return append([]string{d.exe, "--config", d.config, "--data-dir", d.data}, args...)
}

// screen opens the workstation in a pseudo terminal.
func (d desk) screen(reply time.Duration, args ...string) (*meter.Terminal, error) {
	return d.terminal(reply, d.args(args...)...)
}

// terminal opens any program in a pseudo terminal.
func (p program) terminal(reply time.Duration, command ...string) (*meter.Terminal, error) {
	return meter.Start(meter.Options{Cols: cols, Rows: rows, Command: command, Env: p.env(), Dir: p.home, Reply: reply})
}

// usage is what a child process took.
type usage struct {
	took time.Duration
	peak meter.Memory // the largest seen of each
}

// run carries out a command to its end and watches its memory.
func (p program) run(ctx context.Context, out *os.File, command ...string) (usage, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Dir = p.env(), p.home
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if out != nil {
		cmd.Stdout = out
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var u usage
	for {
		select {
		case err := <-ended:
			u.took = time.Since(began)
			if err != nil {
				return u, fmt.Errorf("%s: %w: %s", strings.Join(command[:min(2, len(command))], " "), err, oneLine(errs.String()))
			}
			return u, nil
		case <-tick.C:
			if m, err := meter.MemoryOf(cmd.Process.Pid); err == nil {
				u.peak = meter.Memory{RSS: max(u.peak.RSS, m.RSS), Peak: max(u.peak.Peak, m.Peak), Anon: max(u.peak.Anon, m.Anon)}
			}
		}
	}
}
