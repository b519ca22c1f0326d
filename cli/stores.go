package cli

import (
	"errors"
	"fmt"
	"os"

	"bursar/batch"
	"bursar/batch/journal"
	"bursar/cache"
	"bursar/cache/disk"
)

// openStores takes the journal first: who has it owns the desk. The screen
// opens it later, see openBatches.
func (d *desk) openStores(a *app, n need) error {
	if n.journal {
		if err := d.takeJournal(n); err != nil {
			return err
		}
	}
	if n.journal && !n.screen {
		if err := d.openJournal(n); err != nil {
			return err
		}
	}
	return d.openCache(a, n)
}

// takeJournal makes sure that nobody else has the journal. It costs no time.
func (d *desk) takeJournal(n need) (err error) {
	d.owns, err = disk.Hold(d.paths.journal)
	var inUse *disk.InUseError
	if errors.As(err, &inUse) && n.alone {
		d.doWithout(err)
		return nil
	}
	if err == nil {
		d.close = append(d.close, d.owns.Release)
	}
	return err
}

// openJournal opens the journal, or one in memory where there is none to have.
func (d *desk) openJournal(n need) error {
	o := journal.Options{Dir: d.paths.journal, Key: d.key, Held: d.owns}
	if d.readOnly {
		o = journal.Options{InMemory: true}
	}
	j, err := journal.Open(o)
	var inUse *disk.InUseError
	if !d.readOnly && n.alone && (errors.As(err, &inUse) || disk.IsFull(err)) {
		d.doWithout(err)
		j, err = journal.Open(journal.Options{InMemory: true})
	}
	if err != nil {
		return err
	}
	d.journal = j
	d.close = append(d.close, j.Close)
	return nil
}

// doWithout goes on without the journal.
func (d *desk) doWithout(err error) {
	d.readOnly = true
	d.notices = append(d.notices, err.Error()+". Here lists are read afresh and batches can be looked at but not sent.")
}

func (d *desk) openCache(a *app, n need) error {
	var inUse *disk.InUseError
	if !n.store {
		return nil
	}
	dir := d.paths.cache
	if d.readOnly {
		dir = ""
	}
	store, err := cache.Open(cache.Options{Dir: dir, Key: d.key, Now: a.now})
	if errors.As(err, &inUse) || disk.IsFull(err) {
		if n.kept {
			return err
		}
		if a.offline && !n.alone {
			return fmt.Errorf("%w: its records cannot be read from here; free it, or leave out --offline", err)
		}
		if disk.IsFull(err) {
			d.notices = append(d.notices, err.Error()+". Until then lists are read afresh and kept in memory only.")
		}
		store, err = cache.Open(cache.Options{Now: a.now})
	}
	if err != nil {
		return err
	}
	d.store = store
	d.close = append(d.close, store.Close)
	if text := store.Notice(); text != "" {
		d.notices = append(d.notices, text)
	}
	return nil
}

// forget starts the sandbox's data over, unless another process works with it.
func (p paths) forget(key []byte) error {
	for _, dir := range []string{p.journal, p.cache} {
		var inUse *disk.InUseError
		_, release, err := disk.Open(disk.Options{Dir: dir, Key: key})
		switch {
		case errors.As(err, &inUse):
			return fmt.Errorf("the sandbox cannot start over: %w", err)
		case err == nil:
			if err := release(); err != nil {
				return fmt.Errorf("the sandbox cannot start over: %w", err)
			}
		}
	}
	for _, path := range []string{p.cache, p.journal, p.sandbox} {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("the sandbox cannot start over: %w", err)
		}
	}
	return nil
}

func (d *desk) openEngine(a *app, screen bool) error {
	o := batch.EngineOptions{Accounts: d.accounts, Journal: d.journal, Now: a.now, Wait: a.wait}
	if screen {
		o.Pace = newPacer().Pace
	}
	if d.store != nil {
		keeper := newKeeper(d.store, d.now)
		d.close = append(d.close, keeper.Close)
		o.Changed, o.Removed = keeper.keep, keeper.drop
	}
	engine, err := batch.NewEngine(o)
	if err != nil {
		return err
	}
	d.engine = engine
	d.close = append(d.close, func() error { engine.Close(); return nil })
	return nil
}
