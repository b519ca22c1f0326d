package view

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/providers"
)

// BatchTitle names a batch as people do: "Credit 32 payments" for payment.credit
// of 32 records. The id stays what files and the command line call it.
func BatchTitle(action string, n int) string {
	kind, verb, ok := strings.Cut(Clean(action), ".")
	if !ok || kind == "" || verb == "" {
		return Clean(action)
	}
	return Heading(verb, providers.Kind(kind), n)
}

// Heading is an action's title with what it is for: "Repeat payout" of three
// is "Repeat 3 payouts".
func Heading(title string, kind providers.Kind, n int) string {
	one, many := words(string(kind)), words(kind.Plural())
	title = strings.TrimSuffix(words(title), " "+one)
	return strings.ToUpper(title[:1]) + title[1:] + " " + Plural(n, one, many)
}

// SumsIn writes sums in at most w cells. Half an amount is a wrong one, so a
// currency is there whole or counted among those left out.
func SumsIn(s providers.Sums, w int) string {
	whole := s.String()
	if Width(whole) <= w {
		return whole
	}
	parts := strings.Split(whole, " · ")
	for n := len(parts) - 1; n > 0; n-- {
		if text := strings.Join(parts[:n], " · ") + " +" + Count(len(parts)-n); Width(text) <= w {
			return text
		}
	}
	return Cut(Plural(len(parts), "sum", "sums"), w)
}

// Capital begins a text with a capital letter: the payment systems do not agree
// on how their statuses begin, and one column should.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if up := unicode.ToUpper(r); up != r {
		return string(up) + s[n:]
	}
	return s
}

// OldAfter is from when on data is called old: several syncs were missed.
const OldAfter = 15 * time.Minute

// DayOnly reports whether a time says a day and no hour.
func DayOnly(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0
}

func words(name string) string { return strings.ReplaceAll(name, "-", " ") }
