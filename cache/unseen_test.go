package cache

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"bursar/providers"
)

func unseen(t *testing.T, s *Store, before time.Time) (ids []string) {
	t.Helper()
	if err := s.Unseen(t.Context(), "shop", providers.Payment, before, func(id string) bool { ids = append(ids, id); return true }); err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestUnseenAreThoseThatWereLastReadBefore(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Key: key})
	if ids := unseen(t, s, noon); len(ids) != 0 {
		t.Error("an empty store has", ids)
	}
	var early, late []providers.Record
	for i := range 2*unseenStretch + 3 { // some stretches, and one that is not full
		r := payment("shop", strconv.Itoa(100_000+i), noon)
		if i%3 == 0 {
			late = append(late, r)
		} else {
			early = append(early, r)
		}
	}
	put(t, s, noon, early...)
	put(t, s, noon.Add(time.Minute), late...)
	put(t, s, noon, payment("other", "1", noon))
	var want []string
	for _, r := range early {
		want = append(want, r.Ref.ID)
	}
	if got := unseen(t, s, noon.Add(time.Minute)); !slices.Equal(got, want) {
		t.Errorf("%d are unseen, want %d", len(got), len(want))
	}
	if got := unseen(t, s, noon); len(got) != 0 {
		t.Errorf("%d are unseen before the first was read", len(got))
	}
	if got := unseen(t, s, noon.Add(time.Hour)); len(got) != len(early)+len(late) {
		t.Errorf("%d are unseen, want all", len(got))
	}
	n := 0
	err := s.Unseen(t.Context(), "shop", providers.Payment, noon.Add(time.Hour), func(string) bool { n++; return n < 5 })
	if err != nil || n != 5 {
		t.Errorf("it went on to %d, %v", n, err)
	}
}

func TestUnseenEndsWithItsContext(t *testing.T) {
	s := open(t, Options{})
	put(t, s, noon, payment("shop", "1", noon))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Unseen(ctx, "shop", providers.Payment, noon.Add(1), func(string) bool { t.Error("went on"); return true }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
