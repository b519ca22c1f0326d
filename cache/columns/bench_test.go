package columns

import (
	"fmt"
	"testing"
	"time"

	"bursar/cache/filter"
	"bursar/providers"
)

// payments are as many records as a leaf may hold, as an operator of a large
// hoster has them.
func payments() []providers.Record {
	parties := [...]string{"ООО Ромашка Плюс", "Иванов Иван Петрович", "Ёлкина Зоя Львовна", "Smith Consulting LLC", "ЗАО Северный Ветер"}
	out := make([]providers.Record, 2048)
	for i := range out {
		out[i] = providers.Record{
			Ref:    providers.Ref{Account: "shop", Kind: providers.Payment, ID: fmt.Sprintf("%08x-000f-5000-9000-%012x", uint32(i*2654435761), i)}, //nolint:gosec // scattered on purpose
			Number: fmt.Sprint(800_000 + i), Note: fmt.Sprintf("Заказ %d, Хостинг VPS-%d", i*7, i%9), Method: "bank_card",
			Status:  providers.Status{Code: "succeeded", Label: "Paid", Phase: providers.PhaseDone},
			Amount:  providers.MustMoney(fmt.Sprintf("%d.50", i*37%9000), "RUB"),
			Created: now.Add(-time.Duration(i) * time.Minute), Updated: now, Party: providers.Party{Name: parties[i%len(parties)], Card: "•• 4444"},
		}
	}
	return out
}

func perRow(b *testing.B, rows int) {
	b.ReportAllocs()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
}

func BenchmarkBuild(b *testing.B) {
	recs, dict := payments(), new(Dictionary)
	for b.Loop() {
		blockOf(dict, recs)
	}
	perRow(b, len(recs))
}

func BenchmarkReadBack(b *testing.B) {
	block, dict := blockOf(new(Dictionary), payments()), new(Dictionary)
	form := block.Append(nil)
	for b.Loop() {
		if _, err := Read(form, "shop", providers.Payment, dict); err != nil {
			b.Fatal(err)
		}
	}
	perRow(b, block.Len())
	b.ReportMetric(float64(len(form))/float64(block.Len()), "B/row")
}

func BenchmarkSearch(b *testing.B) {
	block := blockOf(new(Dictionary), payments())
	for _, text := range []string{"ёлкина", "нетничего", "а", "4711", "succeeded", "ёлкина vps-3", "amount>5000", "status:succeeded created:today"} {
		b.Run(text, func(b *testing.B) {
			f, err := filter.Parse(text, now)
			if err != nil {
				b.Fatal(err)
			}
			s, into := NewSearcher(f), make([]uint32, 0, block.Len())
			for b.Loop() {
				into = s.Rows(into[:0], 0, block, nil)
			}
			perRow(b, block.Len())
		})
	}
}
