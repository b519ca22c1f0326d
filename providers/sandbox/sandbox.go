package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"bursar/providers/sandbox/activeplatform"
	"bursar/providers/sandbox/billmanager"
	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/jumpfinance"
	"bursar/providers/sandbox/world"
	"bursar/providers/sandbox/yookassa"
)

// Options sets a sandbox up. The zero value is a world of the usual size over
// the real time, with its logs in memory.
type Options struct {
	Seed     uint64
	Payments int              // of all systems together, about; 0: world.DefaultPayments
	Now      func() time.Time // nil: time.Now
	// LedgerFile keeps the changes really made, one JSON line each. What it
	// holds already is made again before the first request. "" keeps none.
	LedgerFile string
	// LedgerReadOnly makes the file's changes again, but adds none of its own:
	// for a process that changes nothing, beside one that does.
	LedgerReadOnly bool
	// RequestsFile gets one JSON line per request. "" keeps none.
	RequestsFile string
	Faults       []gate.Fault
	// The systems' switches, where their documents are silent. World and Gate
	// are filled in here.
	BILLmanager    billmanager.Options
	YooKassa       yookassa.Options
	JumpFinance    jumpfinance.Options
	ActivePlatform activeplatform.Options
}

// Simulator is what the sandbox asks of each system.
type Simulator interface {
	http.Handler
	Name() string
	// Replay makes a change of an earlier ledger again.
	Replay(gate.Entry) error
	// SetWorld changes or adds a record by the system's own wire fields.
	SetWorld(kind string, set json.RawMessage) error
}

// Sandbox is the four systems over one world.
type Sandbox struct {
	clock   *world.Clock
	gate    *gate.Gate
	systems []Simulator // billmanager first: it takes what no other does
	files   []*os.File
	notice  string
}

// New makes a sandbox and replays its ledger. Close it.
func New(o Options) (*Sandbox, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Sandbox{clock: world.NewClock(o.Now)}
	earlier, err := s.openLedger(o.LedgerFile, o.LedgerReadOnly)
	if err != nil {
		return nil, err
	}
	g := gate.Options{Clock: s.clock}
	if len(s.files) > 0 {
		g.Ledger = s.files[0]
	}
	if o.RequestsFile != "" {
		f, err := openLog(o.RequestsFile)
		if err != nil {
			s.closeFiles()
			return nil, fmt.Errorf("the log of requests: %w", err)
		}
		s.files = append(s.files, f)
		g.Requests = f
	}
	s.gate = gate.New(g)
	w := world.New(world.Options{Seed: o.Seed, Payments: o.Payments, Clock: s.clock})
	o.BILLmanager.World, o.BILLmanager.Gate = w, s.gate
	o.YooKassa.World, o.YooKassa.Gate = w, s.gate
	o.JumpFinance.World, o.JumpFinance.Gate = w, s.gate
	o.ActivePlatform.World, o.ActivePlatform.Gate = w, s.gate
	s.systems = []Simulator{
		billmanager.New(o.BILLmanager), yookassa.New(o.YooKassa), jumpfinance.New(o.JumpFinance), activeplatform.New(o.ActivePlatform),
	}
	if err := s.replay(o.LedgerFile, earlier); err != nil {
		s.closeFiles()
		return nil, err
	}
	for _, f := range o.Faults {
		s.gate.AddFault(f)
	}
	return s, nil
}

// Notice is a sentence for the screen about what was odd at the start; "" when
// all was well.
func (s *Sandbox) Notice() string { return s.notice }

// Gate is the door that every request passes: ledger, requests, faults.
func (s *Sandbox) Gate() *gate.Gate { return s.gate }

// Clock is the sandbox's time.
func (s *Sandbox) Clock() *world.Clock { return s.clock }

// Close ends the requests that hang and closes the files.
func (s *Sandbox) Close() error {
	s.gate.Close()
	err := s.gate.Err()
	if closing := s.closeFiles(); err == nil {
		err = closing
	}
	return err
}

func (s *Sandbox) closeFiles() error {
	var first error
	for _, f := range s.files {
		if err := f.Close(); first == nil {
			first = err
		}
	}
	s.files = nil
	return first
}

func (s *Sandbox) system(name string) (Simulator, bool) {
	for _, sim := range s.systems {
		if sim.Name() == name {
			return sim, true
		}
	}
	return nil, false
}
