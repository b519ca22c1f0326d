package world

import (
	"time"
)

// Options sizes a world.
type Options struct {
	Seed     uint64
	Payments int // payments of all systems together, about; 0: DefaultPayments
	Clock    *Clock
}

// DefaultPayments gives 2,600 payments, 800 payouts and 160 contractors.
const DefaultPayments = 2600

// World hands out deals and people.
type World struct {
	Seed  uint64
	Clock *Clock
	deals stream
}

// cycle is the pattern that deals follow, ten at a time. Which systems a deal
// leaves traces in depends on its place alone, so that a system's row number
// and the deal's number are computed from one another.
const cycle = 10

var (
	hostingPlaces = []int{0, 1, 3, 5, 6, 8} // a hosting payment
	shopPlaces    = []int{0, 2, 3, 6, 7, 9} // a gateway payment; 0, 3, 6 pay a hosting payment
	cloudPlaces   = []int{4}                // a cloud marketplace payment
	payoutPlaces  = []int{2, 4, 7, 9}       // a payout; 2, 7, 9 to the seller of a gateway sale
)

const paymentsPerCycle = 13

// New makes the world as it is at the clock's present. Yesterday and the days
// before hold the asked number of payments; today's arrive with its hours.
func New(o Options) *World {
	if o.Payments <= 0 {
		o.Payments = DefaultPayments
	}
	n := (o.Payments + paymentsPerCycle - 1) / paymentsPerCycle * cycle
	return &World{Seed: o.Seed, Clock: o.Clock, deals: newStream(o.Seed, n, o.Clock.Now())}
}

// Deals is how many deals there are.
func (w *World) Deals() int { return w.deals.len() }

// Trace is one system's view of the deals: which rows it has.
type Trace struct {
	places []int
	deals  int
}

// Hosting lists the deals with a hosting payment.
func (w *World) Hosting() Trace { return Trace{hostingPlaces, w.Deals()} }

// Shop lists the deals with a gateway payment.
func (w *World) Shop() Trace { return Trace{shopPlaces, w.Deals()} }

// Cloud lists the deals with a cloud payment.
func (w *World) Cloud() Trace { return Trace{cloudPlaces, w.Deals()} }

// Payouts lists the deals with a payout.
func (w *World) Payouts() Trace { return Trace{payoutPlaces, w.Deals()} }

// Len is how many rows the system has. Row 0 is the oldest.
func (t Trace) Len() int {
	n := t.deals / cycle * len(t.places)
	for _, p := range t.places {
		if p < t.deals%cycle {
			n++
		}
	}
	return n
}

// Deal is the number of the row's deal.
func (t Trace) Deal(row int) int {
	return row/len(t.places)*cycle + t.places[row%len(t.places)]
}

// Row is the number of the deal's row in this system, false when the deal left
// no trace here.
func (t Trace) Row(deal int) (int, bool) {
	if deal < 0 || deal >= t.deals {
		return 0, false
	}
	for i, p := range t.places {
		if p == deal%cycle {
			return deal/cycle*len(t.places) + i, true
		}
	}
	return 0, false
}

// stream spreads rows over days: n rows up to and with yesterday, then today's
// so far. Times rise with the row number.
type stream struct {
	seed   uint64
	n      int
	perDay int
	today  int
	anchor time.Time // the first moment of today
}

// maxDays bounds how far back a world reaches: the systems keep three years.
const maxDays = 1000

func newStream(seed uint64, n int, now time.Time) stream {
	year, month, day := now.Date()
	s := stream{seed: seed, n: n, anchor: time.Date(year, month, day, 0, 0, 0, 0, now.Location())}
	days := min(max(20, n/100), maxDays)
	s.perDay = max(1, (n+days-1)/days)
	for s.today < s.perDay && !s.time(n+s.today).After(now) {
		s.today++
	}
	return s
}

func (s stream) len() int { return s.n + s.today }

// time places the row within its day: an even grid from 07:00 to 23:00, each
// row moved within its own cell so that the order holds.
func (s stream) time(row int) time.Time {
	back := s.n - 1 - row // 0 is yesterday's last
	day, place := 1+back/s.perDay, s.perDay-1-back%s.perDay
	if back < 0 {
		day, place = 0, -back-1
	}
	cell := 16 * time.Hour / time.Duration(s.perDay)
	at := time.Duration(place) * cell
	at += time.Duration(Mix(s.seed, "time", row) % uint64(cell))
	return s.anchor.AddDate(0, 0, -day).Add(7*time.Hour + at).Truncate(time.Millisecond)
}
