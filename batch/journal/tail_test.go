package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/batch"
	"bursar/cache/disk"
)

var tailKey = bytes.Repeat([]byte{7}, 32)

// stalled is a journal whose store stands still: what is appended is in the
// tail alone.
func stalled(t *testing.T, dir string, events int) *Journal {
	t.Helper()
	j := open(t, dir)
	if err := j.Append(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	settled(t, j)
	j.store.hold.Lock()
	t.Cleanup(j.store.hold.Unlock)
	for i := 1; i < events; i++ {
		if err := j.Append(event("a", i)); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

// What was promised is there after a kill, also what only the tail has.
func TestKillLosesNothingThatOnlyTheTailHas(t *testing.T) {
	dir := t.TempDir()
	stalled(t, dir, 20)
	dir = killed(t, dir)
	for range 2 { // and the second kill behind it
		j := open(t, dir)
		if rep, err := j.Verify(); err != nil || rep.Events != 20 {
			t.Fatalf("verify: %+v, %v", rep, err)
		}
		if got := items(t, j, "a"); !strings.HasSuffix(got, " 17 18 19") {
			t.Errorf("got %q", got)
		}
		dir = killed(t, dir)
	}
	j := open(t, dir)
	if err := j.Append(event("a", 20)); err != nil {
		t.Fatal(err)
	}
	closeIt(t, j)
	if rep, err := open(t, dir).Verify(); err != nil || rep.Events != 21 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}

// A kill in the middle of a record leaves all the records before.
func TestARecordThatWasCutOffWasNotPromised(t *testing.T) {
	dir := t.TempDir()
	stalled(t, dir, 20)
	dir = killed(t, dir)
	path := filepath.Join(dir, tailName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Half of the next record.
	copy(b[19*pageSize:], b[18*pageSize:18*pageSize+200])
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if rep, err := open(t, dir).Verify(); err != nil || rep.Events != 20 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}

func TestADamagedTailIsRefusedAndLeftAsItIs(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"gone": func(dir string) error { return os.Remove(filepath.Join(dir, tailName)) },
		"its first record": func(dir string) error {
			return flip(filepath.Join(dir, tailName), 100)
		},
		"its last record": func(dir string) error {
			return flip(filepath.Join(dir, tailName), 18*pageSize+100)
		},
		"another journal's": func(dir string) error {
			other := filepath.Join(filepath.Dir(dir), "other")
			j, err := Open(Options{Dir: other, Key: tailKey})
			if err != nil {
				return err
			}
			j.store.hold.Lock()
			for i := range 40 {
				if err := j.Append(event("b", i)); err != nil {
					return err
				}
			}
			b, err := os.ReadFile(filepath.Join(other, tailName))
			j.store.hold.Unlock()
			return errors.Join(err, os.WriteFile(filepath.Join(dir, tailName), b, 0o600), j.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			stalled(t, dir, 20)
			dir = killed(t, dir)
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			logs, _ := filepath.Glob(filepath.Join(dir, "*.mem"))
			for range 2 {
				_, err := Open(Options{Dir: dir, Key: tailKey})
				var damaged *disk.DamagedError
				if !errors.As(err, &damaged) || !strings.Contains(err.Error(), "event") {
					t.Fatalf("got %v", err)
				}
			}
			if len(logs) != 1 {
				t.Errorf("the store has %v", logs)
			}
		})
	}
}

func flip(path string, at int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[at] ^= 0xff
	return os.WriteFile(path, b, 0o600)
}

// The tail is written over and over; records of before are never taken for new.
func TestTheTailGoesRound(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	text := strings.Repeat("x", 3000)
	n := 0
	for range 8 {
		events := make([]batch.Event, 400)
		for i := range events {
			events[i] = event("a", n)
			events[i].Reason = text
			n++
		}
		if err := j.Append(events...); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		settled(t, j) // the next record begins at the front again
		if err := j.Append(event("a", n)); err != nil {
			t.Fatal(err)
		}
		n++
	}
	before, entries, err := j.tail.read()
	if err != nil || len(entries) != 1 || before.seq != uint64(n-1) || entries[0].at != j.head {
		t.Errorf("the tail has %d events behind %d of %d: %v", len(entries), before.seq, n, err)
	}
	closeIt(t, j)
	if rep, err := open(t, dir).Verify(); err != nil || rep.Events != uint64(n) {
		t.Errorf("verify: %+v of %d, %v", rep, n, err)
	}
}

// As long as the store cannot be written, nothing more is promised, and nothing
// that was promised is lost.
func TestAStoreThatFailsStopsTheJournal(t *testing.T) {
	dir := t.TempDir()
	j := stalled(t, dir, 5)
	j.store.mu.Lock()
	j.store.err = &disk.FullError{Dir: dir, Err: errors.New("no room")}
	j.store.mu.Unlock()
	j.store.hold.Unlock()
	if err := j.Append(event("a", 5)); err != nil { // it is tried again first
		t.Fatal(err)
	}
	settled(t, j)
	j.store.hold.Lock()
	if got := items(t, j, "a"); got != "0 1 2 3 4 5" {
		t.Errorf("got %q", got)
	}
}

// FuzzRecord reads back whatever a tail may hold.
func FuzzRecord(f *testing.F) {
	seal, err := newSealer(tailKey)
	if err != nil {
		f.Fatal(err)
	}
	tl := &tail{seal: seal}
	f.Add([]byte("a"), []byte(`{"x":1}`), 3, []byte{})
	f.Fuzz(func(t *testing.T, id, json []byte, n int, junk []byte) {
		if len(id) > maxID || len(json) > 1<<16 || n < 0 || n > 50 {
			return
		}
		from := head{seq: 7}.next(json)
		var entries []entry
		for range n {
			entries = append(entries, entry{batch: string(id), json: json})
		}
		record, err := tl.record(from, entries)
		if err != nil || len(record)%pageSize != 0 {
			t.Fatal(len(record), err)
		}
		body, ok := seal.open(record[4 : 4+int(uint32(record[0])<<24|uint32(record[1])<<16|uint32(record[2])<<8|uint32(record[3]))])
		if !ok {
			t.Fatal("the seal does not open")
		}
		before, got, ok := parseRecord(body)
		if !ok || before != from || fmt.Sprint(got) != fmt.Sprint(entries) {
			t.Fatalf("%v %v of %v", ok, got, entries)
		}
		_, _, _ = parseRecord(junk)
		if len(body) > 0 {
			_, _, _ = parseRecord(append(body[:len(body)-1:len(body)-1], junk...))
		}
		if len(junk) > 0 {
			broken := bytes.Clone(record[4:])
			broken[int(junk[0])%len(broken)] ^= 1
			_, _ = seal.open(broken)
		}
	})
}
