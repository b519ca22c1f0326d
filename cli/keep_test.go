package cli

import (
	"fmt"
	"testing"
	"time"

	"bursar/cache"
	"bursar/providers"
)

func keptRecord(id int, status string) providers.Record {
	return providers.Record{
		Ref: providers.Ref{Account: "a", Kind: providers.Payment, ID: fmt.Sprint(id)}, Status: providers.Status{Code: status},
	}
}

// What a batch reads reaches the cache in few commits, in its order, and all of
// it before the cache is closed.
func TestWhatABatchReadsIsKeptTogether(t *testing.T) {
	store, err := cache.Open(cache.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	told := 0
	defer store.Subscribe(func(cache.Change) { told++ })()
	k := newKeeper(store, time.Now)
	const records = 500
	for _, status := range []string{"new", "credited"} {
		for id := range records {
			k.keep(keptRecord(id, status))
		}
	}
	k.keep(keptRecord(0, "refunded"))
	k.drop(keptRecord(1, "").Ref)
	k.keep(keptRecord(2, "deleted"))
	k.drop(keptRecord(3, "").Ref)
	k.keep(keptRecord(3, "back"))
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int]string{0: "refunded", 1: "", 2: "deleted", 3: "back", 4: "credited", records - 1: "credited"} {
		rec, _, err := store.Get(keptRecord(id, "").Ref)
		if rec.Status.Code != want || (err != nil) != (want == "") {
			t.Errorf("%d is %q, want %q: %v", id, rec.Status.Code, want, err)
		}
	}
	if told > records/5 {
		t.Errorf("%d commits of %d readings", told, 2*records)
	}
}
