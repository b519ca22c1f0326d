package billmanager

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// payment is one row of the payment table; a refund is one too, with a
// negative amount.
type payment struct {
	id, number     string
	created, paid  time.Time // paid: zero until credited
	senderID       string
	sender         string
	profileType    int
	account        string
	accountID      string
	recipientID    int // 0: the method has no company
	method         method
	amount         decimal.Decimal
	currency       string
	methodAmount   decimal.Decimal
	status         int
	restrictRefund bool
	refundFlag     bool // a refund row: cannot be credited
	refunded       decimal.Decimal
	order          string
	project        int
	mailDocs       int
	docState       int
	invoice        string
	receipt        string
	externalID     string
	info           string
	note           string
	description    string
	docNumber      string
	docDate        time.Time
	mayInvoice     bool            // an invoice may be made of it, once
	spent          decimal.Decimal // tied to expenses, so not refundable
	history        []event
}

// event is a line of a payment's history.
type event struct {
	at         time.Time
	user, ip   string
	what       text
	supplement string
}

// method is a way to pay.
type method struct {
	id        int
	name      string
	module    string
	refunds   bool
	currency  string
	recipient int
}

// noMethod is shown for a payment whose payer has not chosen yet.
var noMethod = method{name: "Select"}

var methods = []method{
	{3, "YooKassa", "pmyandexcheckout", true, "RUB", 1},
	{4, "Банковский перевод", "pmwire", false, "RUB", 1},
	{5, "Банковская карта", "pmcardgate", true, "RUB", 1},
	{6, "СБП", "pmsbp", true, "RUB", 1},
	{7, "PayPal", "pmpaypal", true, "USD", 0},
	{8, "SEPA transfer", "pmwire", false, "EUR", 2},
	{9, "Card (EUR)", "pmcardgate", true, "EUR", 2},
}

var companies = map[int]string{1: "ООО «Хостинг Сервис»", 2: "Hosting Service OÜ"}

// shares are percentages by status.
type shares []struct{ status, percent int }

var (
	otherFresh = shares{{stNew, 55}, {stPaid, 8}, {stPromised, 4}, {stCredited, 24}, {stReturning, 1}, {stRefunded, 1}, {stFraud, 2}, {stInitiated, 2}, {stCancelled, 3}}
	otherOld   = shares{{stNew, 8}, {stPaid, 2}, {stPromised, 2}, {stCredited, 74}, {stReturning, 1}, {stRefunded, 3}, {stFraud, 2}, {stInitiated, 1}, {stCancelled, 5}, {stDeleting, 2}}
)

func (s shares) draw(roll uint64) int {
	at := int(roll % 100)
	for _, e := range s {
		if at < e.percent {
			return e.status
		}
		at -= e.percent
	}
	return s[0].status
}

// freshDays is for how many days most payments have not been dealt with.
const freshDays = 6

// light is what filters ask of a made row most: its status and whether a part
// of it was refunded. It draws nothing else.
func light(w *world.World, deal int) (status int, refundRow bool) {
	roll := world.Mix(w.Seed, "hosting status", deal)
	fresh := w.DaysBack(deal) <= freshDays
	if world.PaidByGateway(deal) {
		switch w.GatewayState(deal) {
		case world.Pending:
			return shares{{stNew, 80}, {stInitiated, 20}}.draw(roll), false
		case world.Held:
			return shares{{stNew, 60}, {stPaid, 40}}.draw(roll), false
		case world.Succeeded:
			if w.DaysBack(deal) <= 1 {
				return shares{{stCredited, 85}, {stNew, 15}}.draw(roll), false
			}
			return shares{{stCredited, 95}, {stNew, 5}}.draw(roll), false
		case world.RefundedPart:
			return stCredited, true
		case world.RefundedWhole:
			return shares{{stRefunded, 90}, {stReturning, 10}}.draw(roll), false
		default:
			return shares{{stCancelled, 70}, {stNew, 30}}.draw(roll), false
		}
	}
	status = otherOld.draw(roll)
	if fresh {
		status = otherFresh.draw(roll)
	}
	return status, status == stCredited && otherMethod(roll).refunds && world.Chance(roll>>20, 4)
}

// otherMethod draws the method of a payment that did not go through the
// shop's gateway.
func otherMethod(roll uint64) method {
	switch at := roll >> 32 % 100; {
	case at < 34:
		return methods[1]
	case at < 64:
		return methods[2]
	case at < 86:
		return methods[3]
	case at < 91:
		return methods[4]
	case at < 95:
		return methods[5]
	default:
		return methods[6]
	}
}

// rates turn roubles into the currencies of foreign methods.
var rates = map[string]decimal.Decimal{"RUB": decimal.New(1, 0), "USD": decimal.New(80, 0), "EUR": decimal.New(90, 0)}

// numberOf is the number of a made payment.
func numberOf(row int) string { return "A-" + strconv.Itoa(1001+row) }

// makePayment is the row-th payment as the world made it.
func makePayment(w *world.World, row int) payment {
	deal := w.Hosting().Deal(row)
	d := w.Deal(deal)
	roll := world.Mix(w.Seed, "hosting status", deal)
	p := payment{
		id: world.HostingID(row), number: numberOf(row), created: d.Time,
		senderID: strconv.Itoa(firstProfile + d.Client.Row), sender: d.Client.Name(), account: d.Client.Email, accountID: strconv.Itoa(firstAccount + d.Client.Row),
		profileType: profileType(d.Client), project: 1, mailDocs: int(roll>>8) % 4, info: d.Purpose,
	}
	p.status, _ = light(w, deal)
	if world.PaidByGateway(deal) {
		p.method = methods[0]
		if w.GatewayState(deal).Taken() {
			shopRow, _ := w.Shop().Row(deal)
			p.externalID = world.ShopPaymentID(w, shopRow)
		}
	} else {
		p.method = otherMethod(roll)
	}
	p.currency = p.method.currency
	p.amount = d.Amount.DivRound(rates[p.currency], 2)
	p.methodAmount = p.amount
	p.recipientID = p.method.recipient
	if p.recipientID == 2 {
		p.project = 2
	}
	if world.Chance(roll>>12, 30) {
		p.order = strconv.Itoa(100_000 + deal)
	}
	p.mayInvoice = p.profileType != 1
	p.finish(w, deal, roll)
	if p.status == stPromised || p.status == stCredited && (p.restrictRefund || !p.method.refunds) {
		p.spent = p.amount.Mul(decimal.New(int64(roll>>40%10)+1, -1)).Round(2)
	}
	return p
}

// finish fills in what depends on the status.
func (p *payment) finish(w *world.World, deal int, roll uint64) {
	p.history = []event{{at: p.created, user: p.account, ip: fmt.Sprintf("203.0.113.%d", 1+roll%250), what: didCreate}}
	switch p.status {
	case stNew:
		if !world.PaidByGateway(deal) && world.Chance(roll>>16, 10) {
			p.method, p.recipientID = noMethod, 0
		}
		return
	case stCredited, stReturning, stRefunded:
		p.paid = p.created.Add(time.Duration(1+roll>>24%50) * time.Minute)
		p.invoice, p.docState = "С-"+strconv.Itoa(1001+deal), []int{100, 101, 400}[roll>>28%3]
		p.receipt = strconv.FormatUint(7_000_000_000+roll%1_000_000_000, 10)
		p.restrictRefund = p.status == stCredited && world.Chance(roll>>18, 3)
		by := event{at: p.paid, user: "operator", ip: "198.51.100.7", what: didCredit, supplement: p.money(p.amount)}
		if p.externalID != "" {
			by.user, by.ip = p.method.module, "127.0.0.1"
			by.what = text{didCredit.en + p.money(p.amount) + didExternal.en, didCredit.ru + p.money(p.amount) + didExternal.ru}
			by.supplement = p.externalID
		}
		p.history = append(p.history, by)
	}
	_, part := light(w, deal)
	switch {
	case p.status == stRefunded:
		p.refunded = p.amount
		p.history = append(p.history, event{at: p.paid.Add(40 * time.Minute), user: "operator", ip: "198.51.100.7", what: didRefund, supplement: p.money(p.amount)})
	case part:
		p.refunded = partOf(w, deal, p.method)
		p.restrictRefund = false
		p.history = append(p.history, event{at: p.paid.Add(40 * time.Minute), user: "operator", ip: "198.51.100.7", what: didPart, supplement: p.money(p.refunded)})
	case p.status != stCredited:
		w := statusWords[p.status]
		p.history = append(p.history, event{at: p.created.Add(20 * time.Minute), user: "operator", ip: "198.51.100.7", what: text{didStatus.en + w.en, didStatus.ru + w.ru}})
	}
}

func partOf(w *world.World, deal int, m method) decimal.Decimal {
	part := w.PartOf(deal).DivRound(rates[m.currency], 2)
	if !part.IsPositive() {
		return decimal.New(1, -2)
	}
	return part
}

// makeRefund is the refund row of the row-th payment.
func makeRefund(w *world.World, row int, numbers RefundNumbers) payment {
	p := makePayment(w, row)
	// Within the payment's own day, so that rows of rising ids rise in time.
	year, month, day := p.created.Date()
	at := p.paid.Add(40 * time.Minute)
	if night := time.Date(year, month, day, 23, 59, 0, 0, p.created.Location()); at.After(night) {
		at = night
	}
	return p.refundRow(world.HostingRefundID(row), refundNumber(p, numbers, row+1), p.refunded, at)
}

// refundRow is the negative payment that a partial refund leaves.
func (p payment) refundRow(id, number string, amount decimal.Decimal, at time.Time) payment {
	r := p
	r.id, r.number, r.created, r.paid = id, number, at, at
	r.amount, r.methodAmount, r.refunded, r.spent = amount.Neg(), amount.Neg(), decimal.Zero, decimal.Zero
	r.mayInvoice, r.note, r.description, r.docNumber, r.docDate = false, "", "", "", time.Time{}
	r.status, r.refundFlag, r.restrictRefund = stCredited, true, false
	r.externalID, r.invoice, r.receipt, r.order, r.info, r.docState = "", "", "", "", "", 0
	r.method.refunds = false
	r.history = []event{{at: at, user: "operator", ip: "198.51.100.7", what: didCreate}}
	return r
}

func refundNumber(p payment, numbers RefundNumbers, serial int) string {
	switch numbers {
	case ByID:
		return "return/" + p.id
	case Serial:
		return "return/" + strconv.Itoa(serial)
	default:
		return "return/" + p.number
	}
}

// tax is the tax within the amount.
func (p payment) tax() decimal.Decimal {
	return p.amount.Mul(decimal.New(20, 0)).DivRound(decimal.New(120, 0), 2)
}

// rest is what may still be given back.
func (p payment) rest() decimal.Decimal { return p.amount.Sub(p.refunded).Sub(p.spent) }

// money is an amount as histories print it.
func (p payment) money(d decimal.Decimal) string { return d.StringFixed(2) + " " + p.currency }
