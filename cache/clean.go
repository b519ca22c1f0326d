package cache

import (
	"slices"
	"time"

	"bursar/providers"
)

// clean is the record as the cache may keep it. Clients mask before they hand a
// record over; this is the second lock: no text with a card number in it and no
// unmasked JSON is ever written. Ids stay whole, for they name the record.
func clean(r providers.Record) providers.Record {
	mask := providers.MaskText
	if r.Number != r.Ref.ID {
		r.Number = mask(r.Number)
	}
	r.Status.Label = mask(r.Status.Label)
	r.Party.Name, r.Party.Phone, r.Party.Email = mask(r.Party.Name), mask(r.Party.Phone), mask(r.Party.Email)
	if r.Party.Card = mask(r.Party.Card); countDigits(r.Party.Card) > 4 {
		r.Party.Card = providers.MaskCard(r.Party.Card)
	}
	r.Method, r.Note = mask(r.Method), mask(r.Note)
	r.Flags = slices.Clone(r.Flags)
	for i := range r.Flags {
		r.Flags[i] = mask(r.Flags[i])
	}
	r.Links = slices.Clone(r.Links)
	r.Details = cleanDetails(r.Details)
	if len(r.Raw) > 0 {
		r.Raw = providers.MaskJSON(r.Raw, providers.MaskRule{})
	}
	for _, t := range []*time.Time{&r.Created, &r.Updated, &r.Deadline} {
		*t = cleanTime(*t)
	}
	for _, m := range []*providers.Money{&r.Amount, &r.Remaining} {
		if m.IsNone() {
			*m = providers.Money{}
		}
	}
	return r
}

func cleanDetails(groups []providers.Group) []providers.Group {
	if groups == nil {
		return nil
	}
	out := make([]providers.Group, len(groups))
	for i, g := range groups {
		out[i] = providers.Group{Title: providers.MaskText(g.Title), Rows: make([]providers.Row, len(g.Rows))}
		for j, row := range g.Rows {
			out[i].Rows[j] = providers.Row{
				Label: providers.MaskText(row.Label), Value: providers.MaskText(row.Value), Time: cleanTime(row.Time),
			}
		}
	}
	return out
}

// The years that a payment can lie in. Anything else is a slip of a system and
// counts as unknown; it would not fit a number of nanoseconds either.
const (
	firstYear = 1900
	lastYear  = 2200
)

func cleanTime(t time.Time) time.Time {
	if y := t.Year(); y < firstYear || y > lastYear {
		return time.Time{}
	}
	return t.Round(0).In(zoneOf(zoneByte(t)))
}

func countDigits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}
