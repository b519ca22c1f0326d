package tui

import (
	"strings"

	"bursar/batch"
	"bursar/providers"
	"bursar/tui/dialog"
	"bursar/tui/journal"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// answer is the operator's word on an unknown outcome, before it was confirmed;
// answerNow is the same behind the typed confirmation.
type (
	answer struct {
		of  journal.Answer
		say batch.Answer
	}
	answerNow answer
)

// answerMenu asks what became of an unknown outcome.
func (m *Model) answerMenu(of journal.Answer) tea.Cmd {
	if m.core.Engine == nil {
		return m.env.Post(view.Said{Text: m.noEngine()})
	}
	return m.push(dialog.NewMenu(m.env, "What became of it", "", []dialog.Item{
		{Label: "applied", Detail: "it was done: the payment system shows it", Msg: answer{of, batch.AnswerApplied}},
		{Label: "not applied", Detail: "it was not done and is not to be", Msg: answer{of, batch.AnswerNotApplied}},
		{Label: "send again", Detail: "it was not done; the next resume sends it", Msg: answer{of, batch.AnswerSendAgain}},
	}))
}

// askAnswer has the answer typed: it decides about money.
func (m *Model) askAnswer(a answer) tea.Cmd {
	it := a.of.Item
	infos := m.infosOf([]string{it.Ref.Account})
	lines := []string{
		view.BatchTitle(a.of.Action, 1) + ": " + journal.Name(it) + "  " + it.Amount.String(),
		"found: " + orNothing(it.Reason),
	}
	if len(it.Candidates) > 0 {
		lines = append(lines, "may be: "+refs(it.Candidates))
	}
	lines = append(lines, "")
	switch a.say {
	case batch.AnswerApplied:
		lines = append(lines, "The journal will say that it was applied, on your word. Nothing is sent.")
	case batch.AnswerNotApplied:
		lines = append(lines, "The journal will say that it was not applied, on your word. Nothing is sent.")
	default:
		lines = append(lines, "It will be sent again at the next resume. If it was applied after all, the money moves twice.")
	}
	for i, l := range lines {
		lines[i] = view.Clean(l)
	}
	return m.push(dialog.NewTyped(m.env, "Answer: "+string(a.say), m.env.Look.BadgeOf(infos), lines, string(a.say), answerNow(a)))
}

func refs(list []providers.Ref) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.String()
	}
	return strings.Join(out, ", ")
}

func orNothing(s string) string {
	if s == "" {
		return "nothing yet; a read-back may find it"
	}
	return s
}

// answered tells that the journal took an answer, or did not.
type answered struct {
	id   string
	text string
	err  error
}

func (m *Model) answer(a answer) tea.Cmd {
	ctx, engine, by := m.ctx, m.core.Engine, m.core.By
	return func() tea.Msg {
		err := engine.Answer(ctx, a.of.Batch, a.of.Item.ID, a.say, by)
		return answered{id: a.of.Batch, text: "answered: " + string(a.say), err: err}
	}
}

func (m *Model) answered(msg answered) tea.Cmd {
	if msg.err != nil {
		return m.env.Post(view.FailedWith("the answer was not taken", msg.err))
	}
	m.said = msg.text
	return tea.Batch(m.journal.Changed(msg.id), m.readUnfinished())
}

// historyRead brings the steps of one record.
type historyRead struct {
	title string
	lines []string
}

func (m *Model) history(msg journal.History) tea.Cmd {
	engine := m.core.Engine
	if engine == nil {
		return nil
	}
	zone := m.env.Now.Location()
	return func() tea.Msg {
		events, err := engine.History(msg.Batch, msg.Item.ID)
		if err != nil {
			return view.FailedWith("the history cannot be read", err)
		}
		out := historyRead{title: "History of " + journal.Name(msg.Item)}
		out.lines = append(out.lines, "key "+msg.Item.Key, "")
		for _, e := range events {
			out.lines = append(out.lines, e.Time.In(zone).Format("02 Jan 15:04:05")+"  "+view.Clean(e.Text()))
		}
		return out
	}
}
