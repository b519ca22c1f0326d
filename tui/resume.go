package tui

import (
	"context"
	"strings"
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/dialog"
	"bursar/tui/journal"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

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
		items = append(items, dialog.Item{Label: "look at " + view.BatchTitle(s.Action, s.Planned), Detail: standing(s), Msg: view.OpenBatch{ID: s.ID}})
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
	if why := m.noResume(s, infos); why != "" {
		return m.env.Post(view.Said{Text: "cannot be resumed now: " + why})
	}
	lines := []string{view.BatchTitle(s.Action, s.Planned) + ": " + standing(s), ""}
	for _, i := range infos {
		lines = append(lines, "account "+i.Account+", "+i.Title+" @ "+i.Host)
	}
	if s.Unknown > 0 {
		lines = append(lines, "", "Unknown outcomes are read back first; only what certainly was not applied is sent again.")
	}
	lines = append(lines, "", "Up to "+view.Count(n)+" will be sent. Each record is read again before that.")
	return m.push(dialog.NewTyped(m.env, "Resume the batch", m.env.Look.BadgeOf(infos), lines, view.Count(n), resume{s}))
}

// noResume says why a batch cannot go on now; "" when it can. A batch whose
// accounts are not known is not resumed from the screen: nobody could say
// whether its money is real.
func (m *Model) noResume(s batch.Summary, infos []providers.Info) string {
	for _, a := range s.Accounts {
		if _, ok := m.core.Accounts.Provider(a); !ok {
			return "account " + a + " is not configured"
		}
	}
	if len(infos) == 0 {
		return "its accounts are not known yet; " + m.env.Keys.Key(keymap.Journal) + " shows the journal"
	}
	return m.refusal(infos)
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
	if why := m.noResume(s, infos); why != "" {
		return m.env.Post(view.Said{Text: "cannot be resumed now: " + why})
	}
	ctx, engine := m.core.Life, m.core.Engine
	return func() tea.Msg {
		run, err := engine.Resume(ctx, s.ID)
		if err != nil {
			return view.FailedWith("not resumed", err)
		}
		return runStarted{run: run, title: view.BatchTitle(s.Action, s.Planned), infos: infos}
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
		return m.env.Post(view.Said{Text: m.noEngine()})
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
