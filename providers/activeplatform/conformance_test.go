package activeplatform

import (
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	sim "bursar/providers/sandbox/activeplatform"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("", 3*3600))

func simulator(o sim.Options) conformance.Simulator {
	clock := world.NewClock(func() time.Time { return noon })
	o.Gate = gate.New(gate.Options{Clock: clock})
	o.World = world.New(world.Options{Seed: 7, Payments: 900, Clock: clock})
	return conformance.Simulator{Handler: sim.New(o), Gate: o.Gate, Clock: clock}
}

func TestConformance(t *testing.T) {
	tests := []struct {
		name    string
		options map[string]string
		sim     sim.Options
		path    string
	}{
		{name: "as documented", path: "/api/vendor/v1"},
		{name: "token in a header, records wrapped, the newer path", path: "/api/v1/reseller", options: map[string]string{"token_in": "header"}, sim: sim.Options{Form: sim.Wrapped}},
		{name: "small pages, lone records bare, sign-in by redirect", path: "/api/vendor/v1", sim: sim.Options{Form: sim.Object, MaxPerPage: 13, SignInRedirect: true, NotFoundPage: true, CreateStatus: 200}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conformance.Run(t, subject(tt.path, tt.options, tt.sim))
		})
	}
}

func subject(path string, options map[string]string, o sim.Options) conformance.Subject {
	return conformance.Subject{
		Simulator: func(testing.TB) conformance.Simulator { return simulator(o) },
		Client:    func(a transport.Account) (providers.Provider, error) { return New(a) },
		Account:   transport.Account{Name: "cloud", System: "activeplatform", Secret: "sandbox", Currency: "BYN", Options: options},
		Path:      path,
		HTMLFault: providers.FaultAuth,
		Actions: map[string]conformance.Case{
			"payment.create": {
				Call: "POST /payments.json",
				Values: func(providers.Record) providers.Values {
					return providers.Values{"account_id": "5003", "total": "100.10", "comment": "Пополнение", "manager_id": "12"}
				},
				Refused: func(providers.Record) (providers.Values, bool) {
					return providers.Values{"account_id": "77", "total": "100.10", "comment": "Top-up"}, true
				},
			},
			"payment.credit": {
				Call:   "POST /payments/{id}/complete.json",
				Values: func(providers.Record) providers.Values { return providers.Values{"payment_method_id": "2"} },
				Refused: func(r providers.Record) (providers.Values, bool) {
					return providers.Values{"payment_method_id": "2"}, r.Status.Code != "waiting_for_payment"
				},
			},
		},
	}
}
