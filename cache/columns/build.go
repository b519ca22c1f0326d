package columns

import (
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"bursar/cache/filter"
	"bursar/providers"
)

// MaxRows is the most records that a block holds.
const MaxRows = math.MaxUint16

// Dictionary shares what records have in common between blocks. It is safe for
// concurrent use.
type Dictionary struct {
	mu     sync.Mutex
	traits map[string]*filter.Traits
}

// maxShared bounds what a dictionary keeps: what is in no way common need not be
// shared.
const maxShared = 1 << 12

// traitsOf returns the traits of a record, whose key is given.
func (d *Dictionary) traitsOf(key []byte, r *providers.Record) *filter.Traits {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t, ok := d.traits[string(key)]; ok {
		return t
	}
	t := filter.TraitsOf(r)
	d.share(string(key), t)
	return t
}

// share keeps traits for other blocks. The lock is held.
func (d *Dictionary) share(key string, t *filter.Traits) {
	if d.traits == nil {
		d.traits = map[string]*filter.Traits{}
	}
	if len(d.traits) < maxShared {
		d.traits[key] = t
	}
}

// Builder puts a block together. Records come in the order newest first.
type Builder struct {
	dict  *Dictionary
	b     Block
	known map[string]uint16         // traits of records by their key
	again map[*filter.Traits]uint16 // traits of copied records
	key   []byte
	last  string // the key before, and its number: neighbours are often alike
	lastN uint16
}

// NewBuilder makes a builder for about so many records.
func NewBuilder(dict *Dictionary, rows int) *Builder {
	return &Builder{
		dict:  dict,
		b:     Block{at: make([]uint32, 1, rows+1), trait: make([]uint16, 0, rows), text: make([]byte, 0, rows*96)},
		known: map[string]uint16{}, again: map[*filter.Traits]uint16{},
	}
}

// Len is the number of records so far.
func (w *Builder) Len() int { return w.b.Len() }

// Number is an amount as it is stored: a whole number times ten to the exponent,
// or a decimal where that does not fit. The zero value is none.
type Number struct {
	Some bool
	Big  bool
	Coef int64
	Exp  int32
	Dec  decimal.Decimal // of a big one
}

// Decimal is the amount; zero for none.
func (n Number) Decimal() decimal.Decimal {
	switch {
	case !n.Some:
		return decimal.Decimal{}
	case n.Big:
		return n.Dec
	default:
		return decimal.New(n.Coef, n.Exp)
	}
}

// NumberOf takes an amount apart.
func NumberOf(m providers.Money) Number {
	switch exp := m.Exponent(); {
	case m.IsNone():
		return Number{}
	case m.Coefficient().IsInt64() && exp > noAmount && exp < bigAmount:
		return Number{Some: true, Coef: m.CoefficientInt64(), Exp: exp}
	default:
		return Number{Some: true, Big: true, Dec: m.Decimal}
	}
}

// Add adds a record.
func (w *Builder) Add(r *providers.Record) { w.AddRow(r, NumberOf(r.Amount), NumberOf(r.Remaining)) }

// AddRow adds a record whose amounts are given; of its own it needs the
// currencies only.
func (w *Builder) AddRow(r *providers.Record, amount, remaining Number) {
	b, i := &w.b, w.b.Len()
	b.text = filter.AppendTexts(b.text, r)
	b.text = appendNumber(b.text, amount, r.Amount.Currency)
	if remaining == amount && r.Remaining.Currency == r.Amount.Currency {
		b.text = append(b.text, filter.Part) // a word that is in one is in the other
	} else {
		b.text = appendNumber(b.text, remaining, r.Remaining.Currency)
	}
	b.at = append(b.at, uint32(len(b.text))) //nolint:gosec // some megabytes
	b.trait = append(b.trait, w.number(r))
	if text := b.Text(i, filter.ID); string(text) != r.Ref.ID {
		if b.odd == nil {
			b.odd = map[int]string{}
		}
		b.odd[i] = strings.Clone(r.Ref.ID) // not a part of a larger text
	}
	w.clock(filter.Created, Key(r.Created))
	w.clock(filter.Updated, Key(r.Updated))
	w.clock(filter.Deadline, Key(r.Deadline))
	w.sum(filter.Amount, amount)
	w.sum(filter.Remaining, remaining)
}

func appendNumber(b []byte, n Number, currency string) []byte {
	if n.Some && !n.Big {
		if b, ok := filter.AppendCents(b, n.Coef, n.Exp, currency); ok {
			return b
		}
		n.Dec = decimal.New(n.Coef, n.Exp)
	}
	if !n.Some {
		return append(b, filter.Part)
	}
	return filter.AppendAmount(b, &providers.Money{Decimal: n.Dec, Currency: currency})
}

// clock adds a time of the record that was added last.
func (w *Builder) clock(c filter.Clock, key uint64) {
	times := &w.b.times[c]
	if key == 0 && *times == nil {
		return
	}
	*times = append(grown(*times, w.b.Len()-1, cap(w.b.trait)), key)
}

// grown is a column brought to n values; what it lacked is zero.
func grown[T any](column []T, n, room int) []T {
	if column == nil {
		column = make([]T, n, max(room, n+1))
	}
	return column
}

// sum adds an amount of the record that was added last.
func (w *Builder) sum(which filter.Sum, m Number) {
	s, n := &w.b.sums[which], w.b.Len()-1
	if !m.Some && s.coef == nil {
		return
	}
	s.open(n, cap(w.b.trait))
	switch {
	case !m.Some:
		s.coef, s.exp = append(s.coef, 0), append(s.exp, noAmount)
	case m.Big:
		s.coef, s.exp = append(s.coef, 0), append(s.exp, bigAmount)
		if s.big == nil {
			s.big = map[int]decimal.Decimal{}
		}
		s.big[n] = m.Dec
	default:
		s.coef, s.exp = append(s.coef, m.Coef), append(s.exp, int8(m.Exp)) //nolint:gosec // NumberOf bounds it
	}
}

// open makes the column when the first of n+1 records has an amount.
func (s *amounts) open(n, room int) {
	if s.coef != nil {
		return
	}
	s.coef, s.exp = grown(s.coef, n, room), grown(s.exp, n, room)
	for i := range s.exp {
		s.exp[i] = noAmount
	}
}

// number is the number of the record's traits in this block.
func (w *Builder) number(r *providers.Record) uint16 {
	k := append(w.key[:0], r.Ref.Account...)
	for _, s := range [...]string{string(r.Ref.Kind), r.Status.Code, r.Status.Label, r.Method, r.Amount.Currency, r.Remaining.Currency} {
		k = append(append(k, 0), s...)
	}
	k = strconv.AppendUint(append(k, 0), uint64(r.Status.Phase), 10)
	for _, f := range r.Flags {
		k = append(append(k, 1), f...)
	}
	for i := range r.Links {
		k = append(append(k, 2), r.Links[i].Ref.Kind...)
	}
	w.key = k
	if w.last != "" && w.last == string(k) {
		return w.lastN
	}
	n, ok := w.known[string(k)]
	if !ok {
		n = w.intern(w.dict.traitsOf(k, r))
		w.known[string(k)] = n
	}
	w.last, w.lastN = string(k), n
	return n
}

func (w *Builder) intern(t *filter.Traits) uint16 {
	n, ok := w.again[t]
	if !ok {
		n = uint16(len(w.b.traits)) //nolint:gosec // no more than records
		w.b.traits = append(w.b.traits, t)
		w.again[t] = n
	}
	return n
}

// Copy adds the records of another block from one place to before another.
func (w *Builder) Copy(o *Block, from, to int) {
	if from >= to {
		return
	}
	b, n := &w.b, w.b.Len()
	shift := uint32(len(b.text)) - o.at[from] //nolint:gosec // wraps round and back
	b.text = append(b.text, o.text[o.at[from]:o.at[to]]...)
	for i := from; i < to; i++ {
		b.at = append(b.at, o.at[i+1]+shift)
		b.trait = append(b.trait, w.intern(o.Traits(i)))
		if id, ok := o.odd[i]; ok {
			if b.odd == nil {
				b.odd = map[int]string{}
			}
			b.odd[n+i-from] = id
		}
	}
	room := cap(b.trait)
	for c := range b.times {
		switch {
		case o.times[c] != nil:
			b.times[c] = append(grown(b.times[c], n, room), o.times[c][from:to]...)
		case b.times[c] != nil:
			b.times[c] = append(b.times[c], make([]uint64, to-from)...)
		}
	}
	for k := range b.sums {
		b.sums[k].copy(&o.sums[k], n, from, to, room)
	}
	w.last = ""
}

func (s *amounts) copy(o *amounts, n, from, to, room int) {
	if o.coef == nil && s.coef == nil {
		return
	}
	s.open(n, room)
	for i := from; i < to; i++ {
		if o.coef == nil {
			s.coef, s.exp = append(s.coef, 0), append(s.exp, noAmount)
			continue
		}
		s.coef, s.exp = append(s.coef, o.coef[i]), append(s.exp, o.exp[i])
		if o.exp[i] == bigAmount {
			if s.big == nil {
				s.big = map[int]decimal.Decimal{}
			}
			s.big[n+i-from] = o.big[i]
		}
	}
}

// Block is what was put together. The builder is spent.
func (w *Builder) Block() *Block {
	b := w.b
	b.text = trimmed(b.text)
	return &b
}

// trimmed gives back the room that a guess took too much.
func trimmed(b []byte) []byte {
	if cap(b)-len(b) < len(b)/8 {
		return b
	}
	return append(make([]byte, 0, len(b)), b...)
}
