package billmanager

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// currencyIDs are the panel's ids of the currencies.
var currencyIDs = map[string]string{"126": "RUB", "153": "USD", "50": "EUR"}

// redirect sends a client on to the page where the payment is paid. It changes
// nothing in the payment.
func (s *Simulator) redirect(q request, by *who) ([]node, *failure) {
	if by.level >= staff {
		return nil, noRight(q.fn)
	}
	p, bad := s.one(q)
	if bad != nil {
		return nil, bad
	}
	amount := q.get("amount_currency")
	if !s.changes(q) {
		return []node{leaf("elid", p.id), leaf("amount_currency", amount)}, nil
	}
	if _, err := strconv.ParseUint(amount, 10, 63); err != nil && (amount != "" || !s.opt.RedirectByID) {
		if amount == "" {
			return nil, noParam("amount_currency")
		}
		return nil, badValue("amount_currency", amount)
	}
	if !slices.Contains([]int{stNew, stPaid, stInitiated}, p.status) || p.method.id == 0 {
		return nil, s.notAllowed(q.fn, p.id)
	}
	return []node{leaf("ok", p.link()), leaf("payment_id", p.id)}, nil
}

// link is the page where a payment is paid.
func (p payment) link() string {
	return "/mancgi/" + strings.TrimPrefix(p.method.module, "pm") + "payment?elid=" + p.id
}

// newPayment is what the ledger keeps of a payment that a call added.
type newPayment struct {
	Account string `json:"account"`
	Profile string `json:"profile,omitempty"`
	Method  string `json:"method"`
	User    string `json:"user"`
}

// addPay adds a payment as the last step of the old cart.
func (s *Simulator) addPay(q request, by *who) ([]node, *failure) {
	if !s.changes(q) {
		kids := []node{methodChoices("paymethod")}
		for _, name := range []string{"amount", "payment_currency", "customer_account", "paymethod", "plid", "profile"} {
			kids = append(kids, leaf(name, q.get(name)))
		}
		return kids, nil
	}
	o, amount, bad := s.order(q, by)
	if bad != nil {
		return nil, bad
	}
	p, _ := s.ordered(s.rows.nextID(), o, amount) // checked by order
	s.rows.put(p)
	s.record(q.fn, p, p.amount, detail{Order: &o})
	return []node{leaf("id", p.id), leaf("id", o.Account), leaf("ok", p.link())}, nil
}

// order checks the parameters of a new payment.
func (s *Simulator) order(q request, by *who) (newPayment, decimal.Decimal, *failure) {
	o := newPayment{Account: q.get("customer_account"), Profile: q.get("profile"), Method: q.get("paymethod"), User: by.name}
	var none decimal.Decimal
	for _, name := range []string{"amount", "payment_currency", "customer_account", "paymethod"} {
		if q.get(name) == "" {
			return o, none, noParam(name)
		}
	}
	amount, ok := amountIn(q.get("amount"))
	if !ok || !amount.IsPositive() {
		return o, none, badValue("amount", q.get("amount"))
	}
	id, _ := strconv.Atoi(o.Method)
	m, ok := methodOf(id)
	if !ok || strconv.Itoa(id) != o.Method {
		return o, none, badValue("paymethod", o.Method)
	}
	if currencyIDs[q.get("payment_currency")] != m.currency {
		return o, none, badValue("payment_currency", q.get("payment_currency"))
	}
	payer, ok := s.client(o.Account, firstAccount)
	if !ok || by.account != "" && by.account != o.Account {
		return o, none, missed("account", o.Account)
	}
	if v := q.get("plid"); v != "" && v != o.Account {
		return o, none, badValue("plid", v)
	}
	if o.Profile != "" && o.Profile != strconv.Itoa(firstProfile+payer.Row) {
		return o, none, missed("profile", o.Profile)
	}
	switch {
	case m.module == "pmwire" && o.Profile == "": // a bank asks who pays
		return o, none, noParam("profile")
	case m.module == "pmyandexcheckout" && q.get("payment_method") == "":
		return o, none, noParam("payment_method")
	}
	return o, amount, nil
}

// ordered is the payment of an order; false when the panel lacks its client or
// method.
func (s *Simulator) ordered(id string, o newPayment, amount decimal.Decimal) (payment, bool) {
	c, known := s.client(o.Account, firstAccount)
	n, err := strconv.Atoi(o.Method)
	m, ok := methodOf(n)
	if !known || !ok || err != nil {
		return payment{}, false
	}
	p := payment{
		id: id, number: "A-" + id, created: s.gate().Now(), senderID: strconv.Itoa(firstProfile + c.Row), sender: c.Name(),
		profileType: profileType(c), account: c.Email, accountID: o.Account, recipientID: m.recipient, method: m, status: stNew,
		amount: amount, methodAmount: amount, currency: m.currency, project: max(1, m.recipient), mayInvoice: c.Company != "",
	}
	p.history = []event{{at: p.created, user: o.User, ip: "127.0.0.1", what: didCreate}}
	return p, true
}
