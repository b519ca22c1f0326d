package yookassa

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// setPayout changes or adds a payout. One that is made pending stays so until
// it is set again.
func (s *Simulator) setPayout(id string, set json.RawMessage, given map[string]json.RawMessage) error {
	now := s.opt.Gate.Now()
	p := &payout{ID: id, Status: "succeeded", Amount: amount{Currency: currency}, CreatedAt: stamp{now}}
	row, exists := s.payoutRow(id)
	if exists {
		p = copied(s.payoutNow(s.payouts.table.At(row)))
	} else if _, ok := given["payout_destination"]; !ok {
		p.Destination = destination{Type: "bank_card", Card: &payoutCard{First6: "555555", Last4: "4444", Type: "MasterCard", Country: "RU"}}
	}
	if err := onto(set, p); err != nil {
		return err
	}
	switch {
	case !slices.Contains(shortStatuses, p.Status):
		return fmt.Errorf("status %q: use one of %v", p.Status, shortStatuses)
	case !p.Amount.decimal().IsPositive() || p.Amount.Currency == "":
		return errors.New(`amount must be {"value":"10.00","currency":"RUB"}`)
	case !p.Destination.sound():
		return fmt.Errorf("payout_destination: use one of %v with card, account_number or phone and bank_id", destinationTypes)
	}
	p.Amount.Value = p.Amount.decimal().StringFixed(2)
	if p.Destination.Type == "sbp" && p.Destination.Checked == nil {
		p.Destination.Checked = new(bool)
	}
	if p.ID == "" {
		p.ID = "po-" + s.mint(payoutSpace)
	}
	s.followPayout(p, given)
	s.dues[p.ID] = due{}
	if !exists {
		s.addPayout(p, nil)
		return nil
	}
	if row >= s.payouts.table.Made() {
		s.spend(s.payouts.table.At(row), -1)
		s.spend(p, 1)
	}
	s.payouts.put(row, p)
	return nil
}

// followPayout fills in what a status brings with it.
func (s *Simulator) followPayout(p *payout, given map[string]json.RawMessage) {
	if p.Status != "canceled" {
		p.Cancellation = nil
	} else if p.Cancellation == nil {
		p.fail("general_decline")
	}
	if _, ok := given["succeeded_at"]; ok {
		return
	}
	if p.Status != "succeeded" {
		p.SucceededAt = nil
	} else if p.SucceededAt == nil {
		s.finish(p, s.opt.Gate.Now())
	}
}

func (d destination) sound() bool {
	switch d.Type {
	case "bank_card":
		return d.Card != nil && d.Card.First6 != "" && d.Card.Last4 != "" && d.Card.Type != ""
	case "yoo_money":
		return d.Account != ""
	default:
		return d.Type == "sbp" && d.Phone != "" && d.Bank != ""
	}
}

func (s *Simulator) setWebhook(id string, set json.RawMessage) error {
	w, i := &webhook{ID: id}, s.webhookAt(id)
	if i >= 0 {
		*w = *s.webhooks[i]
	}
	was := w.Event
	if err := onto(set, w); err != nil {
		return err
	}
	switch {
	case !slices.Contains(events, w.Event):
		return fmt.Errorf("event %q: use one of %v", w.Event, events)
	case w.Event != was && s.hooked(w.Event):
		return fmt.Errorf("event %q has a webhook already", w.Event)
	case !secureURL(w.URL):
		return errors.New("url must be https")
	}
	if i >= 0 {
		s.webhooks[i] = w
		return nil
	}
	if w.ID == "" {
		w.ID = "wh-" + s.mint(webhookSpace)
	}
	s.webhooks = append(s.webhooks, w)
	return nil
}
