package providers

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Fault groups errors by what an operator can do about them.
type Fault uint8

// The faults.
const (
	FaultOther     Fault = iota // anything else; the text says what
	FaultAuth                   // the login was refused or has expired: nothing was done
	FaultForbidden              // the login may not do this: nothing was done
	FaultInput                  // a value was refused, Field names it: nothing was done
	FaultState                  // the record's state does not allow it: nothing was done
	FaultNotFound               // no such record: nothing was done
	FaultLimited                // too many requests, RetryAfter tells when: nothing was done
	FaultOffline                // the request never left: nothing was done
	FaultTimeout                // the request left, no answer came: the outcome is unknown
	FaultServer                 // the server failed while answering: the outcome is unknown
	FaultProtocol               // the answer made no sense: the outcome is unknown
)

var faultNames = [...]string{"error", "login refused", "not allowed", "value refused", "state does not allow it", "not found", "too many requests", "not reachable", "no answer", "server error", "unreadable answer"}

// String is the fault in words.
func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return faultNames[FaultOther]
}

// Error is the one error type of every provider. Its text holds no secret, no
// address with a query and no card number.
type Error struct {
	System  string // "yookassa"
	Account string // the account's name in the configuration
	Op      string // the system's own name of the call: "payment.setpaid", "POST /refunds"
	Fault   Fault
	Code    string // the system's own error code, verbatim
	Field   string // the refused field, by the action form's name where known
	Message string // one sentence for an operator, masked
	// RequestID is the system's id of the failed request, for its support.
	RequestID string
	// RetryAfter is how long the system asked to wait; zero when it did not.
	RetryAfter time.Duration
	Err        error // the cause, if any
}

// Error is one sentence: which account and call, what happened, the details.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Account != "" {
		b.WriteString(e.Account)
		b.WriteString(": ")
	}
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	b.WriteString(e.Fault.String())
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(e.Message)
	}
	if e.Code != "" && !strings.Contains(e.Message, e.Code) {
		fmt.Fprintf(&b, " [%s]", e.Code)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// FaultOf is the fault of the *Error in err's chain, FaultOther when there is
// none.
func FaultOf(err error) Fault {
	var e *Error
	if errors.As(err, &e) {
		return e.Fault
	}
	return FaultOther
}

// RetryAfterOf is how long err asks to wait; zero when it does not say.
func RetryAfterOf(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// OutcomeOf tells what an error of a changing call means for the record: a
// fault that proves that nothing was done is Refused, every other Unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Applied
	}
	switch FaultOf(err) {
	case FaultAuth, FaultForbidden, FaultInput, FaultState, FaultNotFound, FaultLimited, FaultOffline:
		return Refused
	default:
		return Unknown
	}
}

// Passing reports whether an error that proves that nothing was done may pass
// by itself, so that the same request may be sent again later.
func Passing(err error) bool {
	switch FaultOf(err) {
	case FaultLimited, FaultOffline, FaultAuth:
		return true
	default:
		return false
	}
}
