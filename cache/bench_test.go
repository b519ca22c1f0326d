package cache

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"bursar/providers"
)

// benchRows is how many records the benchmarks hold; BURSAR_BENCH_ROWS sets
// another number.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("BURSAR_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

var parties = [...]string{"ООО Ромашка", "Иванов Иван", "ИП Ёжиков", "Acme GmbH", "ЗАО Лютик"}

func benchRecord(i int) providers.Record {
	r := providers.Record{
		Ref:     providers.Ref{Account: "shop", Kind: providers.Payment, ID: strconv.Itoa(100_000_000 + i)},
		Number:  "A-" + strconv.Itoa(i),
		Status:  providers.Status{Code: "succeeded", Label: "Успешно", Phase: providers.PhaseDone},
		Amount:  providers.MustMoney(strconv.Itoa(i%5000)+".50", "RUB"),
		Created: noon.Add(-time.Duration(i) * time.Minute),
		Party:   providers.Party{ID: strconv.Itoa(i % 977), Name: parties[i%len(parties)], Card: "•• 4444"},
		Method:  "bank_card",
		Note:    "Оплата услуг хостинга",
		Raw:     []byte(`{"id":"` + strconv.Itoa(i) + `","status":"succeeded","paid":true,"description":"Оплата услуг хостинга","metadata":{"order":"` + strconv.Itoa(i*7) + `"}}`),
	}
	r.Updated = r.Created.Add(time.Minute)
	return r
}

func benchStore(b *testing.B, o Options) *Store {
	b.Helper()
	s := open(b, o)
	page := make([]providers.Record, 0, 1000)
	for i := range benchRows() {
		if page = append(page, benchRecord(i)); len(page) == cap(page) {
			put(b, s, noon, page...)
			page = page[:0]
		}
	}
	put(b, s, noon, page...)
	return s
}

// BenchmarkFirstRows opens a store and reads what fits a screen.
func BenchmarkFirstRows(b *testing.B) {
	dir := b.TempDir()
	_ = benchStore(b, Options{Dir: dir, Key: key}).Close()
	b.ResetTimer()
	var opening time.Duration
	for range b.N {
		began := time.Now()
		s := open(b, Options{Dir: dir, Key: key})
		opening += time.Since(began)
		if rows, err := list(b, s, ListQuery{}).Read(0, 50); err != nil || len(rows) != 50 {
			b.Fatal(len(rows), err)
		}
		b.StopTimer()
		_ = s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(opening.Microseconds())/1000/float64(b.N), "open-ms/op")
}

// BenchmarkWarm reads the columns of a whole list: cache to filterable.
func BenchmarkWarm(b *testing.B) {
	dir := b.TempDir()
	_ = benchStore(b, Options{Dir: dir, Key: key}).Close()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		s := open(b, Options{Dir: dir, Key: key})
		b.StartTimer()
		if err := s.Warm(context.Background(), ListQuery{Kind: providers.Payment}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		_ = s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows()), "ns/row")
}

// BenchmarkList makes lists whose columns are in memory.
func BenchmarkList(b *testing.B) {
	s := benchStore(b, Options{Dir: b.TempDir(), Key: key})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if err := s.Warm(context.Background(), ListQuery{Kind: providers.Payment}); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	perRow := float64(after.HeapAlloc-before.HeapAlloc) / float64(benchRows())
	for _, c := range []struct {
		name string
		q    ListQuery
	}{
		{"all", ListQuery{}},
		{"oldest", ListQuery{Ascending: true}},
		{"word", ListQuery{Filter: parse(b, "ёжик")}},
		{"none", ListQuery{Filter: parse(b, "нетничего")}},
		{"number", ListQuery{Filter: parse(b, "4999.5")}},
		{"common", ListQuery{Filter: parse(b, "бан")}},
		{"status", ListQuery{Filter: parse(b, "status:succeeded")}},
		{"amount", ListQuery{Filter: parse(b, "amount>2500")}},
		{"dates", ListQuery{Filter: parse(b, "created:month")}},
		{"by amount", ListQuery{Sort: Amount}},
		{"by party", ListQuery{Sort: Party}},
		{"by status", ListQuery{Sort: Status}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				list(b, s, c.q)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows()), "ns/row")
			b.ReportMetric(perRow, "B/row-held")
		})
	}
}

// BenchmarkRead reads what a window of a list holds, from places far apart.
func BenchmarkRead(b *testing.B) {
	s := benchStore(b, Options{Dir: b.TempDir(), Key: key})
	for name, q := range map[string]ListQuery{"all": {}, "filtered": {Filter: parse(b, "ромашка")}, "sorted": {Sort: Amount}} {
		snap := list(b, s, q)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + 7919) % max(snap.Len()-200, 1) {
				if _, err := snap.Read(i, i+200); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPut(b *testing.B) {
	for _, same := range []bool{false, true} {
		b.Run(fmt.Sprintf("unchanged=%v", same), func(b *testing.B) {
			s := open(b, Options{Dir: b.TempDir(), Key: key})
			page := make([]providers.Record, 100)
			for i := range page {
				page[i] = benchRecord(i)
			}
			put(b, s, noon, page...)
			n := 0
			for b.Loop() {
				if n++; !same {
					for i := range page {
						page[i].Note = strconv.Itoa(n)
					}
				}
				put(b, s, noon.Add(time.Duration(n)), page...)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(page)), "ns/record")
		})
	}
}

// BenchmarkSummary encodes and decodes the row of a list.
func BenchmarkSummary(b *testing.B) {
	rec := clean(benchRecord(4711))
	row := appendSummary(nil, &rec, noon)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for out := []byte(nil); b.Loop(); {
			out = appendSummary(out[:0], &rec, noon)
		}
		b.ReportMetric(float64(len(row)), "B/row")
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeSummary(inPlace(row), segOf(rec.Ref), &rec); err != nil {
				b.Fatal(err)
			}
		}
	})
}
