package list

import (
	"bursar/cache"
	"bursar/providers"
	"bursar/tui/table"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// A window holds this many pages, and at least leastRows. With less than ahead
// pages left towards an end that is not the list's, the next one is read.
const (
	pages     = 8
	ahead     = 2
	leastRows = 200
)

// window is a stretch of a snapshot's rows as they were read. The table shows
// these and no others: drawing never asks the disk.
type window struct {
	from    int
	entries []cache.Entry
}

func (w window) to() int { return w.from + len(w.entries) }

func (w window) has(from, to int) bool { return from >= to || from >= w.from && to <= w.to() }

// at is row i; nil when the window has it not.
func (w window) at(i int) *cache.Entry {
	if i < w.from || i >= w.to() {
		return nil
	}
	return &w.entries[i-w.from]
}

func (w window) find(ref providers.Ref) (int, bool) {
	for i := range w.entries {
		if w.entries[i].Ref == ref {
			return w.from + i, true
		}
	}
	return 0, false
}

// look is what a window is read around: a record, or else a row.
type look struct {
	ref  providers.Ref
	at   int // the row; of a record, where it was last
	span int // how many rows are read
}

// sight is what a look saw.
type sight struct {
	look look
	win  window
}

// into reads a window of a snapshot. A record that the snapshot does not show
// leaves the window around its last place.
func (l look) into(snap Snapshot) (sight, error) {
	out := sight{look: l}
	var err error
	if out.win, err = read(snap, l.at, l.span); err != nil || l.ref.IsZero() {
		return out, err
	}
	i, ok := out.win.find(l.ref) // rows seldom go far between two looks
	if ok && max(i-l.at, l.at-i) <= l.span/4 {
		return out, nil
	}
	if !ok {
		if i, ok, err = snap.Find(l.ref); err != nil || !ok {
			return out, err
		}
	}
	out.win, err = read(snap, i, l.span)
	return out, err
}

// read reads a window around a row.
func read(snap Snapshot, mid, span int) (window, error) {
	from := max(min(mid-span/2, snap.Len()-span), 0)
	to := min(from+span, snap.Len())
	entries, err := snap.Read(from, to)
	for err == nil && len(entries) < to-from {
		entries = append(entries, cache.Entry{}) // a row that cannot be had is blank, and not asked for without end
	}
	return window{from: from, entries: entries}, err
}

// rows shows a snapshot's window in the table.
type rows struct {
	snap Snapshot
	win  window
	cols []column
	env  *view.Env
}

func (r *rows) Len() int { return r.snap.Len() }

func (r *rows) Key(i int) providers.Ref {
	if e := r.win.at(i); e != nil {
		return e.Ref
	}
	return providers.Ref{}
}

// Index knows the window only: who brings a window makes sure that it holds
// what the cursor is on.
func (r *rows) Index(ref providers.Ref) (int, bool) { return r.win.find(ref) }

func (r *rows) Row(i int, into []table.Cell) {
	e := r.win.at(i)
	if e == nil {
		return
	}
	for c := range into {
		into[c] = r.cols[c].cell(r.env, e)
	}
}

// motion moves the cursor.
type motion func(*table.Table[providers.Ref])

func (m *Model) page() int { return max(m.size.H-3, 1) }

func (m *Model) span() int { return max(leastRows, pages*m.page()) }

// covered reports whether every row in sight was read.
func (m *Model) covered() bool { return m.rows == nil || m.rows.win.has(m.tab.Visible()) }

// SetSize gives the list its room. Rows that come into sight with it may have
// to be read.
func (m *Model) SetSize(size view.Size) tea.Cmd {
	if size == m.size {
		return nil
	}
	m.size = size
	m.tab.SetSize(size.W, size.H-2)
	return m.prefetch()
}

// step moves, or keeps the frame and waits with the move until the rows that it
// would show were read.
func (m *Model) step(do motion) tea.Cmd {
	if m.rows == nil {
		return nil
	}
	m.moved, m.touched = true, true
	if at, ok := m.try(do, m.rows.win); !ok {
		m.pending = do
		return m.fetch(at)
	}
	return m.prefetch()
}

// try moves over a window. It leaves everything as it was when rows would come
// into sight that the window has not; at is the one in their middle.
func (m *Model) try(do motion, win window) (at int, ok bool) {
	spot, before := m.tab.Spot(), m.rows.win
	m.rows.win = win
	do(m.tab)
	from, to := m.tab.Visible()
	if win.has(from, to) {
		return 0, true
	}
	m.rows.win = before
	m.tab.Restore(spot)
	return (from + to) / 2, false
}

// prefetch reads on before the operator comes to an end of the window.
func (m *Model) prefetch() tea.Cmd {
	if m.rows == nil || m.fetching {
		return nil
	}
	from, to := m.tab.Visible()
	w, least := m.rows.win, ahead*m.page()
	if (w.from == 0 || from-w.from >= least) && (w.to() >= m.Count() || w.to()-to >= least) {
		return nil
	}
	return m.fetch((from + to) / 2)
}

// fetched is the answer to a fetch.
type fetched struct {
	to  view.ID
	req view.Req
	win window
	err error
}

// To is the list's address.
func (f fetched) To() view.ID { return f.to }

// fetch asks for the window around a row.
func (m *Model) fetch(at int) tea.Cmd {
	m.fetchReq++
	m.fetching = true
	to, req, snap, span := m.addr, m.fetchReq, m.rows.snap, m.span()
	return func() tea.Msg {
		win, err := read(snap, at, span)
		return fetched{to, req, win, err}
	}
}

func (m *Model) endFetch() {
	m.fetchReq++
	m.fetching, m.pending = false, nil
}

// fetched takes a window in, and makes the move that waited for it.
func (m *Model) fetched(f fetched) tea.Cmd {
	if f.req != m.fetchReq {
		return nil
	}
	m.fetching = false
	if f.err != nil {
		m.pending = nil
		return tea.Batch(m.env.Post(view.FailedWith("the rows could not be read", f.err)), m.unpark())
	}
	if m.pending != nil {
		at, ok := m.try(m.pending, f.win)
		if !ok {
			return m.fetch(at) // the screen became larger meanwhile
		}
		m.pending = nil
		return tea.Batch(m.prefetch(), m.unpark())
	}
	from, to := m.tab.Visible()
	if blank := !m.covered(); f.win.has(from, to) {
		m.rows.win = f.win
		if blank {
			m.tab.SetRows(m.rows)
		}
	}
	return m.prefetch()
}
