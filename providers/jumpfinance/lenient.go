package jumpfinance

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/transport"
)

// The API's documents disagree about types: booleans come as 0 and 1, numbers
// as strings and the reverse, a limit as a boolean, null anywhere. The types
// here read whatever comes and never fail; what makes no sense reads as "not
// given".

// text is a string, also when a number or a boolean came.
type text string

// UnmarshalJSON reads a string, a number or a boolean.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch {
	case len(b) == 0 || b[0] == '{' || b[0] == '[' || bytes.Equal(b, []byte("null")):
		return nil
	case b[0] == '"':
		s, err := transport.Unquote(b)
		*t = text(s)
		return err
	default:
		*t = text(b)
	}
	return nil
}

func (t text) String() string { return strings.TrimSpace(string(t)) }

// number is a whole number such as an id; zero when there is none.
type number int64

// UnmarshalJSON reads a number, also in quotes.
func (n *number) UnmarshalJSON(b []byte) error {
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	v, err := strconv.ParseInt(strings.TrimSuffix(t.String(), ".0"), 10, 64)
	if err != nil {
		v = 0
	}
	*n = number(v)
	return nil
}

func (n number) String() string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// flag is a boolean that may be missing.
type flag struct{ known, on bool }

// UnmarshalJSON reads true, false, 0 and 1, also in quotes.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag{}
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	switch strings.ToLower(t.String()) {
	case "true", "1":
		*f = flag{known: true, on: true}
	case "false", "0":
		*f = flag{known: true}
	}
	return nil
}

// amount is a number of roubles that may be missing. Its digits go into a
// decimal as they came, never through a float.
type amount struct {
	known bool
	value decimal.Decimal
}

const (
	maxAmountLen      = 40
	maxAmountExponent = 20
)

// UnmarshalJSON reads a JSON number, also in quotes.
func (a *amount) UnmarshalJSON(b []byte) error {
	*a = amount{}
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	s := t.String()
	if s == "" || len(s) > maxAmountLen {
		return nil
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(s[i+1:]); err != nil || exp > maxAmountExponent || exp < -maxAmountExponent {
			return nil
		}
	}
	if d, err := decimal.NewFromString(s); err == nil {
		*a = amount{known: true, value: d}
	}
	return nil
}

// moment is a time that may be missing.
type moment struct{ time.Time }

var momentLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly}

// moscow is the zone of times that come without one; the service writes +03:00.
var moscow = time.FixedZone("MSK", 3*60*60)

// UnmarshalJSON reads RFC 3339, or a date with or without a time.
func (m *moment) UnmarshalJSON(b []byte) error {
	*m = moment{}
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	for _, layout := range momentLayouts {
		if v, err := time.ParseInLocation(layout, t.String(), moscow); err == nil && v.Year() > 0 && v.Year() <= 9999 {
			m.Time = v
			return nil
		}
	}
	return nil
}

// object is a nested object that may be missing; an empty list stands for a
// missing one, as PHP writes it.
type object[T any] struct {
	known bool
	v     T
}

// UnmarshalJSON reads an object and ignores anything else.
func (o *object[T]) UnmarshalJSON(b []byte) error {
	*o = object[T]{}
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	o.known = true
	return json.Unmarshal(b, &o.v)
}

// rows is a list of objects; elements of another sort are left out.
type rows[T any] []T

// UnmarshalJSON reads a list and ignores anything else.
func (r *rows[T]) UnmarshalJSON(b []byte) error {
	*r = nil
	if len(b) == 0 || b[0] != '[' {
		return nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for _, one := range raw {
		var v object[T]
		if err := json.Unmarshal(one, &v); err != nil {
			return err
		}
		if v.known {
			*r = append(*r, v.v)
		}
	}
	return nil
}
