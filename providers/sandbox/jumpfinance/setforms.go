package jumpfinance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// wireID is a number, or the object that the system shows in its place, such as
// {"id":5,"title":"…"}; null is none.
type wireID struct {
	given bool
	id    int
}

func (w *wireID) UnmarshalJSON(b []byte) error {
	w.given, w.id = true, 0
	switch {
	case bytes.Equal(b, []byte("null")):
		return nil
	case len(b) == 0 || b[0] != '{':
		return json.Unmarshal(b, &w.id)
	}
	// The words beside the number are what the system says by itself.
	var o struct {
		ID           *int `json:"id"`
		Title        any  `json:"title"`
		Name         any  `json:"name"`
		Theme        any  `json:"theme"`
		Full         any  `json:"full_name"`
		Short        any  `json:"short_name"`
		Phone        any  `json:"phone"`
		INN          any  `json:"inn"`
		SelfEmployed any  `json:"is_self_employed"`
		Address      any  `json:"address"`
		Active       any  `json:"is_active"`
		Status       any  `json:"status"`
		Amount       any  `json:"amount"`
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return err
	}
	if o.ID == nil {
		return errors.New(`an object in place of a number must have an "id"`)
	}
	w.id = *o.ID
	return nil
}

// onto sets what a field and its other form say; they must agree.
func (w wireID) onto(into *int, other wireID, name string) error {
	if w.given && other.given && w.id != other.id {
		return fmt.Errorf("%s is given as %d and as %d", name, w.id, other.id)
	}
	switch {
	case w.given:
		*into = w.id
	case other.given:
		*into = other.id
	}
	return nil
}

// wireText is a text, or the object of v2 that has it as its title; null is
// empty.
type wireText struct {
	given bool
	text  string
}

func (w *wireText) UnmarshalJSON(b []byte) error {
	w.given, w.text = true, ""
	if len(b) == 0 || b[0] != '{' {
		return json.Unmarshal(b, &w.text)
	}
	var o struct {
		Type  any     `json:"type"`
		Code  any     `json:"code"`
		Title *string `json:"title"`
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return err
	}
	if o.Title == nil {
		return errors.New(`an object in place of a text must have a "title"`)
	}
	w.text = *o.Title
	return nil
}

// wireFlag is a boolean, or 0 or 1.
type wireFlag struct{ given, on bool }

func (w *wireFlag) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true", "1":
		w.on = true
	case "false", "0":
		w.on = false
	default:
		return fmt.Errorf("%s is neither true nor false", b)
	}
	w.given = true
	return nil
}

func (w wireFlag) onto(into *bool) {
	if w.given {
		*into = w.on
	}
}

// wireSum is a number, or the object of a contractor's balance that has it as
// its value.
type wireSum struct {
	given bool
	sum   decimal.Decimal
}

func (w *wireSum) UnmarshalJSON(b []byte) error {
	w.given = true
	if len(b) == 0 || b[0] != '{' {
		return json.Unmarshal(b, &w.sum)
	}
	var o struct {
		Value    *decimal.Decimal `json:"value"`
		Currency any              `json:"currency"`
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return err
	}
	if o.Value == nil {
		return errors.New(`an object in place of a sum must have a "value"`)
	}
	w.sum = *o.Value
	return nil
}

// wireLimit is a branch's limit; null is none.
type wireLimit struct {
	given bool
	sum   *decimal.Decimal
}

func (w *wireLimit) UnmarshalJSON(b []byte) error {
	w.given = true
	return json.Unmarshal(b, &w.sum)
}
