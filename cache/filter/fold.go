package filter

import (
	"unicode"
	"unicode/utf8"
)

// Texts are compared in a code of their own: lower case, ё as е, every kind of
// space and control as a plain space, й and ё in one character however they were
// written. ASCII and the Russian letters take one byte each, so that a search
// runs over half the bytes of UTF-8:
//
//	0x20..0x7F  ASCII
//	0x80..0x9F  а to я
//	0xA0..0xAF  the first byte of two, 0xB0..0xB7 of three, 0xB8..0xBF of four
//	0xC0..0xFF  the bytes behind a first one, six bits each
//
// As in UTF-8 no character's code stands inside another's, hence what is found in
// the code is found in the text. Bytes below 0x20 never occur; Part is one.
const (
	letterA  = 0x80 // а
	lead2    = 0xA0
	lead3    = 0xB0
	lead4    = 0xB8
	follow   = 0xC0
	twoFrom  = utf8.RuneSelf
	threeTo  = 1 << 15
	twoBytes = 1 << 10
)

// Part ends each text where several stand one behind the other.
const Part = 0x1f

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

// AppendFold appends the text as it is compared. Building an index spends much
// of its time here, hence the two bytes of a Russian letter are told by
// themselves.
func AppendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			b = append(b, lower[c])
			i++
			continue
		}
		if (c == 0xD0 || c == 0xD1) && i+1 < len(s) {
			if letter := foldRussian(c, s[i+1]); letter != 0 {
				b = append(b, letter)
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

// foldRussian is the code of a letter from А to я, Ё or ё in UTF-8; 0 for
// anything else.
func foldRussian(hi, lo byte) byte {
	switch {
	case hi == 0xD0 && lo >= 0x90 && lo <= 0xAF: // А to Я
		return letterA + lo - 0x90
	case hi == 0xD0 && lo >= 0xB0 && lo <= 0xBF: // а to п
		return letterA + lo - 0xB0
	case hi == 0xD1 && lo >= 0x80 && lo <= 0x8F: // р to я
		return letterA + 16 + lo - 0x80
	case hi == 0xD0 && lo == 0x81, hi == 0xD1 && lo == 0x91: // Ё, ё
		return letterA + 'е' - 'а'
	default:
		return 0
	}
}

// appendRune folds any character beyond ASCII.
func appendRune(b []byte, r rune) []byte {
	switch {
	case r == diaeresis && endsWith(b, 'е'):
		return b
	case r == breve && endsWith(b, 'и'):
		return append(b[:len(b)-1], letterA+'й'-'а')
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return append(b, ' ')
	}
	return appendCode(b, unicode.ToLower(r))
}

func appendCode(b []byte, r rune) []byte {
	switch {
	case r == 'ё':
		r = 'е'
		fallthrough
	case r >= 'а' && r <= 'я':
		return append(b, byte(letterA+r-'а'))
	case r < utf8.RuneSelf:
		return append(b, lower[r])
	case r < twoFrom+twoBytes:
		r -= twoFrom
		return append(b, byte(lead2|r>>6), byte(follow|r&0x3f))
	case r < threeTo:
		return append(b, byte(lead3|r>>12), byte(follow|r>>6&0x3f), byte(follow|r&0x3f))
	default:
		return append(b, byte(lead4|r>>18), byte(follow|r>>12&0x3f), byte(follow|r>>6&0x3f), byte(follow|r&0x3f))
	}
}

// endsWith reports whether the last character is this Russian letter.
func endsWith(b []byte, letter rune) bool {
	return len(b) > 0 && b[len(b)-1] == byte(letterA+letter-'а')
}

// Fold is the text as filters compare it: a key to compare and to sort by, not a
// text to show.
func Fold(s string) string { return string(AppendFold(nil, s)) }
