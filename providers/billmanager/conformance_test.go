package billmanager

import (
	"testing"
	"time"

	"bursar/providers"
	"bursar/providers/conformance"
	simulator "bursar/providers/sandbox/billmanager"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))

func testAccount() transport.Account {
	return transport.Account{Name: "hosting", System: "billmanager", Username: "operator", Secret: "sandbox"}
}

func TestConformance(t *testing.T) {
	for name, opt := range map[string]simulator.Options{
		"as usual":      {},
		"another panel": {Blanks: true, OneRowAsArray: true, PlainLabel: true, Money: simulator.SymbolMoney, ExpiredType: "access", RefundNumbers: simulator.ByID, FilterOnSaves: true},
		"a third panel": {StatusForm: simulator.CodeOnly, Money: simulator.CommaMoney, DeleteLeaves100: true, StateType: "limit"},
	} {
		t.Run(name, func(t *testing.T) {
			subject := conformance.Subject{
				Simulator: func(testing.TB) conformance.Simulator {
					clock := world.NewClock(func() time.Time { return noon })
					g := gate.New(gate.Options{Clock: clock})
					o := opt
					o.World, o.Gate = world.New(world.Options{Seed: 1, Payments: 300, Clock: clock}), g
					return conformance.Simulator{Handler: simulator.New(o), Gate: g, Clock: clock}
				},
				Client:  func(a transport.Account) (providers.Provider, error) { return New(a) },
				Account: testAccount(),
				Path:    "/billmgr",
				Actions: map[string]conformance.Case{
					actCredit: {Call: fnSetpaid, Refused: inStatus(statusCredited, nil)},
					actDelete: {Call: fnDelete, Refused: inStatus(statusCredited, nil)},
					actRefund: {Call: fnRefund, Refused: inStatus(statusNew, nil)},
				},
			}
			conformance.Run(t, subject)
			if name == "as usual" {
				partial := subject
				partial.Actions = map[string]conformance.Case{
					actCredit: subject.Actions[actCredit],
					actDelete: subject.Actions[actDelete],
					actRefund: {
						Call:    fnRefund,
						Values:  func(providers.Record) providers.Values { return providers.Values{amountField: "10.00"} },
						Pick:    func(r providers.Record) bool { return r.Remaining.IntPart() > 50 },
						Refused: tooMuch,
					},
				}
				t.Run("in part", func(t *testing.T) { conformance.Run(t, partial) })
			}
		})
	}
}

func inStatus(code string, v providers.Values) func(providers.Record) (providers.Values, bool) {
	return func(r providers.Record) (providers.Values, bool) { return v, r.Status.Code == code }
}

// tooMuch asks for a kopeck more than remains of a payment that can be
// refunded.
func tooMuch(r providers.Record) (providers.Values, bool) {
	if !r.HasFlag(flagRefundable) || r.HasFlag(flagRefundLocked) || !r.Remaining.IsPositive() {
		return nil, false
	}
	return providers.Values{amountField: r.Remaining.Add(providers.MustMoney("0.01", "RUB").Decimal).StringFixed(2)}, true
}
