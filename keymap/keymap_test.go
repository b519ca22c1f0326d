package keymap

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/keys.md anew")

func TestDefaultsBuild(t *testing.T) {
	if _, err := build(defaults()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryEntryIsComplete(t *testing.T) {
	seen := map[ID]bool{}
	for _, e := range Default().All() {
		if seen[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		seen[e.ID] = true
		if len(e.Keys) == 0 || e.Help == "" || len(e.Help) > 18 || !strings.HasSuffix(e.Long, ".") {
			t.Errorf("%s: keys %q, help %q, long %q", e.ID, e.Keys, e.Help, e.Long)
		}
		for _, k := range e.Keys {
			if key, err := Parse(k); err != nil || key != k {
				t.Errorf("%s: key %q reads as %q, %v", e.ID, k, key, err)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	m := Default()
	for name, c := range map[string]struct {
		scope Scope
		key   string
		want  ID
	}{
		"a scope's own key":                       {ScopeList, " ", MarkToggle},
		"a record's key in a list":                {ScopeList, "c", ActionCredit},
		"a record's key in the detail pane":       {ScopeDetail, "u", ActionRefund},
		"a global key":                            {ScopeJournal, "q", Quit},
		"a global key in an unknown scope":        {Scope("other"), "q", Quit},
		"a Cyrillic twin":                         {ScopeList, "й", Quit},
		"a Cyrillic twin with shift":              {ScopeJournal, "О", Journal},
		"a capital is not its small letter":       {ScopeList, "Ы", SortReverse},
		"a bracket that is a letter":              {ScopeList, "ъ", MarkNext},
		"the colon of the Russian layout":         {ScopeList, "Ж", Palette},
		"the slash of the Russian layout":         {ScopeList, ".", Filter},
		"the question mark of the layout":         {ScopeList, ",", Help},
		"another name of a key":                   {ScopeList, "escape", Back},
		"a modified twin":                         {ScopeList, "alt+й", ""},
		"moving in a menu":                        {ScopeMenu, "j", MoveDown},
		"moving in a menu, Cyrillic":              {ScopeMenu, "о", MoveDown},
		"no action behind a dialog":               {ScopeDialog, "q", ""},
		"no tab behind a dialog":                  {ScopeDialog, "1", ""},
		"the way out of a text field":             {ScopeFilter, "esc", Back},
		"interrupting a text field":               {ScopeConfirm, "ctrl+c", Interrupt},
		"a letter is text in a text field":        {ScopeFilter, "q", ""},
		"a Cyrillic letter is text as well":       {ScopeForm, "й", ""},
		"a blank is text in a text field":         {ScopePalette, " ", ""},
		"half a page does not leave a text field": {ScopeFilter, "ctrl+d", ""},
		"a view is chosen as in any menu":         {ScopeViews, "enter", MenuAccept},
		"no key":                                  {ScopeList, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := m.Lookup(c.scope, c.key)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("%s %q is %q, want %q", c.scope, c.key, got, c.want)
			}
		})
	}
}

// TestEveryLatinKeyHasItsTwin presses each letter key as the Russian layout
// types it.
func TestEveryLatinKeyHasItsTwin(t *testing.T) {
	m, upper := Default(), map[string]string{}
	for c, l := range twins {
		if c != 'ў' && c != 'Ў' {
			upper[l] = string(c)
		}
	}
	for _, e := range m.All() {
		for _, k := range e.Keys {
			twin, ok := upper[k]
			if !ok || typing(e.Scope) || e.Scope == ScopeRecord {
				continue
			}
			if got, _ := m.Lookup(e.Scope, twin); got != e.ID {
				t.Errorf("%s: %q for %q finds %q", e.ID, twin, k, got)
			}
		}
	}
}

func TestOverride(t *testing.T) {
	for name, c := range map[string]struct {
		id   ID
		keys []string
		fail string
	}{
		"another key":                         {MarkToggle, []string{"m"}, ""},
		"a name as people write it":           {MarkToggle, []string{"Space", "Ctrl+T"}, ""},
		"no key":                              {Theme, nil, ""},
		"the same key twice":                  {Theme, []string{"T", "T"}, ""},
		"an unknown action":                   {"mark.togle", []string{"m"}, `did you mean "mark.toggle"`},
		"an action like no other":             {"zzzzzzzzzzzzzz", []string{"m"}, "docs/keys.md"},
		"a key of the same scope":             {MarkToggle, []string{"V"}, "bound to both"},
		"a global key that answers there too": {MarkToggle, []string{"q"}, "bound to both"},
		"a twin of a taken key":               {MarkToggle, []string{"й"}, "bound to both"},
		"a key that no terminal sends":        {MarkToggle, []string{"shift+enter"}, "no key"},
		"an empty key":                        {MarkToggle, []string{""}, "empty"},
		"a letter in a text field":            {FilterAccept, []string{"x"}, "place to type"},
		"the way out":                         {Back, []string{"q"}, "fixed"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Default().OverrideAll(map[ID][]string{c.id: c.keys})
			if c.fail == "" {
				if err != nil {
					t.Fatal(err)
				}
				for _, k := range c.keys {
					if got, _ := m.Lookup(ScopeList, k); got != c.id {
						t.Errorf("%q finds %q", k, got)
					}
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.fail) {
				t.Errorf("got %v, want something about %q", err, c.fail)
			}
			if len(m.All()) == 0 {
				t.Error("the map is gone after a wrong override")
			}
		})
	}
}

func TestOverrideLeavesTheOldMapAlone(t *testing.T) {
	m := Default()
	if _, err := m.OverrideAll(map[ID][]string{MarkToggle: {"m"}}); err != nil {
		t.Fatal(err)
	}
	if got, _ := m.Lookup(ScopeList, " "); got != MarkToggle {
		t.Errorf("space finds %q in the map from before", got)
	}
}

func TestTwoActionsSwapTheirKeys(t *testing.T) {
	m, err := Default().OverrideAll(map[ID][]string{Sort: {"f"}, Views: {"s"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := m.Lookup(ScopeList, "f"); got != Sort {
		t.Errorf("f finds %q", got)
	}
}

func TestDocsAreCurrent(t *testing.T) {
	path := filepath.Join("..", "docs", "keys.md")
	want := Markdown(Default())
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/keys.md is not what the table says: run go generate ./keymap")
	}
}

func FuzzLookup(f *testing.F) {
	for _, s := range []string{"j", "й", "ctrl+d", "alt+Й", "+", "alt++", " ", "\xff", "pgdn"} {
		f.Add(s)
	}
	m := Default()
	f.Fuzz(func(t *testing.T, key string) {
		for _, s := range Scopes() {
			if id, ok := m.Lookup(s, key); ok {
				if _, known := m.Entry(id); !known {
					t.Errorf("%q finds %q, which is not in the table", key, id)
				}
			}
		}
		if k, err := Parse(key); err == nil {
			if again, err := Parse(k); err != nil || again != k {
				t.Errorf("%q reads as %q, that as %q, %v", key, k, again, err)
			}
		}
	})
}
