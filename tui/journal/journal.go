// Package journal shows the batches that were ever started, newest first, and
// what became of every record of one of them. From here an operator resumes,
// reconciles, answers and exports.
package journal

import (
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Addr is the journal's address.
const Addr view.ID = "journal"

// Source is where batches are read from: the engine.
type Source interface {
	Batches() ([]batch.Summary, error)
	Report(id string) (batch.Report, error)
}

// The wishes that the root carries out, because they ask the operator first or
// reach beyond the screen.
type (
	// Resume wants an unfinished batch to go on.
	Resume struct{ Summary batch.Summary }
	// Reconcile wants the unknown outcomes of a batch read back.
	Reconcile struct{ ID string }
	// Export wants a batch's report as a file.
	Export struct{ ID string }
	// Answer wants the operator's word on an unknown outcome.
	Answer struct {
		Batch, Action string
		Item          batch.ReportItem
	}
	// History wants the steps of one record.
	History struct {
		Batch string
		Item  batch.ReportItem
	}
	// Copy wants a record's id on the clipboard.
	Copy struct{ Text string }
	// Watch wants the run view of a batch that is at work.
	Watch struct{ ID string }
)

// listed is the answer with all batches.
type listed struct {
	req view.Req
	all []batch.Summary
	err error
}

// To is the journal's address.
func (listed) To() view.ID { return Addr }

// reported is the answer with one batch's report.
type reported struct {
	req    view.Req
	report batch.Report
	err    error
}

// To is the journal's address.
func (reported) To() view.ID { return Addr }

// Model is the journal: the list of batches, or the report of one.
type Model struct {
	env *view.Env
	src Source

	wantList, wantReport view.Req
	all                  []batch.Summary
	loaded               bool
	waiting              bool // the operator asked for what is on its way
	following            bool // it is read again soon
	err                  string
	at, top, rows        int

	open    string // the batch whose report is shown, "" for the list
	report  *batch.Report
	order   []int // items of the report, what needs a look first
	itemAt  int
	itemTop int
	busy    string // what is being done to the open batch
}

// New is an empty journal; Show loads it.
func New(env *view.Env, src Source) *Model { return &Model{env: env, src: src, rows: 10} }

// Waiting reports whether rows are on their way that the operator asked for:
// keys pressed meanwhile are meant for those.
func (m *Model) Waiting() bool { return m.waiting }

// Show loads the list of batches.
func (m *Model) Show() tea.Cmd {
	m.waiting = m.waiting || !m.loaded
	return m.loadList()
}

func (m *Model) loadList() tea.Cmd {
	m.wantList++
	req, src := m.wantList, m.src
	return func() tea.Msg {
		all, err := src.Batches()
		return listed{req: req, all: all, err: err}
	}
}

// Open shows the report of a batch.
func (m *Model) Open(id string) tea.Cmd {
	if m.open != id {
		m.open, m.report, m.itemAt, m.itemTop, m.busy = id, nil, 0, 0, ""
		m.waiting = true
	}
	return m.loadReport()
}

// Close goes from the report back to the list.
func (m *Model) Close() { m.open, m.report = "", nil }

// followInterval is the least time between two readings of a batch at work: a
// report holds every record, and nobody reads ten thousand ten times a second.
const followInterval = 500 * time.Millisecond

// follow is the time to read again.
type follow struct{ id string }

// To is the journal's address.
func (follow) To() view.ID { return Addr }

// Follow reads again soon what is shown: a batch at work moved on.
func (m *Model) Follow(id string) tea.Cmd {
	if m.following {
		return nil
	}
	m.following = true
	return m.env.Tick(followInterval, follow{id})
}

// Changed reads again at once what is shown.
func (m *Model) Changed(id string) tea.Cmd {
	if m.open == id && id != "" {
		return tea.Batch(m.loadList(), m.loadReport())
	}
	return m.loadList()
}

// Busy says what is being done to the open batch; "" when it is over.
func (m *Model) Busy(text string) { m.busy = text }

func (m *Model) loadReport() tea.Cmd {
	m.wantReport++
	req, src, id := m.wantReport, m.src, m.open
	return func() tea.Msg {
		r, err := src.Report(id)
		return reported{req: req, report: r, err: err}
	}
}

// Update takes the answers in.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if f, ok := msg.(follow); ok {
		m.following = false
		return m.Changed(f.id)
	}
	m.waiting = false
	switch msg := msg.(type) {
	case listed:
		if msg.req != m.wantList {
			return nil
		}
		m.loaded = true
		if msg.err != nil {
			m.err = msg.err.Error()
			return nil
		}
		m.err = ""
		m.keepCursor(msg.all)
	case reported:
		if msg.req != m.wantReport || m.open == "" {
			return nil
		}
		if msg.err != nil {
			return m.env.Post(view.FailedWith("the report cannot be read", msg.err))
		}
		m.takeReport(msg.report)
	}
	return nil
}

// keepCursor shows other batches with the cursor on the one it was on.
func (m *Model) keepCursor(all []batch.Summary) {
	id := ""
	if m.at < len(m.all) && m.at > 0 {
		id = m.all[m.at].ID
	}
	m.all = all
	m.at = max(0, min(m.at, len(all)-1))
	for i, s := range all {
		if s.ID == id {
			m.at = i
		}
	}
}

// rank orders the items of a report: what waits for the operator first.
func rank(s batch.State) int {
	switch s {
	case batch.StateUnknown, batch.StateSending:
		return 0
	case batch.StateRefused:
		return 1
	case batch.StateHeld, batch.StateCancelled:
		return 2
	case batch.StatePlanned:
		return 3
	}
	return 4
}

func (m *Model) takeReport(r batch.Report) {
	id := ""
	if m.report != nil && m.itemAt < len(m.order) && m.itemAt > 0 {
		id = m.report.Items[m.order[m.itemAt]].ID
	}
	m.report, m.order = &r, m.order[:0]
	for want := range 5 {
		for i, it := range r.Items {
			if rank(it.State) == want {
				m.order = append(m.order, i)
			}
		}
	}
	m.itemAt = max(0, min(m.itemAt, len(m.order)-1))
	for i, n := range m.order {
		if r.Items[n].ID == id {
			m.itemAt = i
		}
	}
}

// listHints are the keys that do something for the batch under the cursor.
func (m *Model) listHints() []view.Hint {
	if m.at >= len(m.all) {
		return m.env.Hints(keymap.Back, keymap.Help)
	}
	ids, s := []keymap.ID{keymap.JournalOpen}, m.all[m.at]
	if s.Open() && !s.Running {
		ids = append(ids, keymap.JournalResume)
	}
	if s.Unknown > 0 && !s.Running {
		ids = append(ids, keymap.JournalReconcile)
	}
	return m.env.Hints(append(ids, keymap.JournalExport, keymap.Back, keymap.Help)...)
}

// Hints are the keys of what is shown.
func (m *Model) Hints() []view.Hint {
	if m.open == "" {
		return m.listHints()
	}
	ids := []keymap.ID{keymap.ReportOpen}
	if m.report != nil && m.report.Unknown > 0 {
		ids = append(ids, keymap.ReportReconcile, keymap.ReportAnswer, keymap.ReportNext)
	}
	if m.report != nil && m.report.Waiting > 0 {
		ids = append(ids, keymap.ReportResume)
	}
	return m.env.Hints(append(ids, keymap.ReportExport, keymap.Back, keymap.Help)...)
}
