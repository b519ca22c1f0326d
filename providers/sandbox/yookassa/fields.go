package yookassa

import (
	"unicode/utf8"

	"bursar/providers/sandbox/gate"
)

// amountOf reads an optional amount object; path is put before the names of
// parameters.
func amountOf(of map[string]any, path, field string) (*amount, *gate.Answer) {
	bad := func(text, parameter string) (*amount, *gate.Answer) {
		a := invalid(text, path+parameter)
		return nil, &a
	}
	raw, ok := of[field]
	if !ok || raw == nil {
		return nil, nil
	}
	fields, ok := raw.(map[string]any)
	if !ok {
		return bad("The amount is not an object", field)
	}
	value, ok := fields["value"].(string)
	if !ok || !amountForm.MatchString(value) {
		return bad("The value is not a text with a decimal number", field+".value")
	}
	code, ok := fields["currency"].(string)
	if !ok || code == "" {
		return bad("The currency is missing", field+".currency")
	}
	a := &amount{Value: value, Currency: code}
	if !a.decimal().IsPositive() {
		return bad("The value must be more than zero", field+".value")
	}
	a.Value = a.decimal().StringFixed(2)
	return a, nil
}

// metadataOf reads the optional metadata of an object.
func metadataOf(of map[string]any, path string) (map[string]string, *gate.Answer) {
	raw, ok := of["metadata"]
	if !ok || raw == nil {
		return nil, nil
	}
	bad := func(text string) (map[string]string, *gate.Answer) {
		a := invalid(text, path+"metadata")
		return nil, &a
	}
	fields, ok := raw.(map[string]any)
	if !ok || len(fields) > 16 {
		return bad("Metadata is an object of 16 keys at most")
	}
	out := map[string]string{}
	for k, v := range fields {
		text, ok := v.(string)
		if !ok || utf8.RuneCountInString(k) > 32 || utf8.RuneCountInString(text) > 512 {
			return bad("A key of metadata has 32 characters at most, its value is a text of 512 at most")
		}
		out[k] = text
	}
	return out, nil
}
