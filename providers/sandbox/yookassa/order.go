package yookassa

import (
	"net"
	"net/http"
	"regexp"
	"slices"

	"bursar/providers/sandbox/gate"
)

// order is what a new payment is asked for with, checked field by field.
type order struct {
	payment *payment // without an id yet
	capture bool
	save    bool
	method  string // code; empty: the payer chooses
	card    *card  // whose number the shop sent
	phone   string // of payment_method_data
	login   string
	token   string
	saved   string // payment_method_id
	slip    *receipt
}

// Limits of texts.
const (
	maxDescription = 128
	maxCustomer    = 200
	maxID          = 64
	maxToken       = 10240
)

// orderIn reads the body of POST /payments.
func (s *Simulator) orderIn(c *call) (*order, *gate.Answer) {
	in := c.whole()
	p := &payment{Status: "pending", Recipient: recipient{shopID, gatewayID}}
	o := &order{payment: p}
	p.Amount = in.mustMoney("amount")
	p.Description = in.text("description", maxDescription)
	if r, ok := in.object("recipient"); ok && r.must("gateway_id", maxID) != gatewayID {
		r.refuse("The shop has no such gateway", "gateway_id")
	}
	s.payBy(in, o)
	s.confirmBy(in, o)
	o.save, o.capture = in.flag("save_payment_method"), in.flag("capture")
	if ip := in.text("client_ip", maxID); in.has("client_ip") && net.ParseIP(ip) == nil {
		in.refuse("The value is not an IP address", "client_ip")
	}
	p.Metadata = in.metadata()
	if p.Metadata == nil {
		p.Metadata = map[string]string{}
	}
	p.Customer = in.text("merchant_customer_id", maxCustomer)
	in.airline()
	p.Transfers = in.transfers(p.Amount)
	if bad := in.bad(); bad != nil {
		return nil, bad
	}
	var bad *gate.Answer
	if o.slip, bad = s.receiptData(c, nil); bad == nil {
		bad = o.slip.comesTo(p.Amount)
	}
	if bad != nil {
		return nil, bad
	}
	return o, s.enabled(in, o)
}

// enabled refuses what the shop has no right to.
func (s *Simulator) enabled(in part, o *order) *gate.Answer {
	forbid := func(text, parameter string) *gate.Answer {
		a := fail(http.StatusForbidden, "forbidden", text, parameter)
		return &a
	}
	switch {
	case o.card != nil && !s.opt.RawCards:
		return forbid("Only shops with a PCI DSS certificate may send card numbers", "payment_method_data.card")
	case in.has("deal"):
		return forbid("Safe deals are not enabled for the shop", "deal")
	default:
		return nil
	}
}

var (
	phone    = regexp.MustCompile(`^[0-9]{4,15}$`)
	cardForm = regexp.MustCompile(`^[0-9]{16,19}$`)
	month    = regexp.MustCompile(`^(0[1-9]|1[0-2])$`)
	year     = regexp.MustCompile(`^20[0-9]{2}$`)
	cscForm  = regexp.MustCompile(`^[0-9]{3,4}$`)
)

// newMethods are the methods that a payment can be made with today; the others
// of methodCodes are history.
var newMethods = methodCodes[:12]

// oldMethods were taken by the edition of 2019.
var oldMethods = []string{
	"bank_card", "yandex_money", "sberbank", "sbp", "mobile_balance", "cash", "b2b_sberbank", "alfabank", "webmoney", "wechat", "apple_pay",
	"google_pay", "qiwi", "installments",
}

// payBy reads what a payment is to be paid by: at most one of a token, a saved
// method and the data of a new one.
func (s *Simulator) payBy(in part, o *order) {
	o.token = in.filled("payment_token", maxToken)
	o.saved = in.filled("payment_method_id", maxID)
	data, ok := in.object("payment_method_data")
	if !atMostOne(in.has("payment_token"), in.has("payment_method_id"), ok) {
		in.refuse("Give one of payment_token, payment_method_id and payment_method_data", "payment_method_data")
		return
	}
	if !ok {
		return
	}
	known := newMethods
	if s.opt.OldDialect {
		known = oldMethods
	}
	o.method = data.must("type", maxID)
	if o.method != "" && !slices.Contains(known, o.method) {
		data.refuse("There is no such payment method", "type")
	}
	if o.method == "yandex_money" {
		o.method = "yoo_money"
	}
	o.phone = data.form("phone", phone, "A phone has 4 to 15 digits")
	if o.method == "mobile_balance" && o.phone == "" {
		data.refuse("The phone is missing", "phone")
	}
	o.login = data.text("login", maxDescription)
	if o.method == "alfabank" && o.login == "" {
		data.refuse("The login is missing", "login")
	}
	if card, ok := data.object("card"); ok {
		o.card = card.readCard()
	}
}

func atMostOne(given ...bool) bool {
	n := 0
	for _, g := range given {
		if g {
			n++
		}
	}
	return n <= 1
}

// readCard reads a card that the shop took the number of; what is kept is a
// mask.
func (p part) readCard() *card {
	for _, name := range []string{"number", "expiry_month", "expiry_year"} {
		if !p.has(name) {
			p.refuse("The value is missing", name)
		}
	}
	number := p.form("number", cardForm, "A card number has 16 to 19 digits")
	out := &card{
		Month: p.form("expiry_month", month, "A month has two digits"),
		Year:  p.form("expiry_year", year, "A year has four digits"),
	}
	p.form("csc", cscForm, "The code has 3 or 4 digits")
	p.text("cardholder", maxDescription)
	if p.bad() == nil {
		out.First6, out.Last4 = number[:6], number[len(number)-4:]
		out.Type, out.Country = brand(number), "RU"
	}
	return out
}

func brand(number string) string {
	if name, ok := brands[number[0]]; ok {
		return name
	}
	return "Unknown"
}

var confirmations = []string{"redirect", "external", "qr", "embedded", "mobile_application"}

// confirmBy reads how the payer is to confirm. Without it only a saved method,
// a token and a card whose number was sent can be paid by.
func (s *Simulator) confirmBy(in part, o *order) {
	how, ok := in.object("confirmation")
	if in.bad() != nil {
		return
	}
	direct := o.saved != "" || o.token != "" || o.card != nil
	switch {
	case !ok && !direct:
		in.refuse("The confirmation is missing", "confirmation")
		return
	case ok && o.saved != "":
		in.refuse("A payment by a saved method takes no confirmation", "confirmation")
		return
	case !ok:
		return
	}
	locales := []string{"ru_RU", "en_US"}
	if s.opt.OldDialect {
		locales = append(locales, "de_DE")
	}
	out := &confirmation{Type: how.must("type", maxID), ReturnURL: how.text("return_url", maxURL), Enforce: how.flag("enforce")}
	locale := how.text("locale", maxID)
	switch {
	case how.bad() == nil && !slices.Contains(confirmations, out.Type):
		how.refuse("There is no such confirmation", "type")
	case out.Type == "redirect" && out.ReturnURL == "":
		how.refuse("The address to return to is missing", "return_url")
	case locale != "" && !slices.Contains(locales, locale):
		how.refuse("There is no such locale", "locale")
	}
	o.payment.Confirmation = out
}
