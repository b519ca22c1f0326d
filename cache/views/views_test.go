package views

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bursar/cache"
	"bursar/providers"
)

func load(t *testing.T, path string) *File {
	t.Helper()
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var yesterday = View{Name: "Вчера новые", Kind: providers.Payment, Filter: "created:yesterday status:new", Sort: cache.Amount, Ascending: true}

func TestSavedViewsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "views.json")
	f := load(t, path)
	if f.All() != nil || f.Notice() != "" {
		t.Error("a new file is not empty")
	}
	if err := f.Save(View{Name: " held ", Kind: providers.Payment, Filter: "is:held"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(yesterday); err != nil {
		t.Fatal(err)
	}
	changed := yesterday
	changed.Name, changed.Filter = "ВЧЕРА НОВЫЕ", "created:yesterday"
	if err := f.Save(changed); err != nil {
		t.Fatal(err)
	}
	all := load(t, path).All()
	if len(all) != 2 || all[0].Name != "held" || all[1] != changed {
		t.Errorf("%+v", all)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Error("mode", info.Mode())
	}
	if err := f.Delete("Held"); err != nil || len(f.All()) != 1 {
		t.Error(err, f.All())
	}
	if err := f.Delete("held"); err == nil {
		t.Error("a view that is not there was deleted")
	}
}

func TestADamagedFileIsMovedAsideAndSaid(t *testing.T) {
	for name, text := range map[string]string{
		"cut":           `{"version":1,"views":[{"na`,
		"not JSON":      "hello",
		"newer version": `{"version":9,"views":[]}`,
		"no kind":       `{"version":1,"views":[{"name":"x","kind":"coin"}]}`,
		"empty":         "",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "views.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			f := load(t, path)
			if len(f.All()) != 0 || !strings.Contains(f.Notice(), "moved to views.json.damaged-") {
				t.Error(f.All(), f.Notice())
			}
			aside, _ := filepath.Glob(path + ".damaged-*")
			if len(aside) != 1 {
				t.Fatal(aside)
			}
			if b, _ := os.ReadFile(aside[0]); string(b) != text {
				t.Errorf("aside lies %q", b)
			}
			if err := f.Save(yesterday); err != nil || load(t, path).Notice() != "" {
				t.Error("the new file is no good:", err)
			}
		})
	}
}

func TestTwoProcessesDoNotLoseEachOthersViews(t *testing.T) {
	path := filepath.Join(t.TempDir(), "views.json")
	a, b := load(t, path), load(t, path)
	if err := a.Save(View{Name: "a", Kind: providers.Payment}); err != nil {
		t.Fatal(err)
	}
	if err := b.Save(View{Name: "b", Kind: providers.Payout}); err != nil {
		t.Fatal(err)
	}
	if n := len(b.All()); n != 2 {
		t.Error("views", b.All())
	}
}

func TestBadViewsAreRefused(t *testing.T) {
	f := load(t, filepath.Join(t.TempDir(), "views.json"))
	for _, v := range []View{
		{Kind: providers.Payment},
		{Name: "x"},
		{Name: "x\x1b[31m", Kind: providers.Payment},
		{Name: "x", Kind: providers.Payment, Sort: "colour"},
		{Name: strings.Repeat("я", 61), Kind: providers.Payment},
		{Name: "x", Kind: providers.Payment, Filter: "4111 1111 1111 1111"},
	} {
		if f.Save(v) == nil {
			t.Errorf("%+v was saved", v)
		}
	}
}

func TestConcurrentSaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "views.json")
	f := load(t, path)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := f.Save(View{Name: fmt.Sprint(i), Kind: providers.Payment}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(load(t, path).All()); n != 8 {
		t.Error("views", n)
	}
}

func TestWithoutAPathViewsLiveInMemory(t *testing.T) {
	f := load(t, "")
	for _, name := range []string{"a", "b"} {
		if err := f.Save(View{Name: name, Kind: providers.Payment}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Delete("a"); err != nil || len(f.All()) != 1 {
		t.Error(err, f.All())
	}
}
