package jumpfinance

import (
	"encoding/json"
	"fmt"

	"bursar/providers/sandbox/gate"
)

const payCertCall = "POST /acceptance-certificates/{cert_id}/payment"

type payCertBody struct {
	Requisite   part[requisiteBody] `json:"requisite"`
	RequisiteID value               `json:"requisite_id"`
	SBP         part[namesBody]     `json:"sbp_validation_data"`
	Key         value               `json:"idempotency_key"`
	Account     value               `json:"bank_account_id"`
}

// payCertificate answers POST /acceptance-certificates/{cert_id}/payment: the
// whole amount. The key of an earlier payment answers that one's payout.
func (s *Simulator) payCertificate(req *request) gate.Answer {
	c, ok := s.askedCert(req)
	if !ok {
		return notFound(req)
	}
	var body payCertBody
	if !readBody(req.body, &body) {
		return badRequest()
	}
	if s.opt.WithdrawalsOff {
		return forbidden()
	}
	var f form
	key := f.shaped("idempotency_key", body.Key, uuid4)
	earlier, used := s.payKeys[key]
	switch {
	case used && earlier.cert == c.ID:
		row, _ := s.payoutRow(earlier.payout)
		return item(s.payment(s.payoutAt(row), answerIncludes))
	case used:
		f.wrong("idempotency_key", "Такое значение поля idempotency_key уже существует.")
	case c.Payout != 0:
		return badRequest()
	}
	d := s.readPayment(&f, body, c)
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	deed := certPayment{Cert: c.ID, Key: key, Made: d}
	if err := s.settleCert(deed); err != nil {
		return badRequest()
	}
	deed.Made = d.masked()
	detail, _ := json.Marshal(deed)
	s.opt.Gate.Record(gate.Entry{
		System: systemName, Call: payCertCall, ID: idText(c.ID), Amount: c.Amount.StringFixed(2), Currency: "RUB", Key: key, Detail: detail,
	})
	row, _ := s.payoutRow(d.ID)
	return item(s.payment(s.payoutAt(row), answerIncludes))
}

// readPayment checks a body and makes the payout's plan of it.
func (s *Simulator) readPayment(f *form, body payCertBody, c certificate) made {
	who, _ := s.contractorByID(c.Contractor)
	f.names("sbp_validation_data", body.SBP)
	d := made{
		ID: s.newPayoutID(), Contractor: c.Contractor, Amount: c.Amount, Purpose: "Оплата по акту " + c.Number, Agent: c.Agent, Branch: c.Branch, Account: c.Account, Cert: c.ID,
	}
	to, fresh := s.pickRequisite(f, "", body.Requisite, body.RequisiteID, who)
	if to != nil {
		d.To, d.NewRequisite = to.target(), fresh
	}
	if account := f.id("bank_account_id", body.Account); account != 0 && s.opt.BranchAccounts {
		if d.Account = account; accountName(account) == "" {
			f.wrong("bank_account_id", "Счёт не найден.")
		}
	}
	if c.Branch != 0 {
		s.checkBranch(f, &d)
	}
	d.Status = s.firstStatus(who, d)
	return d
}

// certPayment is a certificate's payment.
type certPayment struct {
	Cert int    `json:"cert"`
	Key  string `json:"key,omitempty"`
	Made made   `json:"made"`
}

// certKey is what an idempotency key was used for.
type certKey struct{ cert, payout int }

// settleCert makes the payout of a certificate. A certificate of a day that
// this world has not reached is paid all the same.
func (s *Simulator) settleCert(d certPayment) error {
	if _, ok := s.contractorRow(d.Made.Contractor); !ok || d.Made.ID < firstNewID {
		return fmt.Errorf("jumpfinance: the ledger's payment of certificate %d cannot be made again", d.Cert)
	}
	if _, taken := s.payoutRow(d.Made.ID); taken {
		return fmt.Errorf("jumpfinance: the ledger pays certificate %d with payout %d, which is there already", d.Cert, d.Made.ID)
	}
	s.make(d.Made)
	if d.Key != "" {
		s.payKeys[d.Key] = certKey{d.Cert, d.Made.ID}
	}
	if row, ok := s.certRow(d.Cert); ok {
		c := s.certs.At(row)
		c.Payout, c.Updated = d.Made.ID, s.opt.Gate.Now()
		s.certs.Set(row, c)
	}
	return nil
}
