package cache

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"bursar/cache/columns"
	"bursar/providers"
)

// A row summary is a record without Details and Raw, account and kind, in about
// 130 bytes: what a list shows, sorts by and filters on.
//
//	0      version
//	1..9   created as a sortable number, 0 when unknown
//	9..17  fetched, nanoseconds since 1970
//	17     zone of created
//	18..   id, then the fields in the order of appendSummary; texts are
//	       length-prefixed
const (
	summaryVersion = 1
	atCreated      = 1
	atFetched      = 9
	atZone         = 17
	summaryHead    = 18
)

var errSummary = errors.New("the row summary does not read")

// appendSummary encodes a record that passed clean.
func appendSummary(b []byte, r *providers.Record, fetched time.Time) []byte {
	b = append(b, summaryVersion)
	b = binary.BigEndian.AppendUint64(b, columns.Key(r.Created))
	b = binary.BigEndian.AppendUint64(b, uint64(fetched.UnixNano())) //nolint:gosec // bits, not a number
	b = append(b, zoneByte(r.Created))
	b = appendText(b, r.Ref.ID)
	b = appendText(b, r.Number)
	b = appendText(b, r.Status.Code)
	b = appendText(b, r.Status.Label)
	b = append(b, byte(r.Status.Phase))
	b = appendMoney(b, r.Amount)
	b = appendMoney(b, r.Remaining)
	b = appendTime(b, r.Updated)
	b = appendTime(b, r.Deadline)
	b = appendText(b, r.Party.ID)
	b = appendText(b, r.Party.Name)
	b = appendText(b, r.Party.Phone)
	b = appendText(b, r.Party.Email)
	b = appendText(b, r.Party.Card)
	b = appendText(b, r.Method)
	b = appendText(b, r.Note)
	b = binary.AppendUvarint(b, uint64(len(r.Flags)))
	for _, f := range r.Flags {
		b = appendText(b, f)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Links)))
	for _, l := range r.Links {
		b = appendText(b, l.Rel)
		// Most links stay inside the account.
		if l.Ref.Account == r.Ref.Account {
			b = append(b, 1)
		} else {
			b = appendText(append(b, 0), l.Ref.Account)
		}
		b = appendText(b, string(l.Ref.Kind))
		b = appendText(b, l.Ref.ID)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// The shapes of an amount.
const (
	moneyNone = iota
	moneySmall
	moneyBig
)

func appendMoney(b []byte, m providers.Money) []byte {
	switch {
	case m.IsNone():
		return append(b, moneyNone)
	case m.Coefficient().IsInt64():
		b = binary.AppendVarint(append(b, moneySmall), int64(m.Exponent()))
		b = binary.AppendVarint(b, m.CoefficientInt64())
	default:
		b = binary.AppendVarint(append(b, moneyBig), int64(m.Exponent()))
		b = appendText(b, m.Coefficient().String())
	}
	return appendText(b, m.Currency)
}

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	b = append(b, 1, zoneByte(t))
	return binary.AppendVarint(b, t.UnixNano())
}

func keyTime(key uint64, zone byte) time.Time {
	if key == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(key^1<<63)).In(zoneOf(zone)) //nolint:gosec // bits, not a number
}

// Zones are kept in quarters of an hour, which all of them are multiples of.
const (
	quarter  = 15 * 60
	zoneZero = 128
)

// zones are ready made, so that decoding a row makes none.
var zones = func() (out [256]*time.Location) {
	for i := range out {
		out[i] = time.FixedZone("", (i-zoneZero)*quarter)
	}
	out[zoneZero] = time.UTC
	return out
}()

func zoneOf(b byte) *time.Location { return zones[b] }

// zoneByte is the zone of a time that is not zero; UTC for a zone that no
// country has.
func zoneByte(t time.Time) byte {
	if t.IsZero() {
		return zoneZero
	}
	_, offset := t.Zone()
	q := offset/quarter + zoneZero
	if offset%quarter != 0 || q < 0 || q > math.MaxUint8 {
		return zoneZero
	}
	return byte(q)
}

// reader takes a summary apart. After the first fault everything it gives is
// empty and bad is set.
type reader struct {
	s   string
	bad bool
}

func (r *reader) byte() byte {
	if len(r.s) == 0 {
		r.bad = true
		return 0
	}
	c := r.s[0]
	r.s = r.s[1:]
	return c
}

func (r *reader) uint64() uint64 {
	if len(r.s) < 8 {
		r.bad, r.s = true, ""
		return 0
	}
	var v uint64
	for i := range 8 {
		v = v<<8 | uint64(r.s[i])
	}
	r.s = r.s[8:]
	return v
}

func (r *reader) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		c := r.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.s = r.s[i+1:]
			return v
		}
	}
	r.bad, r.s = true, ""
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1) //nolint:gosec // zigzag
}

func (r *reader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return ""
	}
	t := r.s[:n]
	r.s = r.s[n:]
	return t
}

// count reads a number of things of at least size bytes each, so that a
// damaged one cannot ask for more memory than there are bytes.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.s)/size) {
		r.bad, r.s = true, ""
		return 0
	}
	return int(n) //nolint:gosec // bounded by a length
}

func (r *reader) time() time.Time {
	if r.byte() == 0 {
		return time.Time{}
	}
	zone := r.byte()
	return time.Unix(0, r.varint()).In(zoneOf(zone))
}

// money reads an amount: the currency, and the number apart.
func (r *reader) money() (currency string, n columns.Number) {
	shape := r.byte()
	if shape == moneyNone {
		return "", n
	}
	exp := r.varint()
	if exp < -1000 || exp > 1000 || shape > moneyBig {
		r.bad, r.s = true, ""
		return "", n
	}
	n.Some, n.Exp = true, int32(exp)
	if shape == moneySmall {
		n.Coef = r.varint()
		n.Big = exp <= math.MinInt8 || exp >= math.MaxInt8
		if n.Big {
			n.Dec = decimal.New(n.Coef, n.Exp)
		}
		return r.text(), n
	}
	text := r.text()
	c, ok := new(big.Int).SetString(text, 10)
	if !ok || len(text) > 100 {
		r.bad, r.s = true, ""
		return "", n
	}
	n.Big, n.Dec = true, decimal.NewFromBigInt(c, n.Exp)
	return r.text(), n
}

// decodeSummary reads a row into rec, whose texts are parts of s. Flags and
// links reuse rec's memory.
func decodeSummary(s string, id segID, rec *providers.Record) (time.Time, error) {
	amounts, fetched, err := decodeParts(s, id, rec)
	rec.Amount.Decimal, rec.Remaining.Decimal = amounts[0].Decimal(), amounts[1].Decimal()
	return fetched, err
}

// decodeParts is decodeSummary with the amounts apart: rec has their currencies
// only.
func decodeParts(s string, id segID, rec *providers.Record) (amounts [2]columns.Number, fetched time.Time, err error) {
	r := reader{s: s}
	if r.byte() != summaryVersion {
		return amounts, fetched, errSummary
	}
	flags, links := rec.Flags[:0], rec.Links[:0]
	*rec = providers.Record{}
	created := r.uint64()
	fetched = time.Unix(0, int64(r.uint64())).UTC() //nolint:gosec // bits, not a number
	rec.Created = keyTime(created, r.byte())
	rec.Ref = providers.Ref{Account: id.Account, Kind: id.Kind, ID: r.text()}
	rec.Number = r.text()
	rec.Status = providers.Status{Code: r.text(), Label: r.text(), Phase: providers.Phase(r.byte())}
	rec.Amount.Currency, amounts[0] = r.money()
	rec.Remaining.Currency, amounts[1] = r.money()
	rec.Updated = r.time()
	rec.Deadline = r.time()
	rec.Party = providers.Party{ID: r.text(), Name: r.text(), Phone: r.text(), Email: r.text(), Card: r.text()}
	rec.Method = r.text()
	rec.Note = r.text()
	for range r.count(1) {
		flags = append(flags, r.text())
	}
	for range r.count(4) {
		l := providers.Link{Rel: r.text()}
		l.Ref.Account = id.Account
		if r.byte() == 0 {
			l.Ref.Account = r.text()
		}
		l.Ref.Kind = providers.Kind(r.text())
		l.Ref.ID = r.text()
		links = append(links, l)
	}
	if r.bad || r.s != "" {
		return [2]columns.Number{}, time.Time{}, errSummary
	}
	if len(flags) > 0 {
		rec.Flags = flags
	}
	if len(links) > 0 {
		rec.Links = links
	}
	return amounts, fetched, nil
}

// summaryCreated is the part of a summary that ordering needs, without decoding
// the rest.
func summaryCreated(b []byte) uint64 { return binary.BigEndian.Uint64(b[atCreated:]) }
