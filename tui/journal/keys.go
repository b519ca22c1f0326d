package journal

import (
	"slices"

	"bursar/batch"
	"bursar/keymap"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// Scope is the part of the key map that counts now.
func (m *Model) Scope() keymap.Scope {
	if m.open != "" {
		return keymap.ScopeReport
	}
	return keymap.ScopeJournal
}

// Key takes a key of the journal.
func (m *Model) Key(k view.Key) (cmd tea.Cmd, handled bool) {
	return m.Do(m.env.Act(m.Scope(), k))
}

// Do carries out one of the journal's own actions.
func (m *Model) Do(act keymap.ID) (cmd tea.Cmd, handled bool) {
	if m.open != "" {
		return m.doReport(act)
	}
	if at, ok := view.Move(act, m.at, len(m.all), m.rows); ok {
		m.at = at
		return nil, true
	}
	var s batch.Summary
	if m.at < len(m.all) {
		s = m.all[m.at]
	}
	switch act {
	case keymap.JournalOpen, keymap.JournalResume, keymap.JournalReconcile, keymap.JournalExport:
		if s.ID == "" {
			return m.env.Post(view.Said{Text: "the journal has no batch yet"}), true
		}
	case keymap.Refresh:
		return m.Show(), true
	}
	switch act {
	case keymap.JournalOpen:
		if s.Running {
			return m.env.Post(Watch{ID: s.ID}), true
		}
		return m.Open(s.ID), true
	case keymap.JournalResume:
		return m.env.Post(Resume{Summary: s}), true
	case keymap.JournalReconcile:
		return m.env.Post(Reconcile{ID: s.ID}), true
	case keymap.JournalExport:
		return m.env.Post(Export{ID: s.ID}), true
	}
	return nil, false
}

func (m *Model) doReport(act keymap.ID) (tea.Cmd, bool) {
	if act == keymap.Back {
		m.Close()
		return m.Show(), true
	}
	if at, ok := view.Move(act, m.itemAt, len(m.order), m.rows); ok {
		m.itemAt = at
		return nil, true
	}
	switch act {
	case keymap.ReportResume:
		return m.env.Post(Resume{Summary: m.summary()}), true
	case keymap.ReportReconcile:
		return m.env.Post(Reconcile{ID: m.open}), true
	case keymap.ReportExport:
		return m.env.Post(Export{ID: m.open}), true
	case keymap.Refresh:
		return m.loadReport(), true
	case keymap.ReportNext:
		return m.nextUnknown(1), true
	case keymap.ReportPrevious:
		return m.nextUnknown(-1), true
	}
	return m.doItem(act)
}

// doItem carries out the actions on the record under the cursor.
func (m *Model) doItem(act keymap.ID) (tea.Cmd, bool) {
	switch act {
	case keymap.ReportOpen, keymap.ReportAnswer, keymap.ReportCopy:
	default:
		return nil, false
	}
	if m.report == nil || m.itemAt >= len(m.order) {
		return nil, true
	}
	it := m.report.Items[m.order[m.itemAt]]
	switch act {
	case keymap.ReportOpen:
		return m.env.Post(History{Batch: m.open, Item: it}), true
	case keymap.ReportCopy:
		return m.env.Post(Copy{Text: it.Ref.ID}), true
	}
	if it.State != batch.StateUnknown {
		return m.env.Post(view.Said{Text: "only an unknown outcome needs an answer; this one is " + string(it.State)}), true
	}
	return m.env.Post(Answer{Batch: m.open, Action: m.report.Action, Item: it}), true
}

// summary is the open batch as the list shows it.
func (m *Model) summary() batch.Summary {
	for _, s := range m.all {
		if s.ID == m.open {
			return s
		}
	}
	if m.report == nil {
		return batch.Summary{ID: m.open}
	}
	return summaryOf(*m.report)
}

// summaryOf is what a report tells of its batch. The accounts are among it: they
// decide whether money is real and whether anything may be sent.
func summaryOf(r batch.Report) batch.Summary {
	s := batch.Summary{
		ID: r.Batch, Action: r.Action, By: r.By, Started: r.Started, Finished: r.Finished, Planned: r.Planned, Applied: r.Applied,
		Refused: r.Refused, Held: r.Held, Unknown: r.Unknown, Waiting: r.Waiting, Cancelled: r.Cancelled, Sums: r.Sums["planned"],
	}
	for _, it := range r.Items {
		if !slices.Contains(s.Accounts, it.Ref.Account) {
			s.Accounts = append(s.Accounts, it.Ref.Account)
		}
	}
	return s
}

func (m *Model) nextUnknown(step int) tea.Cmd {
	for i := m.itemAt + step; i >= 0 && i < len(m.order); i += step {
		if m.report.Items[m.order[i]].State == batch.StateUnknown {
			m.itemAt = i
			return nil
		}
	}
	return m.env.Post(view.Said{Text: "no further unknown outcome this way"})
}
