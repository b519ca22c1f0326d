package table

import (
	"strings"

	"bursar/themes"
)

const (
	unitWidth     = 3 // of a currency's code
	fractionWidth = 3 // the point and two digits
)

// nbsp parts the thousands of providers.Money.
const nbsp = "\u00a0"

// amount draws a number with its currency so that points and currencies stand
// in line. Where room is short the alignment goes first, then the blanks
// between the thousands. A number is never cut: half an amount is a wrong one.
func (t *Table[K]) amount(b []byte, tone themes.Tone, text string, width int) []byte {
	number, unit := split(text)
	after := 0 // blanks behind the number that bring its point into line
	if unit != "" || digits(number) {
		at := strings.LastIndexByte(number, '.')
		if at < 0 {
			at = len(number)
		}
		after = max(fractionWidth-(len(number)-at), 0)
	}
	behind := 0 // blanks behind the unit
	if unit != "" {
		behind = max(unitWidth-Width(unit), 0)
		after++
	}
	need := Width(number) + Width(unit)
	if need+min(after, 1) > width {
		number = strings.ReplaceAll(strings.ReplaceAll(number, nbsp, ""), " ", "")
		need = Width(number) + Width(unit)
	}
	least := 0
	if unit != "" {
		least = 1 // one blank before the currency
	}
	if need+least > width {
		more := t.styles.Signs.More
		return t.paint(blanks(b, width-Width(more)), tone, more)
	}
	if need+after+behind > width {
		after, behind = least, 0
	}
	b = blanks(b, width-need-after-behind)
	if unit == "" {
		return blanks(t.paint(b, tone, number), after+behind)
	}
	open := t.styles.Open(tone)
	b = append(b, open...)
	for i := 0; i < len(number); i++ {
		if number[i] == nbsp[0] && i+1 < len(number) && number[i+1] == nbsp[1] {
			b = append(b, ' ') // half the bytes, and nothing wraps here
			i++
			continue
		}
		b = append(b, number[i])
	}
	b = append(blanks(b, after), unit...)
	if open != "" {
		b = append(b, themes.Reset...)
	}
	return blanks(b, behind)
}

// split parts "12 345.00 RUB" at its last blank. A text without a currency is
// all number.
func split(text string) (number, unit string) {
	at := strings.LastIndexByte(text, ' ')
	if at <= 0 || at == len(text)-1 || digits(text[at+1:]) {
		return text, ""
	}
	return text[:at], text[at+1:]
}

// digits reports whether a text ends like a number.
func digits(s string) bool {
	return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}
