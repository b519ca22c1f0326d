package tui

import (
	"slices"
	"sort"
	"strings"

	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/dialog"
	"bursar/tui/list"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// record is the one record that is meant: the pane's when it has the keys, else
// the one under the list's cursor.
func (m *Model) record() (providers.Record, bool) {
	if m.inDetail {
		if rec := m.detail.Record(); rec != nil {
			return *rec, true
		}
		return providers.Record{}, false
	}
	e, ok := m.current().Cursor()
	return e.Record, ok
}

// targets are the records that an action is for: the marks, or the row under
// the cursor; with the keys in the detail pane, its record alone.
func (m *Model) targets() []providers.Record {
	if m.screen != onList {
		return nil
	}
	if m.inDetail {
		if rec, ok := m.record(); ok {
			return []providers.Record{rec}
		}
		return nil
	}
	return m.current().Targets()
}

// offer is an action that some account has for the targets, and how many of
// them allow it.
type offer struct {
	action           providers.Action
	can, ask, cannot int
	absent           int // targets whose account has no such action
	reason           string
}

// offers are the actions of the targets' accounts, in the accounts' order.
func (m *Model) offers(targets []providers.Record) []offer {
	var out []offer
	at := map[string]int{}
	actions := map[string][]providers.Action{}
	for _, rec := range targets {
		key := rec.Ref.Account + "/" + string(rec.Ref.Kind)
		if _, known := actions[key]; !known {
			actions[key] = nil
			if p, ok := m.core.Accounts.Provider(rec.Ref.Account); ok {
				actions[key] = p.Actions(rec.Ref.Kind)
			}
		}
		for _, a := range actions[key] {
			if a.Creates {
				continue
			}
			i, ok := at[a.ID]
			if !ok {
				i = len(out)
				at[a.ID] = i
				out = append(out, offer{action: a})
			}
			out[i].count(a, rec)
		}
	}
	for i := range out {
		out[i].absent = len(targets) - out[i].can - out[i].ask - out[i].cannot
	}
	return out
}

func (o *offer) count(a providers.Action, rec providers.Record) {
	v := providers.Can()
	if a.Eligible != nil {
		v = a.Eligible(rec, nil)
	}
	switch v.Answer {
	case providers.CanDo:
		o.can++
	case providers.MustAsk:
		o.ask++
	default:
		o.cannot++
		if o.reason == "" {
			o.reason = v.Reason
		}
	}
}

// detail says for how many of the targets the action is.
func (o offer) detail(n int) string {
	if n == 1 && o.can == 1 {
		return ""
	}
	parts := []string{"can " + view.Count(o.can) + " of " + view.Count(n)}
	if o.ask > 0 {
		parts = append(parts, "ask "+view.Count(o.ask))
	}
	return strings.Join(parts, ", ")
}

// why is the reason an action cannot be chosen; "" when it can.
func (o offer) why() string {
	if o.can+o.ask > 0 {
		return ""
	}
	if o.reason == "" {
		return "not possible for these records"
	}
	return o.reason
}

// actionKeys are the letters of the actions that have keys of their own.
func (m *Model) actionKey(verb string) string {
	id := map[string]keymap.ID{
		"credit": keymap.ActionCredit, "capture": keymap.ActionCredit, "refund": keymap.ActionRefund,
		"cancel": keymap.ActionCancel, "delete": keymap.ActionDelete,
	}[verb]
	if id == "" {
		return ""
	}
	return m.env.Keys.Key(id)
}

// startAction wants the dialog of an action on the targets.
type startAction struct {
	id      string
	targets []providers.Record
	only    string // the account that was chosen among several, if any
}

// startCreate wants the dialog of an action that makes a record.
type startCreate struct{ account, id string }

// actionMenu shows every action for the targets, and what can be made anew;
// those that cannot be chosen stay and say why.
func (m *Model) actionMenu() tea.Cmd {
	targets := m.targets()
	var items []dialog.Item
	used := map[string]bool{}
	for _, o := range m.offers(targets) {
		it := dialog.Item{Label: o.action.Title, Detail: o.detail(len(targets)), Reason: o.why(), Msg: startAction{id: o.action.ID, targets: targets}}
		if k := m.actionKey(o.action.Verb()); !used[k] {
			it.Key, used[k] = k, true
		}
		items = append(items, it)
	}
	items = append(items, m.createItems(m.targetKind())...)
	if len(items) == 0 {
		return m.env.Post(view.Said{Text: "nothing can be done with " + m.kind.Plural() + " here"})
	}
	note := "for the row under the cursor"
	if n := len(targets); n != 1 || m.current().Marked() > 0 && !m.inDetail {
		note = "for " + view.Plural(n, "marked record", "marked records")
		if h := m.current().Hidden(); h > 0 {
			note += ", " + view.Count(h) + " of them hidden"
		}
	}
	return m.push(dialog.NewMenu(m.env, "Actions", note, items))
}

func (m *Model) targetKind() providers.Kind {
	if rec, ok := m.record(); ok && m.inDetail {
		return rec.Ref.Kind
	}
	return m.kind
}

// createItems are the actions that make a record of a kind, per account.
func (m *Model) createItems(kind providers.Kind) []dialog.Item {
	var out []dialog.Item
	for _, p := range m.core.Accounts.All() {
		info := p.Info()
		if !m.shown(info.Account) {
			continue
		}
		for _, a := range p.Actions(kind) {
			if a.Creates {
				out = append(out, dialog.Item{Label: a.Title, Detail: "at " + info.Account, Msg: startCreate{info.Account, a.ID}})
			}
		}
	}
	return out
}

// createMenu makes a record of the shown kind.
func (m *Model) createMenu() tea.Cmd {
	items := m.createItems(m.targetKind())
	switch len(items) {
	case 0:
		return m.env.Post(view.Said{Text: "no account that is shown can make " + m.targetKind().Plural()})
	case 1:
		return m.env.Post(items[0].Msg)
	}
	return m.push(dialog.NewMenu(m.env, "New "+string(m.targetKind()), "", items))
}

// startVerbs begins the action of a key: the one that can be done with the
// targets; when several can, the operator chooses.
func (m *Model) startVerbs(verbs ...string) tea.Cmd {
	targets := m.targets()
	if len(targets) == 0 {
		return m.env.Post(view.Said{Text: "there is no record under the cursor"})
	}
	var all, able []offer
	for _, o := range m.offers(targets) {
		if !slices.Contains(verbs, o.action.Verb()) {
			continue
		}
		all = append(all, o)
		if o.can+o.ask > 0 {
			able = append(able, o)
		}
	}
	switch {
	case len(all) == 0:
		return m.env.Post(view.Said{Text: "there is no " + strings.Join(verbs, " or ") + " for " + targets[0].Ref.Kind.Plural() + " of " + targets[0].Ref.Account})
	case len(able) == 1:
		return m.startAction(able[0].action.ID, targets, "")
	case len(able) == 0 && len(targets) == 1:
		return m.env.Post(view.Said{Text: all[0].action.Title + ": " + all[0].why()})
	case len(able) == 0:
		return m.startAction(all[0].action.ID, targets, "") // the preview has every reason
	}
	var items []dialog.Item
	for _, o := range able {
		items = append(items, dialog.Item{Label: o.action.Title, Detail: o.detail(len(targets)), Msg: startAction{id: o.action.ID, targets: targets}})
	}
	return m.push(dialog.NewMenu(m.env, "Which one", "", items))
}

// startAction opens the dialog of an action on records. Marks of accounts that
// have no such action are left out, and the preview says so.
func (m *Model) startAction(id string, targets []providers.Record, only string) tea.Cmd {
	j := newJob()
	j.Action, j.only = id, only
	for _, rec := range targets {
		j.take(m, id, rec)
	}
	if j.formsDiffer() {
		return m.chooseAccount(j, targets)
	}
	j.Count = len(j.targets)
	if j.Count == 1 {
		j.Of = oneRecord(j.targets[0])
	}
	for account, n := range j.absent {
		j.LeftOut = append(j.LeftOut, view.Plural(n, "mark", "marks")+" of "+account+" left out: "+j.whyAbsent(account))
	}
	sort.Strings(j.LeftOut)
	if !m.inDetail && m.current().Marked() > 0 {
		j.Hidden = m.current().Hidden()
	}
	return m.push(dialog.NewAction(m.env, m.nextDialog(), j.Job, m.services(j)))
}

// oneRecord names a record in a line: number, party, amount, and what is left of
// it when that is less.
func oneRecord(r providers.Record) string {
	parts := []string{list.Number(r), list.Party(r.Party), r.Amount.String()}
	if !r.Remaining.IsNone() && !r.Remaining.Equal(r.Amount) {
		parts = append(parts, "remaining "+r.Remaining.String())
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "  ")
}

// startCreate opens the dialog of an action that makes a record.
func (m *Model) startCreate(account, id string) tea.Cmd {
	p, ok := m.core.Accounts.Provider(account)
	if !ok {
		return nil
	}
	a, ok := providers.FindAction(p, id)
	if !ok {
		return nil
	}
	j := newJob()
	j.account = account
	j.Action = id
	j.adopt(a, p.Info())
	j.Count = 1
	return m.push(dialog.NewAction(m.env, m.nextDialog(), j.Job, m.services(j)))
}
