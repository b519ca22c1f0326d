package cache

import (
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

// BenchmarkCold opens a store and lists it: cache to rows.
func BenchmarkCold(b *testing.B) {
	dir := b.TempDir()
	_ = benchStore(b, Options{Dir: dir, Key: key}).Close()
	b.ResetTimer()
	var opening time.Duration
	for range b.N {
		began := time.Now()
		s := open(b, Options{Dir: dir, Key: key})
		opening += time.Since(began)
		if n := list(b, s, ListQuery{}).Len(); n != benchRows() {
			b.Fatal(n)
		}
		b.StopTimer()
		_ = s.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(opening.Microseconds())/1000/float64(b.N), "open-ms/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows()), "ns/row")
}

// BenchmarkList takes snapshots of what is in memory already.
func BenchmarkList(b *testing.B) {
	dir := b.TempDir()
	s := benchStore(b, Options{Dir: dir, Key: key})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	list(b, s, ListQuery{})
	runtime.GC()
	runtime.ReadMemStats(&after)
	perRow := float64(after.HeapAlloc-before.HeapAlloc) / float64(benchRows())
	for name, q := range map[string]ListQuery{
		"all": {}, "oldest": {Ascending: true}, "word": {Filter: parse(b, "ёжик")}, "none": {Filter: parse(b, "нетничего")},
		"amount": {Filter: parse(b, "amount>2500")}, "dates": {Filter: parse(b, "created:month")}, "by amount": {Sort: Amount}, "by party": {Sort: Party},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				list(b, s, q)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows()), "ns/row")
			b.ReportMetric(perRow, "B/row-held")
		})
	}
}

func BenchmarkAt(b *testing.B) {
	snap := list(b, benchStore(b, Options{}), ListQuery{})
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i = (i + 7919) % snap.Len()
		at(b, snap, i)
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
