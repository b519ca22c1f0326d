package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/table"
)

// load reads rows.csv: created, number, party, label, method, amount, currency,
// remaining, account, deadline, note, id.
func load(path string) ([]table.Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	if _, err := r.Read(); err != nil {
		return nil, fmt.Errorf("%s has no header: %w", path, err)
	}
	var rows []table.Row
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if len(line) != 12 {
			return nil, fmt.Errorf("%s has %d columns and not 12", path, len(line))
		}
		rows = append(rows, rowOf(line))
	}
}

// rowOf is a line as bursar shows it.
func rowOf(line []string) table.Row {
	number := line[1]
	if number == "" {
		number = line[11]
	}
	return table.Row{
		" ", moment(line[0]), number, line[2], line[3], line[4], money(line[5], line[6]), money(line[7], line[6]),
		line[8], moment(line[9]), line[10],
	}
}

// money is 1234567.89 as 1 234 567.89 RUB, on the right of its column.
func money(amount, currency string) string {
	whole, cents, _ := strings.Cut(amount, ".")
	if whole == "" {
		return ""
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	return fmt.Sprintf("%16s", whole+"."+cents+" "+currency)
}

func moment(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return t.Local().Format("02 Jan 15:04")
}
