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

// lower maps the bytes of ASCII: capitals to small letters, controls to spaces.
var lower = func() (out [utf8.RuneSelf]byte) {
	for i := range out {
		switch c := byte(i); {
		case c < ' ':
			out[i] = ' '
		case c >= 'A' && c <= 'Z':
			out[i] = c + 'a' - 'A'
		default:
			out[i] = c
		}
	}
	return out
}()

// appendFold appends the text as it is compared: lower case, ё as е, every kind
// of space as a plain one, й and ё in one character however they were written.
// Filters spend most of their time here, hence the two bytes of a Russian letter
// are told by themselves.
func appendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			b = append(b, lower[c])
			i++
			continue
		}
		if (c == 0xD0 || c == 0xD1) && i+1 < len(s) {
			if hi, lo, ok := foldRussian(c, s[i+1]); ok {
				b = append(b, hi, lo)
				i += 2
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		b = appendRune(b, r)
	}
	return b
}

// foldRussian folds a letter from А to я, Ё or ё in UTF-8.
func foldRussian(hi, lo byte) (byte, byte, bool) {
	switch {
	case hi == 0xD0 && lo >= 0x90 && lo <= 0x9F: // А to П
		return hi, lo + 0x20, true
	case hi == 0xD0 && lo >= 0xA0 && lo <= 0xAF: // Р to Я
		return 0xD1, lo - 0x20, true
	case hi == 0xD0 && lo >= 0xB0 && lo <= 0xBF, hi == 0xD1 && lo >= 0x80 && lo <= 0x8F: // а to я
		return hi, lo, true
	case hi == 0xD0 && lo == 0x81, hi == 0xD1 && lo == 0x91: // Ё, ё
		return 0xD0, 0xB5, true
	default:
		return 0, 0, false
	}
}

// appendRune folds any character beyond ASCII.
func appendRune(b []byte, r rune) []byte {
	switch {
	case r == 'ё' || r == 'Ё':
		return utf8.AppendRune(b, 'е')
	case r == diaeresis && endsWith(b, 'е'):
		return b
	case r == breve && endsWith(b, 'и'):
		return utf8.AppendRune(b[:len(b)-utf8.RuneLen('и')], 'й')
	case unicode.IsSpace(r):
		return append(b, ' ')
	default:
		return utf8.AppendRune(b, unicode.ToLower(r))
	}
}

func endsWith(b []byte, want rune) bool {
	r, _ := utf8.DecodeLastRune(b)
	return r == want
}

// Fold is the text as filters compare it. Callers that keep texts folded, such
// as completion lists, use it.
func Fold(s string) string { return string(appendFold(nil, s)) }
