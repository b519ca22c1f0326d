// Package detail is the pane beside or below the list: one record with its
// groups, its timeline and its links to other records, across payment systems.
package detail

import (
	"context"
	"errors"
	"time"

	"bursar/cache"
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

// link is a link with what the cache knows about its target.
type link struct {
	rel string
	ref providers.Ref
	rec *providers.Record
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

// got is the answer from the cache.
type got struct {
	req     view.Req
	rec     *providers.Record
	fetched time.Time
	links   []link
	err     error
	fetch   bool // and now ask the payment system
}

// To is the pane's address.
func (got) To() view.ID { return Addr }

// rest tells that the cursor has rested on the record.
type rest struct{ req view.Req }

// To is the pane's address.
func (rest) To() view.ID { return Addr }

// fetchedMsg is the answer of the payment system.
type fetchedMsg struct {
	req view.Req
	err error
}

// To is the pane's address.
func (fetchedMsg) To() view.ID { return Addr }

// read asks the cache for the record and everything linked to it.
func (m *Model) read(fetch bool) tea.Cmd {
	req, ref, src := m.want, m.ref, m.src
	return func() tea.Msg {
		out := got{req: req, fetch: fetch}
		rec, at, err := src.Get(ref)
		if err == nil {
			out.rec, out.fetched = &rec, at
		} else if !errors.Is(err, cache.ErrMiss) {
			out.err = err
		}
		out.links = linksOf(src, ref, out.rec)
		return out
	}
}

// linksOf are the links of a record and those that point to it, each once.
func linksOf(src Source, ref providers.Ref, rec *providers.Record) []link {
	var out []link
	seen := map[providers.Ref]bool{ref: true}
	add := func(rel string, to providers.Ref) {
		if seen[to] {
			return
		}
		seen[to] = true
		l := link{rel: rel, ref: to}
		if r, _, err := src.Get(to); err == nil {
			l.rec = &r
		}
		out = append(out, l)
	}
	if rec != nil {
		for _, l := range rec.Links {
			add(l.Rel, l.Ref)
		}
	}
	from, err := src.LinkedFrom(ref)
	if err != nil {
		return out
	}
	for _, r := range from {
		add(string(r.Kind), r)
	}
	return out
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
	m.busy, m.lines = true, nil
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

// Link is a linked record as the menu of links shows it.
type Link struct {
	Ref    providers.Ref
	Label  string
	Detail string
}

// Links are the linked records, for the menu.
func (m *Model) Links() []Link { return items(m.links) }

func items(links []link) []Link {
	out := make([]Link, len(links))
	for i, l := range links {
		out[i] = Link{Ref: l.ref, Label: l.label(), Detail: l.about()}
	}
	return out
}

// LinksOf reads the linked records of a record that the pane does not show;
// call what it returns in a command.
func LinksOf(src Source, ref providers.Ref) func() []Link {
	return func() []Link {
		rec, _, err := src.Get(ref)
		if err != nil {
			return items(linksOf(src, ref, nil))
		}
		return items(linksOf(src, ref, &rec))
	}
}

// SetLook takes a new theme: what was laid out is laid out again.
func (m *Model) SetLook() { m.lines = nil }
