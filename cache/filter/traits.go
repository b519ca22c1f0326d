package filter

import (
	"encoding/binary"
	"strings"

	"bursar/providers"
)

// Traits is what many records of a kind have in common; texts are folded.
type Traits struct {
	Account             []byte
	Kind                providers.Kind
	Phase               providers.Phase
	Code, Label, Method []byte
	Currency            string // of the amount, as it came
	RemainingCurrency   string
	Flags               [][]byte
	Links               []providers.Kind // what the record itself links to
	phase               []byte
	all                 []byte // what words are looked for in
}

// TraitsOf takes a record's traits out. It keeps none of the record's memory.
func TraitsOf(r *providers.Record) *Traits {
	fold := func(s string) []byte { return AppendFold(nil, s) }
	t := &Traits{
		Account: fold(r.Ref.Account), Kind: r.Ref.Kind, Phase: r.Status.Phase,
		Code: fold(r.Status.Code), Label: fold(r.Status.Label), Method: fold(r.Method),
		Currency: strings.Clone(r.Amount.Currency), RemainingCurrency: strings.Clone(r.Remaining.Currency),
	}
	for _, f := range r.Flags {
		t.Flags = append(t.Flags, fold(f))
	}
	for i := range r.Links {
		if kind := r.Links[i].Ref.Kind; !t.LinksTo(kind) {
			t.Links = append(t.Links, providers.Kind(strings.Clone(string(kind))))
		}
	}
	return t.ready()
}

// ready works out what is looked at often.
func (t *Traits) ready() *Traits {
	t.phase = []byte(t.Phase.String())
	for _, text := range [][]byte{t.Code, t.Label, t.Method, AppendFold(nil, t.Currency)} {
		t.all = append(append(t.all, text...), Part)
	}
	for _, f := range t.Flags {
		t.all = append(append(t.all, f...), Part)
	}
	return t
}

// Has reports whether one of the traits holds the word.
func (t *Traits) Has(w Word) bool { return w.In(t.all) }

// LinksTo reports whether the record links to one of the kind.
func (t *Traits) LinksTo(kind providers.Kind) bool {
	for _, k := range t.Links {
		if k == kind {
			return true
		}
	}
	return false
}

// Append appends the traits' form, for ReadTraits; account and kind apart.
func (t *Traits) Append(out []byte) []byte {
	out = append(out, byte(t.Phase))
	for _, text := range [][]byte{t.Code, t.Label, t.Method, []byte(t.Currency), []byte(t.RemainingCurrency)} {
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	out = binary.AppendUvarint(out, uint64(len(t.Flags)))
	for _, f := range t.Flags {
		out = append(binary.AppendUvarint(out, uint64(len(f))), f...)
	}
	for _, k := range t.Links {
		out = append(binary.AppendUvarint(out, uint64(len(k))), k...)
	}
	return out
}

// ReadTraits reads a form; false when it does not read. It keeps none of the
// form's memory.
func ReadTraits(form []byte, account string, kind providers.Kind) (*Traits, bool) {
	t := &Traits{Account: AppendFold(nil, account), Kind: kind}
	if len(form) == 0 {
		return t, false
	}
	t.Phase, form = providers.Phase(form[0]), form[1:]
	ok := true
	next := func() []byte {
		n, w := binary.Uvarint(form)
		if w <= 0 || n > uint64(len(form)-w) {
			ok, form = false, nil
			return nil
		}
		text := append([]byte(nil), form[w:w+int(n)]...) //nolint:gosec // bounded by a length
		form = form[w+int(n):]                           //nolint:gosec // bounded by a length
		return text
	}
	t.Code, t.Label, t.Method = next(), next(), next()
	t.Currency, t.RemainingCurrency = string(next()), string(next())
	flags, w := binary.Uvarint(form)
	if w <= 0 || flags > uint64(len(form)) {
		return t, false
	}
	form = form[w:]
	for range flags {
		t.Flags = append(t.Flags, next())
	}
	for ok && len(form) > 0 {
		t.Links = append(t.Links, providers.Kind(next()))
	}
	return t.ready(), ok
}
