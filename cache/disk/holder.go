package disk

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// holder is the note beside an open store that tells other processes who has
// it. The lock itself dies with its process; the note may stay behind after a
// kill and is then simply overwritten.
type holder struct {
	Program string    `json:"program"`
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
}

func holderPath(dir string) string { return filepath.Clean(dir) + ".holder.json" }

func writeHolder(dir string, now time.Time) error {
	b, err := json.Marshal(holder{Program: "bursar", PID: os.Getpid(), Since: now.Truncate(time.Second)})
	if err != nil {
		return err
	}
	// Nothing is lost with it: it is not worth waiting for the disk.
	return writeFile(holderPath(dir), b, false)
}

// holderOf describes who holds a store that could not be locked.
func holderOf(dir string) string {
	b, err := os.ReadFile(holderPath(dir))
	var h holder
	if err == nil && json.Unmarshal(b, &h) == nil && h.PID > 0 {
		return fmt.Sprintf("%s (pid %d, since %s)", clean(h.Program), h.PID, since(h.Since, time.Now()))
	}
	return "another process"
}

// since leaves out the date when it is today's.
func since(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// clean keeps what a screen may show of a name that came from a file.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_' {
			return r
		}
		return -1
	}, name)
	if name == "" || len(name) > 40 {
		return "another process"
	}
	return name
}

// WriteFile writes a small file with mode 0600 so that readers see the old or
// the new content whole, also after a crash.
func WriteFile(path string, content []byte) error { return writeFile(path, content, true) }

func writeFile(path string, content []byte, synced bool) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	tmp := f.Name()
	_, err = f.Write(content)
	if err == nil && synced {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		_ = os.Remove(tmp)
		return err
	}
	return nil
}
