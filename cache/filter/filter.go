package filter

import (
	"fmt"
	"time"
	"unicode/utf8"

	"bursar/providers"
)

// Filter is a parsed filter. It is immutable and safe for concurrent use; nil
// and the zero value let everything pass.
type Filter struct {
	text  string
	terms []term
	words []Word
	links []providers.Kind
}

// term is one condition that a record must meet, or must not.
type term struct {
	not  bool
	test test
}

type test func(Row) bool

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
func (f *Filter) Empty() bool { return f == nil || len(f.terms) == 0 && len(f.words) == 0 }

// String is the filter's text as it was written.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Links lists the kinds that the filter asks for by has:, so that a caller
// looks up no more than these. It is empty when LinkedFrom is not asked.
func (f *Filter) Links() []providers.Kind {
	if f == nil {
		return nil
	}
	return f.links
}

// Words are the bare words that a record must hold, each of them. An index finds
// the rows that do; Rest tells which of these pass.
func (f *Filter) Words() []Word {
	if f == nil {
		return nil
	}
	return f.words
}

// Rest reports whether a row that holds all Words passes.
func (f *Filter) Rest(row Row) bool {
	if f == nil {
		return true
	}
	for i := range f.terms {
		if f.terms[i].test(row) == f.terms[i].not {
			return false
		}
	}
	return true
}

// Plain reports whether Words are all there is to the filter.
func (f *Filter) Plain() bool { return f == nil || len(f.terms) == 0 }

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

func (f *Filter) match(row Row) bool {
	for _, w := range f.words {
		if !row.Has(w) {
			return false
		}
	}
	return f.Rest(row)
}
