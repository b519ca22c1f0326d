package list

import (
	"context"
	"errors"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/table"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// work is what is being done with rows that no window holds: marking many of
// them, or finding a mark. Keys wait for it, and it is done as a whole or not at
// all.
type work struct {
	req    view.Req
	on     bool
	marks  bool // it marks
	cancel context.CancelFunc
}

// working reports whether something is being done with the rows shown, so that
// they must stay.
func (m *Model) working() bool { return m.pending != nil || m.work.on }

func (m *Model) beginWork(marks bool) (context.Context, view.Req) {
	m.endWork()
	ctx, stop := context.WithCancel(m.ctx)
	m.work.on, m.work.marks, m.work.cancel = true, marks, stop
	return ctx, m.work.req
}

func (m *Model) endWork() {
	m.work.cancel()
	m.work.req++
	m.work.on = false
}

// later lets an action wait that is for the whole list, as long as only its
// beginning is there.
func (m *Model) later(act keymap.ID) (tea.Cmd, bool) {
	if m.rows == nil || m.rows.snap.Done() {
		return nil, false
	}
	m.deferred = act
	if m.busy {
		return nil, true
	}
	return m.load(wish{text: m.text}), true // the rest did not come
}

// Halt gives up what keys wait for, as far as it can be; false when there is no
// such thing.
func (m *Model) Halt() (tea.Cmd, bool) {
	switch {
	case m.work.on:
		m.endWork()
	case m.pending != nil:
		m.endFetch()
	case m.deferred != "":
		m.deferred = ""
	default:
		return nil, false
	}
	return tea.Batch(m.env.Post(view.Said{Text: "stopped: nothing was done"}), m.unpark()), true
}

// gathering reads rows to mark, as its command knows it.
type gathering struct {
	to     view.ID
	req    view.Req
	snap   Snapshot
	mk     *marker
	from   providers.Ref // where the range begins; zero: with the first row
	at     int           // the range's other end, or the number of rows
	room   int           // how many more marks there may be
	invert bool
}

// gathered is the answer.
type gathered struct {
	gathering
	marks []*mark
	err   error
}

// To is the list's address.
func (g gathered) To() view.ID { return g.to }

// tooMany says that the marks would be too many; lost that the beginning of the
// range is no longer shown.
type tooMany struct{ n int }

func (e tooMany) Error() string {
	return view.Count(e.n) + " records match, marks stop at " + view.Count(maxMarks) + ": narrow the filter"
}

var errLost = errors.New("the row where the range began is no longer shown: nothing was marked")

func (m *Model) gather(from providers.Ref, at int, invert bool) tea.Cmd {
	ctx, req := m.beginWork(true)
	g := gathering{to: m.addr, req: req, snap: m.rows.snap, mk: newMarker(m.prov, m.kind), from: from, at: at, room: maxMarks - m.marks.count(), invert: invert}
	if invert {
		g.room = maxMarks
	}
	return func() tea.Msg {
		marks, err := g.read(ctx)
		return gathered{g, marks, err}
	}
}

// span are the rows to read.
func (g gathering) span() (from, to int, err error) {
	if g.from.IsZero() {
		return 0, g.at, nil
	}
	i, ok, err := g.snap.Find(g.from)
	if err == nil && !ok {
		err = errLost
	}
	return min(i, g.at), max(i, g.at) + 1, err
}

// read reads the rows in stretches, until nobody wants them any more.
func (g gathering) read(ctx context.Context) ([]*mark, error) {
	from, to, err := g.span()
	if err != nil {
		return nil, err
	}
	if to-from > g.room {
		return nil, tooMany{to - from}
	}
	marks := make([]*mark, 0, to-from)
	for ; from < to; from += stretch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := g.snap.Read(from, min(from+stretch, to))
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.Fetched.IsZero() { // else it was removed meanwhile
				marks = append(marks, g.mk.mark(e.Record))
			}
		}
	}
	return marks, nil
}

// gathered marks the rows that were read.
func (m *Model) gathered(g gathered) tea.Cmd {
	if g.req != m.work.req {
		return nil
	}
	m.endWork()
	m.moved, m.touched = true, true
	before := m.marks.count()
	var said tea.Cmd
	var many tooMany
	switch {
	case errors.As(g.err, &many):
		said = m.env.Post(view.Failed{Text: many.Error()})
	case errors.Is(g.err, errLost):
		said = m.env.Post(view.Said{Text: g.err.Error()})
	case g.err != nil:
		said = m.env.Post(view.FailedWith("nothing was marked", g.err))
	case g.invert:
		said = m.invert(g.marks)
	default:
		for _, mk := range g.marks {
			m.marks.add(mk)
		}
		said = m.env.Post(view.Said{Text: view.Plural(m.marks.count()-before, "more record", "more records") + " marked"})
	}
	return tea.Batch(said, m.unpark())
}

// invert turns the marks of rows round. Hidden marks stay.
func (m *Model) invert(marks []*mark) tea.Cmd {
	n := m.marks.count()
	for _, mk := range marks {
		if m.marks.has(mk.rec.Ref) {
			n--
		} else {
			n++
		}
	}
	if n > maxMarks {
		return m.env.Post(view.Failed{Text: tooMany{n}.Error()})
	}
	for _, mk := range marks {
		m.marks.toggle(mk)
	}
	return nil
}

// found is the place of the nearest mark.
type found struct {
	to  view.ID
	req view.Req
	at  int
	ok  bool
	err error
}

// To is the list's address.
func (f found) To() view.ID { return f.to }

// nextMark moves to the nearest marked row in a direction.
func (m *Model) nextMark(step int) tea.Cmd {
	at, _, ok := m.tab.Cursor()
	if !ok {
		return nil
	}
	if m.marks.count() == 0 {
		return m.noMark()
	}
	for i := at + step; m.rows.win.at(i) != nil; i += step {
		if m.marks.has(m.rows.win.at(i).Ref) {
			return m.goTo(i)
		}
	}
	_, req := m.beginWork(false)
	to, snap, refs := m.addr, m.rows.snap, m.marks.refs()
	return func() tea.Msg {
		i, ok, err := snap.Nearest(at, step, refs)
		return found{to, req, i, ok, err}
	}
}

func (m *Model) noMark() tea.Cmd {
	return m.env.Post(view.Said{Text: "no further mark this way"})
}

func (m *Model) goTo(i int) tea.Cmd {
	return m.step(func(t *table.Table[providers.Ref]) { t.GoTo(i) })
}

// found goes to the mark that was found.
func (m *Model) found(f found) tea.Cmd {
	if f.req != m.work.req {
		return nil
	}
	m.endWork()
	var cmd tea.Cmd
	switch {
	case f.err != nil:
		cmd = m.env.Post(view.FailedWith("no mark was found", f.err))
	case !f.ok:
		cmd = m.noMark()
	default:
		cmd = m.goTo(f.at)
	}
	return tea.Batch(cmd, m.unpark())
}
