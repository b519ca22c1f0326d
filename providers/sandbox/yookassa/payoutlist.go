package yookassa

import (
	"net/url"
	"strings"

	"bursar/providers/sandbox/gate"
)

const searchMonths = 3 // a search of payouts reaches back so far

func (s *Simulator) listPayouts(c *call) gate.Answer {
	l, bad := s.listingOf(c, shortStatuses, "succeeded_at", destinationFilter)
	if bad != nil {
		return *bad
	}
	return collect(s.payouts, l, nil, false, func(_ int, p *payout) (any, bool) {
		p = s.payoutNow(p)
		ok := (l.status == "" || p.Status == l.status) && (l.goesTo == "" || p.Destination.Type == l.goesTo)
		if len(l.finished) > 0 {
			ok = ok && p.SucceededAt != nil && l.finished.fit(p.SucceededAt.Time)
		}
		return p, ok
	})
}

// searchPayouts finds payouts by one pair of their metadata.
func (s *Simulator) searchPayouts(c *call) gate.Answer {
	l, bad := s.listingOf(c, nil)
	if bad != nil {
		return *bad
	}
	key, value, ok := pairIn(c.URL.Query())
	if !ok {
		return invalid("Give one pair metadata[key]=value", "metadata")
	}
	if since := s.opt.Gate.Now().AddDate(0, -searchMonths, 0); since.After(l.oldest) {
		l.oldest = since
	}
	return collect(s.payouts, l, nil, false, func(_ int, p *payout) (any, bool) {
		have, ok := p.Metadata[key]
		return s.payoutNow(p), ok && have == value
	})
}

// pairIn is the one pair metadata[key]=value of a query.
func pairIn(q url.Values) (key, value string, ok bool) {
	for name, values := range q {
		rest, found := strings.CutPrefix(name, "metadata[")
		if !found {
			continue
		}
		inner, closed := strings.CutSuffix(rest, "]")
		if key != "" || !closed || inner == "" || len(values) != 1 {
			return "", "", false
		}
		key, value = inner, values[0]
	}
	return key, value, key != ""
}
