package cache

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"bursar/providers"
)

// What is kept of one record at most. No payment system comes near; one hostile
// row must cost neither the page that it came with nor the memory of a list.
// All bounds together stay below what Badger takes in one transaction.
const (
	maxID      = 512       // bytes: ids are parts of keys
	maxText    = 8 << 10   // bytes of a text that a list shows
	maxFlags   = 64        // of maxFlag bytes each
	maxFlag    = 256       //
	maxLinks   = 64        //
	maxValue   = 64 << 10  // bytes of a text of the details
	maxDetails = 256 << 10 // bytes of all of them
	maxDoc     = 192 << 10 // bytes of the record as JSON, packed
	maxDigits  = 100       // of an amount, on either side of the dot
)

// LeftOutError says that some of the records that were put cannot be kept. All
// others are.
type LeftOutError struct {
	Count int
	First error
}

func (e *LeftOutError) Error() string {
	if e.Count == 1 {
		return "1 record was left out: " + e.First.Error()
	}
	return fmt.Sprintf("%d records were left out, the first because %s", e.Count, e.First)
}

// Unwrap is why the first was left out.
func (e *LeftOutError) Unwrap() error { return e.First }

// bound cuts a cleaned record down to what is kept, and refuses one that has no
// name to keep it by.
func bound(r *providers.Record) error {
	for _, part := range []struct{ what, text string }{{"account", r.Ref.Account}, {"kind", string(r.Ref.Kind)}, {"id", r.Ref.ID}} {
		switch {
		case part.text == "":
			return fmt.Errorf("a record of %q has no %s", short(r.Ref.Account), part.what)
		case len(part.text) > maxID:
			return fmt.Errorf("the %s %q is longer than %d bytes", part.what, short(part.text), maxID)
		}
	}
	for _, m := range []providers.Money{r.Amount, r.Remaining} {
		if exp := m.Exponent(); exp < -maxDigits || exp > maxDigits || m.NumDigits() > maxDigits {
			return fmt.Errorf("an amount of %q has more than %d digits", short(r.Ref.ID), maxDigits)
		}
	}
	for _, t := range []*string{
		&r.Number, &r.Status.Code, &r.Status.Label, &r.Amount.Currency, &r.Remaining.Currency,
		&r.Party.ID, &r.Party.Name, &r.Party.Phone, &r.Party.Email, &r.Party.Card, &r.Method, &r.Note,
	} {
		*t = bounded(*t, maxText)
	}
	r.Flags = r.Flags[:min(len(r.Flags), maxFlags)]
	for i := range r.Flags {
		r.Flags[i] = bounded(r.Flags[i], maxFlag)
	}
	boundLinks(r)
	boundDetails(r)
	return boundDoc(r)
}

func boundLinks(r *providers.Record) {
	links := r.Links[:0]
	for _, l := range r.Links {
		if max(len(l.Ref.ID), len(l.Ref.Account), len(l.Ref.Kind)) <= maxID && len(links) < maxLinks {
			l.Rel = bounded(l.Rel, maxFlag)
			links = append(links, l)
		}
	}
	r.Links = links
}

func boundDetails(r *providers.Record) {
	left := maxDetails
	for g := range r.Details {
		r.Details[g].Title = bounded(r.Details[g].Title, maxFlag)
		for i := range r.Details[g].Rows {
			row := &r.Details[g].Rows[i]
			row.Label, row.Value = bounded(row.Label, maxFlag), bounded(row.Value, maxValue)
			if left -= len(row.Label) + len(row.Value); left < 0 {
				r.Details[g].Rows = append(r.Details[g].Rows[:i], providers.Row{Label: "…", Value: "the rest is too long to be kept"})
				r.Details = r.Details[:g+1]
				return
			}
		}
	}
}

// boundDoc drops what is too long as JSON, where a character may take six
// bytes: what the system sent first, then what was understood of it. The row of
// the list always stays.
func boundDoc(r *providers.Record) error {
	if len(r.Raw) > maxRaw {
		r.Raw = nil
	}
	if 6*rough(r) < maxDoc {
		return nil
	}
	for _, drop := range []func(){func() { r.Raw = nil }, func() { r.Details = nil }, func() { r.Links, r.Flags = nil, nil }, func() { r.Note = "" }, func() {}} {
		doc, err := encodeDoc(*r)
		if err != nil {
			return fmt.Errorf("the record %q cannot be written: %w", short(r.Ref.ID), err)
		}
		if len(doc) <= maxDoc {
			return nil
		}
		drop()
	}
	return fmt.Errorf("the record %q is too long", short(r.Ref.ID))
}

// rough is about how many bytes a record has.
func rough(r *providers.Record) int {
	n := 2*maxText + len(r.Note) + len(r.Raw) + len(r.Number) + len(r.Method) + len(r.Party.Name) + len(r.Status.Label)
	for _, f := range r.Flags {
		n += len(f)
	}
	for _, l := range r.Links {
		n += len(l.Ref.ID) + len(l.Ref.Account) + len(l.Ref.Kind) + len(l.Rel)
	}
	for _, g := range r.Details {
		for _, row := range g.Rows {
			n += len(row.Label) + len(row.Value)
		}
	}
	return n
}

// bounded is a text as it is kept: valid UTF-8 of at most limit bytes, an ellipsis
// where it was cut. JSON would make it so on its own, and a list and its details
// would tell of two different texts.
func bounded(s string, limit int) string {
	if len(s) > limit {
		end := limit - len("…")
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// short is the beginning of a text, for an error.
func short(s string) string {
	if len(s) > 60 {
		return bounded(s, 60)
	}
	return s
}
