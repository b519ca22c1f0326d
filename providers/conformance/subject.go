package conformance

import (
	"net/http"
	"testing"

	"bursar/providers"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
	"bursar/providers/transport"
)

// Subject is a client and the simulator that it is tested against.
type Subject struct {
	// Simulator makes a fresh simulator. A world of 200 to 600 payments keeps
	// the suite fast; it must hold eligible records for each action.
	Simulator func(t testing.TB) Simulator
	// Client makes the client under test.
	Client func(transport.Account) (providers.Provider, error)
	// Account is the right login. URL, Rate, Now and Wait are filled in here.
	Account transport.Account
	// Path is put behind the simulator's address: "/v3", "/billmgr".
	Path string
	// UnknownID is an id that a kind does not have, in a form that the system
	// accepts. Nil: "999999999".
	UnknownID func(kind providers.Kind) string
	// HTMLFault is the fault of a web page that comes with status 200; zero is
	// FaultProtocol.
	HTMLFault providers.Fault
	// AuthOf are the faults that a wrong login may bring; nil: FaultAuth only.
	AuthOf []providers.Fault
	// Unordered lists the kinds that the system does not return newest first.
	Unordered []providers.Kind
	// Projected lists the kinds whose rows are parts of another kind's, so that
	// nobody can tell an odd row from one without such a part.
	Projected []providers.Kind
	// NoGet lists the kinds whose records cannot be read one by one.
	NoGet []providers.Kind
	// Actions tells how each action is tested. An action that no record of the
	// world allows needs no entry: it passes when it refuses with a reason.
	Actions map[string]Case
}

// Simulator is a fresh simulator, the gate that it records at and its clock.
type Simulator struct {
	Handler http.Handler
	Gate    *gate.Gate
	Clock   *world.Clock
}

// Case tells how one action is tested.
type Case struct {
	// Values are the form fields; for actions that create the record is zero.
	Values func(providers.Record) providers.Values
	// Pick tells whether a record that the action is eligible for may be used.
	// Nil: the first eligible one.
	Pick func(providers.Record) bool
	// Call is the call that must stand in the ledger; "" takes any.
	Call string
	// Fault is the call that faults are armed for; "" is Call, or any.
	Fault string
	// Refused tells which record and values the system itself must refuse. The
	// first that is true is tried: Act must be Refused, the ledger stay empty,
	// and Eligible say cannot or the form refuse, but for actions that create.
	// Nil: not tried.
	Refused func(providers.Record) (providers.Values, bool)
	// CannotProve is set when the system gives no proof of an application, so
	// that a read-back may stay Unknown after one.
	CannotProve bool
	// AnyStatus is set when the action does not depend on the record's status.
	AnyStatus bool
	// NoLedger is set for an action that changes nothing at the system.
	NoLedger bool
}

// Run runs the whole suite.
func Run(t *testing.T, s Subject) {
	t.Run("lists", s.lists)
	t.Run("records", s.records)
	t.Run("broken answers", s.brokenAnswers)
	t.Run("a row without an id", s.nameless)
	t.Run("logins", s.logins)
	t.Run("actions", s.actions)
}
