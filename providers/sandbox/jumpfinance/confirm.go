package jumpfinance

import (
	"net/http"
	"strconv"
	"strings"

	"bursar/providers/sandbox/gate"
)

const (
	smartCall   = "POST /payments/smart"
	confirmCall = "POST /payments/confirm"
)

// confirmPayments answers POST /payments/confirm, when it is switched on: all
// the payouts named, or none. It has no key.
func (s *Simulator) confirmPayments(req *request) gate.Answer {
	if !s.opt.Confirmable {
		return notFound(req)
	}
	var body struct {
		IDs value `json:"payment_id"`
	}
	if !readBody(req.body, &body) {
		return badRequest()
	}
	if s.opt.WithdrawalsOff {
		return forbidden()
	}
	var f form
	var rows []int
	for part := range strings.SplitSeq(f.words("payment_id", body.IDs), ",") {
		id, err := strconv.Atoi(part)
		row, ok := s.payoutRow(id)
		switch {
		case f.refused("payment_id"):
		case err != nil || !ok:
			f.wrong("payment_id", "Выплата не найдена.")
		case !s.payoutAt(row).waits():
			f.wrong("payment_id", "Выплата не ожидает подтверждения.")
		default:
			rows = append(rows, row)
		}
	}
	if len(f.bad) > 0 {
		return invalid(f.bad...)
	}
	items := []doc{}
	for _, row := range rows {
		p := s.payoutAt(row)
		if !p.waits() {
			continue // named twice
		}
		s.confirmRow(row)
		s.opt.Gate.Record(gate.Entry{System: systemName, Call: confirmCall, ID: idText(p.ID), Amount: p.Amount.StringFixed(2), Currency: "RUB"})
		items = append(items, s.payment(s.payoutAt(row), answerIncludes))
	}
	return gate.JSON(http.StatusOK, doc{"items": items})
}

// confirmRow lets a waiting payout go.
func (s *Simulator) confirmRow(row int) { s.repeatRow(row) }

// waits tells whether the payout waits for a human.
func (p payout) waits() bool { return p.Status == unapproved || p.Status == unpaid }
