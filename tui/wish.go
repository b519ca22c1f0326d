package tui

import (
	"io"
	"os"

	"bursar/keymap"
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
	case opened:
		return m.opened(msg)
	case runStarted:
		return m.runStarted(msg)
	case showRun:
		m.screen, m.runID = onRun, msg.id
	case showAccount:
		return m.setAccounts(msg.accounts)
	case showTheme:
		m.setTheme(msg.name)
	case quitNow:
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
		if m.top() != nil {
			return nil // asked for twice, or the operator went on to something else
		}
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
		}, "cancel the batch", batchrun.Cancel(msg)))
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
		if m.top() != nil {
			return nil
		}
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

// exportReport wants a batch's report as a file.
type exportReport struct{ id, format string }

func (m *Model) reportMenu(id string) tea.Cmd {
	if m.core.Engine == nil {
		return m.env.Post(view.Said{Text: m.noEngine()})
	}
	return m.push(dialog.NewMenu(m.env, "Export the report", "", []dialog.Item{
		{Label: "text", Key: "t", Detail: "for people", Msg: exportReport{id, "txt"}},
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
