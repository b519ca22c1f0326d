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
	whole := conformance.Case{Call: fnRefund, Refused: inStatus(statusNew, nil)}
	part := conformance.Case{
		Call:    fnRefund,
		Values:  func(providers.Record) providers.Values { return providers.Values{amountField: "10.00"} },
		Pick:    func(r providers.Record) bool { return r.Remaining.IntPart() > 50 },
		Refused: tooMuch,
	}
	tests := map[string]struct {
		panel  simulator.Options
		refund conformance.Case
	}{
		"as usual":             {simulator.Options{}, whole},
		"as usual, in part":    {simulator.Options{Blanks: true, PlainLabel: true, ExpiredType: "access", RefundNumbers: simulator.ByID, FilterOnSaves: true}, part},
		"another sort of list": {simulator.Options{StatusForm: simulator.CodeOnly, Money: simulator.SymbolMoney, OneRowAsArray: true, DeleteLeaves100: true, StateType: "limit"}, whole},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			conformance.Run(t, conformance.Subject{
				Simulator: func(testing.TB) conformance.Simulator {
					clock := world.NewClock(func() time.Time { return noon })
					g := gate.New(gate.Options{Clock: clock})
					o := tt.panel
					o.World, o.Gate = world.New(world.Options{Seed: 1, Payments: 300, Clock: clock}), g
					return conformance.Simulator{Handler: simulator.New(o), Gate: g, Clock: clock}
				},
				Client:  func(a transport.Account) (providers.Provider, error) { return New(a) },
				Account: testAccount(),
				Path:    "/billmgr",
				Actions: map[string]conformance.Case{
					actCredit: {Call: fnSetpaid, Refused: inStatus(statusCredited, nil)},
					actDelete: {Call: fnDelete, Refused: inStatus(statusCredited, nil)},
					actRefund: tt.refund,
				},
			})
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
