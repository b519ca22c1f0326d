package yookassa_test

import (
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
	sim "bursar/providers/sandbox/yookassa"
	"bursar/providers/transport"
	"bursar/providers/yookassa"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

// login is the sandbox's shop.
var login = transport.Account{
	Name: "shop", System: "yookassa", Username: "100500", Secret: "sandbox",
	Links: map[string]string{"billing_payment": "hosting/payment", "payout_id": "field/payout"},
}

func newSimulator(payments int, o sim.Options) conformance.Simulator {
	clock := world.NewClock(func() time.Time { return noon })
	g := gate.New(gate.Options{Clock: clock})
	o.World, o.Gate = world.New(world.Options{Seed: 1, Payments: payments, Clock: clock}), g
	return conformance.Simulator{Handler: sim.New(o), Gate: g, Clock: clock}
}

func TestConformance(t *testing.T) {
	conformance.Run(t, subject(sim.Options{}))
}

func subject(o sim.Options) conformance.Subject {
	return conformance.Subject{
		Simulator: func(testing.TB) conformance.Simulator { return newSimulator(260, o) },
		Client:    func(a transport.Account) (providers.Provider, error) { return yookassa.New(a) },
		Account:   login,
		Path:      "/v3",
		UnknownID: func(k providers.Kind) string {
			if k == providers.Receipt {
				return "rt-22e12f66-000f-5000-8000-18db351245c7"
			}
			return "22e12f66-000f-5000-8000-18db351245c7"
		},
		// A receipt that is not registered yet shows no moment at all.
		Unordered: []providers.Kind{providers.Receipt},
		Actions: map[string]conformance.Case{
			"payment.capture": {
				Call: "POST /payments/{payment_id}/capture",
				Refused: func(r providers.Record) (providers.Values, bool) {
					return providers.Values{"amount": r.Amount.Add(one).String()}, r.Status.Code == "waiting_for_capture"
				},
			},
			"payment.cancel": {
				Call: "POST /payments/{payment_id}/cancel",
				Refused: func(r providers.Record) (providers.Values, bool) {
					return nil, r.Status.Code == "succeeded"
				},
			},
			"payment.refund": {
				Call: "POST /refunds",
				Values: func(providers.Record) providers.Values {
					return providers.Values{"amount": "10.00", "description": "Ошибка"}
				},
				Pick: func(r providers.Record) bool {
					return r.Remaining.GreaterThan(providers.MustMoney("100", "RUB").Decimal)
				},
				Refused: func(r providers.Record) (providers.Values, bool) {
					return providers.Values{"amount": r.Remaining.Add(one).String()}, r.HasFlag("refundable")
				},
			},
		},
	}
}

var one = providers.MustMoney("1", "RUB").Decimal
