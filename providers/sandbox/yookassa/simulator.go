package yookassa

import (
	"encoding/json"
	"errors"
	"net/http"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// Options sets a simulator up. The zero switches are today's dialect at its
// most usual.
type Options struct {
	World *world.World
	Gate  *gate.Gate
	// PendingRefunds makes a new refund pending; it settles when it has been
	// read so many times. 0: refunds succeed at once.
	PendingRefunds int
	// ProcessingOnce answers 202 to the first send of every key, after the
	// change was made, as the older edition may.
	ProcessingOnce bool
	// OldDialect speaks the 2019 edition: yandex_money, yandex_checkout, no
	// metadata on refunds, also under /api/v3.
	OldDialect bool
}

// Simulator is the payment system. It is safe for concurrent use.
type Simulator struct {
	opt Options
}

// New makes a simulator over the world.
func New(o Options) *Simulator { return &Simulator{opt: o} }

// Name is the system's name in the ledger and in fault specs.
func (s *Simulator) Name() string { return "yookassa" }

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "", http.StatusNotFound)
}

// Replay makes a change of an earlier ledger again.
func (s *Simulator) Replay(gate.Entry) error { return errors.ErrUnsupported }

// SetWorld changes or adds one object.
func (s *Simulator) SetWorld(string, json.RawMessage) error { return errors.ErrUnsupported }
