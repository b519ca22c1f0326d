package columns

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/shopspring/decimal"

	"bursar/cache/filter"
	"bursar/providers"
)

// A block can be kept and read back, which is many times faster than to make it
// from its records again. The form is for the machine that wrote it; whoever
// keeps it must know whether the records are still those.

// formVersion is the first byte; raise it when the form changes, or what texts
// are folded to.
const formVersion = 2

var errForm = errors.New("the columns do not read")

// Append appends the block's form.
func (b *Block) Append(out []byte) []byte {
	out = append(out, formVersion)
	out = binary.AppendUvarint(out, uint64(b.Len()))
	out = appendBytes(out, b.text)
	for i := range b.Len() {
		out = binary.AppendUvarint(out, uint64(b.at[i+1]-b.at[i]))
	}
	out = binary.AppendUvarint(out, uint64(len(b.traits)))
	for _, t := range b.traits {
		out = appendBytes(out, t.Append(nil))
	}
	for _, n := range b.trait {
		out = binary.AppendUvarint(out, uint64(n))
	}
	for _, times := range b.times {
		out = binary.AppendUvarint(out, uint64(len(times)))
		for _, t := range times {
			out = binary.LittleEndian.AppendUint64(out, t)
		}
	}
	for k := range b.sums {
		s := &b.sums[k]
		out = binary.AppendUvarint(out, uint64(len(s.coef)))
		for i, c := range s.coef {
			out = append(binary.AppendVarint(out, c), byte(s.exp[i])) //nolint:gosec // bits, not a number
		}
		out = binary.AppendUvarint(out, uint64(len(s.big)))
		for i, d := range s.big {
			out = binary.AppendUvarint(out, uint64(i)) //nolint:gosec // an index
			out = appendBytes(out, []byte(d.String()))
		}
	}
	out = binary.AppendUvarint(out, uint64(len(b.odd)))
	for i, id := range b.odd {
		out = binary.AppendUvarint(out, uint64(i)) //nolint:gosec // an index
		out = appendBytes(out, []byte(id))
	}
	return out
}

func appendBytes(out, b []byte) []byte {
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}

// Read reads the form of a block whose records belong to the account's kind. It
// keeps none of the form's memory.
func Read(form []byte, account string, kind providers.Kind, dict *Dictionary) (*Block, error) {
	r := formReader{b: form}
	if r.byte() != formVersion {
		return nil, errForm
	}
	n := r.count(1)
	if n > MaxRows {
		return nil, errForm
	}
	b := &Block{text: append([]byte(nil), r.bytes()...), at: make([]uint32, n+1), trait: make([]uint16, n)}
	for i := range n {
		b.at[i+1] = b.at[i] + uint32(r.uvarint()) //nolint:gosec // compared with the texts below
		r.bad = r.bad || b.at[i+1] < b.at[i]
	}
	r.bad = r.bad || int(b.at[n]) != len(b.text) || !b.parted()
	for range r.count(1) {
		b.traits = append(b.traits, dict.read(r.bytes(), account, kind, &r.bad))
	}
	for i := range n {
		t := r.uvarint()
		r.bad = r.bad || t >= uint64(len(b.traits))
		b.trait[i] = uint16(t) //nolint:gosec // checked against the traits
	}
	for c := range b.times {
		b.times[c] = r.times(n)
	}
	for k := range b.sums {
		r.amounts(&b.sums[k], n)
	}
	for range r.count(2) {
		if b.odd == nil {
			b.odd = map[int]string{}
		}
		i := r.index(n)
		b.odd[i] = string(r.bytes())
	}
	if r.bad || len(r.b) > 0 {
		return nil, errForm
	}
	return b, nil
}

// parted reports whether every record has all its texts.
func (b *Block) parted() bool {
	for i := range b.Len() {
		n := filter.Text(0)
		for _, c := range b.row(i) {
			if c == filter.Part {
				n++
			}
		}
		if n != filter.Texts || b.text[b.at[i+1]-1] != filter.Part {
			return false
		}
	}
	return true
}

// read returns the traits of a form, shared with other blocks.
func (d *Dictionary) read(form []byte, account string, kind providers.Kind, bad *bool) *filter.Traits {
	key := account + "\x00" + string(kind) + "\x00\xff" + string(form)
	d.mu.Lock()
	defer d.mu.Unlock()
	if t, ok := d.traits[key]; ok {
		return t
	}
	t, ok := filter.ReadTraits(form, account, kind)
	if !ok {
		*bad = true
	}
	d.share(key, t)
	return t
}

// formReader takes a form apart. After the first fault bad is set.
type formReader struct {
	b   []byte
	bad bool
}

func (r *formReader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *formReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of things of at least size bytes each, so that a wrong
// one cannot ask for more memory than there are bytes.
func (r *formReader) count(size int) int {
	v := r.uvarint()
	if v > uint64(len(r.b)/size) { //nolint:gosec // a length
		r.bad, r.b = true, nil
		return 0
	}
	return int(v) //nolint:gosec // bounded by a length
}

func (r *formReader) bytes() []byte {
	n := r.count(1)
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *formReader) index(n int) int {
	i := r.uvarint()
	if i >= uint64(n) { //nolint:gosec // a length
		r.bad = true
		return 0
	}
	return int(i) //nolint:gosec // below a length
}

// times reads a column that is there for all records or none.
func (r *formReader) times(n int) []uint64 {
	have := r.count(8)
	if have == 0 {
		return nil
	}
	if have != n {
		r.bad = true
		return nil
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(r.b[8*i:])
	}
	r.b = r.b[8*n:]
	return out
}

func (r *formReader) amounts(s *amounts, n int) {
	if have := r.count(2); have != 0 {
		if have != n {
			r.bad = true
			return
		}
		s.coef, s.exp = make([]int64, n), make([]int8, n)
		for i := range n {
			v, w := binary.Varint(r.b)
			if w <= 0 {
				r.bad, r.b = true, nil
				return
			}
			r.b = r.b[w:]
			s.coef[i], s.exp[i] = v, int8(r.byte()) //nolint:gosec // bits, not a number
		}
	}
	for range r.count(2) {
		i := r.index(n)
		d, err := decimal.NewFromString(string(r.bytes()))
		if err != nil || s.coef == nil || s.exp[i] != bigAmount || d.Exponent() < math.MinInt16 || d.Exponent() > math.MaxInt16 {
			r.bad = true
			return
		}
		if s.big == nil {
			s.big = map[int]decimal.Decimal{}
		}
		s.big[i] = d
	}
}
