package journal

import (
	"strings"
	"time"

	"bursar/batch"
	"bursar/keymap"
	"bursar/providers"
	"bursar/tui/view"
)

// Draw draws the journal or the open report.
func (m *Model) Draw(size view.Size) []string {
	if m.open != "" {
		return m.drawReport(size)
	}
	look := m.env.Look
	out := []string{view.Rule(look, "journal of batches", size.W)}
	if len(m.all) == 0 {
		return view.Frame(append(out, m.empty(size.W)...), size.W, size.H)
	}
	out = append(out, view.Fit(m.titles(size.W), size.W))
	m.rows = max(1, size.H-len(out))
	m.top = view.Window(len(m.all), m.rows, m.at, m.top)
	for i := m.top; i < len(m.all) && i < m.top+m.rows; i++ {
		out = append(out, m.line(i, size.W))
	}
	return view.Frame(out, size.W, size.H)
}

func (m *Model) empty(w int) []string {
	look := m.env.Look
	switch {
	case m.err != "":
		var out []string
		for _, l := range view.Wrap(view.Clean(m.err), w-4) {
			out = append(out, "  "+look.Bad.Render(l))
		}
		return append([]string{""}, out...)
	case !m.loaded:
		return []string{"", "  " + look.Muted.Render("reading the journal")}
	}
	k := m.env.Keys
	return []string{
		"", "  " + look.Strong.Render("no batch was started yet"), "",
		"  " + look.Muted.Render(view.Cut("mark records with "+k.Key(keymap.MarkToggle)+", then "+k.Key(keymap.ActionMenu)+" shows what can be done with them", w-4)),
	}
}

// The widths of the journal's columns; the sums take the room that is left.
const (
	startedW  = 12
	actionW   = 24
	stateW    = 16
	doneW     = 12
	accountsW = 24
	wideW     = 110 // from where on the accounts are shown
	leastSum  = 10  // less tells nothing
)

// cells lays one line out. On a narrow screen the count applied goes: the title
// has the count planned, and the state what is missing.
func (m *Model) cells(w int, started, action, state, done, sum, accounts string) string {
	line := started + "  " + action + "  " + state
	if sumRoom(w) < leastSum {
		return line
	}
	line += "  "
	if w < wideW {
		return line + sum
	}
	return line + done + "  " + view.Fit(sum, sumRoom(w)) + "  " + view.Cut(accounts, accountsW)
}

// sumRoom is the width of the sums.
func sumRoom(w int) int {
	room := w - 3 - startedW - actionW - stateW - 6
	if w >= wideW {
		room -= doneW + 2 + accountsW + 2
	}
	return max(0, room)
}

func (m *Model) titles(w int) string {
	pen := m.env.Look.Head
	return "   " + m.cells(w, pen.Render(view.Fit("started", startedW)), pen.Render(view.Fit("batch", actionW)), pen.Render(view.Fit("state", stateW)),
		pen.Render(view.FitRight("applied", doneW)), pen.Render("sum"), pen.Render("accounts"))
}

func (m *Model) line(i, w int) string {
	look, s := m.env.Look, m.all[i]
	gutter := "   "
	if i == m.at {
		gutter = look.Accent.Render(look.Styles.Signs.Cursor) + "  "
	}
	pen, word := m.stateOf(s)
	return view.Fit(gutter+m.cells(w,
		look.Muted.Render(view.Fit(day(s.Started, m.env.Now), startedW)), look.Text.Render(view.Fit(view.BatchTitle(s.Action, s.Planned), actionW)),
		pen.Render(view.Fit(word, stateW)), look.Text.Render(view.FitRight(view.Count(s.Applied)+" of "+view.Count(s.Planned), doneW)),
		look.Money.Render(view.SumsIn(s.Sums, sumRoom(w))), look.Muted.Render(view.Clean(strings.Join(s.Accounts, " ")))), w)
}

func day(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	if t = t.In(now.Location()); t.Year() != now.Year() {
		return t.Format("2006-01-02")
	}
	return t.Format("02 Jan 15:04")
}

// stateOf says in two words how a batch stands; what waits for the operator
// comes first.
func (m *Model) stateOf(s batch.Summary) (view.Pen, string) {
	look := m.env.Look
	switch {
	case s.Running:
		return look.Good, "▸ running"
	case s.Unknown > 0:
		return look.Warn, "! " + view.Plural(s.Unknown, "unknown", "unknown")
	case s.Waiting > 0:
		return look.Warn, "‖ " + view.Count(s.Waiting) + " not sent"
	case s.Cancelled:
		return look.Muted, "✕ cancelled"
	case s.Refused+s.Held > 0:
		return look.Text, "✓ done, " + view.Count(s.Refused+s.Held) + " not"
	}
	return look.Good, "✓ done"
}

// drawReport draws one batch record by record.
func (m *Model) drawReport(size view.Size) []string {
	look := m.env.Look
	w := size.W
	if m.report == nil {
		return view.Frame([]string{view.Rule(look, "batch "+short(m.open), w), "", "  " + look.Muted.Render("reading the report")}, w, size.H)
	}
	out := append([]string{view.Rule(look, "batch "+short(m.open), w)}, m.head(w)...)
	foot := m.foot(w)
	m.rows = max(1, size.H-len(out)-len(foot))
	m.itemTop = view.Window(len(m.order), m.rows, m.itemAt, m.itemTop)
	for i := m.itemTop; i < len(m.order) && i < m.itemTop+m.rows; i++ {
		out = append(out, m.item(i, w))
	}
	out = view.Frame(out, w, max(0, size.H-len(foot)))
	return view.Frame(append(out, foot...), w, size.H)
}

func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

func (m *Model) head(w int) []string {
	look, r := m.env.Look, m.report
	by := ""
	if r.By != "" {
		by = " by " + view.Clean(r.By)
	}
	title := " " + look.Strong.Render(view.BatchTitle(r.Action, r.Planned)) + look.Muted.Render("  "+day(r.Started, m.env.Now)+by)
	if m.busy != "" {
		title += look.Warn.Render("  " + m.busy)
	} else if r.Stopped != "" {
		title += look.Warn.Render("  stopped: " + view.Clean(r.Stopped))
	}
	out := []string{view.Cut(title, w)}
	line := " "
	for _, c := range []struct {
		n    int
		word string
		key  string
		pen  view.Pen
	}{
		{r.Applied, "applied", "applied", look.Good},
		{r.Refused, "refused", "refused", look.Bad},
		{r.Held, "held out", "held", look.Text},
		{r.Unknown, "unknown", "unknown", look.Warn},
		{r.Waiting, "not sent yet", "waiting", look.Warn},
	} {
		if c.n == 0 && c.key != "applied" {
			continue
		}
		part := c.pen.Render(view.Count(c.n) + " " + c.word)
		if s := sumText(r.Sums, c.key); s != "" {
			part += " " + look.Money.Render(s)
		}
		if line != " " {
			part = look.Muted.Render(" · ") + part
		}
		line += part
	}
	return append(out, view.Cut(line, w), "")
}

func sumText(sums map[string]providers.Sums, key string) string {
	s, ok := sums[key]
	if !ok {
		return ""
	}
	return s.String()
}

// item is one record of the report in a line.
func (m *Model) item(i, w int) string {
	look := m.env.Look
	it := m.report.Items[m.order[i]]
	gutter := "   "
	if i == m.itemAt {
		gutter = look.Accent.Render(look.Styles.Signs.Cursor) + "  "
	}
	name := it.Number
	if name == "" {
		name = it.Ref.ID
	}
	pen, word := m.itemState(it)
	nw := min(24, max(10, w/6))
	line := gutter + pen.Render(view.Fit(word, 10)) + " " + look.Text.Render(view.Fit(view.Clean(name), nw)) + " " +
		look.Money.Render(view.FitRight(it.Amount.String(), 17)) + "  " + look.Muted.Render(view.Fit(view.Clean(it.Ref.Account), 9)) + " "
	switch {
	case it.Reason == "": // nothing else wants the room
		line += look.Text.Render(view.Cut(view.Clean(it.Party), max(0, w-view.Width(line))))
	case w >= 100:
		line += look.Text.Render(view.Fit(view.Clean(it.Party), min(28, w/6))) + " "
	}
	return view.Fit(line+look.Muted.Render(view.Clean(it.Reason)), w)
}

func (m *Model) itemState(it batch.ReportItem) (view.Pen, string) {
	look := m.env.Look
	switch it.State {
	case batch.StateApplied:
		return look.Good, "✓ applied"
	case batch.StateRefused:
		return look.Bad, "✕ refused"
	case batch.StateHeld, batch.StateCancelled:
		return look.Text, "– held"
	case batch.StateUnknown:
		return look.Warn, "! unknown"
	case batch.StateSending:
		return look.Text, "▸ sending"
	}
	return look.Muted, "‖ waiting"
}

// foot shows all of the reason of the record under the cursor, and what was
// found about an unknown outcome.
func (m *Model) foot(w int) []string {
	look := m.env.Look
	if m.itemAt >= len(m.order) {
		return nil
	}
	it := m.report.Items[m.order[m.itemAt]]
	out := []string{view.Rule(look, Name(it), w)}
	text := "outcome " + orNone(it.Outcome) + ", " + view.Plural(it.Attempts, "attempt", "attempts")
	if it.Reconciled {
		text += ", found out afterwards"
	}
	if it.Reason != "" {
		text += ": " + view.Clean(it.Reason)
	}
	lines := view.Wrap(text, w-2)
	if len(it.Candidates) > 0 {
		refs := make([]string, len(it.Candidates))
		for i, c := range it.Candidates {
			refs[i] = view.Clean(c.String())
		}
		lines = append(lines, view.Wrap("may be: "+strings.Join(refs, ", "), w-2)...)
	}
	if len(lines) > 3 {
		lines = lines[:3]
	}
	for len(lines) < 2 {
		lines = append(lines, "")
	}
	for _, l := range lines {
		out = append(out, " "+look.Text.Render(l))
	}
	return out
}

// Name is what people call a record, with what the programs call it.
func Name(it batch.ReportItem) string {
	name := view.Clean(it.Ref.String())
	if it.Number != "" && it.Number != it.Ref.ID {
		name = view.Clean(it.Number) + " · " + name
	}
	return name
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
