package batch_test

import (
	"fmt"
	"strings"
	"testing"

	"bursar/batch"
	"bursar/providers"
)

func TestReadCSV(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "id,amount\n1,5.00\n2,6.00\n", "2:1 map[amount:5.00] 3:2 map[amount:6.00]"},
		{"byte order mark, semicolons, CRLF", "\xef\xbb\xbfid;amount\r\n1;5.00\r\n", "2:1 map[amount:5.00]"},
		{"tabs", "id\tamount\n1\t5.00\n", "2:1 map[amount:5.00]"},
		{"a spreadsheet's separator line", "sep=;\r\nid;note\r\n1;a,b\r\n", "3:1 map[note:a,b]"},
		{"quotes over two lines", "id,note\n1,\"a\nb\"\n2,c\n", "2:1 map[note:a\nb] 4:2 map[note:c]"},
		{"special columns in any case", "ID,Account,Currency\n1,shop,RUB\n", "2:1@shop/RUB map[]"},
		{"creations have no id", "phone,amount\n+79991234567,5\n", "2: map[amount:5 phone:+79991234567]"},
		{"empty cells and rows are left out", "id,amount,note\n1,,x\n,,\n\n2,3,\n", "2:1 map[note:x] 5:2 map[amount:3]"},
		{"padding behind the columns", "id,amount\n1,5,,\n", "2:1 map[amount:5]"},
		{"the same id at two accounts", "id,account\n1,a\n1,b\n", "2:1@a/ map[] 3:1@b/ map[]"},

		{"empty", "", "line 1: the file is empty: the first row names the columns, such as id,amount"},
		{"names only", "id,amount\n", "line 2: no row follows the column names"},
		{"a column without a name", "id,,amount\n1,2,3\n", "line 1, column 2: the column has no name: the first row names every column"},
		{"a column twice", "id,amount,amount\n1,2,3\n", "line 1, column amount: the column is named twice: keep one"},
		{"a missing cell", "id,amount,note\n1,5,x\n2,6\n", "line 3, column note: the cell is missing: the row has 2 cells, the first row names 3 columns"},
		{"a cell too many", "id,amount\n1,5,x\n", `line 2, column 3: the cell "x" has no column name in the first row`},
		{"an empty id", "id,amount\n1,5\n,6\n", "line 3, column id: the id is empty"},
		{"an id twice", "id,amount\n1,5\n2,6\n1,7\n", `line 4, column id: "1" is on line 2 already: name each record once`},
		{"a stray quote", "id,note\n1,a\"b\n", "line 2, column 4: bare \" in non-quoted-field: put a cell that holds quotes in quotes and double them inside"},
		{"another encoding", "id,note\n1,\xcf\xf0\n", "line 2: the file is no UTF-8 text: save it as CSV UTF-8"},
		{"a workbook", "PK\x03\x04\x00\x00", "line 1: the file is no UTF-8 text: save it as CSV UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := batch.ReadCSV(strings.NewReader(tt.text))
			got := rowsText(rows)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func rowsText(rows []batch.CSVRow) string {
	var parts []string
	for _, r := range rows {
		special := ""
		if r.Account+r.Currency != "" {
			special = "@" + r.Account + "/" + r.Currency
		}
		parts = append(parts, fmt.Sprintf("%d:%s%s %v", r.Line, r.ID, special, map[string]string(r.Values)))
	}
	return strings.Join(parts, " ")
}

func TestCheckRows(t *testing.T) {
	d := newDesk(t, 1)
	p, _ := d.process.Provider("shop")
	refund, _ := providers.FindAction(p, "payment.refund")
	payout, _ := providers.FindAction(p, "payout.create")
	tests := []struct {
		name   string
		action providers.Action
		text   string
		want   string
	}{
		{"fine", refund, "id,amount\n1,5.00\n", "<nil>"},
		{"a comma in an amount", refund, "id;amount\n1;5.00\n2;5,00\n", `line 3, column amount: the amount "5,00" is not a number: write digits with a dot, such as 100.00`},
		{"a column that the action has not", refund, "id,reason\n1,x\n", `line 2, column reason: payment.refund has no field "reason"`},
		{"no id", refund, "amount\n5.00\n", "line 2, column id: payment.refund acts on records and the file has no id column"},
		{"an id for a creation", payout, "id,amount\n1,5.00\n", "line 2, column id: payout.create makes new records and takes no id"},
		{"a required value", payout, "amount,note\n5.00,a\n,b\n", "line 3, column amount: Amount is required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := batch.ReadCSV(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(batch.CheckRows(rows, tt.action)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{
		"id,amount\n1,5.00\n", "\xef\xbb\xbfid;amount\r\n1;5\r\n", "sep=;\nid;a\n1;2\n", "id,note\n1,\"a\nb\"\n",
		"id\n\"", ",\n", "sep=,", "id,id\n", "\x00", "a\r\rb",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := batch.ReadCSV(strings.NewReader(text))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x00") && !strings.ContainsAny(text, "\n\x00") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		lines := strings.Count(text, "\n") + 1
		seen := 0
		for _, r := range rows {
			if r.Line <= seen || r.Line > lines {
				t.Errorf("line %d of %d behind line %d", r.Line, lines, seen)
			}
			seen = r.Line
		}
	})
}
