package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"bursar/providers/sandbox/gate"
)

// openLog opens a file of JSON lines to append to.
func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// openLedger reads the ledger that an earlier sandbox left, and opens it to
// append to. A last line that a crash cut off is cut away, so that the next
// one does not grow onto it.
// With readOnly the file stays as it is: another process may be writing it.
func (s *Sandbox) openLedger(path string, readOnly bool) ([]gate.Entry, error) {
	if path == "" {
		return nil, nil
	}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the sandbox's ledger cannot be read: %w", err)
	}
	entries, keep, err := parseLedger(old)
	if err != nil {
		return nil, fmt.Errorf("the sandbox's ledger %s: %w", path, err)
	}
	if readOnly {
		return entries, nil
	}
	f, err := openLog(path)
	if err != nil {
		return nil, fmt.Errorf("the sandbox's ledger cannot be opened: %w", err)
	}
	s.files = append(s.files, f)
	if lost := len(old) - keep; lost > 0 {
		s.notice = fmt.Sprintf("the last line of the sandbox's ledger was damaged by a crash and has been cut off (%d bytes)", lost)
		err = f.Truncate(int64(keep))
	}
	if err == nil && keep > 0 && old[keep-1] != '\n' {
		_, err = f.WriteString("\n")
	}
	if err != nil {
		_ = s.closeFiles()
		return nil, fmt.Errorf("the sandbox's ledger cannot be mended: %w", err)
	}
	return entries, nil
}

// parseLedger reads the lines and tells how many bytes of them are sound: all,
// or all but a damaged last line.
func parseLedger(b []byte) (entries []gate.Entry, keep int, err error) {
	number := 0
	for line := range bytes.Lines(b) {
		number++
		end := keep + len(line)
		text := bytes.TrimSpace(line)
		if len(text) > 0 {
			var e gate.Entry
			bad := json.Unmarshal(text, &e)
			if bad == nil && (e.System == "" || e.Call == "") {
				bad = errors.New("it names no system or no call")
			}
			switch {
			case bad == nil:
				entries = append(entries, e)
			case end == len(b):
				return entries, keep, nil
			default:
				return nil, 0, fmt.Errorf("line %d is damaged (%w); move the file away to start over", number, bad)
			}
		}
		keep = end
	}
	return entries, keep, nil
}

// replay makes the changes of an earlier ledger again.
func (s *Sandbox) replay(path string, entries []gate.Entry) error {
	for i, e := range entries {
		sim, ok := s.system(e.System)
		if !ok {
			return fmt.Errorf("the sandbox's ledger %s: entry %d names no system of the sandbox: %q", path, i+1, e.System)
		}
		if err := s.gate.Replay(e, sim.Replay); err != nil {
			return fmt.Errorf("the sandbox's ledger %s: entry %d (%s %s of %s) cannot be made again: %w; move the file away to start over", path, i+1, e.System, e.Call, e.ID, err)
		}
	}
	return nil
}
