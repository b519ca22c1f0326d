package providers

import (
	"bytes"
	"encoding/json"
	"slices"
)

// maskQuick is MaskJSON in one pass over the bytes. A first sync masks every
// record twice, and reading a document into maps and writing it again was half of
// what the client did. It leaves to maskPlain what is rare: keys with escapes, keys that come
// twice, what nests deeply, what is no JSON. FuzzMaskJSON holds the two
// against each other.
func maskQuick(raw []byte, rule MaskRule) (json.RawMessage, bool) {
	var members [32]member
	q := quick{in: raw, out: make([]byte, 0, len(raw)+16), rule: rule, members: members[:0]}
	if !q.value(nil) {
		return nil, false
	}
	q.space()
	return q.out, q.at == len(q.in)
}

// quick reads in from at on and writes out. Its methods return false when the
// plain way must be gone.
type quick struct {
	in    []byte
	at    int
	out   []byte
	rule  MaskRule
	depth int
	// members are those of the objects that are being read, the innermost last.
	members []member
	spare   []byte
}

// member is one key of an object with its value: where the key was read, and
// where both were written. It holds no pointer, so that sorting costs little.
type member struct{ key, keyEnd, from, to int }

func (q *quick) key(m member) []byte { return q.in[m.key:m.keyEnd] }

// maxQuickDepth is how deep maskQuick follows.
const maxQuickDepth = 100

func (q *quick) space() {
	for q.at < len(q.in) {
		switch q.in[q.at] {
		case ' ', '\t', '\r', '\n':
			q.at++
		default:
			return
		}
	}
}

// next takes the byte behind the space when it is c.
func (q *quick) next(c byte) bool {
	q.space()
	if q.at < len(q.in) && q.in[q.at] == c {
		q.at++
		return true
	}
	return false
}

// value copies the next value, masked as what stands under the key.
func (q *quick) value(key []byte) bool {
	q.space()
	if q.at == len(q.in) || q.depth == maxQuickDepth {
		return false
	}
	from := len(q.out)
	if !q.any(key) {
		return false
	}
	if has(q.rule.Drop, key) && string(q.out[from:]) != "null" {
		q.out = append(append(append(q.out[:from], '"'), dropped...), '"')
	}
	return true
}

func (q *quick) any(key []byte) bool {
	switch c := q.in[q.at]; c {
	case '{':
		q.depth++
		ok := q.object()
		q.depth--
		return ok
	case '[':
		q.depth++
		ok := q.array(key)
		q.depth--
		return ok
	case '"':
		return q.text(key)
	case 't':
		return q.word("true")
	case 'f':
		return q.word("false")
	case 'n':
		return q.word("null")
	default:
		return q.number(key)
	}
}

func (q *quick) word(w string) bool {
	if !bytes.HasPrefix(q.in[q.at:], []byte(w)) {
		return false
	}
	q.at += len(w)
	q.out = append(q.out, w...)
	return true
}

func (q *quick) array(key []byte) bool {
	q.at++
	q.out = append(q.out, '[')
	for first := true; !q.next(']'); first = false {
		if !first {
			if !q.next(',') {
				return false
			}
			q.out = append(q.out, ',')
		}
		if !q.value(key) {
			return false
		}
	}
	q.out = append(q.out, ']')
	return true
}

func (q *quick) object() bool {
	q.at++
	q.out = append(q.out, '{')
	from, base := len(q.out), len(q.members)
	for !q.next('}') {
		if len(q.members) > base {
			if !q.next(',') {
				return false
			}
			q.out = append(q.out, ',')
		}
		q.space()
		m := member{from: len(q.out)}
		lit, plain := q.literal()
		if lit == nil || !plain {
			return false
		}
		m.key, m.keyEnd = q.at-len(lit)+1, q.at-1
		q.out = append(append(q.out, lit...), ':')
		if !q.next(':') || !q.value(q.key(m)) {
			return false
		}
		m.to = len(q.out)
		q.members = append(q.members, m)
	}
	if !q.sort(from, q.members[base:]) {
		return false
	}
	q.members = q.members[:base]
	q.out = append(q.out, '}')
	return true
}

// sort brings the members of an object, written from there on, into the order of
// their keys. Of a key that comes twice only the plain way knows what counts.
func (q *quick) sort(from int, members []member) bool {
	sorted, byKey := true, func(a, b member) int { return bytes.Compare(q.key(a), q.key(b)) }
	for i := 1; i < len(members); i++ {
		sorted = sorted && byKey(members[i-1], members[i]) < 0
	}
	if sorted {
		return true
	}
	slices.SortFunc(members, byKey)
	if q.spare == nil {
		q.spare = make([]byte, 0, len(q.in))
	}
	q.spare = append(q.spare[:0], q.out[from:]...)
	q.out = q.out[:from]
	for i, m := range members {
		if i > 0 {
			if byKey(members[i-1], m) == 0 {
				return false
			}
			q.out = append(q.out, ',')
		}
		q.out = append(q.out, q.spare[m.from-from:m.to-from]...)
	}
	return true
}

func (q *quick) text(key []byte) bool {
	lit, plain := q.literal()
	if lit == nil {
		return false
	}
	if plain {
		if masked, changed := q.masked(key, lit[1:len(lit)-1]); changed {
			q.out = append(append(append(q.out, '"'), masked...), '"')
		} else {
			q.out = append(q.out, lit...)
		}
		return true
	}
	var s string
	if json.Unmarshal(lit, &s) != nil {
		return false
	}
	if masked, changed := q.masked(key, []byte(s)); changed {
		s = masked
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return false
	}
	q.out = append(q.out, bytes.TrimSpace(b.Bytes())...)
	return true
}

// masked is a text as it may be kept, and whether that is another one.
func (q *quick) masked(key, text []byte) (string, bool) {
	switch {
	case has(q.rule.Keep, key):
		return "", false
	case has(q.rule.Card, key) && countDigits(text) >= 12:
		return MaskCard(string(text)), true
	case !mayHoldCard(text):
		return "", false
	default:
		s := string(text)
		masked := MaskText(s)
		return masked, masked != s
	}
}

func (q *quick) number(key []byte) bool {
	n := numberLen(q.in[q.at:])
	if n == 0 {
		return false
	}
	lit := q.in[q.at : q.at+n]
	q.at += n
	if masked, changed := q.masked(key, lit); changed {
		q.out = append(append(append(q.out, '"'), masked...), '"')
	} else {
		q.out = append(q.out, lit...)
	}
	return true
}
