// Package keymap holds every action of the screens and its default keys in one
// table. Help, palette, footers, the configuration and docs/keys.md all read
// it; none keeps a list of its own.
package keymap

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// ID names an action for ever: configuration files use it.
type ID string

// Scope is a part of the screen that has keys of its own.
type Scope string

// The scopes. List and detail share the keys of a record; a pane of the screen
// falls back to the global keys, a dialog only to moving about, a text field
// only to the keys that leave it.
const (
	ScopeGlobal  Scope = "global"
	ScopeRecord  Scope = "record"  // what list and detail share: the actions on records
	ScopeList    Scope = "list"    // a table of records
	ScopeDetail  Scope = "detail"  // the detail pane
	ScopeRun     Scope = "run"     // a batch that is being carried out
	ScopeJournal Scope = "journal" // the list of batches
	ScopeReport  Scope = "report"  // one batch of the journal
	ScopePreview Scope = "preview" // what a batch would do
	ScopeDialog  Scope = "dialog"  // a question with answers to choose from
	ScopeMenu    Scope = "menu"    // a list to choose from: actions, sort columns, themes
	ScopeViews   Scope = "views"   // the menu of saved views
	ScopeHelp    Scope = "help"    // the help page
	ScopeForm    Scope = "form"    // the fields of an action
	ScopeConfirm Scope = "confirm" // the typed confirmation
	ScopeFilter  Scope = "filter"  // the filter line
	ScopePalette Scope = "palette" // every view and action by name
)

// Reach says in which scopes a global action answers besides the panes.
type Reach uint8

// The reaches, from narrow to wide.
const (
	Panes      Reach = iota // list, detail, journal, report, run
	Choosers                // and dialogs and menus: moving about
	Everywhere              // and text fields: leaving, interrupting
)

// Entry is one action and its keys.
type Entry struct {
	ID    ID
	Scope Scope
	Keys  []string // the first is the one that a footer shows
	Help  string   // two words for the footer
	Long  string   // a sentence for help, palette and docs/keys.md
	Reach Reach    // global actions only
}

// Key is the name of the entry's first key as people read it, or "" when the
// action has none.
func (e Entry) Key() string {
	if len(e.Keys) == 0 {
		return ""
	}
	return Name(e.Keys[0])
}

// Map is the table in effect. It is a value: an override makes a new one.
type Map struct {
	entries []Entry
	place   map[ID]int              // of each action among the entries: hints are drawn with every frame
	index   map[Scope]map[string]ID // what each scope answers to, fallbacks included
}

// Default is the table with the keys bursar comes with.
func Default() Map {
	m, err := build(defaults())
	if err != nil {
		panic(err) // the table itself is wrong; a test sees it first
	}
	return m
}

// build indexes a table and refuses one in which two actions answer to one key.
func build(entries []Entry) (Map, error) {
	m := Map{entries: entries, place: map[ID]int{}, index: map[Scope]map[string]ID{}}
	for i, e := range entries {
		m.place[e.ID] = i
	}
	for _, scope := range Scopes() {
		keys := map[string]ID{}
		for _, e := range entries {
			if !reaches(scope, e) {
				continue
			}
			for _, key := range e.Keys {
				if typing(scope) && printable(key) {
					return Map{}, fmt.Errorf("key %q cannot be bound to %s: %s is a place to type in", Name(key), e.ID, scope)
				}
				if other, taken := keys[fold(key)]; taken && other != e.ID {
					return Map{}, fmt.Errorf("key %q is bound to both %s and %s in %s: choose another for one of them", Name(key), other, e.ID, scope)
				}
				keys[fold(key)] = e.ID
			}
		}
		m.index[scope] = keys
	}
	return m, nil
}

// OverrideAll gives several actions other keys at once, so that two of them may
// swap theirs; no keys unbind an action. Unknown ids, keys that no terminal sends
// and keys that are taken are errors.
func (m Map) OverrideAll(keys map[ID][]string) (Map, error) {
	entries := slices.Clone(m.entries)
	ids := make([]ID, 0, len(keys))
	for id := range keys {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] }) // the same mistake always gives the same message
	for _, id := range ids {
		at := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == id })
		if at < 0 {
			return m, m.unknown(id)
		}
		if fixed[id] {
			return m, fmt.Errorf("the key of %s is fixed: it is the way out of every screen", id)
		}
		entries[at].Keys = nil
		for _, text := range keys[id] {
			key, err := Parse(text)
			if err != nil {
				return m, fmt.Errorf("keys of %s: %w", id, err)
			}
			if !slices.Contains(entries[at].Keys, key) {
				entries[at].Keys = append(entries[at].Keys, key)
			}
		}
	}
	out, err := build(entries)
	if err != nil {
		return m, err
	}
	return out, nil
}

// Lookup finds the action of a key, in the words of Bubble Tea's
// KeyMsg.String(): in the scope first, then in what it falls back to. Letters
// of the ЙЦУКЕН layout count as the Latin letters on the same keys, except
// where text is typed.
func (m Map) Lookup(scope Scope, key string) (ID, bool) {
	key = normal(key)
	if key == "" || typing(scope) && printable(key) {
		return "", false
	}
	keys, ok := m.index[scope]
	if !ok {
		keys = m.index[ScopeGlobal]
	}
	if id, ok := keys[fold(key)]; ok {
		return id, true
	}
	id, ok := keys[neighbour(key)]
	return id, ok
}

// Entries are the scope's own actions in the table's order.
func (m Map) Entries(scope Scope) []Entry {
	return m.pick(func(e Entry) bool { return e.Scope == scope })
}

// All is the whole table.
func (m Map) All() []Entry { return m.pick(func(Entry) bool { return true }) }

// Entry finds an action by its id.
func (m Map) Entry(id ID) (Entry, bool) {
	i, ok := m.place[id]
	if !ok {
		return Entry{}, false
	}
	e := m.entries[i]
	e.Keys = slices.Clone(e.Keys)
	return e, true
}

// Key is the name of an action's first key for hints in running text, or ""
// when it has none.
func (m Map) Key(id ID) string {
	if i, ok := m.place[id]; ok {
		return m.entries[i].Key()
	}
	return ""
}

func (m Map) pick(want func(Entry) bool) []Entry {
	var out []Entry
	for _, e := range m.entries {
		if want(e) {
			e.Keys = slices.Clone(e.Keys)
			out = append(out, e)
		}
	}
	return out
}

func (m Map) unknown(id ID) error {
	best, distance := ID(""), 1+len(id)/2
	for _, e := range m.entries {
		if d := edits(string(id), string(e.ID)); d < distance {
			best, distance = e.ID, d
		}
	}
	if best == "" {
		return fmt.Errorf("no action %q: docs/keys.md lists them all", id)
	}
	return fmt.Errorf("no action %q: did you mean %q?", id, best)
}

// edits is the Levenshtein distance of two short texts.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if !strings.EqualFold(a[i:i+1], b[j:j+1]) {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
