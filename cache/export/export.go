// Package export writes what a list shows as JSON or CSV, row by row, so that
// a million rows need no more memory than one.
//
// Amounts are decimal texts, times RFC 3339. What a record does not have is an
// empty text, flags and links are then empty arrays: every object has the same
// keys with values of the same type.
package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"strings"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// row is one exported record. Its JSON keys are a promise to scripts.
type row struct {
	Account   string `json:"account"`
	System    string `json:"system"`
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	Number    string `json:"number"`
	Status    string `json:"status"`
	Label     string `json:"label"`
	Phase     string `json:"phase"`
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
	Remaining string `json:"remaining"`
	Created   string `json:"created"`
	Updated   string `json:"updated"`
	Deadline  string `json:"deadline"`
	Party     string `json:"party"`
	Method    string `json:"method"`
	Note      string `json:"note"`
	// Flags and Links are arrays in JSON, parted by a space and a semicolon in
	// CSV.
	Flags   []string `json:"flags"`
	Links   []link   `json:"links"`
	Fetched string   `json:"fetched"`
}

type link struct {
	Rel string `json:"rel"`
	Ref string `json:"ref"`
}

// Columns are the CSV's columns and the JSON's keys, in order.
func Columns() []string {
	return []string{
		"account", "system", "kind", "id", "number", "status", "label", "phase", "amount", "currency", "remaining",
		"created", "updated", "deadline", "party", "method", "note", "flags", "links", "fetched",
	}
}

func rowOf(e cache.Entry, system func(string) string) row {
	out := row{
		Account: e.Ref.Account, Kind: string(e.Ref.Kind), ID: e.Ref.ID, Number: e.Number,
		Status: e.Status.Code, Label: e.Status.Label, Phase: e.Status.Phase.String(),
		Amount: amount(e.Amount), Currency: currency(e), Remaining: amount(e.Remaining),
		Created: stamp(e.Created), Updated: stamp(e.Updated), Deadline: stamp(e.Deadline),
		Party: party(e.Party), Method: e.Method, Note: e.Note,
		Flags: e.Flags, Links: make([]link, len(e.Links)), Fetched: stamp(e.Fetched),
	}
	if system != nil {
		out.System = system(e.Ref.Account)
	}
	if out.Flags == nil {
		out.Flags = []string{}
	}
	for i, l := range e.Links {
		out.Links[i] = link{Rel: l.Rel, Ref: l.Ref.String()}
	}
	return out
}

func amount(m providers.Money) string {
	if m.IsNone() {
		return ""
	}
	return m.Text()
}

// currency is the amount's, or the remainder's where there is no amount.
func currency(e cache.Entry) string {
	switch {
	case !e.Amount.IsNone():
		return known(e.Amount)
	case !e.Remaining.IsNone():
		return known(e.Remaining)
	default:
		return ""
	}
}

func known(m providers.Money) string {
	if m.Known() {
		return m.Currency
	}
	return providers.UnknownCurrency
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// party is the first thing known of who is on the other side.
func party(p providers.Party) string {
	for _, s := range []string{p.Name, p.Phone, p.Email, p.Card, p.ID} {
		if s != "" {
			return s
		}
	}
	return ""
}

// JSON writes the rows as one array, a row a line. system names the payment
// system of an account.
func JSON(w io.Writer, each iter.Seq2[cache.Entry, error], system func(account string) string) error {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(providers.InertJSON(b))
	enc.SetEscapeHTML(false)
	sep := "[\n"
	for e, err := range each {
		if err != nil {
			return err
		}
		if _, err := b.WriteString(sep); err != nil {
			return err
		}
		sep = ","
		if err := enc.Encode(rowOf(e, system)); err != nil {
			return err
		}
	}
	end := "]\n"
	if sep != "," {
		end = "[]\n"
	}
	if _, err := b.WriteString(end); err != nil {
		return err
	}
	return b.Flush()
}

// CSV writes the rows under a row of column names. A cell that a spreadsheet
// would take for a formula gets an apostrophe in front; amounts stay numbers.
// Control characters are dots, for the rows may go to a terminal.
func CSV(w io.Writer, each iter.Seq2[cache.Entry, error], system func(account string) string) error {
	out := csv.NewWriter(w)
	if err := out.Write(Columns()); err != nil {
		return err
	}
	for e, err := range each {
		if err != nil {
			return err
		}
		if err := out.Write(cells(rowOf(e, system))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cells(r row) []string {
	links := make([]string, len(r.Links))
	for i, l := range r.Links {
		links[i] = l.Rel + " " + l.Ref
	}
	out := []string{
		r.Account, r.System, r.Kind, r.ID, r.Number, r.Status, r.Label, r.Phase, r.Amount, r.Currency, r.Remaining,
		r.Created, r.Updated, r.Deadline, r.Party, r.Method, r.Note,
		strings.Join(r.Flags, "; "), strings.Join(links, "; "), r.Fetched,
	}
	for i := range out {
		out[i] = Neutral(providers.Inert(out[i]))
	}
	return out
}

// Neutral keeps a cell from being run as a formula by a spreadsheet. Plain
// negative numbers are left alone.
func Neutral(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if cell[0] == '-' && isNumber(cell[1:]) {
		return cell
	}
	return "'" + cell
}

func isNumber(s string) bool {
	whole, frac, dot := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!dot || digits(frac))
}
