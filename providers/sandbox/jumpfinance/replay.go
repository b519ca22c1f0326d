package jumpfinance

import (
	"encoding/json"
	"fmt"
	"strconv"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

// record writes a change that moves no money into the ledger, with what it
// takes to make it again.
func (s *Simulator) record(call, id string, deed any) {
	e := gate.Entry{System: systemName, Call: call, ID: id}
	if deed != nil {
		e.Detail, _ = json.Marshal(deed)
	}
	s.opt.Gate.Record(e)
}

// redo makes one sort of change again.
type redo func(gate.Entry) error

// again is the redo of a change that its detail tells all about.
func again[T any](apply func(T) error) redo {
	return func(e gate.Entry) error {
		var d T
		if err := json.Unmarshal(e.Detail, &d); err != nil {
			return fmt.Errorf("jumpfinance: the ledger's detail of %s of %s cannot be read", e.Call, e.ID)
		}
		return apply(d)
	}
}

// byID is the redo of a change that the record's number tells all about.
func byID(apply func(int) error) redo {
	return func(e gate.Entry) error {
		id, err := strconv.Atoi(e.ID)
		if err != nil {
			return fmt.Errorf("jumpfinance: the ledger's %s names %q, which is no number", e.Call, e.ID)
		}
		return apply(id)
	}
}

// redos are the calls that change something.
func (s *Simulator) redos() map[string]redo {
	return map[string]redo{
		repeatCall:           func(e gate.Entry) error { return s.replayRepeat(e.ID) },
		"POST /payments":     s.replayPayment,
		smartCall:            s.replayPayment,
		confirmCall:          func(e gate.Entry) error { return s.replayConfirm(e.ID) },
		upsertCall:           again(s.putContractor),
		updateContractorCall: again(s.putContractor),
		deleteContractorCall: byID(s.dropContractor),
		syncTaxCall:          byID(s.askTaxes),
		identifyCall:         again(s.putProof),
		createLinkCall:       again(s.putLink),
		updateLinkCall:       again(s.putLink),
		deleteLinkCall:       again(s.dropLink),
		createCertCall:       again(s.putCert),
		updateCertCall:       again(s.putCert),
		payCertCall:          again(s.settleCert),
		createBranchCall:     again(s.putBranch),
		updateBranchCall:     again(s.putBranch),
		createGoodCall:       again(s.putGood),
		updateGoodCall:       again(s.putGood),
		deleteGoodCall:       func(e gate.Entry) error { return s.dropGood(e.ID) },
		recogniseCall:        again(s.putRecognition),
		checkCall:            func(gate.Entry) error { s.putCheck(); return nil },
		syncBanksCall:        func(gate.Entry) error { s.putSync(); return nil },
	}
}

// Replay makes a change of an earlier ledger again, with the same ids.
func (s *Simulator) Replay(e gate.Entry) error {
	do, ok := s.redos()[e.Call]
	if !ok {
		return fmt.Errorf("jumpfinance: the ledger has the call %q, which changes nothing here", e.Call)
	}
	return do(e)
}

func (s *Simulator) replayPayment(e gate.Entry) error {
	var d made
	if err := json.Unmarshal(e.Detail, &d); err != nil || d.ID < firstNewID || idText(d.ID) != e.ID {
		return fmt.Errorf("jumpfinance: the ledger's detail of payout %s cannot be read", e.ID)
	}
	if d.Own != "" {
		if _, taken := s.ownRow(d.Own); taken {
			return fmt.Errorf("jumpfinance: the ledger makes payout %s with the own id %s, which is taken", e.ID, d.Own)
		}
	}
	if _, ok := s.contractorRow(d.Contractor); !ok && d.New == nil {
		return fmt.Errorf("jumpfinance: the ledger pays contractor %d, whom this world does not have", d.Contractor)
	}
	s.make(d)
	return nil
}

// replayRow finds the payout that a ledger names. One of the day on which it
// was changed is not there yet when the world is made earlier in another day:
// that is no error, and there is no row.
func (s *Simulator) replayRow(id string) (row int, ok bool, err error) {
	n, bad := strconv.Atoi(id)
	if row, ok = s.payoutRow(n); ok && bad == nil {
		return row, true, nil
	}
	if _, ofWorld := world.PayoutRow(id); bad == nil && ofWorld && n < firstNewID {
		return 0, false, nil
	}
	return 0, false, fmt.Errorf("jumpfinance: the ledger changes payout %s, which this world does not have", id)
}

func (s *Simulator) replayRepeat(id string) error {
	row, ok, err := s.replayRow(id)
	if ok {
		s.repeatRow(row)
	}
	return err
}

func (s *Simulator) replayConfirm(id string) error {
	row, ok, err := s.replayRow(id)
	if ok {
		s.confirmRow(row)
	}
	return err
}
