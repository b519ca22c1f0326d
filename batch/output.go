package batch

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"bursar/providers"
)

type previewJSON struct {
	Action  string         `json:"action"`
	Planned int            `json:"planned"`
	Can     int            `json:"can"`
	Cannot  int            `json:"cannot"`
	Ask     int            `json:"ask"`
	Sums    providers.Sums `json:"sums"`
	Items   []checkedJSON  `json:"items"`
}

type checkedJSON struct {
	Ref      string                  `json:"ref"`
	Verdict  providers.VerdictAnswer `json:"verdict"`
	Reason   string                  `json:"reason"`
	Amount   string                  `json:"amount"`
	Currency string                  `json:"currency"`
}

// WriteJSON writes the preview for scripts.
func (p Preview) WriteJSON(w io.Writer) error {
	out := previewJSON{Action: p.Action, Planned: p.Planned, Can: p.Can, Cannot: p.Cannot, Ask: p.Ask, Sums: p.Sums, Items: []checkedJSON{}}
	for _, it := range p.Items {
		out.Items = append(out.Items, checkedJSON{
			Ref: it.Item.Intent.Ref.String(), Verdict: it.Verdict.Answer, Reason: clean(it.Verdict.Reason),
			Amount: decimalText(it.Item.Intent.Amount), Currency: it.Item.Intent.Amount.Currency,
		})
	}
	return writeJSON(w, out)
}

// WriteText writes the preview for people.
func (p Preview) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d planned, %d can, %d cannot, %d must be asked\n", p.Action, p.Planned, p.Can, p.Cannot, p.Ask)
	for _, info := range p.Accounts {
		fmt.Fprintf(&b, "account  %s · %s · %s · %s\n", info.Account, info.Title, info.Host, liveOrSandbox(info))
	}
	if !p.AsOf.IsZero() {
		fmt.Fprintf(&b, "as of    %s\n", p.AsOf.Local().Format("2006-01-02 15:04:05"))
	}
	if s := p.Sums.String(); s != "" {
		fmt.Fprintf(&b, "sum      %s\n", s)
	}
	for _, g := range p.Groups {
		fmt.Fprintf(&b, "\n%s · %d · %s\n", verdictText(g.Verdict, g.Reason), len(g.Items), orNone(g.Sums.String()))
		rows := make([][]string, 0, len(g.Items))
		for _, i := range g.Items {
			in := p.Items[i].Item.Intent
			rows = append(rows, []string{"  " + in.Ref.String(), amountText(in.Amount), p.Items[i].Item.Number, p.Items[i].Item.Party})
		}
		table(&b, rows)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func verdictText(v providers.VerdictAnswer, reason string) string {
	if reason == "" {
		return v.String()
	}
	return v.String() + ": " + clean(reason)
}

func liveOrSandbox(info providers.Info) string {
	if info.Sandbox {
		return "SANDBOX"
	}
	return "LIVE"
}

type reportJSON struct {
	Batch      string                       `json:"batch"`
	Action     string                       `json:"action"`
	Planned    int                          `json:"planned"`
	Applied    int                          `json:"applied"`
	Refused    int                          `json:"refused"`
	Held       int                          `json:"held"`
	Unknown    int                          `json:"unknown"`
	Reconciled int                          `json:"reconciled"`
	Sums       map[string]map[string]string `json:"sums"`
	Items      []reportItemJSON             `json:"items"`
}

type reportItemJSON struct {
	Ref      string `json:"ref"`
	State    State  `json:"state"`
	Outcome  string `json:"outcome"`
	Attempts int    `json:"attempts"`
	Key      string `json:"key"`
	Reason   string `json:"reason"`
}

// WriteJSON writes the report for scripts.
func (r Report) WriteJSON(w io.Writer) error {
	out := reportJSON{
		Batch: r.Batch, Action: r.Action, Planned: r.Planned, Applied: r.Applied, Refused: r.Refused, Held: r.Held,
		Unknown: r.Unknown, Reconciled: r.Reconciled, Sums: r.sumsByCurrency(), Items: []reportItemJSON{},
	}
	for _, it := range r.Items {
		out.Items = append(out.Items, reportItemJSON{
			Ref: it.Ref.String(), State: it.State, Outcome: it.Outcome, Attempts: it.Attempts, Key: it.Key, Reason: clean(it.Reason),
		})
	}
	return writeJSON(w, out)
}

// reportSums are the keys of Report.Sums in the order of a report.
var reportSums = [...]string{sumPlanned, "applied", "refused", "held", "unknown", sumWaiting}

const (
	sumPlanned = "planned"
	sumWaiting = "waiting"
)

func (r Report) sumsByCurrency() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, m := range r.Sums[sumPlanned].All() {
		row := map[string]string{}
		for _, state := range reportSums {
			if state == sumWaiting && r.Waiting == 0 {
				continue
			}
			row[state] = r.Sums[state].Of(m.Currency).Text()
		}
		out[m.Currency] = row
	}
	return out
}

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "batch    %s\naction   %s\n", r.Batch, r.Action)
	if r.DryRun {
		b.WriteString("dry run  nothing was sent\n")
	}
	if r.By != "" {
		fmt.Fprintf(&b, "by       %s\n", r.By)
	}
	if !r.Started.IsZero() {
		fmt.Fprintf(&b, "started  %s\n", r.Started.Local().Format("2006-01-02 15:04:05"))
	}
	if !r.Finished.IsZero() {
		fmt.Fprintf(&b, "finished %s\n", r.Finished.Local().Format("2006-01-02 15:04:05"))
	}
	if r.Stopped != "" {
		fmt.Fprintf(&b, "stopped  %s\n", clean(r.Stopped))
	}
	b.WriteString("\n")
	table(&b, r.summaryRows())
	if r.Reconciled > 0 {
		fmt.Fprintf(&b, "%d of them found out by reading back\n", r.Reconciled)
	}
	b.WriteString("\n")
	rows := make([][]string, 0, len(r.Items))
	for _, it := range r.Items {
		rows = append(rows, []string{string(it.State), clean(it.Number), it.Ref.String(), amountText(it.Amount), clean(it.Party), clean(it.Reason)})
	}
	table(&b, rows)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) summaryRows() [][]string {
	counts := map[string]int{sumPlanned: r.Planned, "applied": r.Applied, "refused": r.Refused, "held": r.Held, "unknown": r.Unknown, sumWaiting: r.Waiting}
	var rows [][]string
	for _, name := range reportSums {
		if name == sumWaiting && r.Waiting == 0 {
			continue
		}
		title := name
		if r.DryRun && name == sumWaiting {
			title = "would be sent"
		}
		rows = append(rows, []string{title, strconv.Itoa(counts[name]), r.Sums[name].String()})
	}
	return rows
}

// WriteCSV writes one line per record. Cells that a spreadsheet would take for
// a formula are neutralised.
func (r Report) WriteCSV(w io.Writer) error {
	cw := csv.NewWriter(w)
	if err := cw.Write([]string{"ref", "number", "party", "amount", "currency", "state", "outcome", "attempts", "key", "reason"}); err != nil {
		return err
	}
	for _, it := range r.Items {
		row := []string{
			it.Ref.String(), it.Number, it.Party, decimalText(it.Amount), it.Amount.Currency,
			string(it.State), it.Outcome, strconv.Itoa(it.Attempts), it.Key, clean(it.Reason),
		}
		for i := range row {
			row[i] = neutral(providers.Inert(row[i]))
		}
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// neutral keeps a spreadsheet from reading a text as a formula. Amounts may
// begin with a minus: they are numbers.
func neutral(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return s
	}
	if _, err := providers.ParseAmount(s); err == nil {
		return s
	}
	return "'" + s
}

func decimalText(m providers.Money) string {
	if m.IsNone() {
		return ""
	}
	return m.Text()
}

// clean makes a reason fit for any output: one line, no control characters
// that a terminal would obey, no card number.
func clean(s string) string { return providers.MaskText(strings.TrimSpace(flat(s))) }

// flat is a text in one line without what a terminal would obey.
func flat(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n', c == '\r', c == '\t':
			return ' '
		case c < 0x20, c >= 0x7f && c < 0xa0, c == utf8.RuneError:
			return -1
		default:
			return c
		}
	}, s)
}

// table writes rows with aligned columns, two blanks between.
func table(b *strings.Builder, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			row[i] = flat(cell)
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)))
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteString("\n")
	}
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(providers.InertJSON(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
