package sync

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"bursar/cache"
	"bursar/providers"
)

// long is a system with a long list, newest first, that counts what it is asked.
type long struct {
	*fake
	rows  []providers.Record
	asked int // pages
	gave  int // rows
}

func newLong(n int, now time.Time) *long {
	l := &long{fake: newFake("shop", providers.Payment)}
	for i := range n {
		l.rows = append(l.rows, rec("shop", n-i, now.Add(-time.Duration(i)*time.Second)))
	}
	return l
}

func (l *long) List(_ context.Context, q providers.Query) (providers.Page, error) {
	from, _ := strconv.Atoi(q.Cursor)
	to := min(from+q.Limit, len(l.rows))
	l.asked++
	l.gave += to - from
	page := providers.Page{Records: slices.Clone(l.rows[from:to]), Total: len(l.rows)}
	if to < len(l.rows) {
		page.Next = strconv.Itoa(to)
	}
	return page, nil
}

func (l *long) Get(_ context.Context, ref providers.Ref) (providers.Record, error) {
	return providers.Record{}, fmt.Errorf("%s was asked for", ref)
}

// TestASyncCostsWhatChanged counts the pages that are asked for, the rows that
// are written, and those of them that changed, in a list of 100,000.
func TestASyncCostsWhatChanged(t *testing.T) {
	const n, changes, page = 100_000, 1_000, 100
	if testing.Short() {
		t.Skip("a long list")
	}
	synctest.Test(t, func(t *testing.T) {
		s := store(t)
		l := newLong(n, time.Now())
		m := New(Options{Store: s, Providers: []providers.Provider{l}, PageSize: page, Overlap: time.Minute})
		defer m.Close()
		count := func(what string, most, changed int) {
			t.Helper()
			_, from, _ := s.Since(cache.Moment{})
			l.asked, l.gave = 0, 0
			time.Sleep(time.Minute)
			once(t, m)
			refs, _, all := s.Since(from)
			if l.asked > most || l.gave > most*page {
				t.Errorf("%s: %d pages and %d rows, not more than %d pages were due", what, l.asked, l.gave, most)
			}
			if all && changed <= changes || !all && len(refs) != changed {
				t.Errorf("%s: %d rows changed (too many to tell: %v), want %d", what, len(refs), all, changed)
			}
		}
		count("the first", n/page, n)
		count("nothing new", 2, 0)

		time.Sleep(changes * time.Second)
		fresh := make([]providers.Record, changes)
		for i := range fresh {
			fresh[i] = rec("shop", n+changes-i, time.Now().Add(-time.Duration(i)*time.Second))
		}
		l.rows = append(fresh, l.rows...)
		count("a thousand at the top", changes/page+2, changes)

		for i := range changes { // a row of each page but the first three
			l.rows[3*page+i*page].Note = "changed"
		}
		count("a thousand in the whole list, before a sweep", 2, 0)
		m.opt.Sweep = time.Minute // it is due
		count("the same, at the sweep", len(l.rows)/page, changes)
		if got := s.State("shop", providers.Payment).Count; got != n+changes {
			t.Error("rows", got)
		}
	})
}
