package jumpfinance

import (
	"net/http"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

// agentNames are the legal entities that pay; the first has number 1.
var agentNames = []string{"ООО «Хостмаркет»", "ИП Орлов А.А."}

func agentName(id int) string {
	if id < 1 || id > len(agentNames) {
		return ""
	}
	return agentNames[id-1]
}

// listAgents answers without page marks, as this call does.
func (s *Simulator) listAgents(*request) gate.Answer {
	items := []doc{}
	for i, name := range agentNames {
		items = append(items, doc{"id": i + 1, "name": name})
	}
	return gate.JSON(http.StatusOK, doc{"items": items})
}

var accountNames = []string{"Т-Банк, расчётный", "Точка, номинальный"}

func accountName(id int) string {
	if id < 1 || id > len(accountNames) {
		return ""
	}
	return accountNames[id-1]
}

func (s *Simulator) listBankAccounts(*request) gate.Answer {
	items := []doc{}
	for i, name := range accountNames {
		items = append(items, doc{"id": i + 1, "name": name, "balance": num(decimal.New(125_000_000, -2)), "synced_at": stamp(s.banksSynced()), "agent": doc{"id": 1}})
	}
	return gate.JSON(http.StatusOK, doc{"items": items})
}

func (s *Simulator) getSettings(*request) gate.Answer {
	return gate.JSON(http.StatusOK, doc{"data": doc{
		"is_allow_withdraw": s.yes(!s.opt.WithdrawalsOff), "features": doc{"branch_office": s.yes(true), "branch_office_in_bank_account": s.yes(s.opt.BranchAccounts)},
	}})
}
