package activeplatform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"bursar/providers"
	"bursar/providers/transport"
)

// payment is what the interface says of one. It is read leniently: only a
// payment without an id is refused.
type payment struct {
	ID          text        `json:"id"`
	Document    text        `json:"document_id"`
	Status      text        `json:"status"`
	Account     text        `json:"account_id"`
	Created     text        `json:"created_at"`
	Updated     text        `json:"updated_at"`
	Total       text        `json:"total"`
	Comment     text        `json:"comment"`
	IP          text        `json:"requester_ip"`
	Manager     text        `json:"manager_id"`
	Method      text        `json:"payment_method_id"`
	MethodName  text        `json:"payment_method_name"`
	Denominated text        `json:"denominated"`
	Expiration  text        `json:"expiration_date"`
	Orders      many[order] `json:"orders"`
}

type order struct {
	ID         text         `json:"id"`
	Document   text         `json:"document_id"`
	Status     text         `json:"status"`
	Type       text         `json:"type"`
	Created    text         `json:"created_at"`
	Updated    text         `json:"updated_at"`
	Expiration text         `json:"expiration_date"`
	Total      text         `json:"total"`
	Promo      text         `json:"promo_code"`
	Payment    text         `json:"payment_id"`
	Items      many[item]   `json:"items"`
	Charges    many[charge] `json:"charges"`
}

type item struct {
	Target      text `json:"target_id"`
	TargetType  text `json:"target_type"`
	Type        text `json:"type"`
	Status      text `json:"status"`
	Description text `json:"description"`
}

type charge struct {
	Resource    text `json:"subscription_resource_name"`
	Close       text `json:"close_date"`
	Quantity    text `json:"quantity"`
	From        text `json:"operate_from"`
	To          text `json:"operate_to"`
	Duration    text `json:"duration"`
	Description text `json:"description"`
	UnitPrice   text `json:"unit_price"`
	Amount      text `json:"amount"`
	Status      text `json:"status"`
	Type        text `json:"type"`
}

// text is a value of any simple type, as its text. The interface writes the
// same field as a number here and as a text there.
type text string

// UnmarshalJSON never fails: what is no simple value is kept as its JSON.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	switch b = bytes.TrimSpace(b); {
	case string(b) == "null":
		s = ""
	default:
		var err error
		if s, err = transport.Unquote(b); err != nil {
			s = string(b)
		}
	}
	*t = text(strings.TrimSpace(strings.Map(printable, providers.MaskText(s))))
	return nil
}

// printable drops what would steer a terminal.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r':
		return ' '
	case unicode.IsControl(r) || r == unicode.ReplacementChar:
		return -1
	default:
		return r
	}
}

// many is a list that may be missing, null or a lone object.
type many[T any] []T

// UnmarshalJSON leaves out what is no object.
func (m *many[T]) UnmarshalJSON(b []byte) error {
	*m = nil
	var raws []json.RawMessage
	if err := json.Unmarshal(b, &raws); err != nil {
		raws = []json.RawMessage{b}
	}
	for _, raw := range raws {
		var v T
		if isObject(raw) && json.Unmarshal(raw, &v) == nil {
			*m = append(*m, v)
		}
	}
	return nil
}

func isObject(raw []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) }

var errNoPayments = errors.New("the answer holds no list of payments")

// recordsIn takes a list apart: an array, {"payments":[…]} or one bare object.
func recordsIn(body []byte) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if !isObject(body) {
		if err := json.Unmarshal(body, &list); err != nil || list == nil {
			return nil, errNoPayments
		}
		return list, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, errNoPayments
	}
	if _, ok := fields["id"]; ok {
		return []json.RawMessage{body}, nil
	}
	wrapped, ok := fields["payments"]
	if !ok {
		wrapped, ok = fields["payment"]
	}
	switch {
	case !ok:
		return nil, errNoPayments
	case isObject(wrapped):
		return []json.RawMessage{wrapped}, nil
	case json.Unmarshal(wrapped, &list) != nil || list == nil:
		return nil, errNoPayments
	default:
		return list, nil
	}
}

func decodePayment(raw json.RawMessage) (payment, error) {
	var p payment
	if !isObject(raw) {
		return p, fmt.Errorf("a payment is no object: %.40s", printableBytes(raw))
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, errors.New("a payment cannot be read")
	}
	if !isID(string(p.ID)) {
		return p, fmt.Errorf("a payment has no id, or an odd one: %.40q", string(p.ID))
	}
	return p, nil
}

func printableBytes(b []byte) string { return strings.Map(printable, string(b)) }

// maxExponent bounds an amount such as 0.24e2, which is how the platform's
// decimals print when nobody says otherwise.
const maxExponent = 20

// number reads an amount, false when there is none to read.
func (t text) number() (decimal.Decimal, bool) {
	s := string(t)
	if at := strings.IndexAny(s, "eE"); at >= 0 && len(s) < 40 {
		exp, err := strconv.Atoi(s[at+1:])
		mantissa, bad := providers.ParseAmount(s[:at])
		if err != nil || bad != nil || exp > maxExponent || exp < -maxExponent {
			return decimal.Decimal{}, false
		}
		return mantissa.Shift(int32(exp)), true
	}
	d, err := providers.ParseAmount(s)
	return d, err == nil
}

// money is the amount in the account's currency, which the interface does not
// name.
func (t text) money(currency string) providers.Money {
	d, ok := t.number()
	if !ok {
		return providers.Money{}
	}
	return providers.Money{Decimal: d, Currency: currency}
}

// time reads either spelling of the platform, or a date; zero when it is
// neither.
func (t text) time() time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", time.DateOnly} {
		if v, err := time.Parse(layout, string(t)); err == nil {
			return v
		}
	}
	return time.Time{}
}
