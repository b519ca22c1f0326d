package jumpfinance

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/shopspring/decimal"
)

// part is an object or a list in a body. One of another shape is a refused
// field, not a refused body.
type part[T any] struct {
	value
	v  T
	ok bool
}

func (p *part[T]) UnmarshalJSON(b []byte) error {
	_ = p.value.UnmarshalJSON(b)
	p.ok = p.given() && json.Unmarshal(b, &p.v) == nil
	return nil
}

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

// requisiteBody is a requisite that is given with its number.
type requisiteBody struct {
	Type    value `json:"type_id"`
	Account value `json:"account_number"`
	Bank    value `json:"sbp_bank_id"`
}

type createBody struct {
	Contractor  value           `json:"contractor_id"`
	Amount      value           `json:"amount"`
	Requisite   *requisiteBody  `json:"requisite"`
	RequisiteID value           `json:"requisite_id"`
	Own         value           `json:"customer_payment_id"`
	Agent       value           `json:"agent_id"`
	Branch      value           `json:"branch_office_id"`
	Account     value           `json:"bank_account_id"`
	Balance     value           `json:"balance_id"`
	Service     value           `json:"service_name"`
	Purpose     value           `json:"payment_purpose"`
	Fixed       value           `json:"fix_commission"`
	Percent     value           `json:"percent_commission"`
	Act         part[actBody]   `json:"act"`
	SBP         part[namesBody] `json:"sbp_validation_data"`
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

func readBody(raw []byte, into any) bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(into); err != nil {
		return false
	}
	_, err := dec.Token()
	return errors.Is(err, io.EOF)
}
