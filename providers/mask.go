package providers

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// MaskText hides every card number in a text but its last four digits. A card
// number is a run of 13 to 19 digits, whole or in groups parted by a space, a
// dot or a dash as cards print them, that begins as cards do and passes the Luhn
// check.
func MaskText(s string) string {
	if !mayHoldCard(s) {
		return s
	}
	spans := cardSpans(s)
	if spans == nil {
		return s
	}
	var b strings.Builder
	at := 0
	for _, sp := range spans {
		b.WriteString(s[at:sp.from])
		b.WriteString("•• ")
		b.WriteString(sp.last4)
		at = sp.to
	}
	b.WriteString(s[at:])
	return b.String()
}

// HasCard reports whether a text holds a plausible card number. Texts that
// leave the building are checked with it.
func HasCard(s string) bool { return mayHoldCard(s) && cardSpans(s) != nil }

// MaskCard keeps the last four digits of a card number or of an already masked
// one. It is empty when there are fewer than four.
func MaskCard(number string) string {
	digits := digitsOf(number)
	if len(digits) < 4 {
		return ""
	}
	return "•• " + digits[len(digits)-4:]
}

// MaskRule tells MaskJSON about a payment system's field names.
type MaskRule struct {
	// Drop names the fields whose values are never kept: passports, images,
	// tokens.
	Drop []string
	// Card names the fields that hold a card or account number whole.
	Card []string
	// Keep names the fields whose long digits are no cards, such as fiscal
	// numbers and ids.
	Keep []string
}

// dropped stands in a masked document where a value was left out.
const dropped = "(not kept)"

// MaskJSON returns the document as it may be stored and shown: card numbers
// masked, dropped fields emptied. A document that does not parse comes back as
// an empty object, for what cannot be read cannot be masked. Objects come back
// with their keys in order and nothing between the parts, so that the same
// content is the same text.
func MaskJSON(raw []byte, rule MaskRule) json.RawMessage {
	if masked, ok := maskQuick(raw, rule); ok {
		return masked
	}
	return maskPlain(raw, rule)
}

// maskPlain is MaskJSON the plain way: read whole, changed, written again.
func maskPlain(raw []byte, rule MaskRule) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return json.RawMessage("{}")
	}
	if _, err := dec.Token(); err != io.EOF {
		return json.RawMessage("{}")
	}
	m := masker{drop: set(rule.Drop), card: set(rule.Card), keep: set(rule.Keep)}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m.value("", doc)); err != nil {
		return json.RawMessage("{}")
	}
	return bytes.TrimSpace(out.Bytes())
}

type masker struct{ drop, card, keep map[string]bool }

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

func (m masker) value(key string, v any) any {
	if m.drop[key] && v != nil {
		return dropped
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = m.value(k, x)
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = m.value(key, x)
		}
		return v
	case string:
		return m.text(key, v)
	case json.Number:
		if masked := m.text(key, v.String()); masked != v.String() {
			return masked
		}
		return v
	default:
		return v
	}
}

func (m masker) text(key, s string) string {
	switch {
	case m.keep[key]:
		return s
	case m.card[key] && len(digitsOf(s)) >= 12:
		return MaskCard(s)
	default:
		return MaskText(s)
	}
}

// minCard is how many digits a card number has at least.
const minCard = 13

// mayHoldCard is a quick look at a text: false means that it holds no card
// number. It adds up the digits of groups that stand as a card's do.
func mayHoldCard[T ~string | ~[]byte](s T) bool {
	digits, end := 0, 0 // of the groups so far, and where the last of them ended
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			continue
		}
		from := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if from-end > len("\u2011") || !parts(string(s[end:from])) {
			digits = 0
		}
		if digits += i - from; digits >= minCard {
			return true
		}
		end = i
	}
	return false
}

type span struct{ from, to int }

type cardSpan struct {
	from, to int
	last4    string
}

// maxGroups bounds the groups that a printed card number falls into.
const maxGroups = 5

// cardSpans finds the card numbers in s.
func cardSpans(s string) []cardSpan {
	runs := digitRuns(s)
	var spans []cardSpan
	for i := 0; i < len(runs); i++ {
		for n := min(maxGroups, len(runs)-i); n >= 1; n-- {
			if c, ok := cardIn(s, runs[i:i+n]); ok {
				spans = append(spans, c)
				i += n - 1
				break
			}
		}
	}
	return spans
}

func digitRuns(s string) []span {
	var runs []span
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			continue
		}
		from := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		runs = append(runs, span{from, i})
	}
	return runs
}

// cardIn tells whether the runs together are one card number. Several runs
// must be printed as a card is: three digits or more each, one separator
// between, no letter on either side.
func cardIn(s string, runs []span) (cardSpan, bool) {
	var digits strings.Builder
	for i, r := range runs {
		if len(runs) > 1 && r.to-r.from < 3 {
			return cardSpan{}, false
		}
		if i > 0 {
			if !parts(s[runs[i-1].to:r.from]) {
				return cardSpan{}, false
			}
		}
		digits.WriteString(s[r.from:r.to])
	}
	d := digits.String()
	from, to := runs[0].from, runs[len(runs)-1].to
	if len(d) < minCard || len(d) > 19 || !cardPrefix(d) || !luhn(d) {
		return cardSpan{}, false
	}
	if len(runs) > 1 && (from > 0 && isLetter(s[from-1]) || to < len(s) && isLetter(s[to])) {
		return cardSpan{}, false
	}
	return cardSpan{from: from, to: to, last4: d[len(d)-4:]}, true
}

// parts tells whether a text is one of the separators between the groups of a
// card number: spaces of every width, hyphens and dashes, a dot.
func parts(between string) bool {
	switch between {
	case " ", "\t", "\u00a0", "\u2009", "\u202f", "-", "\u2010", "\u2011", "\u2013", ".":
		return true
	}
	return false
}

// cardPrefix tells whether a number begins as those of a card network do: 2 to 6
// worldwide, 81 UnionPay, 8600 Uzcard, 9112 Belkart, 9860 Humo. The rest of 7 to 9
// stays readable: telephones and fiscal drives begin so.
func cardPrefix(digits string) bool {
	if '2' <= digits[0] && digits[0] <= '6' {
		return true
	}
	for _, network := range [...]string{"81", "8600", "9112", "9860"} {
		if strings.HasPrefix(digits, network) {
			return true
		}
	}
	return false
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func digitsOf(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if isDigit(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
