package jumpfinance

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// certified tells whether the payout of that row was made for an acceptance
// certificate: one in five of the world's was.
func (s *Simulator) certified(row int) bool {
	if row >= s.payouts.Made() {
		return s.payouts.At(row).Cert != 0
	}
	return row%certifiedEvery == certifiedEvery/2
}

const (
	certifiedEvery = 5
	firstCertID    = 60_001
	firstNewCertID = 7_000_001
)

// certificate is one acceptance certificate.
type certificate struct {
	ID         int             `json:"id"`
	Number     string          `json:"number"`
	Date       string          `json:"date"`
	Agent      int             `json:"agent"`
	Branch     int             `json:"branch,omitempty"`
	Account    int             `json:"account,omitempty"`
	Contractor int             `json:"contractor"`
	Transport  *transport      `json:"transport,omitempty"`
	Basis      string          `json:"basis"`
	Described  string          `json:"described"`
	Amount     decimal.Decimal `json:"amount"`
	Items      []certItem      `json:"items"`
	To         *requisite      `json:"to,omitempty"`
	Receiver   *person         `json:"receiver,omitempty"` // whom the bank compares with
	Payout     int             `json:"payout,omitempty"`
	Created    time.Time       `json:"-"`
	Updated    time.Time       `json:"-"`
}

type transport struct {
	Mark   string `json:"mark,omitempty"`
	Number string `json:"number,omitempty"`
}

// certItem is one line of a certificate.
type certItem struct {
	Name     string          `json:"name"`
	Type     string          `json:"type,omitempty"`
	Good     string          `json:"good,omitempty"`
	Unit     int             `json:"unit,omitempty"`
	Impurity decimal.Decimal `json:"impurity"`
	Value    decimal.Decimal `json:"value"`
	Tare     decimal.Decimal `json:"tare"`
	Price    decimal.Decimal `json:"price"`
	Amount   decimal.Decimal `json:"amount"`
}

// clear is the weight that is paid for.
func (i certItem) clear() decimal.Decimal {
	hundred := decimal.New(100, 0)
	return i.Value.Sub(i.Tare).Mul(hundred.Sub(i.Impurity)).Div(hundred)
}

// certificates counts the certificates of the world's payouts.
func (s *Simulator) certificates() int {
	return (s.payouts.Made() + certifiedEvery - 1 - certifiedEvery/2) / certifiedEvery
}

// The world's certificates stand in blocks: three that were paid, then, when
// they are asked for, two that were not.
const paidInBlock = 3

func (s *Simulator) block() int {
	if s.opt.UnpaidCertificates {
		return paidInBlock + 2
	}
	return paidInBlock
}

func (s *Simulator) worldCerts() int {
	n := s.certificates()
	return n/paidInBlock*s.block() + n%paidInBlock
}

// worldCertID is the certificate of the world's payout of that row.
func (s *Simulator) worldCertID(row int) int {
	i := row / certifiedEvery
	return firstCertID + i/paidInBlock*s.block() + i%paidInBlock
}

// makeCertificate makes the k-th certificate of the world.
func (s *Simulator) makeCertificate(k int) certificate {
	place := k % s.block()
	row := (k/s.block()*paidInBlock+min(place, paidInBlock-1))*certifiedEvery + certifiedEvery/2
	if place >= paidInBlock {
		row -= 1 + place - paidInBlock // of a deal whose payout has none
	}
	p := s.payouts.At(row)
	half := p.Amount.Div(decimal.New(2, 0)).Round(2)
	number := firstCertID + k
	c := certificate{
		ID: number, Number: "ПСА-" + strconv.Itoa(number), Date: p.Created.In(moscow).Format(time.DateOnly), Amount: p.Amount, Agent: p.Agent, Branch: p.Branch,
		Account: p.Account, Contractor: p.Contractor, Transport: &transport{Mark: "ГАЗель Next", Number: "А123ВС77"}, Basis: "Собственность",
		Described: "Лом электрооборудования", Created: p.Created, Updated: p.Created,
		Items: []certItem{s.line(4, p.Amount.Sub(half)), s.line(5, half)},
	}
	payee, _ := s.contractorByID(p.Contractor)
	to := s.requisitesOf(payee)[0]
	c.To = &to
	if place < paidInBlock {
		c.Payout = p.ID
	}
	return c
}

// line is a certificate's line of one unit of a kind of goods.
func (s *Simulator) line(good int, amount decimal.Decimal) certItem {
	g := s.goods[good]
	return certItem{
		Name: g.Name, Type: goodSorts[g.Sort].name, Good: g.ID, Unit: tonne, Impurity: decimal.New(5, 0), Value: decimal.New(125, -2),
		Tare: decimal.New(25, -2), Price: amount, Amount: amount,
	}
}

const tonne = 4

// units are the measure units; the API's documents name the fourth.
var units = map[int][2]string{1: {"час", "ч"}, 2: {"штука", "шт"}, 3: {"услуга", "усл"}, tonne: {"тонна", "т"}}

func (s *Simulator) certRow(id int) (int, bool) {
	if row, ok := s.addedCerts[id]; ok {
		return row, true
	}
	row := id - firstCertID
	return row, row >= 0 && row < s.certs.Made()
}

func (s *Simulator) newCertID() int {
	id := firstNewCertID + s.certs.Len() - s.certs.Made()
	for _, taken := s.addedCerts[id]; taken; _, taken = s.addedCerts[id] {
		id++
	}
	return id
}

// askedCert is the certificate that a path names.
func (s *Simulator) askedCert(req *request) (certificate, bool) {
	id, err := strconv.Atoi(req.args["cert_id"])
	row, ok := s.certRow(id)
	if err != nil || !ok {
		return certificate{}, false
	}
	return s.certs.At(row), true
}
