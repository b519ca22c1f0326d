package jumpfinance

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// form collects what is wrong with a body.
type form struct{ bad []field }

func (f *form) wrong(name, message string) { f.bad = append(f.bad, wrong(name, message)) }

// id reads an optional whole number above zero.
func (f *form) id(name string, v value) int {
	if !v.given() {
		return 0
	}
	n, ok := v.whole()
	if !ok || n <= 0 {
		f.wrong(name, "Значение поля "+name+" должно быть целым числом.")
		return 0
	}
	return n
}

// line reads an optional text, which must hold no card number.
func (f *form) line(name string, v value) string {
	if !v.given() {
		return ""
	}
	s, ok := v.text()
	if !ok {
		f.wrong(name, "Значение поля "+name+" должно быть строкой.")
	}
	if holdsCard(s) {
		f.wrong(name, "Поле "+name+" не должно содержать номер банковской карты.")
	}
	return s
}

// cardRun is 13 to 19 digits, in a row or in the groups of four that are printed
// on a card.
var cardRun = regexp.MustCompile(`\d{13,19}|\d{4}[ \x{00a0}-]\d{4}[ \x{00a0}-]\d{4}[ \x{00a0}-]\d{1,7}`)

// holdsCard looks for digits that pass the check of card numbers.
func holdsCard(s string) bool {
	for _, run := range cardRun.FindAllString(s, -1) {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, run)
		if luhn(digits) {
			return true
		}
	}
	return false
}

var (
	ownIDForm = regexp.MustCompile("^[A-Za-z0-9 \\-_.!:*()\\[\\]@$~`^,;=<>|{}\u2018]*$")
	phoneForm = regexp.MustCompile(`^\+7\d{10}$`)
)

const maxOwnID = 36

// sum reads an amount: a bare JSON number above zero with at most two
// decimals.
func (f *form) sum(name string, v value, required bool) decimal.Decimal {
	if !v.given() {
		if required {
			f.wrong(name, "Поле "+name+" обязательно для заполнения.")
		}
		return decimal.Zero
	}
	d, ok := v.amount()
	switch {
	case !ok:
		f.wrong(name, "Поле "+name+" должно быть числом.")
	case required && !d.IsPositive(), d.IsNegative():
		f.wrong(name, "Поле "+name+" должно быть больше 0.")
	case !d.Equal(d.Truncate(2)):
		f.wrong(name, "Поле "+name+" может иметь не более двух знаков после запятой.")
	}
	return d
}

// missing refuses a field that is not there; it tells whether it did.
func (f *form) missing(name string, v value) bool {
	if v.given() {
		return false
	}
	f.wrong(name, "Поле "+name+" обязательно для заполнения.")
	return true
}

// named is a field of a body with its name.
type named struct {
	name string
	v    value
}

// require refuses those that are not there; at stands before their names.
func (f *form) require(at string, fields ...named) {
	for _, n := range fields {
		f.missing(at+n.name, n.v)
	}
}

// words reads a required text.
func (f *form) words(name string, v value) string {
	if f.missing(name, v) {
		return ""
	}
	s := strings.TrimSpace(f.line(name, v))
	if s == "" && !f.refused(name) {
		f.wrong(name, "Поле "+name+" обязательно для заполнения.")
	}
	return s
}

// refused tells whether a field was refused already.
func (f *form) refused(name string) bool {
	for _, b := range f.bad {
		if b.Field == name {
			return true
		}
	}
	return false
}

// mustID reads a required whole number above zero.
func (f *form) mustID(name string, v value) int {
	if f.missing(name, v) {
		return 0
	}
	return f.id(name, v)
}

// flag reads an optional JSON boolean.
func (f *form) flag(name string, v value) bool {
	if v.given() && string(v.raw) != "true" && string(v.raw) != "false" {
		f.wrong(name, "Поле "+name+" должно быть логическим.")
	}
	return string(v.raw) == "true"
}

// shaped reads an optional text of a form.
func (f *form) shaped(name string, v value, like *regexp.Regexp) string {
	s := f.line(name, v)
	if v.given() && !like.MatchString(s) && !f.refused(name) {
		f.wrong(name, "Поле "+name+" имеет ошибочный формат.")
	}
	return s
}

// day reads an optional date of a layout.
func (f *form) day(name string, v value, layout string) string {
	s := f.line(name, v)
	if _, err := time.Parse(layout, s); v.given() && err != nil && !f.refused(name) {
		f.wrong(name, "Значение поля "+name+" не является датой.")
	}
	return s
}

// date reads an optional date, with or without a time.
func (f *form) date(name string, v value) {
	s := f.line(name, v)
	if !v.given() || f.refused(name) {
		return
	}
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		f.day(name, v, time.DateOnly)
	}
}

// oneOf reads an optional text that must be one of a list.
func (f *form) oneOf(name string, v value, words ...string) string {
	s := f.line(name, v)
	if !v.given() || f.refused(name) {
		return s
	}
	for _, w := range words {
		if s == w {
			return s
		}
	}
	f.wrong(name, "Выбранное значение для "+name+" ошибочно.")
	return s
}

// agent reads a required legal entity that there is.
func (f *form) agent(name string, v value) int {
	id := f.mustID(name, v)
	if id != 0 && agentName(id) == "" {
		f.wrong(name, "Юрлицо не найдено.")
	}
	return id
}

// within reads an optional number between two bounds, of any scale.
func (f *form) within(name string, v value, low, high int64) decimal.Decimal {
	if !v.given() {
		return decimal.Zero
	}
	d, ok := v.amount()
	switch {
	case !ok:
		f.wrong(name, "Поле "+name+" должно быть числом.")
	case d.LessThan(decimal.New(low, 0)) || d.GreaterThan(decimal.New(high, 0)):
		f.wrong(name, fmt.Sprintf("Поле %s должно быть между %d и %d.", name, low, high))
	}
	return d
}

// object refuses a part of another shape; it tells whether there is one to read.
func object[T any](f *form, name string, p part[T]) bool {
	if p.given() && !p.ok {
		f.wrong(name, "Поле "+name+" имеет ошибочный формат.")
	}
	return p.ok
}

var (
	mailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	innForm  = regexp.MustCompile(`^\d{12}$`)
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	uuid4    = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)
)
