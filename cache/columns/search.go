package columns

import (
	"bytes"
	"math/bits"

	"bursar/cache/filter"
)

// Searcher looks for the records that pass a filter, block by block. It is for
// one goroutine at a time.
type Searcher struct {
	filter *filter.Filter
	words  []filter.Word
	first  []needle // the spellings of the word that is looked for in the texts
	traits map[*filter.Traits]bool
	match  []bool
	found  bitmap
}

// NewSearcher makes a searcher.
func NewSearcher(f *filter.Filter) *Searcher {
	s := &Searcher{filter: f, words: f.Words(), traits: map[*filter.Traits]bool{}}
	longest := 0
	for i, w := range s.words {
		if len(w.Spellings[0]) > len(s.words[longest].Spellings[0]) {
			longest = i
		}
	}
	if len(s.words) > 0 {
		s.words = append([]filter.Word(nil), s.words...)
		s.words[0], s.words[longest] = s.words[longest], s.words[0]
		for _, sp := range s.words[0].Spellings {
			s.first = append(s.first, needle{text: sp, rare: -1})
		}
	}
	return s
}

// Rows appends the places of the records that pass, counted from base.
func (s *Searcher) Rows(into []uint32, base uint32, b *Block, linked Linked) []uint32 {
	r := row{b: b, linked: linked}
	if len(s.first) == 0 {
		for r.i = range b.Len() {
			if s.filter.Rest(&r) {
				into = append(into, base+uint32(r.i)) //nolint:gosec // no more than MaxRows
			}
		}
		return into
	}
	s.candidates(b)
	plain := s.filter.Plain() && len(s.words) == 1
	for i := range s.found.all() {
		r.i = i
		if plain || s.holds(&r) {
			into = append(into, base+uint32(i)) //nolint:gosec // no more than MaxRows
		}
	}
	return into
}

// holds looks at the other words, then at the rest.
func (s *Searcher) holds(r *row) bool {
	for _, w := range s.words[1:] {
		if !r.Has(w) {
			return false
		}
	}
	return s.filter.Rest(r)
}

// candidates finds the records that hold the first word.
func (s *Searcher) candidates(b *Block) {
	s.found.reset(b.Len())
	s.match = s.match[:0]
	common := false
	for _, t := range b.traits {
		has, known := s.traits[t]
		if !known {
			has = t.Has(s.words[0])
			s.traits[t] = has
		}
		s.match, common = append(s.match, has), common || has
	}
	if common {
		for i, t := range b.trait {
			if s.match[t] {
				s.found.set(i)
			}
		}
	}
	for i := range s.first {
		s.first[i].each(b, &s.found)
	}
}

// needle is a text to look for.
type needle struct {
	text []byte
	rare int // the place of its rarest byte; -1: not known yet
}

// each marks the records that hold the needle: by its rarest byte, which the
// processor finds at the speed of memory.
func (n *needle) each(b *Block, found *bitmap) {
	if n.rare < 0 {
		n.choose(b.text)
	}
	text, size, i := b.text, len(n.text), 0
	for from := n.rare; from < len(text); {
		k := bytes.IndexByte(text[from:], n.text[n.rare])
		if k < 0 {
			return
		}
		at := from + k - n.rare
		if at+size > len(text) {
			return
		}
		if string(text[at:at+size]) != string(n.text) {
			from += k + 1
			continue
		}
		for int(b.at[i+1]) <= at {
			i++
		}
		found.set(i)
		from = int(b.at[i+1]) + n.rare // one find in a record is enough
	}
}

// choose finds the needle's rarest byte by what the first block holds.
func (n *needle) choose(text []byte) {
	var count [256]int
	for _, c := range text {
		count[c]++
	}
	n.rare = 0
	for i, c := range n.text {
		if count[c] < count[n.text[n.rare]] {
			n.rare = i
		}
	}
}

// bitmap is a set of records of a block.
type bitmap []uint64

func (m *bitmap) reset(n int) {
	words := (n + 63) / 64
	if cap(*m) < words {
		*m = make(bitmap, words)
	}
	*m = (*m)[:words]
	clear(*m)
}

func (m bitmap) set(i int) { m[i/64] |= 1 << (i % 64) }

// all walks the set in order.
func (m bitmap) all() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for w, word := range m {
			for ; word != 0; word &= word - 1 {
				if !yield(w*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}
