package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"bursar/cache/disk"
	"bursar/providers"
)

// piledUp is the directory of a store that many short sessions wrote to, and
// how many records it has.
func piledUp(t *testing.T) (o Options, records int) {
	t.Helper()
	o = Options{Dir: filepath.Join(t.TempDir(), "cache"), Key: bytes.Repeat([]byte{7}, disk.KeySize)}
	for {
		s, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if disk.PiledUp(s.db) {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return o, records
		}
		putOne(t, s, records)
		records++
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func putOne(t *testing.T, s *Store, n int) {
	t.Helper()
	ref := providers.Ref{Account: "a", Kind: providers.Payment, ID: fmt.Sprint(n)}
	if _, err := s.Put(time.Unix(int64(n+1), 0), providers.Record{Ref: ref}); err != nil {
		t.Fatal(err)
	}
}

func (s *Store) compacts() bool { return s.db.Opts().NumCompactors > 0 }

func TestAStoreWorksWhenItHasPiledUpAndRestsAfterwards(t *testing.T) {
	o, records := piledUp(t)
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	s.endHouse() // the test looks itself
	if s.compacts() {
		t.Fatal("a store that was opened wakes up before it has to")
	}
	if again := s.tend(false); again != restAfter || !s.compacts() {
		t.Fatalf("piled up: compacts %v, looks again after %v", s.compacts(), again)
	}
	if err := s.db.Flatten(1); err != nil { // what the compactors do by and by
		t.Fatal(err)
	}
	if again := s.tend(false); again != restAfter || !s.compacts() {
		t.Errorf("written to a moment ago: compacts %v, looks again after %v", s.compacts(), again)
	}
	putOne(t, s, records)
	if again := s.tend(true); again != 0 || s.compacts() {
		t.Errorf("rested: compacts %v, looks again after %v", s.compacts(), again)
	}
	snap, err := s.List(context.Background(), ListQuery{Kind: providers.Payment})
	if err != nil || snap.Len() != records+1 {
		t.Errorf("%d records of %d: %v", snap.Len(), records+1, err)
	}
	var used *disk.InUseError
	if _, err := Open(o); !errors.As(err, &used) {
		t.Errorf("opened anew, the store is not ours any more: %v", err)
	}
}

// A reader in the store is not waited for: everybody behind would wait as well.
func TestAStoreInUseIsLookedAtLater(t *testing.T) {
	o, _ := piledUp(t)
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	s.endHouse()
	s.gate.RLock()
	if again := s.tend(false); again != tryAgain || s.compacts() {
		t.Errorf("looks again after %v", again)
	}
	s.gate.RUnlock()
}

// Should the store not open again, it says so until it does.
func TestAStoreThatDoesNotOpenAgainIsTriedLater(t *testing.T) {
	o, records := piledUp(t)
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	s.endHouse()
	s.opt.Key = []byte("not a key")
	if again := s.tend(false); again != restAfter {
		t.Errorf("looks again after %v", again)
	}
	if _, err := s.Put(time.Unix(1, 0), providers.Record{Ref: providers.Ref{Account: "a", Kind: providers.Payment, ID: "x"}}); err == nil {
		t.Error("written to a closed store")
	}
	s.opt.Key = o.Key
	s.tend(true)
	putOne(t, s, records)
}
