package yookassa

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/shopspring/decimal"
)

// The objects as they go over the wire. They are kept in this form too.

// stamp is a moment as the system prints it: UTC with milliseconds.
type stamp struct{ time.Time }

const stampLayout = "2006-01-02T15:04:05.000Z"

func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal(s.UTC().Format(stampLayout)) }

func (s *stamp) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("%q is no moment: write 2026-11-22T09:00:00.000Z", text)
	}
	s.Time = t
	return nil
}

// local is a moment with the offset of a till, as receipts are registered.
type local struct{ time.Time }

var moscow = time.FixedZone("", 3*3600)

func (l local) MarshalJSON() ([]byte, error) {
	return json.Marshal(l.In(moscow).Format("2006-01-02T15:04:05.000-07:00"))
}

func (l *local) UnmarshalJSON(b []byte) error { return (*stamp)(l).UnmarshalJSON(b) }

type amount struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

const currency = "RUB"

func roubles(d decimal.Decimal) amount { return amount{Value: d.StringFixed(2), Currency: currency} }

var amountForm = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`)

func (a amount) decimal() decimal.Decimal {
	if !amountForm.MatchString(a.Value) {
		return decimal.Zero
	}
	return decimal.RequireFromString(a.Value)
}

type payment struct {
	ID            string            `json:"id"`
	Status        string            `json:"status"`
	Amount        amount            `json:"amount"`
	Income        *amount           `json:"income_amount,omitempty"`
	Description   string            `json:"description,omitempty"`
	Recipient     recipient         `json:"recipient"`
	Method        *method           `json:"payment_method,omitempty"`
	CapturedAt    *stamp            `json:"captured_at,omitempty"`
	CreatedAt     stamp             `json:"created_at"`
	ExpiresAt     *stamp            `json:"expires_at,omitempty"`
	Confirmation  *confirmation     `json:"confirmation,omitempty"`
	Test          bool              `json:"test"`
	Refunded      *amount           `json:"refunded_amount,omitempty"`
	Paid          bool              `json:"paid"`
	Refundable    bool              `json:"refundable"`
	Receipt       string            `json:"receipt_registration,omitempty"`
	Metadata      map[string]string `json:"metadata"`
	Cancellation  *cancellation     `json:"cancellation_details,omitempty"`
	Authorization *authorization    `json:"authorization_details,omitempty"`
	Transfers     []transfer        `json:"transfers,omitempty"`
	Customer      string            `json:"merchant_customer_id,omitempty"`
	Deal          json.RawMessage   `json:"deal,omitempty"`
	Invoice       json.RawMessage   `json:"invoice_details,omitempty"`
}

type recipient struct {
	Account string `json:"account_id"`
	Gateway string `json:"gateway_id"`
}

type method struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Saved   bool   `json:"saved"`
	Status  string `json:"status,omitempty"`
	Title   string `json:"title,omitempty"`
	Card    *card  `json:"card,omitempty"`
	Account string `json:"account_number,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Login   string `json:"login,omitempty"`
	SBP     string `json:"sbp_operation_id,omitempty"`
	Bank    *bank  `json:"payer_bank_details,omitempty"`
}

type card struct {
	First6  string `json:"first6,omitempty"`
	Last4   string `json:"last4"`
	Month   string `json:"expiry_month"`
	Year    string `json:"expiry_year"`
	Type    string `json:"card_type"`
	Country string `json:"issuer_country,omitempty"`
	Issuer  string `json:"issuer_name,omitempty"`
	Source  string `json:"source,omitempty"`

	Product json.RawMessage `json:"card_product,omitempty"`
}

type bank struct {
	ID  string `json:"bank_id"`
	BIC string `json:"bic"`
}

type confirmation struct {
	Type      string `json:"type"`
	URL       string `json:"confirmation_url,omitempty"`
	ReturnURL string `json:"return_url,omitempty"`
	Enforce   bool   `json:"enforce,omitempty"`
	Token     string `json:"confirmation_token,omitempty"`
	Data      string `json:"confirmation_data,omitempty"`
	Locale    string `json:"locale,omitempty"`
}

type cancellation struct {
	Party  string `json:"party"`
	Reason string `json:"reason"`
}

type authorization struct {
	RRN    string  `json:"rrn,omitempty"`
	Code   string  `json:"auth_code,omitempty"`
	Secure *secure `json:"three_d_secure,omitempty"`
}

type secure struct {
	Applied bool `json:"applied"`
}

type transfer struct {
	Account string  `json:"account_id"`
	Amount  amount  `json:"amount"`
	Status  string  `json:"status,omitempty"`
	Fee     *amount `json:"platform_fee_amount,omitempty"`

	Description string            `json:"description,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
}

type refund struct {
	ID            string            `json:"id"`
	Payment       string            `json:"payment_id"`
	Status        string            `json:"status"`
	CreatedAt     stamp             `json:"created_at"`
	Amount        amount            `json:"amount"`
	Description   string            `json:"description,omitempty"`
	Receipt       string            `json:"receipt_registration,omitempty"`
	Sources       []transfer        `json:"sources,omitempty"`
	Cancellation  *cancellation     `json:"cancellation_details,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"`
	Authorization *authorization    `json:"refund_authorization_details,omitempty"`
	Deal          json.RawMessage   `json:"deal,omitempty"`
	RefundMethod  json.RawMessage   `json:"refund_method,omitempty"`
}

type receipt struct {
	ID         string       `json:"id"`
	Type       string       `json:"type"`
	Payment    string       `json:"payment_id,omitempty"`
	Refund     string       `json:"refund_id,omitempty"`
	Status     string       `json:"status"`
	Document   string       `json:"fiscal_document_number,omitempty"`
	Storage    string       `json:"fiscal_storage_number,omitempty"`
	Attribute  string       `json:"fiscal_attribute,omitempty"`
	Provider   string       `json:"fiscal_provider_id,omitempty"`
	Registered *local       `json:"registered_at,omitempty"`
	TaxSystem  int          `json:"tax_system_code,omitempty"`
	Items      []item       `json:"items"`
	Settled    []settlement `json:"settlements,omitempty"`
	OnBehalfOf string       `json:"on_behalf_of,omitempty"`

	// made is when the receipt was asked for: lists filter by it, the object
	// does not show it.
	made time.Time
	// stuck receipts wait for ever: they were set so from outside.
	stuck bool
}

type item struct {
	Description string      `json:"description"`
	Quantity    json.Number `json:"quantity"`
	Amount      amount      `json:"amount"`
	VAT         int         `json:"vat_code"`
	Subject     string      `json:"payment_subject,omitempty"`
	Mode        string      `json:"payment_mode,omitempty"`
	ProductCode string      `json:"product_code,omitempty"`
	Country     string      `json:"country_of_origin_code,omitempty"`
	Customs     string      `json:"customs_declaration_number,omitempty"`
	Excise      string      `json:"excise,omitempty"`
	Measure     string      `json:"measure,omitempty"`
	AgentType   string      `json:"agent_type,omitempty"`
	Supplier    *supplier   `json:"supplier,omitempty"`
}

type supplier struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	INN   string `json:"inn,omitempty"`
}

type settlement struct {
	Type   string `json:"type"`
	Amount amount `json:"amount"`
}

// copied is a deep copy, so that a change of it leaves the original alone.
func copied[T any](v *T) *T {
	text, err := json.Marshal(v)
	out := new(T)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil { // the simulator's own objects are always sound
		panic(err)
	}
	return out
}
