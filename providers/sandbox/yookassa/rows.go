package yookassa

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// The shop that the simulator plays.
const (
	shopID    = "100500"
	gatewayID = "1705060"
)

// The spaces of the ids that rows carry.
const (
	paymentSpace = "payment"
	refundSpace  = "refund"
	receiptSpace = "receipt"
	newSpace     = " made since" // behind a space's name: objects that were not in the world
)

// Windows of the system.
const (
	holdFor     = 7 * 24 * time.Hour
	pendingFor  = 7 * 24 * time.Hour
	refundLater = 37 * time.Minute // after the payment, in the world's own past
	receiptLag  = 20 * time.Second
)

// roll draws a number for a deal that nothing else depends on.
func (s *Simulator) roll(deal int, name string) uint64 {
	return world.Mix(s.opt.World.Seed, "shop "+name, deal)
}

func (s *Simulator) dealOf(row int) int { return s.opt.World.Shop().Deal(row) }

// past is a moment of the world's past: never later than the world's making.
func (s *Simulator) past(t time.Time) time.Time {
	if t.After(s.start) {
		return s.start
	}
	return t
}

func (s *Simulator) paymentTime(row int) time.Time { return s.opt.World.DealTime(s.dealOf(row)) }

func (s *Simulator) refundTime(row int) time.Time {
	return s.past(s.paymentTime(row).Add(refundLater))
}

// receiptTime is the moment of a receipt row: even rows are payments' receipts,
// odd ones refunds'.
func (s *Simulator) receiptTime(row int) time.Time {
	if row%2 == 0 {
		return s.past(s.paymentTime(row / 2).Add(receiptLag))
	}
	return s.past(s.refundTime(row / 2).Add(receiptLag))
}

var methodMix = []string{
	"bank_card", "bank_card", "bank_card", "bank_card", "bank_card", "bank_card", "bank_card", "bank_card", "bank_card", "bank_card",
	"bank_card", "sbp", "sbp", "sbp", "sbp", "yoo_money", "yoo_money", "sberbank", "sberbank", "tinkoff_bank", "mobile_balance", "cash",
}

// methodOf is the method that a deal was paid by. A long hold is possible for
// cards and wallets only, a refund is not for cash and mobile balances.
func (s *Simulator) methodOf(deal int, state world.State) string {
	code := world.Pick(s.roll(deal, "method"), methodMix)
	switch {
	case state == world.Held && code != "bank_card" && code != "yoo_money",
		(state == world.RefundedPart || state == world.RefundedWhole) && !refunds(code):
		return "bank_card"
	default:
		return code
	}
}

// refunds reports whether payments by the method can be given back.
func refunds(method string) bool { return method != "cash" && method != "mobile_balance" }

var statusOfState = map[world.State]string{
	world.Pending: "pending", world.Held: "waiting_for_capture", world.Succeeded: "succeeded",
	world.RefundedPart: "succeeded", world.RefundedWhole: "succeeded", world.Cancelled: "canceled",
}

// makePayment is the row-th payment as it came with the world.
func (s *Simulator) makePayment(row int) *payment {
	w, n := s.opt.World, s.dealOf(row)
	d, state := w.Deal(n), w.GatewayState(n)
	p := &payment{
		ID: world.ShopPaymentID(w, row), Status: statusOfState[state], Amount: roubles(d.Amount), Description: d.Purpose,
		Recipient: recipient{shopID, gatewayID}, CreatedAt: stamp{d.Time}, Metadata: s.metadata(n, d), Customer: d.Client.Email,
	}
	p.Receipt = s.registration(n, state)
	code := s.methodOf(n, state)
	switch state {
	case world.Pending:
		p.Confirmation = &confirmation{
			Type: "redirect", URL: "https://yoomoney.ru/checkout/payments/v2/contract?orderId=" + p.ID, ReturnURL: "https://shop.example.ru/done",
		}
		if s.roll(n, "chosen")%2 == 0 {
			p.Method = &method{Type: code, ID: p.ID, Status: "pending"}
		}
		return p
	case world.Cancelled:
		p.Cancellation = world.Pick(s.roll(n, "cancelled"), cancellations)
		if p.Cancellation.Reason == "expired_on_confirmation" {
			return p
		}
	case world.Held:
		p.ExpiresAt = &stamp{d.Time.Add(holdFor)}
	default:
		p.CapturedAt = &stamp{s.past(d.Time.Add(time.Duration(3+s.roll(n, "captured")%12) * time.Second))}
		income := roubles(d.Amount.Mul(decimal.New(965, -3)))
		p.Income = &income
	}
	p.Method = s.makeMethod(p.ID, n, code, d.Client)
	p.Paid = p.Status != "canceled"
	p.Authorization = s.makeAuthorization(n, code, p.Paid)
	s.makeRefunded(p, n, state, code)
	return p
}

func (s *Simulator) makeRefunded(p *payment, deal int, state world.State, code string) {
	if !state.Taken() {
		return
	}
	p.Refundable = refunds(code) && state != world.RefundedWhole
	if state != world.Succeeded {
		back := roubles(s.opt.World.GatewayRefunded(deal))
		p.Refunded = &back
	}
}

var cancellations = []*cancellation{
	{"payment_network", "insufficient_funds"},
	{"yoo_money", "expired_on_confirmation"},
	{"payment_network", "general_decline"},
	{"merchant", "canceled_by_merchant"},
	{"yoo_money", "expired_on_confirmation"},
	{"payment_network", "3d_secure_failed"},
	{"yoo_money", "fraud_suspected"},
	{"payment_network", "card_expired"},
	{"yoo_money", "expired_on_capture"},
}

// metadata is what the shop notes with a payment: the hosting payment that it
// pays, or the payout to the seller, and who pays.
func (s *Simulator) metadata(n int, d world.Deal) map[string]string {
	m := map[string]string{"customer_name": d.Client.Name()}
	if row, ok := s.opt.World.Hosting().Row(n); ok && world.PaidByGateway(n) {
		m["billing_payment"] = world.HostingID(row)
		return m
	}
	m["order_id"] = strconv.Itoa(100000 + n)
	if row, ok := s.opt.World.Payouts().Row(n); ok {
		m["payout_id"] = world.PayoutID(row)
	}
	return m
}

// brands are card brands and issuers by the first digit.
var brands = map[byte]string{'2': "Mir", '4': "Visa", '5': "MasterCard"}

var issuers = []string{"Сбербанк", "Т-Банк", "Альфа-Банк", "ВТБ", "Газпромбанк", "Raiffeisen"}

func (s *Simulator) makeMethod(id string, n int, code string, payer world.Person) *method {
	m := &method{Type: code, ID: id, Status: "inactive", Title: methodTitles[code]}
	roll := s.roll(n, "method fields")
	switch code {
	case "bank_card":
		m.Card = makeCard(payer, roll)
		m.Title = "Bank card *" + m.Card.Last4
		if m.Saved = roll%9 == 0; m.Saved {
			m.Status = "active"
		}
	case "yoo_money":
		m.Account = fmt.Sprintf("41001%010d", roll%10_000_000_000)
		m.Title = "YooMoney wallet " + m.Account
	case "sberbank", "mobile_balance":
		m.Phone = strings.TrimPrefix(payer.Phone, "+")
	case "sbp":
		m.SBP = fmt.Sprintf("A%07dB%012dC%04dD", roll%10_000_000, roll%1_000_000_000_000, roll%10_000)
		m.Bank = &bank{ID: fmt.Sprintf("1000000%05d", 1+roll%40), BIC: fmt.Sprintf("0445%05d", 20000+roll%900)}
	}
	return m
}

var methodTitles = map[string]string{
	"sberbank": "SberPay", "tinkoff_bank": "T-Pay", "sbp": "SBP", "mobile_balance": "Mobile balance", "cash": "Cash",
}

func makeCard(p world.Person, roll uint64) *card {
	return &card{
		First6: p.CardFirst6, Last4: p.CardLast4, Month: fmt.Sprintf("%02d", roll%12+1), Year: strconv.Itoa(2027 + int(roll>>8%5)),
		Type: brands[p.CardFirst6[0]], Country: "RU", Issuer: world.Pick(roll>>3, issuers),
	}
}

func (s *Simulator) makeAuthorization(n int, code string, paid bool) *authorization {
	if code != "bank_card" || !paid {
		return nil
	}
	roll := s.roll(n, "authorization")
	return &authorization{
		RRN: fmt.Sprintf("%012d", roll%1_000_000_000_000), Code: fmt.Sprintf("%06d", roll>>40%1_000_000), Secure: &secure{Applied: roll%4 != 0},
	}
}

// registration is the state of the receipt that was asked for with a payment;
// empty when none was.
func (s *Simulator) registration(n int, state world.State) string {
	roll := s.roll(n, "receipt") % 100
	switch {
	case state == world.Cancelled || roll >= 91:
		return ""
	case state == world.Pending || state == world.Held:
		return "pending"
	case roll < 10 && s.opt.World.DaysBack(n) <= 1:
		return "pending"
	case roll >= 89:
		return "canceled"
	default:
		return "succeeded"
	}
}

// refundState is the status of the refund that came with a payment, empty when
// there was none. A failed one leaves no mark on its payment.
func (s *Simulator) refundState(row int) string {
	n := s.dealOf(row)
	switch state := s.opt.World.GatewayState(n); state {
	case world.RefundedPart, world.RefundedWhole:
		return "succeeded"
	case world.Succeeded:
		if refunds(s.methodOf(n, state)) && s.roll(n, "refund failed")%100 < 2 {
			return "canceled"
		}
	}
	return ""
}

var refundNotes = []string{"Возврат по заявлению клиента", "Отказ от услуги", "Ошибочный платёж", "Service cancelled", "Двойная оплата", ""}

// makeRefund is the refund of the row-th payment, nil when there is none.
func (s *Simulator) makeRefund(row int) *refund {
	status := s.refundState(row)
	if status == "" {
		return nil
	}
	n := s.dealOf(row)
	r := &refund{
		ID: world.UUID(s.opt.World.Seed, refundSpace, row), Payment: world.ShopPaymentID(s.opt.World, row), Status: status,
		CreatedAt: stamp{s.refundTime(row)}, Description: world.Pick(s.roll(n, "refund note"), refundNotes),
	}
	if status == "canceled" {
		r.Amount = roubles(s.opt.World.Deal(n).Amount)
		r.Cancellation = &cancellation{"yoo_money", "insufficient_funds"}
		return r
	}
	r.Amount = roubles(s.opt.World.GatewayRefunded(n))
	r.Receipt = s.registration(n, world.Succeeded)
	return r
}
