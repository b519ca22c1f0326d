package world

import "github.com/shopspring/decimal"

// State is how far a deal's payment through the shop's gateway has come. The
// systems that know of the payment each show it in their own words.
type State uint8

// The states.
const (
	Pending       State = iota // the payer has not paid yet
	Held                       // the money is held and waits for a capture
	Succeeded                  // the money was taken
	RefundedPart               // taken, a part of it given back
	RefundedWhole              // taken and given back
	Cancelled                  // ended without money
)

var stateNames = [...]string{"pending", "held", "succeeded", "refunded in part", "refunded", "cancelled"}

// String is the state in words.
func (s State) String() string { return stateNames[s] }

// Taken reports whether the money was taken, whatever became of it.
func (s State) Taken() bool { return s == Succeeded || s == RefundedPart || s == RefundedWhole }

// shares are percentages in the order of the states.
type shares [6]uint64

// The shares by age. A gateway keeps a hold for a week, so nothing older is
// pending or held.
var (
	freshShares   = shares{12, 48, 30, 3, 3, 4} // today and yesterday
	weekShares    = shares{2, 55, 30, 3, 4, 6}
	settledShares = shares{0, 0, 84, 3, 4, 9}
)

// holdDays is for how many days money is held before a gateway lets it go.
const holdDays = 6

// GatewayState is the state of the deal's gateway payment. It depends on the
// deal and its age in days, not on the running clock. It means nothing for a
// deal that was not paid through the gateway (PaidByGateway).
func (w *World) GatewayState(deal int) State {
	s := settledShares
	switch age := w.DaysBack(deal); {
	case age <= 1:
		s = freshShares
	case age <= holdDays:
		s = weekShares
	}
	roll := Mix(Mix(w.Seed, "deal", deal), "gateway state", 0) % 100
	for state, share := range s {
		if roll < share {
			return State(state)
		}
		roll -= share
	}
	return Succeeded
}

// GatewayRefunded is what was given back of the deal's gateway payment: zero, a
// part or the whole.
func (w *World) GatewayRefunded(deal int) decimal.Decimal {
	switch w.GatewayState(deal) {
	case RefundedWhole:
		return w.Deal(deal).Amount
	case RefundedPart:
		return w.PartOf(deal)
	default:
		return decimal.Zero
	}
}

// PartOf is a part of the deal's amount, between a tenth and nine tenths, to
// the kopeck: what a partial refund of it gives back.
func (w *World) PartOf(deal int) decimal.Decimal {
	d := w.Deal(deal)
	tenths := decimal.New(int64(Mix(d.Roll, "part", 0)%9)+1, -1)
	return d.Amount.Mul(tenths).Round(2)
}

// PaidByGateway reports whether the deal's hosting payment was, or is to be,
// paid through the shop's gateway.
func PaidByGateway(deal int) bool {
	switch deal % cycle {
	case 0, 3, 6:
		return true
	default:
		return false
	}
}

// DaysBack is how many days before today the deal was made; today is 0.
func (w *World) DaysBack(deal int) int {
	back := w.deals.n - 1 - deal
	if back < 0 {
		return 0
	}
	return 1 + back/w.deals.perDay
}
