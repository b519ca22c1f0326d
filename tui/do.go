package tui

import (
	"bursar/keymap"
	"bursar/providers"
	"bursar/themes"
	"bursar/tui/dialog"
	"bursar/tui/help"
	"bursar/tui/palette"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// do carries out an action that belongs to the frame, or that a part left to
// it.
func (m *Model) do(act keymap.ID) tea.Cmd {
	switch act {
	case keymap.Back:
		return m.back()
	case keymap.Tab1, keymap.Tab2, keymap.Tab3, keymap.Tab4:
		return m.showList(map[keymap.ID]providers.Kind{
			keymap.Tab1: providers.Payment, keymap.Tab2: providers.Payout, keymap.Tab3: providers.Contractor, keymap.Tab4: providers.Receipt,
		}[act])
	case keymap.TabNext:
		return m.nextTab(1)
	case keymap.TabPrevious:
		return m.nextTab(-1)
	case keymap.PaneLeft:
		m.inDetail = false
		return m.followCursor()
	case keymap.PaneRight:
		m.inDetail = m.screen == onList && m.detail.Open()
		return nil
	case keymap.Palette:
		return m.push(palette.New(m.env, m.paletteItems()))
	case keymap.Help:
		return m.push(help.New(m.env, m.helpScopes()...))
	case keymap.Journal:
		m.screen = onJournal
		m.journal.Close()
		return m.journal.Show()
	case keymap.Theme:
		m.setTheme(themes.Next(m.theme))
		return m.env.Post(view.Said{Text: "theme " + m.theme})
	case keymap.Quit, keymap.Interrupt:
		return m.quit()
	case keymap.Refresh:
		if m.inDetail {
			return m.detail.Reload()
		}
		return m.doSync(act)
	case keymap.Offline, keymap.RefreshAll:
		return m.doSync(act)
	}
	if m.screen == onList {
		return m.doRecord(act)
	}
	return nil
}

// doRecord carries out what is done with the records of a list.
func (m *Model) doRecord(act keymap.ID) tea.Cmd {
	switch act {
	case keymap.Open:
		return m.open()
	case keymap.ActionMenu:
		return m.actionMenu()
	case keymap.ActionCredit:
		return m.startVerbs("credit", "capture")
	case keymap.ActionRefund:
		return m.startVerbs("refund")
	case keymap.ActionCancel:
		return m.startVerbs("cancel")
	case keymap.ActionDelete:
		return m.startVerbs("delete")
	case keymap.ActionCreate:
		return m.createMenu()
	case keymap.Links:
		return m.linkMenu()
	case keymap.Copy:
		return m.copyMenu()
	case keymap.CopyLink:
		if rec, ok := m.record(); ok {
			return m.copy(rec.Ref.String())
		}
	case keymap.Views:
		return m.viewsMenu()
	case keymap.Export:
		return m.exportMenu()
	}
	return nil
}

// perform carries out an action that was chosen by name: as its key would, on
// the part that has the keys.
func (m *Model) perform(act keymap.ID) tea.Cmd {
	switch {
	case m.screen == onJournal:
		if cmd, ok := m.journal.Do(act); ok {
			return cmd
		}
	case m.screen == onRun:
		if r := m.run(m.runID); r != nil {
			if cmd, ok := r.Do(act); ok {
				return cmd
			}
		}
	case m.inDetail:
		if cmd, ok := m.detail.Do(act, ""); ok {
			return cmd
		}
	case act != keymap.Back:
		if cmd, ok := m.current().Do(act); ok {
			return tea.Batch(cmd, m.followCursor())
		}
	}
	return m.do(act)
}

// back closes the topmost layer: the way of links, the pane, the screen, then
// the layers of the list.
func (m *Model) back() tea.Cmd {
	if m.screen != onList {
		m.screen = onList
		return tea.Batch(m.current().Show(), m.followCursor())
	}
	if m.detail.Open() {
		if cmd, ok := m.detail.Back(); ok {
			return cmd
		}
		m.leaveDetail()
		return nil
	}
	if cmd, ok := m.current().Do(keymap.Back); ok {
		return cmd
	}
	if m.accounts != nil {
		return m.setAccounts(nil)
	}
	return m.env.Post(view.Said{Text: "nothing to close here; " + m.env.Keys.Key(keymap.Quit) + " quits"})
}

func (m *Model) leaveDetail() {
	m.detail.Close()
	m.inDetail = false
}

// open shows the record under the cursor; a second time the pane gets the keys.
func (m *Model) open() tea.Cmd {
	e, ok := m.current().Cursor()
	if !ok {
		return nil
	}
	if m.detail.Open() {
		m.inDetail = true
		return nil
	}
	m.inDetail = !m.sideBySide()
	return m.detail.Show(e.Ref, true)
}

func (m *Model) nextTab(step int) tea.Cmd {
	tabs := providers.Tabs()
	if m.extra != "" {
		tabs = append(tabs, m.extra)
	}
	for i, k := range tabs {
		if k == m.kind {
			return m.showList(tabs[(i+step+len(tabs))%len(tabs)])
		}
	}
	return m.showList(tabs[0])
}

// setAccounts shows the records of these accounts only; nil is all.
func (m *Model) setAccounts(accounts []string) tea.Cmd {
	m.accounts = accounts
	for _, l := range m.lists {
		l.SetAccounts(accounts)
	}
	said := "all accounts"
	if len(accounts) > 0 {
		said = "account " + accounts[0] + " only; " + m.env.Keys.Key(keymap.Back) + " shows all again"
	}
	m.said = said
	return m.current().Show()
}

// quit leaves, unless a batch runs: then it asks.
func (m *Model) quit() tea.Cmd {
	var lines []string
	for _, r := range m.runs {
		if !r.Ended() {
			p := r.Progress()
			lines = append(lines, r.Title()+": "+view.Count(p.Finished())+" of "+view.Count(p.Planned))
		}
	}
	if len(lines) == 0 {
		return tea.Quit
	}
	for _, d := range m.dialogs {
		if _, asked := d.(*quitAsk); asked {
			return nil
		}
	}
	lines = append(lines, "", "What is on its way is waited for; the rest stays in the journal and is offered at the next start.")
	return m.push(&quitAsk{dialog.NewAsk(m.env, "A batch is running. Quit?", lines, "quit", quitNow{})})
}

// quitAsk is the question before leaving a running batch.
type quitAsk struct{ *dialog.Ask }

// quitNow says that the operator wants to leave a running batch.
type quitNow struct{}
