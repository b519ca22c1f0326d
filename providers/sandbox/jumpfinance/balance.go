package jumpfinance

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"bursar/providers/sandbox/gate"
)

const (
	firstBalanceID = 40_001
	firstFleetID   = 20_000_001
	firstLinkedID  = 30_000_001
)

// balance is one of a contractor's balances: the inner one, an aggregator's,
// and one for every further legal entity.
type balance struct {
	ID, Agent   int
	Sum, Frozen decimal.Decimal
	Aggregator  bool
	Created     time.Time
}

func (s *Simulator) balancesOf(c contractor) []balance {
	out := []balance{{ID: firstBalanceID + c.ID, Agent: c.Agent, Sum: c.Balance, Frozen: c.Frozen, Created: c.Created}}
	if !c.Fleet.IsZero() {
		out = append(out, balance{ID: firstFleetID + c.ID, Agent: c.Agent, Sum: c.Fleet, Aggregator: true, Created: c.Created})
	}
	for _, l := range s.links[c.ID] {
		out = append(out, balance{ID: firstLinkedID + l.ID, Agent: l.Agent, Created: l.Created})
	}
	return out
}

func (s *Simulator) balanceOf(c contractor, id int) (balance, bool) {
	for _, b := range s.balancesOf(c) {
		if b.ID == id {
			return b, true
		}
	}
	return balance{}, false
}

func (b balance) doc(withAgent bool) doc {
	out := doc{
		"id": b.ID, "balance": num(b.Sum), "frozen_balance": num(b.Frozen), "type": doc{"id": 1, "name": "Внутренний"},
		"integration": nil, "customer_balance": doc{"id": 1, "name": customerBalances[0]}, "created_at": stamp(b.Created),
	}
	if b.Aggregator {
		out["type"], out["customer_balance"] = doc{"id": 2, "name": "Агрегатор"}, nil
		out["integration"] = doc{"id": 1, "name": integrationNames[0]}
	}
	if withAgent {
		out["agent"] = doc{"id": b.Agent, "name": agentName(b.Agent)}
	}
	return out
}

// listBalances answers GET /contractors/{contractor_id}/balances.
func (s *Simulator) listBalances(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	w, bad := windowOf(req.query)
	include := includesOf(req.query, []string{"agent"}, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	all := s.balancesOf(c)
	return s.list("/contractors/"+idText(c.ID)+"/balances", w, len(all), true, func(i int) doc { return all[i].doc(include["agent"]) })
}

// getBalance answers GET /contractors/{contractor_id}/balances/{balance_id}.
func (s *Simulator) getBalance(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	id, err := strconv.Atoi(req.args["balance_id"])
	b, ok := s.balanceOf(c, id)
	if err != nil || !ok {
		return notFound(req)
	}
	var bad []field
	include := includesOf(req.query, []string{"agent"}, &bad)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	return item(b.doc(include["agent"]))
}
