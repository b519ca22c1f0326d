package tui

import (
	"slices"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/list"
	"bursar/tui/statusbar"
	"bursar/tui/view"
)

// shown reports whether an account's records are shown.
func (m *Model) shown(account string) bool {
	return m.accounts == nil || slices.Contains(m.accounts, account)
}

// shownInfos are the accounts whose records are shown.
func (m *Model) shownInfos() []providers.Info {
	var out []providers.Info
	for _, i := range m.infos {
		if m.shown(i.Account) {
			out = append(out, i)
		}
	}
	return out
}

// count is how many records of a kind are held for the accounts shown; -1 when
// nothing is known.
func (m *Model) count(kind providers.Kind) int {
	n := -1
	for _, s := range m.states {
		if s.Kind == kind && m.shown(s.Account) {
			n = max(n, 0) + s.Count
		}
	}
	return n
}

// facts are what the list needs to say why it is empty.
func (m *Model) facts() list.Facts {
	f := list.Facts{Offline: m.offline}
	for _, p := range m.core.Accounts.All() {
		if account := p.Info().Account; m.shown(account) && slices.Contains(p.Kinds(), m.kind) {
			f.Accounts = append(f.Accounts, account)
		}
	}
	for _, s := range m.states {
		if s.Kind == m.kind && slices.Contains(f.Accounts, s.Account) {
			f.States = append(f.States, s)
		}
	}
	return f
}

// header gathers what the first line says.
func (m *Model) header() statusbar.Header {
	h := statusbar.Header{Shown: m.shownInfos(), Many: m.accounts != nil, Offline: m.offline}
	h.AsOf, h.Old = m.asOf()
	h.Failing = m.failing()
	h.Failed = m.failed()
	if !m.offline {
		h.Busy = m.busy()
	}
	h.Running = m.running()
	return h
}

// asOf is when the oldest of the shown lists was last complete, and whether
// that is long ago.
func (m *Model) asOf() (text string, old bool) {
	var oldest time.Time
	for _, s := range m.facts().States {
		if !s.Finished.IsZero() && (oldest.IsZero() || s.Finished.Before(oldest)) {
			oldest = s.Finished
		}
	}
	if oldest.IsZero() {
		return "", false
	}
	return "as of " + view.Stamp(oldest, m.env.Now), m.env.Now.Sub(oldest) > view.OldAfter
}

// failGrace is how much later than the last success an error must be to speak
// for the whole account: a list that is refused for good fails beside others
// that work.
const failGrace = 15 * time.Second

// failing counts the shown accounts of which the last that was heard is an
// error.
func (m *Model) failing() int {
	n := 0
	for _, info := range m.shownInfos() {
		var good, bad time.Time
		for _, s := range m.states {
			if s.Account != info.Account {
				continue
			}
			if s.Finished.After(good) {
				good = s.Finished
			}
			if s.Err != "" && s.ErrAt.After(bad) {
				bad = s.ErrAt
			}
		}
		if !bad.IsZero() && bad.Sub(good) > failGrace {
			n++
		}
	}
	return n
}

// slowSync is from when on a routine sync is worth a word.
const slowSync = 2 * time.Second

// busy names what is being fetched, the shown kind first.
func (m *Model) busy() string {
	var other string
	for _, s := range m.states {
		if !s.Running || !m.shown(s.Account) || s.Complete && m.env.Now.Sub(s.Started) < slowSync {
			continue
		}
		text := "fetching " + s.Account + " " + s.Kind.Plural()
		if s.Count > 0 {
			text += " " + view.Count(s.Count)
		}
		if s.Kind == m.kind {
			return text
		}
		other = text
	}
	return other
}

// failed names what could not be fetched, or not kept, the shown kind first.
func (m *Model) failed() string {
	var other string
	for _, s := range m.states {
		text := failure(s)
		if text == "" || !m.shown(s.Account) {
			continue
		}
		if s.Kind == m.kind {
			return text
		}
		if other == "" || s.Err != "" {
			other = text
		}
	}
	return other
}

// failure is what went wrong with a list, "" when all is well.
func failure(s cache.SyncState) string {
	switch {
	case s.Err != "":
		return s.Kind.Plural() + " failed: " + s.Err
	case s.LeftOut != "":
		return s.Kind.Plural() + ": " + s.LeftOut
	}
	return ""
}

// running names the batches at work.
func (m *Model) running() string {
	n := 0
	text := ""
	for _, r := range m.runs {
		if r.Ended() {
			continue
		}
		n++
		p := r.Progress()
		text = r.Title() + " " + view.Count(p.Finished()) + "/" + view.Count(p.Planned)
		if r.Stopped() {
			text += " waits for you"
		}
	}
	if n > 1 {
		return view.Plural(n, "batch runs", "batches run")
	}
	return text
}
