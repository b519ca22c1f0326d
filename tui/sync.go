package tui

import (
	"context"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// batches is the engine as the journal reads it, in commands.
type batches struct {
	ctx     context.Context
	opening *opening
	none    error // why there is no engine
}

func (b batches) engine() (*batch.Engine, error) {
	engine, err := b.opening.wait(b.ctx)
	if err == nil && engine == nil {
		err = b.none
	}
	return engine, err
}

// Batches lists every batch, newest first.
func (b batches) Batches() ([]batch.Summary, error) {
	engine, err := b.engine()
	if err != nil {
		return nil, err
	}
	return engine.Batches()
}

// Report accounts for one batch.
func (b batches) Report(id string) (batch.Report, error) {
	engine, err := b.engine()
	if err != nil {
		return batch.Report{}, err
	}
	return engine.Report(id)
}

// fetcher reads single records for the detail pane.
type fetcher struct{ m *Model }

// Refused says why nothing is fetched now.
func (f fetcher) Refused() string {
	if f.m.offline {
		return "offline"
	}
	return ""
}

// Fetch reads a record and what belongs to it into the cache.
func (f fetcher) Fetch(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	return f.m.core.Sync.Fetch(ctx, ref)
}

// doSync carries out what concerns the connection.
func (m *Model) doSync(act keymap.ID) tea.Cmd {
	sync := m.core.Sync
	if sync == nil {
		return m.env.Post(view.Said{Text: "nothing is fetched in this session"})
	}
	switch act {
	case keymap.Offline:
		m.offline = !m.offline
		off := m.offline
		text := "online again: lists are fetched as they change"
		if off {
			text = "offline: nothing is fetched or sent; " + m.env.Keys.Key(keymap.Offline) + " goes online"
		}
		return func() tea.Msg { sync.SetOffline(off); return view.Said{Text: text} }
	case keymap.Refresh, keymap.RefreshAll:
		if m.offline {
			return m.env.Post(view.Said{Text: "offline: " + m.env.Keys.Key(keymap.Offline) + " goes online first"})
		}
	}
	return m.refresh(act == keymap.RefreshAll)
}

// refresh fetches the shown list anew, or everything.
func (m *Model) refresh(all bool) tea.Cmd {
	sync, kind, accounts := m.core.Sync, m.kind, m.accounts
	if all {
		kind, accounts = "", nil
	}
	text := "fetching " + m.kind.Plural()
	if all {
		text = "fetching everything"
	}
	return func() tea.Msg {
		if accounts == nil {
			sync.Refresh("", kind)
		}
		for _, a := range accounts {
			sync.Refresh(a, kind)
		}
		return view.Said{Text: text}
	}
}
