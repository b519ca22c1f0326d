package yookassa

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"bursar/providers"
	"bursar/providers/transport"
)

// The structs of this file are what the wire carries, read leniently: the
// vendor's own samples show numbers as texts, texts as numbers and an empty
// list where an object should be.

// text takes a JSON string, number or boolean.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		s, err := transport.Unquote(b)
		*t = text(s)
		return err
	}
	if s := string(b); s != "null" && !strings.ContainsAny(s, "[{") {
		*t = text(s)
	}
	return nil
}

// flag takes a JSON boolean or the text of one.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag(strings.Trim(string(b), `"`) == "true")
	return nil
}

// moment takes ISO 8601 with milliseconds, with or without an offset. What does
// not parse is no moment.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(b []byte) error {
	m.Time = parseMoment(strings.Trim(string(b), `"`))
	return nil
}

func parseMoment(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// metadata takes an object of texts; anything else is empty.
type metadata map[string]text

func (m *metadata) UnmarshalJSON(b []byte) error {
	if !isObject(b) {
		return nil
	}
	return json.Unmarshal(b, (*map[string]text)(m))
}

// maybe takes an object; anything else counts as absent.
type maybe[T any] struct{ V *T }

func (m *maybe[T]) UnmarshalJSON(b []byte) error {
	if !isObject(b) {
		return nil
	}
	m.V = new(T)
	return json.Unmarshal(b, m.V)
}

// several takes a list of objects; anything else counts as empty.
type several[T any] []T

func (l *several[T]) UnmarshalJSON(b []byte) error {
	var raws []json.RawMessage
	if json.Unmarshal(b, &raws) != nil {
		return nil
	}
	for _, raw := range raws {
		var v T
		if !isObject(raw) {
			continue
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	return nil
}

func isObject(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 0 && b[0] == '{'
}

type amount struct {
	Value    text `json:"value"`
	Currency text `json:"currency"`
}

// moneyOf is none when there is no amount or it does not parse.
func moneyOf(a maybe[amount]) providers.Money {
	if a.V == nil {
		return providers.Money{}
	}
	m, err := providers.NewMoney(string(a.V.Value), string(a.V.Currency))
	if err != nil {
		return providers.Money{}
	}
	return m
}

type payment struct {
	ID          text          `json:"id"`
	Status      text          `json:"status"`
	Amount      maybe[amount] `json:"amount"`
	Income      maybe[amount] `json:"income_amount"`
	Refunded    maybe[amount] `json:"refunded_amount"`
	Description text          `json:"description"`
	Recipient   maybe[struct {
		Account text `json:"account_id"`
		Gateway text `json:"gateway_id"`
	}] `json:"recipient"`
	Method       maybe[method] `json:"payment_method"`
	Captured     moment        `json:"captured_at"`
	Created      moment        `json:"created_at"`
	Expires      moment        `json:"expires_at"`
	Confirmation maybe[struct {
		Type text `json:"type"`
		URL  text `json:"confirmation_url"`
	}] `json:"confirmation"`
	Test          flag                `json:"test"`
	Paid          flag                `json:"paid"`
	Refundable    flag                `json:"refundable"`
	Receipt       text                `json:"receipt_registration"`
	Metadata      metadata            `json:"metadata"`
	Cancellation  maybe[cancellation] `json:"cancellation_details"`
	Authorization maybe[struct {
		RRN    text `json:"rrn"`
		Code   text `json:"auth_code"`
		Secure maybe[struct {
			Applied flag `json:"applied"`
		}] `json:"three_d_secure"`
	}] `json:"authorization_details"`
	Transfers several[transfer] `json:"transfers"`
	Customer  text              `json:"merchant_customer_id"`
	Deal      maybe[struct {
		ID text `json:"id"`
	}] `json:"deal"`
	Invoice maybe[struct {
		ID text `json:"id"`
	}] `json:"invoice_details"`
}

type method struct {
	Type    text        `json:"type"`
	ID      text        `json:"id"`
	Saved   flag        `json:"saved"`
	Title   text        `json:"title"`
	Status  text        `json:"status"`
	Card    maybe[card] `json:"card"`
	Account text        `json:"account_number"`
	Phone   text        `json:"phone"`
	Login   text        `json:"login"`
	SBP     text        `json:"sbp_operation_id"`
	Bank    maybe[struct {
		ID  text `json:"bank_id"`
		BIC text `json:"bic"`
	}] `json:"payer_bank_details"`
}

type card struct {
	First6  text `json:"first6"`
	Last4   text `json:"last4"`
	Month   text `json:"expiry_month"`
	Year    text `json:"expiry_year"`
	Type    text `json:"card_type"`
	Country text `json:"issuer_country"`
	Issuer  text `json:"issuer_name"`
}

type cancellation struct {
	Party  text `json:"party"`
	Reason text `json:"reason"`
}

type transfer struct {
	Account text          `json:"account_id"`
	Amount  maybe[amount] `json:"amount"`
	Status  text          `json:"status"`
	Fee     maybe[amount] `json:"platform_fee_amount"`
}

type refund struct {
	ID           text                `json:"id"`
	Payment      text                `json:"payment_id"`
	Status       text                `json:"status"`
	Created      moment              `json:"created_at"`
	Amount       maybe[amount]       `json:"amount"`
	Description  text                `json:"description"`
	Receipt      text                `json:"receipt_registration"`
	Sources      several[transfer]   `json:"sources"`
	Cancellation maybe[cancellation] `json:"cancellation_details"`
	Metadata     metadata            `json:"metadata"`
	Rights       maybe[struct {
		RRN text `json:"rrn"`
	}] `json:"refund_authorization_details"`
}

type receipt struct {
	ID         text             `json:"id"`
	Type       text             `json:"type"`
	Payment    text             `json:"payment_id"`
	Refund     text             `json:"refund_id"`
	Status     text             `json:"status"`
	Document   text             `json:"fiscal_document_number"`
	Storage    text             `json:"fiscal_storage_number"`
	Attribute  text             `json:"fiscal_attribute"`
	Provider   text             `json:"fiscal_provider_id"`
	Registered moment           `json:"registered_at"`
	TaxSystem  text             `json:"tax_system_code"`
	OnBehalfOf text             `json:"on_behalf_of"`
	Items      several[item]    `json:"items"`
	Settled    several[settled] `json:"settlements"`
}

type item struct {
	Description text          `json:"description"`
	Quantity    text          `json:"quantity"`
	Amount      maybe[amount] `json:"amount"`
	VAT         text          `json:"vat_code"`
	Subject     text          `json:"payment_subject"`
	Mode        text          `json:"payment_mode"`
	ProductCode text          `json:"product_code"`
	Country     text          `json:"country_of_origin_code"`
	Customs     text          `json:"customs_declaration_number"`
	Excise      text          `json:"excise"`
	AgentType   text          `json:"agent_type"`
	Supplier    maybe[struct {
		Name  text `json:"name"`
		Phone text `json:"phone"`
		INN   text `json:"inn"`
	}] `json:"supplier"`
}

type settled struct {
	Type   text          `json:"type"`
	Amount maybe[amount] `json:"amount"`
}

// listAnswer is a page; every item is decoded on its own.
type listAnswer struct {
	Type  text              `json:"type"`
	Items []json.RawMessage `json:"items"`
	Next  text              `json:"next_cursor"`
}

// problem is an error answer, and the 202 of the older edition.
type problem struct {
	Type        text `json:"type"`
	ID          text `json:"id"`
	Code        text `json:"code"`
	Description text `json:"description"`
	Parameter   text `json:"parameter"`
	Reason      text `json:"reason"`
	RetryAfter  text `json:"retry_after"`
}

// What is sent. Writing is strict: amounts are texts with the currency's
// decimals, absent fields are left out.

type amountOut struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

func amountFor(m providers.Money) amountOut {
	return amountOut{Value: m.StringFixed(providers.MinorDigits(m.Currency)), Currency: m.Currency}
}

type captureOut struct {
	Amount amountOut `json:"amount"`
}

type refundOut struct {
	Payment     string            `json:"payment_id"`
	Amount      amountOut         `json:"amount"`
	Description string            `json:"description,omitempty"`
	Metadata    map[string]string `json:"metadata"`
}
