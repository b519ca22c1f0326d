package filter

import (
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"bursar/providers"
)

// Filter is a parsed filter. It is immutable and safe for concurrent use; nil
// and the zero value let everything pass.
type Filter struct {
	text    string
	terms   []term
	links   []providers.Kind
	amounts bool
}

// term is one condition that a record must meet, or must not.
type term struct {
	not  bool
	test test
}

type test func(*scan) bool

// Error says what is wrong with a filter's text, and where.
type Error struct {
	Text     string // the filter
	Pos, Len int    // the wrong part, in bytes
	Msg      string // what is wrong
	Hint     string // what to write instead, "" when there is nothing to suggest
}

// Error is one sentence with the place counted in characters from 1.
func (e *Error) Error() string {
	at := utf8.RuneCountInString(e.Text[:min(e.Pos, len(e.Text))]) + 1
	s := fmt.Sprintf("filter, character %d: %s", at, e.Msg)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// maxText bounds a filter's text in bytes; nobody types more.
const maxText = 8192

// Parse reads a filter. Days are those of now's location. Every error is an
// *Error.
func Parse(text string, now time.Time) (*Filter, error) {
	if len(text) > maxText {
		return nil, &Error{Text: text, Pos: maxText, Len: len(text) - maxText, Msg: fmt.Sprintf("a filter has at most %d bytes", maxText)}
	}
	p := parser{text: text, now: now, out: &Filter{text: text}}
	if err := p.run(); err != nil {
		err.Text = text
		return nil, err
	}
	return p.out, nil
}

// Empty reports whether everything passes.
func (f *Filter) Empty() bool { return f == nil || len(f.terms) == 0 }

// String is the filter's text as it was written.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Links lists the kinds that the filter asks for by has:, so that a caller
// looks up no more than these. It is empty when linked is not needed.
func (f *Filter) Links() []providers.Kind {
	if f == nil {
		return nil
	}
	return f.links
}

// Amounts reports whether the filter looks at amounts. Where it does not, a
// caller may leave them out of the records it passes to Match.
func (f *Filter) Amounts() bool { return f != nil && f.amounts }

// Match reports whether the record passes. linked names the kinds of the
// records whose links point to the given one; the record's own links count
// without it, and it may be nil.
func (f *Filter) Match(rec *providers.Record, linked func(providers.Ref) []providers.Kind) bool {
	if f.Empty() {
		return true
	}
	s := scans.Get().(*scan)
	s.rec, s.linked = rec, linked
	ok := f.match(s)
	s.reset()
	scans.Put(s)
	return ok
}

func (f *Filter) match(s *scan) bool {
	for i := range f.terms {
		if f.terms[i].test(s) == f.terms[i].not {
			return false
		}
	}
	return true
}

// scan is one record under test, with what was worked out about it once for all
// terms.
type scan struct {
	rec    *providers.Record
	linked func(providers.Ref) []providers.Kind

	all     []byte // every text of the record, folded, parted by 0x1F
	allDone bool
	sum     []byte // the amounts as texts
	sumDone bool
	one     []byte // scratch for one field
}

// scans holds scratch space only; what it held never matters.
var scans = sync.Pool{New: func() any { return new(scan) }}

func (s *scan) reset() {
	s.rec, s.linked = nil, nil
	s.allDone, s.sumDone = false, false
}

// part keeps two fields from matching as one.
const part = 0x1f

// everything is the record's texts, folded.
func (s *scan) everything() []byte {
	if s.allDone {
		return s.all
	}
	r := s.rec
	b := s.all[:0]
	for _, text := range [...]string{
		r.Number, r.Ref.ID, r.Party.Name, r.Party.ID, r.Party.Phone, r.Party.Email, r.Party.Card,
		r.Note, r.Method, r.Status.Code, r.Status.Label, r.Amount.Currency,
	} {
		if text != "" {
			b = append(appendFold(b, text), part)
		}
	}
	for _, flag := range r.Flags {
		b = append(appendFold(b, flag), part)
	}
	s.all, s.allDone = b, true
	return b
}

// sums is the amount and the remainder as people may type them: "1000.00",
// "1 000.00 rub".
func (s *scan) sums() []byte {
	if s.sumDone {
		return s.sum
	}
	b := s.sum[:0]
	for _, m := range [...]providers.Money{s.rec.Amount, s.rec.Remaining} {
		if !m.IsNone() {
			b = append(append(b, m.Text()...), part)
			b = append(appendFold(b, m.String()), part)
		}
	}
	s.sum, s.sumDone = b, true
	return b
}

func (s *scan) fold(text string) []byte {
	s.one = appendFold(s.one[:0], text)
	return s.one
}
