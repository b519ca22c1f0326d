package transport

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"bursar/providers"
)

const maxText = 400

// newBlots replaces every secret, also as a URL or a form would carry it.
func newBlots(secrets []string) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if len(s) < 4 {
			continue // would blot out half of every text and hide nothing
		}
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
			pairs = append(pairs, form, "•••")
		}
	}
	return strings.NewReplacer(pairs...)
}

// clean makes a text safe to show: one line, no control characters, cards
// masked, bounded.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "·")
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	s = providers.MaskText(s)
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return s
}

// Excerpt is the readable beginning of a body that was not what was expected,
// tags stripped.
func Excerpt(body []byte) string {
	if len(body) > 4096 {
		body = body[:4096]
	}
	var b strings.Builder
	depth := 0
	for _, r := range string(body) {
		switch {
		case r == '<':
			depth++
		case r == '>' && depth > 0:
			depth--
			b.WriteByte(' ')
		case depth == 0:
			b.WriteRune(r)
		}
	}
	text := []rune(clean(b.String()))
	if len(text) > 200 {
		text = append(text[:200], '…')
	}
	return string(text)
}

// LooksLikeHTML reports whether a body is a web page instead of data.
func LooksLikeHTML(body []byte) bool {
	head := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 256)])))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<head") || strings.HasPrefix(head, "<body")
}
