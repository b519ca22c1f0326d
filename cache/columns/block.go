package columns

import (
	"bytes"
	"math"
	"sort"
	"time"
	"unsafe"

	"github.com/shopspring/decimal"

	"bursar/cache/filter"
	"bursar/providers"
)

// Block is some records of one account and kind in columns, in the order newest
// first. It is immutable and safe for concurrent use.
type Block struct {
	text   []byte           // every record's own texts, as filter.AppendTexts writes them
	at     []uint32         // where each record's begin, and the end
	odd    map[int]string   // ids that are not as their folded text says
	times  [clocks][]uint64 // keys by filter.Clock; nil: nobody has one
	sums   [2]amounts       // by filter.Sum
	trait  []uint16         // per record, into traits
	traits []*filter.Traits
}

const clocks = int(filter.Deadline) + 1

// amounts is a column of amounts; coef is nil when nobody has one.
type amounts struct {
	coef []int64
	exp  []int8
	big  map[int]decimal.Decimal // those that do not fit
}

// The exponents that are none.
const (
	noAmount  = math.MinInt8
	bigAmount = math.MaxInt8
)

// Len is the number of records.
func (b *Block) Len() int { return len(b.trait) }

// Created is the key of a record's creation.
func (b *Block) Created(i int) uint64 { return b.Clock(i, filter.Created) }

// Clock is the key of one of a record's times.
func (b *Block) Clock(i int, c filter.Clock) uint64 {
	if b.times[c] == nil {
		return 0
	}
	return b.times[c][i]
}

// ID is a record's id. The text may be a part of the block's memory.
func (b *Block) ID(i int) string {
	if id, ok := b.odd[i]; ok {
		return id
	}
	text := b.Text(i, filter.ID)
	return unsafe.String(unsafe.SliceData(text), len(text)) // a block never changes
}

// Text is one of a record's own texts, folded.
func (b *Block) Text(i int, t filter.Text) []byte {
	row := b.row(i)
	for ; t > 0; t-- {
		row = row[bytes.IndexByte(row, filter.Part)+1:]
	}
	return row[:bytes.IndexByte(row, filter.Part)]
}

func (b *Block) row(i int) []byte { return b.text[b.at[i]:b.at[i+1]] }

// Traits is what a record has in common with others.
func (b *Block) Traits(i int) *filter.Traits { return b.traits[b.trait[i]] }

// Amount is one of a record's amounts; false where there is none.
func (b *Block) Amount(i int, which filter.Sum) (decimal.Decimal, bool) {
	s := &b.sums[which]
	if s.coef == nil || s.exp[i] == noAmount {
		return decimal.Decimal{}, false
	}
	if s.exp[i] == bigAmount {
		return s.big[i], true
	}
	return decimal.New(s.coef[i], int32(s.exp[i])), true
}

// Coefficient is one of a record's amounts as a whole number times ten to the
// exponent; false where there is none, or where it does not fit.
func (b *Block) Coefficient(i int, which filter.Sum) (coef int64, exp int, ok bool) {
	s := &b.sums[which]
	if s.coef == nil || s.exp[i] == noAmount || s.exp[i] == bigAmount {
		return 0, 0, false
	}
	return s.coef[i], int(s.exp[i]), true
}

// Find is the place of a record, or where it would be.
func (b *Block) Find(created uint64, id string) (int, bool) {
	return sort.Find(b.Len(), func(i int) int { return Order(created, id, b.Created(i), b.ID(i)) })
}

// row is one of a block's records as a filter sees it.
type row struct {
	b      *Block
	i      int
	linked Linked
}

// Linked tells whether a record of the kind links to the one with the id. Nil:
// none does.
type Linked func(id string, kind providers.Kind) bool

func (r *row) Traits() *filter.Traits    { return r.b.Traits(r.i) }
func (r *row) Text(t filter.Text) []byte { return r.b.Text(r.i, t) }
func (r *row) Time(c filter.Clock) (time.Time, bool) {
	key := r.b.Clock(r.i, c)
	return Time(key), key != 0
}

func (r *row) Compare(which filter.Sum, to *filter.Bound) (int, bool) {
	if coef, exp, ok := r.b.Coefficient(r.i, which); ok {
		return to.Cmp(coef, int32(exp)), true //nolint:gosec // it was an int8
	}
	d, some := r.b.Amount(r.i, which)
	return to.CmpDecimal(d), some
}

func (r *row) Has(w filter.Word) bool {
	return w.In(r.b.row(r.i)) || r.Traits().Has(w)
}

func (r *row) LinkedFrom(kind providers.Kind) bool {
	return r.linked != nil && r.linked(r.b.ID(r.i), kind)
}

// AllTraits are the traits of all records, each once.
func (b *Block) AllTraits() []*filter.Traits { return b.traits }
