package billmanager

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// SetWorld changes the payment whose id is in set, or adds one, as the panel's
// staff might: by the list's own field names. A row that is added needs an
// amount; without an id it gets the next. An unknown field is an error.
func (s *Simulator) SetWorld(kind string, set json.RawMessage) error {
	if kind != "payment" {
		return fmt.Errorf("the panel has no %q: use payment", kind)
	}
	var raw map[string]any
	if err := json.Unmarshal(set, &raw); err != nil {
		return fmt.Errorf("the fields are no JSON object: %w", err)
	}
	fields := map[string]string{}
	for name, v := range raw {
		switch v := v.(type) {
		case string:
			fields[name] = v
		case float64:
			fields[name] = strconv.FormatFloat(v, 'f', -1, 64)
		default:
			return fmt.Errorf("%s is neither a text nor a number", name)
		}
	}
	p, found := s.rows.find(fields["id"])
	if !found {
		if fields["subaccountamount_iso"] == "" {
			return fmt.Errorf("no payment %q; one that is added needs subaccountamount_iso", fields["id"])
		}
		p = s.blank(fields["id"])
	}
	// A method and an amount bring others with them, which further fields may
	// then set apart.
	names := slices.Sorted(maps.Keys(fields))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, name := range names {
		if err := s.setField(&p, name, fields[name]); err != nil {
			return err
		}
	}
	if p.amount.IsNegative() && strings.HasPrefix(p.number, "return") {
		p.refundFlag, p.method.refunds = true, false
	}
	if _, ok := fields["create_date"]; ok {
		s.rows.moved = true
	}
	s.rows.put(p)
	return nil
}

func rank(field string) int {
	if field == "paymethod_name" || field == "subaccountamount_iso" {
		return 0
	}
	return 1
}

// blank is a new payment with what every payment has.
func (s *Simulator) blank(id string) payment {
	if id == "" {
		id = s.rows.nextID()
	}
	now := s.gate().Now()
	p := payment{
		id: id, number: "A-" + id, created: now, senderID: "40001", sender: "Иванов Иван Иванович", profileType: 1,
		account: "ivanov@example.ru", accountID: "20001", recipientID: 1, method: methods[2], status: stNew, project: 1, currency: "RUB",
	}
	return s.tell(p, didCreate, "")
}

// texts are the fields that are taken as they come.
func (p *payment) texts() map[string]*string {
	return map[string]*string{
		"number": &p.number, "sender_name": &p.sender, "sender_id": &p.senderID, "account_name": &p.account, "billorder": &p.order,
		"payment_receipt": &p.receipt, "paymentinvoice_number": &p.invoice, "externalid": &p.externalID, "info": &p.info, "note": &p.note,
	}
}

func (s *Simulator) setField(p *payment, name, v string) error {
	if text, ok := p.texts()[name]; ok {
		*text = v
		return nil
	}
	var err error
	switch name {
	case "id":
	case "create_date":
		p.created, err = s.day(name, v)
	case "pay_date":
		p.paid, err = s.day(name, v)
	case "status":
		p.status, err = strconv.Atoi(v)
		if _, ok := statusWords[p.status]; err != nil || !ok {
			return fmt.Errorf("status %q is none of 1 to 9 and 100", v)
		}
	case "allowrefund", "restrictrefund", "allowinvoice":
		if v != "on" && v != "off" {
			return fmt.Errorf("%s is %q: use on or off", name, v)
		}
		flags := map[string]*bool{"allowrefund": &p.method.refunds, "restrictrefund": &p.restrictRefund, "allowinvoice": &p.mayInvoice}
		*flags[name] = v == "on"
	case "paymethod_name":
		err = p.setMethod(v)
	case "subaccountamount_iso":
		p.amount, p.currency, err = amountOf(name, v)
		p.methodAmount = p.amount
	case "expense":
		p.spent, _, err = amountOf(name, v)
	case "paymethodamount_iso":
		p.methodAmount, _, err = amountOf(name, v)
	default:
		return fmt.Errorf("a payment has no field %q that can be set", name)
	}
	return err
}

func (p *payment) setMethod(name string) error {
	for _, m := range append([]method{noMethod}, methods...) {
		if m.name == name {
			p.method, p.recipientID = m, m.recipient
			return nil
		}
	}
	return fmt.Errorf("no payment method %q", name)
}

func (s *Simulator) day(name, v string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, v, s.gate().Now().Location())
	if err != nil {
		return t, fmt.Errorf("%s is %q: write a date such as 2026-11-22", name, v)
	}
	return t, nil
}

func amountOf(name, v string) (decimal.Decimal, string, error) {
	number, currency, ok := strings.Cut(v, " ")
	d, err := decimal.NewFromString(number)
	if !ok || err != nil || len(currency) != 3 || len(number) > 20 {
		return d, "", fmt.Errorf("%s is %q: write an amount such as 100.00 RUB", name, v)
	}
	return d, currency, nil
}

// Balance is what credits and refunds have changed a client's account by.
func (s *Simulator) Balance(accountID, currency string) decimal.Decimal {
	return s.rows.balances[accountID+" "+currency]
}
