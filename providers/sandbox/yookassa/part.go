package yookassa

import (
	"strconv"
	"unicode/utf8"

	"bursar/providers/sandbox/gate"
)

// part is an object of a request's body, read field by field. The first field
// that is wrong decides the answer; what is read after it is empty.
type part struct {
	fields map[string]any
	path   string // what parameters of it are named with: "" or "confirmation."
	v      *verdict
}

type verdict struct{ bad *gate.Answer }

func (c *call) whole() part { return part{c.fields, "", &verdict{}} }

// bad is the answer to the first wrong field, nil when all are right.
func (p part) bad() *gate.Answer { return p.v.bad }

func (p part) refuse(text, name string) {
	if p.v.bad == nil {
		a := invalid(text, p.path+name)
		p.v.bad = &a
	}
}

// has reports whether the field is there; null is not.
func (p part) has(name string) bool { return p.fields[name] != nil }

// text reads an optional text of at most so many characters.
func (p part) text(name string, limit int) string {
	raw := p.fields[name]
	if raw == nil {
		return ""
	}
	text, ok := raw.(string)
	switch n := utf8.RuneCountInString(text); {
	case !ok:
		p.refuse("The value is not a text", name)
	case n > limit:
		p.refuse("The value is longer than "+strconv.Itoa(limit)+" characters", name)
	}
	return text
}

// must reads a text that may not be missing or empty.
func (p part) must(name string, limit int) string {
	text := p.text(name, limit)
	if text == "" {
		p.refuse("The value is missing", name)
	}
	return text
}

// filled reads a text that may be missing, but not be empty.
func (p part) filled(name string, limit int) string {
	if !p.has(name) {
		return ""
	}
	return p.must(name, limit)
}

// form reads an optional text that has to match.
func (p part) form(name string, fits interface{ MatchString(string) bool }, why string) string {
	text := p.text(name, maxBody)
	if p.has(name) && !fits.MatchString(text) {
		p.refuse(why, name)
	}
	return text
}

func (p part) flag(name string) bool {
	raw := p.fields[name]
	on, ok := raw.(bool)
	if raw != nil && !ok {
		p.refuse("The value is not true or false", name)
	}
	return on
}

// object reads an optional object.
func (p part) object(name string) (part, bool) {
	raw := p.fields[name]
	fields, ok := raw.(map[string]any)
	if raw != nil && !ok {
		p.refuse("The value is not an object", name)
	}
	return part{fields, p.path + name + ".", p.v}, ok
}

// objects reads an optional list of objects.
func (p part) objects(name string, limit int) []part {
	raw := p.fields[name]
	list, ok := raw.([]any)
	switch {
	case raw == nil:
		return nil
	case !ok:
		p.refuse("The value is not a list", name)
	case len(list) == 0 || len(list) > limit:
		p.refuse("The list has 1 to "+strconv.Itoa(limit)+" entries", name)
	}
	var out []part
	for i, entry := range list {
		path := name + "[" + strconv.Itoa(i) + "]"
		fields, ok := entry.(map[string]any)
		if !ok {
			p.refuse("The value is not an object", path)
			return nil
		}
		out = append(out, part{fields, p.path + path + ".", p.v})
	}
	return out
}

// money reads an optional amount in the account's currency.
func (p part) money(name string) *amount {
	a, bad := amountOf(p.fields, p.path, name)
	switch {
	case bad != nil && p.v.bad == nil:
		p.v.bad = bad
	case a != nil && a.Currency != currency:
		p.refuse("The currency differs from the account's", name+".currency")
	}
	if a == nil {
		return nil
	}
	return a
}

// mustMoney reads an amount that may not be missing.
func (p part) mustMoney(name string) amount {
	a := p.money(name)
	if a == nil {
		p.refuse("The amount is missing", name)
		return amount{}
	}
	return *a
}

func (p part) metadata() map[string]string {
	m, bad := metadataOf(p.fields, p.path)
	if bad != nil && p.v.bad == nil {
		p.v.bad = bad
	}
	return m
}
