package disk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
)

var key = bytes.Repeat([]byte{7}, KeySize)

func openT(t *testing.T, o Options) (*badger.DB, func() error) {
	t.Helper()
	db, release, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = release() })
	return db, release
}

func set(t *testing.T, db *badger.DB, k, v string) {
	t.Helper()
	if err := db.Update(func(txn *badger.Txn) error { return txn.Set([]byte(k), []byte(v)) }); err != nil {
		t.Fatal(err)
	}
}

func get(db *badger.DB, k string) (v string, err error) {
	err = db.View(func(txn *badger.Txn) error {
		item, err := txn.Get([]byte(k))
		if err != nil {
			return err
		}
		return item.Value(func(b []byte) error { v = string(b); return nil })
	})
	return v, err
}

func TestWhatWasWrittenIsThereAgain(t *testing.T) {
	for name, o := range map[string]Options{"plain": {}, "encrypted": {Key: key}, "durable": {Key: key, Durable: true}, "compacting": {Compact: true}} {
		t.Run(name, func(t *testing.T) {
			o.Dir = filepath.Join(t.TempDir(), "a", "store")
			db, release := openT(t, o)
			set(t, db, "name", "Ромашка")
			if err := errors.Join(release(), release()); err != nil {
				t.Fatal(err)
			}
			db, _ = openT(t, o)
			if v, err := get(db, "name"); v != "Ромашка" || err != nil {
				t.Error(v, err)
			}
			if info, err := os.Stat(o.Dir); err != nil || info.Mode().Perm() != 0o700 {
				t.Error(info.Mode(), err)
			}
		})
	}
}

func TestAStoreInMemoryWritesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	db, _ := openT(t, Options{Dir: dir, Key: key, InMemory: true})
	set(t, db, "a", "b")
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestAStoreInUseNamesItsHolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	_, release := openT(t, Options{Dir: dir})
	_, _, err := Open(Options{Dir: dir})
	var used *InUseError
	if !errors.As(err, &used) {
		t.Fatal(err)
	}
	want := fmt.Sprintf("is in use by bursar (pid %d, since ", os.Getpid())
	if !strings.Contains(err.Error(), want) {
		t.Error(err, "wants", want)
	}
	if err := os.Remove(holderPath(dir)); err != nil {
		t.Fatal(err)
	}
	if _, _, err = Open(Options{Dir: dir}); !strings.Contains(err.Error(), "in use by another process") {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	openT(t, Options{Dir: dir})
}

func TestAStoreIsHeldBeforeItIsOpened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	held, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(when string) {
		t.Helper()
		_, _, err := Open(Options{Dir: dir})
		var used *InUseError
		if !errors.As(err, &used) || !strings.Contains(err.Error(), fmt.Sprintf("bursar (pid %d", os.Getpid())) {
			t.Errorf("%s another opened it: %v", when, err)
		}
	}
	refused("held")
	for range 2 { // closed and opened again without anybody coming between
		db, release := openT(t, Options{Dir: dir, Held: held})
		set(t, db, "k", "v")
		refused("open")
		if err := release(); err != nil {
			t.Fatal(err)
		}
		refused("closed")
	}
	if err := errors.Join(held.Release(), held.Release()); err != nil {
		t.Fatal(err)
	}
	db, _ := openT(t, Options{Dir: dir})
	if v, err := get(db, "k"); v != "v" || err != nil {
		t.Error(v, err)
	}
}

func TestACloseInOrderLeavesNothingBeside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	_, release := openT(t, Options{Dir: dir})
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(holderPath(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the note of who has the store is still there: %v", err)
	}
}

func TestAQuietStorePilesUpAndIsMergedByACompactingOne(t *testing.T) {
	o := Options{Dir: filepath.Join(t.TempDir(), "store"), Key: key}
	for i := range manyTables {
		db, release := openT(t, o)
		if PiledUp(db) {
			t.Fatalf("piled up with %d tables", i)
		}
		set(t, db, fmt.Sprint("k", i), "v")
		if err := release(); err != nil {
			t.Fatal(err)
		}
	}
	db, release := openT(t, o)
	if !PiledUp(db) || Settled(db) {
		t.Fatalf("not piled up: %+v", db.Levels()[0])
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	o.Compact = true
	db, _ = openT(t, o)
	if db.Opts().NumCompactors == 0 {
		t.Error("nobody merges")
	}
	if err := db.Flatten(1); err != nil { // what the compactors do by and by
		t.Fatal(err)
	}
	if PiledUp(db) || !Settled(db) {
		t.Errorf("merged, and yet: %+v", db.Levels())
	}
	for i := range manyTables {
		if v, err := get(db, fmt.Sprint("k", i)); v != "v" || err != nil {
			t.Error(i, v, err)
		}
	}
}

func TestTheHolderOfYesterdayShowsItsDay(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if got := since(now.AddDate(0, 0, -1), now); got != "2026-11-21 09:00" {
		t.Error(got)
	}
	if got := clean("x\x1b[31m\n"); got != "x31m" {
		t.Errorf("%q", got)
	}
}

// TestHoldUntilKilled is no test: it is the process that the next one kills.
func TestHoldUntilKilled(t *testing.T) {
	dir := os.Getenv("DISK_TEST_HOLD")
	if dir == "" {
		t.Skip("runs as a child of TestAKilledProcessLeavesNoLock")
	}
	db, _ := openT(t, Options{Dir: dir, Key: key, Durable: true})
	set(t, db, "k", "v")
	fmt.Println("ready")
	select {}
}

func TestAKilledProcessLeavesNoLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	child := exec.Command(os.Args[0], "-test.run=^TestHoldUntilKilled$")
	child.Env = append(os.Environ(), "DISK_TEST_HOLD="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = child.Process.Kill() }()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatal(line, err)
	}
	_, _, err = Open(Options{Dir: dir, Key: key})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("bursar (pid %d, since", child.Process.Pid)) {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	db, _ := openT(t, Options{Dir: dir, Key: key})
	if v, err := get(db, "k"); v != "v" || err != nil {
		t.Error(v, err)
	}
}

func TestAnotherKeyIsDamageAndSaysSo(t *testing.T) {
	for name, second := range map[string][]byte{"another": bytes.Repeat([]byte{8}, KeySize), "none": nil} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, release := openT(t, Options{Dir: dir, Key: key})
			if err := release(); err != nil {
				t.Fatal(err)
			}
			_, _, err := Open(Options{Dir: dir, Key: second})
			var damaged *DamagedError
			if !errors.As(err, &damaged) || !strings.Contains(err.Error(), "encrypted with another key") {
				t.Error(err)
			}
		})
	}
}

func TestADamagedStoreIsToldApart(t *testing.T) {
	for _, file := range []string{"MANIFEST", "KEYREGISTRY"} {
		t.Run(file, func(t *testing.T) {
			dir := t.TempDir()
			_, release := openT(t, Options{Dir: dir, Key: key})
			if err := release(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), bytes.Repeat([]byte("?"), 64), 0o600); err != nil {
				t.Fatal(err)
			}
			_, _, err := Open(Options{Dir: dir, Key: key})
			var damaged *DamagedError
			if !errors.As(err, &damaged) || strings.Contains(err.Error(), "\n") {
				t.Error(err)
			}
		})
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	for _, o := range []Options{{}, {Dir: t.TempDir(), Key: []byte("short")}} {
		if _, _, err := Open(o); err == nil {
			t.Errorf("%+v opened", o)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := Open(Options{Dir: filepath.Join(file, "store")})
	var damaged *DamagedError
	if err == nil || errors.As(err, &damaged) {
		t.Error(err)
	}
}

func TestErrorsGetTheirType(t *testing.T) {
	for text, want := range map[string]error{
		"x: no space left on device":        &FullError{},
		"write: disk quota exceeded":        &FullError{},
		"checksum mismatch in table 3":      &DamagedError{},
		"the moon is in the wrong quarter":  nil,
		"while reading: CHECKSUM_MISMATCH!": &DamagedError{},
	} {
		got := Classify("/d", errors.New(text))
		if want == nil && got.Error() != text || want != nil && fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
			t.Errorf("%q: %T", text, got)
		}
	}
	if err := fmt.Errorf("deep: %w", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}); !IsFull(err) || !IsFull(Classify("/d", err)) {
		t.Error("ENOSPC deep in a chain is not seen")
	}
	if IsFull(nil) || IsFull(errors.New("x")) || IsDamaged(nil) || Classify("", nil) != nil {
		t.Error("something is taken for what it is not")
	}
	var damaged *DamagedError
	if err := Guard("/d", func() error { panic("block 3\n== Recovered ==") }); !errors.As(err, &damaged) || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
}

func TestAFullDiskIsForeseen(t *testing.T) {
	if err := room(t.TempDir(), 1<<62); !IsFull(err) {
		t.Error(err)
	}
	if err := room(filepath.Join(t.TempDir(), "none"), 1<<62); err != nil {
		t.Error("what cannot be measured stops nothing:", err)
	}
}

// Closing writes out what is in memory, through a mapped file: on a full disk
// that ends the process. The store is left as after a kill instead.
func TestClosingOnAFullDiskLosesNothing(t *testing.T) {
	o := Options{Dir: filepath.Join(t.TempDir(), "store"), Key: key, Durable: true}
	db, _ := openT(t, o)
	set(t, db, "name", "Ромашка")
	var full *FullError
	if err := closeBadger(db, o.Dir, math.MaxUint64); !errors.As(err, &full) {
		t.Fatalf("closed: %v", err)
	}
	if v, err := get(db, "name"); v != "Ромашка" || err != nil {
		t.Errorf("the store was closed after all: %q, %v", v, err)
	}
	// Another process finds it as it was.
	o.Dir = copyOf(t, o.Dir)
	again, _ := openT(t, o)
	if v, err := get(again, "name"); v != "Ромашка" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestAReadOnlyFileSystemIsNoDamage(t *testing.T) {
	err := openError("/data", true, errors.New(`Cannot write pid file "LOCK" err: open LOCK: read-only file system`))
	var damaged *DamagedError
	if errors.As(err, &damaged) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("said %v", err)
	}
}

func TestLoadKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "key")
	a, err := LoadKey(path)
	if err != nil || len(a) != KeySize || bytes.Equal(a, make([]byte, KeySize)) {
		t.Fatal(a, err)
	}
	if b, err := LoadKey(path); err != nil || !bytes.Equal(a, b) {
		t.Error("the second time another key", err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Error(info.Mode())
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Error("something is left beside the key:", names)
	}
	if other, err := LoadKey(filepath.Join(t.TempDir(), "key")); err != nil || bytes.Equal(a, other) {
		t.Error("two keys are the same", err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); err == nil || !strings.Contains(err.Error(), "can be read by others (mode 0640)") {
		t.Error(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); err == nil || !strings.Contains(err.Error(), "has 5 bytes instead of 32") {
		t.Error(err)
	}
	if _, err := LoadKey(t.TempDir()); err == nil {
		t.Error("a directory is a key")
	}
}

func TestWriteFileLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	for _, text := range []string{"one", "two"} {
		if err := WriteFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(path); string(b) != text {
			t.Errorf("%q", b)
		}
	}
	if err := WriteFile(filepath.Join(dir, "none", "f"), nil); err == nil {
		t.Error("written into nothing")
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Error(names)
	}
}
