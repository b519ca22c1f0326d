package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"bursar/batch"
	"bursar/cache/disk"
)

var testTime = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func open(t testing.TB, dir string) *Journal {
	t.Helper()
	j, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func closeIt(t testing.TB, j *Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func event(id string, n int) batch.Event {
	return batch.Event{Batch: id, Item: fmt.Sprint("item-", n), Type: batch.EventSending, State: batch.StateSending, Time: testTime}
}

func items(t testing.TB, j *Journal, id string) string {
	t.Helper()
	var got []string
	err := j.Events(id, func(ev batch.Event) error {
		got = append(got, strings.TrimPrefix(ev.Item, "item-"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(got, " ")
}

func TestEventsSurviveReopening(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for i := range 3 {
		if err := errors.Join(j.Append(event("a", i)), j.AppendLater(event("b", i))); err != nil {
			t.Fatal(err)
		}
	}
	closeIt(t, j)
	j = open(t, dir)
	if a, b := items(t, j, "a"), items(t, j, "b"); a != "0 1 2" || b != "0 1 2" {
		t.Errorf("a has %q, b has %q", a, b)
	}
	if err := j.Append(event("a", 3)); err != nil {
		t.Fatal(err)
	}
	if rep, err := j.Verify(); err != nil || rep.Events != 7 || rep.Batches != 2 || len(rep.Hash) != 64 || !rep.First.Equal(testTime) {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}

func TestAppendLaterComesBeforeTheNextAppend(t *testing.T) {
	j := open(t, t.TempDir())
	if err := errors.Join(j.AppendLater(event("a", 0)), j.Append(event("a", 1)), j.AppendLater(event("a", 2)), j.Append()); err != nil {
		t.Fatal(err)
	}
	if got := items(t, j, "a"); got != "0 1 2" {
		t.Errorf("got %q", got)
	}
}

func TestAppendLaterIsWrittenWithoutCompany(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	commits := make(chan struct{}, 1)
	j.mu.Lock() // the committer takes the queue under it, and looks for room then
	j.room = func() error {
		commits <- struct{}{}
		return nil
	}
	j.mu.Unlock()
	if err := j.AppendLater(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	<-commits
	closeIt(t, j)
	if got := items(t, open(t, dir), "a"); got != "0" {
		t.Errorf("got %q", got)
	}
}

func TestBatchesGivesTheLastEventOfEach(t *testing.T) {
	j := open(t, t.TempDir())
	for i := range 300 {
		if err := j.AppendLater(event([]string{"a", "ab", "b"}[i%3], i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Append(); err != nil {
		t.Fatal(err)
	}
	last, err := j.Batches()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, ev := range last {
		got[ev.Batch] += ev.Item
	}
	want := map[string]string{"a": "item-297", "ab": "item-298", "b": "item-299"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestManyEventsInOneAppend(t *testing.T) {
	j := open(t, t.TempDir())
	events := make([]batch.Event, 2500)
	for i := range events {
		events[i] = event("a", i)
		events[i].Reason = strings.Repeat("x", 600)
	}
	if err := j.Append(events...); err != nil {
		t.Fatal(err)
	}
	if rep, err := j.Verify(); err != nil || rep.Events != 2500 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}

func TestCallersShareCommits(t *testing.T) {
	j := open(t, t.TempDir())
	var wg sync.WaitGroup
	const workers, each = 64, 20
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				if err := j.Append(event(fmt.Sprint("batch-", w), i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if rep, err := j.Verify(); err != nil || rep.Events != workers*each || rep.Batches != workers {
		t.Errorf("verify: %+v, %v", rep, err)
	}
	if got := items(t, j, "batch-7"); got != "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19" {
		t.Errorf("the order was lost: %s", got)
	}
	if j.groups*4 > workers*each || j.store.commits > j.groups {
		t.Errorf("%d events took %d waits for the disk and %d commits", workers*each, j.groups, j.store.commits)
	}
}

func TestFullDiskFailsAndKeepsWhatNobodyWaitsFor(t *testing.T) {
	j := open(t, t.TempDir())
	full := &disk.FullError{Dir: "/data", Err: errors.New("no room")}
	var mu sync.Mutex
	room := error(full)
	j.mu.Lock()
	j.room = func() error {
		mu.Lock()
		defer mu.Unlock()
		return room
	}
	j.mu.Unlock()
	if err := j.AppendLater(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(event("a", 1)); !disk.IsFull(err) || !strings.Contains(err.Error(), "make room") {
		t.Fatalf("got %v", err)
	}
	if got := items(t, j, "a"); got != "" {
		t.Fatalf("a full disk took %q", got)
	}
	mu.Lock()
	room = nil
	mu.Unlock()
	if err := j.Append(event("a", 2)); err != nil {
		t.Fatal(err)
	}
	if got := items(t, j, "a"); got != "0 2" {
		t.Errorf("got %q: what nobody waited for comes first, what was refused never", got)
	}
}

func TestTamperingIsFound(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(*badger.Txn) error
		opens  bool // found by Verify only
		want   string
	}{
		{"a changed event", func(txn *badger.Txn) error {
			return change(txn, 2, func(b []byte) []byte { return bytes.Replace(b, []byte("item-1"), []byte("item-9"), 1) })
		}, true, "event 2 was changed"},
		{"a removed event", func(txn *badger.Txn) error { return txn.Delete(eventKey(2)) }, true, "event 2 is missing"},
		{"an event taken off its batch", func(txn *badger.Txn) error { return txn.Delete(batchKey("a", 2)) }, true, "event 2 is not listed under its batch"},
		{"an event listed that is not there", func(txn *badger.Txn) error { return txn.Set(batchKey("a", 99), nil) }, true, "5 events are listed, 4 are there"},
		{"the last event removed", func(txn *badger.Txn) error { return txn.Delete(eventKey(4)) }, false, "event 4 was written and is missing"},
		{"an event added", func(txn *badger.Txn) error { return txn.Set(eventKey(5), make([]byte, 40)) }, false, "does not end with event 4"},
		{"the end cut off as a whole", func(txn *badger.Txn) error {
			return errors.Join(txn.Delete(eventKey(4)), txn.Delete(batchKey("a", 4)), change(txn, 3, func(b []byte) []byte {
				_ = txn.Set([]byte(headKey), b[:40:40])
				return b
			}))
		}, false, "event 4 was written and is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			j := open(t, dir)
			for i := range 4 {
				if err := j.Append(event("a", i)); err != nil {
					t.Fatal(err)
				}
			}
			settled(t, j)
			if err := j.db.Update(tt.tamper); err != nil {
				t.Fatal(err)
			}
			if _, err := j.Verify(); err == nil {
				t.Error("Verify found nothing")
			} else if tt.opens && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify says %v", err)
			}
			closeIt(t, j)
			again, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
			if err == nil {
				defer func() { _ = again.Close() }()
			}
			var damaged *disk.DamagedError
			if tt.opens != (err == nil) || err != nil && (!errors.As(err, &damaged) || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("opening says %v", err)
			}
		})
	}
}

func change(txn *badger.Txn, seq uint64, fn func([]byte) []byte) error {
	item, err := txn.Get(eventKey(seq))
	if err != nil {
		return err
	}
	b, err := item.ValueCopy(nil)
	if err != nil {
		return err
	}
	return txn.Set(eventKey(seq), fn(b))
}

func TestExportWritesOneLinePerEvent(t *testing.T) {
	j := open(t, t.TempDir())
	if err := j.Append(event("a", 0), event("b", 1)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := j.Export(&out); err != nil {
		t.Fatal(err)
	}
	var n uint64
	for lines := bufio.NewScanner(&out); lines.Scan(); n++ {
		var line struct {
			Seq   uint64
			Hash  string
			Event batch.Event
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Seq != n+1 || len(line.Hash) != 64 || line.Event.Batch == "" {
			t.Errorf("line %d: %s (%v)", n+1, lines.Text(), err)
		}
	}
	if n != 2 {
		t.Errorf("%d lines", n)
	}
}

func TestSecondProcessIsToldWhoHasIt(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
	var inUse *disk.InUseError
	if !errors.As(err, &inUse) {
		t.Errorf("got %v", err)
	}
}

func TestAnotherKeyIsRefusedAndNothingTouched(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if err := j.Append(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	closeIt(t, j)
	_, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{8}, 32)})
	if err == nil || !strings.Contains(err.Error(), "another key") || !strings.Contains(err.Error(), "left as it is") {
		t.Fatalf("got %v", err)
	}
	if got := items(t, open(t, dir), "a"); got != "0" {
		t.Errorf("got %q", got)
	}
}

func TestClosedJournalTakesNothing(t *testing.T) {
	j := open(t, t.TempDir())
	closeIt(t, j)
	closeIt(t, j)
	if err := j.Append(event("a", 0)); !errors.Is(err, errClosed) {
		t.Errorf("got %v", err)
	}
}

func TestEventWithoutABatchIsRefused(t *testing.T) {
	j := open(t, t.TempDir())
	for _, id := range []string{"", "a\x00b"} {
		if err := j.Append(batch.Event{Batch: id}); err == nil {
			t.Errorf("batch %q was taken", id)
		}
	}
}

// settled waits until everything is in the store.
func settled(t testing.TB, j *Journal) {
	t.Helper()
	if err := j.store.drain(); err != nil {
		t.Fatal(err)
	}
}

// killed copies the directory of an open journal to which nobody appends, as a
// kill leaves it. Badger may still be writing out what it found at opening: a
// copy during which files came or went is of no moment at all, and made again.
func killed(t *testing.T, dir string) string {
	t.Helper()
	for range 10_000 {
		to := t.TempDir()
		before := names(t, dir)
		if copied(t, dir, to, before) && slices.Equal(before, names(t, dir)) {
			return to
		}
		runtime.Gosched()
	}
	t.Fatal("the journal's files never come to rest")
	return ""
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

// copied is false when a file went meanwhile.
func copied(t *testing.T, from, to string, names []string) bool {
	t.Helper()
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			return false
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return true
}

func TestKillLosesNothingThatWasAppended(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for i := range 50 {
		if err := j.Append(event("a", i)); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, j)
	j = open(t, killed(t, dir))
	if rep, err := j.Verify(); err != nil || rep.Events != 50 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}

// Badger cuts a log off where it does not read and says nothing. The journal
// must notice, and must not let the cut happen.
func TestDamagedLogIsRefusedAndLeftAsItIs(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for i := range 50 {
		if err := j.Append(event("a", i)); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, j)
	dir = killed(t, dir)
	logs, err := filepath.Glob(filepath.Join(dir, "*.mem"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no log: %v", err)
	}
	before, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	before[3000] ^= 0xff
	if err := os.WriteFile(logs[0], before, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second look finds the same
		_, err = Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
		var damaged *disk.DamagedError
		if !errors.As(err, &damaged) {
			t.Fatalf("got %v", err)
		}
		after, err := os.ReadFile(logs[0])
		if err != nil || !bytes.Equal(before, after) {
			t.Fatalf("the damaged log was changed (%v)", err)
		}
	}
}

func TestClosedInOrderIsOpenedWithoutARehearsal(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if err := j.Append(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	if sealed(dir) {
		t.Error("an open journal is sealed")
	}
	closeIt(t, j)
	if !sealed(dir) {
		t.Error("a closed journal is not sealed")
	}
	manifest := filepath.Join(dir, badger.ManifestFilename)
	b, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-3] ^= 0xff
	if err := os.WriteFile(manifest, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
	var damaged *disk.DamagedError
	if !errors.As(err, &damaged) {
		t.Fatalf("a damaged manifest: %v", err)
	}
	after, err := os.ReadFile(manifest)
	if err != nil || !bytes.Equal(b, after) {
		t.Errorf("the damaged manifest was changed (%v)", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), rehearsalPrefix+"*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestMissingManifestIsRefused(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if err := j.Append(event("a", 0)); err != nil {
		t.Fatal(err)
	}
	closeIt(t, j)
	if err := os.Remove(filepath.Join(dir, badger.ManifestFilename)); err != nil {
		t.Fatal(err)
	}
	_, err := Open(Options{Dir: dir, Key: bytes.Repeat([]byte{7}, 32)})
	var damaged *disk.DamagedError
	if !errors.As(err, &damaged) {
		t.Fatalf("got %v", err)
	}
}
