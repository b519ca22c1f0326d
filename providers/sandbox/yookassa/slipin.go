package yookassa

import (
	"encoding/json"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// Limits of receipts.
const (
	maxItems       = 100
	maxItemText    = 128
	maxFullName    = 256
	maxEmail       = 254
	maxSettlements = 100
	lastVAT        = 12
	lastTaxSystem  = 6
)

var (
	innForm      = regexp.MustCompile(`^([0-9]{10}|[0-9]{12})$`)
	quantityForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,6})?$`)
	productForm  = regexp.MustCompile(`^[0-9A-Fa-f]{2}( [0-9A-Fa-f]{2}){0,31}$`)
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	exciseForm   = regexp.MustCompile(`^[0-9]{1,10}\.[0-9]{2}$`)
	noMarkForm   = regexp.MustCompile(`^0$`)
)

var (
	settlementTypes = []string{"cashless", "prepayment", "postpayment", "consideration"}
	paymentModes    = []string{"full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment", "credit", "credit_payment"}
	agentTypes      = []string{"banking_payment_agent", "banking_payment_subagent", "payment_agent", "payment_subagent", "attorney", "commissioner", "agent"}
	paymentSubjects = []string{
		"commodity", "excise", "job", "service", "gambling_bet", "gambling_prize", "lottery", "lottery_prize", "intellectual_activity", "payment",
		"agent_commission", "property_right", "non_operating_gain", "insurance_premium", "sales_tax", "resort_fee", "composite", "another", "casino",
		"fine", "tax", "lien", "cost", "marked", "non_marked", "marked_excise", "non_marked_excise", "agent_withdrawals",
		"pension_insurance_without_payouts", "pension_insurance_with_payouts", "health_insurance_without_payouts", "health_insurance_with_payouts",
		"health_insurance",
	}
)

// receiptData reads the optional receipt data of a payment, capture or refund,
// unless what came before it in the body is bad already.
func (s *Simulator) receiptData(c *call, bad *gate.Answer) (*receipt, *gate.Answer) {
	if bad != nil {
		return nil, bad
	}
	in, ok := c.whole().object("receipt")
	if !ok {
		return nil, in.bad()
	}
	r := s.readSlip(in, false)
	return r, in.bad()
}

// comesTo refuses items that do not come to the sum. No receipt comes to all.
func (r *receipt) comesTo(sum amount) *gate.Answer {
	if r == nil || r.sum().Equal(sum.decimal()) {
		return nil
	}
	a := invalid("The items do not come to the amount", "receipt.items")
	return &a
}

// readSlip reads receipt data; alone is a receipt that is made by itself.
func (s *Simulator) readSlip(in part, alone bool) *receipt {
	r := &receipt{Status: "pending"}
	s.readCustomer(in)
	r.TaxSystem, _ = in.integer("tax_system_code", 1, lastTaxSystem)
	if !in.has("items") {
		in.refuse("The items are missing", "items")
	}
	for _, it := range in.objects("items", maxItems) {
		r.Items = append(r.Items, it.item(alone))
	}
	return r
}

// readCustomer checks whom the receipt goes to. The edition of 2019 took an
// address beside the customer too.
func (s *Simulator) readCustomer(in part) {
	to, ok := in.object("customer")
	to.text("full_name", maxFullName)
	to.form("inn", innForm, "An INN has 10 or 12 digits")
	reached := ok && to.reaches()
	if s.opt.OldDialect {
		reached = in.reaches() || reached
	}
	if !reached {
		in.refuse("The receipt needs an e-mail or a phone", "customer")
	}
}

func (p part) reaches() bool {
	mail := p.text("email", maxEmail)
	return p.form("phone", phone, "A phone has 4 to 15 digits") != "" || mail != ""
}

// item reads one line. Only receipts made by themselves name agents.
func (p part) item(alone bool) item {
	it := item{
		Description: p.must("description", maxItemText), Quantity: p.quantity(), Amount: p.mustMoney("amount"),
		Subject:     p.oneOf("payment_subject", paymentSubjects),
		Mode:        p.oneOf("payment_mode", paymentModes),
		ProductCode: p.form("product_code", productForm, "A product code has up to 32 bytes in hexadecimal, with spaces"),
		Country:     p.form("country_of_origin_code", countryForm, "A country has two capital letters"),
		Customs:     p.text("customs_declaration_number", 32),
		Excise:      p.form("excise", exciseForm, "An excise is a decimal number with two places"),
		Measure:     p.text("measure", maxID),
	}
	var ok bool
	if it.VAT, ok = p.integer("vat_code", 1, lastVAT); !ok {
		p.refuse("The VAT code is missing", "vat_code")
	}
	p.marks()
	if !alone && (p.has("supplier") || p.has("agent_type")) {
		p.refuse("Agents stand in receipts that are made by themselves only", "agent_type")
	}
	it.AgentType = p.oneOf("agent_type", agentTypes)
	if from, ok := p.object("supplier"); ok {
		it.Supplier = &supplier{
			Name: from.text("name", maxFullName), Phone: from.form("phone", phone, "A phone has 4 to 15 digits"),
			INN: from.form("inn", innForm, "An INN has 10 or 12 digits"),
		}
	}
	return it
}

// marks checks what marked goods bring. It is not shown again.
func (p part) marks() {
	if share, ok := p.object("mark_quantity"); ok {
		for _, name := range []string{"numerator", "denominator"} {
			if _, ok := share.integer(name, 1, 1_000_000); !ok {
				share.refuse("The value is missing", name)
			}
		}
	}
	p.object("mark_code_info")
	p.form("mark_mode", noMarkForm, "The mode is 0")
	p.integer("planned_status", 1, 6)
	p.text("additional_payment_subject_props", maxName)
}

// quantity reads a number that the seed's edition wrote as a text.
func (p part) quantity() json.Number {
	text, ok := p.number("quantity")
	if ok && quantityForm.MatchString(text) {
		if n := decimal.RequireFromString(text); n.IsPositive() {
			return json.Number(n.String())
		}
	}
	p.refuse("The quantity is missing or no number above zero", "quantity")
	return "0"
}

// number reads a number, or a text that is to be one.
func (p part) number(name string) (string, bool) {
	switch v := p.fields[name].(type) {
	case json.Number:
		return v.String(), true
	case string:
		return v, true
	default:
		return "", false
	}
}

// integer reads an optional whole number; false when it is missing.
func (p part) integer(name string, least, most int) (int, bool) {
	if !p.has(name) {
		return 0, false
	}
	text, _ := p.number(name)
	n, err := json.Number(text).Int64()
	if err != nil || n < int64(least) || n > int64(most) {
		p.refuse("The value is no whole number of those that are known", name)
		return 0, true
	}
	return int(n), true
}

func (p part) oneOf(name string, known []string) string {
	text := p.text(name, maxID)
	if text != "" && !slices.Contains(known, text) {
		p.refuse("There is no such value", name)
	}
	return text
}

// settlements reads how a receipt was paid.
func (p part) settlements() []settlement {
	var out []settlement
	if !p.has("settlements") {
		p.refuse("The settlements are missing", "settlements")
	}
	for _, in := range p.objects("settlements", maxSettlements) {
		if !in.has("type") {
			in.refuse("The value is missing", "type")
		}
		out = append(out, settlement{in.oneOf("type", settlementTypes), in.mustMoney("amount")})
	}
	return out
}
