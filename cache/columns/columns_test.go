package columns

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/cache/filter"
	"bursar/providers"
)

var now = time.Date(2026, 11, 22, 15, 30, 0, 0, time.FixedZone("MSK", 3*60*60))

// pieces are what texts are made of; some try to pass for the end of a text.
var pieces = []string{
	"", "Ромашка", "ЁЛКА", "е\u0308ж", "и\u0306", "acme", "GmbH", "10", "1234.50", "1 000", "\x1f", "\n", "\x00", "\xff", "日本", "ї", "\u200d", "🙂", " ", "a", "•• 4444", "-", "*",
}

func text(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func moment(r *rand.Rand) time.Time {
	if r.IntN(4) == 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(r.IntN(100)) * time.Hour)
}

func amount(r *rand.Rand) providers.Money {
	return pick(
		r, providers.Money{}, providers.MustMoney("1234.50", "RUB"), providers.MustMoney("10", "USD"), providers.MustMoney("-3.141", "RUB"),
		providers.MustMoney("1234567890123456789012345678901234567.89", "RUB"), providers.MustMoney("5", ""), providers.MustMoney("0", "RUB"),
	)
}

func record(r *rand.Rand) providers.Record {
	rec := providers.Record{
		Ref:    providers.Ref{Account: "shop", Kind: providers.Payment, ID: fmt.Sprint(r.IntN(50)) + text(r)},
		Number: text(r), Note: text(r), Method: pick(r, "sbp", "Card", ""),
		Status:  pick(r, providers.Status{Code: "new", Label: "Новый", Phase: providers.PhaseNew}, providers.Status{Code: "paid", Phase: providers.PhaseDone}, providers.Status{}),
		Amount:  amount(r),
		Created: moment(r), Updated: moment(r), Deadline: moment(r),
		Party: providers.Party{ID: pick(r, "", "7"), Name: text(r), Phone: pick(r, "", "+79991234567"), Email: text(r), Card: pick(r, "", "•• 4444")},
	}
	if r.IntN(2) == 0 {
		rec.Remaining = amount(r)
	}
	if r.IntN(3) == 0 {
		rec.Flags = []string{pick(r, "test", "Stop list"), text(r)}
	}
	if r.IntN(3) == 0 {
		rec.Links = []providers.Link{{Rel: "x", Ref: providers.Ref{Account: "shop", Kind: pick(r, providers.Refund, providers.Receipt), ID: "1"}}}
	}
	return rec
}

// filters are made of every field, and of words with a bit of everything.
func filterText(r *rand.Rand) string {
	var terms []string
	for range 1 + r.IntN(3) {
		terms = append(terms, pick(r, "", "-")+pick(
			r, "ромашка", "елка", "ёж", "й", "10", "1234,5", `"1 000"`, `"1 234.5"`, "acme", "日", "rub", "нов", "test", "a", "\u200d", "4444", `"`+strings.ReplaceAll(text(r), `"`, "")+`"`,
			"status:new", "phase:done", "amount>100", "amount:5..2000", "amount<-1", "remaining>0", "currency:rub", "currency:?", "created:yesterday", "updated:3d", "deadline<2d", "created>2026-11-20",
			"account:shop", "account:x*", "method:card", "card:4444", "party:ром", "id:1*", "number:*а", "note:1", "flag:test", "kind:payment", "kind:refund", "has:refund", "has:receipt", "has:note", "has:deadline", "has:remaining", "has:party", "has:phone",
		))
	}
	return strings.Join(terms, " ")
}

func blockOf(dict *Dictionary, recs []providers.Record) *Block {
	w := NewBuilder(dict, len(recs))
	for i := range recs {
		w.Add(&recs[i])
	}
	return w.Block()
}

// linked stands for links from other records.
func linked(id string, kind providers.Kind) bool {
	return kind == providers.Refund && strings.HasPrefix(id, "1")
}

func kindsOf(ref providers.Ref) []providers.Kind {
	if linked(ref.ID, providers.Refund) {
		return []providers.Kind{providers.Refund}
	}
	return nil
}

// compare holds a search in a block against the plain filter.
func compare(t *testing.T, b *Block, recs []providers.Record, text string) {
	t.Helper()
	f, err := filter.Parse(text, now)
	if err != nil {
		return
	}
	var want []uint32
	for i := range recs {
		if f.Match(&recs[i], kindsOf) {
			want = append(want, uint32(1000+i))
		}
	}
	if got := NewSearcher(f).Rows(nil, 1000, b, linked); !slices.Equal(got, want) {
		t.Fatalf("%q finds %v, not %v\n%+v", text, got, want, recs)
	}
}

func TestABlockFindsWhatThePlainFilterFinds(t *testing.T) {
	var dict Dictionary
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		recs := make([]providers.Record, r.IntN(150))
		for i := range recs {
			recs[i] = record(r)
		}
		b := blockOf(&dict, recs)
		for range 30 {
			compare(t, b, recs, filterText(r))
		}
	}
}

func FuzzSearch(f *testing.F) {
	f.Add(uint64(1), "ромашка -10 amount>5", "Ромашка\x1f10")
	f.Add(uint64(2), `"1 234.5"`, "1234.50")
	f.Add(uint64(3), "й \x1f", "и\u0306\n")
	f.Fuzz(func(t *testing.T, seed uint64, text, note string) {
		r := rand.New(rand.NewPCG(seed, 2))
		recs := make([]providers.Record, 1+r.IntN(20))
		for i := range recs {
			recs[i] = record(r)
		}
		recs[r.IntN(len(recs))].Note = note
		recs[r.IntN(len(recs))].Party.Name = note
		compare(t, blockOf(new(Dictionary), recs), recs, text)
	})
}

func TestABlockGivesBackWhatItTook(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	recs := make([]providers.Record, 500)
	for i := range recs {
		recs[i] = record(r)
	}
	check := func(b *Block, recs []providers.Record) {
		t.Helper()
		if b.Len() != len(recs) {
			t.Fatal(b.Len())
		}
		for i, rec := range recs {
			if b.ID(i) != rec.Ref.ID || !Time(b.Created(i)).Equal(rec.Created) || !Time(b.Clock(i, filter.Deadline)).Equal(rec.Deadline) {
				t.Fatalf("%d: %q %v", i, b.ID(i), Time(b.Created(i)))
			}
			if string(b.Text(i, filter.Note)) != filter.Fold(rec.Note) || string(b.Traits(i).Code) != rec.Status.Code {
				t.Fatalf("%d: %q", i, b.Text(i, filter.Note))
			}
			for which, m := range map[filter.Sum]providers.Money{filter.Amount: rec.Amount, filter.Remaining: rec.Remaining} {
				if d, some := b.Amount(i, which); some == m.IsNone() || some && !d.Equal(m.Decimal) {
					t.Fatalf("%d: %v %v, not %v", i, d, some, m)
				}
			}
		}
	}
	var dict Dictionary
	b := blockOf(&dict, recs)
	check(b, recs)
	// A copy with a piece replaced, taken from another block, and one left out.
	other := blockOf(new(Dictionary), recs[100:200])
	w := NewBuilder(&dict, 10)
	w.Copy(b, 0, 50)
	w.Add(&recs[499])
	w.Copy(other, 0, 100)
	w.Copy(b, 200, 200)
	w.Copy(b, 300, 500)
	check(w.Block(), slices.Concat(recs[:50], recs[499:], recs[100:200], recs[300:]))
}

func TestFindFollowsTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	recs := make([]providers.Record, 400)
	for i := range recs {
		recs[i] = record(r)
		recs[i].Ref.ID = fmt.Sprint(pick(r, "", "x"), i)
	}
	slices.SortFunc(recs, func(a, b providers.Record) int { return Order(Key(a.Created), a.Ref.ID, Key(b.Created), b.Ref.ID) })
	b := blockOf(new(Dictionary), recs)
	for i, rec := range recs {
		if j, ok := b.Find(Key(rec.Created), rec.Ref.ID); !ok || j != i {
			t.Fatalf("%q is found at %d, not %d", rec.Ref.ID, j, i)
		}
	}
	if _, ok := b.Find(Key(now), "nobody"); ok {
		t.Error("nobody is found")
	}
}

func TestASearchCostsNoMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	recs := make([]providers.Record, 500)
	for i := range recs {
		recs[i] = record(r)
		recs[i].Amount = providers.MustMoney(strconv.Itoa(i)+pick(r, "", ".5", ".55"), "RUB")
	}
	b := blockOf(new(Dictionary), recs)
	for _, text := range []string{"ромашка", "1234,5", `amount>100 status:new party:"ром" created:week -flag:test has:refund id:1*`} {
		f, err := filter.Parse(text, now)
		if err != nil {
			t.Fatal(err)
		}
		s, into := NewSearcher(f), make([]uint32, 0, len(recs))
		s.Rows(into, 0, b, linked)
		if n := testing.AllocsPerRun(20, func() { s.Rows(into[:0], 0, b, linked) }); n > 3 {
			t.Errorf("%q: %v allocations for %d records", text, n, len(recs))
		}
	}
}

// alike compares two blocks by everything that can be asked of them.
func alike(t *testing.T, got, want *Block) {
	t.Helper()
	if got.Len() != want.Len() {
		t.Fatalf("%d records, not %d", got.Len(), want.Len())
	}
	for i := range want.Len() {
		for k := range filter.Texts {
			if string(got.Text(i, k)) != string(want.Text(i, k)) {
				t.Fatalf("record %d: text %d is %q, not %q", i, k, got.Text(i, k), want.Text(i, k))
			}
		}
		for c := range filter.Deadline + 1 {
			if got.Clock(i, c) != want.Clock(i, c) {
				t.Fatalf("record %d: a time differs", i)
			}
		}
		for k := range filter.Remaining + 1 {
			a, x := got.Amount(i, k)
			b, y := want.Amount(i, k)
			if x != y || !a.Equal(b) {
				t.Fatalf("record %d: amount %v %v, not %v %v", i, a, x, b, y)
			}
		}
		if got.ID(i) != want.ID(i) || !reflect.DeepEqual(got.Traits(i), want.Traits(i)) {
			t.Fatalf("record %d: %q %+v, not %q %+v", i, got.ID(i), got.Traits(i), want.ID(i), want.Traits(i))
		}
	}
}

func TestABlockIsReadBack(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 11))
		recs := make([]providers.Record, r.IntN(80))
		for i := range recs {
			recs[i] = record(r)
		}
		b := blockOf(new(Dictionary), recs)
		form := b.Append(nil)
		got, err := Read(form, "shop", providers.Payment, new(Dictionary))
		if err != nil {
			t.Fatal(err)
		}
		alike(t, got, b)
		for n := range form {
			if _, err := Read(form[:n], "shop", providers.Payment, new(Dictionary)); err == nil {
				t.Fatalf("a form cut at %d of %d reads", n, len(form))
			}
		}
	}
}

// FuzzRead: whatever reads can be asked everything, and is written as it was
// read.
func FuzzRead(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 12))
	for n := range 4 {
		recs := make([]providers.Record, n*3)
		for i := range recs {
			recs[i] = record(r)
		}
		f.Add(blockOf(new(Dictionary), recs).Append(nil))
	}
	f.Fuzz(func(t *testing.T, form []byte) {
		b, err := Read(form, "shop", providers.Payment, new(Dictionary))
		if err != nil {
			return
		}
		again, err := Read(b.Append(nil), "shop", providers.Payment, new(Dictionary))
		if err != nil {
			t.Fatal(err)
		}
		alike(t, again, b)
		flt, err := filter.Parse("a 1 status:new amount>1 has:refund", now)
		if err != nil {
			t.Fatal(err)
		}
		NewSearcher(flt).Rows(nil, 0, b, linked)
	})
}
