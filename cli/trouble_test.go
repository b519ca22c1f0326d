package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/cache/disk"
	"bursar/providers/sandbox"
)

// spoil overwrites the middle of every table file of a store.
func spoil(t *testing.T, dir string) {
	t.Helper()
	spoiled := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if name := e.Name(); name != "MANIFEST" && name != "KEYREGISTRY" {
			return nil
		}
		spoiled++
		return os.WriteFile(path, []byte("this is no store"), 0o600)
	})
	if err != nil || spoiled == 0 {
		t.Fatalf("spoiled %d files: %v", spoiled, err)
	}
}

func TestADamagedCacheIsMovedAsideAndRebuilt(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	before := len(decode[[]row](t, b.must(exitDone, "list", "contractors", "--format", "json").out))
	spoil(t, filepath.Join(b.data, "cache"))
	got := b.must(exitDone, "list", "contractors", "--format", "json")
	if len(decode[[]row](t, got.out)) != before || !strings.Contains(got.err, "moved") || strings.Count(got.err, "\n") != 1 {
		t.Errorf("%d contractors of %d, said %q", len(decode[[]row](t, got.out)), before, got.err)
	}
	aside, err := filepath.Glob(filepath.Join(b.data, "cache.damaged-*"))
	if err != nil || len(aside) != 1 {
		t.Errorf("moved aside: %v, %v", aside, err)
	}
}

func TestADamagedJournalStopsTheProgramAndStaysAsItIs(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	b.must(exitDone, "batch", "list")
	spoil(t, filepath.Join(b.data, "journal"))
	got := b.must(exitError, "batch", "list")
	if !strings.Contains(got.err, "journal") || strings.Count(got.err, "\n") != 1 {
		t.Errorf("said %q", got.err)
	}
	if _, err := os.Stat(filepath.Join(b.data, "journal", "MANIFEST")); err != nil {
		t.Errorf("the damaged journal did not stay: %v", err)
	}
}

func TestAStoreInUseIsNamedAndListsStillWork(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	b.must(exitDone, "batch", "list")
	b.must(exitDone, "list", "contractors")
	key, err := disk.LoadKey(filepath.Join(b.data, "store.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"journal", "cache"} {
		_, release, err := disk.Open(disk.Options{Dir: filepath.Join(b.data, name), Key: key})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = release() }()
	}
	if rows := decode[[]row](t, b.must(exitDone, "list", "contractors", "--format", "json").out); len(rows) < 150 {
		t.Errorf("%d contractors while the store is in use", len(rows))
	}
	if got := b.must(exitError, "sync"); !strings.Contains(got.err, "in use") || strings.Count(got.err, "\n") != 1 {
		t.Errorf("what was fetched is thrown away without a word: %q", got.err)
	}
	if got := b.must(exitError, "batch", "list"); !strings.Contains(got.err, "in use") || !strings.Contains(got.err, "pid") {
		t.Errorf("said %q", got.err)
	}
}

func TestFreshLeavesARunningSandboxAlone(t *testing.T) {
	b := &bench{t: t, data: t.TempDir()}
	b.config = b.file("empty.toml", "")
	b.must(exitDone, "list", "contractors", "--limit", "1")
	key, err := disk.LoadKey(filepath.Join(b.data, "sandbox", "store.key"))
	if err != nil {
		t.Fatal(err)
	}
	_, release, err := disk.Open(disk.Options{Dir: filepath.Join(b.data, "sandbox", "cache"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.must(exitError, "--fresh", "list", "contractors", "--limit", "1"); !strings.Contains(got.err, "in use") {
		t.Errorf("said %q", got.err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	b.must(exitDone, "--fresh", "list", "contractors", "--limit", "1")
}

func TestAnOpenKeyFileIsRefused(t *testing.T) {
	b := newBench(t, sandbox.Options{}, "10s")
	b.must(exitDone, "list", "contractors")
	if err := os.Chmod(filepath.Join(b.data, "store.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := b.must(exitError, "list", "contractors"); !strings.Contains(got.err, "chmod") {
		t.Errorf("said %q", got.err)
	}
}
