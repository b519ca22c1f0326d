package providers

import (
	"bytes"
	"unicode/utf8"
)

// What maskQuick takes for a text, for a number and for a name.

// literal takes the text that begins here, with its quotes; nil when it is none.
// Plain: what stands between the quotes is the text itself, and JSON would write
// it so.
func (q *quick) literal() (lit []byte, plain bool) {
	rest := q.in[q.at:]
	if len(rest) == 0 || rest[0] != '"' {
		return nil, false
	}
	plain, ascii := true, true
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			lit = rest[:i+1]
			q.at += len(lit)
			return lit, plain && (ascii || utf8.Valid(lit) && !breaks(lit))
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			return nil, false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false
}

// breaks reports whether a text holds one of the two characters that JavaScript
// takes for the end of a line, which JSON is written without.
func breaks(b []byte) bool {
	return bytes.Contains(b, []byte("\u2028")) || bytes.Contains(b, []byte("\u2029"))
}

// numberLen is the length of the JSON number that a text begins with; 0 when it
// begins with none.
func numberLen(b []byte) int {
	at := 0
	digits := func() bool {
		from := at
		for at < len(b) && isDigit(b[at]) {
			at++
		}
		return at > from
	}
	is := func(set string) bool { return at < len(b) && bytes.IndexByte([]byte(set), b[at]) >= 0 }
	if is("-") {
		at++
	}
	if is("0") {
		at++
	} else if !digits() {
		return 0
	}
	if is(".") {
		if at++; !digits() {
			return 0
		}
	}
	if is("eE") {
		if at++; is("+-") {
			at++
		}
		if !digits() {
			return 0
		}
	}
	return at
}

func has(names []string, key []byte) bool {
	for _, n := range names {
		if n == string(key) {
			return true
		}
	}
	return false
}

func countDigits(b []byte) int {
	n := 0
	for _, c := range b {
		if isDigit(c) {
			n++
		}
	}
	return n
}
