package jumpfinance

import (
	"net/http"
	"strconv"
	"time"

	"bursar/providers/sandbox/gate"
)

const (
	syncBanksCall = "POST /banks_accounts/sync_balances"
	// banksEvery is how often balances may be refreshed by hand; they refresh by
	// themselves every half hour.
	banksEvery = 3 * time.Minute
	banksAlone = 30 * time.Minute
)

// banksSynced is when the balances were last refreshed.
func (s *Simulator) banksSynced() time.Time {
	now := s.opt.Gate.Now()
	at := now.Truncate(banksAlone)
	for _, began := range s.syncs {
		if done := began.Add(s.opt.SyncTakes); done.After(at) && !done.After(now) {
			at = done
		}
	}
	return at
}

// syncBankBalances answers POST /banks_accounts/sync_balances with 202.
func (s *Simulator) syncBankBalances(*request) gate.Answer {
	if n := len(s.syncs); n > 0 && s.opt.Gate.Now().Sub(s.syncs[n-1]) < banksEvery {
		return s.tooMany()
	}
	s.putSync()
	id := len(s.syncs)
	s.record(syncBanksCall, idText(id), nil)
	return gate.JSON(http.StatusAccepted, doc{"item": doc{"id": id}})
}

func (s *Simulator) putSync() { s.syncs = append(s.syncs, s.opt.Gate.Now()) }

// bankSyncStatus answers 202 while the refresh works, then 302 to the accounts.
func (s *Simulator) bankSyncStatus(req *request) gate.Answer {
	id, err := strconv.Atoi(req.args["sync_id"])
	if err != nil || id < 1 || id > len(s.syncs) {
		return notFound(req)
	}
	if s.running(s.syncs[id-1]) {
		return gate.JSON(http.StatusAccepted, doc{"item": doc{"id": id}})
	}
	a := gate.JSON(http.StatusFound, doc{"item": doc{"id": id}})
	a.Header.Set("Location", base+"/banks_accounts")
	return a
}
