package yookassa

import (
	"net/http"
	"strings"

	"bursar/providers/sandbox/gate"
)

// The logins.
const (
	secretKey  = "sandbox"
	oauthToken = "sandbox"
	payoutsID  = "500500"
)

// who asks.
type who int

const (
	byShop    who = iota + 1 // its id and key
	byPartner                // an OAuth token
	byGateway                // of payouts, its id and key
)

// login checks who asks, and whether the call is theirs.
func (s *Simulator) login(c *call) (gate.Answer, bool) {
	header := c.Header.Get("Authorization")
	if token, ok := strings.CutPrefix(header, "Bearer "); ok {
		if token != oauthToken {
			return unauthorized("The token is unknown or has expired"), false
		}
		c.who = byPartner
		return s.may(c)
	}
	user, password, ok := c.BasicAuth()
	switch {
	case !ok:
		return unauthorized("The request carries no login"), false
	case password != secretKey || user != shopID && user != payoutsID:
		return unauthorized("The shop id or the secret key is wrong"), false
	}
	c.who = byShop
	if user == payoutsID {
		c.who = byGateway
	}
	return s.may(c)
}

// may tells whether the call is open to who asks: webhooks to tokens alone,
// payouts to the gateway's own pair, the account's page to tokens, the gateway
// and platforms.
func (s *Simulator) may(c *call) (gate.Answer, bool) {
	forbid := func(text string) (gate.Answer, bool) {
		return fail(http.StatusForbidden, "forbidden", text, ""), false
	}
	_, path, _ := strings.Cut(c.name, " /")
	kind, _, _ := strings.Cut(path, "/")
	switch kind {
	case "payouts", "sbp_banks":
		if c.who != byGateway {
			return forbid("This method takes the id and key of a payout gateway only")
		}
	case "webhooks":
		if c.who != byPartner {
			return forbid("This method takes an OAuth token only")
		}
	case "me":
		if c.who == byShop && !(s.opt.Platform && c.URL.Query().Get("on_behalf_of") != "") {
			return forbid("This method takes an OAuth token only")
		}
	default:
		if c.who == byGateway {
			return forbid("A payout gateway has no payments")
		}
	}
	return gate.Answer{}, true
}
