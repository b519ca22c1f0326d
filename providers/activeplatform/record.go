package activeplatform

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers"
)

// The statuses that the client decides by.
const (
	waitingForPayment = "waiting_for_payment"
	completed         = "completed"
	processing        = "processing"
)

// known maps the platform's statuses. Any other is shown as it came.
var known = map[string]providers.Status{
	waitingForPayment:   {Label: "Waiting for payment", Phase: providers.PhaseWaiting},
	completed:           {Label: "Completed", Phase: providers.PhaseDone},
	"receipt_creating":  {Label: "Receipt creating", Phase: providers.PhaseWaiting},
	"receipt_sent":      {Label: "Receipt sent", Phase: providers.PhaseWaiting},
	"cancelled":         {Label: "Cancelled", Phase: providers.PhaseCancelled},
	"canceled":          {Label: "Cancelled", Phase: providers.PhaseCancelled},
	"paid_from_balance": {Label: "Paid from balance", Phase: providers.PhaseDone},
	"expired":           {Label: "Expired", Phase: providers.PhaseCancelled},
	processing:          {Label: "Processing", Phase: providers.PhaseWaiting},
	"pending_billing":   {Label: "Pending billing", Phase: providers.PhaseWaiting},
}

func statusOf(code string) providers.Status {
	s, ok := known[code]
	if !ok {
		s = providers.Status{Label: code}
	}
	s.Code = code
	return s
}

// The flags.
const (
	flagOrders   = "orders"        // it pays for orders; completing it may start them
	flagMismatch = "sum mismatch"  // an order's charges do not add up to its total
	flagNoTotal  = "unclear total" // the total could not be read
)

// toRecord puts a payment into the envelope. The interface names no currency:
// it is the account's, and unknown without one.
func toRecord(p payment, raw json.RawMessage, account, currency string) providers.Record {
	r := providers.Record{
		Ref:     providers.Ref{Account: account, Kind: providers.Payment, ID: string(p.ID)},
		Number:  string(p.Document),
		Status:  statusOf(string(p.Status)),
		Amount:  p.Total.money(currency),
		Created: p.Created.time(),
		Updated: p.Updated.time(),
		Method:  string(p.MethodName),
		Note:    string(p.Comment),
		Raw:     providers.MaskJSON(raw, providers.MaskRule{Drop: []string{"api_token"}}),
	}
	if p.Account != "" {
		r.Party = providers.Party{ID: string(p.Account), Name: "Account " + string(p.Account)}
	}
	if r.Method == "" && p.Method != "" {
		r.Method = "method " + string(p.Method)
	}
	if len(p.Orders) > 0 {
		r.Flags = append(r.Flags, flagOrders)
	}
	if _, ok := p.Total.number(); !ok {
		r.Flags = append(r.Flags, flagNoTotal)
	}
	for _, o := range p.Orders {
		if ok, _ := o.addsUp(currency); !ok {
			r.Flags = append(r.Flags, flagMismatch)
			break
		}
	}
	r.Details = details(p, r, currency)
	return r
}

// rows collects the rows of a group and leaves the empty ones out.
type rows []providers.Row

func (g *rows) add(label, value string) {
	if value != "" {
		*g = append(*g, providers.Row{Label: label, Value: value})
	}
}

func details(p payment, r providers.Record, currency string) []providers.Group {
	var identity, money, dates rows
	identity.add("Document", r.Number)
	identity.add("Id", r.Ref.ID)
	identity.add("Status", r.Status.Label)
	identity.add("Account", string(p.Account))
	identity.add("Manager", string(p.Manager))
	identity.add("Requester IP", string(p.IP))
	identity.add("Comment", r.Note)
	money.add("Total", shown(p.Total, currency))
	money.add("Method", r.Method)
	money.add("Method id", string(p.Method))
	money.add("Denominated", string(p.Denominated))
	dates.add("Created", onPlatform(p.Created))
	dates.add("Updated", onPlatform(p.Updated))
	dates.add("Expires", string(p.Expiration))
	groups := []providers.Group{{Title: "Payment", Rows: identity}}
	for _, g := range []providers.Group{{Title: "Money", Rows: money}, {Title: "Dates on the platform", Rows: dates}, {Title: "Timeline", Rows: timeline(p, r)}} {
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	for _, o := range p.Orders {
		groups = append(groups, o.group(currency))
	}
	return groups
}

// shown is an amount for people, or the text that is none.
func shown(t text, currency string) string {
	d, ok := t.number()
	if !ok {
		return string(t)
	}
	if currency == "" {
		currency = providers.UnknownCurrency
	}
	return providers.Money{Decimal: d, Currency: currency}.String()
}

// onPlatform is a time with the platform's own offset.
func onPlatform(t text) string {
	at := t.time()
	if at.IsZero() {
		return string(t)
	}
	return at.Format("2006-01-02 15:04:05 -07:00")
}

func timeline(p payment, r providers.Record) rows {
	var out rows
	at := func(t time.Time, label, value string) {
		if !t.IsZero() {
			out = append(out, providers.Row{Label: label, Value: value, Time: t})
		}
	}
	at(r.Created, "created", shown(p.Total, r.Amount.Currency))
	for _, o := range p.Orders {
		at(o.Created.time(), "order "+string(o.Document), string(o.Status))
	}
	if !r.Updated.Equal(r.Created) {
		at(r.Updated, "last change", r.Status.Label)
	}
	return out
}

func (o order) group(currency string) providers.Group {
	var g rows
	g.add("Status", string(o.Status))
	g.add("Type", string(o.Type))
	g.add("Total", shown(o.Total, currency))
	g.add("Promo code", string(o.Promo))
	g.add("Created", onPlatform(o.Created))
	g.add("Updated", onPlatform(o.Updated))
	g.add("Expires", string(o.Expiration))
	for i, it := range o.Items {
		g.add(fmt.Sprintf("Item %d", i+1), joined(string(it.Description), string(it.Type), join(" ", string(it.TargetType), string(it.Target)), string(it.Status)))
	}
	for i, c := range o.Charges {
		g.add(fmt.Sprintf("Charge %d", i+1), c.line(currency))
	}
	if _, check := o.addsUp(currency); check != "" {
		g.add("Sum check", check)
	}
	title := "Order " + string(o.Document)
	if o.Document == "" {
		title = "Order " + string(o.ID)
	}
	return providers.Group{Title: strings.TrimSpace(title), Rows: g}
}

func (c charge) line(currency string) string {
	period := join(" – ", string(c.From), string(c.To))
	price := shown(c.UnitPrice, currency)
	for _, factor := range []text{c.Quantity, c.Duration} {
		if factor != "" && factor != "1" {
			price += " × " + string(factor)
		}
	}
	closed := ""
	if c.Close != "" {
		closed = "closed " + string(c.Close)
	}
	amount := shown(c.Amount, currency)
	if price == amount {
		price = ""
	}
	return joined(join(": ", string(c.Resource), string(c.Description)), period, price, amount, string(c.Status), string(c.Type), closed)
}

// addsUp checks an order's charges against its total. Without charges there is
// nothing to check.
func (o order) addsUp(currency string) (ok bool, check string) {
	total, known := o.Total.number()
	if len(o.Charges) == 0 || !known {
		return true, ""
	}
	sum := decimal.Zero
	for _, c := range o.Charges {
		d, readable := c.Amount.number()
		if !readable {
			return false, fmt.Sprintf("the charge of %q cannot be added", string(c.Amount))
		}
		sum = sum.Add(d)
	}
	text := text(sum.String())
	if sum.Equal(total) {
		return true, "the charges add up to " + shown(text, currency)
	}
	return false, fmt.Sprintf("the charges add up to %s, the order says %s", shown(text, currency), shown(o.Total, currency))
}

func joined(parts ...string) string { return join(" · ", parts...) }

func join(sep string, parts ...string) string {
	var have []string
	for _, p := range parts {
		if p != "" {
			have = append(have, p)
		}
	}
	return strings.Join(have, sep)
}
