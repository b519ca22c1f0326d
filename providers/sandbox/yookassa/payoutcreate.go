package yookassa

import (
	"net/http"
	"regexp"
	"slices"
	"time"

	"bursar/providers/sandbox/gate"
	"bursar/providers/sandbox/world"
)

var accountForm = regexp.MustCompile(`^[0-9]{11,33}$`)

// sbpTakes is how long a payout by the fast payments system stays pending.
const sbpTakes = time.Minute

// transferIn is what a new payout is asked for with.
type transferIn struct {
	payout *payout
	token  string
	saved  string
}

// payoutIn reads the body of POST /payouts.
func (s *Simulator) payoutIn(c *call) (*transferIn, *gate.Answer) {
	in := c.whole()
	p := &payout{Status: "pending", Amount: in.mustMoney("amount")}
	t := &transferIn{payout: p, token: in.filled("payout_token", maxToken), saved: in.filled("payment_method_id", maxID)}
	data, ok := in.object("payout_destination_data")
	switch {
	case !atMostOne(ok, in.has("payout_token"), in.has("payment_method_id")):
		in.refuse("Give one of payout_destination_data, payout_token and payment_method_id", "payout_destination_data")
	case ok:
		p.Destination = data.destination()
	case t.token == "" && t.saved == "":
		in.refuse("The destination is missing", "payout_destination_data")
	}
	p.Description, p.Metadata = in.text("description", maxDescription), in.metadata()
	people := in.objects("personal_data", 2)
	for _, data := range people {
		data.must("id", maxID)
	}
	if deal, ok := in.object("deal"); ok {
		deal.must("id", maxID)
	}
	switch bad := in.bad(); {
	case bad != nil:
		return nil, bad
	case in.has("deal"):
		a := fail(http.StatusForbidden, "forbidden", "Safe deals are not enabled for the gateway", "deal")
		return nil, &a
	case len(people) > 0:
		a := missing("Personal data")
		return nil, &a
	}
	return t, nil
}

// destination reads where a payout goes. A card's number is cut to its mask.
func (p part) destination() destination {
	d := destination{Type: p.must("type", maxID)}
	switch d.Type {
	case "bank_card":
		card, ok := p.object("card")
		if !ok {
			p.refuse("The card is missing", "card")
			return d
		}
		card.must("number", maxID)
		if number := card.form("number", cardForm, "A card number has 16 to 19 digits"); p.bad() == nil {
			d.Card = &payoutCard{First6: number[:6], Last4: number[len(number)-4:], Type: brand(number), Country: "RU"}
		}
	case "yoo_money":
		p.must("account_number", maxID)
		d.Account = p.form("account_number", accountForm, "A wallet has 11 to 33 digits")
	case "sbp":
		no := false
		p.must("phone", maxID)
		d.Phone, d.Checked = p.form("phone", phone, "A phone has 4 to 15 digits"), &no
		d.Bank = p.must("bank_id", maxID)
		if !slices.ContainsFunc(banks, func(b sbpBank) bool { return b.ID == d.Bank }) {
			p.refuse("There is no such bank", "bank_id")
		}
	default:
		p.refuse("There is no such destination", "type")
	}
	return d
}

// createPayout sends money.
func (s *Simulator) createPayout(c *call) gate.Answer {
	t, bad := s.payoutIn(c)
	if bad != nil {
		return *bad
	}
	p, m := t.payout, made{}
	if t.saved != "" {
		if p.Destination, bad = s.savedDestination(t.saved); bad != nil {
			return *bad
		}
	}
	if t.token != "" {
		if m.Token = tokenPrint("payout " + t.token); s.tokens[m.Token] {
			return invalid("The token has been used already", "payout_token")
		}
		s.tokens[m.Token] = true
		p.Destination = s.tokenDestination(m.Token)
	}
	now := s.opt.Gate.Now()
	p.ID, p.CreatedAt = "po-"+s.mint(payoutSpace), stamp{now}
	wait := s.opt.PayoutAfter
	if wait == 0 && p.Destination.Type == "sbp" {
		wait = sbpTakes
	}
	switch reason := s.overLimit(p); {
	case reason != "":
		p.fail(reason)
	case wait > 0:
		m.Due = &due{stamp{now.Add(wait)}, s.opt.PayoutReason}
	case s.opt.PayoutReason != "":
		p.fail(s.opt.PayoutReason)
	default:
		s.finish(p, now)
	}
	s.addPayout(p, m.Due)
	m.Payout = p
	s.record(c, p.ID, p.Amount, m)
	return gate.JSON(0, p)
}

// savedDestination is a method that a payer saved, as a place to pay to.
func (s *Simulator) savedDestination(id string) (destination, *gate.Answer) {
	m, bad := s.savedMethod(id)
	switch {
	case bad != nil:
		return destination{}, bad
	case m.Card != nil:
		return destination{Type: "bank_card", Card: &payoutCard{First6: m.Card.First6, Last4: m.Card.Last4, Type: m.Card.Type, Country: m.Card.Country, Issuer: m.Card.Issuer}}, nil
	case m.Account != "":
		return destination{Type: "yoo_money", Account: m.Account}, nil
	default:
		a := invalid("Nothing can be paid out to this method", "payment_method_id")
		return destination{}, &a
	}
}

// tokenDestination is the card behind a token.
func (s *Simulator) tokenDestination(print string) destination {
	p := s.opt.World.Person(world.Contractors, int(world.Mix(s.seed(), print, 0)%uint64(s.opt.World.Contractors())))
	return destination{Type: "bank_card", Card: &payoutCard{First6: p.CardFirst6, Last4: p.CardLast4, Type: brand(p.CardFirst6), Country: "RU"}}
}
