package list

import (
	"context"
	"errors"
	"time"

	"bursar/cache"
	"bursar/cache/filter"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// order is a column and a direction.
type order struct {
	by  cache.Column
	asc bool
}

// wish is a list that is asked for.
type wish struct {
	text  string // the filter's
	top   bool   // the cursor goes to the first row
	wait  bool   // keys are meant for these rows, not for those still shown
	parts bool   // the beginning of the list is worth showing before the rest is there
}

// loading is a list on its way, as commands know it: they do not read the model.
type loading struct {
	wish
	ctx     context.Context // ends when another list is wanted
	to      view.ID
	req     view.Req
	src     Source
	q       cache.ListQuery
	since   cache.Moment
	pause   func()
	now     func() time.Time
	listing Listing
}

// loaded is a step of it: a snapshot together with the rows that will be seen,
// so that one message makes one frame.
type loaded struct {
	loading
	sight
	first   bool
	snap    Snapshot
	changed []providers.Ref // records that changed since the list before, with the first step
	all     bool            // … or any may have
	moment  cache.Moment
	took    time.Duration
	bad     *filter.Error
	err     error
}

// To is the list's address.
func (l loaded) To() view.ID { return l.to }

// load asks for a list. One that is still on its way is given up: its work is
// cancelled and its answer dropped.
func (m *Model) load(w wish) tea.Cmd {
	if m.busy {
		w.wait, w.top = w.wait || m.asking.wait, w.top || m.asking.top
	}
	m.stop()
	m.req++
	m.asking, m.touched, m.parked = w, false, nil
	m.busy, m.asked, m.stale, m.other = true, true, false, false
	l := loading{wish: w, to: m.addr, req: m.req, src: m.src, q: m.query(m.wanted), since: m.moment, now: m.now, pause: func() {}}
	l.ctx, m.stop = context.WithCancel(m.ctx)
	if !w.wait && !w.top && m.rest > 0 {
		l.pause = m.pause(m.rest)
	}
	at := m.look(w.top)
	return func() tea.Msg { return l.begin(at) }
}

// pause is a rest for a command to take.
func (m *Model) pause(d time.Duration) func() {
	tick := m.env.Tick
	return func() {
		if cmd := tick(d, nil); cmd != nil {
			cmd()
		}
	}
}

// query is the list with what it is filtered by now, in an order.
func (m *Model) query(o order) cache.ListQuery {
	return cache.ListQuery{Kind: m.kind, Accounts: m.accounts, Filter: m.parsed, Sort: o.by, Ascending: o.asc}
}

// goal is the filter of the list once everything has come that was asked for.
func (m *Model) goal() string {
	if m.busy {
		return m.asking.text
	}
	return m.text
}

// look is where the operator will look: at the first row, or where the cursor
// is. As long as the operator has not moved, the newest row is under the cursor.
func (m *Model) look(top bool) look {
	l := look{span: m.span()}
	if !top && m.moved {
		l.at, l.ref, _ = m.tab.Cursor()
	}
	return l
}

func (l loading) begin(at look) loaded {
	out := loaded{loading: l, first: true}
	if l.q.Filter, out.err = filter.Parse(l.text, l.now()); out.err != nil {
		if !errors.As(out.err, &out.bad) {
			out.bad = &filter.Error{Msg: out.err.Error()}
		}
		out.err = nil
		return out
	}
	if out.err = l.ctx.Err(); out.err != nil {
		return out
	}
	l.pause()
	began := l.now()
	changed, moment, all := l.src.Since(l.since) // before the list: what changes in between is named again
	l.listing = l.src.Listing(l.q)
	out = l.next(at)
	out.first, out.changed, out.moment, out.all = true, changed, moment, all
	out.took = l.now().Sub(began)
	return out
}

// next takes the next step that is worth showing, or goes to the end.
func (l loading) next(at look) loaded {
	out := loaded{loading: l}
	for {
		if out.snap, out.err = l.listing.Next(l.ctx); out.err != nil {
			return out
		}
		if l.parts || out.snap.Done() {
			return out.again(at)
		}
	}
}

// again reads other rows of the same snapshot.
func (l loaded) again(at look) loaded {
	l.sight, l.err = at.into(l.snap)
	return l
}

// arrived takes an answer in, unless a newer request overtook it. What was asked
// of the rows shown now is done first.
func (m *Model) arrived(l loaded) tea.Cmd {
	if l.req != m.req {
		return nil
	}
	if m.working() {
		m.parked = &l
		return nil
	}
	switch {
	case l.bad != nil:
		return m.refused(l)
	case l.err != nil:
		return m.failed(l.err)
	}
	if at, ok := m.place(l); !ok {
		return func() tea.Msg { return l.again(at) }
	}
	return m.accepted(l)
}

// unpark takes in the list that waited until the one before was done with.
func (m *Model) unpark() tea.Cmd {
	l := m.parked
	if l == nil || m.working() {
		return nil
	}
	m.parked = nil
	return m.arrived(*l)
}

// place puts a snapshot into the table; the cursor's record keeps its place on
// the screen, unless the first row is wanted. Not ok: the window does not hold
// what would be seen, because the operator went on meanwhile or another order
// took the record elsewhere; at is where to look for it.
func (m *Model) place(l loaded) (at look, ok bool) {
	top := l.top && !m.touched || !m.moved
	want := m.look(top)
	if _, in := l.win.find(want.ref); !in && !want.ref.IsZero() && want.ref != l.look.ref {
		return want, false
	}
	r := &rows{snap: l.snap, win: l.win, cols: m.cols, env: m.env}
	spot := m.tab.Spot()
	m.tab.SetRows(r)
	if top {
		m.tab.Top()
	}
	if !l.win.has(m.tab.Visible()) && l.look != want {
		m.tab.Restore(spot)
		return want, false
	}
	m.rows = r
	m.endFetch()
	m.moved = m.moved && !top
	return want, true
}

// accepted takes in what came with a snapshot that is shown now.
func (m *Model) accepted(l loaded) tea.Cmd {
	if !m.edit.on || l.text == m.edit.in.Value() {
		m.edit.bad = nil
	}
	wished := l.text != m.text || m.asking.wait
	m.text, m.parsed, m.shown = l.text, l.q.Filter, order{l.q.Sort, l.q.Ascending}
	m.showSort()
	m.asking.wait = false // for the rows that are there
	if l.first {
		m.moment = l.moment
		m.doubtful(l.changed, l.all)
		m.checks.judge = m.checks.judge || wished || len(m.parsed.Links()) > 0 // a link to a mark is no change of the mark
		m.checks.awaited = m.checks.awaited || wished
	}
	cmds := []tea.Cmd{m.check(), m.prefetch()}
	if !l.snap.Done() {
		at := m.look(false)
		return tea.Batch(append(cmds, func() tea.Msg { return l.next(at) })...)
	}
	m.rest = min(restFactor*l.took, mostRest)
	return tea.Batch(append(cmds, m.ended())...)
}

// A list that is read again by itself rests three times as long as it took, so
// that a filter over a million rows does not keep a processor busy for as long
// as a sync goes on.
const (
	restFactor = 3
	mostRest   = 2 * time.Second
)

// ended is the end of a request: what waited for it is done, and if the store
// changed meanwhile, the list is read again.
func (m *Model) ended() tea.Cmd {
	m.stop()
	m.busy, m.asking.wait = false, false
	var cmds []tea.Cmd
	if act := m.deferred; act != "" {
		m.deferred = ""
		cmd, handled := m.Do(act)
		if !handled {
			cmd = m.env.Post(view.Do{ID: string(act)})
		}
		cmds = append(cmds, cmd)
	}
	if m.stale && m.watched && !m.busy {
		cmds = append(cmds, m.load(wish{text: m.text}))
	}
	return tea.Batch(cmds...)
}

// refused says what is wrong with a filter; the last good list stays.
func (m *Model) refused(l loaded) tea.Cmd {
	m.deferred = ""
	m.edit.fail(l.text, l.bad)
	var cmds []tea.Cmd
	if !m.edit.on {
		m.wanted = m.shown
		cmds = append(cmds, m.env.Post(view.Failed{Text: "filter “" + l.text + "”: " + sentence(l.bad)}))
	}
	cmds = append(cmds, m.ended())
	if m.rows == nil && !m.busy { // a saved view that does not parse: at least the list
		cmds = append(cmds, m.load(wish{top: true, parts: true}))
	}
	return tea.Batch(cmds...)
}

// failed says why there is no list; what was shown stays.
func (m *Model) failed(err error) tea.Cmd {
	m.deferred, m.wanted = "", m.shown
	cmd := m.ended()
	if errors.Is(err, context.Canceled) {
		return cmd
	}
	return tea.Batch(m.env.Post(view.FailedWith("the list of "+m.kind.Plural()+" could not be read", err)), cmd)
}

// sentence is a filter's error with its hint.
func sentence(e *filter.Error) string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + ": " + e.Hint
}
