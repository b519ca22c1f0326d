package providers

import (
	"fmt"
	"strings"
)

// Phase groups the payment systems' statuses by what they mean to an
// operator. Colours and filters use it; the code and words stay the system's.
type Phase uint8

// The phases. The zero value is for a status that bursar does not know, which
// is shown as it came and offers no money action.
const (
	PhaseUnknown   Phase = iota
	PhaseNew             // created, nobody has paid or acted yet
	PhaseWaiting         // in progress: somebody or something else has to act
	PhaseHeld            // money is held and waits for a capture or cancel
	PhaseDone            // money arrived, was paid out or was registered
	PhaseReturned        // money went back in full
	PhaseCancelled       // ended without money, or deleted
	PhaseFailed          // an error or a suspicion that needs a look
)

var phaseNames = [...]string{"unknown", "new", "waiting", "held", "done", "returned", "cancelled", "failed"}

// String is the phase's word.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return phaseNames[PhaseUnknown]
}

// ParsePhase reads a phase's word.
func ParsePhase(s string) (Phase, error) {
	for i, name := range phaseNames {
		if strings.EqualFold(s, name) {
			return Phase(i), nil
		}
	}
	return PhaseUnknown, fmt.Errorf("no phase %q: use one of %s", s, strings.Join(phaseNames[:], ", "))
}

// MarshalText writes the phase's word.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the phase's word.
func (p *Phase) UnmarshalText(b []byte) error {
	v, err := ParsePhase(string(b))
	*p = v
	return err
}

// Status is the payment system's own code and words, and the phase that bursar
// puts it in.
type Status struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Phase Phase  `json:"phase"`
}
