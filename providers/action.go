package providers

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Action is something that can be done to records, as data: the screen, the
// command line and the batch engine all read it.
type Action struct {
	ID    string // kind, dot, verb: "payment.refund". Stable: plans and key maps name it
	Title string // "Refund"
	// Kind is the kind of record it acts on, or makes when Creates is set.
	Kind         Kind
	Creates      bool // acts on no record: each row of values makes one
	Moves        bool // moves money
	Irreversible bool // no call of the system undoes it
	Fields       []Field
	// Eligible tells whether the record allows the action with these values.
	// For Creates the record is zero. It never asks the network.
	Eligible func(Record, Values) Verdict
	// Amount is what the action would move: the whole or a part.
	Amount func(Record, Values) Money
	// Resend tells how a request of unknown outcome may be sent again.
	Resend func(Values) Resend
}

// Verb is the part of the id behind the dot.
func (a Action) Verb() string {
	_, verb, _ := strings.Cut(a.ID, ".")
	return verb
}

// Resend is how an action of unknown outcome may be sent again.
type Resend uint8

// The ways. The zero value is the safest.
const (
	NeverUnasked  Resend = iota // only when the operator says so
	AfterReadBack               // when a read-back shows that it was certainly not applied
	SameKey                     // with the same idempotency key: the system refuses to do it twice
)

var resendNames = [...]string{"never unasked", "after read-back", "same key"}

// String is the way in words.
func (r Resend) String() string {
	if int(r) < len(resendNames) {
		return resendNames[r]
	}
	return resendNames[NeverUnasked]
}

// Verdict is the answer of Eligible: can, cannot with a reason, or ask with a
// reason that the operator has to accept. The zero value is cannot.
type Verdict struct {
	Answer VerdictAnswer
	Reason string
}

// VerdictAnswer is one of three.
type VerdictAnswer uint8

// The answers.
const (
	CannotDo VerdictAnswer = iota
	CanDo
	MustAsk
)

var verdictNames = [...]string{"cannot", "can", "ask"}

// String is the answer's word.
func (v VerdictAnswer) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return verdictNames[CannotDo]
}

// MarshalText writes the answer's word.
func (v VerdictAnswer) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the answer's word.
func (v *VerdictAnswer) UnmarshalText(b []byte) error {
	for i, name := range verdictNames {
		if name == string(b) {
			*v = VerdictAnswer(i)
			return nil
		}
	}
	return fmt.Errorf("no verdict %q", b)
}

// Can is the verdict that allows.
func Can() Verdict { return Verdict{Answer: CanDo} }

// Cannot is the verdict that refuses, with the reason for the operator.
func Cannot(format string, args ...any) Verdict {
	return Verdict{Answer: CannotDo, Reason: fmt.Sprintf(format, args...)}
}

// Ask is the verdict that wants the operator's word, with the reason.
func Ask(format string, args ...any) Verdict {
	return Verdict{Answer: MustAsk, Reason: fmt.Sprintf(format, args...)}
}

// Values are an action's form fields by the names that the system's own API
// gives them.
type Values map[string]string

// FieldType is what a form field takes.
type FieldType uint8

// The types.
const (
	TextField    FieldType = iota
	AmountField            // decimal with a dot, greater than zero
	IntegerField           // whole number
	PhoneField             // +7XXXXXXXXXX
	ChoiceField            // one of Choices
	FlagField              // on or off
	DateField              // YYYY-MM-DD
)

// Field is one form field of an action.
type Field struct {
	Name     string // the system's own name
	Title    string // for people
	Help     string // one line: what it is, what empty means
	Type     FieldType
	Required bool
	MaxLen   int // characters; 0: no limit known
	Choices  []Choice
	// Check refuses further; nil when type and length are all.
	Check func(string) error
}

// Choice is one value of a ChoiceField.
type Choice struct{ Value, Title string }

// maxFieldLen bounds a text whose system publishes no limit.
const maxFieldLen = 4096

// Validate checks one value as the system would. An empty value is fine unless
// Required. The error is one sentence for the field.
func (f Field) Validate(value string) error {
	if value == "" {
		if f.Required {
			return fmt.Errorf("%s is required", f.Title)
		}
		return nil
	}
	limit := f.MaxLen
	if limit == 0 {
		limit = maxFieldLen
	}
	if n := utf8.RuneCountInString(value); n > limit {
		return fmt.Errorf("%s has %d characters, the limit is %d", f.Title, n, limit)
	}
	if err := f.validateType(value); err != nil {
		return err
	}
	if f.Check != nil {
		return f.Check(value)
	}
	return nil
}

func (f Field) validateType(value string) error {
	switch f.Type {
	case AmountField:
		d, err := ParseAmount(value)
		if err != nil {
			return err
		}
		if !d.IsPositive() {
			return fmt.Errorf("%s must be more than zero", f.Title)
		}
		if !d.Equal(d.Truncate(2)) {
			return fmt.Errorf("%s has more than two decimals", f.Title)
		}
	case IntegerField:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return fmt.Errorf("%s must be a whole number", f.Title)
		}
	case PhoneField:
		if len(value) != 12 || !strings.HasPrefix(value, "+7") || strings.Trim(value[1:], "0123456789") != "" {
			return fmt.Errorf("%s must look like +79991234567", f.Title)
		}
	case ChoiceField:
		for _, c := range f.Choices {
			if c.Value == value {
				return nil
			}
		}
		return fmt.Errorf("%s cannot be %q", f.Title, value)
	case FlagField:
		if value != "on" && value != "off" {
			return fmt.Errorf("%s must be on or off", f.Title)
		}
	case DateField:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return fmt.Errorf("%s must be a date such as 2026-11-22", f.Title)
		}
	}
	return nil
}

// Check validates all values of a form: unknown names, types, lengths. Errors
// come by field name.
func (a Action) Check(v Values) map[string]error {
	errs := map[string]error{}
	known := map[string]bool{}
	for _, f := range a.Fields {
		known[f.Name] = true
		if err := f.Validate(v[f.Name]); err != nil {
			errs[f.Name] = err
		}
	}
	for name := range v {
		if !known[name] {
			errs[name] = fmt.Errorf("%s has no field %q", a.ID, name)
		}
	}
	return errs
}
