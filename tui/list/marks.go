package list

import (
	"sort"

	"bursar/cache"
	"bursar/providers"
)

// maxMarks bounds a batch made by hand: more is a job for a plan file.
const maxMarks = 100_000

// marks are the marked records by Ref, with their sums and with how many of
// them each action can be done to.
type marks struct {
	prov Providers
	kind providers.Kind
	by   map[providers.Ref]mark
	sums providers.Sums
	can  map[string]int         // by the action's verb
	hid  map[providers.Ref]bool // those that the list does not show
}

type mark struct {
	rec   providers.Record
	verbs []string
}

func newMarks(prov Providers, kind providers.Kind) marks {
	return marks{prov: prov, kind: kind, by: map[providers.Ref]mark{}, can: map[string]int{}, hid: map[providers.Ref]bool{}}
}

func (m *marks) has(ref providers.Ref) bool { _, ok := m.by[ref]; return ok }
func (m *marks) count() int                 { return len(m.by) }

func (m *marks) add(rec providers.Record) {
	m.drop(rec.Ref)
	mk := mark{rec: rec, verbs: m.verbs(rec)}
	m.by[rec.Ref] = mk
	m.sums.Add(rec.Amount)
	for _, v := range mk.verbs {
		m.can[v]++
	}
}

func (m *marks) drop(ref providers.Ref) {
	mk, ok := m.by[ref]
	if !ok {
		return
	}
	delete(m.by, ref)
	delete(m.hid, ref)
	m.sums.Take(mk.rec.Amount)
	for _, v := range mk.verbs {
		m.can[v]--
	}
}

func (m *marks) clear() {
	m.sums = providers.Sums{}
	clear(m.by)
	clear(m.can)
	clear(m.hid)
}

// verbs are the actions that can be done to the record as it is.
func (m *marks) verbs(rec providers.Record) []string {
	p, ok := m.prov.Provider(rec.Ref.Account)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range p.Actions(m.kind) {
		if !a.Creates && a.Eligible != nil && a.Eligible(rec, nil).Answer == providers.CanDo {
			out = append(out, a.Verb())
		}
	}
	return out
}

func (m *marks) refs() []providers.Ref {
	out := make([]providers.Ref, 0, len(m.by))
	for ref := range m.by {
		out = append(out, ref)
	}
	return out
}

// records are the marked records, newest first.
func (m *marks) records() []providers.Record {
	out := make([]providers.Record, 0, len(m.by))
	for _, mk := range m.by {
		out = append(out, mk.rec)
	}
	sort.Slice(out, func(i, j int) bool {
		if !out[i].Created.Equal(out[j].Created) {
			return out[i].Created.After(out[j].Created)
		}
		return out[i].Ref.String() < out[j].Ref.String()
	})
	return out
}

// allows reports whether an action with one of the verbs is possible for any mark.
func (m *marks) allows(verbs ...string) bool {
	for _, v := range verbs {
		if m.can[v] > 0 {
			return true
		}
	}
	return false
}

// refresh takes newer versions of the marked records in and drops those that
// are gone; it reports how many. Marks made since the question was asked stay.
func (m *marks) refresh(fresh map[providers.Ref]*providers.Record, hidden []providers.Ref, snap *cache.Snapshot) int {
	gone := 0
	for ref, rec := range fresh {
		if !m.has(ref) {
			continue
		}
		if rec == nil {
			m.drop(ref)
			gone++
			continue
		}
		m.add(*rec)
	}
	clear(m.hid)
	for _, ref := range hidden {
		if m.has(ref) {
			m.hid[ref] = true
		}
	}
	for ref := range m.by {
		if _, asked := fresh[ref]; asked {
			continue
		}
		if _, shown := snap.Index(ref); !shown {
			m.hid[ref] = true
		}
	}
	return gone
}
