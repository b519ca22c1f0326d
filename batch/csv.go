package batch

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"bursar/providers"
)

// CSVRow is one row of a file of records and values.
type CSVRow struct {
	Line     int
	ID       string
	Account  string
	Currency string
	Values   providers.Values // the other columns, empty cells left out
}

// maxCSVSize bounds what ReadCSV takes into memory.
const maxCSVSize = 64 << 20

// ReadCSV reads a file whose first row names the columns: id, account and
// currency are special, the others are form fields of the action. A byte order
// mark, semicolons or tabs between cells and CRLF are fine. An error names the
// line and the column.
func ReadCSV(r io.Reader) ([]CSVRow, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxCSVSize+1))
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	if len(raw) > maxCSVSize {
		return nil, fmt.Errorf("the file is larger than %d MiB: split it", maxCSVSize>>20)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if err := checkText(raw); err != nil {
		return nil, err
	}
	comma, skipped, raw := separator(raw)
	cr := csv.NewReader(bytes.NewReader(raw))
	cr.Comma, cr.FieldsPerRecord = comma, -1
	head, err := cr.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: the file is empty: the first row names the columns, such as id,amount")
	}
	if err != nil {
		return nil, csvError(err, skipped)
	}
	columns, err := columnNames(head, skipped+1)
	if err != nil {
		return nil, err
	}
	return readRows(cr, columns, skipped)
}

// checkText refuses what is no UTF-8 text, naming the line.
func checkText(raw []byte) error {
	line := 1
	for len(raw) > 0 {
		c, n := utf8.DecodeRune(raw)
		if c == utf8.RuneError && n <= 1 || c == 0 {
			return fmt.Errorf("line %d: the file is no UTF-8 text: save it as CSV UTF-8", line)
		}
		if c == '\n' {
			line++
		}
		raw = raw[n:]
	}
	return nil
}

// separator finds what parts the cells: a spreadsheet's own "sep=;" line says
// it, else the first row does. skipped is the number of lines taken off.
func separator(raw []byte) (comma rune, skipped int, rest []byte) {
	first, after, _ := bytes.Cut(raw, []byte("\n"))
	if line := strings.ToLower(strings.TrimRight(string(first), "\r")); len(line) == 5 && strings.HasPrefix(line, "sep=") && strings.Contains(",;\t", line[4:]) {
		return rune(line[4]), 1, after
	}
	best := ','
	for _, c := range []rune{';', '\t'} {
		if strings.Count(string(first), string(c)) > strings.Count(string(first), string(best)) {
			best = c
		}
	}
	return best, 0, raw
}

// columnNames checks the first row.
func columnNames(head []string, line int) ([]string, error) {
	var names []string
	for i, cell := range head {
		name := strings.TrimSpace(cell)
		for _, special := range []string{"id", "account", "currency"} {
			if strings.EqualFold(name, special) {
				name = special
			}
		}
		if name == "" {
			return nil, fmt.Errorf("line %d, column %d: the column has no name: the first row names every column", line, i+1)
		}
		if slices.Contains(names, name) {
			return nil, fmt.Errorf("line %d, column %s: the column is named twice: keep one", line, name)
		}
		names = append(names, name)
	}
	return names, nil
}

func readRows(cr *csv.Reader, columns []string, skipped int) ([]CSVRow, error) {
	var rows []CSVRow
	type record struct{ account, id string }
	seen := map[record]int{}
	for {
		cells, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(err, skipped)
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		line, _ := cr.FieldPos(0)
		row, err := readRow(cells, columns, line+skipped)
		if err != nil {
			return nil, err
		}
		rec := record{row.Account, row.ID}
		if first, twice := seen[rec]; twice && row.ID != "" {
			return nil, fmt.Errorf("line %d, column id: %q is on line %d already: name each record once", row.Line, row.ID, first)
		}
		seen[rec] = row.Line
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("line %d: no row follows the column names", skipped+2)
	}
	return rows, nil
}

func readRow(cells, columns []string, line int) (CSVRow, error) {
	row := CSVRow{Line: line, Values: providers.Values{}}
	if len(cells) < len(columns) {
		return row, fmt.Errorf("line %d, column %s: the cell is missing: the row has %d cells, the first row names %d columns", line, columns[len(cells)], len(cells), len(columns))
	}
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i >= len(columns) {
			if cell == "" { // spreadsheets pad rows with empty cells
				continue
			}
			return row, fmt.Errorf("line %d, column %d: the cell %q has no column name in the first row", line, i+1, shorten(providers.MaskText(cell)))
		}
		switch name := columns[i]; {
		case name == "id":
			if cell == "" {
				return row, fmt.Errorf("line %d, column id: the id is empty", line)
			}
			row.ID = cell
		case name == "account":
			row.Account = cell
		case name == "currency":
			row.Currency = cell
		case cell != "":
			row.Values[name] = cell
		}
	}
	return row, nil
}

// csvError names the line and column of a quoting mistake.
func csvError(err error, skipped int) error {
	var pe *csv.ParseError
	if !errors.As(err, &pe) {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	return fmt.Errorf("line %d, column %d: %w: put a cell that holds quotes in quotes and double them inside", pe.Line+skipped, pe.Column, pe.Err)
}

// shorten keeps a text fit for one line of an error.
func shorten(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// CheckRows refuses rows whose columns or values the action does not take. The
// error names the line and the column.
func CheckRows(rows []CSVRow, a providers.Action) error {
	for _, row := range rows {
		if a.Creates && row.ID != "" {
			return fmt.Errorf("line %d, column id: %s makes new records and takes no id", row.Line, a.ID)
		}
		if !a.Creates && row.ID == "" {
			return fmt.Errorf("line %d, column id: %s acts on records and the file has no id column", row.Line, a.ID)
		}
		errs := a.Check(row.Values)
		names := make([]string, 0, len(errs))
		for name := range errs {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			return fmt.Errorf("line %d, column %s: %w", row.Line, name, errs[name])
		}
	}
	return nil
}
