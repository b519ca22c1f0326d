package tui_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bursar/cache"
	"bursar/providers"
	"bursar/tui/tuitest"
)

// nasty are texts that no payment system should send and one will.
var nasty = append([]string{
	"evil\x1b[31mred\x1b]52;c;QQ==\x07\x1b[2J\x1b[?1049l", "c1 \u009b31m \u0090q\u009c", "nul \x00 bell \x07 del \x7f", "two\nlines\r\nand\ttabs\v\f", "unit\x1fsep\x1erec\x1d", "ромашка\x1fsbp\nevil\x1f",
	"\u2028line\u2029para", "zero\u200bwidth\u200d\u200cjoiners\ufeff\u2060", "\u202eevil\u202c\u2066iso\u2069", "שלום evil 123.45", "مرحبا ﷺ ٣٤", "\xed\xa0\x80 surrogate \xc0\x80 overlong \xf4\x90\x80\x80",
	"private \ue000\U000f0000 \ufffe", "a" + strings.Repeat("\u0301", 300), "=cmd|' /C calc'!A0", "'; DROP TABLE payments; --", "</script><b>&amp;", "%s%n%x ${HOME} $(id)", "../../../etc/passwd", `"quoted, \"cell`, "a;b;c",
	"Е\u0308лка й и\u0306 Ё ё", "İıſẞß ǅ", strings.Repeat("очень длинно ", 400), "１２３ ４５６", "  lead and trail  ", "-1", "4111 1111 1111 1111", "\u00a0\u3000\u2003blanks",
}, people...)

// hostileAmounts are as long as a client takes them.
var hostileAmounts = []string{
	strings.Repeat("9", 40), "-" + strings.Repeat("9", 39), "0." + strings.Repeat("0", 37) + "1", "1234567890123456789012345678901234567.89", "0", "-0.00", "9223372036854775807", "9223372036854775808.00", "0.005",
}

// hostileTimes are dates that no payment has.
var hostileTimes = []time.Time{
	{},
	time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), time.Date(2262, 4, 12, 0, 0, 0, 0, time.UTC),
	time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("odd", 12345)), time.Unix(0, 0), time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC),
}

// megabytes is a note of 2 MB.
var megabytes = strings.Repeat("2MB заметка с \x1b[31m и переводом строки\n", 40_000)

// hostileRecords makes n rows of two accounts; one in fifty is hostile, with the
// word evilrow in its note.
func hostileRecords(n int) []providers.Record {
	r := rand.New(rand.NewPCG(7, 9))
	statuses := []providers.Status{tuitest.New, tuitest.Done, tuitest.Failed, tuitest.Waiting}
	out := make([]providers.Record, 0, n)
	for i := range n {
		at := tuitest.Clock.Add(-time.Duration(i/3) * time.Minute) // three of a moment
		rec := providers.Record{
			Ref: tuitest.Ref([]string{"hosting", "shop"}[i%2], providers.Payment, fmt.Sprint(500_000-i)), Number: fmt.Sprint(i * 7919 % 100_000), Status: statuses[i%4],
			Amount: providers.MustMoney(fmt.Sprintf("%d.%02d", i*31%10_000, i%100), []string{"RUB", "EUR", ""}[i%3]), Created: at, Updated: at.Add(time.Duration(i%7) * time.Hour),
			Party: providers.Party{Name: people[i%4], ID: fmt.Sprint(i % 900)}, Method: []string{"sbp", "bank card", ""}[i%3], Note: "оплата за хостинг",
		}
		if i%50 == 17 {
			spoil(&rec, r, i)
		}
		out = append(out, rec)
	}
	return out
}

func spoil(rec *providers.Record, r *rand.Rand, i int) {
	text := func() string { return nasty[r.IntN(len(nasty))] }
	at := func() time.Time { return hostileTimes[r.IntN(len(hostileTimes))] }
	sum := func() providers.Money {
		return providers.MustMoney(hostileAmounts[r.IntN(len(hostileAmounts))], []string{"RUB", "EUR", "", "?", "X\x1b[31mX\u009b", "RUB"}[r.IntN(6)])
	}
	id := text()
	rec.Ref.ID += id[:min(100, len(id))]
	rec.Number, rec.Method, rec.Note = text(), text(), "evilrow "+text()
	rec.Status.Code, rec.Status.Label, rec.Status.Phase = text(), text(), providers.Phase(r.IntN(12))
	rec.Party = providers.Party{ID: text(), Name: text(), Phone: text(), Email: text(), Card: text()}
	rec.Amount, rec.Remaining, rec.Flags = sum(), sum(), []string{text(), text()}
	rec.Links = []providers.Link{{Rel: text(), Ref: tuitest.Ref("shop", providers.Payment, text())}}
	rec.Details = []providers.Group{{Title: text(), Rows: []providers.Row{{Label: text(), Value: text(), Time: at()}, {Label: text(), Value: text()}}}}
	rec.Raw = []byte(`{"a":"\u001b[31m\u202e","b":[1e400,{"c":null}]}`)
	if rec.Deadline = at(); r.IntN(3) == 0 {
		rec.Created, rec.Updated = at(), at()
	}
	if i%1000 == 17 {
		rec.Note = "evilrow " + megabytes
	}
}

// hostileDesk is a desk whose store holds such rows, some of them twice, beside
// some that cannot be held.
func hostileDesk(t *testing.T, n int) *tuitest.Desk {
	t.Helper()
	d := tuitest.NewDesk(t, tuitest.Options{Empty: true})
	recs := hostileRecords(n)
	recs = append(recs, recs[17], recs[18], providers.Record{Ref: tuitest.Ref("shop", providers.Payment, "")})
	twin := recs[17]
	twin.Ref.Account = "hosting"
	changed, err := d.Store.Put(tuitest.Clock, append(recs, twin)...)
	if left, ok := err.(*cache.LeftOutError); !ok || left.Count != 1 || changed < n {
		t.Fatalf("%d of %d were kept: %v", changed, n, err)
	}
	return d
}
