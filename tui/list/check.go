package list

import (
	"context"
	"errors"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// stretch is how many rows or marks a command works on before it looks whether
// anybody still wants the answer.
const stretch = 2048

// calm is how long it takes until all marks are read again because more changed
// than anybody remembers: more will, as long as a first sync goes on.
const calm = time.Second

// checks keep the marks as current as the list. A list that is read again has
// only those read that changed since, and judged whether it shows them; all are
// judged when the filter or the accounts are others.
type checks struct {
	doubt   map[providers.Ref]bool // changed since they were read
	all     bool                   // … or any may have
	judge   bool                   // which ones the list shows is to be found out anew
	awaited bool                   // … and the operator asked for the filter: keys wait for it

	req     view.Req
	running bool
	waited  bool // keys wait for the running one
	stop    context.CancelFunc
	gone    int // found by it so far
}

// doubtful takes the names of records in that changed.
func (m *Model) doubtful(changed []providers.Ref, all bool) {
	m.checks.all = m.checks.all || all
	for _, ref := range changed {
		if m.marks.has(ref) {
			m.checks.doubt[ref] = true
		}
	}
}

// checking is a check under way, as its command knows it.
type checking struct {
	ctx   context.Context
	to    view.ID
	req   view.Req
	src   Source
	mk    *marker
	q     cache.ListQuery
	marks []*mark                // those left
	read  map[providers.Ref]bool // to be read again
	all   bool                   // … and all others
}

// verdict is what was found about one mark.
type verdict struct {
	ref    providers.Ref
	read   *mark // as it is now; nil: it was not read again
	gone   bool
	hidden bool
}

// checked is a stretch of the answer.
type checked struct {
	checking
	verdicts []verdict
}

// To is the list's address.
func (c checked) To() view.ID { return c.to }

// check asks for what is in doubt. One under way goes to its end first, unless
// the list shows other rows now.
func (m *Model) check() tea.Cmd {
	k := &m.checks
	if m.marks.count() == 0 {
		m.endCheck()
		k.forget()
		return nil
	}
	if k.running && !k.judge || !k.all && !k.judge && len(k.doubt) == 0 {
		return nil
	}
	if k.running {
		m.endCheck()
		k.all = true // nobody knows how far it came
	}
	c := checking{to: m.addr, req: k.req, src: m.src, mk: newMarker(m.prov, m.kind), q: m.query(m.shown), all: k.all, read: k.doubt}
	if k.all || k.judge {
		for _, mk := range m.marks.by {
			c.marks = append(c.marks, mk)
		}
	} else {
		for ref := range k.doubt {
			if mk := m.marks.by[ref]; mk != nil {
				c.marks = append(c.marks, mk)
			}
		}
	}
	k.running, k.waited = true, k.awaited
	k.forget()
	c.ctx, k.stop = context.WithCancel(m.ctx)
	if c.all && !k.waited {
		pause := m.pause(calm)
		return func() tea.Msg { pause(); return c.next() }
	}
	return func() tea.Msg { return c.next() }
}

// forget says that nothing is in doubt, or soon will not be.
func (k *checks) forget() {
	k.doubt, k.all, k.judge, k.awaited = map[providers.Ref]bool{}, false, false, false
}

func (m *Model) endCheck() {
	m.checks.stop()
	m.checks.req++
	m.checks.running, m.checks.waited, m.checks.gone = false, false, 0
}

// next works through a stretch.
func (c checking) next() tea.Msg {
	n := min(stretch, len(c.marks))
	out := checked{verdicts: make([]verdict, 0, n)}
	for _, mk := range c.marks[:n] {
		if c.ctx.Err() != nil {
			return nil
		}
		out.verdicts = append(out.verdicts, c.verdict(mk))
	}
	c.marks = c.marks[n:]
	out.checking = c
	return out
}

// verdict reads a marked record again, also one that the list does not show, so
// that the sums of hidden marks are as current as the rest. What cannot be read
// stays as it was, and counts as hidden when nobody can tell.
func (c checking) verdict(mk *mark) verdict {
	out := verdict{ref: mk.rec.Ref}
	if c.all || c.read[out.ref] {
		rec, _, err := c.src.Get(out.ref)
		switch {
		case err == nil:
			mk = c.mk.mark(rec)
			out.read = mk
		case errors.Is(err, cache.ErrMiss):
			out.gone = true
			return out
		}
	}
	shown, err := c.src.Passes(c.q, mk.rec)
	out.hidden = err != nil || !shown
	return out
}

// checked takes verdicts in. Marks that were cleared meanwhile stay so.
func (m *Model) checked(c checked) tea.Cmd {
	if c.req != m.checks.req {
		return nil
	}
	for _, v := range c.verdicts {
		switch {
		case !m.marks.has(v.ref):
		case v.gone:
			m.marks.drop(v.ref)
			m.checks.gone++
		default:
			if v.read != nil {
				m.marks.add(v.read)
			}
			m.marks.hide(v.ref, v.hidden)
		}
	}
	if len(c.marks) > 0 {
		return func() tea.Msg { return c.next() }
	}
	var said tea.Cmd
	if n := m.checks.gone; n > 0 {
		said = m.env.Post(view.Said{Text: view.Plural(n, "marked record is", "marked records are") + " gone and no longer marked"})
	}
	m.endCheck()
	return tea.Batch(said, m.check())
}
