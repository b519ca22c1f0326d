package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"bursar/cli/bench/meter"
)

// installed finds a peer's program.
func installed(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is not installed", name)
	}
	return path, nil
}

// output runs a peer with the rows as its standard input, when asked.
func (p program) output(ctx context.Context, stdin string, command ...string) (string, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Dir = p.env(), p.home
	if stdin != "" {
		f, err := os.Open(stdin)
		if err != nil {
			return "", err
		}
		defer func() { _ = f.Close() }()
		cmd.Stdin = f
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 && len(exit.Stderr) == 0 {
		err = nil // grep and fzf leave so when nothing was found
	}
	return string(out), err
}

// searchTime is what a search for all words gave: the mean over them of the median
// time, and the rows found.
type searchTime struct {
	ms   float64
	hits int
}

// eachWord searches for the words, several times each.
func eachWord(search func(word string) (ms float64, hits int, err error)) (f searchTime, err error) {
	for _, word := range words() {
		var took []float64
		hits := 0
		for range rounds {
			ms, n, err := search(word)
			if err != nil {
				return f, err
			}
			took, hits = append(took, ms), n
		}
		f.ms += meter.Median(took) / float64(len(words()))
		f.hits += hits
	}
	return f, nil
}

// ripgrep counts the lines with a word, whatever its case.
func (b *bench) ripgrep(ctx context.Context) (searchTime, error) {
	rg, err := installed("rg")
	if err != nil {
		return searchTime{}, err
	}
	b.say("ripgrep")
	return eachWord(func(word string) (float64, int, error) {
		began := time.Now()
		out, err := b.output(ctx, "", rg, "-i", "-c", word, b.csv())
		ms := since(began)
		if err != nil || out == "" {
			return ms, 0, err
		}
		n, err := strconv.Atoi(strings.TrimSpace(out))
		return ms, n, err
	})
}

// sqlite looks for a word in five columns. Its own clock counts, without the
// program's start. (LIKE folds ASCII only: it does not find the other case of
// Cyrillic, and is the quicker for it.)
func (b *bench) sqlite(ctx context.Context) (searchTime, error) {
	sqlite, err := installed("sqlite3")
	if err != nil {
		return searchTime{}, err
	}
	b.say("sqlite3")
	db := b.path("rows.sqlite")
	if _, err := os.Stat(db); err != nil {
		_, err := b.output(ctx, "", sqlite, db, ".mode csv", ".import '"+b.csv()+"' rows")
		if err != nil {
			return searchTime{}, errors.Join(err, os.Remove(db))
		}
	}
	return eachWord(func(word string) (float64, int, error) {
		script := b.path("query.sql")
		if err := os.WriteFile(script, []byte(".timer on\n"+like(word)+";\n"), 0o600); err != nil {
			return 0, 0, err
		}
		out, err := b.output(ctx, script, sqlite, db)
		if err != nil {
			return 0, 0, err
		}
		return counted(out)
	})
}

func like(word string) string {
	var terms []string
	for _, column := range searched() {
		terms = append(terms, column+" LIKE '%"+word+"%'")
	}
	return "SELECT count(*) FROM rows WHERE " + strings.Join(terms, " OR ")
}

// counted reads sqlite's answer: a count, and "Run Time: real 0.220 user …" by
// its own clock, in ms here.
func counted(out string) (ms float64, n int, err error) {
	answer, text, ok := strings.Cut(out, "Run Time: real ")
	words := strings.Fields(text)
	if !ok || len(words) == 0 {
		return 0, 0, fmt.Errorf("sqlite3 tells no time: %q", out)
	}
	seconds, err := strconv.ParseFloat(words[0], 64)
	if err != nil {
		return 0, 0, fmt.Errorf("sqlite3 tells no time: %w", err)
	}
	if n, err = strconv.Atoi(strings.TrimSpace(answer)); err != nil {
		return 0, 0, fmt.Errorf("sqlite3 tells no count: %w", err)
	}
	return seconds * 1000, n, nil
}

// fzfFilter searches without a screen, from the file to the last hit.
func (b *bench) fzfFilter(ctx context.Context) (searchTime, error) {
	fzf, err := installed("fzf")
	if err != nil {
		return searchTime{}, err
	}
	b.say("fzf")
	return eachWord(func(word string) (float64, int, error) {
		began := time.Now()
		out, err := b.output(ctx, b.csv(), fzf, "-i", "--filter", word)
		return since(began), strings.Count(out, "\n"), err
	})
}

// fzfLoad is the time from the start to a screen that counts all rows.
func (b *bench) fzfLoad(ctx context.Context) (float64, error) {
	fzf, err := installed("fzf")
	if err != nil {
		return 0, err
	}
	b.say("fzf: loading")
	all := fmt.Sprintf("%d/%[1]d", b.made.Payments+1) // and the header
	var took []float64
	for range 3 {
		t, err := b.terminal(0, "/bin/sh", "-c", `exec "$0" < "$1"`, fzf, b.csv())
		if err != nil {
			return 0, err
		}
		at, err := t.Until(ctx, all, func(s *meter.Screen) bool { return s.Shows(all) })
		t.Close(keyEsc)
		if err != nil {
			return 0, err
		}
		took = append(took, at.Sub(t.Started).Seconds()*1000)
	}
	return meter.Median(took), nil
}

// visidataFigures is what a sitting at visidata gave.
type visidataFigures struct {
	load float64
	keys []float64 // ms
	rss  float64   // MiB, all rows loaded
}

func (b *bench) visidata(ctx context.Context) (f visidataFigures, err error) {
	vd, err := installed("vd")
	if err != nil {
		return f, err
	}
	b.say("visidata")
	// It would ask its home page for a message of the day.
	t, err := b.terminal(0, vd, "--motd-url", "", b.csv())
	if err != nil {
		return f, err
	}
	defer t.Close("gq")
	all := fmt.Sprintf("%d rows", b.made.Payments)
	at, err := t.Until(ctx, all, func(s *meter.Screen) bool { return s.Shows(all) })
	if err != nil {
		return f, err
	}
	f.load = at.Sub(t.Started).Seconds() * 1000
	if err := t.Quiet(ctx, time.Second); err != nil {
		return f, err
	}
	series, err := measure(ctx, t, []kind{
		{meter.Keys{Name: cursor, Press: []string{"j", "k"}, N: 40}, "jjj"},
		{meter.Keys{Name: page, Press: []string{keyPageDown}, N: 20}, ""},
	})
	if err != nil {
		return f, err
	}
	f.keys = pool(series, cursor, page)
	m, err := meter.MemoryOf(t.PID())
	f.rss = m.RSS
	return f, err
}
