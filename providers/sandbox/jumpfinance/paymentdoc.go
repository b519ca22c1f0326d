package jumpfinance

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// paymentIncludes are the words that include= takes on payouts.
var paymentIncludes = []string{"abilities", "requisite", "creator", "agent", "branch_office", "history", "payload", "act", "nominal_info", "bank_account"}

// answerIncludes come with the answer to a create and a repeat.
var answerIncludes = map[string]bool{"requisite": true, "creator": true, "agent": true, "history": true}

// payment writes a payout as v1 does.
func (s *Simulator) payment(p payout, include map[string]bool) doc {
	c, _ := s.contractorByID(p.Contractor)
	fee := p.Amount.Mul(decimal.New(15, -3)).Round(2)
	tax := decimal.Zero
	if p.Form == selfEmployed {
		tax = p.Amount.Mul(decimal.New(6, -2)).Round(2)
	}
	out := doc{
		"id": p.ID, "amount": num(p.Amount), "amount_paid": num(p.Amount.Sub(p.Withheld).Sub(tax)), "commission": num(p.Withheld),
		"commission_bank": num(fee), "tax_amount": num(tax), "is_final": s.yes(final(p.Status)), "branch_office_id": nil,
		"receipt": s.receiptDoc(p), "status": s.statusDoc(p.Status), "error": orNull(p.Error), "payment_purpose": orNull(p.Purpose),
		"customer_payment_id": orNull(p.Own), "act": s.actDoc(p, s.opt.V2Types), "nominal_info": doc{"is_holded": s.yes(p.Held)}, "created_at": stamp(p.Created),
		"contractor": doc{"id": c.ID, "phone": c.Phone, "full_name": c.full(), "short_name": c.short()},
	}
	if p.Branch != 0 {
		out["branch_office_id"] = p.Branch
	}
	if p.Status == paid {
		out["paid_at"] = stamp(p.PaidAt)
	}
	if s.opt.V2Types {
		out["error"] = s.error2(p)
	}
	s.include(out, p, include)
	return out
}

// actDoc is the payout's act; v2 numbers the act's statuses.
func (s *Simulator) actDoc(p payout, numbered bool) any {
	if !p.Act {
		return nil
	}
	status := doc{"id": "signed", "title": "Подписан"}
	if p.Status == unsigned {
		status = doc{"id": "waiting_sign", "title": "Ждёт подписания"}
	}
	if numbered {
		status["id"] = map[bool]int{true: 1, false: 2}[p.Status == unsigned]
	}
	return doc{"id": p.ID, "status": status}
}

// include adds the parts that were asked for; without include= they are not in
// the answer at all.
func (s *Simulator) include(out doc, p payout, include map[string]bool) {
	if include["requisite"] {
		out["requisite"] = doc{"id": p.Requisite.ID, "icon": doc{"overlay": true}, "title": p.Requisite.Title, "description": p.Requisite.Description}
	}
	if include["creator"] {
		out["creator"] = doc{"id": 496, "full_name": "Карат"}
	}
	if include["agent"] {
		out["agent"] = doc{"id": p.Agent, "full_name": agentName(p.Agent)}
	}
	if include["branch_office"] && p.Branch != 0 {
		if b, ok := s.branchByID(p.Branch); ok {
			out["branch-office"] = s.branchDoc(b, true)
		}
	}
	if include["bank_account"] && p.Account != 0 {
		out["bank_account"] = doc{"id": p.Account, "name": accountName(p.Account)}
	}
	if include["payload"] {
		out["payload"] = nil
	}
	if include["history"] {
		rows := []doc{}
		for _, e := range slices.Backward(p.History) {
			rows = append(rows, doc{"message": e.Message, "detail": orNull(e.Detail), "updated_at": stamp(e.At)})
		}
		out["history"] = rows
	}
	if include["abilities"] {
		waits := p.waits()
		out["abilities"] = doc{
			"can_repeat": s.yes(p.canRepeat()), "can_cancel": s.yes(p.Status == failed || waits), "can_refund": s.yes(p.Status == failed),
			"can_confirm": s.yes(waits), "can_approve": s.yes(p.Status == unapproved), "can_edit": s.yes(waits || p.Status == failed),
			"can_edit_requisite": s.yes(p.Status == failed), "can_add_files": s.yes(true),
		}
	}
}

func (p payout) canRepeat() bool { return p.Status == failed && !p.NoRepeat }

func final(status int) bool { return status == paid || status == rejected || status == deleted }

func (s *Simulator) statusDoc(status int) doc {
	title := titles[status]
	if old, ok := oldTitles[status]; ok && s.opt.OldTitles {
		title = old
	}
	return doc{"id": status, "title": title, "theme": themes[status]}
}

func (s *Simulator) receiptDoc(p payout) any {
	r := p.Receipt
	if r == nil {
		return nil
	}
	return doc{
		"can_cancel": s.yes(r.CancelReason == ""), "cancel_reason": orNull(r.CancelReason), "key": r.Key, "status": r.Status, "operation_at": stamp(r.At),
		"links": doc{
			"fns_url":   "https://lknpd.nalog.ru/api/v1/receipt/" + p.INN + "/" + r.Key + "/print",
			"saved_url": "https://files.jump.finance/receipts/" + strings.ToLower(r.Key) + "-" + strconv.Itoa(p.ID) + ".png",
		},
	}
}
