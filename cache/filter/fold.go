package filter

import (
	"unicode"
	"unicode/utf8"
)

// Combining marks that write й and ё in two characters.
const (
	breve     = '\u0306'
	diaeresis = '\u0308'
)

// appendFold appends the text as it is compared: lower case, ё as е, every kind
// of space as a plain one, й and ё in one character however they were written.
func appendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c < ' ' {
				c = ' '
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == 'ё' || r == 'Ё':
			b = utf8.AppendRune(b, 'е')
		case r == diaeresis && endsWith(b, 'е'):
		case r == breve && endsWith(b, 'и'):
			b = utf8.AppendRune(b[:len(b)-utf8.RuneLen('и')], 'й')
		case r >= 'А' && r <= 'Я':
			b = utf8.AppendRune(b, r+('а'-'А'))
		case r >= 'а' && r <= 'я':
			b = append(b, s[i-n:i]...)
		case unicode.IsSpace(r):
			b = append(b, ' ')
		default:
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return b
}

func endsWith(b []byte, want rune) bool {
	r, _ := utf8.DecodeLastRune(b)
	return r == want
}

// Fold is the text as filters compare it. Callers that keep texts folded, such
// as completion lists, use it.
func Fold(s string) string { return string(appendFold(nil, s)) }
