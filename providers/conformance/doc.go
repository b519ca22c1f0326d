// Package conformance is the one test suite that every payment system's client
// passes against its simulator: lists, single records, broken answers, lost
// logins, and each action under every fault that the sandbox can make.
//
// A client's test fills in a Subject and calls Run:
//
//	conformance.Run(t, conformance.Subject{
//		Simulator: func(t testing.TB) conformance.Simulator { … },
//		Client:    func(a transport.Account) (providers.Provider, error) { return yookassa.New(a) },
//		Account:   transport.Account{Name: "shop", System: "yookassa", Username: "100500", Secret: "sandbox"},
//		Path:      "/v3",
//		Actions:   map[string]conformance.Case{"payment.refund": {…}},
//	})
//
// Time is the simulator's clock: what a client waits for passes at once on it.
package conformance
