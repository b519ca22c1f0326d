package billmanager

import (
	"strconv"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/world"
)

// store is the payment table: the world's rows, made when asked for, and what
// was changed, added or deleted since.
type store struct {
	world   *world.World
	numbers RefundNumbers
	trace   world.Trace
	changed map[string]payment // by id
	deleted map[string]bool
	added   []string // ids, in the order they came
	isAdded map[string]bool
	moved   bool     // a made row was given another date of creation
	refunds []uint64 // one bit for each of the world's rows
	// balances is what credits and refunds changed the clients' accounts by.
	balances map[string]decimal.Decimal
}

// firstAddedID is the id of the first row that is not the world's.
const firstAddedID = 50_000_001

func newStore(w *world.World, numbers RefundNumbers) *store {
	return &store{
		world: w, numbers: numbers, trace: w.Hosting(), changed: map[string]payment{}, deleted: map[string]bool{},
		isAdded: map[string]bool{}, balances: map[string]decimal.Decimal{},
	}
}

// key names a row without making it.
type key struct {
	row    int // of the world; -1 for an added row
	refund bool
	id     string // of an added row, and of none else
}

func (k key) name() string {
	switch {
	case k.row < 0:
		return k.id
	case k.refund:
		return world.HostingRefundID(k.row)
	default:
		return world.HostingID(k.row)
	}
}

// hasRefund tells whether the world gave the row's payment a refund row. Which
// ones it did is worked out at the first question.
func (s *store) hasRefund(row int) bool {
	if s.refunds == nil {
		s.refunds = make([]uint64, s.trace.Len()/64+1)
		for r := range s.trace.Len() {
			if _, ok := light(s.world, s.trace.Deal(r)); ok {
				s.refunds[r/64] |= 1 << (r % 64)
			}
		}
	}
	return s.refunds[row/64]>>(row%64)&1 == 1
}

// keys walks the rows of the world between two row numbers and all added ones,
// newest first, until yield says no.
func (s *store) keys(from, to int, yield func(key) bool) {
	visit := func(k key) bool { return len(s.deleted) > 0 && s.deleted[k.name()] || yield(k) }
	for i := len(s.added) - 1; i >= 0; i-- {
		if !visit(key{row: -1, id: s.added[i]}) {
			return
		}
	}
	for row := to - 1; row >= from; row-- {
		if s.hasRefund(row) && !visit(key{row: row, refund: true}) || !visit(key{row: row}) {
			return
		}
	}
}

// status is the row's status, made without the rest of it.
func (s *store) status(k key) int {
	if len(s.changed) > 0 || k.row < 0 {
		if p, ok := s.changed[k.name()]; ok {
			return p.status
		}
	}
	if k.refund {
		return stCredited
	}
	status, _ := light(s.world, s.trace.Deal(k.row))
	return status
}

// at makes the row.
func (s *store) at(k key) payment {
	if len(s.changed) > 0 || k.row < 0 {
		if p, ok := s.changed[k.name()]; ok {
			return p
		}
	}
	if k.refund {
		return makeRefund(s.world, k.row, s.numbers)
	}
	return makePayment(s.world, k.row)
}

// find is the row of an id.
func (s *store) find(id string) (payment, bool) {
	k, ok := s.keyOf(id)
	if !ok || s.deleted[id] {
		return payment{}, false
	}
	return s.at(k), true
}

func (s *store) keyOf(id string) (key, bool) {
	if s.isAdded[id] {
		return key{row: -1, id: id}, true
	}
	row, refund, ok := world.HostingRow(id)
	if !ok || row >= s.trace.Len() || refund && !s.hasRefund(row) {
		return key{}, false
	}
	return key{row: row, refund: refund}, true
}

// put changes a row, or adds it when there is none of that id.
func (s *store) put(p payment) {
	if _, ok := s.keyOf(p.id); !ok {
		s.added = append(s.added, p.id)
		s.isAdded[p.id] = true
	}
	s.changed[p.id] = p
	delete(s.deleted, p.id)
}

// again is put for a change that is made again: a row of an hour that has not
// come yet is kept for it.
func (s *store) again(p payment) {
	_, refund, made := world.HostingRow(p.id)
	if _, ok := s.keyOf(p.id); ok || !made || refund || p.refundFlag {
		s.put(p)
		return
	}
	s.changed[p.id] = p
}

// maxRow bounds the rows that may still arrive.
const maxRow = (firstAddedID - 1001) / 2

// later is a row for a change that is made again: also one of an hour that has
// not come yet.
func (s *store) later(id string) (payment, bool) {
	if p, ok := s.find(id); ok {
		return p, true
	}
	if p, ok := s.changed[id]; ok {
		return p, true
	}
	row, refund, ok := world.HostingRow(id)
	if !ok || refund || row >= maxRow {
		return payment{}, false
	}
	return makePayment(s.world, row), true
}

// nextID is the id of the next added row.
func (s *store) nextID() string {
	for n := firstAddedID + len(s.added); ; n++ {
		if id := strconv.Itoa(n); !s.isAdded[id] {
			return id
		}
	}
}

func (s *store) delete(id string) { s.deleted[id] = true }

// raise changes the balance of a client's account.
func (s *store) raise(p payment, by decimal.Decimal) {
	k := p.accountID + " " + p.currency
	s.balances[k] = s.balances[k].Add(by)
}

// number is the row's number, when it can be told without making the row.
func (s *store) number(k key) (string, bool) {
	if k.row < 0 || k.refund && s.numbers != ByNumber {
		return "", false
	}
	if len(s.changed) > 0 {
		if _, changed := s.changed[k.name()]; changed {
			return "", false
		}
	}
	if k.refund {
		return "return/" + numberOf(k.row), true
	}
	return numberOf(k.row), true
}
