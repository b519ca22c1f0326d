package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/providers"
)

var full = cache.Entry{
	Record: providers.Record{
		Ref:     providers.Ref{Account: "shop", Kind: providers.Payment, ID: "p/1"},
		Number:  "=1+1",
		Status:  providers.Status{Code: "waiting", Label: "Ждёт", Phase: providers.PhaseHeld},
		Amount:  providers.MustMoney("-1000.5", "RUB"),
		Created: time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", 3*3600)),
		Party:   providers.Party{Name: "ООО <Ромашка>"},
		Note:    "+7 900, \"срочно\"",
		Flags:   []string{"test", "stop list"},
		Links:   []providers.Link{{Rel: "refund", Ref: providers.Ref{Account: "shop", Kind: providers.Refund, ID: "r1"}}},
	},
	Fetched: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC),
}

var lean = cache.Entry{Record: providers.Record{
	Ref:       providers.Ref{Account: "cloud", Kind: providers.Payment, ID: "2"},
	Remaining: providers.Money{Decimal: providers.MustMoney("5", "").Decimal},
}}

func values(entries ...cache.Entry) iter.Seq2[cache.Entry, error] {
	return func(yield func(cache.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func system(account string) string { return map[string]string{"shop": "yookassa"}[account] }

func TestJSONHasExactlyTheKeysOfTheDesign(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, values(full, lean), system); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), `\u003c`) {
		t.Error("a name is escaped for HTML")
	}
	var rows []map[string]any
	if err := json.Unmarshal(b.Bytes(), &rows); err != nil {
		t.Fatal(err, b.String())
	}
	want := []string{"account", "system", "kind", "id", "number", "status", "label", "phase", "amount", "currency", "remaining", "created", "updated", "deadline", "party", "method", "note", "flags", "links", "fetched"}
	for _, row := range rows {
		var keys []string
		for k := range row {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		sorted := slices.Clone(want)
		slices.Sort(sorted)
		if !slices.Equal(keys, sorted) {
			t.Errorf("keys %v", keys)
		}
	}
	if !slices.Equal(Columns(), want) {
		t.Error("columns", Columns())
	}
	one := `{"account":"shop","system":"yookassa","kind":"payment","id":"p/1","number":"=1+1","status":"waiting","label":"Ждёт","phase":"held","amount":"-1000.50","currency":"RUB","remaining":"","created":"2026-11-22T10:00:00+03:00","updated":"","deadline":"","party":"ООО <Ромашка>","method":"","note":"+7 900, \"срочно\"","flags":["test","stop list"],"links":[{"rel":"refund","ref":"shop/refund/r1"}],"fetched":"2026-11-22T08:00:00Z"}`
	two := `{"account":"cloud","system":"","kind":"payment","id":"2","number":"","status":"","label":"","phase":"unknown","amount":"","currency":"?","remaining":"5.00","created":"","updated":"","deadline":"","party":"","method":"","note":"","flags":[],"links":[],"fetched":""}`
	if got := b.String(); got != "[\n"+one+"\n,"+two+"\n]\n" {
		t.Error(got)
	}
}

func TestNoRowsAreAnEmptyArray(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, values(), nil); err != nil || b.String() != "[]\n" {
		t.Error(b.String(), err)
	}
}

func TestCSVIsSafeToOpenInASpreadsheet(t *testing.T) {
	var b bytes.Buffer
	if err := CSV(&b, values(full, lean), system); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 3 || !slices.Equal(rows[0], Columns()) {
		t.Fatal(rows, err)
	}
	cell := func(name string) string { return rows[1][slices.Index(Columns(), name)] }
	for name, want := range map[string]string{
		"number": "'=1+1", "amount": "-1000.50", "note": `'+7 900, "срочно"`, "flags": "test; stop list", "links": "refund shop/refund/r1",
	} {
		if got := cell(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, c := range []string{"=1", "+1", "-x", "@a", "\tx", "\rx", "-"} {
		if Neutral(c) != "'"+c {
			t.Errorf("%q is not neutralised", c)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the pipe is closed") }

func TestAFailedWriteIsAnError(t *testing.T) {
	if JSON(broken{}, values(full), system) == nil || CSV(broken{}, values(full), system) == nil {
		t.Error("nobody noticed")
	}
}
