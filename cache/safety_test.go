package cache

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/cache/disk"
	"bursar/providers"
)

var key = bytes.Repeat([]byte{7}, disk.KeySize)

// everyByte reads all files under a directory, and beside it. Of files that are
// made longer than they are filled, it leaves out the stretches of zeros.
func everyByte(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	zeros := make([]byte, 4096)
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, path...)
		for chunk := range slices.Chunk(b, len(zeros)) {
			if !bytes.Equal(chunk, zeros[:len(chunk)]) {
				all = append(all, chunk...)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNothingIsInPlainTextOnDisk(t *testing.T) {
	planted := []string{"Zhelezobeton", "shop-planted", "note-planted", "Qwzxvyfj", "id-planted", "Jkbgmfhd", "cursor-planted", "err-planted"}
	r := payment("shop-planted", "id-planted", noon)
	r.Party.Name, r.Note = "Zhelezobeton", "note-planted"
	r.Details[0].Rows[0].Value = "Qwzxvyfj"
	r.Raw = []byte(`{"x":"Jkbgmfhd"}`)
	for name, k := range map[string][]byte{"encrypted": key, "plain": nil} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			s := open(t, Options{Dir: dir, Key: k})
			put(t, s, noon, r)
			if err := s.SetState(SyncState{Account: "shop-planted", Kind: providers.Payment, Cursor: "cursor-planted", Err: "err-planted"}); err != nil {
				t.Fatal(err)
			}
			during := everyByte(t, dir)
			_ = s.Close()
			all := append(during, everyByte(t, dir)...)
			for _, secret := range planted {
				if found := bytes.Contains(all, []byte(secret)); found == (k != nil) {
					t.Errorf("%s found: %v", secret, found)
				}
			}
		})
	}
}

func TestACardNumberIsNeverKept(t *testing.T) {
	const card = "4111111111111111"
	texts := []string{card, "4111 1111 1111 1111", "4111-1111-1111-1111"}
	dir := filepath.Join(t.TempDir(), "cache")
	s := open(t, Options{Dir: dir})
	for i, c := range texts {
		r := payment("shop", fmt.Sprint(i), noon)
		r.Number, r.Status.Label, r.Method, r.Note = c, c, c, "оплата картой "+c+"!"
		r.Party = providers.Party{Name: c, Phone: c, Email: c, Card: c}
		r.Flags = []string{c}
		r.Details = []providers.Group{{Title: c, Rows: []providers.Row{{Label: c, Value: c}}}}
		r.Raw = []byte(`{"card":"` + c + `","deep":[{"n":4111111111111111}]}`)
		put(t, s, noon, r)
		got, _, err := s.Get(r.Ref)
		if err != nil {
			t.Fatal(err)
		}
		if got.Party.Card != "•• 1111" || !strings.Contains(got.Note, "•• 1111") {
			t.Errorf("%+v", got)
		}
		if text := fmt.Sprintf("%+v %s %+v", got, got.Raw, at(t, list(t, s, ListQuery{}), 0)); providers.HasCard(text) {
			t.Error(text)
		}
		if r.Flags[0] != c || r.Details[0].Title != c {
			t.Error("the caller's record was changed")
		}
	}
	_ = s.Close()
	all := everyByte(t, dir)
	for _, c := range texts {
		if bytes.Contains(all, []byte(c)) {
			t.Errorf("%s is on the disk", c)
		}
	}
}

func TestADamagedStoreIsMovedAsideAndSaid(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	fill := func(key []byte) {
		s := open(t, Options{Dir: dir, Key: key})
		if s.Notice() != "" {
			t.Error(s.Notice())
		}
		put(t, s, noon, payment("shop", "1", noon))
		_ = s.Close()
	}
	fill(key)
	if err := os.WriteFile(filepath.Join(dir, "MANIFEST"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Dir: dir, Key: key})
	if n := s.Notice(); !strings.Contains(n, "is damaged") || !strings.Contains(n, "moved to cache.damaged-20261122-120000") || strings.Contains(n, "\n") {
		t.Error(n)
	}
	if n := list(t, s, ListQuery{}).Len(); n != 0 {
		t.Error("rows", n)
	}
	put(t, s, noon, payment("shop", "1", noon))
	_ = s.Close()

	s = open(t, Options{Dir: dir, Key: bytes.Repeat([]byte{8}, disk.KeySize)})
	if n := s.Notice(); !strings.Contains(n, "encrypted with another key") {
		t.Error(n)
	}
	if aside, _ := filepath.Glob(dir + ".damaged-*"); len(aside) != 1 {
		t.Error("kept", aside)
	}
}

// TestDamageFoundLaterIsRebuiltToo spoils a table of a closed store where only
// reading a row can find it.
func TestDamageFoundLaterIsRebuiltToo(t *testing.T) {
	uses := map[string]func(*Store) error{
		"list": func(s *Store) error {
			snap, err := s.List(context.Background(), ListQuery{Kind: providers.Payment})
			if err == nil {
				_, err = snap.Read(0, snap.Len())
			}
			return err
		},
		"get": func(s *Store) error {
			_, _, err := s.Get(payment("shop", "1500", noon).Ref)
			if errors.Is(err, ErrMiss) {
				err = nil
			}
			return err
		},
		"search": func(s *Store) error {
			_, err := s.List(context.Background(), ListQuery{Kind: providers.Payment, Filter: parse(t, "нетничего")})
			return err
		},
		"put": func(s *Store) error { _, err := s.Put(noon.Add(1), payment("shop", "1500", noon)); return err },
	}
	// The parts hold JSON, heads, links, the order; the last is Badger's index.
	for _, where := range []int{6, 7} {
		for name, use := range uses {
			t.Run(fmt.Sprint(name, where), func(t *testing.T) { spoilAndUse(t, where, use) })
		}
	}
}

func spoilAndUse(t *testing.T, where int, use func(*Store) error) {
	dir := filepath.Join(t.TempDir(), "cache")
	s := open(t, Options{Dir: dir, Key: key})
	var recs []providers.Record
	for i := range 1000 {
		recs = append(recs, payment("shop", fmt.Sprint(i*2), noon.Add(time.Duration(i)*time.Second)))
	}
	put(t, s, noon, recs...)
	_ = s.Close()
	tables, _ := filepath.Glob(filepath.Join(dir, "*.sst"))
	if len(tables) == 0 {
		t.Fatal("nothing to spoil")
	}
	for _, f := range tables {
		spoil(t, f, where)
	}
	s = open(t, Options{Dir: dir, Key: key})
	if err := use(s); err != nil {
		t.Fatal(err)
	}
	n := shown(t, s)
	if s.Notice() == "" {
		t.Fatal("nobody said anything about", 1000-n, "missing rows")
	}
	if n > 1 {
		t.Error("rows of a damaged store:", n)
	}
	put(t, s, noon.Add(2), recs[:10]...)
	if n := shown(t, s); n < 10 || n > 11 {
		t.Error("rows", n)
	}
}

// shown reads a list and counts what is there.
func shown(t *testing.T, s *Store) (n int) {
	t.Helper()
	for range 2 { // the first look may find the damage
		n = 0
		for _, err := range list(t, s, ListQuery{}).All() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	return n
}

// spoil changes bytes in one of eight parts of a table.
func spoil(t *testing.T, path string, where int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) * where / 8; i < len(b)*(where+1)/8; i += 97 {
		b[i] ^= 0x55
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPutUntilKilled is no test: it is the process that the next one kills.
func TestPutUntilKilled(t *testing.T) {
	dir := os.Getenv("CACHE_TEST_PUT")
	if dir == "" {
		t.Skip("runs as a child of TestAKillAtAnyMomentLeavesRecordsWhole")
	}
	s := open(t, Options{Dir: dir, Key: key})
	fmt.Println("ready")
	for round := 0; ; round++ {
		var recs []providers.Record
		for i := range 200 {
			r := payment("shop", fmt.Sprint(i), noon.Add(time.Duration((i*7+round)%500)*time.Minute))
			r.Note = fmt.Sprint("round ", round)
			r.Links[0].Ref.ID = fmt.Sprint("r", round)
			recs = append(recs, r)
		}
		put(t, s, noon.Add(time.Duration(round)), recs...)
		if err := s.Remove(recs[round%200].Ref); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKillAtAnyMomentLeavesRecordsWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	for i := range 5 {
		child := exec.Command(os.Args[0], "-test.run=^TestPutUntilKilled$")
		child.Env = append(os.Environ(), "CACHE_TEST_PUT="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			_ = child.Process.Kill()
			t.Fatal(line, err)
		}
		// Any moment is a good one; this only spreads them.
		<-time.After(time.Duration(20+37*i) * time.Millisecond)
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()
		whole(t, dir)
	}
}

// whole checks that every record's summary, order, links and JSON agree.
func whole(t *testing.T, dir string) {
	t.Helper()
	s := open(t, Options{Dir: dir, Key: key})
	if s.Notice() != "" {
		t.Fatal(s.Notice())
	}
	snap := list(t, s, ListQuery{})
	if n := s.State("shop", providers.Payment).Count; n != snap.Len() {
		t.Errorf("count %d, rows %d", n, snap.Len())
	}
	seen := map[providers.Ref]bool{}
	for e, err := range snap.All() {
		if err != nil {
			t.Fatal(err)
		}
		r, fetched, err := s.Get(e.Ref)
		if err != nil || r.Note != e.Note || !fetched.Equal(e.Fetched) || seen[e.Ref] {
			t.Fatalf("%s: %v, note %q and %q", e.Ref, err, r.Note, e.Note)
		}
		seen[e.Ref] = true
		from, err := s.LinkedFrom(e.Links[0].Ref)
		if err != nil || !slices.Contains(from, e.Ref) {
			t.Fatalf("%s: its link is not known: %v %v", e.Ref, from, err)
		}
	}
	_ = s.Close()
}

func TestAStoreInUseIsNotMovedAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	open(t, Options{Dir: dir})
	_, err := Open(Options{Dir: dir})
	var used *disk.InUseError
	if !errors.As(err, &used) {
		t.Fatal(err)
	}
	if aside, _ := filepath.Glob(dir + ".damaged-*"); len(aside) != 0 {
		t.Error(aside)
	}
}

func TestABadRecordIsRefused(t *testing.T) {
	s := open(t, Options{})
	if _, err := s.Put(noon, providers.Record{}); err == nil {
		t.Error("a record without a ref was kept")
	}
	// What is too long to keep whole is kept without its JSON.
	r := payment("shop", "1", noon)
	r.Raw = []byte(`"` + strings.Repeat("x", maxRaw) + `"`)
	put(t, s, noon, r)
	if got, _, err := s.Get(r.Ref); err != nil || got.Raw != nil || got.Note != r.Note {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, Options{Dir: t.TempDir(), Key: key})
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 30 {
				r := payment(fmt.Sprint("a", w%2), fmt.Sprint(i%10), noon.Add(time.Duration(i)*time.Minute))
				r.Note = fmt.Sprint(i)
				if _, err := s.Put(noon.Add(time.Duration(i)), r); err != nil {
					t.Error(err)
				}
				if i%7 == 0 {
					if err := s.Remove(r.Ref); err != nil {
						t.Error(err)
					}
				}
			}
		})
		wg.Go(func() {
			for range 30 {
				snap, err := s.List(context.Background(), ListQuery{Kind: providers.Payment, Sort: Amount, Filter: parse(t, "has:refund amount>1")})
				if err != nil {
					t.Error(err)
					return
				}
				// Rows may have gone or moved meanwhile, but each names its record.
				entries, err := snap.Read(0, snap.Len())
				if err != nil {
					t.Error(err)
				}
				for _, e := range entries {
					if _, _, err := snap.Find(e.Ref); err != nil || e.Ref.ID == "" {
						t.Error(e.Ref, err)
					}
				}
				s.States()
			}
		})
	}
	wg.Wait()
}
