package yookassa

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// hasReceipt reports whether a row of the receipts exists, without making it.
func (s *Simulator) hasReceipt(row int) bool { return s.receiptState(row) != "" }

func (s *Simulator) receiptState(row int) string {
	n := s.dealOf(row / 2)
	state := s.opt.World.GatewayState(n)
	switch {
	case !state.Taken(), row%2 == 1 && s.refundState(row/2) != "succeeded":
		return ""
	default:
		return s.registration(n, state)
	}
}

// makeReceipt is a receipt as it came with the world, nil when there is none.
func (s *Simulator) makeReceipt(row int) *receipt {
	status := s.receiptState(row)
	if status == "" {
		return nil
	}
	w, n := s.opt.World, s.dealOf(row/2)
	r := &receipt{
		ID: "rt-" + world.UUID(w.Seed, receiptSpace, row), Type: "payment", Payment: world.ShopPaymentID(w, row/2),
		Status: status, TaxSystem: 1 + int(s.roll(n, "tax")%3), made: s.receiptTime(row),
	}
	sum := w.Deal(n).Amount
	if row%2 == 1 {
		r.Type, r.Payment, r.Refund = "refund", "", world.UUID(w.Seed, refundSpace, row/2)
		sum = w.GatewayRefunded(n)
	}
	r.Items = s.makeItems(n, sum)
	r.Settled = []settlement{{Type: "cashless", Amount: roubles(sum)}}
	if status == "succeeded" {
		s.register(r, s.past(r.made.Add(15*time.Second)))
	}
	return r
}

// register gives a receipt the marks of the till.
func (s *Simulator) register(r *receipt, at time.Time) {
	roll := world.Mix(s.opt.World.Seed, "till "+r.ID, 0)
	r.Status = "succeeded"
	r.Document = fmt.Sprintf("%d", 1000+roll%90_000)
	r.Storage = "9288000100" + fmt.Sprintf("%06d", roll>>20%1_000_000)
	r.Attribute = fmt.Sprintf("%010d", roll>>10%10_000_000_000)
	r.Provider = world.UUID(s.opt.World.Seed, "till "+r.ID, 0)
	r.Registered = &local{at}
}

// makeItems is one line or two that come to the sum. Sales of other sellers
// name them.
func (s *Simulator) makeItems(n int, sum decimal.Decimal) []item {
	d := s.opt.World.Deal(n)
	line := func(text string, price decimal.Decimal) item {
		it := item{
			Description: text, Quantity: json.Number("1.000"), Amount: roubles(price), VAT: []int{1, 4, 4, 6}[s.roll(n, "vat")%4],
			Subject: "service", Mode: "full_payment",
		}
		if _, ok := s.opt.World.Payouts().Row(n); ok {
			it.AgentType = "agent"
			it.Supplier = &supplier{Name: d.Seller.Full(), Phone: d.Seller.Phone[1:], INN: d.Seller.INN}
		}
		return it
	}
	if s.roll(n, "lines")%4 != 0 || sum.LessThan(decimal.NewFromInt(20)) {
		return []item{line(d.Purpose, sum)}
	}
	extra := sum.Mul(decimal.New(2, -1)).Round(2)
	return []item{line(d.Purpose, sum.Sub(extra)), line("Настройка и сопровождение", extra)}
}
