package cache

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"bursar/providers"
)

// plainDoc is the record as encoding/json writes it.
func plainDoc(t *rapid.T, r providers.Record) []byte {
	some := func(m providers.Money) *providers.Money {
		if m.IsNone() {
			return nil
		}
		return &m
	}
	b, err := json.Marshal(doc{
		ID: r.Ref.ID, Number: r.Number, Status: r.Status, Amount: some(r.Amount), Remaining: some(r.Remaining),
		Created: r.Created, Updated: r.Updated, Deadline: r.Deadline, Party: r.Party, Method: r.Method, Note: r.Note,
		Flags: r.Flags, Links: r.Links, Details: r.Details, Raw: r.Raw,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var anyText = rapid.OneOf(
	rapid.SampledFrom([]string{"", "paid", "Ёлка", `"quoted" \ <b>&amp;`, "\x00\n\t\x1b[31m", "\u2028\u2029", "\xff\xfe", "𝔘", strings.Repeat("я", 300)}),
	rapid.String(),
)

func anyMoney(t *rapid.T, name string) providers.Money {
	return rapid.SampledFrom([]providers.Money{
		{},
		{Currency: "RUB"},
		providers.MustMoney("0", "RUB"), providers.MustMoney("-1234567.891", "EUR"), providers.MustMoney("7", ""), providers.MustMoney("500", "JPY"),
		providers.MustMoney(strings.Repeat("9", 30), "<RUB>"),
	}).Draw(t, name)
}

func anyTime(t *rapid.T, name string) time.Time {
	at := time.Unix(rapid.Int64Range(-2_000_000_000, 7_000_000_000).Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name))
	return rapid.SampledFrom([]time.Time{{}, at.UTC(), at.In(time.FixedZone("", 3*3600)), at.In(time.FixedZone("", -5*3600-45*60))}).Draw(t, name)
}

func anyDoc(t *rapid.T) providers.Record {
	text := func(name string) string { return anyText.Draw(t, name) }
	r := providers.Record{
		Ref:    providers.Ref{Account: "shop", Kind: providers.Payment, ID: text("id")},
		Number: text("number"),
		Status: providers.Status{Code: text("code"), Label: text("label"), Phase: providers.Phase(rapid.IntRange(0, 9).Draw(t, "phase"))}, //nolint:gosec // small
		Amount: anyMoney(t, "amount"), Remaining: anyMoney(t, "remaining"),
		Created: anyTime(t, "created"), Updated: anyTime(t, "updated"), Deadline: anyTime(t, "deadline"),
		Party:  providers.Party{ID: text("party"), Name: text("name"), Phone: text("phone"), Email: text("email"), Card: text("card")},
		Method: text("method"), Note: text("note"),
		Flags: rapid.SliceOfN(anyText, 0, 3).Draw(t, "flags"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "links") {
		r.Links = append(r.Links, providers.Link{Rel: text("rel"), Ref: providers.Ref{Account: text("account"), Kind: providers.Kind(text("kind")), ID: text("target")}})
	}
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		g := providers.Group{Title: text("title"), Rows: []providers.Row{}}
		for range rapid.IntRange(0, 2).Draw(t, "rows") {
			g.Rows = append(g.Rows, providers.Row{Label: text("row"), Value: text("value"), Time: anyTime(t, "time")})
		}
		r.Details = append(r.Details, g)
	}
	if rapid.Bool().Draw(t, "raw") {
		r.Raw = json.RawMessage(`{"a":[1,null,"<&>"],"b":{}}`)
	}
	return r
}

func TestARecordReadsBackAsEncodingJSONWouldWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyDoc(t)
		want, err := decodeDoc(plainDoc(t, r), r.Ref)
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Raw) > 0 {
			want.Raw = r.Raw // encoding/json escapes for HTML
		}
		body, err := encodeDoc(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeDoc(body, r.Ref)
		if err != nil {
			t.Fatalf("%v in %s", err, writeDoc(&r))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
