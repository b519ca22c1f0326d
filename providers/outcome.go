package providers

import "fmt"

// Outcome is how a payment system's answer leaves the money.
type Outcome uint8

// The outcomes. Unknown is the zero value: it is never turned into Refused by
// the passing of time, only by a read-back or an operator.
const (
	Unknown Outcome = iota // sent, but no answer to trust: never sent again unasked
	Applied                // the system did it
	Refused                // the system certainly did not do it
)

var outcomeNames = [...]string{"unknown", "applied", "refused"}

// String is the outcome's word.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Unknown]
}

// MarshalText writes the outcome's word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the outcome's word.
func (o *Outcome) UnmarshalText(b []byte) error {
	for i, name := range outcomeNames {
		if name == string(b) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("no outcome %q", b)
}
