package jumpfinance

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// value is one field of a request body, as it came: the type matters here.
type value struct{ raw json.RawMessage }

func (v *value) UnmarshalJSON(b []byte) error {
	v.raw = append(json.RawMessage(nil), b...)
	return nil
}

func (v value) given() bool { return len(v.raw) > 0 && !bytes.Equal(v.raw, []byte("null")) }

// text is the value of a JSON string.
func (v value) text() (string, bool) {
	var s string
	if !v.given() || v.raw[0] != '"' || json.Unmarshal(v.raw, &s) != nil {
		return "", false
	}
	return s, true
}

// whole is the value of a JSON whole number.
func (v value) whole() (int, bool) {
	var n int
	if !v.given() || v.raw[0] == '"' || json.Unmarshal(v.raw, &n) != nil {
		return 0, false
	}
	return n, true
}

// amount is the value of a bare JSON number; a quoted one is none.
func (v value) amount() (decimal.Decimal, bool) {
	if !v.given() || v.raw[0] != '-' && (v.raw[0] < '0' || v.raw[0] > '9') {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(string(v.raw))
	return d, err == nil
}

type createBody struct {
	Contractor value `json:"contractor_id"`
	Amount     value `json:"amount"`
	Requisite  *struct {
		Type    value `json:"type_id"`
		Account value `json:"account_number"`
		Bank    value `json:"sbp_bank_id"`
	} `json:"requisite"`
	RequisiteID value `json:"requisite_id"`
	Own         value `json:"customer_payment_id"`
	Agent       value `json:"agent_id"`
	Branch      value `json:"branch_office_id"`
	Account     value `json:"bank_account_id"`
	Balance     value `json:"balance_id"`
	Service     value `json:"service_name"`
	Purpose     value `json:"payment_purpose"`
	Fixed       value `json:"fix_commission"`
	Percent     value `json:"percent_commission"`
	Act         value `json:"act"`
	Buyer       *struct {
		Name value `json:"name"`
		INN  value `json:"inn"`
	} `json:"buyer"`
	// Of a payout by phone:
	Phone  value `json:"phone"`
	Last   value `json:"last_name"`
	First  value `json:"first_name"`
	Middle value `json:"middle_name"`
}

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

func readBody(raw []byte, into any) bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(into); err != nil {
		return false
	}
	_, err := dec.Token()
	return errors.Is(err, io.EOF)
}
