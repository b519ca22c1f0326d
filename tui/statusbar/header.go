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
	AsOf    string // how old the shown data is, "" when nothing was fetched
	Busy    string // what is being fetched now
	Failed  string // what could not be fetched, and why
	Running string // the batch that runs, with its progress
}

// Line draws the header in w cells. The badge and the word online or offline
// are never cut; the rest gives way in order of how little is lost.
func (h Header) Line(look view.Look, w int) string {
	left := " " + look.Styles.Paint(themes.Title, "bursar") + " " + look.BadgeOf(h.Shown)
	state := look.Styles.Paint(themes.Online, "online")
	if h.Offline {
		state = look.Styles.Badge(themes.Offline, "OFFLINE")
	}
	room := w - view.Width(left) - view.Width(state) - 3
	if room < 8 {
		return view.Fit(left+" "+state, w)
	}
	right := h.right(look, room)
	who := view.Cut(h.who(), room-view.Width(right)-2)
	line := left
	if who != "" {
		line += "  " + look.Text.Render(who)
	}
	return view.Ends(line, right+state+" ", w)
}

// right is what stands before the word online: running batch, sync, age.
func (h Header) right(look view.Look, room int) string {
	var parts []string
	add := func(pen view.Pen, s string, limit int) {
		if s == "" {
			return
		}
		used := 0
		for _, p := range parts {
			used += view.Width(p) + 2
		}
		if limit = min(limit, room-used-2); limit > 5 {
			parts = append(parts, pen.Render(view.Cut(view.Clean(s), limit)))
		}
	}
	who := min(view.Width(h.who())+2, max(12, room/3))
	add(look.Warn, h.Running, room/2)
	if h.Failed != "" {
		add(look.Bad, h.Failed, room-who)
	} else {
		add(look.Muted, h.Busy, room-who)
	}
	if h.AsOf != "" {
		add(look.Stale, h.AsOf, room-who)
	} else if h.Failed == "" && h.Busy == "" {
		add(look.Stale, "never fetched", room-who)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "  ") + "  "
}

// who names the accounts and hosts as exactly as a line can.
func (h Header) who() string {
	switch len(h.Shown) {
	case 0:
		return "no account"
	case 1:
		s := h.Shown[0].Account + " @ " + h.Shown[0].Host
		if h.Shown[0].ReadOnly {
			s += " (read-only)"
		}
		return view.Clean(s)
	}
	hosts := map[string]bool{}
	names := make([]string, len(h.Shown))
	for i, info := range h.Shown {
		hosts[info.Host] = true
		names[i] = info.Account
	}
	s := strings.Join(names, " ")
	if !h.Many {
		s = "all accounts: " + s
	}
	if len(hosts) == 1 {
		s = strconv.Itoa(len(names)) + " accounts @ " + h.Shown[0].Host + ": " + strings.Join(names, " ")
	}
	return view.Clean(s)
}

// Tab is one tab of the second line.
type Tab struct {
	Key   string
	Title string
	Count int // -1: not known
	On    bool
}

// Tabs draws the tabs in w cells. On a narrow line counts go first, then the
// names of the tabs that are not shown are shortened.
func Tabs(look view.Look, tabs []Tab, right string, w int) string {
	for level := range 3 {
		line := " "
		for i, t := range tabs {
			if i > 0 {
				line += "  "
			}
			line += t.draw(look, level)
		}
		if view.Width(line)+1 <= w || level == 2 {
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
	if level == 2 && !t.On {
		title = string([]rune(title)[:min(4, len([]rune(title)))])
	}
	count := ""
	if t.Count >= 0 && level == 0 {
		count = " " + view.Count(t.Count)
	}
	if t.On {
		return look.Accent.Render(t.Key+" ") + look.Styles.Paint(themes.Title, title) + look.Muted.Render(count)
	}
	return look.Muted.Render(t.Key + " " + title + count)
}
