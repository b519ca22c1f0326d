package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"bursar/cache"
	"bursar/cache/disk"
	"bursar/cache/filter"
	"bursar/cli/bench/meter"
	"bursar/providers"
)

// words are what is looked for: a family name and a company in letters of both
// cases, each in one or two of a hundred rows.
func words() []string { return []string{"кУзНецов", "РОМашка"} }

// searchFigures is what the cache does inside this process.
type searchFigures struct {
	filter     float64           // ms of a search once the columns are loaded
	cold       float64           // ms from opening the store to the first search's end
	open       float64           // ms of opening the store
	openEmpty  float64           // ms of opening one without a row
	hits       int               // rows found by all words
	firstSigns map[string]string // what names the first hit of each beginning of a word
}

// rounds is how often short things are measured.
const rounds = 7

func (b *bench) search(ctx context.Context) (f searchFigures, err error) {
	b.say("searching %s rows inside this process", grouped(b.made.Payments))
	key, err := disk.LoadKey(filepath.Join(b.full().data, "store.key"))
	if err != nil {
		return f, err
	}
	dir := filepath.Join(b.full().data, "cache")
	if f.open, err = opening(dir, key, rounds); err != nil {
		return f, err
	}
	empty, err := os.MkdirTemp(b.dir, "empty")
	if err != nil {
		return f, err
	}
	defer func() { _ = os.RemoveAll(empty) }()
	if _, err = opening(empty, key, 1); err != nil {
		return f, err
	}
	if f.openEmpty, err = opening(empty, key, rounds); err != nil {
		return f, err
	}
	if f.cold, err = b.coldSearch(ctx, dir, key); err != nil {
		return f, err
	}
	store, err := cache.Open(cache.Options{Dir: dir, Key: key})
	if err != nil {
		return f, err
	}
	defer func() { _ = store.Close() }()
	err = b.warmSearch(ctx, store, &f)
	return f, err
}

// opening is the median time of opening a store; closing is not counted.
func opening(dir string, key []byte, n int) (float64, error) {
	var ms []float64
	for range n {
		began := time.Now()
		store, err := cache.Open(cache.Options{Dir: dir, Key: key})
		if err != nil {
			return 0, err
		}
		ms = append(ms, since(began))
		if err := store.Close(); err != nil {
			return 0, err
		}
	}
	return meter.Median(ms), nil
}

func since(t time.Time) float64 { return time.Since(t).Seconds() * 1000 }

// coldSearch opens the store and searches it, as if the program had just been
// started and a word typed.
func (b *bench) coldSearch(ctx context.Context, dir string, key []byte) (float64, error) {
	var ms []float64
	for range 3 {
		runtime.GC()
		began := time.Now()
		store, err := cache.Open(cache.Options{Dir: dir, Key: key})
		if err != nil {
			return 0, err
		}
		_, err = b.find(ctx, store, words()[0])
		ms = append(ms, since(began))
		if closing := store.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return 0, err
		}
	}
	return meter.Median(ms), nil
}

func (b *bench) find(ctx context.Context, store *cache.Store, text string) (*cache.Snapshot, error) {
	f, err := filter.Parse(text, time.Now())
	if err != nil {
		return nil, err
	}
	return store.List(ctx, cache.ListQuery{Kind: providers.Payment, Filter: f})
}

// warmSearch is the mean over the words of the median time of each. The words
// take turns, so that no answer is one of a moment ago.
func (b *bench) warmSearch(ctx context.Context, store *cache.Store, f *searchFigures) error {
	took := map[string][]float64{}
	for round := range rounds + 1 {
		for _, word := range words() {
			began := time.Now()
			snap, err := b.find(ctx, store, word)
			if err != nil {
				return err
			}
			if round == 0 { // loads what it needs
				f.hits += snap.Len()
				continue
			}
			took[word] = append(took[word], since(began))
		}
	}
	for _, word := range words() {
		f.filter += meter.Median(took[word]) / float64(len(words()))
	}
	var err error
	f.firstSigns, err = b.firstSigns(ctx, store)
	return err
}

// firstSigns finds the first hit of each beginning of each word.
func (b *bench) firstSigns(ctx context.Context, store *cache.Store) (map[string]string, error) {
	out := map[string]string{}
	for _, word := range words() {
		for _, typed := range beginnings(word) {
			snap, err := b.find(ctx, store, typed)
			if err != nil {
				return nil, err
			}
			entries, err := snap.Read(0, 1)
			if err != nil {
				return nil, err
			}
			if len(entries) == 0 {
				return nil, fmt.Errorf("no payment has %q", typed)
			}
			out[typed], err = sign([]string{"number", "id"}, []string{entries[0].Number, entries[0].Ref.ID})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// beginnings are к, ку, куз … кузнецов.
func beginnings(word string) []string {
	var out []string
	for i := range word {
		if i > 0 {
			out = append(out, word[:i])
		}
	}
	return append(out, word)
}
