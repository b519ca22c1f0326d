package jumpfinance

import (
	"context"
	"encoding/json"
	"time"

	"bursar/providers"
)

// settingsAge is how long an answer about the cabinet's settings holds.
const settingsAge = time.Minute

// withdrawalsOff is why no money action works when the cabinet says so.
const withdrawalsOff = "payouts through this integration are switched off in the personal account (is_allow_withdraw)"

// allowMoney refuses when the cabinet's settings forbid payouts. An account
// whose settings cannot be read by this path or with this key does not say, so
// the payout call itself has the last word.
func (c *Client) allowMoney(ctx context.Context) error {
	const key = "settings.get"
	c.settings.Lock()
	defer c.settings.Unlock()
	if now := c.now(); c.settings.at.IsZero() || now.Sub(c.settings.at) >= settingsAge || now.Before(c.settings.at) {
		raw, err := c.item(ctx, key, nil)
		switch fault := providers.FaultOf(err); {
		case err == nil:
			var s wireSettings
			if json.Unmarshal(raw, &s) != nil {
				s = wireSettings{}
			}
			c.settings.at, c.settings.have = now, s
		case fault == providers.FaultNotFound, fault == providers.FaultForbidden, fault == providers.FaultInput:
			c.settings.at, c.settings.have = now, wireSettings{}
		default:
			return c.prepare(key, "the cabinet's settings could not be read", err)
		}
	}
	if s := c.settings.have.AllowWithdraw; s.known && !s.on {
		return c.errorf(key, providers.FaultForbidden, withdrawalsOff)
	}
	return nil
}

// moneyIsOff reports whether the settings, read less than a minute ago, forbid
// payouts. It asks nobody.
func (c *Client) moneyIsOff() bool {
	c.settings.Lock()
	defer c.settings.Unlock()
	s := c.settings.have.AllowWithdraw
	return !c.settings.at.IsZero() && c.now().Sub(c.settings.at) < settingsAge && s.known && !s.on
}
