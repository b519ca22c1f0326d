package batch

import (
	"fmt"
	"time"

	"bursar/providers"
)

// State is where an item of a batch stands.
type State string

// The states. Planned and sending pass; unknown stays until a read-back or the
// operator answers it; the others are final.
const (
	StatePlanned   State = "planned"   // nothing was sent, or what was sent certainly did nothing
	StateSending   State = "sending"   // the request is on its way
	StateApplied   State = "applied"   // the system did it
	StateRefused   State = "refused"   // the system refused it, nothing was done
	StateHeld      State = "held"      // held out before sending, with a reason
	StateUnknown   State = "unknown"   // sent, and no answer to trust
	StateCancelled State = "cancelled" // not sent, because the operator cancelled the batch
)

// States lists every state in the order of an item's life.
func States() []State {
	return []State{StatePlanned, StateSending, StateApplied, StateRefused, StateHeld, StateUnknown, StateCancelled}
}

// Final reports whether nothing more happens to an item in this state.
func (s State) Final() bool {
	switch s {
	case StateApplied, StateRefused, StateHeld, StateCancelled:
		return true
	default:
		return false
	}
}

// Answer is the operator's word on an item of unknown outcome.
type Answer string

// The answers.
const (
	AnswerApplied    Answer = "applied"     // it was done
	AnswerNotApplied Answer = "not applied" // it was not done and is not to be
	AnswerSendAgain  Answer = "send again"  // it was not done and is to be sent at the next resume
)

// EventType says what an event tells.
type EventType string

// The types of events.
const (
	EventPlanned   EventType = "planned"   // one item of a plan
	EventCreated   EventType = "created"   // the batch exists: all its items are written
	EventSending   EventType = "sending"   // on disk before the request leaves
	EventOutcome   EventType = "outcome"   // what the system answered
	EventFinding   EventType = "finding"   // what a read-back found
	EventHeld      EventType = "held"      // held out before sending
	EventAnswer    EventType = "answer"    // the operator's word on an unknown outcome
	EventPaused    EventType = "paused"    // by the operator
	EventContinued EventType = "continued" // by the operator
	EventStopped   EventType = "stopped"   // the run stopped by itself, or its program ended
	EventResumed   EventType = "resumed"   // a later run took the batch up
	EventCancelled EventType = "cancelled" // what is not sent will not be
	EventClosed    EventType = "closed"    // every item is final; holds the summary
)

// Event is one line of the journal. The state of a batch is the fold of its
// events and nothing else.
type Event struct {
	Seq   uint64    `json:"seq,omitzero"` // given by the journal
	Batch string    `json:"batch"`
	Item  string    `json:"item,omitempty"` // the intent's id; empty for the batch as a whole
	Type  EventType `json:"type"`
	Time  time.Time `json:"time"`
	By    string    `json:"by,omitempty"`

	Created *Created `json:"created,omitempty"` // EventCreated
	Planned *Item    `json:"planned,omitempty"` // EventPlanned
	Send    *Send    `json:"send,omitempty"`    // EventSending

	State      State              `json:"state,omitempty"` // where the item stands now
	Outcome    *providers.Outcome `json:"outcome,omitempty"`
	Reason     string             `json:"reason,omitempty"` // for people, masked
	Fault      string             `json:"fault,omitempty"`
	Code       string             `json:"code,omitempty"`       // the system's own error code
	RequestID  string             `json:"request_id,omitempty"` // for the system's support
	Ref        *providers.Ref     `json:"ref,omitempty"`        // the record made
	Candidates []providers.Ref    `json:"candidates,omitempty"` // records that may be the result
	Account    string             `json:"account,omitempty"`    // EventStopped: only this account
	Summary    *Summary           `json:"summary,omitempty"`    // EventClosed
}

// Created is the head of a batch.
type Created struct {
	Action    string    `json:"action"`
	Items     int       `json:"items"`
	PlanHash  string    `json:"plan_sha256"`
	PlanBy    string    `json:"plan_by,omitempty"`
	PlanTime  time.Time `json:"plan_time"`
	AcceptAsk bool      `json:"accept_ask,omitempty"`
	Host      string    `json:"host,omitempty"`
}

// Send is a request about to leave.
type Send struct {
	Attempt int                `json:"attempt"`
	Key     string             `json:"key"`
	Amount  providers.Money    `json:"amount"`
	Before  providers.Snapshot `json:"before"`
}

// Text is the event as one line for people, without its time.
func (e Event) Text() string {
	s := string(e.Type)
	switch e.Type {
	case EventSending:
		s = fmt.Sprintf("sending, attempt %d", e.Send.attempt())
	case EventOutcome:
		s = "answer: " + e.word()
	case EventFinding:
		s = "read back: " + e.word()
	case EventAnswer:
		s = "operator: " + string(e.State)
	case EventHeld:
		s = "held out"
	case EventCreated:
		s = "batch started"
	case EventStopped:
		s = "stopped"
		if e.Account != "" {
			s += " for " + e.Account
		}
	}
	if e.By != "" {
		s += " by " + e.By
	}
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	return s
}

func (e Event) word() string {
	switch {
	case e.Outcome == nil:
		return string(e.State)
	case *e.Outcome == providers.Refused && !e.State.Final():
		return "not done"
	default:
		return e.Outcome.String()
	}
}

func (s *Send) attempt() int {
	if s == nil {
		return 0
	}
	return s.Attempt
}
