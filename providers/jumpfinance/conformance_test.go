package jumpfinance_test

import (
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	"bursar/providers/jumpfinance"
	"bursar/providers/sandbox/gate"
	simulator "bursar/providers/sandbox/jumpfinance"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

// noon is the present of every test.
func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func TestConformance(t *testing.T) {
	w := world.New(world.Options{Seed: 1, Payments: 260, Clock: world.NewClock(noon)})
	phone := w.Person(world.Contractors, 7).Phone
	conformance.Run(t, conformance.Subject{
		Simulator: func(testing.TB) conformance.Simulator {
			clock := world.NewClock(noon)
			g := gate.New(gate.Options{Clock: clock})
			sim := simulator.New(simulator.Options{World: world.New(world.Options{Seed: 1, Payments: 260, Clock: clock}), Gate: g})
			return conformance.Simulator{Handler: sim, Gate: g, Clock: clock}
		},
		Client:  func(a transport.Account) (providers.Provider, error) { return jumpfinance.New(a) },
		Account: transport.Account{Name: "field", System: "jumpfinance", Secret: "sandbox"},
		Path:    "/services/openapi",
		// A receipt's time is that of its registration, its place that of its payout.
		Unordered: []providers.Kind{providers.Receipt, providers.Branch},
		Projected: []providers.Kind{providers.Receipt},
		Actions: map[string]conformance.Case{
			"payout.create": {
				Values: func(providers.Record) providers.Values {
					return providers.Values{"phone": phone, "amount": "1500.50", "payment_purpose": "За услуги"}
				},
				Call: "POST /payments",
				Refused: func(providers.Record) (providers.Values, bool) {
					return providers.Values{"contractor_id": "999999", "amount": "1500.505"}, true
				},
			},
			"payout.repeat": {
				Call: "POST /payments/{payment_id}/repeat",
				Refused: func(r providers.Record) (providers.Values, bool) {
					return nil, r.Status.Code == "1"
				},
			},
		},
	})
}
