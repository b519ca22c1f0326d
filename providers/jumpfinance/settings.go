package jumpfinance

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"bursar/providers"
)

// settingsAge is how long an answer about the cabinet's settings holds.
const settingsAge = time.Minute

// withdrawalsOff is why no money action works when the cabinet says so.
const withdrawalsOff = "payouts through this integration are switched off in the personal account (is_allow_withdraw)"

// settingsCache holds the last answer. Reading and looking have locks of their
// own, so that a screen never waits for the network.
type settingsCache struct {
	reading sync.Mutex

	mu   sync.Mutex
	at   time.Time
	have wireSettings
}

// young is the last answer while it holds.
func (s *settingsCache) young(now time.Time) (wireSettings, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have, !s.at.IsZero() && now.Sub(s.at) < settingsAge && !now.Before(s.at)
}

func (s *settingsCache) set(now time.Time, have wireSettings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.have = now, have
}

// allowMoney refuses when the cabinet's settings forbid payouts. An account
// whose settings cannot be read by this path or with this key does not say, so
// the payout call itself has the last word.
func (c *Client) allowMoney(ctx context.Context) error {
	const key = "settings.get"
	c.settings.reading.Lock()
	defer c.settings.reading.Unlock()
	s, ok := c.settings.young(c.now())
	if !ok {
		s = wireSettings{}
		raw, err := c.item(ctx, key, nil)
		switch fault := providers.FaultOf(err); {
		case err == nil:
			if json.Unmarshal(raw, &s) != nil {
				s = wireSettings{}
			}
		case fault == providers.FaultNotFound, fault == providers.FaultForbidden, fault == providers.FaultInput:
			// The account does not say.
		default:
			return c.prepare(key, "the cabinet's settings could not be read", err)
		}
		c.settings.set(c.now(), s)
	}
	if s.AllowWithdraw.known && !s.AllowWithdraw.on {
		return c.errorf(key, providers.FaultForbidden, withdrawalsOff)
	}
	return nil
}

// moneyIsOff reports whether the settings, read less than a minute ago, forbid
// payouts. It asks nobody.
func (c *Client) moneyIsOff() bool {
	s, ok := c.settings.young(c.now())
	return ok && s.AllowWithdraw.known && !s.AllowWithdraw.on
}
