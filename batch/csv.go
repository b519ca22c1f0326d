package batch

import (
	"io"

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

// ReadCSV reads a file whose first row names the columns.
func ReadCSV(r io.Reader) ([]CSVRow, error) { return nil, nil }

// CheckRows refuses rows whose columns or values the action does not take.
func CheckRows(rows []CSVRow, a providers.Action) error { return nil }
