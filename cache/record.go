package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"

	"bursar/providers"
)

// head is the small entry that tells whether a record changed without reading
// it whole.
type head struct {
	created uint64 // part of the order key
	fetched time.Time
	row     [hashSize]byte // of the summary without its age
	doc     [hashSize]byte // of the JSON, packed
	rich    bool           // the JSON has details
}

const (
	hashSize = 16
	headSize = 1 + 8 + 8 + 2*hashSize + 1
)

func (h head) encode() []byte {
	b := make([]byte, 0, headSize)
	b = append(b, summaryVersion)
	b = binary.BigEndian.AppendUint64(b, h.created)
	b = binary.BigEndian.AppendUint64(b, uint64(h.fetched.UnixNano())) //nolint:gosec // bits, not a number
	b = append(b, h.row[:]...)
	b = append(b, h.doc[:]...)
	if h.rich {
		return append(b, 1)
	}
	return append(b, 0)
}

func decodeHead(b []byte) (h head, err error) {
	if len(b) != headSize || b[0] != summaryVersion {
		return h, errSummary
	}
	h.created = binary.BigEndian.Uint64(b[1:])
	h.fetched = time.Unix(0, int64(binary.BigEndian.Uint64(b[9:]))).UTC() //nolint:gosec // bits, not a number
	copy(h.row[:], b[17:])
	copy(h.doc[:], b[17+hashSize:])
	h.rich = b[headSize-1] == 1
	return h, nil
}

func hash(b []byte) (out [hashSize]byte) {
	sum := sha256.Sum256(b)
	copy(out[:], sum[:])
	return out
}

// hashRow leaves the age out: a record that was only read again is the same.
func hashRow(row []byte) [hashSize]byte {
	h := sha256.New()
	h.Write(row[:atFetched])
	h.Write(row[atFetched+8:])
	var out [hashSize]byte
	copy(out[:], h.Sum(nil))
	return out
}

// doc is a record as JSON, as it is read; writeDoc writes it.
type doc struct {
	ID        string            `json:"id"`
	Number    string            `json:"number,omitempty"`
	Status    providers.Status  `json:"status"`
	Amount    *providers.Money  `json:"amount,omitempty"`
	Remaining *providers.Money  `json:"remaining,omitempty"`
	Created   time.Time         `json:"created,omitzero"`
	Updated   time.Time         `json:"updated,omitzero"`
	Deadline  time.Time         `json:"deadline,omitzero"`
	Party     providers.Party   `json:"party,omitzero"`
	Method    string            `json:"method,omitempty"`
	Note      string            `json:"note,omitempty"`
	Flags     []string          `json:"flags,omitempty"`
	Links     []providers.Link  `json:"links,omitempty"`
	Details   []providers.Group `json:"details,omitempty"`
	Raw       json.RawMessage   `json:"raw,omitempty"`
}

func encodeDoc(r providers.Record) ([]byte, error) { return pack(writeDoc(&r)), nil }

func decodeDoc(b []byte, ref providers.Ref) (providers.Record, error) {
	b, err := unpack(b)
	if err != nil {
		return providers.Record{}, err
	}
	var d doc
	if err := json.Unmarshal(b, &d); err != nil {
		return providers.Record{}, err
	}
	r := providers.Record{
		Ref: ref, Number: d.Number, Status: d.Status,
		Created: d.Created, Updated: d.Updated, Deadline: d.Deadline, Party: d.Party, Method: d.Method, Note: d.Note,
		Flags: d.Flags, Links: d.Links, Details: d.Details, Raw: d.Raw,
	}
	if d.Amount != nil {
		r.Amount = *d.Amount
	}
	if d.Remaining != nil {
		r.Remaining = *d.Remaining
	}
	return r, nil
}
