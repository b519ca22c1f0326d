package activeplatform

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// The ids of what did not come with the world. Payments made by callers lie
// far behind the world's, so that a replayed ledger brings the same ids back
// however many payments today has by then.
const (
	firstCreatedID = 7_000_001
	firstAccountID = 5001
	firstUserID    = 90_001
	firstOrderID   = 4_000_001
	firstChargeID  = 8_000_001
)

// The statuses, in the wire's spelling.
const (
	waiting         = "waiting_for_payment"
	completed       = "completed"
	receiptCreating = "receipt_creating"
	receiptSent     = "receipt_sent"
	cancelled       = "cancelled"
	paidFromBalance = "paid_from_balance"
	expired         = "expired"
	processing      = "processing"
	pendingBilling  = "pending_billing"
)

var statuses = []string{waiting, completed, receiptCreating, receiptSent, cancelled, paidFromBalance, expired, processing, pendingBilling}

// shares are percentages in the order of statuses: of the last two days, of
// the month before them, and of all that is older.
var shares = [3][9]uint64{
	{68, 14, 4, 4, 3, 3, 0, 3, 1},
	{40, 35, 4, 5, 6, 4, 4, 1, 1},
	{6, 62, 1, 2, 13, 7, 9, 0, 0},
}

// methods are the installation's ways to pay, by id.
var methods = map[int]string{1: "Check", 2: "Банковский перевод", 3: "Банковская карта", 4: "ЕРИП", 7: "Online gateway"}

var methodIDs = []int{1, 2, 2, 3, 3, 3, 4, 4, 7}

// made is the world's row-th payment.
func (s *Simulator) made(row int) payment {
	number := s.opt.World.Cloud().Deal(row)
	deal := s.opt.World.Deal(number)
	roll := func(name string) uint64 { return world.Mix(deal.Roll, "cloud "+name, 0) }
	id, _ := strconv.Atoi(world.CloudID(row))
	p := payment{paymentCore: paymentCore{
		ID: id, Document: document(row + 1), Status: statusOf(roll("status"), s.opt.World.DaysBack(number)), Account: firstAccountID + deal.Client.Row,
		Created: stamp{deal.Time}, Updated: stamp{deal.Time}, Total: amount{deal.Amount}, Comment: deal.Purpose,
	}}
	if world.Chance(roll("ip"), 70) {
		ip := fmt.Sprintf("192.0.2.%d", 1+roll("host")%254)
		p.IP = &ip
	} else {
		manager := int(11 + roll("manager")%6)
		p.Manager = &manager
	}
	if p.Status == completed {
		p.setMethod(world.Pick(roll("method"), methodIDs))
	}
	if p.Status != waiting {
		// Nobody pays in the future: today's were settled within seconds.
		span := uint64(20)
		if s.opt.World.DaysBack(number) > 1 {
			span = 86_400
		}
		p.Updated = stamp{deal.Time.Add(time.Duration(roll("settled")%span) * time.Second)}
	}
	p.Orders = makeOrders(p, row, deal.Roll)
	return p
}

func document(n int) string { return fmt.Sprintf("P%06d", n) }

func statusOf(roll uint64, daysBack int) string {
	age := 2
	switch {
	case daysBack <= 1:
		age = 0
	case daysBack <= 30:
		age = 1
	}
	roll %= 100
	for i, share := range shares[age] {
		if roll < share {
			return statuses[i]
		}
		roll -= share
	}
	return completed
}

func (p *payment) setMethod(id int) {
	p.Method, p.MethodName = &id, methods[id]
}

var orderTypes = []string{"RenewalOrder", "RenewalOrder", "SalesOrder", "ChangeOrder"}

// makeOrders makes what the payment is for: nothing for a top-up, else one
// order or two, whose totals and charges add up to the payment's total.
func makeOrders(p payment, row int, seed uint64) []order {
	roll := func(name string) uint64 { return world.Mix(seed, "order "+name, 0) }
	if world.Chance(roll("top-up"), 25) {
		return []order{}
	}
	totals := []decimal.Decimal{p.Total.Decimal}
	if world.Chance(roll("two"), 15) {
		first := p.Total.Div(decimal.NewFromInt(3)).Truncate(2)
		totals = []decimal.Decimal{first, p.Total.Sub(first)}
	}
	orders := make([]order, 0, len(totals))
	for i, total := range totals {
		id := firstOrderID + 2*row + i
		o := order{
			ID: id, Document: fmt.Sprintf("%06d", 2*row+i+1), Status: orderStatus(p.Status), Account: p.Account,
			Type: world.Pick(roll("type")+uint64(i), orderTypes), Created: p.Created, Updated: p.Updated,
			Expiration: p.Created.In(zone).AddDate(0, 0, 14).Format(time.DateOnly), Total: amount{total}, Payment: p.ID,
		}
		if world.Chance(roll("promo"), 10) {
			code := "AUTUMN10"
			o.Promo = &code
		}
		o.Items = []item{{
			ID: id + 1_000_000, Target: 300_000 + row, TargetType: "Subscription", Type: "Item::Subscription", Status: o.Status, Description: p.Comment,
		}}
		o.Charges = makeCharges(o, row, roll("charges")+uint64(i))
		orders = append(orders, o)
	}
	return orders
}

func orderStatus(payment string) string {
	switch payment {
	case cancelled, expired:
		return "cancelled"
	case completed, paidFromBalance:
		return "completed"
	default:
		return "waiting_for_payment"
	}
}

// makeCharges parts an order's total into a charge of three months and the
// rest, or leaves it whole.
func makeCharges(o order, row int, roll uint64) []charge {
	three := decimal.NewFromInt(3)
	unit := o.Total.Mul(decimal.New(6, -1)).Div(three).Truncate(2)
	if roll%4 == 0 || !unit.IsPositive() {
		return []charge{makeCharge(o, row, 0, o.Total.Decimal, nil, o.Total.Decimal)}
	}
	months, one := 3, 1
	first := unit.Mul(three)
	rest := o.Total.Sub(first)
	return []charge{makeCharge(o, row, 0, unit, &months, first), makeCharge(o, row, 1, rest, &one, rest)}
}

func makeCharge(o order, row, place int, unit decimal.Decimal, months *int, total decimal.Decimal) charge {
	c := charge{
		ID: firstChargeID + 4*row + 2*(o.ID%2) + place, Subscription: 300_000 + row, Quantity: 1, Duration: months,
		From: o.Created.In(zone).Format(time.DateOnly), To: o.Created.In(zone).AddDate(0, 1, 0).Format(time.DateOnly),
		Description: []string{"Renewal of the subscription", "translation missing: ru.charges.recurring.description"}[place],
		UnitPrice:   amount{unit}, Amount: amount{total}, Status: "closed", Type: "Charge::Recurring", Order: o.ID,
		Created: microStamp{o.Created.Add(220 * time.Microsecond)}, Updated: microStamp{o.Updated.Add(220 * time.Microsecond)},
	}
	if place == 0 {
		resource, name := 40+row%9, "Virtual machine"
		c.PlanResource, c.Resource, c.SubName, c.Type = &resource, &resource, &name, "Charge::Renewal"
	}
	if o.Status == "completed" {
		day := o.Updated.In(zone).Format(time.DateOnly)
		c.Close = &day
	}
	return c
}
