package list

import (
	"sort"

	"bursar/providers"
)

// maxMarks bounds a batch made by hand: more is a job for a plan file.
const maxMarks = 100_000

// marks are the marked records by Ref, with their sums and with how many of
// them each action can be done to. What a mark adds, it takes away again, so
// nothing is ever counted through.
type marks struct {
	by   map[providers.Ref]*mark
	sums providers.Sums
	can  map[string]int         // by the action's verb
	hid  map[providers.Ref]bool // those that the list does not show
}

// mark is a marked record as it was last read. It is never changed, so that
// commands may look at it.
type mark struct {
	rec   providers.Record
	verbs []string // what can be done to it
}

func newMarks() marks {
	return marks{by: map[providers.Ref]*mark{}, can: map[string]int{}, hid: map[providers.Ref]bool{}}
}

func (m *marks) has(ref providers.Ref) bool { _, ok := m.by[ref]; return ok }
func (m *marks) count() int                 { return len(m.by) }

func (m *marks) add(mk *mark) {
	m.drop(mk.rec.Ref)
	m.by[mk.rec.Ref] = mk
	m.sums.Add(mk.rec.Amount)
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

// toggle turns marks round.
func (m *marks) toggle(mk *mark) {
	if m.has(mk.rec.Ref) {
		m.drop(mk.rec.Ref)
		return
	}
	m.add(mk)
}

// hide says whether the list shows a marked record.
func (m *marks) hide(ref providers.Ref, hidden bool) {
	if !hidden {
		delete(m.hid, ref)
	} else if m.has(ref) {
		m.hid[ref] = true
	}
}

func (m *marks) clear() {
	m.sums = providers.Sums{}
	clear(m.by)
	clear(m.can)
	clear(m.hid)
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

// marker makes marks. It is for one goroutine.
type marker struct {
	prov    Providers
	kind    providers.Kind
	actions map[string][]providers.Action // by account
	sets    map[set][]string              // marks with the same verbs share them
}

// set is which of an account's actions can be done, a bit each.
type set struct {
	account string
	can     uint64
}

func newMarker(prov Providers, kind providers.Kind) *marker {
	return &marker{prov: prov, kind: kind, actions: map[string][]providers.Action{}, sets: map[set][]string{}}
}

// mark looks what can be done to the record as it is.
func (m *marker) mark(rec providers.Record) *mark {
	rec.Details, rec.Raw = nil, nil // a list knows neither
	actions, known := m.actions[rec.Ref.Account]
	if !known {
		if p, ok := m.prov.Provider(rec.Ref.Account); ok {
			actions = p.Actions(m.kind)
		}
		m.actions[rec.Ref.Account] = actions
	}
	s := set{account: rec.Ref.Account}
	for i, a := range actions {
		if !a.Creates && a.Eligible != nil && a.Eligible(rec, nil).Answer == providers.CanDo {
			s.can |= 1 << i
		}
	}
	verbs, known := m.sets[s]
	if !known {
		for i, a := range actions {
			if s.can&(1<<i) != 0 {
				verbs = append(verbs, a.Verb())
			}
		}
		m.sets[s] = verbs
	}
	return &mark{rec: rec, verbs: verbs}
}
