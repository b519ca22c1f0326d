package batchtest

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"bursar/providers"
)

// Fault is what goes wrong with one changing request.
type Fault string

// The faults.
const (
	ApplyHang Fault = "apply-hang" // does it, never answers
	Hang      Fault = "hang"       // does nothing, never answers
	Apply500  Fault = "apply-500"  // does it, answers with a server error
	Only500   Fault = "500"        // does nothing, answers with a server error
	Cut       Fault = "cut"        // does it, the answer is cut
	Limited   Fault = "429"        // does nothing, asks to wait
	Expired   Fault = "expired"    // does nothing, the login is gone for this request
	Offline   Fault = "offline"    // the request never leaves
	Refuse    Fault = "refuse"     // does nothing, the state does not allow it
)

// Faults lists all of them.
func Faults() []Fault {
	return []Fault{ApplyHang, Hang, Apply500, Only500, Cut, Limited, Expired, Offline, Refuse}
}

// Entry is one change really made.
type Entry struct {
	Action string
	Ref    providers.Ref // the record acted on, or made
	Key    string
	Amount providers.Money
}

// System is a payment system: records, a ledger and what goes wrong. It
// outlives the processes that talk to it.
type System struct {
	mu      sync.Mutex
	records map[providers.Ref]providers.Record
	order   []providers.Ref
	ledger  []Entry
	byKey   map[string]providers.Ref
	faults  map[string][]Fault
	reads   map[string][]Fault
	writes  map[string]int
	errs    map[string]error
	made    int
	// Blind makes read-backs unable to tell.
	Blind bool
	// Candidates are what a blind read-back offers.
	Candidates []providers.Ref
}

// NewSystem makes a system with n new payments of 100.00, 101.00 … RUB at each
// of the accounts.
func NewSystem(n int, accounts ...string) *System {
	s := &System{
		records: map[providers.Ref]providers.Record{}, byKey: map[string]providers.Ref{},
		faults: map[string][]Fault{}, reads: map[string][]Fault{}, writes: map[string]int{}, errs: map[string]error{},
	}
	for _, account := range accounts {
		for i := range n {
			amount := providers.MustMoney(strconv.Itoa(100+i)+".00", "RUB")
			s.Put(providers.Record{
				Ref:    providers.Ref{Account: account, Kind: providers.Payment, ID: strconv.Itoa(i + 1)},
				Number: fmt.Sprintf("A-%d", i+1), Status: providers.Status{Code: "new", Label: "New", Phase: providers.PhaseNew},
				Amount: amount, Remaining: amount, Created: time.Unix(int64(i), 0).UTC(),
			})
		}
	}
	return s
}

// Put adds or changes a record.
func (s *System) Put(rec providers.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.records[rec.Ref]; !ok {
		s.order = append(s.order, rec.Ref)
	}
	s.records[rec.Ref] = rec
}

// Drop removes a record.
func (s *System) Drop(ref providers.Ref) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records, ref)
}

// Records lists the records in the order they came.
func (s *System) Records() []providers.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []providers.Record
	for _, ref := range s.order {
		if rec, ok := s.records[ref]; ok {
			out = append(out, rec)
		}
	}
	return out
}

// Break makes the next changing requests that name the id, or the key of a
// creation, go wrong in turn.
func (s *System) Break(id string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[id] = append(s.faults[id], faults...)
}

// BreakReads makes the next readings of a record go wrong in turn.
func (s *System) BreakReads(id string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads[id] = append(s.reads[id], faults...)
}

// Ledger is every change really made.
func (s *System) Ledger() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Entry(nil), s.ledger...)
}

// Writes counts the changing requests that reached the system for an id or, for
// creations, a key.
func (s *System) Writes(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes[id]
}

func nameOf(in providers.Intent) string {
	if in.Ref.ID != "" {
		return in.Ref.ID
	}
	return in.Key
}

func take(m map[string][]Fault, id string) Fault {
	list := m[id]
	if len(list) == 0 {
		return ""
	}
	m[id] = list[1:]
	return list[0]
}

// apply makes the change, under the lock.
func (s *System) apply(in providers.Intent) (providers.Ref, error) {
	rec, ok := s.records[in.Ref]
	if in.Ref.ID != "" && !ok {
		return in.Ref, &providers.Error{Fault: providers.FaultNotFound, Message: "no such record"}
	}
	ref := in.Ref
	switch in.Action {
	case "payment.credit":
		if rec.Status.Code != "new" {
			return ref, &providers.Error{Fault: providers.FaultState, Message: "not new"}
		}
		rec.Status = providers.Status{Code: "credited", Label: "Credited", Phase: providers.PhaseDone}
		s.records[ref] = rec
	case "payment.delete":
		delete(s.records, ref)
	case "payment.refund":
		if made, done := s.byKey[in.Key]; done {
			return made, nil
		}
		if in.Amount.GreaterThan(rec.Remaining.Decimal) {
			return ref, &providers.Error{Fault: providers.FaultState, Message: "more than remains"}
		}
		rec.Remaining = rec.Remaining.Minus(in.Amount)
		s.records[ref] = rec
		ref = s.make(in, providers.Refund)
	case "payment.repeat":
		s.make(in, providers.Payment)
	case "payout.create":
		if _, done := s.byKey[in.Key]; done {
			return ref, &providers.Error{Fault: providers.FaultInput, Field: "customer_payment_id", Message: "taken"}
		}
		ref = s.make(in, providers.Payout)
	}
	s.ledger = append(s.ledger, Entry{Action: in.Action, Ref: ref, Key: in.Key, Amount: in.Amount})
	return ref, nil
}

func (s *System) make(in providers.Intent, kind providers.Kind) providers.Ref {
	s.made++
	ref := providers.Ref{Account: in.Ref.Account, Kind: kind, ID: "made-" + strconv.Itoa(s.made)}
	s.records[ref] = providers.Record{Ref: ref, Amount: in.Amount, Status: providers.Status{Code: "done", Phase: providers.PhaseDone}}
	s.byKey[in.Key] = ref
	return ref
}

// Late applies an intent whose request had no answer, after the fact.
func (s *System) Late(in providers.Intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.apply(in)
}

// BreakAccount makes changing requests of one account go wrong, for ids that
// several accounts have.
func (s *System) BreakAccount(account, id string, faults ...Fault) {
	s.Break(account+"/"+id, faults...)
}

// Mend takes every scripted fault back.
func (s *System) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
	clear(s.reads)
}

// Fail makes every changing request that names the id end with this refusal.
func (s *System) Fail(id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs[id] = &providers.Error{Fault: providers.FaultState, Message: err.Error()}
}
