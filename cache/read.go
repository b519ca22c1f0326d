package cache

import (
	"bytes"
	"slices"

	"github.com/dgraph-io/badger/v4"

	"bursar/providers"
)

// Read reads the rows from one place to before another, as far as they are
// there, in the order of the list. A record that was removed meanwhile is an
// Entry with nothing but its Ref, or nothing at all. It may ask the disk.
func (s *Snapshot) Read(from, to int) ([]Entry, error) {
	from, to = max(from, 0), min(to, s.Len())
	if from >= to {
		return nil, nil
	}
	out, short, err := s.read(from, to)
	if err == nil && short {
		out, err = s.readAgain(from, to)
	}
	return out, err
}

// readAgain reads rows of which some were missing, while nobody writes: when the
// numbers are of now, they are lost.
func (s *Snapshot) readAgain(from, to int) ([]Entry, error) {
	s.store.write.Lock()
	defer s.store.write.Unlock()
	out, short, err := s.read(from, to)
	if err != nil || !short {
		return out, err
	}
	for _, p := range s.parts {
		if s.store.known(p.seg.id) != p.seg {
			return out, nil
		}
	}
	return out, s.store.use(func(*badger.DB) error {
		id := s.parts[0].seg.id
		if s.store.known(id) == nil { // the store was made anew
			return nil
		}
		return s.store.damaged(providers.Ref{Account: id.Account, Kind: id.Kind}, errLeaves)
	})
}

// read reports also whether there were fewer rows than there should be.
func (s *Snapshot) read(from, to int) (out []Entry, short bool, err error) {
	err = s.store.use(func(db *badger.DB) error {
		out = make([]Entry, to-from)
		return db.View(func(txn *badger.Txn) error {
			if !s.natural {
				return s.readRows(txn, s.rows[from:to], out)
			}
			split := from // where the ascending part ends
			if s.ascending {
				split = min(max(s.dated, from), to)
			}
			upper, lower := out[:split-from], out[split-from:]
			less, err := s.readOrder(txn, s.dated-split, upper)
			if err != nil {
				return err
			}
			slices.Reverse(upper)
			short, err = s.readOrder(txn, split, lower)
			short = short || less
			return err
		})
	})
	return out, short, err
}

// readOrder fills rows in from a place in the order newest first, and reports
// whether a leaf on the way had other rows than it should.
func (s *Snapshot) readOrder(txn *badger.Txn, from int, out []Entry) (short bool, err error) {
	if len(out) == 0 {
		return false, nil
	}
	m := newMerger(txn, s.parts)
	defer m.close()
	for at := m.start(txn, from); at < from && m.next(); at++ { //nolint:revive // the rows before the place
	}
	for i := range out {
		if !m.next() {
			return true, nil
		}
		if err := m.entry(s.store, &out[i]); err != nil {
			return false, err
		}
	}
	return m.short, nil
}

// merger walks the rows of several parts together, newest first.
type merger struct {
	parts   []part
	walkers []walker
	at      int  // the walker of the row that next came to; -1 before the first
	short   bool // a leaf had other rows than it should
}

// walker walks the rows of one part, and knows their places.
type walker struct {
	*cursor
	place int
	leaf  int
	end   []byte // of the leaf
}

func newMerger(txn *badger.Txn, parts []part) *merger {
	m := &merger{parts: parts, at: -1}
	for _, p := range parts {
		m.walkers = append(m.walkers, walker{cursor: newCursor(txn, p.seg.id)})
	}
	return m
}

func (m *merger) close() {
	for _, w := range m.walkers {
		w.close()
	}
}

// start goes to the beginning of a leaf from which the place is not far, and
// returns that place.
func (m *merger) start(txn *badger.Txn, place int) int {
	part, leaf := m.boundary(place)
	from := m.parts[part].seg.leaves[leaf].from
	at := 0
	for q := range m.parts {
		p, w := &m.parts[q], &m.walkers[q]
		key := from
		switch {
		case from == nil:
		case q < part:
			key = append(bytes.Clone(from[:8]), 0xff)
		case q > part:
			key = from[:8]
		}
		if from != nil {
			w.place = p.rank(txn, key)
		}
		w.leaf = p.seg.leafAt(key)
		w.end = p.seg.end(w.leaf)
		w.seek(key)
		m.pass(q)
		at += w.place
	}
	return at
}

// boundary is the last leaf that certainly begins at or before a place.
func (m *merger) boundary(place int) (part, leaf int) {
	best := 0
	for p := range m.parts {
		for l, start := range m.parts[p].starts {
			if start > place {
				break
			}
			at := start
			for q := range m.parts {
				if q != p {
					at += m.parts[q].atMost(m.parts[p].seg.leaves[l].from)
				}
			}
			if at <= place && at >= best {
				best, part, leaf = at, p, l
			}
		}
	}
	return part, leaf
}

// atMost is a bound of the number of rows before an order key of another part.
func (p *part) atMost(key []byte) int {
	if key == nil {
		return 0
	}
	i := p.seg.leafAt(append(bytes.Clone(key[:8]), 0xff))
	return p.starts[i] + p.seg.leaves[i].n
}

// next goes to the next row; false behind the last.
func (m *merger) next() bool {
	if m.at >= 0 {
		w := &m.walkers[m.at]
		w.next()
		w.place++
		m.pass(m.at)
	}
	m.at = -1
	for i := range m.walkers {
		w := &m.walkers[i]
		if w.valid() && (m.at < 0 || bytes.Compare(w.key()[:8], m.walkers[m.at].key()[:8]) < 0) {
			m.at = i
		}
	}
	return m.at >= 0
}

// pass notes when a walker comes to another leaf, and whether it should be there.
func (m *merger) pass(i int) {
	w, p := &m.walkers[i], &m.parts[i]
	for w.end != nil && (!w.valid() || bytes.Compare(w.key(), w.end) >= 0) {
		w.leaf++
		m.short = m.short || w.place != p.starts[w.leaf]
		w.end = p.seg.end(w.leaf)
	}
}

// entry decodes the row.
func (m *merger) entry(s *Store, into *Entry) error {
	return s.entry(m.walkers[m.at].cursor, m.parts[m.at].seg.id, into)
}

func (s *Store) entry(c *cursor, id segID, into *Entry) error {
	return c.value(func(v []byte) (err error) {
		if into.Fetched, err = decodeSummary(string(v), id, &into.Record); err != nil {
			return s.damaged(providers.Ref{Account: id.Account, Kind: id.Kind, ID: "?"}, err)
		}
		return nil
	})
}

// wanted is a row that is to be read.
type wanted struct {
	part int
	key  []byte
	ref  providers.Ref
	out  int
}

// readRows fills rows in, in the order in which they lie on the disk.
func (s *Snapshot) readRows(txn *badger.Txn, rows []rowID, out []Entry) error {
	want := make([]wanted, len(rows))
	for i, r := range rows {
		b, at := s.block(r)
		p := s.leaves[r>>rowBits].part
		id := string(append([]byte(nil), b.ID(at)...)) // not a part of the block
		seg := s.parts[p].seg.id
		want[i] = wanted{part: p, key: order(b.Created(at), id), ref: providers.Ref{Account: seg.Account, Kind: seg.Kind, ID: id}, out: i}
	}
	slices.SortFunc(want, func(a, b wanted) int {
		if a.part != b.part {
			return a.part - b.part
		}
		return bytes.Compare(a.key, b.key)
	})
	for len(want) > 0 {
		n := 1
		for n < len(want) && want[n].part == want[0].part {
			n++
		}
		if err := s.readPart(txn, want[:n], out); err != nil {
			return err
		}
		want = want[n:]
	}
	return nil
}

// near is how many rows are stepped over rather than jumped.
const near = 8

func (s *Snapshot) readPart(txn *badger.Txn, want []wanted, out []Entry) error {
	id := s.parts[want[0].part].seg.id
	c := newCursor(txn, id)
	defer c.close()
	c.seek(want[0].key)
	for _, w := range want {
		for n := 0; c.valid() && bytes.Compare(c.key(), w.key) < 0; n++ {
			if n == near {
				c.seek(w.key)
				break
			}
			c.next()
		}
		if c.valid() && bytes.Equal(c.key(), w.key) {
			if err := s.store.entry(c, id, &out[w.out]); err != nil {
				return err
			}
			continue
		}
		if err := s.moved(txn, w.ref, &out[w.out]); err != nil {
			return err
		}
	}
	return nil
}

// moved reads a row that is no longer where it was: its record changed, or is
// gone.
func (s *Snapshot) moved(txn *badger.Txn, ref providers.Ref, into *Entry) error {
	into.Ref = ref
	h, ok, err := s.store.headOf(txn, ref)
	if err != nil || !ok {
		return err
	}
	c := newCursor(txn, segOf(ref))
	defer c.close()
	key := order(h.created, ref.ID)
	if c.seek(key); !c.valid() || !bytes.Equal(c.key(), key) {
		return nil
	}
	return s.store.entry(c, segOf(ref), into)
}
