package activeplatform

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// payment is a payment as lists, single reads and completions show it. A
// creation's answer is another shape: creation.
type payment struct {
	paymentCore
	MethodName string  `json:"payment_method_name"`
	Orders     []order `json:"orders"`
}

type paymentCore struct {
	ID       int     `json:"id"`
	Document string  `json:"document_id"`
	Status   string  `json:"status"`
	Account  int     `json:"account_id"`
	Created  stamp   `json:"created_at"`
	Updated  stamp   `json:"updated_at"`
	Total    amount  `json:"total"`
	Comment  string  `json:"comment"`
	IP       *string `json:"requester_ip"`
	Manager  *int    `json:"manager_id"`
	Method   *int    `json:"payment_method_id"`
}

// creation is the answer to a creation.
type creation struct {
	paymentCore
	Denominated bool    `json:"denominated"`
	Expiration  *string `json:"expiration_date"`
}

type order struct {
	ID         int      `json:"id"`
	Document   string   `json:"document_id"`
	Status     string   `json:"status"`
	Account    int      `json:"account_id"`
	Type       string   `json:"type"`
	Created    stamp    `json:"created_at"`
	Updated    stamp    `json:"updated_at"`
	Expiration string   `json:"expiration_date"`
	Total      amount   `json:"total"`
	Promo      *string  `json:"promo_code"`
	Payment    int      `json:"payment_id"`
	Items      []item   `json:"items"`
	Charges    []charge `json:"charges"`
}

type item struct {
	ID          int    `json:"id"`
	Target      int    `json:"target_id"`
	TargetType  string `json:"target_type"`
	Type        string `json:"type"`
	Status      string `json:"status"`
	Description string `json:"description"`
}

type charge struct {
	ID           int        `json:"id"`
	Subscription int        `json:"subscription_id"`
	SubResource  *int       `json:"subscription_resource_id"`
	SubName      *string    `json:"subscription_resource_name"`
	PlanResource *int       `json:"plan_resource_id"`
	Resource     *int       `json:"resource_id"`
	Close        *string    `json:"close_date"`
	Quantity     int        `json:"quantity"`
	From         string     `json:"operate_from"`
	To           string     `json:"operate_to"`
	Duration     *int       `json:"duration"`
	Description  string     `json:"description"`
	UnitPrice    amount     `json:"unit_price"`
	Amount       amount     `json:"amount"`
	Status       string     `json:"status"`
	Type         string     `json:"type"`
	Order        int        `json:"order_id"`
	Created      microStamp `json:"created_at"`
	Updated      microStamp `json:"updated_at"`
}

type account struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Class int    `json:"account_class_id"`
}

type user struct {
	ID         int        `json:"id"`
	First      string     `json:"first_name"`
	Middle     string     `json:"middle_name"`
	Last       string     `json:"last_name"`
	Email      string     `json:"email"`
	Status     string     `json:"status"`
	Attributes []struct{} `json:"custom_attributes"`
	Created    stamp      `json:"created_at"`
	Updated    stamp      `json:"updated_at"`
}

// zone is the platform's.
var zone = time.FixedZone("", 3*60*60)

// stamp is a time in the spelling of payments and orders: milliseconds, and a
// colon in the zone.
type stamp struct{ time.Time }

// MarshalJSON writes 2026-11-22T10:00:00.000+03:00.
func (s stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.In(zone).Format("2006-01-02T15:04:05.000-07:00"))
}

// UnmarshalJSON reads any spelling of the platform.
func (s *stamp) UnmarshalJSON(b []byte) error { return readTime(b, &s.Time) }

// microStamp is a time in the spelling of charges: microseconds, and no colon
// in the zone.
type microStamp struct{ time.Time }

// MarshalJSON writes 2026-11-22T10:00:00.000000+0300.
func (s microStamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.In(zone).Format("2006-01-02T15:04:05.000000-0700"))
}

// UnmarshalJSON reads any spelling of the platform.
func (s *microStamp) UnmarshalJSON(b []byte) error { return readTime(b, &s.Time) }

func readTime(b []byte, to *time.Time) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	t, err := parseTime(text)
	*to = t
	return err
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2026-11-22T10:00:00.000+03:00", text)
}

// amount is a decimal as Rails prints one: a text with at least one decimal
// and no padding.
type amount struct{ decimal.Decimal }

func (a amount) text() string {
	s := a.String()
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// MarshalJSON writes "100.0".
func (a amount) MarshalJSON() ([]byte, error) { return json.Marshal(a.text()) }

// UnmarshalJSON reads a text or a number.
func (a *amount) UnmarshalJSON(b []byte) error { return a.Decimal.UnmarshalJSON(b) }
