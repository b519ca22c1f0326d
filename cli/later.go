package cli

import (
	"context"
	"errors"
	"sync"

	"bursar/tui"
)

// later is what a screen opens behind its first rows: once, for all screens
// over one desk, and not any more when the desk is being closed.
type later struct {
	mu    sync.Mutex
	begun bool
	ended bool
	got   tui.Opened
	err   error
}

// end waits for what is being opened and lets nothing follow.
func (l *later) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}

// failed is why the rest could not be opened; nil as long as it could.
func (l *later) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// openBatches opens the journal and the engine, and lets the syncs begin.
func (d *desk) openBatches(ctx context.Context, a *app, n need) (tui.Opened, error) {
	l := &d.later
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return tui.Opened{}, errors.New("the program is being closed")
	}
	if !l.begun {
		l.begun = true
		l.got, l.err = d.openRest(ctx, a, n)
	}
	return l.got, l.err
}

func (d *desk) openRest(ctx context.Context, a *app, n need) (tui.Opened, error) {
	said := len(d.notices)
	if err := d.openJournal(n); err != nil {
		return tui.Opened{}, err
	}
	if err := d.openEngine(a, true); err != nil {
		return tui.Opened{}, err
	}
	d.sync.Start(ctx)
	return tui.Opened{Engine: d.engine, ReadOnly: d.readOnly, Notices: d.notices[said:]}, nil
}
