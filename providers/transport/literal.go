package transport

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Unquote reads a JSON text with its quotes, such as UnmarshalJSON is given. What
// has no escapes, as nearly every text, is what stands between them.
func Unquote(lit []byte) (string, error) {
	if n := len(lit); n >= 2 && lit[0] == '"' && lit[n-1] == '"' && plain(lit[1:n-1]) {
		return string(lit[1 : n-1]), nil
	}
	var s string
	err := json.Unmarshal(lit, &s)
	return s, err
}

func plain(b []byte) bool {
	ascii := true
	for _, c := range b {
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.Valid(b)
}

// FirstIs reports whether a document is an object that begins with the key and
// the text. It reads no further.
func FirstIs(doc []byte, key, text string) bool {
	dec := json.NewDecoder(bytes.NewReader(doc[:min(len(doc), 512)]))
	for _, want := range []json.Token{json.Delim('{'), key, text} {
		if got, err := dec.Token(); err != nil || got != want {
			return false
		}
	}
	return true
}
