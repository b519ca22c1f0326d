package world

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

func newWorld(payments int) *World {
	return New(Options{Seed: 1, Payments: payments, Clock: NewClock(func() time.Time { return noon })})
}

func TestDealsRiseInTimeAndFillYesterday(t *testing.T) {
	for _, payments := range []int{0, 13, 50_000} {
		w := newWorld(payments)
		yesterday, today := 0, 0
		for row := range w.Deals() {
			at := w.Deal(row).Time
			if row > 0 && at.Before(w.deals.time(row-1)) {
				t.Fatalf("%d payments: deal %d is older than the one before", payments, row)
			}
			if at.After(noon) {
				t.Fatalf("%d payments: deal %d lies in the future: %v", payments, row, at)
			}
			switch at.Format(time.DateOnly) {
			case "2026-11-21":
				yesterday++
			case "2026-11-22":
				today++
			}
		}
		if yesterday == 0 {
			t.Errorf("%d payments: yesterday is empty", payments)
		}
		if payments == 0 && today == 0 {
			t.Error("today is empty at noon")
		}
	}
}

func TestWorldHasTheAskedSizes(t *testing.T) {
	w := newWorld(0)
	if n := w.Hosting().Len() + w.Shop().Len() + w.Cloud().Len(); n < 2000 {
		t.Errorf("%d payments, want 2000 or more", n)
	}
	if n := w.Payouts().Len(); n < 600 {
		t.Errorf("%d payouts, want 600 or more", n)
	}
	if n := w.Contractors(); n < 150 {
		t.Errorf("%d contractors, want 150 or more", n)
	}
}

func TestTraceRowsAndDealsAgree(t *testing.T) {
	w := newWorld(1000)
	for name, tr := range map[string]Trace{"hosting": w.Hosting(), "shop": w.Shop(), "cloud": w.Cloud(), "payouts": w.Payouts()} {
		for row := range tr.Len() {
			deal := tr.Deal(row)
			if deal >= w.Deals() {
				t.Fatalf("%s row %d: deal %d of %d", name, row, deal, w.Deals())
			}
			if back, ok := tr.Row(deal); !ok || back != row {
				t.Fatalf("%s row %d: deal %d leads back to %d, %v", name, row, deal, back, ok)
			}
		}
	}
}

func TestSameSeedSameWorld(t *testing.T) {
	a, b := newWorld(500), newWorld(500)
	for row := range a.Deals() {
		if a.Deal(row).Amount.String() != b.Deal(row).Amount.String() || a.Deal(row).Client != b.Deal(row).Client {
			t.Fatalf("deal %d differs between two worlds of one seed", row)
		}
	}
}

func TestUUIDCarriesItsRow(t *testing.T) {
	for _, row := range []int{0, 1, 999_999, 1 << 40} {
		id := UUID(7, "payment", row)
		if got, ok := SeqOfUUID(7, "payment", id); !ok || got != row || len(id) != 36 {
			t.Errorf("row %d: id %s leads to %d, %v", row, id, got, ok)
		}
		if _, ok := SeqOfUUID(7, "refund", id); ok {
			t.Errorf("row %d: a payment's id passes for a refund's", row)
		}
	}
	if _, ok := SeqOfUUID(7, "payment", "22e12f66-000f-5000-8000-18db351245c7"); ok {
		t.Error("a foreign id passes")
	}
}

func TestTableKeepsChanges(t *testing.T) {
	tab := NewTable(3, func(row int) int { return row * 10 })
	tab.Set(1, 99)
	if added := tab.Add(7); added != 3 || tab.Len() != 4 {
		t.Errorf("added row %d of %d", added, tab.Len())
	}
	tab.Set(3, 8)
	for row, want := range []int{0, 99, 20, 8} {
		if got := tab.At(row); got != want {
			t.Errorf("row %d is %d, want %d", row, got, want)
		}
	}
}
