package tui

import (
	"context"
	"sync"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// feedInterval is the least time between two looks at a changing store: a sync
// of a million records must not cost a million frames.
const feedInterval = 100 * time.Millisecond

// feed gathers the store's changes until the screen asks for them.
type feed struct {
	mu      sync.Mutex
	changes map[cache.Change]bool
	ready   chan struct{}
	stop    func()
}

// storeChanged brings what changed in the store, and how its syncs stand.
type storeChanged struct {
	changes []cache.Change
	states  []cache.SyncState
}

func newFeed(store *cache.Store) *feed {
	f := &feed{changes: map[cache.Change]bool{}, ready: make(chan struct{}, 1)}
	f.stop = store.Subscribe(f.put)
	return f
}

// put remembers a change; it never blocks.
func (f *feed) put(c cache.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes[c] = true
	select {
	case f.ready <- struct{}{}:
	default:
	}
}

// take hands the changes over; nothing is ready then.
func (f *feed) take() []cache.Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.ready:
	default:
	}
	out := make([]cache.Change, 0, len(f.changes))
	for c := range f.changes {
		out = append(out, c)
	}
	clear(f.changes)
	return out
}

// wait is the command that waits for the next changes.
func (f *feed) wait(ctx context.Context, store *cache.Store, tick view.Tick) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-f.ready:
		}
		if cmd := tick(feedInterval, nil); cmd != nil {
			cmd()
		}
		return storeChanged{changes: f.take(), states: store.States()}
	}
}

// storeChanged refreshes what is on screen and asks for the next changes.
func (m *Model) storeChanged(msg storeChanged) tea.Cmd {
	m.states = msg.states
	cmds := []tea.Cmd{m.feed.wait(m.ctx, m.core.Store, m.env.Tick)}
	seen := map[providers.Kind]bool{}
	for _, c := range msg.changes {
		cmds = append(cmds, m.detail.Changed(c.Account, c.Kind))
		if l, ok := m.lists[c.Kind]; ok && !seen[c.Kind] {
			seen[c.Kind] = true
			cmds = append(cmds, l.Changed(m.screen == onList && c.Kind == m.kind))
		}
	}
	return tea.Batch(cmds...)
}

// statesRead brings how the syncs stand.
type statesRead struct{ states []cache.SyncState }

func (m *Model) readStates() tea.Cmd {
	store := m.core.Store
	return func() tea.Msg { return statesRead{store.States()} }
}
