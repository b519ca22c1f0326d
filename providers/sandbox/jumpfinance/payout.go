package jumpfinance

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// The payout statuses.
const (
	paid       = 1
	rejected   = 2
	processing = 3
	unpaid     = 4
	failed     = 5
	deleted    = 6
	unapproved = 7
	unsigned   = 8
)

var titles = map[int]string{
	paid: "Оплачен", rejected: "Отклонён", processing: "В обработке", unpaid: "Ожидает оплаты", failed: "Ошибка выплаты",
	deleted: "Удалено", unapproved: "Ожидает подтверждения", unsigned: "Ждёт подписания акта",
}

var oldTitles = map[int]string{paid: "оплачен", rejected: "отклонён", processing: "в обработке", unpaid: "ожидает подтверждения", failed: "ошибка выплаты"}

var themes = map[int]string{paid: "success", rejected: "danger", processing: "warning", unpaid: "info", failed: "danger", deleted: "secondary", unapproved: "info", unsigned: "info"}

// payout is one payout as it is kept. What the passing of time makes of it is
// worked out when it is read (settled).
type payout struct {
	ID         int
	Contractor int // id
	Created    time.Time
	Amount     decimal.Decimal
	Status     int
	Own        string
	Purpose    string
	Service    string
	Error      string
	Agent      int
	Branch     int // 0: none
	Account    int // bank account, 0: none
	Requisite  target
	Form       int       // the contractor's legal form when it was made
	INN        string    // and tax number
	Cert       int       // the certificate that it pays; 0: none, or the world's
	History    []event   // oldest first
	PaysAt     time.Time // when processing ends
	Fate       int       // the status that processing ends in; 0: by the rule
	PaidAt     time.Time
	NoRepeat   bool // a failure that may not be repeated
	Held       bool
	Act        bool
	Withheld   decimal.Decimal
	Receipt    *receipt // nil: none, or not yet
}

// target is where a payout lands, as payouts show it.
type target struct {
	ID          int    `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type event struct {
	At      time.Time
	Message string
	Detail  string
}

type receipt struct {
	Key          string
	Status       string
	At           time.Time
	CancelReason string
}

var failures = []string{
	"Банк получателя отклонил перевод", "Карта получателя заблокирована", "Недостаточно средств на счёте", "Реквизиты получателя не найдены",
	"Превышен лимит операций по карте", "Issuer declined the transaction", "Превышено время ожидания ответа банка", "Номер телефона не привязан к банку",
}

// failsOn is the rule by which a payout fails whatever is done: 13 kopecks.
func failsOn(amount decimal.Decimal) bool {
	return amount.Sub(amount.Truncate(0)).Equal(decimal.New(13, -2))
}

// recent is how many days back failures are frequent.
const recent = 10

// makePayout makes the row-th payout of the world.
func (s *Simulator) makePayout(row int) payout {
	w := s.opt.World
	deal := w.Deal(s.deals.Deal(row))
	roll := func(name string) uint64 { return world.Mix(deal.Roll, "payout "+name, 0) }
	id, _ := strconv.Atoi(world.PayoutID(row))
	payee := s.makeContractor(deal.Seller.Row) // as they were then
	p := payout{
		Form: payee.Form, INN: payee.INN, ID: id, Contractor: payee.ID, Created: deal.Time, Amount: deal.Amount.Mul(decimal.New(9, -1)).Round(2), Purpose: "Выплата по договору: " + deal.Purpose,
		Agent: payee.Agent, Branch: []int{0, 1, 1, 2}[roll("branch")%4], Account: 1 + int(roll("account")%2),
		Requisite: s.defaultRequisite(payee).target(), Held: world.Chance(roll("held"), 7),
	}
	if world.Chance(roll("own"), 75) {
		p.Own = world.UUID(w.Seed, ownSpace, row)
	}
	if payee.Form == selfEmployed {
		p.Service = deal.Purpose
	}
	p.note(p.Created, "Создан. Карат (id:496)", "")
	s.live(&p, s.fateOf(row), roll)
	return p
}

const ownSpace = "payout own id"

// fateOf is the status that the row's payout comes to, by its age. It is cheap:
// filters ask it before they make a row.
func (s *Simulator) fateOf(row int) int {
	deal := s.deals.Deal(row)
	share := world.Mix(world.Mix(s.opt.World.Seed, "deal", deal), "payout status", 0) % 100
	fates, limits := oldFates, oldShares
	if s.opt.World.DaysBack(deal) <= recent {
		fates, limits = recentFates, recentShares
	}
	for i, l := range limits {
		if share < l {
			return fates[i]
		}
		share -= l
	}
	return paid
}

// The shares of the fates in percent; the rest is paid.
var (
	recentFates  = []int{failed, rejected, deleted, unapproved, unpaid, unsigned, processing}
	recentShares = []uint64{38, 3, 2, 5, 3, 3, 3}
	oldFates     = []int{failed, rejected, deleted, unapproved}
	oldShares    = []uint64{10, 3, 2, 1}
)

// live gives a payout of the world its status and history.
func (s *Simulator) live(p *payout, fate int, roll func(string) uint64) {
	at := p.Created.Add(5 * time.Second)
	switch fate {
	case unapproved, unpaid, unsigned:
		p.Status, p.Act = fate, fate == unsigned
		p.note(at, titles[fate], "")
		return
	case deleted:
		p.Status = deleted
		p.note(at.Add(time.Minute), "Удалён. Карат (id:496)", "")
		return
	}
	p.note(at, "Поставлен в очередь", "")
	p.Status, p.Fate, p.PaysAt = processing, fate, p.Created.Add(s.opt.PayAfter)
	switch fate {
	case failed:
		p.NoRepeat = world.Chance(roll("no repeat"), 6)
	case processing: // stuck at the bank: no time will settle it
		p.PaysAt = time.Time{}
		p.note(at.Add(time.Minute), "Ожидается ответ банка", "")
	}
}

func (p *payout) note(at time.Time, message, detail string) {
	p.History = append(slices.Clip(p.History), event{At: at, Message: message, Detail: detail})
}

// queue puts a payout into processing.
func (s *Simulator) queue(p *payout, now time.Time) {
	p.Status, p.Error, p.Fate, p.PaysAt = processing, "", 0, now.Add(s.opt.PayAfter)
	p.note(now, "Поставлен в очередь", "")
}

// settled is the payout as it is now: what was being processed is paid, or
// fails by the rule, when its time has come.
func (s *Simulator) settled(p payout) payout {
	now := s.opt.Gate.Now()
	if p.Status != processing || p.PaysAt.IsZero() || now.Before(p.PaysAt) {
		return p
	}
	at := p.PaysAt
	if p.Fate == 0 && failsOn(p.Amount) {
		p.Fate = failed
	}
	if p.Fate == failed || p.Fate == rejected {
		p.Error = "Получатель не прошёл проверку"
		if p.Fate == failed {
			p.Error = world.Pick(world.Mix(s.opt.World.Seed, "failure", p.ID), failures)
		}
		p.Status, p.PaysAt = p.Fate, time.Time{}
		p.note(at, titles[p.Fate], p.Error)
		return p
	}
	p.Status, p.PaidAt, p.PaysAt = paid, at, time.Time{}
	p.note(at, "Оплачен", "")
	s.register(&p)
	return p
}

// register gives a paid payout its receipt, when the contractor is
// self-employed.
func (s *Simulator) register(p *payout) {
	if p.Form == selfEmployed && p.Receipt == nil {
		p.Receipt = s.makeReceipt(*p)
	}
}

// makeReceipt is the tax service's receipt of a paid payout.
func (s *Simulator) makeReceipt(p payout) *receipt {
	roll := world.Mix(s.opt.World.Seed, "receipt", p.ID)
	r := &receipt{Key: fmt.Sprintf("20%08s", strconv.FormatUint(roll%2_821_109_907_456, 36)), Status: "active", At: p.PaidAt.Add(time.Minute)}
	r.Key = r.Key[:10]
	if world.Chance(world.Mix(roll, "cancelled", 0), 6) {
		r.Status, r.CancelReason = "cancelled", "Чек сформирован ошибочно"
	}
	return r
}

// payoutAt is the row as it is now.
func (s *Simulator) payoutAt(row int) payout { return s.settled(s.payouts.At(row)) }

// payoutRow finds a payout by id.
func (s *Simulator) payoutRow(id int) (int, bool) {
	if row, ok := s.addedPayouts[id]; ok {
		return row, true
	}
	row, ok := world.PayoutRow(strconv.Itoa(id))
	return row, ok && row < s.payouts.Made()
}

// ownRow finds a payout by its own id, which is taken for ever.
func (s *Simulator) ownRow(own string) (int, bool) {
	if row, ok := s.owners[own]; ok {
		return row, true
	}
	row, ok := world.SeqOfUUID(s.opt.World.Seed, ownSpace, own)
	if !ok || row >= s.payouts.Made() {
		return 0, false
	}
	return row, s.payouts.At(row).Own == own
}

// addPayout puts a new payout in and returns its row.
func (s *Simulator) addPayout(p payout) int {
	row := s.payouts.Add(p)
	s.spendings = nil
	s.addedPayouts[p.ID] = row
	if p.Own != "" {
		s.owners[p.Own] = row
	}
	s.nextID = max(s.nextID, p.ID-firstNewID+1)
	return row
}

// setPayout changes a payout.
func (s *Simulator) setPayout(row int, p payout) {
	s.payouts.Set(row, p)
	s.spendings = nil
	if row < s.payouts.Made() {
		s.touched[row] = true
	}
}

// firstNewID keeps new payouts clear of the world's, which grow with its days.
const firstNewID = 5_000_001

func (s *Simulator) newPayoutID() int { return firstNewID + s.nextID }
