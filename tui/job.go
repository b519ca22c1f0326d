package tui

import (
	"slices"
	"strings"

	"bursar/providers"
	"bursar/tui/dialog"
	"bursar/tui/view"

	tea "github.com/charmbracelet/bubbletea"
)

// job is an action with its targets, as the dialog and its commands need it.
type job struct {
	dialog.Job
	targets []providers.Record
	account string              // of a record to be made
	fields  map[string][]string // by account: the form fields it takes
	absent  map[string]int      // by account: targets without such an action
	only    string              // the account that was chosen, "" for all
	counts  map[string]int      // by account: targets
	needs   map[string][]string // by account: titles of the fields that must be filled in
}

// whyAbsent says why an account's targets are left out.
func (j *job) whyAbsent(account string) string {
	if j.only != "" && account != j.only {
		return j.only + " was chosen"
	}
	return "it has no " + strings.ToLower(j.Title)
}

// formsDiffer reports whether accounts want different things filled in, so that
// one form cannot serve them all.
func (j *job) formsDiffer() bool {
	var first []string
	for i, info := range j.Infos {
		if i == 0 {
			first = j.needs[info.Account]
		} else if !slices.Equal(first, j.needs[info.Account]) {
			return true
		}
	}
	return false
}

// chooseAccount asks which account's marks the action is for.
func (m *Model) chooseAccount(j job, targets []providers.Record) tea.Cmd {
	var items []dialog.Item
	for _, info := range j.Infos {
		detail := view.Plural(j.counts[info.Account], "record", "records") + ", " + info.Title
		if needs := j.needs[info.Account]; len(needs) > 0 {
			detail += ", asks for " + strings.Join(needs, ", ")
		}
		items = append(items, dialog.Item{Label: info.Account, Detail: detail, Msg: startAction{j.Action, targets, info.Account}})
	}
	return m.push(dialog.NewMenu(m.env, j.Title+" at which account", "one at a time", items))
}

func newJob() job {
	return job{fields: map[string][]string{}, absent: map[string]int{}, counts: map[string]int{}, needs: map[string][]string{}}
}

// take adds one target, when its account has the action.
func (j *job) take(m *Model, id string, rec providers.Record) {
	account := rec.Ref.Account
	if j.only != "" && account != j.only {
		j.absent[account]++
		return
	}
	if j.absent[account] == 0 && j.fields[account] == nil {
		p, ok := m.core.Accounts.Provider(account)
		var a providers.Action
		if ok {
			a, ok = providers.FindAction(p, id)
		}
		if ok {
			j.adopt(a, p.Info())
		}
	}
	if j.fields[account] == nil {
		j.absent[account]++
		return
	}
	j.targets = append(j.targets, rec)
	j.Sums.Add(rec.Amount)
	j.counts[account]++
}

// adopt takes one account's version of the action in: the form has the fields
// of all versions, each account gets those it knows.
func (j *job) adopt(a providers.Action, info providers.Info) {
	j.Title, j.Kind, j.Creates = a.Title, a.Kind, a.Creates
	j.Moves = j.Moves || a.Moves
	j.Final = j.Final || a.Irreversible
	j.Infos = append(j.Infos, info)
	names := []string{}
	for _, f := range a.Fields {
		if f.Required {
			j.needs[info.Account] = append(j.needs[info.Account], f.Title)
		}
		names = append(names, f.Name)
		if !slices.ContainsFunc(j.Fields, func(o providers.Field) bool { return o.Name == f.Name }) {
			j.Fields = append(j.Fields, f)
		}
	}
	j.fields[info.Account] = names
}

// values are those of the form that an account takes.
func (j *job) values(account string, v providers.Values) providers.Values {
	out := providers.Values{}
	for _, name := range j.fields[account] {
		if s, ok := v[name]; ok {
			out[name] = s
		}
	}
	return out
}
