package journal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// tail is a small file beside the store that holds the newest events: those
// that are promised and not in the store yet. It is there because a commit of
// the store is slow to reach the disk, as its log grows with each, and takes
// the file system's own journal along. The tail is written over and over in
// place, which needs one short wait.
//
// A record begins at each multiple of pageSize, so that no write touches one
// that was promised before: its length, then the sealed body. The body names the
// head of the chain before it. Whatever follows the last record, also what is
// left of records before a rewind, does not chain on to it.
type tail struct {
	file *os.File
	seal sealer
	at   int64 // where the next record goes

	body, out []byte // of the last record, used again
}

const (
	tailName = "TAIL"
	tailSize = 4 << 20
	pageSize = 4 << 10
)

// openTail opens the tail, or makes one of its full size: a file that grew with
// each record would have to be synced with all that is known about it.
func openTail(dir string, key []byte) (*tail, error) {
	f, err := os.OpenFile(filepath.Join(dir, tailName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal's %s cannot be opened: %w", tailName, err)
	}
	t := &tail{file: f}
	if t.seal, err = newSealer(key); err == nil {
		err = t.grow()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the journal's %s cannot be made: %w", tailName, err), f.Close())
	}
	return t, nil
}

func (t *tail) grow() error {
	info, err := t.file.Stat()
	if err != nil || info.Size() >= tailSize {
		return err
	}
	zeros := make([]byte, 64<<10)
	for at := info.Size(); at < tailSize; at += int64(len(zeros)) {
		if _, err := t.file.WriteAt(zeros[:min(int64(len(zeros)), tailSize-at)], at); err != nil {
			return err
		}
	}
	if err := t.file.Sync(); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(t.file.Name()))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can
	return dir.Close()
}

func (t *tail) close() error {
	if t == nil {
		return nil
	}
	return t.file.Close()
}

// fits reports whether a record of so many bytes still has room.
func (t *tail) fits(record int) bool { return t.at+int64(record) <= tailSize }

// rewind starts over: everything is in the store.
func (t *tail) rewind() { t.at = 0 }

// clear makes the next start find nothing to look through. Should it not reach
// the disk, all that is found is in the store.
func (t *tail) clear() {
	if t != nil {
		_, _ = t.file.WriteAt(make([]byte, 4), 0)
	}
}

// append writes a record that is on disk when it returns. After an error the
// next one takes its place.
func (t *tail) append(record []byte) error {
	if _, err := t.file.WriteAt(record, t.at); err != nil {
		return err
	}
	if err := datasync(t.file); err != nil {
		return err
	}
	t.at += int64(len(record))
	return nil
}

// record is the entries behind a head, sealed and padded. It holds until the
// next one is made.
func (t *tail) record(before head, entries []entry) ([]byte, error) {
	body := append(t.body[:0], before.value(nil)...)
	body = binary.BigEndian.AppendUint32(body, uint32(len(entries))) //nolint:gosec // bounded by maxTxnEvents
	for _, e := range entries {
		body = binary.BigEndian.AppendUint16(body, uint16(len(e.batch))) //nolint:gosec // see checkBatch
		body = append(body, e.batch...)
		body = binary.BigEndian.AppendUint32(body, uint32(len(e.json))) //nolint:gosec // bounded by maxEvent
		body = append(body, e.json...)
	}
	out, err := t.seal.close(append(t.out[:0], 0, 0, 0, 0), body)
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)-4)) //nolint:gosec // bounded by the tail's size
	out = append(out, make([]byte, -len(out)&(pageSize-1))...)
	t.body, t.out = body, out
	return out, nil
}

// read gives the records from the first on, as long as they chain: the head
// before the first entry, and the entries with the heads behind them.
func (t *tail) read() (before head, entries []entry, err error) {
	raw := make([]byte, 4)
	if _, err = t.file.ReadAt(raw, 0); err == nil && binary.BigEndian.Uint32(raw) > 0 {
		raw = make([]byte, tailSize)
		_, err = t.file.ReadAt(raw, 0)
	}
	if err != nil {
		return head{}, nil, fmt.Errorf("the journal's %s cannot be read: %w", tailName, err)
	}
	var last head
	for at := 0; at+4 <= len(raw); {
		n := int(binary.BigEndian.Uint32(raw[at:]))
		if n == 0 || at+4+n > len(raw) {
			break
		}
		body, ok := t.seal.open(raw[at+4 : at+4+n])
		if !ok {
			break
		}
		from, got, ok := parseRecord(body)
		if !ok || at > 0 && from != last {
			break
		}
		if at == 0 {
			before, last = from, from
		}
		for i := range got {
			last = last.next(got[i].json)
			got[i].at = last
		}
		entries = append(entries, got...)
		at += (4 + n + pageSize - 1) / pageSize * pageSize
	}
	return before, entries, nil
}

// parseRecord reads back what record wrote.
func parseRecord(body []byte) (before head, entries []entry, ok bool) {
	before, rest, err := parseValue(body)
	if err != nil || len(rest) < 4 {
		return head{}, nil, false
	}
	n := binary.BigEndian.Uint32(rest)
	rest = rest[4:]
	take := func(size int) []byte {
		if size > len(rest) {
			ok = false
			return nil
		}
		out := rest[:size:size]
		rest = rest[size:]
		return out
	}
	ok = true
	for ; n > 0 && ok; n-- {
		var e entry
		if size := take(2); ok {
			e.batch = string(take(int(binary.BigEndian.Uint16(size))))
		}
		if size := take(4); ok {
			e.json = take(int(binary.BigEndian.Uint32(size)))
		}
		entries = append(entries, e)
	}
	return before, entries, ok && len(rest) == 0
}

// sealer keeps a record from being read and from being taken for whole when it
// is not. Without a key there is only the second.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if len(key) == 0 {
		return sealer{}, nil
	}
	own, err := hkdf.Key(sha256.New, key, nil, "bursar journal tail", 32)
	if err != nil {
		return sealer{}, err
	}
	block, err := aes.NewCipher(own)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead}, err
}

func (s sealer) close(out, body []byte) ([]byte, error) {
	if s.aead == nil {
		sum := sha256.Sum256(body)
		return append(append(out, sum[:]...), body...), nil
	}
	from := len(out)
	out = append(out, make([]byte, s.aead.NonceSize())...)
	if _, err := rand.Read(out[from:]); err != nil {
		return nil, err
	}
	return s.aead.Seal(out, out[from:], body, nil), nil
}

func (s sealer) open(sealed []byte) (body []byte, ok bool) {
	if s.aead == nil {
		if len(sealed) < sha256.Size {
			return nil, false
		}
		sum := sha256.Sum256(sealed[sha256.Size:])
		return sealed[sha256.Size:], string(sum[:]) == string(sealed[:sha256.Size])
	}
	size := s.aead.NonceSize()
	if len(sealed) < size {
		return nil, false
	}
	body, err := s.aead.Open(nil, sealed[:size], sealed[size:], nil)
	return body, err == nil
}
