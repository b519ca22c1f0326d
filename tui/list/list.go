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
	"bursar/providers"
	"bursar/tui/table"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Source is where lists come from: the cache.
type Source interface {
	List(ctx context.Context, q cache.ListQuery) (*cache.Snapshot, error)
	Get(ref providers.Ref) (providers.Record, time.Time, error)
}

// Providers finds the payment system behind an account, for what can be done
// to its records.
type Providers interface {
	Provider(account string) (providers.Provider, bool)
}

// Model is the list of one kind.
type Model struct {
	env  *view.Env
	addr view.ID
	src  Source
	prov Providers
	kind providers.Kind
	now  func() time.Time // for commands only

	accounts []string // nil: all
	text     string   // the filter of what is shown: the last one that parsed
	parsed   *filter.Filter
	sort     cache.Column
	asc      bool
	viewName string

	want   view.Req
	busy   bool // an answer is on its way
	wished bool // … that the operator asked for, with another filter or order
	stale  bool // the store changed since it was asked for
	asked  bool // the list was asked for at all
	snap   *cache.Snapshot
	tab    *table.Table[providers.Ref]
	cols   []column
	marks  marks
	anchor *providers.Ref // where a range of marks began
	moved  bool           // the operator moved the cursor

	edit  edit
	facts Facts
}

// New is an empty list; Show loads it.
func New(env *view.Env, src Source, prov Providers, kind providers.Kind, now func() time.Time) *Model {
	m := &Model{env: env, addr: view.ID("list/" + string(kind)), src: src, prov: prov, kind: kind, now: now, sort: cache.Created}
	m.marks = newMarks(prov, kind)
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
	if m.asked && !m.stale {
		return nil
	}
	return m.load(m.text, false)
}

// Changed tells the list that the store holds something new of its kind. A list
// that is not on screen remembers it until it is shown.
func (m *Model) Changed(shown bool) tea.Cmd {
	m.stale = true
	if !shown || m.busy || !m.asked {
		return nil
	}
	return m.load(m.text, false)
}

// SetAccounts shows the records of these accounts only; nil shows all.
func (m *Model) SetAccounts(accounts []string) {
	m.accounts, m.stale = accounts, true
	m.setColumns()
}

// SetView shows a saved view.
func (m *Model) SetView(v views.View) tea.Cmd {
	m.viewName, m.sort, m.asc = v.Name, v.Sort, v.Ascending
	if m.sort == "" {
		m.sort = cache.Created
	}
	m.showSort()
	return m.load(v.Filter, true)
}

// View is the list as a view to save.
func (m *Model) View(name string) views.View {
	return views.View{Name: name, Kind: m.kind, Filter: m.text, Sort: m.sort, Ascending: m.asc}
}

// Saved names the view that is on screen.
func (m *Model) Saved(name string) { m.viewName = name }

// Query is the query behind what is shown, for an export.
func (m *Model) Query() cache.ListQuery {
	return cache.ListQuery{Kind: m.kind, Accounts: m.accounts, Filter: m.parsed, Sort: m.sort, Ascending: m.asc}
}

// Snapshot is what is shown; nil before the first answer.
func (m *Model) Snapshot() *cache.Snapshot { return m.snap }

// Count is how many rows are shown.
func (m *Model) Count() int {
	if m.snap == nil {
		return 0
	}
	return m.snap.Len()
}

// Cursor is the record under the cursor.
func (m *Model) Cursor() (cache.Entry, bool) {
	i, _, ok := m.tab.Cursor()
	if !ok || m.snap == nil || i >= m.snap.Len() {
		return cache.Entry{}, false
	}
	return m.snap.At(i), true
}

// GoTo puts the cursor on a record; false when the list does not show it.
func (m *Model) GoTo(ref providers.Ref) bool {
	m.moved = true
	return m.tab.GoToKey(ref)
}

// Targets are the records that an action is for: the marks, or else the row
// under the cursor.
func (m *Model) Targets() []providers.Record {
	if recs := m.marks.records(); len(recs) > 0 {
		return recs
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

// Waiting reports whether rows are on their way that the operator asked for:
// keys pressed meanwhile are meant for those, not for the rows still shown.
func (m *Model) Waiting() bool { return m.busy && m.wished }

// TextFocus reports whether letters go to the filter now.
func (m *Model) TextFocus() bool { return m.edit.on }

// SetLook takes a new theme.
func (m *Model) SetLook() { m.tab.SetStyles(m.env.Look.Styles) }

// Update takes the answers to the list's requests.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(loaded); ok {
		return m.arrived(msg)
	}
	return nil
}

// rows shows a snapshot in the table. A row is decoded once per look at it, and
// the place of the cursor's record was found by the command that brought the
// snapshot: finding a key among a million rows is no work for a frame.
type rows struct {
	snap   *cache.Snapshot
	cols   []column
	env    *view.Env
	cursor place
	lastAt int
	last   *cache.Entry
}

// place is where a snapshot has a record; at is -1 when it has it not.
type place struct {
	ref providers.Ref
	at  int
}

func (r *rows) Len() int { return r.snap.Len() }

func (r *rows) at(i int) *cache.Entry {
	if r.last == nil || r.lastAt != i {
		e := r.snap.At(i)
		r.last, r.lastAt = &e, i
	}
	return r.last
}

func (r *rows) Key(i int) providers.Ref { return r.at(i).Ref }

func (r *rows) Index(ref providers.Ref) (int, bool) {
	if ref == r.cursor.ref && !ref.IsZero() {
		return r.cursor.at, r.cursor.at >= 0
	}
	found := find(r.snap, ref, max(r.cursor.at, 0)) // the cursor moved on meanwhile
	return found.at, found.at >= 0
}

func (r *rows) Row(i int, into []table.Cell) {
	e := r.at(i)
	for c := range into {
		into[c] = r.cols[c].cell(r.env, e)
	}
}
