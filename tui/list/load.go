package list

import (
	"context"
	"errors"

	"bursar/cache"
	"bursar/cache/filter"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// loaded is the answer to a load.
type loaded struct {
	to     view.ID
	req    view.Req
	text   string
	parsed *filter.Filter
	snap   *cache.Snapshot
	bad    *filter.Error
	err    error
	fresh  map[providers.Ref]*providers.Record // marks the list does not show; nil: gone
	hidden []providers.Ref                     // marks the list does not show
	cursor place
	top    bool
}

// To is the list's address.
func (l loaded) To() view.ID { return l.to }

// load asks for the list with a filter's text. An answer still on its way is
// overtaken and will be dropped. Top puts the cursor on the first row.
func (m *Model) load(text string, top bool) tea.Cmd {
	m.want++
	m.wished = m.wished && m.busy || top || text != m.text
	m.busy, m.stale, m.asked = true, false, true
	to, req, src, now := m.addr, m.want, m.src, m.now
	q := m.Query()
	refs := m.marks.refs()
	at, ref, _ := m.tab.Cursor()
	return func() tea.Msg {
		out := loaded{to: to, req: req, text: text, top: top}
		out.parsed, out.err = filter.Parse(text, now())
		if out.err != nil {
			if errors.As(out.err, &out.bad) {
				out.err = nil
			} else {
				out.bad = &filter.Error{Msg: out.err.Error()}
				out.err = nil
			}
			return out
		}
		q.Filter = out.parsed
		if out.snap, out.err = src.List(context.Background(), q); out.err == nil {
			out.fresh, out.hidden = refetch(src, out.snap, refs)
			if !top && !ref.IsZero() {
				out.cursor = find(out.snap, ref, at)
			}
		}
		return out
	}
}

// nearby is how far from its old place a record is looked for before the
// whole snapshot is indexed.
const nearby = 512

// find is where a snapshot has a record that was at a place before.
func find(snap *cache.Snapshot, ref providers.Ref, was int) place {
	for d := range nearby {
		for _, i := range [2]int{was + d, was - d} {
			if i >= 0 && i < snap.Len() && snap.At(i).Ref == ref {
				return place{ref, i}
			}
		}
	}
	if i, ok := snap.Index(ref); ok {
		return place{ref, i}
	}
	return place{ref, -1}
}

// refetch reads the marked records again, also those that the snapshot does
// not show, so that the sums of hidden marks are as current as the rest. A
// record that is gone is nil.
func refetch(src Source, snap *cache.Snapshot, refs []providers.Ref) (fresh map[providers.Ref]*providers.Record, hidden []providers.Ref) {
	fresh = map[providers.Ref]*providers.Record{}
	for _, ref := range refs {
		if i, ok := snap.Index(ref); ok {
			rec := snap.At(i).Record
			fresh[ref] = &rec
			continue
		}
		rec, _, err := src.Get(ref)
		switch {
		case err == nil:
			fresh[ref] = &rec
			hidden = append(hidden, ref)
		case errors.Is(err, cache.ErrMiss):
			fresh[ref] = nil
		default:
			hidden = append(hidden, ref)
		}
	}
	return fresh, hidden
}

// arrived takes an answer in, unless a newer request overtook it.
func (m *Model) arrived(l loaded) tea.Cmd {
	if l.req != m.want {
		return nil
	}
	m.busy = false
	var cmds []tea.Cmd
	switch {
	case l.bad != nil:
		m.edit.fail(l.text, l.bad)
		if !m.edit.on {
			cmds = append(cmds, m.env.Post(view.Failed{Text: "filter “" + l.text + "”: " + sentence(l.bad)}))
		}
		if m.snap == nil { // a saved view that does not parse: at least the list
			cmds = append(cmds, m.load("", true))
		}
	case l.err != nil:
		cmds = append(cmds, m.env.Post(view.FailedWith("the list of "+m.kind.Plural()+" could not be read", l.err)))
	default:
		m.edit.bad = nil
		m.text, m.parsed = l.text, l.parsed
		m.show(l.snap, l.cursor, l.top)
		if gone := m.marks.refresh(l.fresh, l.hidden, l.snap); gone > 0 {
			cmds = append(cmds, m.env.Post(view.Said{Text: view.Plural(gone, "marked record is", "marked records are") + " gone and no longer marked"}))
		}
	}
	if m.stale {
		cmds = append(cmds, m.load(m.text, false))
	}
	return tea.Batch(cmds...)
}

// show puts a snapshot into the table. As long as the operator has not moved,
// the newest row stays under the cursor; after that the cursor's record keeps
// its place on the screen.
func (m *Model) show(snap *cache.Snapshot, cursor place, top bool) {
	m.snap = snap
	m.tab.SetRows(&rows{snap: snap, cols: m.cols, env: m.env, cursor: cursor})
	if top || !m.moved {
		m.tab.Top()
		m.moved = m.moved && !top
	}
}

// sentence is a filter's error with its hint.
func sentence(e *filter.Error) string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + ": " + e.Hint
}
