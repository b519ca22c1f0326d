// Package billmanager is the simulator of a BILLmanager 6 panel.
package billmanager

import (
	"encoding/json"
	"net/http"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a panel up.
type Options struct {
	World *world.World
	Gate  *gate.Gate
}

// Simulator is the panel.
type Simulator struct{ opt Options }

// New makes the panel.
func New(o Options) *Simulator { return &Simulator{opt: o} }

// Name is the system's name.
func (s *Simulator) Name() string { return "billmanager" }

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// Replay makes a change of an earlier ledger again.
func (s *Simulator) Replay(e gate.Entry) error { return nil }

// SetWorld changes or adds a row by the panel's own field names.
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error { return nil }
