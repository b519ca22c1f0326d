package yookassa

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

const payoutSpace = "shop payout"

// payout is money sent to somebody by the payout gateway.
type payout struct {
	ID           string            `json:"id"`
	Amount       amount            `json:"amount"`
	Status       string            `json:"status"`
	Destination  destination       `json:"payout_destination"`
	Description  string            `json:"description,omitempty"`
	CreatedAt    stamp             `json:"created_at"`
	SucceededAt  *stamp            `json:"succeeded_at,omitempty"`
	Cancellation *cancellation     `json:"cancellation_details,omitempty"`
	Metadata     map[string]string `json:"metadata,omitempty"`
	Test         bool              `json:"test"`
	Deal         json.RawMessage   `json:"deal,omitempty"`
	SelfEmployed json.RawMessage   `json:"self_employed,omitempty"`
	Receipt      json.RawMessage   `json:"receipt,omitempty"`
}

// destination is where a payout goes: a card, of which a mask is kept, a wallet
// or a phone at a bank.
type destination struct {
	Type      string      `json:"type"`
	Card      *payoutCard `json:"card,omitempty"`
	Account   string      `json:"account_number,omitempty"`
	Phone     string      `json:"phone,omitempty"`
	Bank      string      `json:"bank_id,omitempty"`
	Checked   *bool       `json:"recipient_checked,omitempty"`
	Operation string      `json:"sbp_operation_id,omitempty"`
}

type payoutCard struct {
	First6  string `json:"first6"`
	Last4   string `json:"last4"`
	Type    string `json:"card_type"`
	Country string `json:"issuer_country,omitempty"`
	Issuer  string `json:"issuer_name,omitempty"`
}

const destinationFilter = "payout_destination.type"

var destinationTypes = []string{"bank_card", "yoo_money", "sbp"}

// account is the same for payouts to the same place, as far as the mask of a
// card tells it.
func (d destination) account() string {
	if d.Card != nil {
		return "card " + d.Card.First6 + d.Card.Last4
	}
	return d.Type + " " + d.Account + d.Phone
}

// due is when a pending payout settles, and why it fails then; no time is
// never.
type due struct {
	At     stamp  `json:"at"`
	Reason string `json:"reason,omitempty"`
}

// worldSettles is when a pending payout that came with the world settles.
const worldSettles = 24 * time.Hour

func (s *Simulator) payoutDeal(row int) int { return s.opt.World.Cloud().Deal(row) }

func (s *Simulator) payoutTime(row int) time.Time { return s.opt.World.DealTime(s.payoutDeal(row)) }

var payoutNotes = []string{"Выплата по договору", "Вознаграждение партнёра", "Refund of a deposit", "Выигрыш", "Выплата водителю", "Partner payout"}

// makePayout is the row-th payout as it came with the world.
func (s *Simulator) makePayout(row int) *payout {
	n := s.payoutDeal(row)
	d, roll := s.opt.World.Deal(n), s.roll(n, "payout")
	p := &payout{
		ID: "po-" + world.UUID(s.seed(), payoutSpace, row), Amount: roubles(d.Amount.Mod(decimal.NewFromInt(maxCardPayout)).Add(minCardPayout)),
		Status: "pending", CreatedAt: stamp{d.Time}, Description: world.Pick(roll, payoutNotes) + " " + strconv.Itoa(n),
		Metadata: map[string]string{"order_id": strconv.Itoa(100000 + n)},
	}
	s.aim(p, d.Seller, roll)
	switch share := roll >> 20 % 100; {
	case share < 8:
		p.fail(world.Pick(roll>>7, []string{"insufficient_funds", "fraud_suspected", "rejected_by_payee", "general_decline", "recipient_not_found", "issuer_unavailable"}))
	case share >= 12 || s.opt.World.DaysBack(n) > 1:
		s.finish(p, s.past(d.Time.Add(5*time.Second)))
	}
	return p
}

// aim sends a payout of the world to a person.
func (s *Simulator) aim(p *payout, to world.Person, roll uint64) {
	p.Destination.Type = world.Pick(roll>>12, []string{"bank_card", "bank_card", "sbp", "yoo_money"})
	switch d := &p.Destination; d.Type {
	case "bank_card":
		d.Card = &payoutCard{First6: to.CardFirst6, Last4: to.CardLast4, Type: brand(to.CardFirst6), Country: "RU", Issuer: world.Pick(roll>>3, issuers)}
	case "yoo_money":
		d.Account = fmt.Sprintf("41001%010d", roll%10_000_000_000)
	default:
		no := false
		d.Phone, d.Bank, d.Checked = to.Phone[1:], world.Pick(roll>>5, banks).ID, &no
	}
}

// finish is a payout's success.
func (s *Simulator) finish(p *payout, at time.Time) {
	p.Status, p.SucceededAt = "succeeded", &stamp{at}
	if p.Destination.Type == "sbp" {
		roll := world.Mix(s.seed(), "operation "+p.ID, 0)
		p.Destination.Operation = fmt.Sprintf("B%07dC%012dD%04dE", roll%10_000_000, roll%1_000_000_000_000, roll%10_000)
	}
}

// networkReasons are those that the other side gives; the rest are the
// system's own.
var networkReasons = map[string]bool{
	"rejected_by_payee": true, "general_decline": true, "issuer_unavailable": true, "recipient_not_found": true, "recipient_check_failed": true,
}

func (p *payout) fail(reason string) {
	party := "yoo_money"
	if networkReasons[reason] {
		party = "payout_network"
	}
	p.Status, p.Cancellation = "canceled", &cancellation{party, reason}
}

func (s *Simulator) payoutRow(id string) (int, bool) {
	if row, ok := s.payouts.byID[id]; ok {
		return row, true
	}
	if len(id) < 3 || id[:3] != "po-" {
		return 0, false
	}
	return s.payouts.row(s.seed(), payoutSpace, id[3:])
}

// payoutNow is a payout as it is by the clock.
func (s *Simulator) payoutNow(p *payout) *payout {
	if p.Status != "pending" {
		return p
	}
	d, ok := s.dues[p.ID]
	if !ok {
		d.At = stamp{p.CreatedAt.Add(worldSettles)}
	}
	if d.At.IsZero() || s.opt.Gate.Now().Before(d.At.Time) {
		return p
	}
	p = copied(p)
	if d.Reason != "" {
		p.fail(d.Reason)
		return p
	}
	s.finish(p, d.At.Time)
	return p
}

func (s *Simulator) showPayout(id string) gate.Answer {
	row, ok := s.payoutRow(id)
	if !ok {
		return missing("Payout")
	}
	return gate.JSON(0, s.payoutNow(s.payouts.table.At(row)))
}

func (s *Simulator) getPayout(c *call) gate.Answer { return s.showPayout(c.id) }

// addPayout puts a new payout in. d is when it settles, nil when it is final.
func (s *Simulator) addPayout(p *payout, d *due) {
	row := s.payouts.add(p)
	to := p.Destination.account()
	s.paidTo[to] = append(s.paidTo[to], row)
	s.spend(p, 1)
	if d != nil {
		s.dues[p.ID] = *d
	}
}

// settlePayouts ends the payouts that are due.
func (s *Simulator) settlePayouts() {
	now := s.opt.Gate.Now()
	for id, d := range s.dues {
		if d.At.IsZero() || now.Before(d.At.Time) {
			continue
		}
		row, _ := s.payoutRow(id)
		was := s.payouts.table.At(row)
		p := s.payoutNow(was)
		s.payouts.put(row, p)
		if delete(s.dues, id); p.Status == "canceled" {
			s.spend(was, -1)
		}
	}
}
