// Package detail is the pane beside or below the list: one record with its
// groups, its timeline and its links to other records, across payment systems.
package detail

import (
	"context"
	"errors"
	"time"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Addr is the pane's address.
const Addr view.ID = "detail"

// Source is the cache.
type Source interface {
	Get(ref providers.Ref) (providers.Record, time.Time, error)
	LinkedFrom(ref providers.Ref) ([]providers.Ref, error)
}

// Fetcher reads one record from its payment system into the cache. Refused
// says why it cannot now, such as offline; "" is fine.
type Fetcher interface {
	Fetch(ctx context.Context, ref providers.Ref) (providers.Record, error)
	Refused() string
}

// settle is how long the cursor must rest on a row before its details are
// fetched; timeout bounds the fetch.
const (
	settle  = 300 * time.Millisecond
	timeout = 30 * time.Second
)

// Model is the pane.
type Model struct {
	env   *view.Env
	src   Source
	fetch Fetcher

	open    bool
	ref     providers.Ref
	back    []providers.Ref // where links were followed from
	want    view.Req
	stop    context.CancelFunc
	rec     *providers.Record
	fetched time.Time
	links   []link
	missing bool   // the cache does not hold it
	busy    bool   // it is being fetched
	err     string // why it could not be
	raw     bool

	lines []line
	width int // lines were laid out for
	at    int
	top   int
	rows  int
}

// New is a closed pane.
func New(env *view.Env, src Source, fetch Fetcher) *Model {
	return &Model{env: env, src: src, fetch: fetch, rows: 10}
}

// Open reports whether the pane is shown.
func (m *Model) Open() bool { return m.open }

// Ref is the record that is shown.
func (m *Model) Ref() providers.Ref { return m.ref }

// Record is what is known about it; nil before it was read.
func (m *Model) Record() *providers.Record { return m.rec }

// Walked reports whether a link led here, so that there is a way back.
func (m *Model) Walked() bool { return len(m.back) > 0 }

// Close hides the pane and forgets the way.
func (m *Model) Close() {
	m.halt()
	m.want++
	m.open, m.back, m.rec, m.lines, m.ref = false, nil, nil, nil, providers.Ref{}
}

// Show opens the pane on a record of the list. Now also fetches its details at
// once; otherwise that waits until the cursor rests.
func (m *Model) Show(ref providers.Ref, now bool) tea.Cmd {
	if m.open && m.ref == ref && !now {
		return nil
	}
	m.back = nil
	return m.load(ref, now)
}

// Reload fetches the record anew.
func (m *Model) Reload() tea.Cmd {
	if why := m.fetch.Refused(); why != "" {
		return m.env.Post(view.Said{Text: "cannot be fetched now: " + why})
	}
	m.halt()
	m.want++
	return m.fetchNow()
}

// Follow goes to a linked record; Back returns.
func (m *Model) Follow(ref providers.Ref) tea.Cmd {
	if m.ref.ID != "" && m.ref != ref {
		m.back = append(m.back, m.ref)
	}
	return m.load(ref, true)
}

// Back goes to where the last link was followed from; false when there is no
// such place.
func (m *Model) Back() (tea.Cmd, bool) {
	if len(m.back) == 0 {
		return nil, false
	}
	ref := m.back[len(m.back)-1]
	m.back = m.back[:len(m.back)-1]
	return m.load(ref, false), true
}

// Changed reads the record again when the store says that its kind changed.
func (m *Model) Changed(account string, kind providers.Kind) tea.Cmd {
	if !m.open || m.ref.Account != account || m.ref.Kind != kind {
		return nil
	}
	return m.read(false)
}

func (m *Model) halt() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
	m.busy = false
}

func (m *Model) load(ref providers.Ref, now bool) tea.Cmd {
	m.halt()
	if ref != m.ref {
		m.rec, m.links, m.lines, m.at, m.top, m.raw = nil, nil, nil, 0, 0, false
	}
	m.open, m.ref, m.err, m.missing = true, ref, "", false
	m.want++
	return m.read(now)
}

// Update takes the answers in.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case got:
		if msg.req == m.want && m.open {
			return m.arrived(msg)
		}
	case rest:
		if msg.req == m.want && m.open {
			return m.ask()
		}
	case fetchedMsg:
		if msg.req == m.want && m.open {
			m.busy = false
			if msg.err != nil && !errors.Is(msg.err, context.Canceled) {
				m.err = msg.err.Error()
				m.lines = nil
			}
			return m.read(false)
		}
	}
	return nil
}

func (m *Model) arrived(g got) tea.Cmd {
	m.rec, m.fetched, m.links, m.missing, m.lines = g.rec, g.fetched, g.links, g.rec == nil, nil
	if g.err != nil {
		m.err = g.err.Error()
	}
	switch {
	case g.fetch || m.missing && m.err == "" && !m.busy:
		return m.ask()
	case m.rec != nil && len(m.rec.Details) == 0 && !m.busy && m.err == "":
		return m.env.Tick(settle, rest{m.want})
	}
	return nil
}

// fresh is how young a reading with details may be to be good enough.
const fresh = time.Minute

// ask fetches the record, unless it was just read or cannot be.
func (m *Model) ask() tea.Cmd {
	if m.busy || m.rec != nil && len(m.rec.Details) > 0 && m.env.Now.Sub(m.fetched) < fresh {
		return nil
	}
	if why := m.fetch.Refused(); why != "" {
		if m.missing {
			m.err = "not in the cache, and it cannot be fetched: " + why
			m.lines = nil
		}
		return nil
	}
	return m.fetchNow()
}

func (m *Model) fetchNow() tea.Cmd {
	m.busy, m.lines, m.err = true, nil, ""
	ctx, stop := context.WithTimeout(context.Background(), timeout)
	m.stop = stop
	req, ref, fetch := m.want, m.ref, m.fetch
	return func() tea.Msg {
		defer stop()
		_, err := fetch.Fetch(ctx, ref)
		return fetchedMsg{req: req, err: err}
	}
}

// Key takes a key of the pane.
func (m *Model) Key(k view.Key) (cmd tea.Cmd, handled bool) {
	return m.Do(m.env.Act(keymap.ScopeDetail, k), k.Name)
}

// Do carries out one of the pane's own actions.
func (m *Model) Do(act keymap.ID, name string) (cmd tea.Cmd, handled bool) {
	if at, ok := view.Move(act, m.at, len(m.lines), m.rows); ok {
		m.at = at
		return nil, true
	}
	switch {
	case act == keymap.DetailRaw:
		m.raw = !m.raw
		m.lines, m.at, m.top = nil, 0, 0
	case act == keymap.DetailFollow:
		if m.at < len(m.lines) && m.lines[m.at].link != nil {
			return m.Follow(m.lines[m.at].link.ref), true
		}
		return m.env.Post(view.Said{Text: m.env.Keys.Key(keymap.Links) + " shows the linked records"}), true
	case act == "" && name == "backspace":
		return m.Back()
	default:
		return nil, false
	}
	return nil, true
}

// SetLook takes a new theme: what was laid out is laid out again.
func (m *Model) SetLook() { m.lines = nil }
