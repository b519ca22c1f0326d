package cache

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"bursar/providers"
)

// hostileRecords are what one row may do to the others; kept tells whether it
// can be held itself.
var hostileRecords = []struct {
	name   string
	kept   bool
	change func(r *providers.Record)
}{
	{"no id", false, func(r *providers.Record) { r.Ref.ID = "" }},
	{"an endless id", false, func(r *providers.Record) { r.Ref.ID = strings.Repeat("x", 70_000) }},
	{"an amount beyond all decimals", false, func(r *providers.Record) { r.Amount = providers.Money{Decimal: r.Amount.Shift(2000), Currency: "RUB"} }},
	{"an amount of 40 digits", true, func(r *providers.Record) {
		r.Amount = providers.MustMoney(strings.Repeat("1234567890", 4), "RUB")
		r.Remaining = providers.MustMoney("-0."+strings.Repeat("1234567890", 3), "RUB")
	}},
	{"a note of 2 MB", true, func(r *providers.Record) { r.Note = strings.Repeat("за хостинг ", 100_000) }},
	{"a note of almost 1 MB", true, func(r *providers.Record) { r.Note = strings.Repeat("xyz", 300_000) }},
	{"long texts everywhere", true, func(r *providers.Record) {
		for _, p := range []*string{&r.Number, &r.Status.Label, &r.Status.Code, &r.Party.Name, &r.Party.Email, &r.Method, &r.Note, &r.Amount.Currency} {
			*p = strings.Repeat("\x1b<", 100_000)
		}
		r.Raw = []byte(`"` + strings.Repeat("<", maxRaw-2) + `"`)
	}},
	{"details of 2 MB", true, func(r *providers.Record) {
		for i := range 40 {
			r.Details = append(r.Details, providers.Group{Title: fmt.Sprint(i), Rows: []providers.Row{{Label: "text", Value: strings.Repeat("<b>", 20_000)}}})
		}
	}},
	{"a link to an endless id", true, func(r *providers.Record) { r.Links[0].Ref.ID = strings.Repeat("x", 70_000) }},
	{"30 000 links", true, func(r *providers.Record) {
		for i := range 30_000 {
			r.Links = append(r.Links, providers.Link{Rel: "of", Ref: providers.Ref{Account: "shop", Kind: providers.Payment, ID: fmt.Sprint(i)}})
		}
	}},
	{"300 000 flags", true, func(r *providers.Record) { r.Flags = strings.Split(strings.Repeat("flag ", 300_000), " ") }},
	{"broken UTF-8", true, func(r *providers.Record) { r.Ref.ID, r.Note, r.Party.Name = "\xff", "\xff\xfe", "\xc3" }},
	{"the years 0 and 9999", true, func(r *providers.Record) {
		r.Created, r.Updated = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
		r.Details[0].Rows[0].Time = time.Date(123_456, 1, 1, 0, 0, 0, 0, time.UTC)
	}},
	{"separators of other formats", true, func(r *providers.Record) { r.Ref.ID, r.Note = "a/b%\x00\x1f\n", "x\x1fy\nz\x00" }},
	{"raw data that is no JSON", true, func(r *providers.Record) { r.Raw = []byte("{nonsense") }},
}

// TestAHostileRecordCostsNoOther: the page that it came with is kept, the store
// stays whole, and what is kept of the record itself can be read.
func TestAHostileRecordCostsNoOther(t *testing.T) {
	for _, h := range hostileRecords {
		for _, dir := range []string{"", filepath.Join(t.TempDir(), "cache")} {
			t.Run(fmt.Sprintf("%s, on disk %v", h.name, dir != ""), func(t *testing.T) {
				s := open(t, Options{Dir: dir})
				var recs []providers.Record
				for i := range 10 {
					recs = append(recs, payment("shop", fmt.Sprint(i), noon.Add(time.Duration(i)*time.Minute)))
				}
				h.change(&recs[5])
				n, err := s.Put(noon, recs...)
				var left *LeftOutError
				switch {
				case h.kept && (err != nil || n != 10):
					t.Fatalf("%d were kept: %v", n, err)
				case !h.kept && (n != 9 || !errors.As(err, &left) || left.Count != 1 || len(err.Error()) > 300 || !utf8.ValidString(err.Error())):
					t.Fatalf("%d were kept: %.400v", n, err)
				}
				seen := 0
				for e, err := range list(t, s, ListQuery{}).All() {
					if err != nil {
						t.Fatal(err)
					}
					seen++
					whole, _, err := s.Get(e.Ref)
					if err != nil {
						t.Fatalf("%q: %v", e.Ref, err)
					}
					whole.Details, whole.Raw = nil, nil
					if diff := cmp.Diff(e.Record, whole, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
						t.Errorf("the row and the record differ: %s", diff)
					}
				}
				if seen != n || s.Notice() != "" {
					t.Errorf("%d rows of %d, %s", seen, n, s.Notice())
				}
			})
		}
	}
}

// What is cut says so, and a card number that lies across the cut is masked.
func TestACutIsSeen(t *testing.T) {
	s := open(t, Options{})
	r := payment("shop", "1", noon)
	r.Note = strings.Repeat("я", maxText/2-5) + " 4111 1111 1111 1111 " + strings.Repeat("x", maxText)
	r.Details = []providers.Group{{Title: "all", Rows: []providers.Row{{Label: "a", Value: strings.Repeat("ж", maxValue)}}}}
	put(t, s, noon, r)
	got, _, err := s.Get(r.Ref)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{got.Note, got.Details[0].Rows[0].Value} {
		if !strings.HasSuffix(text, "…") || !utf8.ValidString(text) || strings.Contains(text, "4111") {
			t.Errorf("%.20q … %q", text, text[len(text)-40:])
		}
	}
	if _, err := s.List(context.Background(), ListQuery{Kind: providers.Payment}); err != nil {
		t.Error(err)
	}
}

// TestLongRecordsOfAPageAreKept has records that are each as long as may be, and
// that do not pack: several of them are no transaction.
func TestLongRecordsOfAPageAreKept(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Key: key})
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	noise := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('a' + random.IntN(26))
		}
		return string(b)
	}
	var recs []providers.Record
	for i := range 6 {
		r := payment("shop", strconv.Itoa(i), noon)
		r.Raw = []byte(`{"x":"` + noise(150_000) + `"}`)
		r.Note, r.Number, r.Method, r.Party.Name, r.Status.Label = noise(maxText), noise(maxText), noise(maxText), noise(maxText), noise(maxText)
		r.Links = nil
		for range maxLinks {
			r.Links = append(r.Links, providers.Link{Rel: noise(maxFlag), Ref: providers.Ref{Account: noise(maxID), Kind: providers.Kind(noise(maxID)), ID: noise(maxID)}})
		}
		recs = append(recs, r)
	}
	changed, err := s.Put(noon, recs...)
	if err != nil || changed != len(recs) {
		t.Fatalf("%d of %d were kept: %v", changed, len(recs), err)
	}
	if got, _, err := s.Get(recs[5].Ref); err != nil || got.Note != recs[5].Note {
		t.Error(err)
	}
}
