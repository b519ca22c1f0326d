package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"bursar/cache/disk"
)

// A journal is taken before it is opened, so that a second process knows at
// once that it will get none.
func TestAJournalThatIsHeldIsAnothers(t *testing.T) {
	dir, key := t.TempDir(), bytes.Repeat([]byte{7}, 32)
	held, err := disk.Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(when string) {
		t.Helper()
		var used *disk.InUseError
		if _, err := Open(Options{Dir: dir, Key: key}); !errors.As(err, &used) || strings.Contains(err.Error(), "left as it is") {
			t.Errorf("%s another opened it: %v", when, err)
		}
	}
	refused("not opened yet")
	j, err := Open(Options{Dir: dir, Key: key, Held: held})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(event("a", 1)); err != nil {
		t.Fatal(err)
	}
	refused("open")
	closeIt(t, j)
	refused("closed, not released")
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if got := items(t, open(t, dir), "a"); got != "1" {
		t.Errorf("the journal has %q", got)
	}
}

// An idle journal must not wake up; one that many sessions wrote to is merged
// in the next.
func TestAJournalIsQuietUntilItHasPiledUp(t *testing.T) {
	dir := t.TempDir()
	sessions := 0
	for ; sessions < 100; sessions++ {
		j := open(t, dir)
		merges := j.db.Opts().NumCompactors > 0
		if err := j.Append(event("a", sessions)); err != nil {
			t.Fatal(err)
		}
		closeIt(t, j)
		if merges {
			break
		}
	}
	if sessions < 3 || sessions == 100 {
		t.Errorf("merged in session %d", sessions)
	}
	if rep, err := open(t, dir).Verify(); err != nil || rep.Events != uint64(sessions)+1 {
		t.Errorf("verify: %+v, %v", rep, err)
	}
}
