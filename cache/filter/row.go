package filter

import (
	"bytes"
	"slices"
	"strconv"
	"sync"
	"time"

	"bursar/providers"
)

// Row is a record as filters look at it: texts in the code of AppendFold. A
// record is one by itself; an index of many may know cheaper ways.
type Row interface {
	// Traits is what the record has in common with many others.
	Traits() *Traits
	// Text is one of the texts that are the record's own.
	Text(Text) []byte
	// Time is false where there is none.
	Time(Clock) (time.Time, bool)
	// Compare is the sign of the amount less the bound; false where there is no
	// amount.
	Compare(Sum, *Bound) (sign int, some bool)
	// Has reports whether any of the record's texts, its traits or its amounts
	// holds the word.
	Has(Word) bool
	// LinkedFrom reports whether a record of the kind links to this one.
	LinkedFrom(providers.Kind) bool
}

// Text names a text that differs from record to record.
type Text uint8

// The texts, in the order in which AppendTexts writes them.
const (
	Number Text = iota
	ID
	PartyName
	PartyID
	Phone
	Email
	Card
	Note
	AmountText
	RemainingText
	Texts // how many there are
)

// Clock names a time of a record.
type Clock uint8

// The times.
const (
	Created Clock = iota
	Updated
	Deadline
)

// Sum names an amount of a record.
type Sum uint8

// The amounts.
const (
	Amount Sum = iota
	Remaining
)

// AppendTexts appends the record's own texts, folded, each ended by Part; those
// of its amounts, which come last, by AppendAmount.
func AppendTexts(b []byte, r *providers.Record) []byte {
	for _, text := range [...]string{
		r.Number, r.Ref.ID, r.Party.Name, r.Party.ID, r.Party.Phone, r.Party.Email, r.Party.Card, r.Note,
	} {
		b = append(AppendFold(b, text), Part)
	}
	return b
}

// AppendAmount appends the text of an amount.
func AppendAmount(b []byte, m *providers.Money) []byte {
	if !m.IsNone() {
		b = append(b, m.Text()...)
	}
	return append(b, Part)
}

// AppendCents appends the text of an amount of coefficient times ten to the
// exponent, as AppendAmount does, without making a decimal; false where it takes
// one.
func AppendCents(b []byte, coef int64, exp int32, currency string) ([]byte, bool) {
	digits := int(providers.MinorDigits(currency))
	const room = 1 << 53
	if int(-exp) > digits || exp > 0 || coef <= -room || coef >= room {
		return b, false
	}
	for ; int(-exp) < digits; exp-- {
		coef *= 10
	}
	if coef < 0 {
		b, coef = append(b, '-'), -coef
	}
	start := len(b)
	b = strconv.AppendInt(b, coef, 10)
	for len(b)-start <= digits {
		b = slices.Insert(b, start, '0')
	}
	if digits > 0 {
		b = slices.Insert(b, len(b)-digits, '.')
	}
	return append(b, Part), true
}

// Word is a bare word in the spellings in which it may stand: as it was typed,
// and as a number in plain writing, where it is one.
type Word struct {
	Spellings [][]byte
}

// In reports whether a text holds the word.
func (w Word) In(text []byte) bool {
	for _, s := range w.Spellings {
		if bytes.Contains(text, s) {
			return true
		}
	}
	return false
}

// scan is one record as a Row; what was worked out about it serves all terms.
type scan struct {
	rec    *providers.Record
	linked func(providers.Ref) []providers.Kind

	traits *Traits
	texts  []byte
	ends   [Texts]int
	known  bool
}

// scans holds scratch space only; what it held never matters.
var scans = sync.Pool{New: func() any { return new(scan) }}

func (s *scan) reset() { s.rec, s.linked, s.traits, s.known = nil, nil, nil, false }

func (s *scan) Traits() *Traits {
	if s.traits == nil {
		s.traits = TraitsOf(s.rec)
	}
	return s.traits
}

func (s *scan) fold() {
	if s.known {
		return
	}
	s.texts, s.known = AppendAmount(AppendAmount(AppendTexts(s.texts[:0], s.rec), &s.rec.Amount), &s.rec.Remaining), true
	at := 0
	for i := range s.ends {
		at += bytes.IndexByte(s.texts[at:], Part)
		s.ends[i] = at
		at++
	}
}

func (s *scan) Text(t Text) []byte {
	s.fold()
	from := 0
	if t > 0 {
		from = s.ends[t-1] + 1
	}
	return s.texts[from:s.ends[t]]
}

func (s *scan) Has(w Word) bool {
	s.fold()
	return w.In(s.texts) || s.Traits().Has(w)
}

func (s *scan) Time(c Clock) (time.Time, bool) {
	t := s.rec.Created
	switch c {
	case Updated:
		t = s.rec.Updated
	case Deadline:
		t = s.rec.Deadline
	}
	return t, !t.IsZero()
}

func (s *scan) Compare(which Sum, to *Bound) (int, bool) {
	m := &s.rec.Amount
	if which == Remaining {
		m = &s.rec.Remaining
	}
	if m.IsNone() {
		return 0, false
	}
	return m.Cmp(to.value), true
}

func (s *scan) LinkedFrom(kind providers.Kind) bool {
	if s.linked == nil {
		return false
	}
	for _, k := range s.linked(s.rec.Ref) {
		if k == kind {
			return true
		}
	}
	return false
}
