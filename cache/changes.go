package cache

import (
	"sync"

	"bursar/providers"
)

// Moment is a moment in the life of a store, for Since.
type Moment struct {
	epoch int
	seq   uint64
}

// changeLog remembers which records were last written.
type changeLog struct {
	mu   sync.Mutex
	refs []providers.Ref // the newest, at seq-1 modulo their number
	seq  uint64
}

// maxChanges is how many changes are remembered.
const maxChanges = 4096

func (c *changeLog) add(ref providers.Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.refs) < maxChanges {
		c.refs = append(c.refs, ref)
	} else {
		c.refs[c.seq%maxChanges] = ref
	}
	c.seq++
}

// Since names the records that were written or removed since a moment, and the
// moment of the answer. All: too many did, or the store was made anew; anything
// may have changed. The zero Moment is long ago.
func (s *Store) Since(m Moment) (refs []providers.Ref, now Moment, all bool) {
	epoch := s.Epoch()
	c := &s.log
	c.mu.Lock()
	defer c.mu.Unlock()
	now = Moment{epoch: epoch, seq: c.seq}
	if m.epoch != epoch || c.seq-m.seq > uint64(len(c.refs)) {
		return nil, now, true
	}
	for i := m.seq; i < c.seq; i++ {
		refs = append(refs, c.refs[i%maxChanges])
	}
	return refs, now, false
}
