package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/batchrun"
	"bursar/tui/dialog"
	"bursar/tui/journal"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// wish carries out what a part asked of the root.
func (m *Model) wish(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.Do:
		return m.perform(keymap.ID(msg.ID))
	case view.OpenKind:
		return m.showList(msg.Kind)
	case view.OpenBatch:
		m.screen = onJournal
		return m.journal.Open(msg.ID)
	case statesRead:
		m.states = msg.states
	case startAction:
		return m.startAction(msg.id, msg.targets, msg.only)
	case startCreate:
		return m.startCreate(msg.account, msg.id)
	case runStarted:
		return m.runStarted(msg)
	case showRun:
		m.screen, m.runID = onRun, msg.id
	case showAccount:
		return m.setAccounts(msg.accounts)
	case showTheme:
		m.setTheme(msg.name)
	case quitNow:
		m.quitting = true
		return tea.Quit
	default:
		return m.wishOfMenu(msg)
	}
	return nil
}

// wishOfMenu carries out what was chosen from a menu.
func (m *Model) wishOfMenu(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case follow:
		m.screen, m.inDetail = onList, true
		return m.detail.Follow(msg.ref)
	case linksRead:
		return m.showLinks(msg.links)
	case copyText:
		return m.copy(msg.text)
	case exportTo:
		return m.export(msg.format)
	case openView:
		return m.openView(msg.v)
	case saveView:
		return m.askViewName()
	case saveViewAs:
		return m.saveViewAs(msg.name)
	case dropView:
		return m.dropView(msg.name)
	case viewsDone:
		m.said = msg.text
		if msg.name != "" {
			m.current().Saved(msg.name)
		}
	case syncSheet:
		return m.push(dialog.NewSheet(m.env, "Sync state", m.syncLines()))
	default:
		return m.wishOfBatch(msg)
	}
	return nil
}

// wishOfBatch carries out what journal and run view ask for.
func (m *Model) wishOfBatch(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case unfinished:
		return m.offer(msg)
	case batchrun.AskCancel:
		return m.push(dialog.NewAsk(m.env, "Cancel the batch?", []string{
			"Nothing more is sent. What is on its way is waited for, and the report says what was done.",
		}, "cancel the batch", batchrun.Cancel{ID: msg.ID}))
	case journal.Watch:
		if m.run(msg.ID) != nil {
			m.screen, m.runID = onRun, msg.ID
			return nil
		}
		return m.journal.Open(msg.ID)
	case journal.Resume:
		return m.askResume(msg.Summary)
	case resume:
		return m.resume(msg.s)
	case journal.Reconcile:
		return m.reconcile(msg.ID)
	case reconciled:
		return m.reconciled(msg)
	case journal.Answer:
		return m.answerMenu(msg)
	case answer:
		return m.askAnswer(msg)
	case answerNow:
		return m.answer(answer(msg))
	case answered:
		return m.answered(msg)
	case journal.History:
		return m.history(msg)
	case historyRead:
		return m.push(dialog.NewMessage(m.env, msg.title, msg.lines...))
	case journal.Copy:
		return m.copy(msg.Text)
	case journal.Export:
		return m.reportMenu(msg.ID)
	case exportReport:
		return m.exportReport(msg)
	}
	return nil
}

// batches is the engine as the journal reads it.
type batches struct {
	engine *batch.Engine
	why    string
}

// Batches lists every batch, newest first.
func (b batches) Batches() ([]batch.Summary, error) {
	if b.engine == nil {
		return nil, errors.New(Core{NoEngine: b.why}.noEngine())
	}
	return b.engine.Batches()
}

// Report accounts for one batch.
func (b batches) Report(id string) (batch.Report, error) {
	if b.engine == nil {
		return batch.Report{}, errors.New(Core{NoEngine: b.why}.noEngine())
	}
	return b.engine.Report(id)
}

// fetcher reads single records for the detail pane.
type fetcher struct{ m *Model }

// Refused says why nothing is fetched now.
func (f fetcher) Refused() string {
	if f.m.offline {
		return "offline"
	}
	return ""
}

// Fetch reads a record and what belongs to it into the cache.
func (f fetcher) Fetch(ctx context.Context, ref providers.Ref) (providers.Record, error) {
	return f.m.core.Sync.Fetch(ctx, ref)
}

// doSync carries out what concerns the connection.
func (m *Model) doSync(act keymap.ID) tea.Cmd {
	sync := m.core.Sync
	if sync == nil {
		return m.env.Post(view.Said{Text: "nothing is fetched in this session"})
	}
	switch act {
	case keymap.Offline:
		m.offline = !m.offline
		off := m.offline
		text := "online again: lists are fetched as they change"
		if off {
			text = "offline: nothing is fetched or sent; " + m.env.Keys.Key(keymap.Offline) + " goes online"
		}
		return func() tea.Msg { sync.SetOffline(off); return view.Said{Text: text} }
	case keymap.Refresh, keymap.RefreshAll:
		if m.offline {
			return m.env.Post(view.Said{Text: "offline: " + m.env.Keys.Key(keymap.Offline) + " goes online first"})
		}
	}
	return m.refresh(act == keymap.RefreshAll)
}

// refresh fetches the shown list anew, or everything.
func (m *Model) refresh(all bool) tea.Cmd {
	sync, kind, accounts := m.core.Sync, m.kind, m.accounts
	if all {
		kind, accounts = "", nil
	}
	text := "fetching " + m.kind.Plural()
	if all {
		text = "fetching everything"
	}
	return func() tea.Msg {
		if accounts == nil {
			sync.Refresh("", kind)
		}
		for _, a := range accounts {
			sync.Refresh(a, kind)
		}
		return view.Said{Text: text}
	}
}

// unfinished brings the batches that are not at their end.
type unfinished struct {
	all   []batch.Summary
	start bool
	err   error
}

func (m *Model) readUnfinished() tea.Cmd {
	engine := m.core.Engine
	if engine == nil {
		return nil
	}
	start := m.unfinished == nil && len(m.runs) == 0
	return func() tea.Msg {
		all, err := engine.Unfinished()
		return unfinished{all: all, start: start, err: err}
	}
}

// offer shows at the start, without being asked, what was left unfinished.
func (m *Model) offer(msg unfinished) tea.Cmd {
	if msg.err != nil {
		return m.env.Post(view.FailedWith("the journal cannot be read", msg.err))
	}
	m.unfinished = []batch.Summary{}
	for _, s := range msg.all {
		if !s.Running {
			m.unfinished = append(m.unfinished, s)
		}
	}
	if !msg.start || len(m.unfinished) == 0 || m.top() != nil {
		return nil
	}
	title := view.Plural(len(m.unfinished), "batch was", "batches were") + " interrupted"
	return m.push(dialog.NewMenu(m.env, title, "", m.waysOn(m.unfinished)))
}

// waysOn are the ways on with unfinished batches.
func (m *Model) waysOn(all []batch.Summary) []dialog.Item {
	var items []dialog.Item
	for _, s := range all {
		items = append(items, dialog.Item{Label: "look at " + s.Action, Detail: standing(s), Msg: view.OpenBatch{ID: s.ID}})
		if s.Waiting+s.Unknown > 0 {
			it := dialog.Item{Label: "resume it", Detail: "asks for the count first", Msg: journal.Resume{Summary: s}}
			if len(all) == 1 {
				it.Key = "R"
			}
			items = append(items, it)
		}
	}
	return append(items, dialog.Item{Label: "later", Detail: m.env.Keys.Key(keymap.Journal) + " shows the journal at any time", Msg: view.Said{Text: "unfinished batches are in the journal"}})
}

// standing is how far a batch came.
func standing(s batch.Summary) string {
	parts := []string{view.Count(s.Applied) + " of " + view.Count(s.Planned) + " done"}
	if s.Unknown > 0 {
		parts = append(parts, view.Count(s.Unknown)+" unknown")
	}
	if s.Waiting > 0 {
		parts = append(parts, view.Count(s.Waiting)+" not sent")
	}
	return strings.Join(parts, ", ")
}

// resume is a resume that the operator confirmed.
type resume struct{ s batch.Summary }

// askResume has the count typed before a batch goes on.
func (m *Model) askResume(s batch.Summary) tea.Cmd {
	n := s.Waiting + s.Unknown
	if n == 0 {
		return m.env.Post(view.Said{Text: "the batch is finished: there is nothing to resume"})
	}
	infos := m.infosOf(s.Accounts)
	if why := m.refusal(infos); why != "" {
		return m.env.Post(view.Said{Text: "cannot be resumed now: " + why})
	}
	lines := []string{s.Action + ": " + standing(s), ""}
	for _, i := range infos {
		lines = append(lines, "account "+i.Account+", "+i.Title+" @ "+i.Host)
	}
	if s.Unknown > 0 {
		lines = append(lines, "", "Unknown outcomes are read back first; only what certainly was not applied is sent again.")
	}
	lines = append(lines, "", "Up to "+view.Count(n)+" will be sent. Each record is read again before that.")
	return m.push(dialog.NewTyped(m.env, "Resume the batch", m.env.Look.BadgeOf(infos), lines, view.Count(n), resume{s}))
}

func (m *Model) infosOf(accounts []string) []providers.Info {
	var out []providers.Info
	for _, a := range accounts {
		if p, ok := m.core.Accounts.Provider(a); ok {
			out = append(out, p.Info())
		}
	}
	return out
}

func (m *Model) resume(s batch.Summary) tea.Cmd {
	infos := m.infosOf(s.Accounts)
	if why := m.refusal(infos); why != "" {
		return m.env.Post(view.Said{Text: "cannot be resumed now: " + why})
	}
	ctx, engine := m.ctx, m.core.Engine
	return func() tea.Msg {
		run, err := engine.Resume(ctx, s.ID)
		if err != nil {
			return view.FailedWith("not resumed", err)
		}
		return runStarted{run: run, title: s.Action + " of " + s.Started.Format("02 Jan 15:04"), infos: infos}
	}
}

// reconciled brings what a read-back found.
type reconciled struct {
	id     string
	report batch.Report
	err    error
}

// reconcileTimeout bounds the read-back of one batch.
const reconcileTimeout = 10 * time.Minute

func (m *Model) reconcile(id string) tea.Cmd {
	switch {
	case m.core.Engine == nil:
		return m.env.Post(view.Said{Text: m.core.noEngine()})
	case m.offline:
		return m.env.Post(view.Said{Text: "offline: nothing can be read back; " + m.env.Keys.Key(keymap.Offline) + " in a list goes online"})
	}
	m.said = "reading unknown outcomes back"
	m.journal.Busy("reading back")
	parent, engine := m.ctx, m.core.Engine
	return func() tea.Msg {
		ctx, stop := context.WithTimeout(parent, reconcileTimeout)
		defer stop()
		r, err := engine.Reconcile(ctx, id)
		return reconciled{id: id, report: r, err: err}
	}
}

func (m *Model) reconciled(msg reconciled) tea.Cmd {
	m.journal.Busy("")
	cmds := []tea.Cmd{m.journal.Changed(msg.id), m.readUnfinished()}
	if msg.err != nil {
		return tea.Batch(append(cmds, m.env.Post(view.FailedWith("not all could be read back", msg.err)))...)
	}
	m.said = "read back: " + view.Plural(msg.report.Unknown, "outcome is", "outcomes are") + " still unknown"
	return tea.Batch(cmds...)
}

// exportReport wants a batch's report as a file.
type exportReport struct{ id, format string }

func (m *Model) reportMenu(id string) tea.Cmd {
	if m.core.Engine == nil {
		return m.env.Post(view.Said{Text: m.core.noEngine()})
	}
	return m.push(dialog.NewMenu(m.env, "Export the report", "", []dialog.Item{
		{Label: "text", Key: "x", Detail: "for people", Msg: exportReport{id, "txt"}},
		{Label: "CSV", Key: "c", Detail: "for a spreadsheet", Msg: exportReport{id, "csv"}},
		{Label: "JSON", Key: "s", Detail: "for scripts", Msg: exportReport{id, "json"}},
	}))
}

func (m *Model) exportReport(msg exportReport) tea.Cmd {
	engine, dir, now := m.core.Engine, m.core.ExportDir, m.core.Now
	return func() tea.Msg {
		r, err := engine.Report(msg.id)
		if err != nil {
			return view.FailedWith("nothing was exported", err)
		}
		write := map[string]func(io.Writer) error{"txt": r.WriteText, "csv": r.WriteCSV, "json": r.WriteJSON}[msg.format]
		name := "batch-" + msg.id[:min(8, len(msg.id))] + now().Format("-20060102-150405") + "." + msg.format
		path, err := create(dir, name, func(f *os.File) error { return write(f) })
		if err != nil {
			return view.FailedWith("nothing was exported", err)
		}
		return view.Said{Text: "report exported: " + path}
	}
}
