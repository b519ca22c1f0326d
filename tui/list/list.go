// Package list is the one list view: every tab and every view of the palette
// is it, given a kind. It knows the columns of each kind, filters as the
// operator types, sorts, and keeps the marks by Ref, so that a refresh, a
// filter or another order never loses or moves them.
package list

import (
	"context"
	"time"

	"bursar/cache"
	"bursar/cache/filter"
	"bursar/cache/views"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/table"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Providers finds the payment system behind an account, for what can be done
// to its records.
type Providers interface {
	Provider(account string) (providers.Provider, bool)
}

// Model is the list of one kind. What it shows is a snapshot and a window of its
// rows; both come with messages, and neither Update nor Draw asks the source.
type Model struct {
	ctx  context.Context // the screen's life
	env  *view.Env
	addr view.ID
	src  Source
	prov Providers
	kind providers.Kind
	now  func() time.Time // for commands only
	size view.Size

	accounts []string // nil: all
	text     string   // the filter of what is shown: the last one that parsed
	parsed   *filter.Filter
	shown    order // of what is shown
	wanted   order // what it will be once it is sorted
	viewName string

	// The list that is on its way, and what is known about asking for it.
	req      view.Req
	stop     context.CancelFunc
	asking   wish
	busy     bool          // an answer is on its way
	asked    bool          // the list was asked for at all
	stale    bool          // the store changed since it was asked for
	other    bool          // the accounts are not those that it was asked for
	watched  bool          // it is on screen
	touched  bool          // the operator moved or marked since it was asked for
	parked   *loaded       // it came while something was being done with the rows shown
	deferred keymap.ID     // an action that waits until the whole list is there
	rest     time.Duration // before it is read again by itself
	moment   cache.Moment  // of what is shown

	rows *rows // what is shown; nil before the first answer
	tab  *table.Table[providers.Ref]
	cols []column

	fetchReq view.Req
	fetching bool   // a window is on its way
	pending  motion // … that a move waits for

	marks  marks
	marker *marker
	checks checks
	work   work
	anchor *providers.Ref // where a range of marks began
	moved  bool           // the operator moved the cursor

	edit  edit
	cool  context.CancelFunc // ends the preparation for a filter
	facts Facts
}

// New is an empty list; Show loads it. The end of ctx ends its requests.
func New(ctx context.Context, env *view.Env, src Source, prov Providers, kind providers.Kind, now func() time.Time) *Model {
	nothing := func() {}
	m := &Model{
		ctx: ctx, env: env, addr: view.ID("list/" + string(kind)), src: src, prov: prov, kind: kind, now: now,
		shown: order{by: cache.Created}, wanted: order{by: cache.Created}, stop: nothing, cool: nothing,
		marks: newMarks(), marker: newMarker(prov, kind), work: work{cancel: nothing}, checks: checks{stop: nothing},
	}
	m.checks.forget()
	m.tab = table.New[providers.Ref](env.Look.Styles)
	m.tab.SetMarked(m.marks.has)
	m.setColumns()
	return m
}

// ID is the list's address.
func (m *Model) ID() view.ID { return m.addr }

// Kind is the kind of the records listed.
func (m *Model) Kind() providers.Kind { return m.kind }

// Show makes sure that the list is loaded and current.
func (m *Model) Show() tea.Cmd {
	m.watched = true
	switch {
	case !m.asked:
		return m.load(wish{text: m.text, parts: true})
	case m.other:
		return m.load(wish{text: m.goal(), wait: true})
	case m.stale && !(m.busy && m.asking.wait):
		m.rest = 0 // somebody looks again
		return m.load(wish{text: m.goal()})
	}
	return nil
}

// Changed tells the list that the store holds something new of its kind. A list
// that is not on screen remembers it until it is shown, one that is being read
// until it has been: what changes all the time is read again and again, but
// never twice at once.
func (m *Model) Changed(watched bool) tea.Cmd {
	m.stale, m.watched = true, watched
	if !watched || m.busy || !m.asked {
		return nil
	}
	return m.load(wish{text: m.text})
}

// SetAccounts shows the records of these accounts only, from the next Show on;
// nil shows all.
func (m *Model) SetAccounts(accounts []string) {
	m.accounts, m.other = accounts, true
	m.setColumns()
}

// SetView shows a saved view.
func (m *Model) SetView(v views.View) tea.Cmd {
	m.viewName, m.wanted = v.Name, order{v.Sort, v.Ascending}
	if v.Sort == "" {
		m.wanted.by = cache.Created
	}
	return m.load(wish{text: v.Filter, top: true, wait: true, parts: true})
}

// View is the list as a view to save.
func (m *Model) View(name string) views.View {
	return views.View{Name: name, Kind: m.kind, Filter: m.text, Sort: m.wanted.by, Ascending: m.wanted.asc}
}

// Saved names the view that is on screen.
func (m *Model) Saved(name string) { m.viewName = name }

// Snapshot is what is shown; nil before the first answer.
func (m *Model) Snapshot() Snapshot {
	if m.rows == nil {
		return nil
	}
	return m.rows.snap
}

// Count is how many rows are shown.
func (m *Model) Count() int {
	if m.rows == nil {
		return 0
	}
	return m.rows.Len()
}

// Cursor is the record under the cursor; false when there is none, or when it
// was removed a moment ago.
func (m *Model) Cursor() (cache.Entry, bool) {
	i, _, ok := m.tab.Cursor()
	if !ok {
		return cache.Entry{}, false
	}
	e := m.rows.win.at(i)
	if e == nil || e.Fetched.IsZero() {
		return cache.Entry{}, false
	}
	return *e, true
}

// Targets are the records that an action is for: the marks, or else the row
// under the cursor.
func (m *Model) Targets() []providers.Record {
	if m.marks.count() > 0 {
		return m.marks.records()
	}
	if e, ok := m.Cursor(); ok {
		return []providers.Record{e.Record}
	}
	return nil
}

// Marked is the number of marks.
func (m *Model) Marked() int { return m.marks.count() }

// Allows reports whether an action with one of the verbs is possible for a mark.
func (m *Model) Allows(verbs ...string) bool { return m.marks.allows(verbs...) }

// Hidden is the number of marks that the filter hides.
func (m *Model) Hidden() int { return len(m.marks.hid) }

// Unmark clears the marks of records, once a batch has them.
func (m *Model) Unmark(refs []providers.Ref) {
	for _, ref := range refs {
		m.marks.drop(ref)
	}
}

// Waiting reports whether something is on its way that the operator asked for:
// other rows, a far move, marks. Keys pressed meanwhile are meant for what comes,
// not for what is still shown. An order is not waited for.
func (m *Model) Waiting() bool {
	return m.busy && m.asking.wait || m.deferred != "" || m.working() || m.checks.waited || m.fetching && !m.covered()
}

// TextFocus reports whether letters go to the filter now.
func (m *Model) TextFocus() bool { return m.edit.on }

// SetLook takes a new theme.
func (m *Model) SetLook() { m.tab.SetStyles(m.env.Look.Styles) }

// Update takes the answers to the list's requests.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case loaded:
		return m.arrived(msg)
	case fetched:
		return m.fetched(msg)
	case gathered:
		return m.gathered(msg)
	case found:
		return m.found(msg)
	case checked:
		return m.checked(msg)
	}
	return nil
}
