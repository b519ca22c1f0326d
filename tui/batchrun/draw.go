package batchrun

import (
	"strings"

	"bursar/batch"
	"bursar/keymap"
	"bursar/tui/view"
)

// Draw draws the view.
func (m *Model) Draw(size view.Size) []string {
	look := m.env.Look
	w := size.W - 2
	out := []string{
		view.Rule(look, "batch "+short(m.ID()), size.W),
		" " + view.Ends(look.Strong.Render(view.Cut(m.title, w-20)), look.BadgeOf(m.infos)+" ", w),
		" " + look.Muted.Render(view.Cut(m.where(), w)),
		"",
		" " + m.bar(w),
		" " + m.state(w),
		"",
	}
	out = append(out, m.states(w)...)
	out = append(out, m.accounts(w)...)
	out = append(out, m.events(w, size.H-len(out))...)
	return view.Frame(out, size.W, size.H)
}

func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

func (m *Model) where() string {
	parts := make([]string, len(m.infos))
	for i, info := range m.infos {
		parts[i] = view.Clean(info.Account + " @ " + info.Host)
	}
	return strings.Join(parts, ", ")
}

// bar is the share of the records that came to an end, by what became of them.
func (m *Model) bar(w int) string {
	look := m.env.Look
	text := " " + view.Count(m.p.Finished()) + " of " + view.Count(m.p.Planned)
	room := max(4, min(60, w-view.Width(text)))
	if m.p.Planned == 0 {
		return text
	}
	part := func(states ...batch.State) int {
		n := 0
		for _, s := range states {
			n += m.p.Counts[s]
		}
		return n
	}
	var b strings.Builder
	cells, done := 0, 0
	for _, seg := range []struct {
		n   int
		pen view.Pen
		ch  string
	}{
		{part(batch.StateApplied), look.Good, "█"},
		{part(batch.StateUnknown), look.Warn, "▓"},
		{part(batch.StateRefused, batch.StateHeld, batch.StateCancelled), look.Bad, "▒"},
	} {
		done += seg.n
		to := done * room / m.p.Planned
		b.WriteString(seg.pen.Render(strings.Repeat(seg.ch, max(0, to-cells))))
		cells = max(cells, to)
	}
	return b.String() + look.Rule.Render(strings.Repeat("░", room-cells)) + look.Strong.Render(text)
}

// state says in one line whether the batch works, waits or is over.
func (m *Model) state(w int) string {
	look := m.env.Look
	p := m.p
	switch {
	case m.ended && p.Counts[batch.StateUnknown] > 0:
		return look.Warn.Render(view.Cut("ended with "+view.Plural(p.Counts[batch.StateUnknown], "unknown outcome", "unknown outcomes")+": the journal has the way to settle them", w))
	case m.ended && p.Cancelled:
		return look.Warn.Render("cancelled: nothing more is sent")
	case m.ended && p.Counts[batch.StatePlanned] > 0:
		return look.Warn.Render(view.Cut("stopped with "+view.Count(p.Counts[batch.StatePlanned])+" not sent: "+view.Clean(p.Stopped), w))
	case m.ended:
		return look.Good.Render(view.Cut(m.ending(), w))
	case p.Cancelled || m.asked:
		return look.Warn.Render("cancelling: what is on its way is waited for")
	case p.Paused:
		return look.Warn.Render("paused: nothing is sent")
	case p.Stopped != "":
		return look.Bad.Render(view.Cut("stopped: "+view.Clean(p.Stopped), w))
	}
	return look.Good.Render("running")
}

// ending is what became of a batch that left nothing open.
func (m *Model) ending() string {
	p := m.p
	not := p.Counts[batch.StateRefused] + p.Counts[batch.StateHeld] + p.Counts[batch.StateCancelled]
	switch {
	case not == 0 && p.Planned == 1:
		return "done: it was applied"
	case not == 0:
		return "done: all " + view.Count(p.Planned) + " were applied"
	}
	return "done: " + view.Count(p.Counts[batch.StateApplied]) + " applied, " + view.Count(not) + " not; " + m.env.Keys.Key(keymap.RunOpen) + " shows why"
}

func (m *Model) states(w int) []string {
	look := m.env.Look
	var out []string
	for _, row := range []struct {
		word   string
		pen    view.Pen
		always bool
		of     []batch.State
	}{
		{"applied", look.Good, true, []batch.State{batch.StateApplied}},
		{"refused", look.Bad, true, []batch.State{batch.StateRefused}},
		{"held out", look.Warn, true, []batch.State{batch.StateHeld, batch.StateCancelled}},
		{"unknown", look.Warn, true, []batch.State{batch.StateUnknown}},
		{"on its way", look.Text, true, []batch.State{batch.StateSending}},
		{"waiting", look.Muted, true, []batch.State{batch.StatePlanned}},
	} {
		n := 0
		sums := m.p.Sums[row.of[0]]
		for i, s := range row.of {
			n += m.p.Counts[s]
			if i > 0 {
				sums = sums.Plus(m.p.Sums[s])
			}
		}
		pen := row.pen
		if n == 0 {
			pen = look.Muted
		}
		out = append(out, view.Cut("  "+pen.Render(view.Fit(row.word, 11)+view.FitRight(view.Count(n), 7))+"   "+look.Money.Render(sums.String()), w))
	}
	return out
}

func (m *Model) accounts(w int) []string {
	look := m.env.Look
	var out []string
	for _, a := range m.p.Accounts {
		if m.ended && a.Stopped == "" && a.InFlight+a.Waiting == 0 {
			continue // nothing is left to say of it
		}
		line := look.Text.Render(view.Fit(view.Clean(a.Account), 12)) + look.Muted.Render(" "+view.Count(a.InFlight)+" at work, "+view.Count(a.Waiting)+" waiting")
		switch {
		case a.Stopped != "":
			line += look.Bad.Render("  stopped: " + view.Clean(a.Stopped))
		case a.Waits != "":
			line += look.Warn.Render("  waits: " + view.Clean(a.Waits))
		}
		out = append(out, "  "+view.Cut(line, w-2))
	}
	if len(out) > 0 {
		out = append([]string{""}, out...)
	}
	return out
}

// events are the last events that fit, the newest at the bottom.
func (m *Model) events(w, room int) []string {
	look := m.env.Look
	list := m.p.Recent
	room -= 2
	if len(list) == 0 || room < 1 {
		return nil
	}
	list = list[max(0, len(list)-room):]
	out := []string{"", " " + look.Head.Render("last events")}
	for _, e := range list {
		out = append(out, "  "+look.Muted.Render(view.Cut(view.Clean(e), w-2)))
	}
	return out
}
