// Package statusbar draws the frame around every screen: the header that says
// whose money this is, the tabs, and the status line with its hints. All of it
// is drawn from plain values; nothing here keeps state.
package statusbar

import (
	"strconv"
	"strings"

	"bursar/providers"
	"bursar/themes"
	"bursar/tui/view"
)

// Header is what the first line says.
type Header struct {
	Shown   []providers.Info // the accounts on screen
	Many    bool             // more accounts are configured than are shown
	Offline bool
	Failing int    // of the accounts shown: the last that was heard of them is an error
	AsOf    string // how old the shown data is, "" when nothing was fetched
	Old     bool   // the shown data is older than a sync would leave it
	Busy    string // what is being fetched now
	Failed  string // what could not be fetched, and why
	Running string // the batch that runs, with its progress
}

// Line draws the header in w cells. The badge and the word for the state of the
// line are never cut; the rest gives way in order of how little is lost.
func (h Header) Line(look view.Look, w int) string {
	left := " " + look.Styles.Paint(themes.Title, "bursar") + " " + look.BadgeOf(h.Shown)
	state := h.state(look)
	room := w - view.Width(left) - view.Width(state) - 3
	if room < 8 {
		return view.Fit(left+" "+state, w)
	}
	right := h.right(look, room)
	who := h.whoIn(room - view.Width(right) - 2)
	line := left
	if who != "" {
		line += "  " + look.Text.Render(who)
	}
	return view.Ends(line, right+state+" ", w)
}

// state says whether the accounts can be worked with. Online is a promise: it is
// not made for accounts whose last answer was an error.
func (h Header) state(look view.Look) string {
	switch n := len(h.Shown); {
	case h.Offline:
		return look.Styles.Badge(themes.Offline, "OFFLINE")
	case h.Failing > 0 && h.Failing < n:
		return look.Warn.Render(strconv.Itoa(h.Failing) + " of " + strconv.Itoa(n) + " failing")
	case h.Failing > 0 && n > 1:
		return look.Bad.Render("all failing")
	case h.Failing > 0:
		return look.Bad.Render("failing")
	}
	return look.Styles.Paint(themes.Online, "online")
}

// right is what stands before the state: running batch, sync, age.
func (h Header) right(look view.Look, room int) string {
	var parts []string
	const least = 12 // a shorter piece of a sentence tells nothing
	names := h.who()
	who := view.Width(names[len(names)-1])
	if h.Running+h.Failed+h.Busy == "" {
		who = min(view.Width(names[0]), max(who, room/3))
	}
	budget, age := room-who-2, 0 // the accounts and the age stay whole
	if h.AsOf != "" {
		age = view.Width(h.AsOf) + 2
	}
	add := func(pen view.Pen, s string, limit int) {
		if s == "" {
			return
		}
		used := 0
		for _, p := range parts {
			used += view.Width(p) + 2
		}
		if limit = min(limit, budget-used-2); limit >= min(least, view.Width(s)) {
			parts = append(parts, pen.Render(view.Cut(view.Clean(s), limit)))
		}
	}
	add(look.Warn, h.Running, min(room*2/3, budget-2))
	if h.Failed != "" {
		add(look.Bad, h.Failed, budget-age-2)
	} else {
		add(look.Muted, h.Busy, budget-age-2)
	}
	switch {
	case h.AsOf != "" && (h.Old || h.Offline):
		add(look.Stale, h.AsOf, room)
	case h.AsOf != "":
		add(look.Muted, h.AsOf, room)
	case h.Failed == "" && h.Busy == "":
		add(look.Stale, "never fetched", room)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "  ") + "  "
}

// whoIn names the accounts and hosts as exactly as w cells can, without half a
// name.
func (h Header) whoIn(w int) string {
	all := h.who()
	for _, s := range all {
		if view.Width(s) <= w {
			return s
		}
	}
	return view.Cut(all[len(all)-1], w)
}

// who names the accounts and hosts, the most exact way first.
func (h Header) who() []string {
	switch len(h.Shown) {
	case 0:
		return []string{"no account"}
	case 1:
		name, read := view.Clean(h.Shown[0].Account), ""
		if h.Shown[0].ReadOnly {
			read = " (read-only)"
		}
		return []string{name + " @ " + view.Clean(h.Shown[0].Host) + read, name + read, name}
	}
	oneHost := true
	names := make([]string, len(h.Shown))
	for i, info := range h.Shown {
		oneHost = oneHost && info.Host == h.Shown[0].Host
		names[i] = info.Account
	}
	count := strconv.Itoa(len(names)) + " accounts"
	list := view.Clean(strings.Join(names, " "))
	out := []string{count + ": " + list, list, count}
	if !h.Many {
		out[0] = "all accounts: " + list
	}
	if oneHost {
		out = append([]string{count + ": " + list + " @ " + view.Clean(h.Shown[0].Host)}, out...)
	}
	return out
}

// Tab is one tab of the second line.
type Tab struct {
	Key   string
	Title string
	Count int // -1: not known
	On    bool
}

// Tabs draws the tabs in w cells with a note on their right. On a narrow line the
// counts of other tabs go first, then all counts, then the names of the tabs
// that are not shown are shortened. A note that matters is kept as long as that
// helps.
func Tabs(look view.Look, tabs []Tab, right string, matters bool, w int) string {
	need := 1
	if matters {
		need += view.Width(right) + 1
	}
	const last = 3
	for level := range last + 1 {
		line := " "
		for i, t := range tabs {
			if i > 0 {
				line += "  "
			}
			line += t.draw(look, level)
		}
		if view.Width(line)+need <= w || level == last {
			if room := w - view.Width(line) - 2; view.Width(right) > room {
				right = "" // half a word helps nobody
			}
			return view.Ends(line, right, w)
		}
	}
	return view.Spaces(w)
}

func (t Tab) draw(look view.Look, level int) string {
	title := t.Title
	if level == 3 && !t.On {
		title = string([]rune(title)[:min(4, len([]rune(title)))])
	}
	count := ""
	if t.Count >= 0 && (level == 0 || level == 1 && t.On) {
		count = " " + view.Count(t.Count)
	}
	if t.On {
		return look.Accent.Render(t.Key+" ") + look.Styles.Paint(themes.Title, title) + look.Muted.Render(count)
	}
	return look.Muted.Render(t.Key + " " + title + count)
}
