package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"bursar/batch"
	"bursar/batch/journal"
	"bursar/cache"
	"bursar/cache/disk"
	"bursar/cache/sync"
	"bursar/config"
	"bursar/providers"
	"bursar/providers/sandbox"
	"bursar/providers/transport"
)

// need says what a command works with.
type need struct {
	store   bool
	journal bool
	// alone: when another process has the stores, go on with an empty cache in
	// memory and no batches, instead of stopping.
	alone bool
	// kept: without the stores on disk there is no point in going on.
	kept bool
	// screen: what is odd is said on the screen, not on standard error, and the
	// journal is opened behind the first rows, by openBatches.
	screen bool
}

// desk is everything a command works with, opened and wired.
type desk struct {
	config   config.Config
	paths    paths
	accounts accounts
	store    *cache.Store
	journal  *journal.Journal
	engine   *batch.Engine
	sync     *sync.Manager
	world    *sandbox.Server
	log      *slog.Logger
	by       string
	host     string
	key      []byte
	now      func() time.Time
	readOnly bool
	notices  []string
	owns     *disk.Held      // the journal's directory; nil without
	current  []providers.Ref // accounts' kinds that this command brought up to date
	later    later
	close    []func() error
}

// open wires a desk. The caller closes it.
func (a *app) open(ctx context.Context, n need) (_ *desk, err error) {
	d := &desk{by: operator(), now: a.now}
	d.host, _ = os.Hostname()
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	if d.config, err = a.loadConfig(); err != nil {
		return nil, err
	}
	embedded := a.sandbox || len(d.config.Accounts) == 0
	if a.fresh && !embedded {
		return nil, usagef("--fresh starts the embedded sandbox over, but accounts are configured; add --sandbox")
	}
	if d.paths, err = a.paths(embedded); err != nil {
		return nil, err
	}
	key, err := disk.LoadKey(d.paths.key)
	if err != nil {
		return nil, err
	}
	if a.fresh {
		if err := d.paths.forget(key); err != nil {
			return nil, err
		}
	}
	d.key = key
	if err := d.openStores(a, n); err != nil {
		return nil, err
	}
	log, err := openLog(d.paths.log)
	if err != nil {
		return nil, err
	}
	d.close = append(d.close, log.Close)
	d.log = slog.New(slog.NewJSONHandler(log, nil))
	if embedded {
		err = d.openSandbox(ctx, a)
	} else {
		err = d.openAccounts(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	if err := d.choose(a.account); err != nil {
		return nil, err
	}
	if err := d.wire(a, n); err != nil {
		return nil, err
	}
	if !n.screen {
		for _, text := range d.notices {
			_, _ = fmt.Fprintln(a.Err, "bursar: "+oneLine(text))
		}
	}
	return d, nil
}

func (d *desk) openSandbox(ctx context.Context, a *app) error {
	if err := os.MkdirAll(d.paths.sandbox, 0o700); err != nil {
		return fmt.Errorf("the sandbox has no place for its ledger: %w", err)
	}
	// Who has the journal owns the ledger; without it nothing is changed.
	o := sandbox.Options{LedgerFile: filepath.Join(d.paths.sandbox, "ledger.jsonl"), LedgerReadOnly: d.owns == nil}
	world, err := sandbox.Start(ctx, o, "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the sandbox does not start: %w", err)
	}
	d.world = world
	d.close = append(d.close, world.Close)
	for _, acc := range sandbox.Accounts(world.URL()) {
		acc.Log, acc.Wait = d.log, a.wait
		if err := d.add(acc); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) add(acc transport.Account) error {
	p, err := connect(acc)
	if err != nil {
		return err
	}
	d.accounts = append(d.accounts, p)
	return nil
}

// openAccounts connects the configured accounts. One that cannot be used does
// not keep the others from working.
func (d *desk) openAccounts(ctx context.Context, a *app) error {
	only := a.account
	for _, name := range d.config.Names() {
		c := d.config.Accounts[name]
		if only != "" && name != only {
			continue
		}
		acc, err := accountOf(ctx, name, c, d.log)
		acc.Wait = a.wait
		if err == nil {
			err = d.add(acc)
		}
		if err != nil {
			if only != "" {
				return err
			}
			d.notices = append(d.notices, err.Error())
			d.accounts = append(d.accounts, newBroken(name, c, err))
		}
	}
	return nil
}

// choose keeps the one account that was asked for.
func (d *desk) choose(only string) error {
	if only == "" {
		return nil
	}
	p, ok := d.accounts.Provider(only)
	if !ok {
		names := d.accounts.names()
		if len(d.config.Accounts) > 0 {
			names = d.config.Names()
		}
		return usagef("no account %q%s", only, hint(only, names))
	}
	d.accounts = accounts{p}
	return nil
}

// hint names the nearest of the known words, or all of them.
func hint(word string, known []string) string {
	if near := providers.Nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Sprintf("; there is %v", known)
}

func (d *desk) wire(a *app, n need) error {
	if d.store != nil {
		d.sync = sync.New(sync.Options{Store: d.store, Providers: d.accounts, Now: a.now})
	}
	if !n.journal || n.screen {
		return nil
	}
	return d.openEngine(a, false)
}

// lookup finds a record in the cache for a preview.
func (d *desk) lookup() batch.Lookup {
	return func(ref providers.Ref) (providers.Record, time.Time, bool) {
		rec, fetched, err := d.store.Get(ref)
		return rec, fetched, err == nil
	}
}

// Close closes everything in the reverse order of opening.
func (d *desk) Close() {
	d.later.end()
	for i := len(d.close) - 1; i >= 0; i-- {
		_ = d.close[i]()
	}
	d.close = nil
}

// operator names who acts, for the journal.
func operator() string {
	for _, v := range []string{"SUDO_USER", "USER", "LOGNAME", "USERNAME"} {
		if name := os.Getenv(v); name != "" {
			return name
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

// maxLog is how large the log may grow before it is started anew.
const maxLog = 16 << 20

func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("the log cannot be turned over: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the log cannot be written: %w", err)
	}
	return f, nil
}
