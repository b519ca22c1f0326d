package jumpfinance

import (
	"strconv"

	"bursar/providers/sandbox/gate"
)

// The requisite types that are documented with their fields.
const (
	byCard  = 8
	byPhone = 10
)

var typeSlugs = map[int]string{byCard: "bank_card", byPhone: "bank_card_by_phone"}

var typeTitles = map[int]string{byCard: "Карта банка по номеру карты", byPhone: "Карта банка по номеру телефона"}

// requisite is where money can be sent.
type requisite struct {
	ID      int    `json:"id"`
	Type    int    `json:"type"`
	Number  string `json:"number"` // card or phone; whole cards are never recorded
	Bank    int64  `json:"bank,omitempty"`
	Brand   string `json:"brand,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// target is the requisite as payouts show it.
func (r requisite) target() target {
	if r.Type == byPhone {
		return target{ID: r.ID, Title: "СБП", Description: r.Number}
	}
	return target{ID: r.ID, Title: "Карта", Description: r.Brand + " · " + r.Number[max(0, len(r.Number)-4):]}
}

const firstRequisiteID = 300_001

// requisitesOf lists a contractor's requisites, the default one first.
func (s *Simulator) requisitesOf(c contractor) []requisite {
	var out []requisite
	if c.Card != "" {
		out = append(out, requisite{ID: firstRequisiteID + 4*c.ID, Type: byCard, Number: c.Card, Brand: c.Brand, Default: true})
	}
	out = append(out, requisite{ID: firstRequisiteID + 4*c.ID + 1, Type: byPhone, Number: c.Phone, Bank: sbpBank, Default: c.Card == ""})
	return append(out, s.requisites[c.ID]...)
}

// sbpBank is a bank of the fast payment system.
const sbpBank = 100000000004

func (s *Simulator) defaultRequisite(c contractor) requisite { return s.requisitesOf(c)[0] }

func (s *Simulator) listRequisites(req *request) gate.Answer {
	c, ok := s.asked(req)
	if !ok {
		return notFound(req)
	}
	w, bad := windowOf(req.query)
	if len(bad) > 0 {
		return invalid(bad...)
	}
	all := s.requisitesOf(c)
	return s.list("/contractors/"+strconv.Itoa(c.ID)+"/requisites", w, len(all), true, func(i int) doc {
		r := all[i]
		where := doc{
			"bank_name": nil, "account_number": s.digits(r.Number), "payment_text": nil, "bik": nil, "sbp_bank_id": nil, "inn": nil,
			"last_name": c.Last, "first_name": c.First, "middle_name": c.Middle,
		}
		if r.Type == byPhone {
			where["sbp_bank_id"], where["bank_name"] = r.Bank, "Т-Банк"
		}
		return doc{
			"id": r.ID, "display_name": r.target().Title, "description": r.target().Description, "icon": doc{"overlay": true},
			"type":         doc{"id": r.Type, "slug": typeSlugs[r.Type], "title": typeTitles[r.Type]},
			"is_available": s.yes(true), "is_default": s.yes(r.Default), "requisite": where, "created_at": stamp(c.Created),
		}
	})
}
