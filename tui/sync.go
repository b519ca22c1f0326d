package tui

import (
	"context"
	"errors"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// batches is the engine as the journal reads it.
type batches struct {
	engine *batch.Engine
	why    string
}

// Batches lists every batch, newest first.
func (b batches) Batches() ([]batch.Summary, error) {
	if b.engine == nil {
		return nil, errors.New(Core{NoEngine: b.why}.noEngine())
	}
	return b.engine.Batches()
}

// Report accounts for one batch.
func (b batches) Report(id string) (batch.Report, error) {
	if b.engine == nil {
		return batch.Report{}, errors.New(Core{NoEngine: b.why}.noEngine())
	}
	return b.engine.Report(id)
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
