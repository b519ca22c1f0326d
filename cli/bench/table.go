package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Table is the outcome of a run.
type Table struct {
	Date    time.Time
	Machine string
	Program string // version of what was measured
	Rows    int    // cached payments
	Goals   []Row
	Keys    []Key
	// Notes are what was measured besides, one sentence each.
	Notes []string
}

// NotMet counts the rows that were measured and miss their goal.
func (t Table) NotMet() (n int) {
	for _, r := range t.Goals {
		if r.Verdict() == NotMet {
			n++
		}
	}
	return n
}

// WriteText writes the table for people. It is Markdown too.
func (t Table) WriteText(w io.Writer) error {
	lines := [][]string{{"goal", "what", "figure", "peer or limit", "its figure", "ratio", "allowed", ""}}
	for _, r := range t.Goals {
		ratio := "-"
		if v, ok := r.Ratio(); ok {
			ratio = number(v) + "x"
		}
		peer, against := r.Peer, r.Against.Text()
		if peer == "" {
			peer, against = "-", "-"
		}
		lines = append(lines, []string{
			fmt.Sprint(r.Goal), r.What, r.Figure.Text(), peer, against, ratio, r.Bound.Text(r.unit()), string(r.Verdict()),
		})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s · %s rows · %s · %s\n\n", t.Date.Format("2006-01-02 15:04"), grouped(t.Rows), t.Machine, t.Program)
	grid(&b, lines)
	t.writeKeys(&b)
	t.writeWhy(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// unit is that of the bound: the figure's, also when it was not measured.
func (r Row) unit() string {
	if r.Figure.Unit != "" {
		return r.Figure.Unit
	}
	return r.Against.Unit
}

func (t Table) writeWhy(b *strings.Builder) {
	var out []string
	for _, r := range t.Goals {
		if r.Why != "" {
			out = append(out, fmt.Sprintf("- not measured: goal %d, %s: %s\n", r.Goal, r.What, oneLine(r.Why)))
		}
	}
	for _, text := range t.Notes {
		out = append(out, "- "+oneLine(text)+"\n")
	}
	if len(out) > 0 {
		b.WriteString("\n" + strings.Join(out, ""))
	}
}

// grid writes lines as a table whose columns are in line.
func grid(b *strings.Builder, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, line := range lines {
		for i, cell := range line {
			fmt.Fprintf(b, "| %s%s ", cell, strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)))
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				b.WriteString("|" + strings.Repeat("-", width+2))
			}
			b.WriteString("|\n")
		}
	}
}

// jsonRow is a row for scripts. What is not known is left out.
type jsonRow struct {
	Goal        int      `json:"goal"`
	What        string   `json:"what"`
	Figure      *float64 `json:"figure,omitempty"`
	Unit        string   `json:"unit,omitempty"`
	Peer        string   `json:"peer,omitempty"`
	PeerFigure  *float64 `json:"peer_figure,omitempty"`
	Ratio       *float64 `json:"ratio,omitempty"`
	Allowed     string   `json:"allowed"`
	Verdict     Verdict  `json:"verdict"`
	NotMeasured string   `json:"reason,omitempty"`
}

// WriteJSON writes the table for scripts.
func (t Table) WriteJSON(w io.Writer) error {
	rows := make([]jsonRow, len(t.Goals))
	for i, r := range t.Goals {
		rows[i] = jsonRow{
			Goal: r.Goal, What: r.What, Unit: r.Figure.Unit, Peer: r.Peer, Allowed: r.Bound.Text(r.unit()),
			Verdict: r.Verdict(), NotMeasured: oneLine(r.Why), Figure: known(r.Figure),
		}
		if r.Peer != "" {
			rows[i].PeerFigure = known(r.Against)
		}
		if v, ok := r.Ratio(); ok {
			rows[i].Ratio = &v
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Date    string    `json:"date"`
		Machine string    `json:"machine"`
		Program string    `json:"program"`
		Rows    int       `json:"rows"`
		NotMet  int       `json:"not_met"`
		Goals   []jsonRow `json:"goals"`
		Keys    []jsonKey `json:"keys"`
		Notes   []string  `json:"notes"`
	}{t.Date.Format(time.RFC3339), t.Machine, t.Program, t.Rows, t.NotMet(), rows, jsonKeys(t.Keys), append([]string{}, t.Notes...)})
}

func known(f Figure) *float64 {
	if f.why() != nil {
		return nil
	}
	return &f.Value
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// grouped writes a count as 1 000 000.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
