package tui

import (
	"context"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"bursar/cache"
	"bursar/providers"
)

// A sync or a batch changes record after record; the screen looks at most ten
// times a second, and sees every account and kind that changed.
func TestManyChangesAreFewMessages(t *testing.T) {
	store, err := cache.Open(cache.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	f := newFeed(store)
	defer f.stop()
	const changes, pace = 10_000, 100 * time.Microsecond
	kinds := []providers.Kind{providers.Payment, providers.Refund}
	var now time.Duration
	told := 0
	pass := func(d time.Duration) {
		for now += d; told < changes && time.Duration(told+1)*pace <= now; told++ {
			f.put(cache.Change{Account: "a", Kind: kinds[told%2]})
		}
	}
	tick := func(d time.Duration, _ tea.Msg) tea.Cmd {
		pass(d)
		return nil
	}
	messages := 0
	for told < changes || len(f.ready) > 0 {
		if len(f.ready) == 0 {
			pass(pace)
		}
		seen := len(f.wait(context.Background(), store, tick)().(storeChanged).changes)
		messages++
		if seen == 0 {
			t.Fatal("a message without a change")
		}
	}
	if most := int(now/feedInterval) + 2; messages > most || float64(messages) > 60*(now.Seconds()+1) {
		t.Errorf("%d messages in %v, want at most %d", messages, now, most)
	}
	if left := f.take(); len(left) != 0 {
		t.Errorf("%v was never told", left)
	}
}
