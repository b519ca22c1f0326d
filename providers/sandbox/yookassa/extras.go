package yookassa

import (
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

var (
	ticket  = regexp.MustCompile(`^[0-9]{1,150}$`)
	airport = regexp.MustCompile(`^[A-Z]{3}$`)
	carrier = regexp.MustCompile(`^[0-9A-Za-z]{2,3}$`)
)

// Limits of flights.
const (
	maxBooking    = 20
	maxPassengers = 500
	maxLegs       = 4
	maxName       = 64
)

// airline checks the data of a flight. It is not shown again.
func (p part) airline() {
	flight, ok := p.object("airline")
	if !ok {
		return
	}
	flight.form("ticket_number", ticket, "A ticket number has 1 to 150 digits")
	flight.text("booking_reference", maxBooking)
	if !flight.has("ticket_number") && !flight.has("booking_reference") {
		flight.refuse("Give a ticket number or a booking reference", "ticket_number")
	}
	for _, person := range flight.objects("passengers", maxPassengers) {
		person.must("first_name", maxName)
		person.must("last_name", maxName)
	}
	for _, leg := range flight.objects("legs", maxLegs) {
		for _, name := range []string{"departure_airport", "destination_airport"} {
			leg.must(name, maxName)
			leg.form(name, airport, "An airport has three capital letters")
		}
		if _, err := time.Parse(time.DateOnly, leg.must("departure_date", maxName)); err != nil {
			leg.refuse("A date is written 2026-11-22", "departure_date")
		}
		leg.form("carrier_code", carrier, "A carrier's code has 2 or 3 characters")
	}
}

// maxTransfers bounds a list whose length is not documented.
const maxTransfers = 100

// transfers reads how a split payment is shared out. A whole of nothing stands
// for one that is not known yet.
func (p part) transfers(whole amount) []transfer {
	var out []transfer
	sum := decimal.Zero
	for _, share := range p.objects("transfers", maxTransfers) {
		t := transfer{
			Account: share.must("account_id", maxID), Amount: share.mustMoney("amount"), Status: "pending",
			Fee: share.money("platform_fee_amount"), Description: share.text("description", maxDescription), Metadata: share.metadata(),
		}
		if t.Fee != nil && t.Fee.decimal().GreaterThan(t.Amount.decimal()) {
			share.refuse("The fee is more than the transfer", "platform_fee_amount.value")
		}
		sum = sum.Add(t.Amount.decimal())
		out = append(out, t)
	}
	if p.bad() == nil && whole.Value != "" && sum.GreaterThan(whole.decimal()) {
		p.refuse("The transfers are more than the payment", "transfers")
	}
	return out
}
